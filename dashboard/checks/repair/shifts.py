"""Whole lines of a table that were printed one place further on: what they would have held, where that makes sums hold."""

from __future__ import annotations

from collections import Counter
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
    broken = frozenset(each.place for each in sums.reach(frozenset()).broken)
    found = {}
    for line in grid.lines:
        if all(cell in sums.places for cell in line):
            for part in _parts(line, _touched(sums, line, broken)):
                for values in _moved_back(sums, part):
                    found[frozenset(values)] = values
    return found


def _touched(sums: Sums, line: Line, broken: frozenset[int]) -> list[int]:
    """Where on the line cells stand in broken sums that are not the line's own."""
    places = [frozenset(index for index, _ in sums.places[cell]) for cell in line]
    held = Counter(index for each in places for index in each)
    return [place for place, each in enumerate(places) if any(held[index] == 1 for index in each & broken)]


def _parts(line: Line, touched: list[int]) -> list[Line]:
    """The line from the first cell out of place, or all of it; each also without its last, as a rule the total."""
    if len(touched) < _FEWEST:
        return []
    return list(dict.fromkeys(part[:end] for part in (line, line[touched[0] :]) for end in (None, -1)))


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
