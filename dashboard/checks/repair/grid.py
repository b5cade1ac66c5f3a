"""Where the cells of a form stand to each other: the rows and columns of its tables, and the next cells to a cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from dashboard import definitions
from dashboard.checks.identities import CellKey
from dashboard.definitions import FormTable

Line = tuple[CellKey, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The lines of all tables, rows and columns alike, in the order of the form."""

    lines: tuple[Line, ...]
    neighbours: dict[CellKey, tuple[CellKey, ...]]


@cache
def grid(edition: str) -> Grid:
    """Raises KeyError for an edition that has no form."""
    lines = tuple(line for table in definitions.forms()[edition].tables for line in _lines(table))
    near: dict[CellKey, list[CellKey]] = {}
    for line in lines:
        for one, next_ in pairwise(line):
            near.setdefault(one, []).append(next_)
            near.setdefault(next_, []).append(one)
    return Grid(lines, {cell: tuple(found) for cell, found in near.items()})


def _lines(table: FormTable) -> list[Line]:
    rows: dict[object, list[CellKey]] = {}
    columns: dict[object, list[CellKey]] = {}
    for row, column, cell in table.cells:
        key = CellKey(cell.indicator, cell.applicant)
        rows.setdefault(row, []).append(key)
        columns.setdefault(column, []).append(key)
    return [tuple(line) for line in (*rows.values(), *columns.values()) if len(line) > 1]
