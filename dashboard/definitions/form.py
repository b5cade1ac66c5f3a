"""An edition of the statutory form as data: its tables, the headings of their rows and columns, what each cell means.

Comes in: `forms/<edition>.toml`. A table is two trees of headings, one for rows and one for columns; a cell's code is
put together from the headings that lead to it. Whether an office prints a table lying or standing is not said here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "forms"


@dataclass(frozen=True, slots=True)
class Heading:
    """A row's or column's heading. `labels` are its wordings (`*` stands for any words), the form's own first.

    `indicator` makes it one that carries figures, `prefix` stands before the indicators below it; `unit` is the unit
    that the form itself prescribes; a heading with `is_unit` holds the units of the others.
    """

    labels: tuple[str, ...]
    indicator: str = ""
    prefix: str = ""
    applicant: str = ""
    unit: str = ""
    is_unit: bool = False
    parts: tuple[Heading, ...] = ()

    @property
    def label(self) -> str:
        return self.labels[0]


Trail = tuple[Heading, ...]
"""The headings that lead to a row or a column, from the outermost to its own."""


@dataclass(frozen=True, slots=True)
class FormCell:
    """What a cell of the form means; `unit` is empty where the form prescribes none."""

    indicator: str
    applicant: str
    unit: str


@dataclass(frozen=True, slots=True)
class FormTable:
    """One table; it has no `rows` (or no `columns`) where the other direction alone says what a cell means."""

    caption: str
    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]

    def cell(self, row: Trail, column: Trail) -> FormCell | None:
        """The meaning of the cell where these two meet; None where it is no figure of the form."""
        if not (_carries(row) and _carries(column)):
            return None
        trail = (*row, *column)
        indicator = "".join(heading.indicator for heading in (*row[-1:], *column[-1:]))
        if not indicator:
            return None
        return FormCell(
            indicator="".join(heading.prefix for heading in trail) + indicator,
            applicant=next((heading.applicant for heading in trail if heading.applicant), ""),
            unit=next((heading.unit for heading in reversed(trail) if heading.unit), ""),
        )

    @property
    def cells(self) -> list[tuple[Trail, Trail, FormCell]]:
        """Every figure of the table with the headings that lead to it, row by row."""
        return [
            (row, column, cell)
            for row in trails(self.rows)
            for column in trails(self.columns)
            if (cell := self.cell(row, column))
        ]


@dataclass(frozen=True, slots=True)
class Form:
    """One edition of the statutory form. `recognised_by` are labels that no other edition has."""

    edition: str
    first_year: int
    last_year: int
    recognised_by: tuple[str, ...]
    tables: tuple[FormTable, ...]

    @property
    def cells(self) -> tuple[FormCell, ...]:
        return _cells_of(self.edition)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Every code on the form once, in its order."""
        return _indicators_of(self.edition)


@cache
def forms() -> dict[str, Form]:
    """The editions by name, oldest first."""
    found = [_form(tomllib.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.toml"))]
    return {form.edition: form for form in found}


@cache
def _cells_of(edition: str) -> tuple[FormCell, ...]:
    return tuple(cell for table in forms()[edition].tables for _, _, cell in table.cells)


@cache
def _indicators_of(edition: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cell.indicator for cell in _cells_of(edition)))


def trails(headings: tuple[Heading, ...], above: Trail = ()) -> Iterator[Trail]:
    """Every heading with those above it, in the order of the form; one empty trail where there are no headings."""
    if not headings and not above:
        yield ()
    for heading in headings:
        yield (*above, heading)
        yield from trails(heading.parts, (*above, heading))


def _carries(trail: Trail) -> bool:
    own = trail[-1] if trail else None
    return own is None or (not own.is_unit and bool(own.indicator or own.applicant or not own.parts))


def _form(data: dict[str, Any]) -> Form:
    tables = tuple(
        FormTable(table["caption"], _headings(table.get("rows", [])), _headings(table.get("columns", [])))
        for table in data["table"]
    )
    return Form(data["edition"], data["first_year"], data["last_year"], tuple(data["recognised_by"]), tables)


def _headings(listed: list[dict[str, Any]]) -> tuple[Heading, ...]:
    return tuple(
        Heading(**{**each, "labels": tuple(each["labels"]), "parts": _headings(each.get("parts", []))})
        for each in listed
    )
