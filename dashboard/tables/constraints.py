"""What a table promises of its rows: nothing required is empty, keys are unique, codes are known. Rows in, errors out.

Each error names file, line and column, as a person finds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from dashboard import definitions
from dashboard.messages import UserError
from dashboard.schema import Correction, Fact, Holds, Mention, is_held
from dashboard.tables import edited, records
from dashboard.tables.by_column import ByColumn
from dashboard.tables.package import KEYS

Row = tuple[int, Any]
"""A record with its line in the file."""
CORRECTED = ("body", "year", "locator", "indicator", "applicant")
"""Which figure a correction is of: one alone is in force at a time."""
# Values that are remembered of a column: as many as a country's tables repeat.
_REMEMBERED = 20_000


def broken(rows: Sequence[Row], record: type, file: str) -> Iterator[UserError]:
    """Every row that breaks the table's schema."""
    if not _holds(rows, record):
        for line, row in rows:
            for name, why in _columns_broken(row, record):
                value = records.written(getattr(row, name))
                yield UserError(why, file=file, line=line, column=name, value=value)
    yield from _repeated(rows, KEYS[record], file)
    if record is Correction:
        in_force = [(line, row) for line, row in rows if not row.ended]
        yield from _repeated(in_force, CORRECTED, file)


def keeps(held: ByColumn[Any], record: type) -> bool:
    """Whether a report's table of facts or mentions breaks nothing, told by its columns; what is broken, `broken` tells."""
    if not all(_keeps(held.column(name), record, name) for name, _, _ in _promised(record)):
        return False
    values = held.column("value")
    if record is Fact and [value is None for value in values] != [
        absence is not None for absence in held.column("absence")
    ]:
        return False
    if not all(value is None or is_held(value) for value in values):
        return False
    if not {*held.column("indicator")} <= _indicators():
        return False
    return len({*zip(*(held.column(name) for name in KEYS[record]), strict=True)}) == len(held)


def _keeps(cells: Sequence[Any], record: type, name: str) -> bool:
    """Whether a column's cells keep its schema; what was right in another table is not looked at again."""
    right = _right(record, name)
    unknown = {*cells} - right
    if not unknown:
        return True
    [(constraints, holds)] = [(told, holds) for each, told, holds in _promised(record) if each == name]
    if any(_why_broken(value, constraints, holds) for value in unknown):
        return False
    if len(right) < _REMEMBERED:
        right |= unknown
    return True


@cache
def _right(_record: type, _name: str) -> set[Any]:
    """Values of a column that have been found right."""
    return set()


@cache
def _indicators() -> frozenset[str]:
    return frozenset(["", *definitions.indicators()])


def _holds(rows: Sequence[Row], record: type) -> bool:
    """Whether every row keeps the schema: nearly all of millions do, and a column holds few values that differ."""
    held = [row for _, row in rows]
    for name, constraints, holds in _promised(record):
        if any(_why_broken(value, constraints, holds) for value in set(map(attrgetter(name), held))):
            return False
    return not any(True for row in held for _ in _record_broken(row)) if record in _MORE else True


def _columns_broken(row: Any, record: type) -> Iterator[tuple[str, str]]:
    for name, constraints, holds in _promised(record):
        why = _why_broken(getattr(row, name), constraints, holds)
        if why:
            yield name, why
    yield from _record_broken(row)


def _why_broken(value: Any, constraints: dict[str, Any], holds: Holds) -> str:
    """The id of the sentence that says what a value lacks; empty where it is right."""
    if constraints.get("required") and value == "":
        return "row.empty"
    if "pattern" in constraints and not re.fullmatch(constraints["pattern"], value):
        return "row.pattern"
    if "minimum" in constraints and value < constraints["minimum"]:
        return "row.too_small"
    return "row.no_date" if holds is Holds.DATE and value and not edited.is_day(value) else ""


_MORE = (Fact, Correction, Mention)


def _record_broken(row: Any) -> Iterator[tuple[str, str]]:
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
    keys = attrgetter(*key)
    if len({keys(row) for _, row in rows}) == len(rows):
        return
    first: dict[tuple[Any, ...], int] = {}
    for line, row in rows:
        held = tuple(getattr(row, name) for name in key)
        if held in first:
            told = " / ".join(records.written(value) for value in held)
            yield UserError("row.repeated", file=file, line=line, column=", ".join(key), value=told, first=first[held])
        first.setdefault(held, line)
