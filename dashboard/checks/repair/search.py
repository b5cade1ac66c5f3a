"""The fewest cells whose change makes all sums hold, by exact search: every set of cells of the least size.

A set of cells that are free to change is refuted by sums that still cannot be kept; one cell of these must change too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dashboard.checks.identities import CellKey
from dashboard.checks.repair.sums import Cells, Sums

MOST_LISTED = 200
_MOST_TRIED = 1600  # sets of cells, those with many free ones counting for several; what is harder, a program solves
_FREE_A_TRY = 4

Proof = Callable[[Sums, Cells], bool]
"""Whether the sums can be kept with these cells free, where bounds alone do not tell."""


@dataclass(frozen=True, slots=True)
class Found:
    """Sets of cells of one size. `size` is what is proven to be needed at least, whether or not any is found."""

    supports: tuple[Cells, ...]
    size: int
    is_complete: bool

    @property
    def is_proven(self) -> bool:
        return bool(self.supports) and len(self.supports[0]) == self.size


class _OutOfTries(Exception):
    """No error: the search ends here."""


def search(sums: Sums, can_be_kept: Proof, is_time_up: Callable[[], bool]) -> Found:
    """All smallest sets, or how many cells are needed at least where the search is too long."""
    size = len(sums.must_change)
    hunt = _Hunt(sums, can_be_kept, is_time_up)
    supports: list[Cells] = []
    try:
        while not supports and size <= len(sums.printed):
            for support in hunt.sets(sums.must_change, frozenset(), size - len(sums.must_change)):
                supports.append(support)
                if len(supports) == MOST_LISTED:
                    return Found(tuple(supports), size, is_complete=False)
            size += not supports
    except _OutOfTries:
        return Found(tuple(supports), size, is_complete=False)
    return Found(tuple(supports), size, is_complete=True)


@dataclass
class _Hunt:
    sums: Sums
    can_be_kept: Proof
    is_time_up: Callable[[], bool]
    tries: int = field(default=0)

    def sets(self, changed: Cells, settled: Cells, more: int) -> Iterator[Cells]:
        """The sets that add at most `more` cells to `changed` and none of the `settled`, which were tried before."""
        refuted = self._refuted(changed)
        if not refuted:
            yield changed
            return
        choices = [self.sums.known_in(cluster) - changed - settled for cluster in refuted]
        if more == 0 or not all(choices) or _at_least(choices) > more:
            return
        ways = frozenset.intersection(*choices) if more == 1 else min(choices, key=lambda each: (len(each), min(each)))
        for cell in sorted(ways):
            yield from self.sets(changed | {cell}, settled, more - 1)
            settled |= {cell}

    def _refuted(self, changed: Cells) -> list[frozenset[int]]:
        self.tries += 1 + len(changed | self.sums.unknown) // _FREE_A_TRY
        if self.tries > _MOST_TRIED or self.is_time_up():
            raise _OutOfTries
        reach = self.sums.reach(changed)
        if reach.broken:
            return [each.sums for each in reach.broken]
        if not reach.unsure or self.can_be_kept(self.sums, changed):
            return []
        return [frozenset().union(*reach.unsure)]


def _at_least(choices: list[Cells]) -> int:
    """How many cells it takes at least to have one of each choice."""
    return max(_apart(choices), _covering(choices))


def _apart(choices: list[Cells]) -> int:
    """Choices that share no cell need a cell each."""
    taken: set[CellKey] = set()
    count = 0
    for choice in sorted(choices, key=len):
        if not choice & taken:
            taken |= choice
            count += 1
    return count


def _covering(choices: list[Cells]) -> int:
    """No cells serve more choices than those that stand in most of them."""
    left = len(choices)
    served = sorted(Counter(cell for choice in choices for cell in choice).values(), reverse=True)
    for count, serves in enumerate(served, 1):
        left -= serves
        if left <= 0:
            return count
    return len(choices)
