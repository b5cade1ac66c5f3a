"""Whole lines of a table that were printed one place further on: what they would have held, where that makes sums hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from dashboard.checks.identities import CellKey
from dashboard.checks.repair.grid import Grid, Line
from dashboard.checks.repair.sums import Cells, Sums

_FEWEST = 3  # one or two values out of place are told as such
Values = dict[CellKey, Decimal]


def shifts(sums: Sums, grid: Grid) -> dict[Cells, Values]:
    """The cells that change, and their values, for each line whose moving back makes all sums hold."""
    broken = sums.known_in(index for each in sums.reach(frozenset()).broken for index in each.sums)
    found = {}
    for line in _parts(grid):
        if len(broken.intersection(line)) >= _FEWEST and all(cell in sums.places for cell in line):
            for values in _moved_back(sums, line):
                found[frozenset(values)] = values
    return found


def _parts(grid: Grid) -> Iterator[Line]:
    """Every line, and every line without its last cell, which as a rule is the total."""
    for line in grid.lines:
        yield line
        yield line[:-1]


def _moved_back(sums: Sums, line: Line) -> Iterator[Values]:
    """The line moved each way, where a value comes in at its open end that all sums agree on."""
    printed = [sums.printed.get(cell) for cell in line]
    if None in printed:
        return
    held = [value for value in printed if value is not None]
    for end, meant in (
        (line[-1], dict(zip(line, held[1:], strict=False))),
        (line[0], dict(zip(line[1:], held, strict=False))),
    ):
        values = {cell: value for cell, value in meant.items() if value != sums.printed[cell]}
        reach = replace(sums, printed={**sums.printed, **values}).reach(frozenset((end,)))
        if len(values) < _FEWEST or reach.broken or reach.unsure:
            continue
        low, high = reach.bounds[end]
        if low == high:
            yield values if low == sums.printed[end] else values | {end: low}
