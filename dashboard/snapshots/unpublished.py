"""What the data folder holds that is not live, report by report, and since which act.

The folder and the live snapshot come in; nothing is written. What was found is remembered until either changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from dashboard.kept import Kept
from dashboard.schema import Fact, Report
from dashboard.settings import Settings
from dashboard.snapshots import history, inputs, pointer, store
from dashboard.snapshots.audit_log import Entry
from dashboard.snapshots.diff import Change
from dashboard.snapshots.engine import Engine
from dashboard.snapshots.inputs import Inputs, Key
from dashboard.snapshots.store import Snapshot
from dashboard.tables.package import Package

_TABLES = ("*.csv", "facts/*.csv", "mentions/*.csv")
_OTHERS = ("bodies.csv", "corrections.csv", "verdicts.csv")
_found: Kept[tuple[Path, str, int], tuple[tuple[OfReport, ...], tuple[str, ...]]] = Kept(4)


@dataclass(frozen=True, slots=True)
class OfReport:
    """A report that is not in both, or not the same in both. `figures` are those that differ."""

    body: str
    year: int
    change: Change
    figures: int

    @property
    def key(self) -> str:
        return f"{self.body}-{self.year}"


@dataclass(frozen=True, slots=True)
class Unpublished:
    """`others` are tables of no single report that differ; `since` made live what is live, None where no log tells."""

    live: str
    reports: tuple[OfReport, ...]
    others: tuple[str, ...]
    since: Entry | None


def read(settings: Settings) -> Unpublished | None:
    """None where the folder is what is live, or nothing is. Raises UserError where one of them cannot be read."""
    live = pointer.read_or_none(settings.snapshots_dir)
    if live is None:
        return None
    key = settings.data_dir, live.snapshot, _stamp(settings.data_dir)
    found = _found.get(key)
    if found is None:
        found = _compared(settings, live.snapshot)
        _found.put(key, found)
    reports, others = found
    return Unpublished(live.snapshot, reports, others, history.last(settings)) if reports or others else None


def _stamp(folder: Path) -> int:
    """Another one when a table is another one."""
    paths = sorted(path for kind in _TABLES for path in folder.glob(kind))
    stats = [(str(path), path.stat()) for path in paths if path.exists()]
    return hash(tuple((path, each.st_ino, each.st_mtime_ns, each.st_size) for path, each in stats))


def _compared(settings: Settings, live: str) -> tuple[tuple[OfReport, ...], tuple[str, ...]]:
    now, shown = inputs.read(Package(settings.data_dir)), store.open_snapshot(settings.snapshots_dir, live)
    try:
        held = shown.manifest.inputs
        paths = {path for path in held.keys() | now.hashes.keys() if held.get(path) != now.hashes.get(path)}
        return tuple(_reports(now, shown, paths)), tuple(path for path in _OTHERS if path in paths)
    finally:
        shown.engine.close()


def _reports(now: Inputs, shown: Snapshot, paths: set[str]) -> Iterator[OfReport]:
    here = {(each.body, each.year): each for each in now.reports}
    there = reports_of(shown.engine)
    stems = (Path(path).stem.rpartition("-") for path in paths if "/" in path)
    keys = {(body, int(year)) for body, _, year in stems}
    keys |= {key for key in here.keys() | there.keys() if here.get(key) != there.get(key)}
    for key in sorted(keys):
        change = Change.GONE if key not in here else Change.ADDED if key not in there else Change.CHANGED
        before = _figures(facts_of(shown.engine, *key)) if key in there else Counter()
        after = _figures(now.package.facts(*key)) if key in here else Counter()
        yield OfReport(*key, change, max((after - before).total(), (before - after).total()))


def _figures(facts: Iterable[Fact]) -> Counter[tuple[str | Decimal | None, ...]]:
    return Counter(
        (each.indicator, each.segment, each.applicant, each.measure, each.locator, each.value, each.absence, each.unit)
        for each in facts
    )


def reports_of(engine: Engine) -> dict[Key, Report]:
    """The reports of a snapshot by body and year."""
    found = (Report(*row) for row in engine.rows("reports"))
    return {(each.body, each.year): each for each in found}


def facts_of(engine: Engine, body: str, year: int) -> list[Fact]:
    """The figures of a report of a snapshot as it has them, whatever has been corrected."""
    rows = engine.reported(body, year)
    return [Fact(**{name: row[name] for name in Fact.__dataclass_fields__}) for row in rows.to_dict("records")]
