"""Records to and from rows of text: the one place that knows how a value is written in a CSV cell."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar, get_args, get_type_hints

from dashboard.messages import UserError
from dashboard.schema import Holds, columns
from dashboard.tables import edited
from dashboard.tables.by_column import ByColumn

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


Codes = Mapping[str, Collection[str]]
"""Column -> the division codes that are known; what a spreadsheet made of a code is told by them."""


def from_csv(text: str, record: type[Record], file: str, codes: Codes | None = None) -> list[Record]:
    """The records of a table's text. Raises UserError with file, line and column where a cell does not fit."""
    found, problems = read(text, record, file, codes)
    if problems:
        raise problems[0]
    return [each for _, each in found]


def read(
    text: str, record: type[Record], file: str, codes: Codes | None = None
) -> tuple[list[tuple[int, Record]], list[UserError]]:
    """The records of a table's text with their lines, and every cell that does not fit; a row with one is left out."""
    text = _without_hint(text)
    mark = edited.delimiter(text, columns(record))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        return _Table(record, file, mark, codes or {}).read(rows)
    except csv.Error as error:
        return [], [UserError("table.not_csv", file=file, line=rows.line_num, reason=str(error))]


def by_column(text: str, record: type[Record]) -> ByColumn[Record] | None:
    """The records of a table's text where it stands as this program writes it; None where `read` has to look closer."""
    if not text.startswith(",".join(columns(record)) + "\n") or "\r" in text:
        return None
    rows = csv.reader(text.removesuffix("\n").split("\n"))
    try:
        held = _Table(record, "", ",", {}).as_we_write(rows)
    except csv.Error:
        return None
    return None if held is None else ByColumn(record, held)


def _without_hint(text: str) -> str:
    """The first line `sep=;` tells a spreadsheet the delimiter; a delimiter is recognised without it."""
    first, _, rest = text.partition("\n")
    return rest if re.fullmatch(r"\ufeff?sep=.\r?", first) else text.removeprefix("\ufeff")


def has_codes(record: type) -> bool:
    """Whether a table holds division codes."""
    return any(kind.holds is Holds.CODE for kind in _kinds(record).values())


