"""Tables to findings: every rule a report can be held against, each with its evidence. Checks never change a fact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from dashboard.checks import arithmetic, completeness, hierarchy, pattern, rows, series, shares, text
from dashboard.checks.case import Below, Case, Reported
from dashboard.checks.finding import Cell, Finding, Severity, Side, Verdict, Why, has_error
from dashboard.checks.interval import Interval
from dashboard.checks.pattern import Patterns
from dashboard.checks.rules import RULES, Rule, basis, rules
from dashboard.schema import Body, Fact, Mention, Report

__all__ = [
    "RULES",
    "Below",
    "Cell",
    "Finding",
    "Interval",
    "Patterns",
    "Reported",
    "Rule",
    "Severity",
    "Side",
    "Verdict",
    "Why",
    "basis",
    "has_error",
    "rows_of",
    "rules",
    "run",
]  # fmt: skip


def run(
    report: Report,
    facts: Sequence[Fact],
    mentions: Sequence[Mention] = (),
    *,
    previous: Sequence[Reported] = (),
    below: Below | None = None,
    body: Body | None = None,
) -> list[Finding]:
    """Every rule tried on one report, in the order of the rules: those that hold, fail or cannot be assessed.

    `previous` are the body's earlier reports, in any order; `below` the bodies directly under it with their reports;
    `body` its row, for the date the law sets. What is not given cannot be assessed, and the finding says so.
    Raises KeyError for an edition that has no form.
    """
    case = Case(Reported(report, facts, mentions), previous, below, body)
    return [finding for part in _PARTS for finding in part.found(case)]


def rows_of(case: Case, patterns: Patterns) -> list[pattern.Rows]:
    """As rows what `run` finds, part after part; what a table has in common with others is worked out once."""
    return [
        rows.of(part.found(case))
        if part.looks_at is LooksAt.REPORT
        else patterns.rows(part.found, case, with_last=part.looks_at is LooksAt.TABLES)
        for part in _PARTS
    ]


class LooksAt(Enum):
    """What rules go by: the table, that of the year before as well, or more of the report."""

    TABLE = "table"
    TABLES = "tables"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class _Part:
    """Rules that follow each other in the order of the rules, by the families that try them."""

    looks_at: LooksAt
    families: tuple[Callable[[Case], Iterator[Finding]], ...]

    def found(self, case: Case) -> list[Finding]:
        order = _order()
        found = [finding for family in self.families for finding in family(case)]
        return sorted(found, key=lambda finding: order[finding.rule])


@cache
def _order() -> dict[str, int]:
    return {rule: place for place, rule in enumerate(rules())}


_PARTS = (
    _Part(LooksAt.TABLE, (arithmetic.check,)),
    _Part(LooksAt.REPORT, (text.check, shares.check)),
    _Part(LooksAt.TABLES, (series.goes_on,)),
    _Part(LooksAt.REPORT, (series.beyond, hierarchy.check)),
    _Part(LooksAt.TABLE, (completeness.of_form,)),
    _Part(LooksAt.REPORT, (completeness.of_report,)),
)
