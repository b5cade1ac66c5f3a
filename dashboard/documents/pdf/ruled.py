"""Ruling lines and the glyphs between them -> tables with spans.

Lines that touch make one table. Open sides are closed: many offices leave out the outer verticals.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from dashboard.documents import limits
from dashboard.documents.pdf.lines import cell_text
from dashboard.documents.pdf.page import MAX_RULES, Glyph, Page, Rule

_NEAR = 3.0  # points: lines this close are one
_OPEN = 8.0  # a line that runs on this far past the last crossing one shows an open side
_WALL = 0.6  # of a cell's side must be drawn


@dataclass(slots=True)
class Box:
    """A cell: rows `top` to `bottom` and columns `left` to `right`, the last ones excluded."""

    top: int
    left: int
    bottom: int
    right: int
    text: str = ""
    goes_on: bool = False  # the rest of the cell above, cut by a page break


@dataclass(slots=True)
class Lattice:
    """A table on a page: the x of column edges, the y of row edges, its cells, the page of each row."""

    xs: list[float]
    ys: list[float]
    boxes: list[Box] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    is_ruled: bool = True


def tables_of(page: Page) -> tuple[list[Lattice], list[Glyph]]:
    """The page's ruled tables with their texts, and the glyphs that stand in none of them."""
    glyphs, tables = page.glyphs, []
    for across, down in _components(_merged(page.across), _merged(page.down)):
        lattice = _lattice(across, down)
        if lattice is None:
            continue
        inside, outside = _split(glyphs, lattice)
        _fill(lattice, inside)
        if any(box.text for box in lattice.boxes):
            lattice.pages = [page.number] * (len(lattice.ys) - 1)
            tables.append(lattice)
            glyphs = outside
    return tables, glyphs


def _merged(rules: list[Rule]) -> list[Rule]:
    """Pieces of one line (borders are often drawn cell by cell) put together."""
    merged: list[Rule] = []
    for group in _groups(sorted(rules, key=lambda rule: rule.at)):
        at = sum(rule.at for rule in group) / len(group)
        for rule in sorted(group, key=lambda rule: rule.start):
            if merged and merged[-1].at == at and rule.start <= merged[-1].end + _NEAR:
                merged[-1].end = max(merged[-1].end, rule.end)
            else:
                merged.append(Rule(at, rule.start, rule.end))
    return merged


def _groups(rules: list[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in rules:
        if groups and rule.at - groups[-1][0].at <= _NEAR:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _components(across: list[Rule], down: list[Rule]) -> Iterable[tuple[list[Rule], list[Rule]]]:
    """Lines that cross or touch, directly or through others; each component with lines of both directions."""
    if len(across) * len(down) > 50 * MAX_RULES:
        return
    parent = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for h, line in enumerate(across):
        for v, other in enumerate(down, start=len(across)):
            if (
                line.start - _NEAR <= other.at <= line.end + _NEAR
                and other.start - _NEAR <= line.at <= other.end + _NEAR
            ):
                parent[root(h)] = root(v)
    members: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for index in range(len(parent)):
        pair = members.setdefault(root(index), ([], []))
        if index < len(across):
            pair[0].append(across[index])
        else:
            pair[1].append(down[index - len(across)])
    yield from sorted((m for m in members.values() if m[0] and m[1]), key=lambda m: m[0][0].at)


def _lattice(across: list[Rule], down: list[Rule]) -> Lattice | None:
    """The cells that the lines enclose; None for a mere frame or a single column, which is prose."""
    xs, ys = _edges(down, across), _edges(across, down)
    if len(xs) < 3 or len(ys) < 2:
        return None
    limits.check_cells((len(xs) - 1) * (len(ys) - 1))
    right = [[_is_wall(down, xs[c + 1], ys[r], ys[r + 1]) for c in range(len(xs) - 1)] for r in range(len(ys) - 1)]
    below = [[_is_wall(across, ys[r + 1], xs[c], xs[c + 1]) for c in range(len(xs) - 1)] for r in range(len(ys) - 1)]
    lattice = Lattice(xs, ys, _boxes(right, below))
    columns = {box.left for box in lattice.boxes}
    return lattice if len(columns) > 1 else None


def _edges(lines: list[Rule], crossing: list[Rule]) -> list[float]:
    edges = sorted({line.at for line in lines})
    first, last = min(line.start for line in crossing), max(line.end for line in crossing)
    if first < edges[0] - _OPEN:
        edges.insert(0, first)
    if last > edges[-1] + _OPEN:
        edges.append(last)
    return edges


def _is_wall(lines: list[Rule], at: float, start: float, end: float) -> bool:
    drawn = sum(max(0.0, min(line.end, end) - max(line.start, start)) for line in lines if abs(line.at - at) <= _NEAR)
    return drawn >= _WALL * (end - start)


def _boxes(right: list[list[bool]], below: list[list[bool]]) -> list[Box]:
    """Places without a wall between them, put together into rectangles."""
    rows, cols = len(right), len(right[0])
    taken = [[False] * cols for _ in range(rows)]
    boxes = []
    for top in range(rows):
        for left in range(cols):
            if taken[top][left]:
                continue
            end = left + 1
            while end < cols and not right[top][end - 1] and not taken[top][end]:
                end += 1
            bottom = top + 1
            while bottom < rows and not any(below[bottom - 1][c] or taken[bottom][c] for c in range(left, end)):
                bottom += 1
            for r in range(top, bottom):
                taken[r][left:end] = [True] * (end - left)
            boxes.append(Box(top, left, bottom, end))
    return boxes


def _split(glyphs: list[Glyph], lattice: Lattice) -> tuple[list[Glyph], list[Glyph]]:
    inside: list[Glyph] = []
    outside: list[Glyph] = []
    for glyph in glyphs:
        x = (glyph.x0 + glyph.x1) / 2
        is_inside = lattice.xs[0] <= x <= lattice.xs[-1] and lattice.ys[0] <= glyph.middle <= lattice.ys[-1]
        (inside if is_inside else outside).append(glyph)
    return inside, outside


def _fill(lattice: Lattice, glyphs: list[Glyph]) -> None:
    owner = {
        (r, c): box for box in lattice.boxes for r in range(box.top, box.bottom) for c in range(box.left, box.right)
    }
    held: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        row = min(max(bisect_right(lattice.ys, glyph.middle) - 1, 0), len(lattice.ys) - 2)
        col = min(max(bisect_right(lattice.xs, (glyph.x0 + glyph.x1) / 2) - 1, 0), len(lattice.xs) - 2)
        held.setdefault(id(owner[row, col]), []).append(glyph)
    for box in lattice.boxes:
        box.text = cell_text(held.get(id(box), []), lattice.xs[box.right])
