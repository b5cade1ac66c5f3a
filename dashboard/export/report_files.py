"""The files of one report: each chart in each language as an embed, as pictures and as data; and the tables.

A snapshot and a report come in, files by name go out. Links are relative, so that the folder works anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import orjson

from dashboard import __version__
from dashboard.api import charts as chart_files
from dashboard.api import listing, tables
from dashboard.api.formats import CSV, JSON, PLOTLY, PNG, SVG, XLSX, Format
from dashboard.charts import CHARTS, Drawing, Filters, basis, draw
from dashboard.export import pages
from dashboard.figures.theme import Look, Theme
from dashboard.messages import Language, UserError
from dashboard.site import Site
from dashboard.snapshots.store import Snapshot
from dashboard.standalone.page import Addresses, Embed, Inlined, render
from dashboard.stills import Still, Stills
from dashboard.tables.rows import records_of

TABLES = ("facts", "mentions", "findings")
PICTURES = (SVG, PNG)
# Counted up when the same figures would give other files.
_LAYOUT = 3
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Exporter:
    """What every report is written with. `base` is where the folder will stand, empty where nobody knows yet;
    `dashboard` is the address of a dashboard that shows the evidence, if there is one for readers."""

    site: Site
    stills: Stills
    snapshot: Snapshot
    inlined: Inlined
    bundle: str
    base: str
    dashboard: str
    formats: tuple[Format, ...]


def fingerprint(exporter: Exporter, report: dict[str, Any], assets: str) -> str:
    """The same as long as the report's files would be, but for the snapshot they name.

    That is: neither its own figures have changed since, nor those of other years and bodies that its charts show.
    """
    body, year = report["body"], report["year"]
    engine = exporter.snapshot.engine
    rows = [
        records_of(frame)
        for frame in (
            engine.body(body),
            engine.report(body, year),
            engine.facts(body, [year - 1, year]),
            engine.mentions(body, year),
            engine.findings(body, year),
            engine.failing_at(body, year).sort_values(["locator", "finding"]),
        )
    ]
    rows += basis(exporter.snapshot, Filters(body, year))
    with_what = [
        _LAYOUT, __version__, assets, exporter.base, exporter.dashboard, exporter.stills.is_available,
        [each.ending for each in exporter.formats],
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps([with_what, rows], default=str)).hexdigest()


def files(exporter: Exporter, report: dict[str, Any]) -> dict[str, bytes]:
    """By name below the report's folder."""
    made: dict[str, bytes] = {}
    for language in Language:
        filters = Filters(report["body"], report["year"], language)
        drawings = {chart: draw(exporter.snapshot, chart, filters) for chart in CHARTS}
        for chart in CHARTS:
            made |= {f"{language}/{name}": content for name, content in _chart(exporter, chart, filters)}
        endings = {
            chart: [name.partition(".")[2] for name in made if name.startswith(f"{language}/{chart}.")]
            for chart in CHARTS
        }
        made[f"{language}/index.html"] = pages.report(exporter.base, report, list(drawings.values()), endings, language)
    for name in TABLES:
        made[f"{name}.csv"] = _table(exporter, name, report)
    return made


def _chart(exporter: Exporter, chart: str, filters: Filters) -> Iterator[tuple[str, bytes]]:
    yield f"{chart}.html", _embed(exporter, chart, filters)
    drawing = draw(exporter.snapshot, chart, filters)
    place = f"{filters.body}/{filters.year}/{filters.language}/{chart}.html"
    link = f"{exporter.base}/{place}" if exporter.base else place
    told = exporter.base or Look(language=filters.language).text("site.name")
    for kind in exporter.formats:
        if kind in PICTURES and not exporter.stills.is_available:
            continue
        if drawing.figure is None and kind in (*PICTURES, PLOTLY):
            continue
        for theme in (Theme.LIGHT, Theme.DARK) if kind is PLOTLY else (Theme.LIGHT,):
            asked = replace(filters, theme=theme, snapshot=exporter.snapshot.name)
            name = f"{chart}.{theme}.json" if kind is PLOTLY else f"{chart}.{kind.ending}"
            yield name, chart_files.file(exporter.site, exporter.stills, chart, asked, kind, link, told)


def _embed(exporter: Exporter, chart: str, filters: Filters) -> bytes:
    drawing = draw(exporter.snapshot, chart, replace(filters, theme=Theme.AUTO))
    here = f"{exporter.base}/{filters.body}/{filters.year}/{filters.language}/{chart}" if exporter.base else chart
    view = f"{exporter.dashboard}/{filters.query()}" if exporter.dashboard else ""
    addresses = Addresses(
        itself=f"{here}.html" if exporter.base else "",
        dashboard=view or "index.html",
        evidence=view,
        figure=f"{chart}.{{theme}}.json",
        script=f"../../../{exporter.bundle}",
        picture=f"{here}.png" if exporter.base and exporter.stills.is_available and PNG in exporter.formats else "",
    )
    embed = Embed(
        drawing, _still(exporter, drawing), Theme.LIGHT, Look(Theme.AUTO, filters.language), addresses,
        exporter.snapshot.manifest.built[:10], follows=True,
    )  # fmt: skip
    return render(embed, exporter.inlined).html.encode()


def _still(exporter: Exporter, drawing: Drawing) -> Still | None:
    """None only where there is no browser: a drawing that fails ends the export, which would be wrong for good."""
    if drawing.figure is None or not exporter.stills.is_available:
        return None
    return exporter.stills.still(drawing.figure)


def _table(exporter: Exporter, name: str, report: dict[str, Any]) -> bytes:
    asked = {"body": report["body"], "year": report["year"], "snapshot": exporter.snapshot.name, "limit": _MOST}
    wanted = listing.wanted(exporter.site, tables.TABLES[name], CSV, urlencode(asked), varies=False)
    return wanted.make().bodies["identity"]


def folder_of(report: dict[str, Any]) -> str:
    """`640000/2018`. Raises UserError for a code that is no name of a folder."""
    body, year = str(report["body"]), int(report["year"])
    if not (body.isascii() and body.replace("-", "").replace("_", "").isalnum()):
        raise UserError("export.no_folder_name", body=body)
    return f"{body}/{year}"


ALL = (JSON, CSV, XLSX, PLOTLY, SVG, PNG)
