"""`python -m tests.bench.repair`: how often the smallest correction names the misprinted cell, over 2,000 invented reports."""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from dashboard import definitions
from dashboard.checks.identities import CellKey
from dashboard.checks.repair import Correction, Repair, smallest_repair
from tests import misprints
from tests.misprints import Table

REPORTS = 2000
DETERMINED, MEDIAN = 0.90, 1.0


@dataclass
class Tally:
    """One edition and kind; `determined` counts tables that one cell alone can put right."""

    tried: int = 0
    first: int = 0
    among: int = 0
    determined: int = 0
    determined_first: int = 0
    larger: int = 0
    unproven: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, edition: str, before: Table, after: Table, is_single: bool) -> None:
        begun = time.perf_counter()
        repair = smallest_repair(edition, after)
        self.seconds.append(time.perf_counter() - begun)
        wanted = frozenset(misprints.changes(before, after))
        is_first = frozenset(edit.cell for edit in repair.first) == wanted
        self.tried += 1
        self.first += is_first
        self.among += _is_among(repair, wanted)
        self.larger += len(repair.first) > len(wanted)
        self.unproven += not repair.is_proven
        if is_single and len(misprints.alone(edition, after)) == 1:
            self.determined += 1
            self.determined_first += is_first

    def row(self) -> str:
        times = sorted(self.seconds)
        determined = (
            f"{self.determined_first / self.determined:7.1%} of {self.determined:4}" if self.determined else " " * 15
        )
        return (
            f"{self.tried:5}  {determined}  {self.first / self.tried:7.1%}  {self.among / self.tried:7.1%}  {self.larger:3}  "
            f"{self.unproven:3}  {statistics.median(times) * 1000:7.1f}  {times[int(0.95 * len(times))] * 1000:7.1f}"
        )


def _is_among(repair: Repair, wanted: frozenset[CellKey]) -> bool:
    """Whether the cells that were changed are one correction of each group together; groups share no cell."""
    fitting = [[each for each in group.corrections if _cells(each) <= wanted] for group in repair.groups]
    return all(fitting) and sum(len(each[0].edits) for each in fitting) == len(wanted)


def _cells(correction: Correction) -> frozenset[CellKey]:
    return frozenset(edit.cell for edit in correction.edits)


def main() -> int:
    """Prints a table; 1 where a target is missed."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    editions, kinds = sorted(definitions.forms()), list(misprints.KINDS)
    number = done = 0
    while done < REPORTS:
        random, edition, kind = Random(number), editions[number % 3], kinds[number // 3 % len(kinds)]
        number += 1
        made = misprints.misprint(kind, edition, random)
        if made:
            tallies[edition, kind].add(edition, *made, is_single=kind in misprints.SINGLE)
            done += 1
    return _tell(tallies)


def _tell(tallies: dict[tuple[str, str], Tally]) -> int:
    print(f"{'':37}tried  determined, first      first    among  larger  unproven  median ms  95th ms")
    for (edition, kind), tally in sorted(tallies.items()):
        print(f"{edition}  {kind:<29}  {tally.row()}")
    every = list(tallies.values())
    determined, named = sum(each.determined for each in every), sum(each.determined_first for each in every)
    seconds = sorted(spent for each in every for spent in each.seconds)
    median, late = statistics.median(seconds), seconds[int(0.95 * len(seconds))]
    print(f"one cell, where the sums determine it: {named} of {determined} named first, {named / determined:.1%}")
    print(
        f"larger than what was changed: {sum(each.larger for each in every)}; not proven in time: {sum(each.unproven for each in every)}"
    )
    print(f"all: median {median * 1000:.1f} ms, 95th percentile {late * 1000:.0f} ms, longest {seconds[-1]:.2f} s")
    return int(named / determined < DETERMINED or median > MEDIAN)


if __name__ == "__main__":
    sys.exit(main())
