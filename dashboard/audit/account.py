"""An audit laid out for reading: the title, the counts, the problems first, then every rule by family.

Knows findings and words, no format; the formats beside it only set what stands here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard import __version__, checks
from dashboard.audit.audited import Audited
from dashboard.checks import Finding, Severity, Verdict, telling
from dashboard.checks.repair.proposals import Proposal, proposals
from dashboard.messages import Language, text

_PROBLEMS = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_VERDICTS = tuple(Verdict)


@dataclass(frozen=True, slots=True)
class Line:
    """One finding in words. `places` are its cells by name, printed figure and locator."""

    id: str
    rule_id: str
    rule: str
    heading: str
    verdict: Verdict
    verdict_name: str
    severity: str
    severity_id: str
    message: str
    left: str
    right: str
    inferred: str
    basis: str
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Account:
    """An audit in words. `problems` are what fails, the gravest first; `families` everything tried, by family.

    `proposals` are the smallest corrections of the table: worked out, never applied.
    """

    title: str
    source: str
    summary: str
    outcome: str
    made: str
    problems: tuple[Line, ...]
    proposals: tuple[Proposal, ...]
    families: tuple[tuple[str, tuple[Line, ...]], ...]


def account(audited: Audited, language: Language) -> Account:
    report = audited.report
    lines = {finding.id: _line(finding, report.edition, language) for finding in audited.findings}
    failing = [each for each in audited.findings if each.verdict is Verdict.FAILS]
    return Account(
        title=text("audit.title", language, name=audited.name, year=report.year),
        source=text("audit.source", language, edition=report.edition, format=report.format, sha256=report.sha256),
        summary=_summary(audited, language),
        outcome=_outcome(failing, language),
        made=text("audit.made", language, version=__version__),
        problems=tuple(lines[each.id] for each in sorted(failing, key=lambda each: _PROBLEMS.index(each.severity))),
        proposals=proposals(audited.findings, audited.repair, language),
        families=tuple(_families(audited, lines, language)),
    )


def _families(audited: Audited, lines: dict[str, Line], language: Language) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """Within a family what fails comes first, then what cannot be assessed; else the order of the rules."""
    for family in dict.fromkeys(rule.partition(".")[0] for rule in checks.rules()):
        mine = [each for each in audited.findings if each.rule.startswith(f"{family}.")]
        mine.sort(key=lambda each: min(_VERDICTS.index(each.verdict), 2))
        if mine:
            yield text(f"family.{family}", language), tuple(lines[each.id] for each in mine)


def _line(finding: Finding, edition: str, language: Language) -> Line:
    fails = finding.verdict is Verdict.FAILS
    rule = text(f"rule.{finding.rule}", language)
    severity = text(f"severity.{finding.severity}", language) if fails else ""
    return Line(
        id=finding.id,
        rule_id=finding.rule,
        rule=rule,
        heading=f"{severity} · {text('audit.broken', language, rule=rule)}" if fails else rule,
        verdict=finding.verdict,
        verdict_name=text(f"verdict.{finding.verdict}", language),
        severity=severity,
        severity_id=finding.severity if fails else "",
        message=telling.say(finding, language),
        left=telling.amount(finding.left, finding.unit, language),
        right=telling.amount(finding.right, finding.unit, language),
        inferred=f"{finding.inferred:f}" if finding.inferred is not None else "",
        basis=text(checks.basis(finding.rule, edition), language),
        places=tuple((_place(cell, language), cell.locator) for cell in finding.cells),
    )


def _place(cell: checks.Cell, language: Language) -> str:
    sign = f"{cell.operator} " if cell.operator != "+" else ""
    return f"{sign}{telling.printed(cell, language)}"


def _summary(audited: Audited, language: Language) -> str:
    counts = {verdict: sum(each.verdict is verdict for each in audited.findings) for verdict in Verdict}
    return text(
        "audit.summary", language, tried=len(audited.findings), holds=counts[Verdict.HOLDS],
        rounding=counts[Verdict.HOLDS_WITHIN_ROUNDING], fails=counts[Verdict.FAILS], open=counts[Verdict.NOT_ASSESSABLE],
    )  # fmt: skip


def _outcome(failing: list[Finding], language: Language) -> str:
    if not failing:
        return text("audit.no_problems", language)
    counts = {each: sum(found.severity is each for found in failing) for each in Severity}
    return text(
        "audit.problems", language, errors=counts[Severity.ERROR], warnings=counts[Severity.WARNING],
        notes=counts[Severity.NOTE],
    )  # fmt: skip
