"""Lines of text that stand in columns without ruling -> tables.

Rows with the usual number of pieces give the columns; a piece that reaches over a gap between columns
spans them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from dashboard.documents.assembly import join_lines
from dashboard.documents.pdf.lines import Line, chunks
from dashboard.documents.pdf.ruled import Box, Lattice

_LOOSE = 3.0  # em: a wider vertical gap ends a table
_LONG = 0.6  # of the text's width: a lone line this long is prose
_OVERLAP = 0.75  # em: baselines closer than this belong to one row


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


def tables_of(lines: list[Line], width: float) -> list[Line | Lattice]:
    """The lines of one page from top to bottom, those that make up tables replaced by them."""
    parts: list[Line | Lattice] = []
    run: list[_Band] = []
    for band in _bands(lines):
        is_prose = len(band.pieces) == 1 and band.pieces[0].x1 - band.pieces[0].x0 > _LONG * width
        if is_prose or (run and band.top - run[-1].bottom > _LOOSE * band.size):
            parts += _resolve(run)
            run = []
        if is_prose:
            parts += band.lines
        else:
            run.append(band)
    return parts + _resolve(run)


def _bands(lines: list[Line]) -> list[_Band]:
    groups: list[list[Line]] = []
    for line in lines:
        if groups and line.y - groups[-1][-1].y < _OVERLAP * line.size:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_Band(group, _pieces(group)) for group in groups]


def _pieces(lines: list[Line]) -> list[_Piece]:
    """The chunks of all lines from left to right; those above each other are one."""
    pieces: list[_Piece] = []
    for chunk in sorted((chunk for line in lines for chunk in chunks(line)), key=lambda chunk: chunk.x0):
        if pieces and chunk.x0 < pieces[-1].x1:
            pieces[-1].x1 = max(pieces[-1].x1, chunk.x1)
            pieces[-1].text = join_lines([pieces[-1].text, chunk.text])
        else:
            pieces.append(_Piece(chunk.x0, chunk.x1, chunk.text))
    return pieces


def _resolve(run: list[_Band]) -> list[Line | Lattice]:
    """The run's table with the lines before and after it, or just the lines."""
    several = [index for index, band in enumerate(run) if len(band.pieces) > 1]
    first, last = (several[0], several[-1]) if several else (0, 0)
    while last + 1 < len(run) and _is_tail(run, last):
        last += 1
    body = run[first : last + 1]
    gaps = _column_gaps(body) if len(several) > 1 else []
    if not gaps:
        return [line for band in run for line in band.lines]
    before = [line for band in run[:first] for line in band.lines]
    after = [line for band in run[last + 1 :] for line in band.lines]
    return [*before, _lattice(body, gaps), *after]


def _is_tail(run: list[_Band], last: int) -> bool:
    """True where the next line goes on with a cell of the last row: closer than a row of its own would be."""
    above, below = run[last], run[last + 1]
    before = run[last - 1] if last else above
    is_below = above.pieces[0].x0 - above.size < below.pieces[0].x0 < above.pieces[0].x1
    return is_below and (below.top - above.bottom) * 1.25 < above.top - before.bottom


def _column_gaps(rows: list[_Band]) -> list[float]:
    """An x within each gap that all rows of the usual kind leave free; empty where they do not agree."""
    counts = Counter(len(row.pieces) for row in rows if len(row.pieces) > 1)
    usual, times = max(counts.items(), key=lambda item: (item[1], item[0]))
    if times < 2 or 2 * times < sum(counts.values()):
        return []
    typical = [row.pieces for row in rows if len(row.pieces) == usual]
    gaps = []
    for left in range(usual - 1):
        start, end = max(row[left].x1 for row in typical), min(row[left + 1].x0 for row in typical)
        if start >= end:
            return []
        gaps.append((start + end) / 2)
    return gaps


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
    """Bands closer than rows are make one row, unless that would fill a number's place twice."""
    steps = sorted(below.top - above.bottom for above, below in pairwise(body))
    for small, large in pairwise(steps):
        if large > 1.2 * small:
            joined = _join(body, (small + large) / 2)
            if all(_is_one_row(group, gaps) for group in joined):
                return joined
            break
    return [[band] for band in body]


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
    return len(group) == 1 or (
        len(filled) > 1 and all(times == 1 for col, times in filled.items() if col > 0)
    )
