"""From a file's own structure (paragraphs, tables with spans, tables in tables) to a Document.

Readers of markup fill a `Collector` as they walk through a file; `assemble` then tells data tables from
tables that only lay out a page, resolves spans, and numbers what is left. Knows no file format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from dashboard.documents import limits
from dashboard.documents.document import Block, BlockKind, Cell, Document, Grid, Locator
from dashboard.messages import UserError

_MAX_COLSPAN = 200  # a careless colspan="1000" must not blow up every row
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SPACES = re.compile(r"[\s\x00-\x1f]+")


@dataclass(slots=True)
class Paragraph:
    text: str
    is_heading: bool = False
    is_link: bool = False  # nothing but links: navigation, unless it stands in a table's cell
    page: int | None = None


@dataclass(slots=True)
class Span:
    """A cell as the file has it: its content, and how many rows (0: to the end) and columns it covers."""

    parts: list[Paragraph | Table] = field(default_factory=list)
    rows: int = 1
    cols: int = 1
    goes_on: bool = False  # the rest of the cell above, cut by a page break: begins nothing

    @property
    def text(self) -> str:
        return join_lines(part.text for part in self.parts if isinstance(part, Paragraph))


@dataclass(slots=True)
class Table:
    """A table as the file has it; where the file has them, the pages of its rows and its own numbers."""

    rows: list[list[Span]] = field(default_factory=list)
    caption: str = ""
    inner_cells: int = 0  # cells of all tables inside
    pages: list[int] = field(default_factory=list)
    row_numbers: list[int] = field(default_factory=list)
    col_numbers: list[int] = field(default_factory=list)


Part = Paragraph | Table


def tidy(text: str) -> str:
    """One line with plain single spaces, without invisible characters."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def join_lines(lines: Iterable[str]) -> str:
    """Lines as one: Chinese runs on without a space, Latin words and numbers stay apart."""
    joined = ""
    for line in filter(None, lines):
        apart = joined and joined[-1].isascii() and line[0].isascii()
        joined += f" {line}" if apart else line
    return joined


def assemble(parts: Iterable[Part], file_format: str, title: str = "") -> Document:
    """The Document of these parts, in their order. Raises UserError where nothing is left or too much is."""
    content: list[Block | Grid] = []
    paragraphs, tables, cells = count(1), count(1), 0
    for part in _unfold(parts):
        if isinstance(part, Paragraph):
            kind = BlockKind.HEADING if part.is_heading else BlockKind.TEXT
            content.append(Block(part.text, Locator(page=part.page, para=next(paragraphs)), kind))
            continue
        grid = _grid(part, next(tables), cells)
        cells += sum(len(row) for row in grid.rows)
        content.append(grid)
    if not content:
        raise UserError("document.no_text")
    return Document(tuple(content), file_format, tidy(title))


def _unfold(parts: Iterable[Part]) -> Iterator[Part]:
    """Paragraphs and data tables only: layout tables give their content, inner tables follow their host."""
    open_parts = [iter(parts)]
    while open_parts:
        part = next(open_parts[-1], None)
        if part is None:
            open_parts.pop()
        elif isinstance(part, Paragraph):
            if part.text and not part.is_link:
                yield part
        elif _is_layout(part):
            open_parts.append(_inside(part, Paragraph | Table))
        else:
            if any(cell.text for row in part.rows for cell in row):
                yield part
            open_parts.append(_inside(part, Table))


def _inside(table: Table, kind: type | object) -> Iterator[Part]:
    return (p for row in table.rows for cell in row for p in cell.parts if isinstance(p, kind))  # type: ignore[arg-type]  # a tuple of types is a type to isinstance


def _is_layout(table: Table) -> bool:
    """True for one column, for a frame around bigger tables, and for a column of prose beside others."""
    cells = [cell for row in table.rows for cell in row]
    if all(len(row) <= 1 for row in table.rows) or table.inner_cells > len(cells):
        return True
    total = sum(len(cell.text) for cell in cells)
    return any(len(c.parts) > 3 and len(c.text) > 300 and 2 * len(c.text) > total for c in cells)


