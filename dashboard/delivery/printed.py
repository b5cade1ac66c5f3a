"""A document as HTML, with places of it marked: paragraphs and tables as they stand, every word escaped.

Knows no page, no report and no file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from dashboard.documents.document import Block, Cell, Document, Grid, Locator

_Place = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """How a place is marked: the id to go to, classes of the mark itself and of the paragraph it stands in."""

    id: str
    classes: str = ""
    paragraph: str = ""


def html(document: Document, marks: Mapping[Locator, Mark]) -> str:
    cells: dict[_Place, Mark] = {}
    stretches: dict[_Place, list[tuple[Locator, Mark]]] = defaultdict(list)
    for at, mark in marks.items():
        if at.table is not None:
            cells[at.table, at.row, at.col] = mark
        elif at != Locator():
            stretches[at.page, at.line, at.para].append((at, mark))
    return "".join(_parts(document, cells, stretches))


def _parts(
    document: Document, cells: dict[_Place, Mark], stretches: Mapping[_Place, list[tuple[Locator, Mark]]]
) -> Iterator[str]:
    for part in document.content:
        if isinstance(part, Grid):
            yield _grid(part, cells)
        else:
            place = part.locator.page, part.locator.line, part.locator.para
            yield _block(part, stretches.get(place, []))


def _block(block: Block, found: list[tuple[Locator, Mark]]) -> str:
    """Stretches in the order in which they stand; of one that begins within another only the place to go to is kept."""
    if not found:
        return f"<p>{escape(block.text)}</p>\n"
    told, done = "", 0
    for at, mark in sorted(found, key=lambda each: (each[0].start or 0, -(each[0].end or 0))):
        start, end = at.start or 0, at.end if at.end is not None else len(block.text)
        if start < done:
            told += _mark(mark, "")
            continue
        told += escape(block.text[done:start]) + _mark(mark, escape(block.text[start:end]))
        done = end
    paragraph = next((mark.paragraph for _, mark in found if mark.paragraph), "")
    return f"<p{_classes(paragraph)}>{told}{escape(block.text[done:])}</p>\n"


def _grid(grid: Grid, cells: dict[_Place, Mark]) -> str:
    rows = "".join(f"<tr>{''.join(_cell(cell, cells) for cell in row)}</tr>\n" for row in grid.rows)
    return f"<table>{rows}</table>\n"


def _cell(cell: Cell, cells: dict[_Place, Mark]) -> str:
    mark = cells.pop((cell.locator.table, cell.locator.row, cell.locator.col), None)  # an id stands once
    content = escape(cell.text) if cell.is_origin else ""
    return f"<td>{_mark(mark, content) if mark else content}</td>"


def _mark(mark: Mark, content: str) -> str:
    return f'<mark id="{escape(mark.id)}"{_classes(mark.classes)}>{content}</mark>'


def _classes(names: str) -> str:
    return f' class="{escape(names)}"' if names else ""
