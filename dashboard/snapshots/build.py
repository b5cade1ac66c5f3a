"""The pipeline on one screen: the data folder's tables into an immutable snapshot, then published.

The same tables and program give the same hash; a snapshot that exists already is published, not built again.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard import __version__
from dashboard.checks import audit, rows
from dashboard.messages import Language, UserError, text
from dashboard.schema import Body, EvidenceRow, Fact, FindingRow, Mention, OfficerVerdict, Report, columns
from dashboard.settings import Settings
from dashboard.snapshots import engine, store
from dashboard.snapshots.store import Manifest, Snapshot
from dashboard.tables import writing
from dashboard.tables.package import Package

# A snapshot's layout; counted up when the same tables would give other files.
LAYOUT = "2"


def refresh(settings: Settings) -> Snapshot:
    """Builds the snapshot of the data folder as it is and makes it live. Raises UserError; then nothing has changed."""
    name = build(settings)
    store.publish(settings.snapshots_dir, name)
    return store.open_snapshot(settings.snapshots_dir, name)


def ensure(settings: Settings) -> None:
    """Publishes a first snapshot where none is live, and a new one where the live one no longer opens."""
    if store.live_name(settings.snapshots_dir) not in store.names(settings.snapshots_dir):
        refresh(settings)


def build(settings: Settings) -> str:
    """The name of the snapshot of the data folder as it is, built if it does not exist yet."""
    package = Package(settings.data_dir)
    _settle(package)
    inputs = _inputs(package)
    digest = _hash(inputs)
    for name in store.names(settings.snapshots_dir):
        if name.endswith(f"-{digest}"):
            return name
    return _write(package, inputs, digest, settings.snapshots_dir)


def _settle(package: Package) -> None:
    """Completes what a killed ingest left half in its place. Raises UserError where one is at work."""
    if writing.is_unfinished(package.folder):
        with writing.sole_writer(package.folder):
            package.write_description()


def status(settings: Settings, language: Language) -> Iterator[str]:
    """What is live, and whether the data folder has moved on since, line by line."""
    name = store.live_name(settings.snapshots_dir)
    if name is None:
        yield text("status.nothing_live", language, folder=settings.data_dir)
        return
    manifest = store.open_snapshot(settings.snapshots_dir, name).manifest
    yield text("status.live", language, snapshot=name, reports=manifest.reports, facts=manifest.facts)
    is_current = _hash(_inputs(Package(settings.data_dir))) == manifest.hash
    yield text("status.current" if is_current else "status.outdated", language)


def _inputs(package: Package) -> dict[str, str]:
    """Each table's path and the hash of its bytes."""
    paths = ["bodies.csv", "reports.csv"]
    paths += ["verdicts.csv"] if (package.folder / "verdicts.csv").exists() else []
    for report in package.reports():
        paths += [f"{kind}/{report.body}-{report.year}.csv" for kind in ("facts", "mentions")]
    if not (package.folder / "reports.csv").exists():
        raise UserError("data.no_reports", folder=str(package.folder))
    try:
        return {path: hashlib.sha256((package.folder / path).read_bytes()).hexdigest() for path in paths}
    except FileNotFoundError as error:
        raise UserError("table.not_found", file=Path(error.filename).name, folder=str(package.folder)) from error


def _hash(inputs: dict[str, str]) -> str:
    listed = "\n".join(f"{path} {digest}" for path, digest in sorted(inputs.items()))
    return hashlib.sha256(f"{LAYOUT} {__version__}\n{listed}".encode()).hexdigest()[:12]


def _write(package: Package, inputs: dict[str, str], digest: str, folder: Path) -> str:
    reports = package.reports()
    built = datetime.now(UTC)
    year = max((report.year for report in reports), default=0)
    name = f"{year}-{built:%Y%m%dT%H%M%SZ}-{digest}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=folder, prefix=".building-"))
    except OSError as error:
        raise UserError(
            "table.not_writable", file="snapshots", folder=str(folder), reason=str(error.strerror)
        ) from error
    try:
        listed = _rows(package, reports)
        counts = {table: engine.write(table, listed[table], unfinished / f"{table}.parquet") for table in engine.TABLES}
        manifest = Manifest(
            digest,
            built.isoformat(timespec="seconds"),
            __version__,
            inputs,
            counts["reports"],
            counts["facts"],
            counts["mentions"],
        )
        if _inputs(package) != inputs:
            raise UserError("data.being_written", folder=str(package.folder))
        store.write_manifest(unfinished, manifest)
        unfinished.chmod(0o755)
        unfinished.replace(folder / name)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return name


def _rows(package: Package, reports: list[Report]) -> dict[str, Iterator[list[Any]]]:
    findings = list(audit.audit(package))
    return {
        "bodies": (_values(body, Body) for body in package.bodies()),
        "reports": (_values(report, Report) for report in reports),
        "facts": (
            [report.body, report.year, *_values(fact, Fact)]
            for report in reports
            for fact in package.facts(report.body, report.year)
        ),
        "mentions": (
            [report.body, report.year, *_values(mention, Mention)]
            for report in reports
            for mention in package.mentions(report.body, report.year)
        ),
        "findings": ([each.body, each.year, *_values(rows.row(each), FindingRow)] for each in findings),
        "evidence": (
            [each.body, each.year, *_values(cell, EvidenceRow)] for each in findings for cell in rows.evidence(each)
        ),
        "verdicts": (_values(verdict, OfficerVerdict) for verdict in package.verdicts()),
    }


def _values(record: object, kind: type) -> list[Any]:
    return [getattr(record, name) for name in columns(kind)]
