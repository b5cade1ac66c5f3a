"""Tables cut by page breaks put together, and lattices turned into tables.

A header row that is repeated on the next page stays a row, since only a form knows what a header is.
"""

from __future__ import annotations

import re

from dashboard.documents.assembly import Paragraph, Span, Table
from dashboard.documents.pdf.ruled import Box, Lattice

_SIDE = 6.0  # points: sides this close are the same side
_FIRM = 3  # edges: so many that lie alike are no chance
_STARTS_ANEW = re.compile(r"\d+[.．、)）]|[（(【\[一二三四五六七八九十①-⑳其—\-/]")


def fits(above: Lattice, below: Lattice) -> bool:
    """True where `below`, first on its page, can be the rest of `above`, last on the page before."""
    if above.is_ruled != below.is_ruled:
        return False
    if not above.is_ruled:
        return _same_columns(above.xs[1:-1], below.xs[1:-1])
    width = (above.xs[-1] - above.xs[0], below.xs[-1] - below.xs[0])
    return abs(width[0] - width[1]) <= 2 * _SIDE


def join(above: Lattice, below: Lattice) -> Lattice:
    """One table; columns are matched by their edges, for a page may show only some of them."""
    above, below = _without_blank_row(above, len(above.pages) - 1), _without_blank_row(below, 0)
    edges, moved = _edges(above, below)
    height = len(above.ys) - 1
    repeated = _repeated_rows(above, below)
    first = _remap(above.boxes, above.xs, edges, 0)
    second = _remap(below.boxes, moved, edges, height)
    if above.is_ruled:
        _continue_cells(first, second, height, repeated)
    ys = [float(index) for index in range(height + len(below.ys))]
    return Lattice(edges, ys, first + second, above.pages + below.pages, above.is_ruled)


def _same_columns(one: list[float], other: list[float]) -> bool:
    """True for inner edges that are the same; a page whose rows all have wide labels shows fewer of them."""
    few, many = sorted((one, other), key=len)
    nearest = many if len(few) == len(many) else [min(many, key=lambda x: abs(x - edge)) for edge in few]
    is_near = all(abs(x - edge) < 5 * _SIDE for x, edge in zip(nearest, few, strict=True))
    return is_near and (len(few) == len(many) or len(set(nearest)) == len(few) >= _FIRM)


def _edges(above: Lattice, below: Lattice) -> tuple[list[float], list[float]]:
    """The edges of the whole, and those of the second part as they lie in it."""
    if not above.is_ruled:
        whole = max(above.xs, below.xs, key=len)
        return whole, whole if len(above.xs) == len(below.xs) else below.xs
    moved = [x + above.xs[0] - below.xs[0] for x in below.xs]
    edges: list[float] = []
    for x in sorted([*above.xs, *moved]):
        if not edges or x - edges[-1] > _SIDE:
            edges.append(x)
    return edges, moved


def _without_blank_row(lattice: Lattice, row: int) -> Lattice:
    """Without a row of blank cells, which is what some programs draw of a row that has no room at a page's end."""
    touching = [box for box in lattice.boxes if box.top <= row < box.bottom]
    if len(lattice.pages) < 2 or any(box.text or box.bottom - box.top > 1 for box in touching):
        return lattice
    boxes = [box for box in lattice.boxes if box.top != row]
    for box in boxes:
        box.top, box.bottom = box.top - (box.top > row), box.bottom - (box.bottom > row)
    return Lattice(lattice.xs, lattice.ys[:-1], boxes, lattice.pages[:-1], lattice.is_ruled)


def _remap(boxes: list[Box], xs: list[float], edges: list[float], down: int) -> list[Box]:
    place = [min(range(len(edges)), key=lambda i: abs(edges[i] - x)) for x in xs]
    return [
        Box(box.top + down, place[box.left], box.bottom + down, place[box.right], box.text, box.goes_on)
        for box in boxes
    ]


def _repeated_rows(above: Lattice, below: Lattice) -> int:
    """How many rows the second part begins with that are the first part's header once more."""
    count = 0
    while count < min(len(above.ys), len(below.ys)) - 1 and _row(above, count) == _row(below, count) != []:
        count += 1
    return count


def _row(lattice: Lattice, row: int) -> list[str]:
    return [box.text for box in lattice.boxes if box.top == row and box.text]


def _continue_cells(first: list[Box], second: list[Box], height: int, repeated: int) -> None:
    """A tall cell goes on in an empty one; a row cut in two leaves the rest of its label alone in a row."""
    ends = {(box.left, box.right): box for box in first if box.bottom == height}
    row = sorted((box for box in second if box.top == height + repeated), key=lambda box: box.left)
    for box in row:
        before = ends.get((box.left, box.right))
        if before is None or box.text or not before.text:
            continue
        if box.bottom - box.top > 1 or (before.bottom - before.top > 1 and _is_outermost(box, row)):
            box.text, box.goes_on = before.text, True
    filled = [box for box in row if box.text and not box.goes_on]
    if len(filled) != 1 or len(row) < 2:
        return
    before = ends.get((filled[0].left, filled[0].right))
    others = [box for box in ends.values() if box is not before and box.text and box.bottom - box.top == 1]
    if before is None or not before.text or not others or _STARTS_ANEW.match(filled[0].text):
        return
    if filled[0].bottom - filled[0].top == 1:
        before.text += filled[0].text
        second[:] = [box for box in second if box.top != height + repeated or box.bottom - box.top > 1]


def _is_outermost(box: Box, row: list[Box]) -> bool:
    """True where nothing new stands on the left: a blank further right is a figure's, below a tall heading."""
    return all(other.goes_on for other in row if other.left < box.left)


def table_of(lattice: Lattice) -> Table:
    table = Table(rows=[[] for _ in lattice.pages], pages=lattice.pages)
    for box in sorted(lattice.boxes, key=lambda box: (box.top, box.left)):
        parts: list[Paragraph | Table] = [Paragraph(box.text)] if box.text else []
        span = Span(parts, box.bottom - box.top, box.right - box.left, box.goes_on)
        table.rows[box.top].append(span)
    return table
