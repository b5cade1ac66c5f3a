"""Lines of text that stand in columns without ruling -> tables.

A table is where lines below each other leave the same space free; prose in Chinese leaves none. A piece that
reaches over the space between columns spans them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from dashboard.documents.assembly import join_lines
from dashboard.documents.pdf.lines import Line, chunks, cut
from dashboard.documents.pdf.ruled import Box, Lattice

_LOOSE = 3.0  # em: a wider vertical gap ends a table
_OVERLAP = 0.85  # em: baselines closer than this belong to one row
_NARROW = 0.25  # em: the least free space between two columns
_WIDE = 1.0  # em: two rows with so much between columns are a table; with less, it takes three

_ALIGNED = 0.2  # em: texts begin one below the other
_FIRM = 3  # rows: space kept free so often is a column's edge, and text across it is no part of the table


@dataclass(slots=True)
class _River:
    """Space that lines below each other leave free, and how many of them have text on both sides."""

    start: float
    end: float
    rows: int = 1


@dataclass(slots=True)
class _Piece:
    x0: float
    x1: float
    text: str


@dataclass(slots=True)
class _Band:
    """Lines side by side and their pieces: a number beside a label of two lines stands between them."""

    lines: list[Line]
    pieces: list[_Piece]

    @property
    def top(self) -> float:
        return self.lines[0].y

    @property
    def bottom(self) -> float:
        return self.lines[-1].y

    @property
    def size(self) -> float:
        return self.lines[0].size


def tables_of(lines: list[Line]) -> list[Line | Lattice]:
    """The lines of one page from top to bottom, those that make up tables replaced by them."""
    parts: list[Line | Lattice] = []
    bands = _bands(lines)
    start = 0
    while start < len(bands):
        end = _region_end(bands, start)
        body = bands[start:end]
        if gaps := _columns_of(body) if body else []:
            parts.append(_lattice([_cut(band, gaps) for band in body], gaps))
        else:
            end = start + 1
            parts += bands[start].lines
        start = end
    return parts


def _region_end(bands: list[_Band], start: int) -> int:
    """How far a table that begins at `start` reaches; `start` itself where none does."""
    rivers = [_River(left.x1, right.x0) for left, right in pairwise(bands[start].pieces)]
    end, found, found_rivers = start + 1, start + 1, rivers
    while end < len(bands) and bands[end].top - bands[end - 1].bottom <= _LOOSE * bands[end].size:
        rivers = _narrowed(rivers, bands[end])
        if not rivers:
            break
        end += 1
        if len(bands[end - 1].pieces) > 1 or (end - 1 == found and _is_tail(bands, found - 1)):
            found, found_rivers = end, rivers
    wide = _WIDE * bands[start].size
    is_table = any(r.rows > 2 or (r.rows == 2 and r.end - r.start >= wide) for r in found_rivers)
    return found if is_table else start


def _narrowed(rivers: list[_River], band: _Band) -> list[_River]:
    """What this band's text leaves of the free space; nothing if it runs across a firm column's edge."""
    edges = [float("-inf"), *(x for piece in band.pieces for x in (piece.x0, piece.x1)), float("inf")]
    free = list(zip(edges[::2], edges[1::2], strict=True))
    kept: list[_River] = []
    for river in rivers:
        parts = [(max(river.start, start), min(river.end, end), start, end) for start, end in free]
        parts = [part for part in parts if part[1] - part[0] >= _NARROW * band.size]
        if not parts and river.rows >= _FIRM:
            return []
        for low, high, start, end in parts:
            is_between = start > edges[0] and end < edges[-1]
            kept.append(_River(low, high, river.rows + is_between))
    return kept


def _bands(lines: list[Line]) -> list[_Band]:
    groups: list[list[Line]] = []
    for line in lines:
        if groups and line.y - groups[-1][-1].y < _OVERLAP * line.size:
            groups[-1].append(line)
        else:
            groups.append([line])
    parts = [[chunk for line in group for chunk in chunks(line, _NARROW)] for group in groups]
    return [_Band(group, _pieces(chunked)) for group, chunked in zip(groups, parts, strict=True)]


def _cut(band: _Band, gaps: list[float]) -> _Band:
    """The band with its pieces cut at the columns: a full cell may come close to the next."""
    parts = [part for line in band.lines for chunk in chunks(line, _NARROW) for part in cut(chunk, gaps)]
    return _Band(band.lines, _pieces(parts))


def _pieces(parts: list[Line]) -> list[_Piece]:
    """Parts of lines from left to right; those above each other are one, read from the top."""
    stacks: list[list[Line]] = []
    for part in sorted(parts, key=lambda part: part.x0):
        if stacks and part.x0 < max(other.x1 for other in stacks[-1]):
            stacks[-1].append(part)
        else:
            stacks.append([part])
    return [
        _Piece(
            min(part.x0 for part in stack),
            max(part.x1 for part in stack),
            join_lines(part.text for part in sorted(stack, key=lambda part: (part.y, part.x0))),
        )
        for stack in stacks
    ]


def _is_tail(bands: list[_Band], last: int) -> bool:
    """True where the next line goes on with a cell of the last row: closer than a row of its own would be."""
    above, below = bands[last], bands[last + 1]
    before = bands[last - 1] if last else above
    is_below = above.pieces[0].x0 - above.size < below.pieces[0].x0 < above.pieces[0].x1
    return is_below and (below.top - above.bottom) * 1.25 < above.top - before.bottom


def _columns_of(body: list[_Band]) -> list[float]:
    """An x between each two columns: in space that all lines leave free, or all but few that span columns."""
    few = max(1, len(body) // 5) if len(body) > 2 else 0
    stretches = [part for part in _stretches(body) if part[2] - part[1] >= _NARROW * body[0].size]
    free = [(start + end) / 2 for count, start, end in stretches if count == 0]
    columns = [x for x in free if sum(_has_between(band, x, free) for band in body) > 1]
    for count, start, end in sorted(stretches, key=lambda part: (part[0], part[1] - part[2])):
        x = (start + end) / 2
        if 0 < count <= few and _parts_columns(body, x, end, columns):
            columns.append(x)
    return sorted(columns)


def _parts_columns(body: list[_Band], x: float, end: float, columns: list[float]) -> bool:
    """True where half of the lines have text on both sides of x, or where labels begin one below the other.

    The labels need a heading on their left somewhere (a line of a merged cell): indented lines alone are no column.
    """
    parted = sum(_has_between(band, x, columns) for band in body)
    begun = sum(any(abs(piece.x0 - end) < _ALIGNED * band.size for piece in band.pieces) for band in body)
    return parted >= max(2, len(body) // 2) or (parted > 0 and begun >= max(_FIRM, len(body) // 8))


def _stretches(body: list[_Band]) -> list[tuple[int, float, float]]:
    """From left to right, between the outermost texts: how many lines have text there, from, to."""
    changes = Counter[float]()
    for band in body:
        for piece in band.pieces:
            changes[piece.x0] += 1
            changes[piece.x1] -= 1
    count, stretches = 0, []
    for start, end in pairwise(sorted(changes)):
        count += changes[start]
        stretches.append((count, start, end))
    return stretches


def _has_between(band: _Band, x: float, edges: list[float]) -> bool:
    """True where the line has text of its own on both sides of x, up to the next edges."""
    low = max((edge for edge in edges if edge < x), default=float("-inf"))
    high = min((edge for edge in edges if edge > x), default=float("inf"))
    left = any(low <= piece.x0 and piece.x1 <= x for piece in band.pieces)
    return left and any(x <= piece.x0 and piece.x1 <= high for piece in band.pieces)


def _lattice(body: list[_Band], gaps: list[float]) -> Lattice:
    rows = [_texts(group, gaps) for group in _row_groups(body, gaps)]
    pieces = [piece for band in body for piece in band.pieces]
    edges = [min(piece.x0 for piece in pieces), *gaps, max(piece.x1 for piece in pieces)]
    ys = [float(index) for index in range(len(rows) + 1)]
    lattice = Lattice(edges, ys, pages=[body[0].lines[0].page] * len(rows), is_ruled=False)
    for top, row in enumerate(rows):
        taken: set[int] = set()
        for (left, right), texts in sorted(row.items()):
            end = next((col for col in range(left, right) if col in taken), right)
            if left < end:
                lattice.boxes.append(Box(top, left, top + 1, end, join_lines(texts)))
                taken |= set(range(left, end))
        lattice.boxes += [Box(top, col, top + 1, col + 1) for col in range(len(gaps) + 1) if col not in taken]
    return lattice


def _texts(group: list[_Band], gaps: list[float]) -> dict[tuple[int, int], list[str]]:
    """A row's texts by the columns that they cover, the last excluded."""
    row: dict[tuple[int, int], list[str]] = {}
    for band in group:
        for piece in band.pieces:
            row.setdefault(_columns(piece, gaps), []).append(piece.text)
    return row


