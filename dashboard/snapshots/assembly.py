"""The pipeline on one screen: the data folder's tables, tried and checked, into an immutable snapshot that is not live yet.

The same tables and program give the same hash and the same files. What another snapshot holds of reports that have not
changed is taken over from it, which changes no byte; only what has changed is read and checked anew.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dashboard import __version__
from dashboard.messages import UserError
from dashboard.schema import (
    Body,
    BodyName,
    Correction,
    OfficerVerdict,
    Report,
    columns,
)
from dashboard.snapshots import durable, engine, engine_tables, inputs, manifest, pieces, pointer, store
from dashboard.snapshots.blocking import Problems
from dashboard.snapshots.engine_writing import Writer
from dashboard.snapshots.inputs import Inputs, Key
from dashboard.snapshots.manifest import Manifest
from dashboard.tables import finding
from dashboard.tables.package import Package

UNFINISHED = ".building-"
Tell = Callable[[int, int], None]
"""Told how many reports of how many have been checked."""


def untold(_done: int, _total: int) -> None:
    """Where nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Made:
    """The snapshot of the data folder as it is; `is_new` where it was not there before."""

    name: str
    manifest: Manifest
    is_new: bool


def make(data: Path, folder: Path, tell: Tell = untold) -> Made:
    """Builds the snapshot if it does not exist yet. Raises Blocked with every error in the tables; then nothing has changed.

    The caller holds the refresh lock.
    """
    read = inputs.read(Package(data))
    held = _whole(folder, read.hash)
    if held:
        return Made(*held, is_new=False)
    base = _base(folder)
    plan = _Plan.of(read, base)
    return _write(read, plan, folder, tell)


def _whole(folder: Path, digest: str) -> tuple[str, Manifest] | None:
    """A snapshot of that hash that is as it was written."""
    for name in store.names(folder):
        if name.endswith(f"-{digest}"):
            try:
                return name, store.verify(folder, name)
            except UserError:
                continue  # it is built again, under another name
    return None


def _base(folder: Path) -> tuple[Path, Manifest] | None:
    """A snapshot by the same program to take over from: the live one, else one as new as can be told."""
    live = pointer.read_or_none(folder)
    listed = [live.snapshot] if live else []
    for name in [*listed, *reversed(store.names(folder))]:
        try:
            if manifest.read(folder / name).program == inputs.program():
                return folder / name, store.verify(folder, name)
        except UserError:
            continue
    return None


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which reports' tables and findings are made anew, and which are taken over from `base`."""

    base: Path | None
    to_read: Collection[Key]
    to_check: Collection[Key]

    @classmethod
    def of(cls, read: Inputs, base: tuple[Path, Manifest] | None) -> _Plan:
        every = {(report.body, report.year) for report in read.reports}
        if base is None:
            return cls(None, every, every)
        path, held = base
        before = engine.FileEngine(path)
        bodies = [Body(*row) for row in before.rows("bodies")]
        reports = [Report(*row) for row in before.rows("reports")]
        before.close()
        audited = inputs.audited(bodies, reports, held.inputs)
        now = inputs.audited(read.bodies, read.reports, read.hashes)
        return cls(
            path,
            {(each.body, each.year) for each in read.reports if not _is_same(each, read, held, audited)},
            {key for key in every if audited.get(key) != now[key]},
        )


def _is_same(report: Report, read: Inputs, held: Manifest, known: Collection[Key]) -> bool:
    if (report.body, report.year) not in known:
        return False
    paths = [inputs.path_of(kind, report) for kind in inputs.KINDS]
    return all(read.hashes[path] == held.inputs[path] for path in paths)


def _write(read: Inputs, plan: _Plan, folder: Path, tell: Tell) -> Made:
    built = datetime.now(UTC)
    unfinished = _unfinished(folder)
    try:
        with closing(Writer(unfinished)) as writer:
            _add(writer, read, plan, tell)
            counts = writer.finish()
        if inputs.hashes(read.package, read.reports) != read.hashes:
            raise UserError("data.being_written", folder=str(read.package.folder))
        held = _manifest(read, built, counts, unfinished)
        manifest.write(unfinished, held)
        unfinished.chmod(0o755)
        durable.keep_names(unfinished)
        name = _name(folder, max((report.year for report in read.reports), default=0), built, read.hash)
        unfinished.replace(folder / name)
        durable.keep_names(folder)
    except OSError as error:
        raise durable.not_writable(folder, error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return Made(name, held, is_new=True)


def _unfinished(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=folder, prefix=UNFINISHED))
    except OSError as error:
        raise durable.not_writable(folder, error) from error


def _name(folder: Path, year: int, built: datetime, digest: str) -> str:
    """A name that is free, also where a clock was put back."""
    while (folder / (name := f"{year}-{built:%Y%m%dT%H%M%SZ}-{digest}")).exists():
        built += timedelta(seconds=1)
    return name


def _manifest(read: Inputs, built: datetime, counts: dict[str, int], folder: Path) -> Manifest:
    files = {}
    for path in sorted(folder.glob("*.parquet")):
        durable.keep(path)
        files[path.name] = manifest.hash_of(path)
    return Manifest(
        hash=read.hash, built=built.isoformat(timespec="seconds"), version=__version__, program=inputs.program(),
        layout=engine_tables.layout(), inputs=dict(read.hashes), files=files, reports=len(read.reports),
        facts=counts["facts"], mentions=counts["mentions"], findings=counts["findings"], synthetic=read.is_synthetic,
    )  # fmt: skip


def _add(writer: Writer, read: Inputs, plan: _Plan, tell: Tell) -> None:
    writer.add("bodies", (_values(body, Body) for body in read.bodies))
    writer.add("names", (_values(name, BodyName) for name in finding.keys(read.bodies, read.reports)))
    writer.add("reports", (_values(report, Report) for report in read.reports))
    writer.add("verdicts", (_values(verdict, OfficerVerdict) for verdict in read.verdicts))
    writer.add("corrections", (_values(correction, Correction) for correction in read.corrections))
    every = {(report.body, report.year) for report in read.reports}
    if plan.base:
        for tables, anew in ((("facts", "mentions"), plan.to_read), (("findings", "evidence"), plan.to_check)):
            for table in tables:
                writer.take_over(plan.base, table, every - set(anew))
    # A report that compiles others is checked with theirs, when all of them have been tried against their schema.
    compiled = {(each.body, each.year) for each in read.reports if each.localities or each.departments}
    last = compiled & set(plan.to_check)
    problems, done = Problems(), 0
    for to_read, to_check in ((plan.to_read, set(plan.to_check) - last), ((), last)):
        for piece in pieces.made(read.package, read.reports, to_read, to_check, writer.spill):
            piece.add_problems(problems)
            if not problems.count:
                for table, (path, rows) in piece.tables.items():
                    writer.insert(table, path, rows)
            for _ in range(piece.checked):
                done += 1
                tell(done, len(plan.to_check))
        problems.refuse()


def _values(record: object, kind: type) -> list[Any]:
    return [getattr(record, name) for name in columns(kind)]
