"""Lines of all pages -> paragraphs; what repeats at the edge of pages (headers, page numbers) is dropped
first.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from statistics import median

from dashboard.documents.assembly import Paragraph, join_lines
from dashboard.documents.pdf.lines import Line

_LONGEST_NUMBER = 60  # characters of a page's number with all around it
_NUMBER = re.compile(
    r"[-—–－·•\s]*(?P<word>第)?\s*(?P<number>\d{1,4})\s*(?P<page>页)?\s*((/|共|，共|,共)\s*\d{1,4}\s*页?)?[-—–－·•\s]*"
)
_EDGE_LINES = 3
_NEVER_FIRST = set("，。、；：？！）》】〉」』〕％%!,.:;?)]}")
_NEVER_LAST = set("（《【〈「『〔([{")
_NEVER_EITHER = set("“”‘’\"'")


def without_running(pages: list[list[Line]]) -> list[list[Line]]:
    """The lines of each page without headers, footers and page numbers.

    They repeat at the same place, or count with the pages, and stand apart from the text: lines of the text
    that happen to be the same on two pages do not.
    """
    keys = Counter(key for lines in pages for key in {_key(line) for line in _edge(lines)})
    often = max(2, len(pages) // 2)
    offset, times = _page_offset(pages)
    step = _step([line for lines in pages for line in lines])

    def is_running(line: Line, index: int) -> bool:
        number = _page_number(line)
        if number is not None:
            return number - index == offset and (times > 1 or not line.text.isdigit())
        return keys[_key(line)] >= often

    kept = []
    for index, lines in enumerate(pages):
        top = _running_count(lines, step, [is_running(line, index) for line in lines[:_EDGE_LINES]])
        rest = lines[top:]
        below = [is_running(line, index) for line in reversed(rest[-_EDGE_LINES:])]
        kept.append(rest[: len(rest) - _running_count(rest[::-1], step, below)])
    return kept


def _running_count(lines: list[Line], step: float, running: list[bool]) -> int:
    """How many of the outermost lines are to go: those that run, up to the last one that stands apart."""
    for count in range(len(running), 0, -1):
        if not all(running[:count]):
            continue
        if count == len(lines):
            return count
        gap = abs(lines[count].y - lines[count - 1].y)
        if gap > min(1.3 * step, 3 * lines[count].size):
            return count
    return 0


def _page_offset(pages: list[list[Line]]) -> tuple[int, int]:
    """The usual difference between printed and counted page numbers, and on how many pages it holds."""
    offsets: Counter[int] = Counter()
    for index, lines in enumerate(pages):
        numbers = {_page_number(line) for line in _edge(lines)}
        offsets.update(number - index for number in numbers if number is not None)
    return offsets.most_common(1)[0] if offsets else (0, 0)


def _edge(lines: list[Line]) -> list[Line]:
    return lines if len(lines) <= 2 * _EDGE_LINES else [*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:]]


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.y / 4)


def _page_number(line: Line) -> int | None:
    match = _NUMBER.fullmatch(line.text) if len(line.text) <= _LONGEST_NUMBER else None
    return int(match["number"]) if match else None


def _step(lines: list[Line]) -> float:
    """The usual distance between lines that follow each other on a page."""
    steps = [b.y - a.y for a, b in pairwise(lines) if a.page == b.page and b.y > a.y]
    return median(steps) if steps else 0.0


class Margins:
    """Where the text of a document begins and ends from side to side, and how far lines stand apart."""

    def __init__(self, lines: list[Line]) -> None:
        long = [line for line in lines if len(line.text) >= 15] or lines
        starts = Counter(round(line.x0) for line in long)
        common = [x for x, times in starts.items() if 5 * times >= len(long)]
        self.left = min(common) if common else min((line.x0 for line in long), default=0.0)
        ends = sorted(line.x1 for line in long)
        self.right = ends[int(0.9 * (len(ends) - 1))] if ends else 0.0
        self.step = _step(lines)


def paragraphs_of(lines: list[Line], margins: Margins) -> list[Paragraph]:
    """Lines that run on put together, over page breaks too; a paragraph's page is where it begins."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _runs_on(groups[-1], line, margins):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Paragraph(join_lines(line.text for line in group), page=group[0].page) for group in groups]


def _runs_on(group: list[Line], line: Line, margins: Margins) -> bool:
    before = group[-1]
    had_room = before.x1 + _first_word(line) + 0.5 * before.size < margins.right
    if had_room or abs(line.size - before.size) > 0.15 * before.size:
        return False
    if line.x0 > margins.left + line.size and not (len(group) > 1 and abs(line.x0 - before.x0) < 2):
        return False
    if before.page != line.page:
        return line.x0 <= margins.left + line.size
    return 0 < line.y - before.y <= 1.2 * max(margins.step, line.size)


def _first_word(line: Line) -> float:
    """The width of what no program would have parted to fit it in at the end of the line before."""
    glyphs = [glyph for glyph in line.glyphs if not glyph.text.isspace()]
    for glyph, after in pairwise(glyphs):
        one, other = glyph.text, after.text
        is_word = one.isascii() and other.isascii() and after.x0 - glyph.x1 < 0.25 * glyph.size
        is_bound = one in _NEVER_LAST or other in _NEVER_FIRST or {one, other} & _NEVER_EITHER
        if not is_word and not is_bound:
            return glyph.x1 - line.x0
    return line.x1 - line.x0
