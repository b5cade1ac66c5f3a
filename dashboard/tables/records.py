"""Records to and from rows of text: the one place that knows how a value is written in a CSV cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar, get_args, get_type_hints

from dashboard.messages import UserError
from dashboard.schema import columns

Record = TypeVar("Record")


def to_csv(records: Iterable[Any], names: Sequence[str]) -> str:
    """The named columns of the records as CSV with a header, lines ended by a single line feed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([written(getattr(record, name)) for name in names] for record in records)
    return out.getvalue()


def written(value: object) -> str:
    """A value as a cell holds it: exact digits without an exponent, nothing for None."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def from_csv(text: str, record: type[Record], file: str) -> list[Record]:
    """The records of a table's text. Raises UserError with file, line and column where a cell does not fit."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    header = next(rows, [])
    missing = [name for name in columns(record) if name not in header]
    if missing:
        raise UserError("table.columns_missing", file=file, missing=", ".join(missing))
    kinds = _kinds(record)
    found = []
    for row in rows:
        if any(cell.strip() for cell in row):
            cells = dict(zip(header, row, strict=False))
            values = {name: _read(cells.get(name, ""), kinds[name], (file, rows.line_num, name)) for name in kinds}
            found.append(record(**values))
    return found


def _kinds(record: type) -> dict[str, tuple[type, bool]]:
    """Column -> its type and whether it may be empty."""
    hints = get_type_hints(record)
    kinds: dict[str, tuple[type, bool]] = {}
    for part in fields(record):
        options = [kind for kind in get_args(hints[part.name]) if kind is not type(None)]
        kinds[part.name] = (options[0], True) if options else (hints[part.name], False)
    return kinds


def _read(cell: str, kind: tuple[type, bool], place: tuple[str, int, str]) -> Any:
    wanted, may_be_empty = kind
    if wanted is str:
        return cell
    if cell == "" and may_be_empty:
        return None
    try:
        if wanted is Decimal or issubclass(wanted, StrEnum):
            return wanted(cell)
        return int(cell)
    except (ValueError, InvalidOperation) as error:
        file, line, name = place
        raise UserError(
            "table.bad_cell", file=file, line=line, column=name, value=cell, kind=wanted.__name__
        ) from error
