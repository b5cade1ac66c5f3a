"""/report/<body>/<year> and the same with .pdf: the document on the site, made once a snapshot and kept.

Drawings cost what the site's others cost, so few are made at a time, and few may wait; a PDF takes a browser of its own,
so one is printed at a time, and it counts for many of the requests that a client may make.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from html import escape
from typing import Protocol
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from dashboard.charts.filters import language_of
from dashboard.delivery import Cache, Room, Stored
from dashboard.delivery.inlined import Made
from dashboard.kept import Kept
from dashboard.messages import Language, UserError, text
from dashboard.parts import View
from dashboard.parts.report_link import REPORT
from dashboard.report.charts import gallery
from dashboard.report.document import made, policy_of, read
from dashboard.report.ink import Ink, colours
from dashboard.report.paper import Paper
from dashboard.site import Site, status_of
from dashboard.stills import Stills

_log = logging.getLogger("gongkai")

# Documents kept; made at a time, and with those that wait for it; the same of PDFs, and what one of them counts for.
_KEPT, _MAKING, _WAITING = 32, 2, 32
_PRINTING, _WAITING_TO_PRINT, _WEIGHT = 1, 8, 60
_HTML, _PDF, _NO_STORE = "text/html; charset=utf-8", ".pdf", "no-store"


class Ruling(Protocol):
    """Whether a request is let through, and what its answer says of the limit."""

    @property
    def is_allowed(self) -> bool: ...
    @property
    def headers(self) -> dict[str, str]: ...


class Limits(Protocol):
    def ask(self, host: str | None, weight: int) -> Ruling: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, as it says it."""

    body: str
    year: str
    language: Language
    ink: Ink
    snapshot: str
    is_file: bool

    @classmethod
    def of(cls, request: Request, default: Language) -> Asked:
        given, path = request.query_params, request.path_params
        return cls(
            path["body"][:80],
            path["year"].removesuffix(_PDF)[:8],
            language_of(f"?{request.url.query}", default),
            Ink.BLACK if given.get("ink") == Ink.BLACK else Ink.COLOUR,
            given.get("snapshot", "")[:200],
            path["year"].endswith(_PDF),
        )

    @property
    def search(self) -> str:
        """The dashboard's own query for the same."""
        told = {"body": self.body, "year": self.year, "lang": self.language, "snapshot": self.snapshot}
        return "?" + urlencode({name: value for name, value in told.items() if value}, safe="~")


class Reports:
    """For any thread."""

    def __init__(self, site: Site, stills: Stills) -> None:
        self._site, self._stills = site, stills
        self._kept: Kept[tuple[object, ...], Stored] = Kept(_KEPT)

    def page(self, asked: Asked) -> Stored:
        try:
            view = self._site.view("/", asked.search)
            key = (view.snapshot.name, view.filters, asked.ink, view.preview)
            return self._kept.get(key) or self._made(view, asked, key)
        except UserError as problem:
            return self._refused(problem, asked.language)

    def file(self, asked: Asked, request: Request) -> Response:
        try:
            view = self._site.view("/", asked.search)
            page, _ = self._document(view, asked)
            content = self._stills.pdf(page.html, view.snapshot.manifest.built)
        except UserError as problem:
            if problem.message_id.startswith("print."):  # which is told to whoever runs the site
                _log.warning("%s", problem.say(Language.EN))
                problem = UserError("paper.no_pdf")
            return self._refused(problem, asked.language).answer(request)
        name = f"gongkai-{view.filters.body}-{view.filters.year}.pdf"
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Cache-Control": "no-cache",
        }
        return Response(content, media_type="application/pdf", headers=headers)

    def _made(self, view: View, asked: Asked, key: tuple[object, ...]) -> Stored:
        page, is_final = self._document(view, asked)
        found = _stored(page.html, page.policy, "no-cache" if is_final else _NO_STORE)
        if is_final:
            self._kept.put(key, found)
        return found

    def _document(self, view: View, asked: Asked) -> tuple[Made, bool]:
        shown = gallery(view, self._stills)
        paper = Paper(replace(view, draws=self._stills.is_available), asked.ink, self._site.settings.address)
        return made(paper, shown, self._site.settings.assets_dir, is_file=asked.is_file), shown.is_final

    def _refused(self, problem: UserError, language: Language) -> Stored:
        style = f":root{{{colours(Ink.COLOUR)}}}{read(self._site.settings.assets_dir, 'report.css')}"
        said = escape(problem.say(language))
        page = (
            f'<!DOCTYPE html>\n<html lang="{language.tag}"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
            f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{said}</title>'
            f'<link rel="icon" href="data:,"><style>{style}</style></head><body><main><h1>{said}</h1>'
            f'<p><a href="/?lang={language}">{escape(text("paper.back", language))}</a></p></main></body></html>\n'
        )
        return _stored(page, policy_of(style, ""), _NO_STORE, status_of(problem))


def _stored(page: str, policy: str, cache_control: str, status: int = 200) -> Stored:
    headers = {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}
    return Stored.of(page.encode(), _HTML, Cache(None), cache_control, status, headers)


def routes(server: FastAPI, site: Site, stills: Stills, limits: Limits) -> None:
    """Adds /report/<body>/<year>?lang=&ink=&snapshot=, and the same as a file."""
    reports = Reports(site, stills)
    room, printer = Room(_MAKING, _WAITING), Room(_PRINTING, _WAITING_TO_PRINT)

    async def show(request: Request) -> Response:
        asked = Asked.of(request, site.settings.language)
        if not asked.is_file:
            return await room.answer(lambda: reports.page(asked).answer(request), asked.language)
        ruling = limits.ask(request.client.host if request.client else None, _WEIGHT)
        if not ruling.is_allowed:
            told = text("paper.too_many", asked.language, seconds=ruling.headers["Retry-After"])
            return PlainTextResponse(told, 429, ruling.headers | {"Cache-Control": _NO_STORE})
        return await printer.answer(lambda: reports.file(asked, request), asked.language)

    server.add_route(f"{REPORT}/{{body}}/{{year}}", show, methods=["GET", "HEAD"], include_in_schema=False)
