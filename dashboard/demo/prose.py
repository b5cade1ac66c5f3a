"""What the text of a synthetic report states: figures of its table, their growth, and who has which part of them.

Columns of figures in, statements out; how they are printed is said here, where they stand is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dashboard import definitions
from dashboard.checks.identities import TOTAL, CellKey
from dashboard.demo.figures import MONEY, Column, Values
from dashboard.schema import FRACTION, Measure, Segment

_MYRIAD = 10_000
_COMPILED = ("disclosure.total", "disclosure.channel.website", "requests.received")
_SINCE_2019 = ("requests.received", "requests.closed", "licensing.decisions", "penalties.decisions")


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure that many reports state: counts as they are, money in hundredths, rates and shares in thousandths.

    `is_told` says which reports state it; `of` is the place in the list of the statement that a rate speaks of.
    """

    indicator: str
    segment: Segment
    measure: Measure
    values: Column
    is_told: Column
    of: int = -1

    @property
    def unit(self) -> str:
        return FRACTION if self.measure is not Measure.VALUE else definitions.indicators()[self.indicator].unit


def statements(
    edition: str, values: Values, last: Values, compiles: Column, random: np.random.Generator
) -> list[Statement]:
    """In the order of the text. `last` are the figures of the year before, if any; `compiles` says which bodies compile."""
    told: list[Statement] = []
    everybody = np.ones(len(compiles), dtype=bool)
    for code in _SINCE_2019 if edition in ("2019", "2021") else _COMPILED:
        now, before = _of(values, code), _of(last, code)
        told.append(Statement(code, Segment.ALL, Measure.VALUE, now, everybody))
        if before is not None and now is not None:
            rates = np.rint((now - before) * 1000 / np.maximum(before, 1)).astype(np.int64)
            told.append(Statement(code, Segment.ALL, Measure.YOY_RATE, rates, before > 0, len(told) - 1))
    if edition in ("", "2014"):
        told += _segments(values, compiles, random)
    if edition == "2014":
        told += _budget(values, compiles, random)
    return told


def _segments(values: Values, compiles: Column, random: np.random.Generator) -> Iterator[Statement]:
    """What departments and localities have of each whole; neither of them publishes more than both do in all."""
    total, website, received = (_of(values, code) for code in _COMPILED)
    on_website = random.binomial(website, 0.34)
    of_departments = {
        "disclosure.total": on_website + random.binomial(total - website, 0.3),
        "disclosure.channel.website": on_website,
        "requests.received": random.binomial(received, 0.55),
    }
    for code, column in of_departments.items():
        yield Statement(code, Segment.DEPARTMENTS, Measure.VALUE, column, compiles)
        yield Statement(code, Segment.LOCALITIES, Measure.VALUE, _of(values, code) - column, compiles)


def _budget(values: Values, compiles: Column, random: np.random.Generator) -> Iterator[Statement]:
    whole = values[CellKey("capacity.budget")]
    departments = random.binomial(whole, 0.3)
    shares = {Segment.DEPARTMENTS: departments, Segment.LOCALITIES: whole - departments}
    for segment, column in shares.items():
        yield Statement("capacity.budget", segment, Measure.VALUE, column, compiles)
        share = np.rint(column * 1000 / np.maximum(whole, 1)).astype(np.int64)
        yield Statement("capacity.budget", segment, Measure.SHARE, share, compiles & (whole > 0))


def _of(values: Values, code: str) -> Column:
    """The figure of all; None for a year that has none."""
    return values.get(CellKey(code, TOTAL), values.get(CellKey(code)))  # type: ignore[return-value]  # the form asked has one of both


def printed(statement: Statement, value: int) -> tuple[str, str]:
    """The exact value of what is printed, and how it is printed: 706668 as 70.67万条, 0.0782 as 7.8%."""
    if statement.measure is not Measure.VALUE:
        sign, size = "-" if value < 0 else "", abs(value)
        return f"{sign}{size // 1000}.{size % 1000:03d}", f"{size // 10}.{size % 10}%"
    if statement.indicator in MONEY:
        amount = money(value)
        return amount, f"{amount}{statement.unit}"
    if value < _MYRIAD:
        return str(value), f"{value}{statement.unit}"
    hundredths = (value + 50) // 100
    return str(hundredths * 100), f"{hundredths // 100}.{hundredths % 100:02d}万{statement.unit}"


def money(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"
