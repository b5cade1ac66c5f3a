"""Markdown: headings, paragraphs and pipe tables; emphasis and links give their text. Locators count
lines.
"""

from __future__ import annotations

import re

from dashboard.documents import limits
from dashboard.documents.assembly import join_lines, tidy
from dashboard.documents.document import Block, BlockKind, Cell, Document, Grid, Locator
from dashboard.documents.encoding import decode
from dashboard.messages import UserError

_RULE = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")
_HEADING = re.compile(r"#{1,6}\s+(.*?)[\s#]*")
_PIPE = re.compile(r"(?<!\\)\|")
_INLINE = (
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\*)\*(?=[^\s*])([^*]+)(?<=\S)\*"), r"\1"),
    (re.compile(r"`([^`]+)`"), r"\1"),
    (re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE), " "),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])"), r"\1"),
)


def read(content: bytes) -> Document:
    """The text's paragraphs and tables. Raises UserError for bytes that are no text."""
    reader = _Reader()
    for number, line in enumerate(decode(content).splitlines(), start=1):
        reader.take(number, line)
    reader.close()
    if not reader.parts:
        raise UserError("document.no_text")
    title = next((part.text for part in reader.parts if isinstance(part, Block)), "")
    return Document(tuple(reader.parts), "md", title)


class _Reader:
    """Lines go in one by one; paragraphs and tables collect until something else begins."""

    def __init__(self) -> None:
        self.parts: list[Block | Grid] = []
        self._paragraph: list[tuple[int, str]] = []
        self._table: list[tuple[int, list[str]]] = []
        self._tables = self._cells = self._places = 0

    def take(self, number: int, line: str) -> None:
        if self._table and _PIPE.search(line):
            self._add_row(number, line)
        elif self._begins_table(line):
            header = self._paragraph.pop()
            self.close()
            self._add_row(*header)
        elif heading := _HEADING.fullmatch(line):
            self.close()
            self.parts.append(Block(_plain(heading[1]), Locator(line=number), BlockKind.HEADING))
        elif not line.strip():
            self.close()
        else:
            if self._table:
                self.close()
            self._paragraph.append((number, line))

    def _add_row(self, number: int, line: str) -> None:
        self._cells += len(_PIPE.findall(line)) + 1
        limits.check_cells(self._cells)  # before the words of each are looked at, which takes longest
        self._table.append((number, _cells(line)))

    def _begins_table(self, line: str) -> bool:
        """A row of dashes with as many columns as the line above has."""
        return (
            bool(self._paragraph)
            and "-" in line
            and "|" in self._paragraph[-1][1]
            and _RULE.fullmatch(line.strip()) is not None
            and len(_cells(line)) == len(_cells(self._paragraph[-1][1]))
        )

    def close(self) -> None:
        text = join_lines(_plain(line) for _, line in self._paragraph)
        if text:
            self.parts.append(Block(text, Locator(line=self._paragraph[0][0])))
        self._paragraph.clear()
        if self._table:
            self.parts.append(self._grid())
            self._table.clear()

    def _grid(self) -> Grid:
        self._tables += 1
        width = max(len(cells) for _, cells in self._table)
        self._places += width * len(self._table)
        limits.check_cells(self._places)
        return Grid(
            tuple(
                tuple(
                    Cell(text, Locator(line=line, table=self._tables, row=row, col=col))
                    for col, text in enumerate(cells + [""] * (width - len(cells)), start=1)
                )
                for row, (line, cells) in enumerate(self._table, start=1)
            )
        )


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    cells = _PIPE.split(inner)
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return [_plain(cell) for cell in cells]


def _plain(text: str) -> str:
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return tidy(text)
