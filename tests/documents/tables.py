"""Tables as they are drawn: cells with the rows and columns they cover, spread out, or turned on their side."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Td:
    """A table's cell and how far it reaches; `is_figure` where a figure is to stand, even if it is blank."""

    text: str
    rows: int = 1
    cols: int = 1
    is_figure: bool = False


@dataclass(frozen=True)
class Place:
    """A place of a table: the cell that covers it, and whether in the cell's first row and first column."""

    cell: Td
    is_first_row: bool
    is_first_column: bool

    @property
    def is_first(self) -> bool:
        return self.is_first_row and self.is_first_column


Table = list[list[Td]]


def placed(table: Table) -> list[dict[int, Place]]:
    """For each row: column -> what stands there."""
    rows: list[dict[int, Place]] = [{} for _ in table]
    for number, row in enumerate(table):
        column = 0
        for cell in row:
            while column in rows[number]:
                column += 1
            for below in range(cell.rows):
                for right in range(cell.cols):
                    rows[number + below][column + right] = Place(cell, below == 0, right == 0)
            column += cell.cols
    return [dict(sorted(row.items())) for row in rows]


def spread(table: Table, fill: str) -> list[list[str]]:
    """Every place of a table with its text; places that a span covers hold `fill`, or the text again for `=`."""
    return [
        [place.cell.text if fill == "=" or place.is_first else fill for place in row.values()] for row in placed(table)
    ]


def turned(table: Table) -> Table:
    """Rows as columns; each cell begins where its place in the other direction is."""
    rows: Table = [[] for _ in placed(table)[0]]
    for row in placed(table):
        for column, place in row.items():
            if place.is_first:
                rows[column].append(replace(place.cell, rows=place.cell.cols, cols=place.cell.rows))
    return rows
