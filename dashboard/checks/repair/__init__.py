"""The fewest cells that must change for every sum of a report's table to hold. A suggestion: nothing is ever applied.

A table in, corrections out: for each group of broken sums every equally small one, those that a slip explains first.
An empty cell is never zero: it can hold anything from nothing upwards, and costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from dashboard.checks.identities import CellKey, Identity
from dashboard.checks.repair import program, slips
from dashboard.checks.repair.grid import Grid, grid
from dashboard.checks.repair.record import Correction, Edit, Group, Printed, Repair, Slip
from dashboard.checks.repair.shifts import shifts
from dashboard.checks.repair.smallest import MOST_SHOWN, Deadline, smallest_sets
from dashboard.checks.repair.sums import INFINITE, Cells, Sums, broken_sums

__all__ = ["Correction", "Edit", "Group", "Printed", "Repair", "Slip", "smallest_repair"]

_SLIPS = list(Slip)
_UNEXPLAINED = 2 * len(_SLIPS)


def smallest_repair(
    edition: str, cells: Printed, seconds: float = 1.0, clock: Callable[[], float] = time.monotonic
) -> Repair:
    """The smallest correction of a table, searched for at most about `seconds`; what is then open is said to be.

    Raises KeyError for an edition that has no form.
    """
    deadline = Deadline(clock() + seconds, clock)
    return Repair(tuple(_group(sums, grid(edition), deadline) for sums in broken_sums(edition, cells)))


def _group(sums: Sums, table: Grid, deadline: Deadline) -> Group:
    """One group of sums that hang together, with its corrections in order."""
    lines = shifts(sums, table)
    found = smallest_sets(sums, lines, deadline)
    sets = list(dict.fromkeys([*_of_size(lines, found.supports), *found.supports]))
    broken = _broken(sums)
    edits = [_shifted(sums, lines[each]) if each in lines else _edits(sums, each, table, deadline) for each in sets]
    ranked = sorted(edits, key=lambda each: (_unlikeliness(each), [sums.cells.index(edit.cell) for edit in each]))
    return Group(
        broken=broken,
        corrections=tuple(Correction(each, broken) for each in ranked[:MOST_SHOWN]),
        is_proven=found.is_proven,
        is_complete=found.is_complete and len(ranked) <= MOST_SHOWN and not deadline.is_up(),
    )


def _of_size(lines: Mapping[Cells, object], supports: tuple[Cells, ...]) -> list[Cells]:
    return [cells for cells in lines if supports and len(cells) == len(supports[0])]


def _broken(sums: Sums) -> tuple[Identity, ...]:
    """The sums that cannot be kept as printed, in the order of the form."""
    places = sorted(each.place for each in sums.reach(frozenset()).broken)
    return tuple(sums.identities[place] for place in places)


def _shifted(sums: Sums, values: Mapping[CellKey, Decimal]) -> tuple[Edit, ...]:
    ordered = sorted(values, key=sums.cells.index)
    return tuple(
        Edit(cell, sums.printed[cell], values[cell], values[cell], values[cell], Slip.LINE_SHIFTED) for cell in ordered
    )


def _edits(sums: Sums, changed: Cells, table: Grid, deadline: Deadline) -> tuple[Edit, ...]:
    """The edits of these cells, each fitting the suggestions before it; then what their values tell together."""
    edits: list[Edit] = []
    held, free = sums, changed
    for cell in sorted(changed, key=sums.cells.index):
        low, high = _span(held, free, cell, deadline)
        printed = sums.printed[cell]
        meant = _meant(held, cell, low, high, deadline)
        edits.append(Edit(cell, printed, meant, low, None if high == INFINITE else high))
        if meant is not None and low != high:
            held, free = replace(held, printed={**held.printed, cell: meant}), free - {cell}
    values = {edit.cell: edit.suggested for edit in edits}
    return tuple(replace(edit, slip=_slip(edit, sums, values, table)) for edit in edits)


def _span(sums: Sums, free: Cells, cell: CellKey, deadline: Deadline) -> tuple[Decimal, Decimal]:
    """What the cell can hold. Bounds are exact where no other cell is open; else a program narrows them, given time."""
    bounds = sums.reach(free).bounds
    is_alone = sum(low < high for low, high in bounds.values()) == 1
    if bounds[cell][0] == bounds[cell][1] or is_alone or deadline.is_up():
        return bounds[cell]
    return program.span(sums, free, cell, deadline.seconds_left) or bounds[cell]


def _meant(sums: Sums, cell: CellKey, low: Decimal, high: Decimal, deadline: Deadline) -> Decimal | None:
    """The value to suggest; with the time up, bounds may be too wide to choose from."""
    if low == high:
        return low
    return None if deadline.is_up() else _explained(sums, cell, low, high)


def _explained(sums: Sums, cell: CellKey, low: Decimal, high: Decimal) -> Decimal | None:
    """The one value between `low` and `high` that the most telling slip gives; None where it gives several, or none."""
    for _, values in slips.meanings(sums.printed[cell]):
        fitting = [value for value in values if low <= value <= high and sums.domains[cell].holds(value)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _slip(edit: Edit, sums: Sums, values: Mapping[CellKey, Decimal | None], table: Grid) -> Slip | None:
    """What explains the printed value, given what all edits of the correction suggest."""
    if edit.suggested is None:
        return None
    near = table.neighbours.get(edit.cell, ())
    for cell in near:
        if cell in values and _is_moved(edit, sums.printed[cell], values[cell]):
            return Slip.MOVED
    kind = slips.slip(edit.printed, edit.suggested)
    is_copied = edit.printed != 0 and any(sums.printed.get(cell) == edit.printed for cell in near if cell not in values)
    likely = [each for each in (kind, Slip.COPIED if is_copied else None) if each]
    return min(likely, key=_SLIPS.index, default=None)


def _is_moved(edit: Edit, there: Decimal, meant_there: Decimal | None) -> bool:
    """Whether one of two neighbours holds the other's value, other than nothing."""
    return (edit.suggested == there != 0) or (edit.printed == meant_there != 0)


def _unlikeliness(edits: tuple[Edit, ...]) -> int:
    return sum(_SLIPS.index(edit.slip) if edit.slip else _UNEXPLAINED for edit in edits)
