"""The smallest correction of a report's table as it is told: which cells, and the findings it settles.

Suggestions only: nothing here changes a figure. Findings and a repair in, plain text out; whoever shows it escapes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.checks.finding import Finding, Verdict
from dashboard.checks.identities import CellKey, Identity
from dashboard.checks.repair import telling
from dashboard.checks.repair.record import Correction, Group, Repair
from dashboard.messages import Language, text

Locators = Mapping[CellKey, str]


@dataclass(frozen=True, slots=True)
class Way:
    """One of several equally small corrections: its edits as sentences with their locators. `name` where there are others."""

    name: str
    edits: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would settle one group of broken sums. `choice` is empty where there is one way alone.

    `settles` are the findings that would then hold, `settles_told` their rules in a sentence, empty where there are none.
    """

    size: str
    settles: tuple[Finding, ...]
    settles_told: str
    choice: str
    ways: tuple[Way, ...]


def proposals(findings: Sequence[Finding], repair: Repair, language: Language) -> tuple[Proposal, ...]:
    places = locators(findings)
    return tuple(_proposal(findings, group, places, language) for group in repair.groups)


def _proposal(findings: Sequence[Finding], group: Group, places: Locators, language: Language) -> Proposal:
    settles = tuple(settled(findings, group.broken)) if group.corrections else ()
    names = dict.fromkeys(text(f"rule.{each.rule}", language) for each in settles)
    rules = ("；" if language is Language.ZH else "; ").join(names)
    is_alone = len(group.corrections) == 1
    return Proposal(
        size=telling.say_size(group, language),
        settles=settles,
        settles_told=text("repair.settles", language, rules=rules) if names else "",
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
