"""The smallest sets of cells to change, by whichever way tells first: search, a shifted line, an integer program."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from dashboard.checks.repair import program
from dashboard.checks.repair.program import Answer, Outcome
from dashboard.checks.repair.search import Found, search
from dashboard.checks.repair.sums import Cells, Sums

MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Deadline:
    """When to stop, by a clock that tells seconds."""

    end: float
    clock: Callable[[], float]

    @property
    def seconds_left(self) -> float:
        return max(0.0, self.end - self.clock())

    def is_up(self) -> bool:
        return self.clock() >= self.end


def smallest_sets(sums: Sums, lines: Collection[Cells], deadline: Deadline) -> Found:
    """All smallest sets of cells, as far as time allows. `lines` are sets that are known to do."""
    found = search(sums, lambda each, cells: program.can_be_kept(each, cells, deadline.seconds_left), deadline.is_up)
    if found.is_proven:
        return found
    known = sorted((cells for cells in lines), key=lambda cells: (len(cells), sorted(cells)))
    if known and len(known[0]) == found.size:
        return Found(tuple(cells for cells in known if len(cells) == found.size), found.size, is_complete=False)
    return _by_program(sums, found.size, known, deadline)


def _by_program(sums: Sums, at_least: int, known: list[Cells], deadline: Deadline) -> Found:
    """A first answer, then others of its size, each unlike those before."""
    first = program.smallest(sums, (), deadline.seconds_left)
    at_least = max(at_least, first.at_least)
    if first.outcome is not Outcome.FOUND or (known and len(known[0]) < len(first.cells)):
        return Found(tuple(known[:1]), at_least, is_complete=False)
    supports = [first.cells]
    while len(supports) <= MOST_SHOWN and not deadline.is_up():
        other = program.smallest(sums, supports, deadline.seconds_left)
        if _is_none_left(other, len(first.cells)):
            return Found(tuple(supports), at_least, is_complete=True)
        if other.outcome is not Outcome.FOUND or len(other.cells) > len(first.cells):
            break
        supports.append(other.cells)
    return Found(tuple(supports), at_least, is_complete=False)


def _is_none_left(answer: Answer, size: int) -> bool:
    return answer.outcome is Outcome.IMPOSSIBLE or answer.at_least > size
