"""Errors put into invented reports that agree with themselves, one of each kind an office makes, and whether they are found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from dashboard import checks
from dashboard.checks import Finding, Reported, Verdict
from dashboard.checks.identities import CellKey, Relation, identities
from dashboard.schema import Fact, Measure
from tests import consistent
from tests.consistent import Made

# What a slip of the hand makes of a number: one more, one digit more, two digits swapped, a nought too many.
_SLIPS: tuple[Callable[[Decimal], Decimal], ...] = (
    lambda value: value + 1,
    lambda value: value + 10,
    lambda value: Decimal(int(f"{int(value)}"[::-1])),
    lambda value: value * 10,
    lambda value: max(value - 1, Decimal(0)),
)


@dataclass(frozen=True)
class Seeded:
    """A report with an error of a kind in it, and the report of the year before."""

    kind: str
    made: Made
    before: Made


def audit(made: Made, before: Made | None = None) -> list[Finding]:
    previous = [Reported(before.report, before.facts, before.mentions)] if before else []
    return checks.run(made.report, made.facts, made.mentions, previous=previous)


def failing(findings: Sequence[Finding]) -> list[Finding]:
    return [each for each in findings if each.verdict is Verdict.FAILS]


def seed(kind: str, made: Made, before: Made, random: Random) -> Seeded | None:
    """The report with an error of the kind; None where it holds nothing that could be wrong in that way."""
    changed = KINDS[kind](made, random)
    return Seeded(kind, changed, before) if changed else None


def is_found(seeded: Seeded) -> bool:
    return bool(failing(audit(seeded.made, seeded.before)))


def cancels_out(seeded: Seeded) -> bool:
    """Two wrong cells may make each other good: then the table keeps every sum, and nothing in it tells."""
    table = seeded.made.table
    return seeded.kind in ARITHMETIC and all(
        consistent.holds(each, table) for each in identities(seeded.made.report.edition)
    )


def _cells(count: int) -> Callable[[Made, Random], Made | None]:
    """Cells of sums that must be equal; of another cell no sum can tell what it should be."""

    def change(made: Made, random: Random) -> Made:
        edition = made.report.edition
        keys = sorted({key for each in identities(edition) if each.relation is Relation.EQUAL for key in each.cells})
        return consistent.changed(made, {key: _slip(made.table[key], random) for key in random.sample(keys, count)})

    return change


def _slip(value: Decimal, random: Random) -> Decimal:
    return next(
        (slipped for slip in random.sample(_SLIPS, len(_SLIPS)) if (slipped := slip(value)) != value), value + 1
    )


def _rate(measure: Measure) -> Callable[[Made, Random], Made | None]:
    """A percentage of the text, off by three of its last digits or more."""

    def change(made: Made, random: Random) -> Made | None:
        rates = [fact for fact in made.facts if fact.measure is measure]
        if not rates:
            return None
        wrong = random.choice(rates)
        digits = len(wrong.as_printed.rstrip("%").partition(".")[2])
        value = (wrong.value or Decimal(0)) + Decimal(random.randint(3, 90)).scaleb(-digits - 2)
        slipped = replace(wrong, value=value, as_printed=f"{value * 100:.{digits}f}%")
        return replace(made, facts=tuple(slipped if fact is wrong else fact for fact in made.facts))

    return change


def _carried(made: Made, random: Random) -> Made | None:
    """Carried in another number than was carried out, with a table that is right in itself."""
    columns = [key for key in made.table if key.indicator == "requests.carried_in" and key.applicant != "total"]
    if not columns:
        return None
    moved = {}
    applicant, more = random.choice(columns).applicant, Decimal(random.randint(1, 9))
    for kind in (applicant, "total"):
        for code in ("requests.carried_in", "requests.carried_out"):
            key = CellKey(code, kind)
            moved[key] = made.table[key] + more
    return consistent.changed(made, moved)


def _told(made: Made, random: Random) -> Made | None:
    """A count of the text that is not the table's."""
    told = [fact for fact in made.facts if _is_count(fact)]
    if not told:
        return None
    wrong = random.choice(told)
    slipped = _slip(wrong.value or Decimal(0), random)
    other = replace(wrong, value=slipped, as_printed=f"{slipped:f}{wrong.unit}")
    return replace(made, facts=tuple(other if fact is wrong else fact for fact in made.facts))


def _is_count(fact: Fact) -> bool:
    exact = fact.value is not None and fact.value < 10_000
    return not consistent.is_cell(fact) and fact.measure is Measure.VALUE and exact


KINDS: dict[str, Callable[[Made, Random], Made | None]] = {
    "one cell": _cells(1),
    "two cells": _cells(2),
    "count of the text": _told,
    "share": _rate(Measure.SHARE),
    "growth": _rate(Measure.YOY_RATE),
    "carried": _carried,
}
ARITHMETIC = ("one cell", "two cells")
