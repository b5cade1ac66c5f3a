"""What a table promises of its rows: nothing required is empty, keys are unique, codes are known. Rows in, errors out.

Each error names file, line and column, as a person finds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from dashboard import definitions
from dashboard.messages import UserError
from dashboard.schema import Correction, Fact, Holds, Mention, is_held
from dashboard.tables import edited, records
from dashboard.tables.package import KEYS

Row = tuple[int, Any]
"""A record with its line in the file."""
CORRECTED = ("body", "year", "locator", "indicator", "applicant")
"""Which figure a correction is of: one alone is in force at a time."""


def broken(rows: Sequence[Row], record: type, file: str) -> Iterator[UserError]:
    """Every row that breaks the table's schema."""
    for line, row in rows:
        for name, why in _columns_broken(row, record):
            value = records.written(getattr(row, name))
            yield UserError(why, file=file, line=line, column=name, value=value)
    yield from _repeated(rows, KEYS[record], file)
    if record is Correction:
        in_force = [(line, row) for line, row in rows if not row.ended]
        yield from _repeated(in_force, CORRECTED, file)


def _columns_broken(row: Any, record: type) -> Iterator[tuple[str, str]]:
    for name, constraints, holds in _promised(record):
        value = getattr(row, name)
        if constraints.get("required") and value == "":
            yield name, "row.empty"
        elif "pattern" in constraints and not re.fullmatch(constraints["pattern"], value):
            yield name, "row.pattern"
        elif "minimum" in constraints and value < constraints["minimum"]:
            yield name, "row.too_small"
        elif holds is Holds.DATE and value and not edited.is_day(value):
            yield name, "row.no_date"
    if isinstance(row, (Fact, Correction)):
        yield from _figure(row)
    if isinstance(row, Mention):
        yield from _mention(row)


def _figure(figure: Fact | Correction) -> Iterator[tuple[str, str]]:
    if (figure.value is None) == (figure.absence is None):
        yield "value", "row.value_or_absence"
    if figure.value is not None and not is_held(figure.value):
        yield "value", "row.too_large"
    if figure.indicator and figure.indicator not in definitions.indicators():
        yield "indicator", "row.unknown_indicator"


def _mention(mention: Mention) -> Iterator[tuple[str, str]]:
    if not is_held(mention.value):
        yield "value", "row.too_large"
    if mention.indicator and mention.indicator not in definitions.indicators():
        yield "indicator", "row.unknown_indicator"


@cache
def _promised(record: type) -> tuple[tuple[str, dict[str, Any], Holds], ...]:
    told = ((part.name, part.metadata["constraints"], part.metadata["holds"]) for part in fields(record))
    return tuple(each for each in told if each[1] or each[2] is Holds.DATE)


def _repeated(rows: Sequence[Row], key: Sequence[str], file: str) -> Iterator[UserError]:
    first: dict[tuple[Any, ...], int] = {}
    for line, row in rows:
        held = tuple(getattr(row, name) for name in key)
        if held in first:
            told = " / ".join(records.written(value) for value in held)
            yield UserError("row.repeated", file=file, line=line, column=", ".join(key), value=told, first=first[held])
        first.setdefault(held, line)