def _columns(piece: _Piece, gaps: list[float]) -> tuple[int, int]:
    left = sum(1 for gap in gaps if gap <= piece.x0)
    right = sum(1 for gap in gaps if gap < piece.x1)
    return left, max(left, right) + 1


def _row_groups(body: list[_Band], gaps: list[float]) -> list[list[_Band]]:
    """Bands closer than rows are one row, if no number fills twice."""
    steps = sorted(below.top - above.bottom for above, below in pairwise(body))
    jump = next(((small, large) for small, large in pairwise(steps) if large > 1.2 * small), None)
    groups = _join(body, (jump[0] + jump[1]) / 2) if jump else [[band] for band in body]
    return [part for group in groups for part in ([group] if _is_one_row(group, gaps) else [[b] for b in group])]


def _join(body: list[_Band], step: float) -> list[list[_Band]]:
    joined: list[list[_Band]] = []
    for band in body:
        if joined and band.top - joined[-1][-1].bottom < step:
            joined[-1].append(band)
        else:
            joined.append([band])
    return joined


def _is_one_row(group: list[_Band], gaps: list[float]) -> bool:
    filled = Counter(_columns(piece, gaps)[0] for band in group for piece in band.pieces)
    return len(group) == 1 or (len(filled) > 1 and all(times == 1 for col, times in filled.items() if col > 0))
