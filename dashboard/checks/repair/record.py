"""What a repair of a report's table is: edits of cells, and the slips that explain them. Records only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from dashboard.checks.identities import CellKey, Identity


class Slip(StrEnum):
    """How a value can have come to be printed wrongly, the most telling first."""

    LINE_SHIFTED = "line_shifted"
    MOVED = "moved"
    SWAPPED = "swapped"
    DOUBLED = "doubled"
    LEFT_OUT = "left_out"
    ADDED = "added"
    COPIED = "copied"
    DECIMAL_POINT = "decimal_point"
    MYRIAD = "myriad"
    MISTYPED = "mistyped"


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell and what it would have to hold. `suggested` is None where the sums leave room and no slip settles it.

    From `low` to `high` the cell can hold anything, the other edits fitting in; `high` is None where nothing ends it.
    """

    cell: CellKey
    printed: Decimal
    suggested: Decimal | None
    low: Decimal
    high: Decimal | None
    slip: Slip | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """One way to make a group of sums hold, and those of them that are broken as printed."""

    edits: tuple[Edit, ...]
    settles: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Broken sums that hang together, and every equally small way to settle them, the likeliest first.

    `is_proven`: nothing smaller exists. `is_complete`: no equally small one is left out.
    `corrections` is empty where the time was up before any was found.
    """

    broken: tuple[Identity, ...]
    corrections: tuple[Correction, ...]
    is_proven: bool
    is_complete: bool

    @property
    def size(self) -> int | None:
        """How many cells must change; None where that is not known."""
        return len(self.corrections[0].edits) if self.corrections else None


@dataclass(frozen=True, slots=True)
class Repair:
    """The smallest correction of a report: one of each group's. Without groups, no sum is broken."""

    groups: tuple[Group, ...]

    @property
    def is_proven(self) -> bool:
        return all(group.is_proven for group in self.groups)

    @property
    def is_complete(self) -> bool:
        return all(group.is_complete for group in self.groups)

    @property
    def first(self) -> tuple[Edit, ...]:
        """The edits of the likeliest smallest correction of the whole report."""
        return tuple(edit for group in self.groups for each in group.corrections[:1] for edit in each.edits)


Printed = Mapping[CellKey, Decimal | None]
"""A table as printed; None for a cell that is blank. Neither a blank nor an absent cell is ever zero."""