def _grid(table: Table, number: int, cells_before: int) -> Grid:
    """Spans resolved; rows and columns in which no cell begins mean nothing and are left out."""
    places = _place(table.rows, cells_before)
    cols = sorted({c for row in places for c, (_, first) in row.items() if first})
    starts = [r for r, row in enumerate(places) if any(first for _, first in row.values())]
    limits.check_cells(cells_before + len(cols) * len(starts))
    blank = ("", True)
    rows = []
    for row, r in enumerate(starts, start=1):
        page = table.pages[r] if table.pages else None
        row_number = table.row_numbers[r] if table.row_numbers else row
        cells = []
        for col, c in enumerate(cols, start=1):
            text, first = places[r].get(c, blank)
            col_number = table.col_numbers[c] if table.col_numbers else col
            locator = Locator(page=page, table=number, row=row_number, col=col_number)
            cells.append(Cell(text, locator, first))
        rows.append(tuple(cells))
    return Grid(tuple(rows), table.caption)


def _place(rows: list[list[Span]], cells_before: int) -> list[dict[int, tuple[str, bool]]]:
    """For each row: column -> the text of the span that covers it, and whether it begins there."""
    places: list[dict[int, tuple[str, bool]]] = [{} for _ in rows]
    placed = cells_before
    for r, row in enumerate(rows):
        col = 0
        for span in row:
            while col in places[r]:
                col += 1
            height = min(span.rows or len(rows), len(rows) - r)
            width = min(max(span.cols, 1), _MAX_COLSPAN)
            placed += height * width
            limits.check_cells(placed)
            text = span.text  # once: a long text under a large span must not be copied for each place
            for below in range(height):
                for beside in range(width):
                    places[r + below].setdefault(col + beside, (text, below == beside == 0 and not span.goes_on))
            col += width
    return places


class Collector:
    """Takes text and table marks in reading order, as a walk through markup meets them, and gives `parts`."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._tables: list[Table] = []
        self._targets: list[list[Part]] = [self.parts]
        self._text: list[str] = []
        self._links = self._linked = self._cells = 0
        self._paused: list[tuple[list[str], int, int]] = []

    def text(self, text: str, is_link: bool = False) -> None:
        self._text.append(text)
        if is_link and (visible := len(text.strip())):
            self._linked += visible
            self._links += 1

    def end_paragraph(self, is_heading: bool = False) -> None:
        text = tidy("".join(self._text))
        if text:
            plain = len(text) - self._linked
            short = self._linked <= 80 * self._links  # an unclosed link must not swallow an article
            is_link = self._links > 0 and short and (plain <= 3 or (self._links > 1 and plain < 12))
            self._targets[-1].append(Paragraph(text, is_heading, is_link))
        self._text.clear()
        self._links = self._linked = 0

    def pause_paragraph(self) -> None:
        """Something with paragraphs of its own begins inside a paragraph, such as a text box."""
        self._paused.append((self._text, self._links, self._linked))
        self._text, self._links, self._linked = [], 0, 0

    def resume_paragraph(self) -> None:
        self.end_paragraph()
        self._text, self._links, self._linked = self._paused.pop()

    def start_table(self) -> None:
        self.end_paragraph()
        if len(self._tables) >= limits.MAX_NESTED_TABLES:
            raise UserError("document.too_deep")
        self._tables.append(Table())
        self._targets.append(self._targets[-1])  # text outside of cells goes before the table

    def start_row(self) -> None:
        self.end_cell()
        if self._tables:
            self._tables[-1].rows.append([])

    def start_cell(self, rows: int = 1, cols: int = 1) -> Span | None:
        """None where there is no table to put the cell in: its text is then plain text."""
        self.end_cell()
        if not self._tables:
            return None
        table = self._tables[-1]
        if not table.rows:
            table.rows.append([])
        self._cells += 1
        limits.check_cells(self._cells)
        span = Span(rows=rows, cols=cols)
        table.rows[-1].append(span)
        self._targets[-1] = span.parts
        return span

    def end_cell(self) -> None:
        self.end_paragraph()
        if self._tables:
            self._targets[-1] = self._targets[-2]

    def end_table(self) -> Table | None:
        self.end_cell()
        if not self._tables:
            return None
        table = self._tables.pop()
        self._targets.pop()
        self._targets[-1].append(table)
        if self._tables:
            self._tables[-1].inner_cells += table.inner_cells + sum(len(row) for row in table.rows)
        return table

    def caption(self) -> None:
        """What was collected since the last mark is the open table's caption."""
        if self._tables:
            self._tables[-1].caption = tidy("".join(self._text))
            self._text.clear()
            self._links = self._linked = 0
