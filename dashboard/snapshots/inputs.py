"""The data folder as a snapshot is made of it: which tables, their hashes, and whether they hold together.

Bodies and reports are read here; a report's own tables are read when there is work to do on them.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import dashboard
from dashboard import definitions
from dashboard.checks.case import Reported
from dashboard.messages import UserError
from dashboard.schema import SYNTHETIC, Body, Correction, Fact, Mention, OfficerVerdict, Report
from dashboard.settings import ROOT
from dashboard.snapshots.blocking import Problems
from dashboard.tables import constraints, form, records, writing
from dashboard.tables.by_column import ByColumn
from dashboard.tables.package import Package, Record

Key = tuple[str, int]
KINDS: Mapping[str, type] = {"facts": Fact, "mentions": Mention}
# The year of the first form; reports on the years before it have none.
_FIRST_FORM = min(form.first_year for form in definitions.forms().values())
# What of the program decides what a snapshot holds.
_PROGRAM = (
    "schema.py", "checks/**/*.py", "tables/*.py", "definitions/**/*.csv", "definitions/**/*.toml", "definitions/*.py",
    "snapshots/inputs.py", "snapshots/assembly.py", "snapshots/pieces.py", "snapshots/gathering.py", "snapshots/waiting.py",
    "snapshots/engine_tables.py", "snapshots/engine_writing.py", "snapshots/engine_compared.py",
)  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """`hashes` tells the SHA-256 of each table by its path in the folder."""

    package: Package
    hashes: Mapping[str, str]
    bodies: Sequence[Body]
    reports: Sequence[Report]
    verdicts: Sequence[OfficerVerdict]
    corrections: Sequence[Correction]

    @property
    def is_synthetic(self) -> bool:
        """Whether the reports are those of a made-up country."""
        return any(report.format == SYNTHETIC for report in self.reports)

    @property
    def hash(self) -> str:
        """The same for the same tables and the same program."""
        listed = "\n".join(f"{path} {digest}" for path, digest in sorted(self.hashes.items()))
        return hashlib.sha256(f"{program()}\n{listed}".encode()).hexdigest()[:12]


def read(package: Package) -> Inputs:
    """Raises Blocked with every error of bodies, reports, verdicts and corrections, and tables that are missing or belong to no report."""
    form.refuse_other(package.folder)
    _settle(package)
    if not (package.folder / "reports.csv").exists():
        raise UserError("data.no_reports", folder=str(package.folder))
    problems = Problems()
    bodies = _table(package, "bodies.csv", Body, problems)
    reports = sorted(_table(package, "reports.csv", Report, problems), key=lambda each: (each[1].body, each[1].year))
    verdicts = _table(package, "verdicts.csv", OfficerVerdict, problems) if _has(package, "verdicts.csv") else []
    corrections = _table(package, "corrections.csv", Correction, problems) if _has(package, "corrections.csv") else []
    if not problems.count:
        problems.add(_mixed(package, reports))
        problems.add(_unrelated(package, [body for _, body in bodies], reports))
    problems.refuse()
    held = [report for _, report in reports]
    return Inputs(
        package, hashes(package, held), _rows(bodies), held, _rows(verdicts), _rows(corrections),
    )  # fmt: skip


def _rows(numbered: Sequence[tuple[int, Record]]) -> list[Record]:
    return [row for _, row in numbered]


def read_report(package: Package, report: Report, problems: Problems) -> Reported:
    """A report with both its tables, tried against their schema; what is wrong with them goes to `problems`."""
    facts = _of_report(package, path_of("facts", report), Fact, problems)
    return Reported(report, facts, _of_report(package, path_of("mentions", report), Mention, problems))


def read_again(package: Package, report: Report) -> Reported:
    """A report whose tables were tried against their schema before, and are as they were."""
    facts = _as_written(package, path_of("facts", report), Fact)
    mentions = _as_written(package, path_of("mentions", report), Mention)
    return Reported(
        report,
        package.facts(report.body, report.year) if facts is None else facts,
        package.mentions(report.body, report.year) if mentions is None else mentions,
    )


def _of_report(package: Package, path: str, record: type[Record], problems: Problems) -> Sequence[Record]:
    """By column where the table is right in all, as nearly all are; else row by row, for what is wrong with it."""
    held = _as_written(package, path, record)
    if held is not None and constraints.keeps(held, record):
        return held
    return _rows(_table(package, path, record, problems))


def _as_written(package: Package, path: str, record: type[Record]) -> ByColumn[Record] | None:
    """None where the table has to be read more closely, which then tells what is wrong with it."""
    try:
        return records.by_column(package.text(path), record)
    except UserError:
        return None


def _settle(package: Package) -> None:
    """Completes what a killed ingest left half in its place. Raises UserError where one is at work."""
    if writing.is_unfinished(package.folder):
        with writing.sole_writer(package.folder):
            package.write_description()


def _table(package: Package, path: str, record: type[Record], problems: Problems) -> list[tuple[int, Record]]:
    try:
        # What a spreadsheet made of a code is told by the names of the files; looking at them all has its cost.
        codes = package.codes_of_files() if records.has_codes(record) else None
        rows, found = records.read(package.text(path), record, path, codes)
    except UserError as error:
        problems.add([error])
        return []
    problems.add(found)
    problems.add(constraints.broken(rows, record, path))
    return rows


def _mixed(package: Package, reports: Sequence[tuple[int, Report]]) -> Iterator[UserError]:
    """Real reports beside synthetic ones, and synthetic ones where the project keeps its real ones."""
    synthetic = [line for line, report in reports if report.format == SYNTHETIC]
    if not synthetic and not package.is_synthetic:
        return
    if package.folder.resolve() == ROOT / "data":
        yield UserError("synthetic.in_project", folder=str(package.folder))
    for line, report in reports:
        if report.format != SYNTHETIC:
            yield UserError("row.mixed_synthetic", file="reports.csv", line=line)


def _unrelated(package: Package, bodies: Sequence[Body], reports: Sequence[tuple[int, Report]]) -> Iterator[UserError]:
    """Reports of nobody or of no form, tables that are missing, and tables of no report."""
    known, editions = {body.body for body in bodies}, definitions.forms()
    for line, report in reports:
        where = {"file": "reports.csv", "line": line}
        if report.body not in known:
            yield UserError("row.unknown_body", **where, column="body", value=report.body)
        if report.edition not in editions and not (report.edition == "" and report.year < _FIRST_FORM):
            yield UserError(
                "row.unknown_edition", **where, column="edition", value=report.edition, known="、".join(editions)
            )
    wanted = {path_of(kind, report) for kind in KINDS for _, report in reports}
    held = {path for kind in KINDS for path in _files(package, kind)}
    for path in sorted(wanted - held):
        yield UserError("table.not_found", file=path, folder=str(package.folder))
    for kind in KINDS:
        for path in sorted(held - wanted):
            name = path.removeprefix(f"{kind}/")
            if name != path and name.endswith(".csv") and not name.startswith((".", "~")):
                yield UserError("table.no_report", file=path)


def _files(package: Package, kind: str) -> Iterator[str]:
    """What a folder of tables holds: asked for once, and not file by file."""
    with suppress(FileNotFoundError):
        yield from (f"{kind}/{name}" for name in os.listdir(package.folder / kind))  # noqa: PTH208  # a path object for each of thousands would take longer


def _has(package: Package, path: str) -> bool:
    return (package.folder / path).exists()


def path_of(kind: str, report: Report) -> str:
    return f"{kind}/{report.body}-{report.year}.csv"


def hashes(package: Package, reports: Sequence[Report]) -> dict[str, str]:
    """Each table's path and the hash of its bytes."""
    paths = ["bodies.csv", "reports.csv"]
    paths += [path for path in ("verdicts.csv", "corrections.csv") if _has(package, path)]
    paths += [path_of(kind, report) for report in reports for kind in KINDS]
    folder = os.fspath(package.folder)  # joined as text: a path object for each of many takes as long as the hash
    try:
        return {path: _hash_of_file(f"{folder}/{path}") for path in paths}
    except FileNotFoundError as error:
        raise UserError("table.not_found", file=Path(error.filename).name, folder=str(package.folder)) from error


