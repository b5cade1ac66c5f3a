"""Plain text: a line is a paragraph, consecutive lines with tabs (or pipes, as in Markdown) are one table.

A text taken out of a PDF repeats a table's header row after each page break; that is left as it is here, since
only a form knows what a header is. Blank lines between the parts of one table do not end it.
"""

from __future__ import annotations

from itertools import count

from dashboard.documents import limits
from dashboard.documents.document import Block, Cell, Document, Grid, Locator
from dashboard.messages import UserError


def read(content: bytes) -> Document:
    """The text as lines and tab-separated tables. Raises UserError for bytes that are no text."""
    parts: list[Block | Grid] = []
    pending: list[tuple[int, str]] = []
    tables, cells = count(1), 0

    def close_table() -> None:
        nonlocal cells
        if pending:
            cells += len(pending) * max(line.count("\t") + 1 for _, line in pending)
            limits.check_cells(cells)
            parts.append(_grid(pending, next(tables)))
            pending.clear()

    for number, line in enumerate(_decode(content).splitlines(), start=1):
        if "\t" in line:
            pending.append((number, line))
        elif line.strip():
            close_table()
            parts.append(Block(line, Locator(line=number)))
    close_table()
    return Document(tuple(parts), format="txt")


def _decode(content: bytes) -> str:
    if b"\0" in content:
        raise UserError("document.not_text")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError("document.not_text")


def _grid(lines: list[tuple[int, str]], table: int) -> Grid:
    split = [(number, line.split("\t")) for number, line in lines]
    width = max(len(cells) for _, cells in split)
    return Grid(
        tuple(
            tuple(
                Cell(text.strip(), Locator(line=number, table=table, row=row, col=col))
                for col, text in enumerate(cells + [""] * (width - len(cells)), start=1)
            )
            for row, (number, cells) in enumerate(split, start=1)
        )
    )
