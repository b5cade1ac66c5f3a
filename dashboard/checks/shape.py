"""Which cells a report's table has, and in which rows: what many reports on one form have in common.

Facts by column in. The cells of two tables of one shape differ in nothing but their figures and places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dashboard.checks.identities import CellKey
from dashboard.schema import Fact, Measure, Segment
from dashboard.tables.by_column import ByColumn

# Shapes known at a time: few where a form was kept, and none of them large.
_KNOWN = 512


@dataclass(frozen=True, eq=False)
class Shape:
    """The cells of a table in its first `count` rows; `places` is the row of each, the last where one is there twice."""

    count: int
    places: Mapping[CellKey, int]
    units: Sequence[str]


def shape_of(facts: Sequence[Fact]) -> Shape | None:
    """The same object for tables with the same cells. None where the rows of the table do not come first, or are not by column."""
    if not isinstance(facts, ByColumn):
        return None
    marks = ["table:" in locator for locator in facts.column("locator")]
    count = sum(marks)
    if not all(marks[:count]):
        return None
    segments, measures = facts.column("segment")[:count], facts.column("measure")[:count]
    if segments.count(Segment.ALL) != count or measures.count(Measure.VALUE) != count:
        return None
    indicator, applicant, unit = (tuple(facts.column(name)[:count]) for name in ("indicator", "applicant", "unit"))
    return _shape(indicator, applicant, unit)


@lru_cache(_KNOWN)
def _shape(indicators: tuple[str, ...], applicants: tuple[str, ...], units: tuple[str, ...]) -> Shape:
    keys = map(CellKey, indicators, applicants)
    return Shape(len(units), {key: place for place, key in enumerate(keys)}, units)


class Cells(Mapping[CellKey, Fact]):
    """The cells of a table by what they are; a fact is made when it is asked for."""

    def __init__(self, shape: Shape, facts: Sequence[Fact]) -> None:
        self._places, self._facts = shape.places, facts

    def __getitem__(self, key: CellKey) -> Fact:
        return self._facts[self._places[key]]

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[CellKey]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
