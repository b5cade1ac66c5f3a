"""Glyphs -> lines of text, and lines -> chunks that stand apart, as the columns of a table do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from dashboard.documents.assembly import join_lines, tidy
from dashboard.documents.pdf.page import Glyph

_SOME = 0.1  # em: Chinese characters of one word stand closer


@dataclass(slots=True)
class Line:
    """Glyphs on one baseline, from left to right."""

    y: float
    glyphs: list[Glyph]
    page: int = 0
    text: str = field(init=False)
    size: float = field(init=False)
    x0: float = field(init=False)
    x1: float = field(init=False)

    def __post_init__(self) -> None:
        inked = [glyph for glyph in self.glyphs if not glyph.text.isspace()] or self.glyphs
        self.text = _text(self.glyphs)
        self.size = median(glyph.size for glyph in inked)
        self.x0 = inked[0].x0
        self.x1 = max(glyph.x1 for glyph in inked)


def lines_of(glyphs: Iterable[Glyph], page: int = 0) -> list[Line]:
    """Lines from top to bottom; blank ones are left out."""
    groups: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.y):
        last = groups[-1][-1] if groups else None
        if last is not None and glyph.y - last.y <= 0.2 * min(glyph.size, last.size):
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    found = (Line(group[0].y, _once(sorted(group, key=lambda g: (g.x0, g.x1))), page) for group in groups)
    return [line for line in found if line.text]


def chunks(line: Line, apart: float) -> list[Line]:
    """The line's parts between gaps of `apart` em and more, of one em where the gap holds a space."""
    parts: list[list[Glyph]] = []
    last: Glyph | None = None
    has_space = False
    for glyph in line.glyphs:
        if glyph.text.isspace():
            has_space = True
            if parts:
                parts[-1].append(glyph)
            continue
        if last is None or glyph.x0 - last.x1 >= (max(apart, 1.0) if has_space else apart) * line.size:
            parts.append([])
        parts[-1].append(glyph)
        last, has_space = glyph, False
    return [Line(line.y, part, line.page) for part in parts]


def cut(line: Line, at: list[float]) -> list[Line]:
    """The line's parts left and right of each x in `at` that has some space around it."""
    parts: list[list[Glyph]] = [[]]
    for glyph, after in zip(line.glyphs, [*line.glyphs[1:], None], strict=True):
        parts[-1].append(glyph)
        is_free = after is not None and after.x0 - glyph.x1 > _SOME * line.size
        if after is not None and is_free and any(glyph.x1 <= x <= after.x0 for x in at):
            parts.append([])
    return [Line(line.y, part, line.page) for part in parts if any(not glyph.text.isspace() for glyph in part)]


def cell_text(glyphs: list[Glyph], right: float) -> str:
    """The text of one cell that ends at `right`; a number broken for want of room is whole again."""
    lines = lines_of(glyphs)
    text = ""
    for before, line in zip([None, *lines], lines, strict=False):
        is_broken_number = (
            before is not None
            and before.text[-1].isdigit()
            and line.text[0].isdigit()
            and right - before.x1 < 0.9 * before.size
        )
        text = text + line.text if is_broken_number else join_lines([text, line.text])
    return text


def _once(glyphs: list[Glyph]) -> list[Glyph]:
    """Bold is sometimes faked by printing twice with a small offset."""
    kept: list[Glyph] = []
    for glyph in glyphs:
        if not any(g.text == glyph.text and glyph.x0 - g.x0 < 0.15 * glyph.size for g in kept[-2:]):
            kept.append(glyph)
    return kept


def _text(glyphs: list[Glyph]) -> str:
    """Spaces where the file has them, and where words stand apart without one."""
    text = ""
    last: Glyph | None = None
    for glyph in glyphs:
        if last is not None and not (last.text.isspace() or glyph.text.isspace()):
            gap = (glyph.x0 - last.x1) / max(glyph.size, last.size)
            are_words = last.text.isascii() and glyph.text.isascii()
            if gap > (0.25 if are_words else 0.9):
                text += " "
        text += glyph.text
        last = glyph
    return tidy(text)
