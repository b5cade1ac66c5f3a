"""Errors put into synthetic reports on purpose, one a report, each with what it ought to be, so that checks can be judged.

Which report gets which kind follows from the seed; a report without a mistake keeps every promise of its form.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache

import numpy as np

from dashboard.checks.identities import CellKey, Relation, identities
from dashboard.demo.figures import Column
from dashboard.demo.prose import Statement
from dashboard.demo.sheets import sheet
from dashboard.schema import Measure, Segment


class Kind(StrEnum):
    """What is wrong: a cell of a sum, an empty cell, a figure of the text, a stated rate, the number carried in."""

    CELL = "cell"
    BLANK = "blank"
    TEXT = "text"
    GROWTH = "growth"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One line of `seeded.csv`. `rules` are those of the checks that ought to find it, with | between them."""

    body: str
    year: int
    kind: Kind
    rules: str
    indicator: str
    segment: str
    applicant: str
    measure: str
    locator: str
    printed: str
    right: str

    @classmethod
    def header(cls) -> str:
        return ",".join(part.name for part in fields(cls)) + "\n"

    def line(self) -> str:
        return ",".join(str(getattr(self, part.name)) for part in fields(self)) + "\n"


def kinds(edition: str, *, has_last: bool) -> list[Kind]:
    """What can be wrong in a report of the edition; `has_last` where the report of the year before is there."""
    found = [Kind.CELL, Kind.BLANK, Kind.TEXT] if edition else []
    found += [Kind.GROWTH] if has_last else []
    return [*found, Kind.CARRIED] if has_last and edition == "2021" else found


def drawn(count: int, share: float, possible: list[Kind], random: np.random.Generator) -> list[Kind | None]:
    """For each of `count` reports its mistake, if it has one."""
    is_wrong = random.random(count) < share
    which = random.integers(0, max(len(possible), 1), count)
    return [possible[place] if wrong and possible else None for wrong, place in zip(is_wrong, which, strict=True)]


def moved(drawn: list[Kind | None], random: np.random.Generator) -> Column:
    """By how many requests what is carried in is off."""
    shift = random.integers(1, 10, len(drawn))
    column: Column = np.where([each is Kind.CARRIED for each in drawn], shift, 0)
    return column


def cell(edition: str, random: np.random.Generator) -> int:
    """The place of a cell that a sum of the form settles."""
    places = _settled(edition)
    return places[int(random.integers(len(places)))]


def rules_of(edition: str, key: CellKey) -> str:
    """The rules of the sums that a cell stands in."""
    found = {each.rule for each in identities(edition) if each.relation is Relation.EQUAL and key in each.cells}
    return "|".join(sorted(found))


@cache
def _settled(edition: str) -> tuple[int, ...]:
    keys = {key for each in identities(edition) if each.relation is Relation.EQUAL for key in each.cells}
    return tuple(place for place, key in enumerate(sheet(edition).keys) if key in keys)


def slipped(value: int, random: np.random.Generator) -> int:
    """Another number, as the hand slips: a little more, a nought too many, two digits changed over."""
    backwards = int(str(abs(value))[::-1])
    found = (value + int(random.integers(1, 10)), value * 10, backwards)[int(random.integers(3))]
    return found if found != value else value + 1


def statement_of(kind: Kind, told: list[Statement], values: list[int | None]) -> int:
    """The place of the statement that is to be wrong: a count of all, or a rate of growth; -1 where there is none."""
    wanted = Measure.YOY_RATE if kind is Kind.GROWTH else Measure.VALUE
    for place, (each, value) in enumerate(zip(told, values, strict=True)):
        if value is not None and each.measure is wanted and each.segment is Segment.ALL:
            return place
    return -1


def restated(kind: Kind, value: int, random: np.random.Generator) -> int:
    """Off by more than any rounding."""
    step = 1 if kind is Kind.GROWTH or value < 10_000 else 1000
    least = 5 if kind is Kind.GROWTH else 1
    return value + step * int(random.integers(least, 90 if kind is Kind.GROWTH else 10))
