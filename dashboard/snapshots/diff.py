"""What a publication would change: one snapshot held against another, told by body and indicator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from dashboard.messages import UserError, tellable
from dashboard.snapshots import store
from dashboard.snapshots.engine_comparing import Comparison, corrected_reports, figures_of_reports
from dashboard.snapshots.manifest import Manifest


class Change(StrEnum):
    """What became of a figure or a finding."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"
    NEW = "new"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure before and after; of value and absence one is set where the figure is there, neither where it is not."""

    body: str
    year: int
    indicator: str
    segment: str
    applicant: str
    measure: str
    change: str
    old_value: Decimal | None
    old_absence: str | None
    new_value: Decimal | None
    new_absence: str | None
    unit: str
    locator: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many figures of one indicator of one report were added, changed or went; of all, where the indicator is empty."""

    body: str
    year: int
    indicator: str
    change: str
    count: int


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A rule that fails in one of the snapshots alone: new, or settled."""

    body: str
    year: int
    rule: str
    severity: str
    id: str
    change: str


@dataclass(frozen=True)
class Difference:
    """`old` is empty where there is nothing to compare with. `counts` are complete, `figures` as many as asked for."""

    old: str
    new: str
    counts: tuple[Count, ...]
    figures: tuple[FigureChange, ...]
    findings: tuple[FindingChange, ...]

    def total(self, change: Change) -> int:
        """How many figures, or findings, changed in this way."""
        figures = sum(each.count for each in self.counts if each.change == change)
        return figures + sum(each.change == change for each in self.findings)

    @property
    def is_empty(self) -> bool:
        return not self.counts and not self.findings

    def by_report(self) -> dict[tuple[str, int], Counter[str]]:
        """(body, year) -> how many figures changed in which way."""
        found: dict[tuple[str, int], Counter[str]] = {}
        for each in self.counts:
            found.setdefault((each.body, each.year), Counter())[each.change] += each.count
        return found


def between(folder: Path, old: str, new: str, most: int | None = None, *, by_indicator: bool = True) -> Difference:
    """What `new` changes against `old` (names of snapshots; an empty `old` stands for nothing at all).

    Not `by_indicator`, counts are of whole reports: of a whole country's figures that are all new, there are far fewer.
    Raises UserError where one of them is not there, or not whole.
    """
    before = store.verify(folder, old) if old else None
    after = store.verify(folder, new)
    touched = _touched(before, after)
    if touched is not None and _corrections(before) != _corrections(after):
        touched |= corrected_reports(folder / old) | corrected_reports(folder / new)
    comparison = Comparison(folder / old if old else None, folder / new, touched)
    try:
        return Difference(
            old,
            new,
            tuple(Count(*row) for row in comparison.counts(by_indicator=by_indicator)),
            tuple(FigureChange(*row) for row in comparison.figures(most)),
            tuple(FindingChange(*row) for row in comparison.findings()),
        )
    finally:
        comparison.close()


def _corrections(held: Manifest | None) -> str | None:
    return held.inputs.get("corrections.csv") if held else None


def _touched(old: Manifest | None, new: Manifest) -> set[tuple[str, int]] | None:
    """The reports whose table of figures is not the same in both, where the same program read both."""
    if old is None or old.program != new.program:
        return None
    paths = {path for path in old.inputs.keys() | new.inputs.keys() if old.inputs.get(path) != new.inputs.get(path)}
    stems = (Path(path).stem.rpartition("-") for path in paths if path.startswith("facts/"))
    return {(body, int(year)) for body, _, year in stems}


def falls(folder: Path, old: str, new: str, limit: int) -> Iterator[UserError]:
    """Where `new` has fewer figures than `old` by more than `limit` percent: in all, and report by report."""
    before, after = figures_of_reports(folder / old), figures_of_reports(folder / new)
    pairs = [("", 0, sum(before.values()), sum(after.values()))]
    pairs += [(body, year, count, after.get((body, year), 0)) for (body, year), count in sorted(before.items())]
    for body, year, had, has in pairs:
        if (had - has) * 100 > limit * had:
            message = "fall.whole" if not body else "fall.report" if (body, year) in after else "fall.report_gone"
            told = {"body": tellable(body), "year": year} if body else {}
            yield UserError(message, **told, old=had, new=has, limit=limit)
