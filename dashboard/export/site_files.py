"""The whole export: every report's files, what they share, and the index. From one snapshot, into one folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from dashboard import __version__
from dashboard.api import package
from dashboard.api.answers import LICENCE
from dashboard.api.formats import Format
from dashboard.delivery.assets import hashed
from dashboard.export import pages, report_files
from dashboard.export.folder import Folder, Outcome, opened
from dashboard.export.report_files import Exporter
from dashboard.messages import Language
from dashboard.settings import Settings
from dashboard.site import Site
from dashboard.standalone.page import Inlined
from dashboard.stills import Stills
from dashboard.tables.rows import records_of

_BUNDLE, _FRAME, _PAGE, _STYLE = "vendor/plotly.min.js", "embed/frame.js", "export/export.js", "export/export.css"
_ZIP = "data/gongkai-data.zip"
_AT_ONCE = 1000
_LICENCE = "vendor/plotly.LICENSE.txt"


@dataclass(frozen=True, slots=True)
class Wishes:
    """`base_url`: where the folder will be reached; `snapshot`: a published one, empty for the live one; `without`:
    formats left out, by their ending."""

    base_url: str = ""
    snapshot: str = ""
    without: frozenset[str] = frozenset()


def export(
    settings: Settings, target: Path, wishes: Wishes, tell: Callable[[int, int], None] = lambda *_: None
) -> Outcome:
    """Writes what has changed. `tell` is called with the reports done and all there are.

    Raises UserError where nothing is live, the folder is not one of ours or cannot be written, or a chart cannot be
    drawn by a browser that is there; then the files of before stand, and the next run goes on.
    """
    Site(settings).snapshot(wishes.snapshot)  # before the folder is made, where there is nothing to write
    stills = Stills(settings)
    try:
        with opened(target) as folder:
            _write(folder, settings, wishes, stills, tell)
    finally:
        stills.close()
    if not stills.is_available:
        folder.outcome.notes.append("export.no_browser")
    return folder.outcome


def _write(
    folder: Folder, settings: Settings, wishes: Wishes, stills: Stills, tell: Callable[[int, int], None]
) -> None:
    shown = settings.public_url
    # What a file says of its own place is where the folder stands, not where this program happens to listen.
    site = Site(replace(settings, public_url=wishes.base_url or shown))
    assets = {name: (settings.assets_dir / name).read_bytes() for name in (_BUNDLE, _FRAME, _PAGE, _STYLE, _LICENCE)}
    bundle = f"assets/{hashed(Path(_BUNDLE).name, assets[_BUNDLE])}"
    exporter = Exporter(
        site, stills, site.snapshot(wishes.snapshot), Inlined.of(settings.assets_dir), bundle, wishes.base_url, shown,
        _formats(wishes.without),
    )  # fmt: skip
    reports = list(_listed(exporter))
    _reports(folder, exporter, reports, _digest(assets, exporter), tell)
    folder.close(_shared(exporter, assets, reports), _told(exporter))


def _formats(without: Collection[str]) -> tuple[Format, ...]:
    return tuple(each for each in report_files.ALL if each.ending not in without)


def _digest(assets: dict[str, bytes], exporter: Exporter) -> str:
    """Of everything but the figures that the reports' files are made with."""
    inlined = (exporter.inlined.style + exporter.inlined.script).encode()
    return hashlib.sha256(b"".join(hashlib.sha256(each).digest() for each in (*assets.values(), inlined))).hexdigest()


def _reports(
    folder: Folder, exporter: Exporter, reports: list[dict[str, Any]], assets: str, tell: Callable[[int, int], None]
) -> None:
    for done, report in enumerate(reports):
        tell(done, len(reports))
        fingerprint = report_files.fingerprint(exporter, report, assets)
        folder.part(report_files.folder_of(report), fingerprint, partial(report_files.files, exporter, report))
    tell(len(reports), len(reports))


def _shared(exporter: Exporter, assets: dict[str, bytes], reports: list[dict[str, Any]]) -> dict[str, bytes]:
    files = {
        exporter.bundle: assets[_BUNDLE],
        "assets/plotly.LICENSE.txt": assets[_LICENCE],
        "embed.js": assets[_FRAME],
        "assets/export.js": assets[_PAGE],
        "assets/export.css": assets[_STYLE],
        _ZIP: _package(exporter),
    }
    bodies = {row["body"]: row for row in records_of(exporter.snapshot.engine.bodies())}
    for language in Language:
        name = "index.html" if language is Language.ZH else f"index.{language}.html"
        files[name] = pages.index(reports, bodies, exporter.snapshot, language)
    return files


def _listed(exporter: Exporter) -> Iterator[dict[str, Any]]:
    """Every report by body and year."""
    offset = 0
    while rows := records_of(exporter.snapshot.engine.listed("reports", {}, ["body", "year"], _AT_ONCE, offset)):
        yield from rows
        offset += len(rows)


def _package(exporter: Exporter) -> bytes:
    with TemporaryFile() as file:
        base = exporter.base or exporter.dashboard
        package.write(file, exporter.snapshot, base, f"{exporter.base}/{_ZIP}" if exporter.base else _ZIP)
        file.seek(0)
        return file.read()


def _told(exporter: Exporter) -> dict[str, Any]:
    return {
        "program": f"gongkai {__version__}",
        "snapshot": exporter.snapshot.name,
        "built": exporter.snapshot.manifest.built,
        "base_url": exporter.base,
        "licence": LICENCE,
        **({"synthetic": True} if exporter.snapshot.manifest.synthetic else {}),
    }
