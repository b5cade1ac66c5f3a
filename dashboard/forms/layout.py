"""A grid by the form: where its headings stand, and which cell holds which figure.

A grid in, places out. Lists and matrices, several small tables in one grid, halves side by side, and header rows that
a page break repeats are all the same here: a cell means what the headings beside it and above it say together.
A grid that lies on its side is turned before it comes here. Judges no value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from dashboard.definitions import FormCell, FormTable, Trail
from dashboard.documents.document import Cell, Grid, Locator
from dashboard.forms import labels, lines
from dashboard.forms.cells import is_figure
from dashboard.forms.lines import Line, Rows
from dashboard.forms.matching import AmbiguousLabel, matcher


@dataclass(frozen=True, slots=True)
class Place:
    """A figure's cell, what it means, and the unit printed beside it or above it."""

    meaning: FormCell
    cell: Cell
    unit: str


@dataclass
class Layout:
    """What a grid holds of one table: its figures, cells that lead nowhere or to several places, and all that it claims."""

    places: list[Place] = field(default_factory=list)
    unmapped: list[Cell] = field(default_factory=list)
    ambiguous: list[Cell] = field(default_factory=list)
    claimed: set[Locator] = field(default_factory=set)


@dataclass
class Outline:
    """What is remembered from one grid of a table to the next: where we stand, and the columns of the last header.

    The next grid may go on below that header if it follows at once, is as wide, and lies the same way.
    """

    here: Trail = ()
    columns: dict[int, Trail] = field(default_factory=dict)
    width: int = 0
    is_turned: bool = False
    grid: int = 0


def turned(grid: Grid) -> Grid:
    """Rows as columns."""
    return Grid(tuple(zip(*grid.rows, strict=True)), grid.caption)


def read(grid: Grid, table: FormTable, title: str, outline: Outline) -> Layout:
    """The figures of `table` in `grid`; `title` is what stands above it. Moves `outline` on.

    A grid without a header goes on below the one that `outline` remembers, if that has columns.
    """
    return _GridReader(grid, table, title, outline).read()


class _GridReader:
    def __init__(self, grid: Grid, table: FormTable, title: str, outline: Outline) -> None:
        self._rows = list(grid.rows)
        self._width = len(grid.rows[0]) if grid.rows else 0
        self._table = table
        self._down, self._across = matcher(table.rows), matcher(table.columns)
        self._title = self._across.spoken_of(title)
        self._outline = outline
        self._layout = Layout()

    def read(self) -> Layout:
        for header, body in self._regions():
            columns = self._columns(header)
            if columns:
                self._outline.columns, self._outline.width = columns, self._width
            elif not header and self._goes_on(body):
                columns = self._outline.columns  # the rest of a table that a page break has cut
            self._layout.claimed.update(cell.locator for row in header for cell in row)
            for beside, values in self._groups(body, columns):
                self._group(_Block(header, body, columns, beside, values))
        return self._layout

    def _goes_on(self, body: Rows) -> bool:
        """Whether rows without a header fit below the last one: as wide, and figures where figures were."""
        if self._outline.width != self._width:
            return False
        texts = [row[column].text for row in body for column in self._outline.columns if row[column].text.strip()]
        units = sum(trail[-1].is_unit for trail in self._outline.columns.values()) * len(body)
        return 2 * sum(is_figure(text) for text in texts) >= len(texts) - units

    def _regions(self) -> Iterator[tuple[Rows, Rows]]:
        """Header rows with the rows below them; the first may have none."""
        header: Rows = []
        for is_header, rows in groupby(self._rows, key=self._is_header):
            if is_header:
                header = list(rows)
            else:
                yield header, list(rows)
                header = []

    def _is_header(self, row: tuple[Cell, ...]) -> bool:
        """True for a row that names columns and holds no figure. 其他 names a row as well as a column: not enough."""
        texts = [cell.text for cell in row if cell.is_origin and cell.text.strip()]
        if any(is_figure(text) for text in texts):
            return False
        return any(self._across.knows(text) and not self._down.knows(text) for text in texts)

    def _columns(self, header: Rows) -> dict[int, Trail]:
        """Column -> the trail of the headings above it, for those that the form knows."""
        found: dict[int, Trail] = {}
        here: Trail = ()
        for column in range(self._width) if header else ():
            above = [text for text in lines.above(header, column) if self._across.knows(text)]
            try:
                trail = self._across.find([*self._title, *above], here) if above else None
            except AmbiguousLabel:
                self._layout.ambiguous.append(header[-1][column])
                continue
            if trail:
                found[column] = here = trail
        return found

    def _groups(self, body: Rows, columns: dict[int, Trail]) -> Iterator[tuple[tuple[int, ...], list[int]]]:
        """Columns of labels, and the columns of figures that belong to them: two such groups where halves stand side by side."""
        values = [column for column, trail in columns.items() if not trail[-1].is_unit]
        holding = {
            column
            for column in range(self._width)
            if column not in columns and any(self._down.knows(row[column].text) for row in body)
        }
        for beside, group in groupby(values, key=lambda column: lines.nearest_run(holding, column)):
            if beside or not self._table.rows:
                yield beside, list(group)

    def _group(self, block: _Block) -> None:
        known = lines.Known(self._is_row, self._down.has_wording)
        for line in lines.read(block.body, block.beside, block.values, known):
            trail = self._trail(line)
            if trail is not None:
                self._layout.claimed.update(cell.locator for cell in line.cells.values())
                self._line(line, trail, block)

    def _is_row(self, printed: str) -> bool:
        return not self._table.rows or self._down.knows(printed)

    def _trail(self, line: Line) -> Trail | None:
        try:
            trail = self._down.find(line.printed, self._outline.here)
        except AmbiguousLabel:
            self._layout.ambiguous.append(line.label)
            return None
        if trail and line.is_torn:
            self._layout.ambiguous.append(line.label)
            return None
        if trail is None and line.has_figures:
            self._layout.unmapped.append(line.label)
        if trail:
            self._outline.here = trail
        return trail

    def _line(self, line: Line, row: Trail, block: _Block) -> None:
        for column, number_of in groupby(block.values, key=lambda number: block.columns[number]):
            numbers = list(number_of)
            meaning = self._table.cell(row, column)
            cells = [cell for cell in (line.cells[number] for number in numbers) if cell.is_origin]
            filled = [cell for cell in cells if cell.text.strip()]
            if meaning is None:
                self._layout.unmapped.extend(filled)
            elif len({cell.text for cell in filled}) > 1 or not cells:  # two figures for one place, or one for two
                self._layout.ambiguous.append(line.cells[numbers[0]])
            else:
                cell = (filled or cells)[0]
                self._layout.places.append(Place(meaning, cell, block.unit(line, numbers[0]) or meaning.unit))


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows under one header: columns of labels, and the columns of figures that belong to them."""

    header: Rows
    body: Rows
    columns: dict[int, Trail]
    beside: tuple[int, ...]
    values: list[int]

    def unit(self, line: Line, column: int) -> str:
        """The unit printed for a figure: in the unit column on its left (or else right), above it, or in its row's label."""
        holding = [number for number, trail in self.columns.items() if trail[-1].is_unit]
        left = [number for number in holding if number < column]
        chosen = max(left, default=min(holding, default=None))
        beside = line.cells[chosen].text.strip() if chosen is not None else ""
        if beside:
            return beside
        stated = [labels.unit_in(text) for text in (*line.printed, *lines.above(self.header, column))]
        return next(filter(None, reversed(stated)), "")
