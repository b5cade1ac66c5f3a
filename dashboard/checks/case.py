"""A report laid out for the checks: the cells of its table by what they are, the figures of its prose, its quantities.

Records of the tables in; nothing is judged here.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from dashboard.checks.finding import Cell, Finding, Side, Verdict, Why, judge
from dashboard.checks.identities import TOTAL, CellKey, Relation
from dashboard.checks.interval import Interval, stated
from dashboard.checks.rules import severity
from dashboard.checks.shape import Cells, Shape, shape_of
from dashboard.schema import DECIMALS, Body, Fact, Measure, Mention, Report, Segment, is_held
from dashboard.tables.by_column import ByColumn

_LEAST = Decimal(1).scaleb(-DECIMALS)


@dataclass(frozen=True)
class Reported:
    """One report as the data folder holds it."""

    report: Report
    facts: Sequence[Fact]
    mentions: Sequence[Mention] = ()

    @cached_property
    def shape(self) -> Shape | None:
        """What its table has in common with others, where that can be told."""
        return shape_of(self.facts)

    @cached_property
    def table(self) -> Mapping[CellKey, Fact]:
        """The cells of its table by what they are; it is held against itself and against later reports."""
        return Cells(self.shape, self.facts) if self.shape else table_of(self.facts)

    @cached_property
    def values(self) -> Mapping[CellKey, Decimal]:
        """What the cells of its table hold; those that hold nothing are not there."""
        if self.shape is None or not isinstance(self.facts, ByColumn):
            return {key: fact.value for key, fact in self.table.items() if fact.value is not None}
        values = self.facts.column("value")
        return {key: values[place] for key, place in self.shape.places.items() if values[place] is not None}

    @cached_property
    def logarithms(self) -> Mapping[CellKey, float]:
        """Of what the cells for all applicants hold, where that is more than nothing; near enough to tell what is unusual."""
        everybody = ((key, value) for key, value in self.values.items() if key.applicant in ("", TOTAL))
        return {key: _logarithm(value) for key, value in everybody if value > 0}

    @cached_property
    def prose(self) -> tuple[Fact, ...]:
        if self.shape:
            return tuple(self.facts[self.shape.count :])
        return tuple(fact for fact in self.facts if "table:" not in fact.locator)


@dataclass(frozen=True, slots=True)
class Below:
    """The bodies directly below one, and those of their reports for the year that are there."""

    bodies: Sequence[Body]
    reports: Sequence[Reported]


@dataclass(frozen=True)
class Case:
    """A report and what else it is held against. `previous` are the body's earlier reports; `body` its row, if known."""

    reported: Reported
    previous: Sequence[Reported] = ()
    below: Below | None = None
    body: Body | None = None
    table: Mapping[CellKey, Fact] = field(init=False)
    prose: tuple[Fact, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", self.reported.table)
        object.__setattr__(self, "prose", self.reported.prose)

    @property
    def report(self) -> Report:
        return self.reported.report

    @property
    def mentions(self) -> Sequence[Mention]:
        return self.reported.mentions

    @cached_property
    def by_place(self) -> dict[str, Mention]:
        return {mention.locator: mention for mention in self.mentions}

    @cached_property
    def last(self) -> Case | None:
        """The report of the year before, if it is there."""
        found = [each for each in self.previous if each.report.year == self.report.year - 1]
        return Case(found[0]) if found else None

    def finding(self, rule: str, verdict: Verdict, **told: Any) -> Finding:
        """A finding on this report; `told` are the finding's other fields."""
        return Finding(self.report.body, self.report.year, rule, verdict, severity(rule), **told)

    def compare(self, rule: str, left: Interval, relation: Relation, right: Interval, **told: Any) -> Finding:
        """The finding that holding one side against the other gives."""
        verdict = judge(left, relation, right)
        return self.finding(rule, verdict, left=left, relation=relation, right=right, **told)

    def not_assessable(self, rule: str, why: Why, **told: Any) -> Finding:
        return self.finding(rule, Verdict.NOT_ASSESSABLE, why=why, **told)

    def whole(self, indicator: str, applicant: str = "") -> list[Fact]:
        """The cells of the table that together are what prose calls `indicator`; none where one of them has no value."""
        shape = self.reported.shape
        keys = _whole_of(indicator, applicant, shape) if shape else _whole(indicator, applicant, self.table)
        found = [self.table[key] for key in keys]
        return found if all(fact.value is not None for fact in found) else []

    def told(self, indicator: str, applicant: str = "", segment: Segment = Segment.ALL) -> Fact | None:
        """The first statement of this figure in the prose."""
        wanted = (indicator, applicant, segment, Measure.VALUE)
        for fact in self.prose:
            if (fact.indicator, fact.applicant, fact.segment, fact.measure) == wanted and fact.value is not None:
                return fact
        return None


def table_of(facts: Sequence[Fact]) -> dict[CellKey, Fact]:
    return {CellKey(fact.indicator, fact.applicant): fact for fact in facts if "table:" in fact.locator}


def _logarithm(value: Decimal) -> float:
    """Of figures that no processor's number holds, too: one may stand in a document."""
    return math.log(value) if is_held(value) and value >= _LEAST else float(value.ln())


@lru_cache(8192)
def _whole_of(indicator: str, applicant: str, shape: Shape) -> Sequence[CellKey]:
    """Tables of one shape have the same cells: what they are looked through for is found once."""
    return _whole(indicator, applicant, shape.places)


def _whole(indicator: str, applicant: str, held: Collection[CellKey]) -> list[CellKey]:
    """The cell of that name, else the column 总计, else the lawsuits of both kinds, else all below that heading."""
    for key in (CellKey(indicator, applicant), CellKey(indicator, applicant or TOTAL)):
        if key in held:
            return [key]
    _, _, result = indicator.partition("litigation.")
    both = [CellKey(f"litigation.{kind}.{result}") for kind in ("direct", "after_review")]
    if result and all(key in held for key in both):
        return both
    wanted = applicant or TOTAL
    return sorted(key for key in held if key.applicant == wanted and key.indicator.startswith(f"{indicator}."))


def interval(fact: Fact) -> Interval:
    """What a fact stands for: a cell of the table exactly its value, a figure of the prose as it is printed."""
    if fact.value is None:
        raise ValueError(f"a figure without a value is no interval: {fact.indicator}")
    return Interval.of(fact.value) if "table:" in fact.locator else stated(fact.value, fact.unit, fact.as_printed)


def cell(fact: Fact, side: Side, report: Report | None = None, operator: str = "+") -> Cell:
    """The fact as evidence; `report` where it stands in another one than the report under audit."""
    return Cell(
        side=side, indicator=fact.indicator, applicant=fact.applicant, segment=fact.segment, measure=fact.measure,
        as_printed=fact.as_printed, locator=fact.locator, body=report.body if report else "",
        year=report.year if report else 0, operator=operator,
    )  # fmt: skip


def mention_cell(mention: Mention, side: Side, operator: str = "+") -> Cell:
    return Cell(
        side=side, indicator=mention.indicator, measure=mention.measure, counts=mention.counts,
        as_printed=mention.as_printed, locator=mention.locator, operator=operator,
    )  # fmt: skip
