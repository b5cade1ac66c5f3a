"""The document of a report as text, with the figure asked for highlighted; only what `data/sources/` holds.

A page of its own without scripts. The file is found by the hash in the report's row, never by a path from the URL,
and everything in it is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from dashboard import documents
from dashboard.charts.drawing import correction_note
from dashboard.charts.filters import language_of, theme_of
from dashboard.charts.row import written
from dashboard.delivery import Room, printed
from dashboard.delivery.printed import Mark
from dashboard.documents.document import Document, Locator
from dashboard.figures.marks import CORRECTED
from dashboard.kept import Kept
from dashboard.messages import Language, UserError, text
from dashboard.parts import View
from dashboard.parts.frame import plain_query, preview_told
from dashboard.settings import Settings
from dashboard.site import status_of
from dashboard.tables.rows import records_of

# Documents kept as read; read at a time, and with those that wait for it: a PDF takes seconds.
_KEPT, _READING, _WAITING = 4, 2, 32


def has_document(view: View, settings: Settings) -> bool:
    return _source(view, settings) is not None


def routes(server: FastAPI, view_of: Callable[[str, str], View], settings: Settings, stylesheet: str) -> None:
    """Adds /document?body=&year=&at=."""

    read: Kept[Path, Document] = Kept(_KEPT)
    room = Room(_READING, _WAITING)

    async def document(request: Request) -> Response:
        language = language_of(f"?{request.url.query}", settings.language)
        return await room.answer(lambda: shown(request, language), language)

    def shown(request: Request, language: Language) -> Response:
        search = f"?{request.url.query}"
        try:
            view = view_of("/", search)
            source = _source(view, settings)
            if source is None:
                return _page(search, language.tag, text("document.absent", language), "", "/", stylesheet, 404)
            at = _locator(request.query_params.get("at", ""))
            title = view.text("document.title", title=view.report["title"])
            above = _banner(view) + _corrected(view, request.query_params.get("at", ""))
            body = above + printed.html(_read(source, read), {at: Mark("here", paragraph="here")})
            return _page(search, language.tag, title, body, view.href("/"), stylesheet, 200)
        except UserError as problem:
            return _page(search, language.tag, problem.say(language), "", "/", stylesheet, status_of(problem))

    server.add_route("/document", document, include_in_schema=False)


def _banner(view: View) -> str:
    if view.preview is None:
        return ""
    said = "".join(preview_told(view, view.preview))
    live = f'<a href="{escape("/" + plain_query(view.look))}">{escape(view.text("preview.to_live"))}</a>'
    return f'<aside class="frozen unpublished"><strong>{escape(view.text("preview.banner"))}</strong><p>{escape(said)} {live}</p></aside>\n'


def _corrected(view: View, at: str) -> str:
    """What is corrected of the figure asked for; nothing where nothing is."""
    found = records_of(view.snapshot.engine.corrected(view.filters.body, view.filters.year))
    told = [row for row in found if row["locator"] == at]
    return "".join(
        f'<aside class="correction" lang="{view.filters.language.tag}"><p><b>{CORRECTED}</b> {escape(_said(view, row))}</p></aside>\n'
        for row in told
    )


def _said(view: View, row: dict[str, Any]) -> str:
    value, unit = written(row["value"], row["unit"], row["absence"], view.look)
    now = view.text("correction.now", value=f"{value} {unit}".strip(), evidence=row["evidence"])
    return f"{correction_note(row, view.look)} {now}"


def _source(view: View, settings: Settings) -> Path | None:
    """The file named by the report's hash; the row was checked to hold a hash, and is checked here again."""
    sha256 = view.report["sha256"]
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        return None
    return next(iter(sorted(settings.sources_dir.glob(f"{sha256}.*"))), None)


def _read(source: Path, kept: Kept[Path, Document]) -> Document:
    """Named by its content, so what was read of it once holds."""
    found = kept.get(source)
    if found is None:
        found = documents.read(source)[1]
        kept.put(source, found)
    return found


def _locator(at: str) -> Locator:
    try:
        return Locator.parse(at[:200])
    except ValueError:
        return Locator()


def _page(search: str, lang: str, title: str, body: str, home: str, stylesheet: str, status: int) -> HTMLResponse:
    language = language_of(search)
    note = f"<p class='note'>{escape(text('document.note', language))}</p>" if body else ""
    return HTMLResponse(
        f"""<!DOCTYPE html>
<html lang="{escape(lang)}" data-bs-theme="{theme_of(search)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title><meta name="robots" content="noindex">
<link rel="stylesheet" href="{escape(stylesheet)}"></head>
<body class="document"><main class="wrap"><h1>{escape(title)}</h1>{note}
<p><a href="{escape(home)}">{escape(text("document.back", language))}</a></p>
<article lang="zh-CN">
{body}</article></main></body></html>
""",
        status_code=status,
    )
