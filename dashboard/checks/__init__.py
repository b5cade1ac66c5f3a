"""Tables to findings: every rule a report can be held against, each with its evidence. Checks never change a fact."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from dashboard.checks import arithmetic, completeness, hierarchy, series, shares, text
from dashboard.checks.case import Below, Case, Reported
from dashboard.checks.finding import Cell, Finding, Severity, Side, Verdict, Why, has_error
from dashboard.checks.interval import Interval
from dashboard.checks.rules import RULES, Rule, basis, rules
from dashboard.schema import Body, Fact, Mention, Report

__all__ = [
    "RULES", "Below", "Cell", "Finding", "Interval", "Reported", "Rule", "Severity", "Side", "Verdict", "Why", "basis",
    "has_error", "rules", "run",
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
    order = _order()
    found = [finding for family in _FAMILIES for finding in family.check(case)]
    return sorted(found, key=lambda finding: order[finding.rule])


@cache
def _order() -> dict[str, int]:
    return {rule: place for place, rule in enumerate(rules())}


_FAMILIES = (arithmetic, text, shares, series, hierarchy, completeness)
