"""One chart for one view: figure, finding, notes, table and source, made once a snapshot and kept.

Page, download and any other place call `draw`; the same filters on the same snapshot give the same drawing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard import definitions
from dashboard.charts import places
from dashboard.charts.catalogue import CHARTS, Chart, Figure, Table
from dashboard.charts.filters import Filters
from dashboard.charts.row import Row, written
from dashboard.figures.marks import CORRECTED, marked, signed
from dashboard.figures.theme import Look
from dashboard.kept import Kept
from dashboard.messages import Language, UserError, both, percent, percent_as_stated
from dashboard.snapshots.store import Snapshot
from dashboard.tables.rows import records_of


@dataclass(frozen=True, slots=True)
class Drawing:
    """`figure` is a plain dict ready for the browser, None where the report holds none of the chart's figures.

    `scope` tells whose report of which year the chart is of. Of a made-up country, scope, source and figure say so in
    every language: a drawing travels to where its reader's is not known.
    """

    id: str
    scope: str
    title: str
    headline: str
    note: str
    figure: dict[str, Any] | None
    rows: tuple[Row, ...]
    source: str
    data: pd.DataFrame
    is_synthetic: bool = False


_kept: Kept[tuple[object, ...], Drawing] = Kept(512)
# plotly takes as long as all the rest of a drawing, and most figures outlive a publish.
_figures: Kept[tuple[object, ...], dict[str, Any]] = Kept(512)


def draw(snapshot: Snapshot, chart_id: str, filters: Filters) -> Drawing:
    """Raises UserError for a chart that is not in the catalogue."""
    chart = CHARTS.get(chart_id)
    if chart is None:
        raise UserError("chart.unknown", chart=chart_id[:40], known=" ".join(CHARTS))
    filters = filters.only(chart.options)
    key = (snapshot.folder, chart_id, filters.body, filters.year, filters.language, filters.theme, filters.more)
    drawing = _kept.get(key)
    if drawing is None:
        drawing = _draw(snapshot, chart, filters)
        _kept.put(key, drawing)
    return drawing


def _draw(snapshot: Snapshot, chart: Chart, filters: Filters) -> Drawing:
    if chart.table:
        return spanning_drawing(snapshot, chart, chart.table, filters)
    look = Look(filters.theme, filters.language)
    data = chart.measure(snapshot.engine, filters.body, filters.year)
    data = data.assign(year=filters.year)
    failing = frozenset(snapshot.engine.failing_at(filters.body, filters.year)["locator"])
    corrected = _corrected(snapshot, filters, look)
    is_synthetic = snapshot.manifest.synthetic
    is_empty = data.empty or all(value is None for value in data["value"])
    return Drawing(
        id=chart.id,
        scope=_scope(snapshot, filters, look),
        title=look.text(f"chart.{chart.id}.title"),
        headline=look.text("headline.empty") if is_empty else chart.headline(data, look),
        note=look.text(f"chart.{chart.id}.note"),
        figure=None
        if is_empty
        else _figure_of(chart, data, look, _Signed(failing, frozenset(at for at, _ in corrected), is_synthetic)),
        rows=tuple(replace(row, is_marked=row.locator in failing) for row in _rows(data, look, corrected)),
        source=_marked(_source(data, look, _edition(snapshot, filters)), is_synthetic=is_synthetic),
        data=data,
        is_synthetic=is_synthetic,
    )


def spanning_drawing(snapshot: Snapshot, chart: Chart, table: Table, filters: Filters) -> Drawing:
    """A chart of several reports: each row tells its own, and a place in another report names it."""
    look = Look(filters.theme, filters.language)
    own = (filters.body, filters.year)
    data = chart.measure(snapshot.engine, *own, **dict(filters.more))
    is_empty = data.empty or all(value is None for value in data["value"])
    reports = [(row["body"], row["year"]) for row in records_of(data)]
    data = data.assign(place=_places(data, "locator", reports, own))
    if "rate_locator" in data:
        data = data.assign(rate_place=_places(data, "rate_locator", reports, own))
    marks = snapshot.engine.failing_of(sorted({body for body, _ in reports if body}))
    failing = frozenset(places.told(row["locator"], (row["body"], int(row["year"])), own) for row in records_of(marks))
    shown = failing & {*data["place"], *data.get("rate_place", ())}
    corrected = frozenset(row["place"] for row in records_of(data) if row["correction"] is not None and row["place"])
    is_synthetic = snapshot.manifest.synthetic
    signs = _Signed(frozenset(shown), corrected, is_synthetic)
    return Drawing(
        id=chart.id,
        scope=_marked(_spanning_scope(snapshot, data, filters, look), is_synthetic=is_synthetic),
        title=look.text(f"chart.{chart.id}.title"),
        headline=look.text(f"headline.{chart.id}_empty") if is_empty else chart.headline(data, look),
        note=look.text(f"chart.{chart.id}.note"),
        figure=None if is_empty else _figure_of(chart, data, look, signs),
        rows=tuple(replace(row, is_marked=row.locator in shown) for row in table(data, look)),
        source=_marked(_spanning_source(data, look), is_synthetic=is_synthetic),
        data=data,
        is_synthetic=is_synthetic,
    )


def _places(data: pd.DataFrame, column: str, reports: list[tuple[str, int]], own: tuple[str, int]) -> list[str]:
    return [places.told(locator, report, own) for locator, report in zip(data[column], reports, strict=True)]


def _spanning_scope(snapshot: Snapshot, data: pd.DataFrame, filters: Filters, look: Look) -> str:
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


def _spanning_source(data: pd.DataFrame, look: Look) -> str:
    held = [row for row in records_of(data) if row["body"] and row["value"] is not None]
    reports = {(row["body"], row["year"]) for row in held}
    return look.text("source.reports", reports=len(reports), count=len(held))


def _scope(snapshot: Snapshot, filters: Filters, look: Look) -> str:
    body = records_of(snapshot.engine.body(filters.body))[0]
    name = body["name_en"] if look.language is Language.EN and body["name_en"] else body["name"]
    scope = look.text("title.report", name=name, year=filters.year)
    return _marked(scope, is_synthetic=snapshot.manifest.synthetic)


def _marked(told: str, *, is_synthetic: bool) -> str:
    return f"{both('synthetic.mark')} · {told}" if is_synthetic else told


@dataclass(frozen=True, slots=True)
class _Signed:
    """The places whose figures get a sign: those that do not agree with others, and those that are corrected.

    A figure of a made-up country is signed as a whole.
    """

    failing: frozenset[str]
    corrected: frozenset[str]
    is_synthetic: bool


_Corrected = dict[tuple[str, str], str]
"""Locator and indicator of a figure that is corrected -> what is told of it."""


def _corrected(snapshot: Snapshot, filters: Filters, look: Look) -> _Corrected:
    rows = records_of(snapshot.engine.corrected(filters.body, filters.year))
    return {(row["locator"], row["indicator"]): correction_note(row, look) for row in rows}


def correction_note(correction: dict[str, Any], look: Look) -> str:
    """When a figure was corrected, what the report has, and why."""
    printed, unit = written(correction["printed_value"], correction["unit"], correction["printed_absence"], look)
    return look.text(
        "correction.note", date=correction["given"], printed=f"{printed} {unit}".strip(), reason=correction["reason"]
    )


def _figure_of(chart: Chart, data: pd.DataFrame, look: Look, signs: _Signed) -> dict[str, Any]:
    """The same rows in the same look give the same figure, whatever snapshot they are of."""
    rows = hashlib.sha256(repr(records_of(data)).encode()).digest()
    key = (chart.id, look, rows, signs)
    figure = _figures.get(key)
    if figure is None:
        figure = _figure(chart, data, look, signs)
        if signs.is_synthetic:
            figure = _with_mark(figure, look)
        _figures.put(key, figure)
    return figure


def _figure(chart: Chart, data: pd.DataFrame, look: Look, signs: _Signed) -> dict[str, Any]:
    """The figure, with the one for a narrow card beside it; the browser takes the one that fits."""
    wide = _made(chart.figure, chart, data, look, signs)
    narrow_look = Look(look.theme, look.language, is_narrow=True)
    narrow = _made(chart.narrow_figure or chart.figure, chart, data, narrow_look, signs)
    narrow["layout"].pop("template")
    wide["layout"]["meta"] = {"narrow": narrow, "below": chart.narrow_below}
    return wide


def _with_mark(figure: dict[str, Any], look: Look) -> dict[str, Any]:
    """The figure, wide and narrow, with the mark of made-up data in it."""
    wide = signed(figure, both("synthetic.mark"), look)
    narrow = signed(wide["layout"]["meta"]["narrow"], both("synthetic.mark"), look)
    wide["layout"]["meta"] = wide["layout"]["meta"] | {"narrow": narrow, "synthetic": True}
    return wide


def _made(make: Figure, chart: Chart, data: pd.DataFrame, look: Look, signs: _Signed) -> dict[str, Any]:
    # A copy throughout: signs are written into it, and the template is everybody's.
    plain: dict[str, Any] = json.loads(json.dumps(make(chart.shape(data, look), look).plain()))
    plain = marked(plain, signs.corrected, look, CORRECTED)
    return marked(plain, signs.failing, look)


def _rows(data: pd.DataFrame, look: Look, corrected: _Corrected) -> list[Row]:
    rows: list[Row] = []
    for row in records_of(data):
        made = [_row(row, look)]
        if row.get("stated") is not None:
            made.append(_share_row(row, "stated", look))
        if row.get("computed") is not None and "stated" in row:
            made.append(_share_row(row, "computed", look))
        if row.get("rate") is not None:
            made += _rate_rows(row, look)
        rows += [_noted(each, corrected.get((each.locator, row["indicator"]))) for each in made]
    return rows


def _noted(row: Row, correction: str | None) -> Row:
    """What is worked out from a corrected figure is not itself a correction."""
    return row if correction is None or row.is_derived else replace(row, note=correction, is_corrected=True)


def _row(row: dict[str, Any], look: Look) -> Row:
    name = row.get("name") or definitions.indicators()[row["indicator"]].name(look.language)
    if row["segment"] not in ("all", ""):
        name = f"{name} · {look.text('segment.' + row['segment'])}"
    if row.get("procedure"):
        name = f"{look.text('procedure.' + row['procedure'])} · {name}"
    value, unit = written(row["value"], row["unit"], row["absence"], look)
    is_derived = row["origin"] == "derived"
    return Row(
        name,
        value,
        unit,
        row["as_printed"],
        row["locator"],
        is_derived,
        look.text("word.derived") if is_derived else "",
    )


def _share_row(row: dict[str, Any], kind: str, look: Look) -> Row:
    name = f"{look.text('segment.' + row['segment'])} · {look.text(f'word.{kind}_share')}"
    is_stated = kind == "stated"
    return Row(
        name,
        percent_as_stated(row[kind]) if is_stated else percent(row[kind], 2),
        "",
        row["stated_as_printed"] if is_stated else "",
        row["stated_locator"] if is_stated else row["locator"],
        not is_stated,
        "" if is_stated else look.text("word.derived"),
    )


def _rate_rows(row: dict[str, Any], look: Look) -> list[Row]:
    from dashboard.figures.trend import interval

    name = row.get("name") or definitions.indicators()[row["indicator"]].name(look.language)
    rows = [
        Row(
            f"{name} · {look.text('word.stated_rate')}",
            percent_as_stated(row["rate"]),
            "",
            row["rate_as_printed"],
            row["rate_locator"],
            False,
        ),
        Row(
            f"{name} · {row['year'] - 1}",
            interval(row, look),
            written(row["value"], row["unit"], None, look)[1],
            "",
            row["rate_locator"],
            True,
            look.text("word.derived"),
        ),
    ]
    if row["computed"] is not None:
        computed = Row(
            f"{name} · {look.text('growth.computed')}",
            percent(row["computed"], 2),
            "",
            "",
            row["previous_locator"],
            True,
            look.text("word.derived"),
        )
        rows.append(computed)
    return rows


def _edition(snapshot: Snapshot, filters: Filters) -> str:
    reports = records_of(snapshot.engine.report(filters.body, filters.year))
    return str(reports[0]["edition"]) if reports else ""


def _source(data: pd.DataFrame, look: Look, edition: str) -> str:
    """Which parts of the report the figures stand in, and how many they are."""
    printed = data[data["origin"] != "derived"]
    clauses = [
        _clause(code, edition)
        for code, origin in zip(printed["indicator"], printed["origin"], strict=True)
        if origin == "table"
    ]
    sections = [section for section in printed["section"] if section]
    parts = [
        look.text(message, places=clauses_of(stated))
        for message, stated in (("source.table", clauses), ("source.text", sections))
        if stated
    ]
    return look.text("source", parts=look.text("word.semicolon").join(parts) or "–", count=len(printed))


def _clause(code: str, edition: str) -> str:
    """Where the edition's form has the indicator: the clause of the one table, or the number of one of several tables."""
    indicator = definitions.indicators()[code]
    if edition in ("", "2014"):
        return indicator.clause.removeprefix("统计表")
    return indicator.places.get(edition, indicator.clause)[:1]


def clauses_of(labels: list[str]) -> str:
    """Each place once, in the order of the form, chapters said once: 三（一）（二）、五."""
    ordered = sorted(set(labels), key=lambda label: ["一二三四五六七八九十".find(char) for char in label])
    chapters: dict[str, list[str]] = {}
    for label in ordered:
        chapters.setdefault(label[:1], []).append(label[1:])
    return "、".join(chapter + "".join(dict.fromkeys(rest)) for chapter, rest in chapters.items())