def _hash_of_file(path: str) -> str:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # a path object for each of thousands would take longer than reading
        return hashlib.sha256(file.read()).hexdigest()


@cache
def program() -> str:
    """The hash of what makes a snapshot of tables: rules, schema, dictionary, and the code that reads and writes."""
    folder = Path(dashboard.__file__).parent
    found = hashlib.sha256(dashboard.__version__.encode())
    for path in sorted({path for pattern in _PROGRAM for path in folder.glob(pattern)}):
        found.update(f"\n{path.relative_to(folder).as_posix()}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def audited(bodies: Sequence[Body], reports: Sequence[Report], hashes: Mapping[str, str]) -> dict[Key, str]:
    """Report -> the hash of everything its findings follow from: itself, its body, its earlier years, those below."""
    rows = {body.body: repr(body) for body in bodies}
    below: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        below[body.parent].append(body)
    of_body: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for report in reports:
        own = "".join([repr(report), *(hashes[path_of(kind, report)] for kind in KINDS)])
        of_body[report.body].append((report.year, _hash(own)))
    found = {}
    for report in reports:
        told = [rows.get(report.body, "")]
        told += [own for year, own in of_body[report.body] if year <= report.year]
        if report.localities or report.departments:
            told.append("below")
            for body in below[report.body]:
                told.append(rows[body.body])
                told += [own for year, own in of_body[body.body] if year == report.year]
        found[report.body, report.year] = _hash("\n".join(told))
    return found


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
