"""The whole of a snapshot as a data package in one file: made once, kept on disk, sent from there.

A snapshot comes in, the path of a zip goes out. The tables are the snapshot's own, not those of the data folder, which
may have moved on. The only writer of the folder of packages.
"""

from __future__ import annotations

import hashlib
import io
import logging
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from dashboard import __version__
from dashboard.api.answers import LICENCE, LICENCE_ADDRESS, day
from dashboard.api.as_csv import to_csv
from dashboard.api.errors import Refused
from dashboard.messages import Language, both, plural, text
from dashboard.schema import Body, Correction, Fact, Mention, OfficerVerdict, Report, columns
from dashboard.snapshots.engine import Engine
from dashboard.snapshots.engine_tables import columns_of
from dashboard.snapshots.store import Snapshot
from dashboard.stills.shelf import Shelf
from dashboard.tables.package import describe, schema_files
from dashboard.tables.rows import records_of

_log = logging.getLogger("gongkai.api")
# Counted up when the same snapshot would give another file.
_LAYOUT = 2
_MOST = 3  # packages on disk: the live one, and some that are asked for by name
_WAIT = 900.0
_BODIES_AT_ONCE = 500


class Packages:
    """For any thread, and beside other processes with the same folder. `base` is the site's address."""

    def __init__(self, folder: Path, base: str) -> None:
        self._folder, self._base = folder, base
        self._lock = threading.Lock()
        self._turns = Shelf(folder, 0)  # for its locks between processes

    def open(self, snapshot: Snapshot) -> tuple[str, io.BufferedReader]:
        """The package's name by content, and its file, which stays readable when it is removed meanwhile.

        Raises UserError where there is no room for it.
        """
        name = self.name(snapshot)
        path = self._folder / f"{name}.zip"
        found = _opened(path)
        if found is None:
            # One thread of this process at a time, one process of all.
            with self._lock, self._turns.alone(hashlib.sha256(name.encode()).hexdigest(), _WAIT):
                found = _opened(path) or self._built_or_refused(path, snapshot)
        return name, found

    def name(self, snapshot: Snapshot) -> str:
        # The address stands in it.
        base = hashlib.sha256(self._base.encode()).hexdigest()[:8]
        return f"{snapshot.name}-{__version__}-{_LAYOUT}-{base}"

    def _built_or_refused(self, path: Path, snapshot: Snapshot) -> io.BufferedReader:
        try:
            return self._built(path, snapshot)
        except OSError as error:
            _log.error("%s: %s", path, error)
            raise Refused(503, "api.no_room", {"Retry-After": "600"}) from error

    def _built(self, path: Path, snapshot: Snapshot) -> io.BufferedReader:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._make_room()
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as file:
            try:
                write(file, snapshot, self._base)
                file.flush()
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        return path.open("rb")

    def _make_room(self) -> None:
        """What was made first goes first, and what was left half made by a process that is gone."""
        for pattern, most in (("*.zip", _MOST - 1), ("*.part", 0)):
            held = sorted(self._folder.glob(pattern), key=_made_at, reverse=True)
            for path in held[most:]:
                with suppress(OSError):
                    path.unlink()


def _opened(path: Path) -> io.BufferedReader | None:
    try:
        return path.open("rb")
    except (FileNotFoundError, NotADirectoryError):
        return None


def _made_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def write(file: Any, snapshot: Snapshot, base: str, link: str = "") -> None:
    """The same snapshot gives the same bytes. `link` is where the file is to be found, if not at this site's API."""
    engine = snapshot.engine
    bodies = [row["body"] for row in _all(engine, "bodies")]
    reports = [Report(**{name: row[name] for name in columns(Report)}) for row in _all(engine, "reports")]
    more = {
        name: (record, list(_by_body(engine, name, bodies)))
        for name, record in (("verdicts", OfficerVerdict), ("corrections", Correction))
    }
    written_at = datetime.fromisoformat(snapshot.manifest.built).timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:

        def put(name: str, content: bytes) -> None:
            entry = zipfile.ZipInfo(name, written_at)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)

        put("README.md", _readme(snapshot, link or f"{base}/api/v1/data.zip?snapshot={snapshot.name}").encode())
        put(
            "datapackage.json",
            orjson.dumps(
                _description(snapshot, reports, base, [name for name, (_, rows) in more.items() if rows]),
                option=orjson.OPT_INDENT_2,
            ),
        )
        for name, content in schema_files(reports).items():
            put(name, content)
        put(
            "bodies.csv",
            to_csv(columns(Body), ([row[name] for name in columns(Body)] for row in _all(engine, "bodies"))),
        )
        put(
            "reports.csv",
            to_csv(columns(Report), ([getattr(each, name) for name in columns(Report)] for each in reports)),
        )
        for name, (held, rows) in more.items():
            if rows:
                put(f"{name}.csv", to_csv(columns(held), rows))
        years = {(each.body, each.year) for each in reports}
        for table, record in (("facts", Fact), ("mentions", Mention)):
            for name, content in _of_reports(engine, table, record, bodies, years):
                put(name, content)


def _all(engine: Engine, table: str) -> Iterator[dict[str, Any]]:
    offset = 0
    while rows := records_of(engine.listed(table, {}, [], _BODIES_AT_ONCE, offset)):
        yield from rows
        offset += len(rows)


def _by_body(engine: Engine, table: str, bodies: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    for body in bodies:
        yield from engine.whole(table, body)


def _of_reports(
    engine: Engine, table: str, record: type, bodies: Sequence[str], reports: set[tuple[str, int]]
) -> Iterator[tuple[str, bytes]]:
    """A file for each report, also for one without rows."""
    body_at, year_at = (columns_of(table).index(name) for name in ("body", "year"))
    rest = [columns_of(table).index(name) for name in columns(record)]
    left = set(reports)
    key: Callable[[tuple[Any, ...]], tuple[str, int]] = lambda row: (row[body_at], row[year_at])  # noqa: E731  # it has a type this way
    for (body, year), rows in groupby(_by_body(engine, table, bodies), key):
        left.discard((body, year))
        yield f"{table}/{body}-{year}.csv", to_csv(columns(record), ([row[place] for place in rest] for row in rows))
    for body, year in sorted(left):
        yield f"{table}/{body}-{year}.csv", to_csv(columns(record), [])


def _description(snapshot: Snapshot, reports: list[Report], base: str, more: list[str]) -> dict[str, Any]:
    told = describe(reports, more)
    licence = told["licenses"][0] | {"path": LICENCE_ADDRESS}
    return (
        told
        | {
            "licenses": [licence],
            "version": snapshot.name,
            "created": snapshot.manifest.built,
        }
        | ({"homepage": base} if base else {})
    )


def _readme(snapshot: Snapshot, link: str) -> str:
    told: dict[str, object] = {
        "snapshot": snapshot.name,
        "date": day(snapshot),
        "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS,
        "link": link,
    }
    mark = [f"# {both('synthetic.banner')}\n"] if snapshot.manifest.synthetic else []
    said = (text("api.readme", each, **told, **_extent(snapshot, each)) for each in Language)
    return "\n".join([*mark, *said])


def _extent(snapshot: Snapshot, language: Language) -> dict[str, str]:
    held = snapshot.manifest
    return {
        "reports": plural("count.reports", held.reports, language),
        "facts": plural("count.figures", held.facts, language),
        "mentions": plural("count.quantities", held.mentions, language),
    }
