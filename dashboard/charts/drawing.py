"""One chart for one view: figure, finding, notes, table and source, made once a snapshot and kept.

Page, download and any other place call `draw`; the same filters on the same snapshot give the same drawing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard import definitions
from dashboard.charts import several
from dashboard.charts.catalogue import CHARTS, Chart
from dashboard.charts.drawn import Drawing, Signed, as_made_up, figure_of
from dashboard.charts.filters import Filters
from dashboard.charts.row import Row, written
from dashboard.figures.theme import Look
from dashboard.kept import Kept
from dashboard.messages import Language, UserError, percent, percent_as_stated
from dashboard.snapshots.store import Snapshot
from dashboard.tables.rows import records_of

_kept: Kept[tuple[object, ...], Drawing] = Kept(512)


@dataclass(frozen=True, slots=True)
class _Report:
    """What every chart of one report is drawn with. `failing`: the places of figures that do not agree with others."""

    failing: frozenset[str]
    corrections: tuple[dict[str, Any], ...]
    body: dict[str, Any]
    edition: str


# What charts are drawn from, whatever the reader's language and theme.
_reports: Kept[tuple[object, ...], _Report] = Kept(64)
_measured: Kept[tuple[object, ...], pd.DataFrame] = Kept(256)
# The places of a Chinese form as an English sentence writes them.
_IN_DIGITS = str.maketrans(
    {char: str(place) for place, char in enumerate("一二三四五六七八九十", 1)} | {"（": "(", "）": ")", "、": ", "}
)


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


def basis(snapshot: Snapshot, filters: Filters) -> list[Any]:
    """All that the charts of several reports show of a view, as plain values: the same as long as these are the same."""
    return [
        several.basis(snapshot, chart, filters.only(chart.options)).told for chart in CHARTS.values() if chart.table
    ]


def _draw(snapshot: Snapshot, chart: Chart, filters: Filters) -> Drawing:
    if chart.table:
        return several.drawing_of(snapshot, chart, chart.table, filters)
    look = Look(filters.theme, filters.language)
    report, data = _report(snapshot, filters), _data(snapshot, chart, filters)
    corrected = _corrected(report, look)
    is_synthetic = snapshot.manifest.synthetic
    is_empty = data.empty or all(value is None for value in data["value"])
    return Drawing(
        id=chart.id,
        scope=_scope(report.body, filters.year, look, is_synthetic=is_synthetic),
        title=look.text(f"chart.{chart.id}.title"),
        headline=look.text("headline.empty") if is_empty else chart.headline(data, look),
        note=look.text(f"chart.{chart.id}.note"),
        figure=None
        if is_empty
        else figure_of(chart, data, look, Signed(report.failing, frozenset(at for at, _ in corrected), is_synthetic)),
        rows=tuple(replace(row, is_marked=row.locator in report.failing) for row in _rows(data, look, corrected)),
        source=as_made_up(_source(data, look, report.edition), is_synthetic=is_synthetic),
        data=data,
        is_synthetic=is_synthetic,
    )


def _report(snapshot: Snapshot, filters: Filters) -> _Report:
    key = (snapshot.folder, filters.body, filters.year)
    report = _reports.get(key)
    if report is None:
        engine, of = snapshot.engine, (filters.body, filters.year)
        rows = records_of(engine.report(*of))
        report = _Report(
            failing=frozenset(engine.failing_at(*of)["locator"]),
            corrections=tuple(records_of(engine.corrected(*of))),
            body=records_of(engine.body(filters.body))[0],
            edition=str(rows[0]["edition"]) if rows else "",
        )
        _reports.put(key, report)
    return report


def _data(snapshot: Snapshot, chart: Chart, filters: Filters) -> pd.DataFrame:
    key = (snapshot.folder, chart.id, filters.body, filters.year)
    data = _measured.get(key)
    if data is None:
        data = chart.measure(snapshot.engine, filters.body, filters.year).assign(year=filters.year)
        _measured.put(key, data)
    return data


def _scope(body: dict[str, Any], year: int, look: Look, *, is_synthetic: bool) -> str:
    name = body["name_en"] if look.language is Language.EN and body["name_en"] else body["name"]
    return as_made_up(look.text("title.report", name=name, year=year), is_synthetic=is_synthetic)


_Corrected = dict[tuple[str, str], str]
"""Locator and indicator of a figure that is corrected -> what is told of it."""


def _corrected(report: _Report, look: Look) -> _Corrected:
    return {(row["locator"], row["indicator"]): correction_note(row, look) for row in report.corrections}


def correction_note(correction: dict[str, Any], look: Look) -> str:
    """When a figure was corrected, what the report has, and why."""
    printed, unit = written(correction["printed_value"], correction["unit"], correction["printed_absence"], look)
    return look.text(
        "correction.note", date=correction["given"], printed=f"{printed} {unit}".strip(), reason=correction["reason"]
    )


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
        indicator=row["indicator"],
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
        look.text(message, places=clauses_of(stated, look.language))
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


def clauses_of(labels: list[str], language: Language = Language.ZH) -> str:
    """Each place once, in the order of the form, chapters said once: 三（一）（二）、五; in English 3(1)(2), 5."""
    ordered = sorted(set(labels), key=lambda label: ["一二三四五六七八九十".find(char) for char in label])
    chapters: dict[str, list[str]] = {}
    for label in ordered:
        chapters.setdefault(label[:1], []).append(label[1:])
    told = "、".join(chapter + "".join(dict.fromkeys(rest)) for chapter, rest in chapters.items())
    return told.translate(_IN_DIGITS) if language is Language.EN else told
