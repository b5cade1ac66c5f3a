"""What every reader gives: blocks of text and grids of cells, each with the place where it stands in the file.

A Document knows nothing of forms: it does not judge what a table or a paragraph is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

_PARTS = ("page", "line", "para", "table", "row", "col")


@dataclass(frozen=True, slots=True)
class Locator:
    """A place in a document: a cell (`table`, `row`, `col`) or a stretch of text (`line` or `para`, `start`, `end`).

    All counts start at 1 and follow the file as it is (a plain text file has lines, others have paragraphs);
    `start` and `end` are character offsets within that line or paragraph, from 0, `end` excluded.
    Written as `line:231/chars:14-22` or `line:310/table:1/row:7/col:3`.
    """

    page: int | None = None
    line: int | None = None
    para: int | None = None
    table: int | None = None
    row: int | None = None
    col: int | None = None
    start: int | None = None
    end: int | None = None

    def __str__(self) -> str:
        parts = [f"{name}:{getattr(self, name)}" for name in _PARTS if getattr(self, name) is not None]
        if self.start is not None:
            parts.append(f"chars:{self.start}-{self.end}")
        return "/".join(parts)

    @classmethod
    def parse(cls, text: str) -> Locator:
        """The inverse of `str`. Raises ValueError on anything else."""
        found: dict[str, int] = {}
        for part in filter(None, text.split("/")):
            match = re.fullmatch(r"(page|line|para|table|row|col):(\d+)|chars:(\d+)-(\d+)", part)
            if match is None:
                raise ValueError(f"not a locator: {text!r}")
            if match[1]:
                found[match[1]] = int(match[2])
            else:
                found |= {"start": int(match[3]), "end": int(match[4])}
        return cls(**found)

    def chars(self, start: int, end: int) -> Locator:
        """The same line or paragraph, narrowed to the characters from `start` up to `end`."""
        return replace(self, start=start, end=end)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid. A spanned cell is repeated at each place it covers; `is_origin` marks the first."""

    text: str
    locator: Locator
    is_origin: bool = True


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its spans resolved: every row has a cell at every column."""

    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""


class BlockKind(StrEnum):
    HEADING = "heading"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, as it stands in the file; `kind` is HEADING only where the file itself marks it so."""

    text: str
    locator: Locator
    kind: BlockKind = BlockKind.TEXT


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content in reading order: paragraphs and grids."""

    content: tuple[Block | Grid, ...]
    format: str
    title: str = ""

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(part for part in self.content if isinstance(part, Block))

    @property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(part for part in self.content if isinstance(part, Grid))