# Cells of a column as this program writes them, each ended by a line feed.
_EXACT, _WHOLE = re.compile(r"(?:(?:-?[0-9]+(?:\.[0-9]+)?)?\n)*"), re.compile(r"(?:[0-9]{0,9}\n)*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _NoValueError(ValueError):
    """A cell that holds nothing its column can."""


class _Table:
    """One table being read: what its columns hold, and what is wrong with its cells."""

    def __init__(self, record: type, file: str, mark: str, codes: Codes) -> None:
        self._record, self._file, self._mark, self._codes = record, file, mark, codes
        self._columns = _kinds(record)
        self._problems: list[UserError] = []

    def read(self, rows: Any) -> tuple[list[tuple[int, Any]], list[UserError]]:
        header = [edited.heading(cell) for cell in next(rows, [])]
        while header and not header[-1]:
            header.pop()
        missing = [name for name in self._columns if name not in header]
        if missing:
            return [], [UserError("table.columns_missing", file=self._file, missing=", ".join(missing))]
        places = [(name, header.index(name), kind) for name, kind in self._columns.items()]
        begun, last = rows.line_num, rows.line_num
        held, lines = [], []
        for row in rows:
            held.append(row)
            lines.append(last + 1)
            last = rows.line_num
        quick = self._values(held, places, len(header)) if last - begun == len(held) else None
        if quick is not None:
            return list(zip(lines, map(self._record, *quick), strict=True)), []
        found = []
        for line, row in zip(lines, held, strict=True):
            if any(cell.strip() for cell in row):
                record = self._row(row, line, len(header), places)
                if record is not None:
                    found.append((line, record))
        return found, self._problems

    def as_we_write(self, rows: Any) -> list[Sequence[Any]] | None:
        """The values by column of a table whose header and rows stand as this program writes them."""
        next(rows)
        held = list(rows)
        places = [(name, place, kind) for place, (name, kind) in enumerate(self._columns.items())]
        return self._values(held, places, len(places)) if rows.line_num - 1 == len(held) else None

    def _values(
        self, rows: list[list[str]], places: list[tuple[str, int, _Kind]], width: int
    ) -> list[Sequence[Any]] | None:
        """The values by column of rows that all stand as this program writes them; None where one has to be looked at closer.

        Nearly all of millions do, and looking at each cell by itself would take most of a refresh.
        """
        if {*map(len, rows)} - {width} or not all(map(itemgetter(0), rows)):
            return None
        cells = list(zip(*rows, strict=True)) or [()] * width
        columns = []
        for name, place, kind in places:
            column = self._column(cells[place], name, kind)
            if column is None:
                return None
            columns.append(column)
        return columns

    def _column(self, cells: Sequence[str], name: str, kind: _Kind) -> Sequence[Any] | None:
        """A column's values; None where any does not stand as this program writes it."""
        if kind.kind is str:
            if kind.holds is Holds.CODE and not set(cells) <= set(self._codes.get(name, ())):
                return None
            if kind.holds is Holds.DATE and not all(_DAY.fullmatch(cell) for cell in set(cells) - {""}):
                return None
            return cells
        if "" in cells and not kind.may_be_empty:
            return None
        if kind.kind is Decimal or kind.kind is int:
            pattern = _EXACT if kind.kind is Decimal else _WHOLE
            is_as_written = pattern.fullmatch("\n".join([*cells, ""]))
            return [kind.kind(cell) if cell else None for cell in cells] if is_as_written else None
        choices: dict[str, Any] = {"": None} | {str(choice): choice for choice in kind.choices}
        try:
            return [choices[cell] for cell in cells]
        except KeyError:
            return None

    def _row(self, row: list[str], line: int, width: int, places: list[tuple[str, int, _Kind]]) -> Any:
        if len(row) > width and edited.surplus(row, width):
            self._problems.append(
                UserError("table.too_many_cells", file=self._file, line=line, value=edited.surplus(row, width))
            )
            return None
        values: dict[str, Any] = {}
        is_whole = True
        for name, place, kind in places:
            cell = row[place] if place < len(row) else ""
            try:
                values[name] = self._cell(cell, name, kind, values)
            except (UserError, _NoValueError) as error:
                is_whole = False
                self._problems.append(self._named(error, line, name, cell, kind))
        return self._record(**values) if is_whole else None

    def _named(self, error: Exception, line: int, name: str, cell: str, kind: _Kind) -> UserError:
        told = {"file": self._file, "line": line, "column": name, "value": cell}
        if isinstance(error, UserError):
            return UserError(error.message_id, **told, **error.values)
        return UserError("table.bad_cell", **told, kind=kind.kind.__name__)

    def _cell(self, cell: str, name: str, kind: _Kind, before: Mapping[str, Any]) -> Any:
        if kind.kind is str:
            return self._text(cell, name, kind, before)
        plain = cell.strip()
        if plain == "" and kind.may_be_empty:
            return None
        value: Any
        if kind.kind is Decimal:
            value = edited.number(plain, self._mark)
        elif kind.kind is int:
            value = edited.whole(plain, self._mark)
        else:
            value = next((choice for choice in kind.choices if choice == plain), None)
        if value is None:
            raise _NoValueError
        return value

    def _text(self, cell: str, name: str, kind: _Kind, before: Mapping[str, Any]) -> str:
        if kind.holds is Holds.DATE:
            return edited.day(cell, before.get("year"))
        if kind.holds is Holds.CODE:
            return edited.code(cell, self._codes.get(name, ()))
        return cell


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a column holds."""

    kind: type
    may_be_empty: bool
    holds: Holds
    choices: tuple[StrEnum, ...]


@cache
def _kinds(record: type) -> dict[str, _Kind]:
    hints = get_type_hints(record)
    kinds: dict[str, _Kind] = {}
    for part in fields(record):
        options = [kind for kind in get_args(hints[part.name]) if kind is not type(None)]
        kind = options[0] if options else hints[part.name]
        choices = tuple(kind) if issubclass(kind, StrEnum) else ()
        kinds[part.name] = _Kind(kind, bool(options), part.metadata["holds"], choices)
    return kinds
