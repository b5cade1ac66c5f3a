"""The fewest cells whose change makes all sums hold, as an integer program that HiGHS solves: for what search leaves.

Its answers are floating point, so that every one is held against the sums again, exactly, before it counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from math import ceil, isfinite
from typing import TYPE_CHECKING

from dashboard.checks.identities import CellKey, Relation
from dashboard.checks.repair.sums import INFINITE, Cells, Sums

if TYPE_CHECKING:
    from highspy import Highs

_TOLERANCE = 1e-9
_ROUNDING = 1e-6
_ROOM = 4  # no smallest change needs a value beyond so many times everything printed


class Outcome(Enum):
    FOUND = auto()
    IMPOSSIBLE = auto()
    TIME_UP = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """`at_least`: how many cells any set must have, as far as proven."""

    outcome: Outcome
    cells: Cells = frozenset()
    values: dict[CellKey, Decimal] = field(default_factory=dict)
    at_least: int = 0

    @property
    def is_smallest(self) -> bool:
        return self.outcome is Outcome.FOUND and len(self.cells) <= self.at_least


def smallest(sums: Sums, without: Sequence[Cells], seconds: float) -> Answer:
    """A smallest set of cells to change that contains none of `without`."""
    model = _Model(sums, frozenset(sums.printed).intersection(sums.cells), seconds)
    model.count_changes()
    for support in without:
        model.forbid(support)
    return model.solve()


def can_be_kept(sums: Sums, changed: Cells, seconds: float) -> bool:
    """Whether the sums hold for some value of these cells. What is not refuted in time counts as possible."""
    model = _Model(sums, changed, seconds)
    return model.solve().outcome is not Outcome.IMPOSSIBLE


def span(sums: Sums, changed: Cells, cell: CellKey, seconds: float) -> tuple[Decimal, Decimal] | None:
    """The least and the greatest value of one changed cell, while the others fit in; None where time is up."""
    ends = []
    for sign in (1, -1):
        model = _Model(sums, changed, seconds)
        model.aim(cell, sign)
        answer = model.solve()
        if answer.outcome is not Outcome.FOUND:
            return None
        ends.append(answer.values[cell])
    return ends[0], INFINITE if ends[1] >= model.most else ends[1]


class _Model:
    """One program: a variable for each free cell, a row for each sum."""

    def __init__(self, sums: Sums, changed: Cells, seconds: float) -> None:
        self._sums, self._changed = sums, sorted(changed)
        self._columns: dict[CellKey, int] = {}
        self._flags: dict[CellKey, int] = {}
        self._solver = _solver(seconds)
        everything = sum((abs(sums.printed.get(cell, Decimal(0))) for cell in sums.cells), Decimal(1))
        self.most = float(ceil(_ROOM * everything))
        for cell in [*self._changed, *sorted(sums.unknown)]:
            self._columns[cell] = self._variable(cell)
        for index in range(len(sums.identities)):
            self._row(index)

    def _variable(self, cell: CellKey) -> int:
        domain = self._sums.domains[cell]
        return self._add(-self.most if domain.may_be_negative else 0.0, self.most, is_whole=domain.is_whole)

    def _add(self, low: float, high: float, *, is_whole: bool) -> int:
        from highspy import HighsVarType

        column = self._solver.getNumCol()
        self._solver.addVar(low, high)
        if is_whole:
            self._solver.changeColIntegrality(column, HighsVarType.kInteger)
        return int(column)

    def _row(self, index: int) -> None:
        identity, signs = self._sums.identities[index], {}
        fixed = self._sums.differences[index]
        for sign, side in ((1, identity.left), (-1, identity.right)):
            for cell in side:
                if cell in self._columns:
                    signs[self._columns[cell]] = float(sign)
                    fixed -= sign * self._sums.printed.get(cell, Decimal(0))
        least = -self._solver.getInfinity() if identity.relation is Relation.AT_MOST else -float(fixed)
        self._solver.addRow(least, -float(fixed), len(signs), list(signs), list(signs.values()))

    def count_changes(self) -> None:
        """The aim: as few cells as can be that do not hold what is printed."""
        for cell in self._changed:
            printed = float(self._sums.printed[cell])
            low = -self.most if self._sums.domains[cell].may_be_negative else 0.0
            must = cell in self._sums.must_change
            flag = self._flags[cell] = self._add(1.0 if must else 0.0, 1.0, is_whole=True)
            self._solver.changeColCost(flag, 1.0)
            pair, free = [self._columns[cell], flag], self._solver.getInfinity()
            self._solver.addRow(-free, printed, 2, pair, [1.0, printed - self.most])
            self._solver.addRow(printed, free, 2, pair, [1.0, printed - low])

    def forbid(self, support: Cells) -> None:
        flags = [self._flags[cell] for cell in sorted(support)]
        self._solver.addRow(-self._solver.getInfinity(), len(flags) - 1.0, len(flags), flags, [1.0] * len(flags))

    def aim(self, cell: CellKey, sign: int) -> None:
        self._solver.changeColCost(self._columns[cell], float(sign))

    def solve(self) -> Answer:
        from highspy import HighsModelStatus

        self._solver.run()
        status = self._solver.getModelStatus()
        if status == HighsModelStatus.kInfeasible:
            return Answer(Outcome.IMPOSSIBLE)
        if status != HighsModelStatus.kOptimal and not self._solver.getSolution().value_valid:
            return Answer(Outcome.TIME_UP, at_least=self._bound())
        return self._checked()

    def _bound(self) -> int:
        bound = self._solver.getInfo().mip_dual_bound
        return max(0, ceil(bound - _ROUNDING)) if isfinite(bound) else 0

    def _checked(self) -> Answer:
        """The solver's point, rounded; an answer only where the sums hold at it exactly."""
        point = self._solver.getSolution().col_value
        values = {cell: self._value(cell, point[column]) for cell, column in self._columns.items()}
        if not self._sums.are_kept(values):
            return Answer(Outcome.TIME_UP)
        printed = self._sums.printed
        cells = frozenset(cell for cell in self._changed if values[cell] != printed[cell])
        return Answer(Outcome.FOUND, cells, values, self._bound())

    def _value(self, cell: CellKey, point: float) -> Decimal:
        return Decimal(round(point)) if self._sums.domains[cell].is_whole else Decimal(str(round(point, 6)))


def _solver(seconds: float) -> Highs:
    from highspy import Highs  # imported where it is needed: it brings numpy, and most reports need neither

    class Quiet(Highs):
        """Silent from the start: the first call of a solver, made as it is built, would print its version."""

        def enableCallbacks(self) -> None:
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call]  # the solver tells no types

    solver = Quiet()  # type: ignore[no-untyped-call]  # the solver tells no types
    options = {
        "threads": 1, "time_limit": max(seconds, 0.0),
        "mip_feasibility_tolerance": _TOLERANCE, "primal_feasibility_tolerance": _TOLERANCE,
    }  # fmt: skip
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver
