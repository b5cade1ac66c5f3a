"""Charts of several reports: each row tells its own report, and a place in another report names it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard.charts import places
from dashboard.charts.catalogue import Chart, Table
from dashboard.charts.drawn import Drawing, Signed, as_made_up, figure_of
from dashboard.charts.filters import Filters
from dashboard.figures.theme import Look
from dashboard.kept import Kept
from dashboard.messages import Language
from dashboard.snapshots.store import Snapshot
from dashboard.tables.rows import records_of

Report = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a chart shows, in no language yet: its rows with their places, and which of these a failing rule rests on."""

    data: pd.DataFrame
    failing: frozenset[str]

    @property
    def told(self) -> list[Any]:
        """The same as long as the chart shows the same, as plain values."""
        return [records_of(self.data), sorted(self.failing)]


# Charts of one page show the same rows in several ways, and each of them in several languages and themes.
_kept: Kept[tuple[object, ...], Basis] = Kept(256)


def basis(snapshot: Snapshot, chart: Chart, filters: Filters) -> Basis:
    """Of whatever bodies and years the chart shows; `filters` are those of the chart alone."""
    key = (snapshot.folder, chart.measure, filters.body, filters.year, filters.more)
    found = _kept.get(key)
    if found is None:
        found = _basis(snapshot, chart, filters)
        _kept.put(key, found)
    return found


def _basis(snapshot: Snapshot, chart: Chart, filters: Filters) -> Basis:
    own = (filters.body, filters.year)
    data = chart.measure(snapshot.engine, *own, **dict(filters.more))
    reports = [(row["body"], row["year"]) for row in records_of(data)]
    data = data.assign(place=_places(data, "locator", reports, own))
    columns = ["place"]
    if "rate_locator" in data:
        data = data.assign(rate_place=_places(data, "rate_locator", reports, own))
        columns.append("rate_place")
    shown = {place: report for column in columns for place, report in zip(data[column], reports, strict=True) if place}
    return Basis(data, _failing(snapshot, set(shown.values()), own) & frozenset(shown))


def _failing(snapshot: Snapshot, reports: Collection[Report], own: Report) -> frozenset[str]:
    if not reports:
        return frozenset()
    bodies, years = {body for body, _ in reports}, {year for _, year in reports}
    marks = snapshot.engine.failing_of(sorted(bodies), sorted(years))
    return frozenset(places.told(row["locator"], (row["body"], int(row["year"])), own) for row in records_of(marks))


def _places(data: pd.DataFrame, column: str, reports: list[Report], own: Report) -> list[str]:
    return [places.told(locator, report, own) for locator, report in zip(data[column], reports, strict=True)]


def drawing_of(snapshot: Snapshot, chart: Chart, table: Table, filters: Filters) -> Drawing:
    look = Look(filters.theme, filters.language)
    found = basis(snapshot, chart, filters)
    data = found.data
    is_empty = data.empty or all(value is None for value in data["value"])
    corrected = frozenset(row["place"] for row in records_of(data) if row["correction"] is not None and row["place"])
    is_synthetic = snapshot.manifest.synthetic
    signs = Signed(found.failing, corrected, is_synthetic)
    return Drawing(
        id=chart.id,
        scope=as_made_up(_scope(snapshot, data, filters, look), is_synthetic=is_synthetic),
        title=look.text(f"chart.{chart.id}.title"),
        headline=look.text(f"headline.{chart.id}_empty") if is_empty else chart.headline(data, look),
        note=look.text(f"chart.{chart.id}.note"),
        figure=None if is_empty else figure_of(chart, data, look, signs),
        rows=tuple(replace(row, is_marked=row.locator in found.failing) for row in table(data, look)),
        source=as_made_up(_source(data, look), is_synthetic=is_synthetic),
        data=data,
        is_synthetic=is_synthetic,
    )


def _scope(snapshot: Snapshot, data: pd.DataFrame, filters: Filters, look: Look) -> str:
    """Whose reports of which years: one body by name, several by their number."""
    reports = [(row["body"], int(row["year"])) for row in records_of(data) if row["body"]] or [
        (filters.body, filters.year)
    ]
    bodies, years = {body for body, _ in reports}, sorted({year for _, year in reports})
    told = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    if len(bodies) > 1:
        return look.text("title.bodies", count=len(bodies), years=told)
    body = records_of(snapshot.engine.body(next(iter(bodies))))[0]
    name = body["name_en"] if look.language is Language.EN and body["name_en"] else body["name"]
    return look.text("title.report", name=name, year=told)


def _source(data: pd.DataFrame, look: Look) -> str:
    held = [row for row in records_of(data) if row["body"] and row["value"] is not None]
    reports = {(row["body"], row["year"]) for row in held}
    return look.text("source.reports", reports=len(reports), count=len(held))
