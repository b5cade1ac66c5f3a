"""One chart in every format, all from the same `draw`: an address comes in, what is sent goes out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import orjson

from dashboard import definitions
from dashboard.api import names
from dashboard.api.answers import Envelope, Origin, Wanted, day, titled
from dashboard.api.as_csv import to_csv
from dashboard.api.as_xlsx import to_xlsx
from dashboard.api.errors import Refused
from dashboard.api.formats import CSV, JSON, PLOTLY, PNG, SVG, XLSX, Format
from dashboard.api.listing import plain
from dashboard.api.parameters import BODIES, BODY, INDICATOR, LANGUAGE, SCALE, SNAPSHOT, THEME, YEAR, read
from dashboard.api.telling import TRAILING, about, trailing
from dashboard.charts import CHARTS, Drawing, Filters, citation, draw, of_chart
from dashboard.charts.embedding import embed_address
from dashboard.delivery import Stored
from dashboard.figures.framed import framed
from dashboard.figures.theme import Look
from dashboard.messages import Language, UserError, text
from dashboard.site import Site
from dashboard.snapshots.store import Snapshot
from dashboard.stills import Stills
from dashboard.tables.rows import records_of

PARAMETERS = (BODY, YEAR, LANGUAGE, THEME, SNAPSHOT, BODIES, INDICATOR, SCALE)
COLUMNS = (
    "indicator", "name", "segment", "measure", "value", "unit", "absence", "as_printed", "locator", "origin",
    "printed_value", "printed_absence", "correction",
    "stated", "computed", "rate", "implied", "implied_low", "implied_high", "previous",
    "edition", "body_name", "codes", "continuity", "index", "cagr", "cagr_from", "base", "rank", "ranked", "rank_before",
    "low", "middle", "high", "share", "whole", "missing", "parts", "of_parent",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """An address of a chart, read."""

    drawing: Drawing
    filters: Filters
    snapshot: Snapshot
    format: Format
    varies: bool
    origin: Origin
    body_name: str
    place: str  # what a picture says it is from
    is_fixed: bool = False  # its address leaves nothing to the server's settings


def wanted(site: Site, stills: Stills, chart: str, kind: Format, query: str, *, varies: bool) -> Wanted:
    """Raises UserError where the address asks for what is not there."""
    if chart not in CHARTS:
        raise UserError("chart.unknown", chart=chart[:40], known=" ".join(CHARTS))
    given = read(query, PARAMETERS)
    snapshot = site.asked(str(given.get("snapshot", ""))).snapshot
    filters = of_chart(chart, site.filters(urlencode(given), snapshot, is_strict=True))
    is_fixed = all(given.get(each) for each in ("snapshot", "body", "year", "lang"))
    key = (snapshot.name, "chart", chart, kind.ending, varies, filters, is_fixed)

    def make() -> Stored:
        asked = _asked(site, chart, filters, snapshot, kind, varies=varies)
        return _made(stills, replace(asked, is_fixed=is_fixed))

    return Wanted(key, kind, make)


def file(site: Site, stills: Stills, chart: str, filters: Filters, kind: Format, link: str, place: str) -> bytes:
    """A chart of the live snapshot, or the one that `filters` names, as a file that says it is to be found at `link`.

    Raises UserError for a picture that cannot be drawn, and for the figure of a chart that has none.
    """
    asked = _asked(site, chart, filters, site.snapshot(filters.snapshot), kind, varies=False)
    return _body(stills, replace(asked, origin=replace(asked.origin, link=link), place=place))


def _asked(site: Site, chart: str, filters: Filters, snapshot: Snapshot, kind: Format, *, varies: bool) -> Asked:
    drawing = draw(snapshot, chart, filters)
    [report] = records_of(snapshot.engine.report(filters.body, filters.year))
    [body] = records_of(snapshot.engine.listed("bodies", {"body": filters.body}, [], 1, 0))
    link = embed_address(site.settings.address, chart, filters, snapshot=snapshot.name)
    origin = Origin(
        titled(drawing.title, snapshot), f"{report['title']} · {drawing.source}", link, snapshot.name, day(snapshot)
    )
    name = str((filters.language == "en" and body["name_en"]) or body["name"])
    return Asked(drawing, filters, snapshot, kind, varies, origin, name, site.settings.address)


def _made(stills: Stills, asked: Asked) -> Stored:
    links = (("canonical", asked.origin.link),)
    envelope = Envelope(asked.format, _disposition(asked), asked.is_fixed, asked.varies, links)
    return envelope.closed(_body(stills, asked))


def _body(stills: Stills, asked: Asked) -> bytes:
    if asked.format is JSON:
        return _json(asked)
    if asked.format is CSV:
        return _csv(asked)
    if asked.format is XLSX:
        return _xlsx(asked)
    if asked.drawing.figure is None:
        raise Refused(404, "chart.empty", title=asked.drawing.title)
    if asked.format is PLOTLY:
        return orjson.dumps(asked.drawing.figure)
    return _picture(stills, asked, asked.drawing.figure)


def _json(asked: Asked) -> bytes:
    drawing, filters, origin = asked.drawing, asked.filters, asked.origin
    cited = citation.chart(drawing, origin.link, origin.date)
    columns = _columns(drawing)
    told = {
        "id": drawing.id,
        "title": drawing.title,
        "headline": drawing.headline,
        "note": drawing.note,
        "body": filters.body,
        "body_name": asked.body_name,
        "year": filters.year,
        "language": filters.language,
        "source": origin.source,
        "snapshot": origin.snapshot,
        "built": asked.snapshot.manifest.built,
        "synthetic": drawing.is_synthetic,
        "licence": origin.licence,
        "link": origin.link,
        "citation": citation.line(cited, filters.language),
        "rows": [
            {
                "label": row.label,
                "value": row.value,
                "unit": row.unit,
                "as_printed": row.as_printed,
                "locator": row.locator,
                "is_derived": row.is_derived,
                "note": row.note,
                "is_marked": row.is_marked,
                "is_corrected": row.is_corrected,
            }
            for row in drawing.rows
        ],
        "data": [_report(asked, row) | {name: _exact(row[name]) for name in columns} for row in _data(asked)],
    }
    return orjson.dumps(told)


def _csv(asked: Asked) -> bytes:
    columns, more = _columns(asked.drawing), trailing(asked.origin)
    lines = [[*_key(asked, row), *(row[name] for name in columns), *more] for row in _data(asked)]
    return to_csv(["body", "year", *columns, *TRAILING], lines)


def _xlsx(asked: Asked) -> bytes:
    columns, language = _columns(asked.drawing), asked.filters.language
    lines = [[*_key(asked, row), *(row[name] for name in columns)] for row in _data(asked)]
    more = [("body", asked.body_name), ("year", str(asked.filters.year)), ("headline", asked.drawing.headline),
            ("note", asked.drawing.note)]  # fmt: skip
    told = about(asked.origin, language, more)
    return to_xlsx(asked.origin.title, ["body", "year", *columns], lines, text("api.about", language), told)


def _columns(drawing: Drawing) -> list[str]:
    return [name for name in COLUMNS if name == "name" or name in drawing.data.columns]


def _key(asked: Asked, row: dict[str, Any]) -> tuple[str, int]:
    """The report a row is of: its own where a chart is of several."""
    return row.get("body", asked.filters.body), int(row["year"])


def _report(asked: Asked, row: dict[str, Any]) -> dict[str, str]:
    if not CHARTS[asked.drawing.id].table:
        return {}
    body, year = _key(asked, row)
    return {"body": body, "year": str(year)}


def _exact(value: Any) -> Any:
    """Values are texts, as exact as they are held."""
    return str(value) if isinstance(value, int) else plain(value)


def _data(asked: Asked) -> list[dict[str, Any]]:
    """The chart's exact values; a row without a name of its own has its indicator's."""
    rows = records_of(asked.drawing.data)
    return [row | {"name": row.get("name") or _name(row["indicator"], asked.filters.language)} for row in rows]


def _name(code: str, language: Language) -> str:
    rates = definitions.rates().get(code)
    return next(iter(rates.values())).name(language) if rates else definitions.indicators()[code].name(language)


def _picture(stills: Stills, asked: Asked, figure: dict[str, Any]) -> bytes:
    drawing, origin, look = asked.drawing, asked.origin, Look(asked.filters.theme, asked.filters.language)
    from_here = look.text("api.picture", address=asked.place, snapshot=origin.snapshot, licence=origin.licence)
    whole = framed(
        figure,
        title=f"{drawing.scope} · {drawing.title}",
        headline=drawing.headline,
        note=drawing.note,
        lines=[origin.source, from_here],
        look=look,
    )
    metadata = {
        "Title": f"{drawing.scope} · {drawing.title}",
        "Description": drawing.headline,
        "Source": f"{origin.source} · {origin.link}",
        "Snapshot": origin.snapshot,
        "Date": origin.date,
        "Copyright": origin.licence,
    }
    return stills.file(whole, "svg" if asked.format is SVG else "png", metadata)


def is_picture(kind: Format) -> bool:
    return kind in (SVG, PNG)


def _disposition(asked: Asked) -> str:
    filters, ending = asked.filters, asked.format.ending
    plain_name = f"gongkai-{filters.body}-{filters.year}-{asked.drawing.id}.{ending}"
    readable = names.readable([asked.body_name, str(filters.year), asked.drawing.title], ending)
    return names.disposition(plain_name, readable, is_attachment=asked.format.is_file)
