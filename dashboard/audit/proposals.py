"""The smallest correction of a report's table as it is set in an audit: which cells, and the findings it settles.

Suggestions only: nothing here changes a figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.audit.audited import Audited
from dashboard.checks import Finding, Verdict
from dashboard.checks.identities import CellKey, Identity
from dashboard.checks.repair import Correction, Group, telling
from dashboard.messages import Language, text

Locators = Mapping[CellKey, str]


@dataclass(frozen=True, slots=True)
class Way:
    """One of several equally small corrections: its edits as sentences with their locators. `name` where there are others."""

    name: str
    edits: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would settle one group of broken sums. `choice` is empty where there is one way alone."""

    size: str
    settles: str
    choice: str
    ways: tuple[Way, ...]


def proposals(audited: Audited, language: Language) -> tuple[Proposal, ...]:
    places = locators(audited.findings)
    return tuple(_proposal(audited, group, places, language) for group in audited.repair.groups)


def _proposal(audited: Audited, group: Group, places: Locators, language: Language) -> Proposal:
    names = dict.fromkeys(text(f"rule.{each.rule}", language) for each in settled(audited.findings, group.broken))
    rules = ("；" if language is Language.ZH else "; ").join(names)
    is_alone = len(group.corrections) == 1
    return Proposal(
        size=telling.say_size(group, language),
        settles=text("repair.settles", language, rules=rules) if names and group.corrections else "",
        choice=telling.say_choice(group, language),
        ways=tuple(
            Way("" if is_alone else text("repair.way", language, number=number), _edits(each, places, language))
            for number, each in enumerate(group.corrections, 1)
        ),
    )


def _edits(correction: Correction, places: Locators, language: Language) -> tuple[tuple[str, str], ...]:
    return tuple((telling.say(edit, language), places.get(edit.cell, "")) for edit in correction.edits)


def settled(findings: Sequence[Finding], sums: Sequence[Identity]) -> list[Finding]:
    """The failing findings that hold one of these sums against the table."""
    wanted = {(each.rule, each.cells) for each in sums}
    failing = [each for each in findings if each.verdict is Verdict.FAILS]
    return [each for each in failing if (each.rule, _keys(each)) in wanted]


def locators(findings: Sequence[Finding]) -> Locators:
    """Where the cells of the report's own sums stand."""
    return {
        CellKey(cell.indicator, cell.applicant): cell.locator
        for finding in findings
        if finding.rule.startswith("arithmetic.")
        for cell in finding.cells
    }


def _keys(finding: Finding) -> tuple[CellKey, ...]:
    return tuple(CellKey(cell.indicator, cell.applicant) for cell in finding.cells)
