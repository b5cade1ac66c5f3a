"""The pages of an export that lead to its charts: an index of all reports, and a page for each. Links are relative.

Plain HTML with one style sheet and two small scripts beside it; everything works without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

from dashboard import __version__
from dashboard.api.answers import LICENCE, LICENCE_ADDRESS
from dashboard.charts import Drawing
from dashboard.charts.embedding import frame_code
from dashboard.messages import Language, both, text
from dashboard.snapshots.store import Snapshot

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; frame-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)
_TABLES = ("facts", "mentions", "findings")
_NAMES = {"html": "export.page", "json": "JSON", "csv": "CSV", "xlsx": "XLSX", "svg": "SVG", "png": "PNG"}


def index(
    reports: Sequence[Mapping[str, Any]],
    bodies: Mapping[str, Mapping[str, Any]],
    snapshot: Snapshot,
    language: Language,
) -> bytes:
    """Every report by body and year, newest first."""
    entries = []
    for body, of_body in groupby(reports, lambda report: str(report["body"])):
        years = sorted((int(report["year"]) for report in of_body), reverse=True)
        links = "".join(f'<a href="{escape(body)}/{year}/{language}/index.html">{year}</a> ' for year in years)
        entries.append(f"<dt>{escape(_name(bodies[body], language))}</dt><dd>{links}</dd>")
    other = Language.EN if language is Language.ZH else Language.ZH
    counts = {"reports": len(reports), "facts": snapshot.manifest.facts, "snapshot": snapshot.name}
    top = _top(language, "index.html" if language is Language.ZH else f"index.{language}.html",
               "index.html" if other is Language.ZH else f"index.{other}.html")  # fmt: skip
    title = text("export.title", language)
    lead = f"<p>{escape(text('export.lead', language, **counts))}</p>"
    data = f'<ul class="data"><li><a href="data/gongkai-data.zip" download>{escape(text("export.package", language))}</a></li></ul>'
    body_html = f'<main><dl class="list">{"".join(entries)}</dl></main>'
    mark = _mark(is_synthetic=snapshot.manifest.synthetic)
    return _document(
        language, title, "", f"<header>{top}{mark}<h1>{escape(title)}</h1>{lead}{data}</header>{body_html}"
    )


def report(
    base: str,
    told: Mapping[str, Any],
    drawings: Sequence[Drawing],
    endings: Mapping[str, Sequence[str]],
    language: Language,
) -> bytes:
    """One report's charts, each in its frame with what can be taken away."""
    up = "../../../"
    other = Language.EN if language is Language.ZH else Language.ZH
    home = f"{up}index.html" if language is Language.ZH else f"{up}index.{language}.html"
    scope = drawings[0].scope
    data = "".join(
        f'<li><a href="../{name}.csv" download>{escape(text(f"export.{name}", language))}</a></li>' for name in _TABLES
    )
    charts = "".join(_chart(base, told, drawing, endings[drawing.id], language) for drawing in drawings)
    top = _top(language, home, f"../{other}/index.html")
    source = f'<p lang="zh-CN">{escape(str(told["title"]))}</p>'
    return _document(
        language,
        scope,
        up,
        f'<header>{top}{_mark(is_synthetic=drawings[0].is_synthetic)}<h1>{escape(scope)}</h1>{source}<ul class="data">{data}</ul></header>'
        f'<main class="charts">{charts}</main>',
    )


def _mark(*, is_synthetic: bool) -> str:
    """A line above what is of a made-up country, in both languages."""
    return f'<p role="note"><strong>{escape(both("synthetic.banner"))}</strong></p>' if is_synthetic else ""


def _chart(base: str, told: Mapping[str, Any], drawing: Drawing, endings: Sequence[str], language: Language) -> str:
    page = f"{drawing.id}.html"
    away = "".join(
        f'<li><a href="{drawing.id}.{ending}"{"" if ending == "html" else " download"}>{escape(_called(ending, language))}</a></li>'
        for ending in endings
        if ending in _NAMES
    )
    frame = frame_code(f"{page}?theme=auto", "", drawing)
    folder = f"{base}/{told['body']}/{told['year']}/{language}/" if base else ""
    script = f"{base}/embed.js" if base else "../../../embed.js"
    here = "" if base else " data-here"
    code = escape(frame_code(f"{folder}{page}", script, drawing))
    label = escape(text("export.code", language))
    return (
        f'<section class="chart" aria-label="{escape(drawing.title)}">{frame}<ul class="away">{away}</ul>'
        f'<details><summary>{label}</summary><textarea readonly rows="5" aria-label="{label}"{here}>{code}</textarea></details></section>'
    )


def _called(ending: str, language: Language) -> str:
    name = _NAMES[ending]
    return text(name, language) if "." in name else name


def _top(language: Language, home: str, other_page: str) -> str:
    other = Language.EN if language is Language.ZH else Language.ZH
    return (
        f'<div class="brand"><a href="{home}"><span class="seal" lang="zh-CN">公开</span>{escape(text("site.name", language))}</a>'
        f'<a href="{other_page}" lang="{other.tag}">{escape(text("pick.language", language))}</a></div>'
    )


def _name(body: Mapping[str, Any], language: Language) -> str:
    return str((language is Language.EN and body["name_en"]) or body["name"])


def _document(language: Language, title: str, up: str, content: str) -> bytes:
    licence = f'<a href="{LICENCE_ADDRESS}" rel="license noopener">{LICENCE}</a>'
    footer = text("export.footer", language, version=__version__)
    return (
        f'<!DOCTYPE html>\n<html lang="{language.tag}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}"><title>{escape(title)}</title>'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{up}assets/export.css"></head>\n'
        f"<body>{content}\n<footer><p>{escape(footer)} {licence}</p></footer>"
        f'<script src="{up}embed.js"></script><script src="{up}assets/export.js"></script></body></html>\n'
    ).encode()
