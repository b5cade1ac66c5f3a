"""/report/<body>/<year>: the document on the site, made once a snapshot and kept; a sentence where there is none.

What is drawn for it costs what the site's other drawings cost, so as few are made at a time, and few may wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import Response

from dashboard.charts.filters import language_of
from dashboard.delivery import Cache, Room, Stored
from dashboard.kept import Kept
from dashboard.messages import Language, UserError
from dashboard.report.charts import gallery
from dashboard.report.document import made, policy_of, read
from dashboard.report.ink import Ink, colours
from dashboard.report.paper import PATH, Paper
from dashboard.site import Site, status_of
from dashboard.stills import Stills

# Documents kept; made at a time, and with those that wait for it.
_KEPT, _MAKING, _WAITING = 32, 2, 32
_HTML = "text/html; charset=utf-8"
_NO_STORE = "no-store"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, as it says it."""

    body: str
    year: str
    language: Language
    ink: Ink
    snapshot: str

    @classmethod
    def of(cls, request: Request, default: Language) -> Asked:
        query, given = f"?{request.url.query}", request.query_params
        path = request.path_params
        ink = Ink.BLACK if given.get("ink") == Ink.BLACK else Ink.COLOUR
        return cls(path["body"][:80], path["year"][:8], language_of(query, default), ink, given.get("snapshot", "")[:200])

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

    def answer(self, asked: Asked) -> Stored:
        try:
            view = self._site.view("/", asked.search)
            key = (view.snapshot.name, view.filters, asked.ink, view.preview)
            found = self._kept.get(key)
            if found is None:
                shown = gallery(view, self._stills)
                paper = Paper(view, asked.ink, self._site.settings.address)
                page = made(paper, shown, self._site.settings.assets_dir)
                found = _stored(page.html, page.policy, "no-cache" if shown.is_final else _NO_STORE)
                if shown.is_final:
                    self._kept.put(key, found)
            return found
        except UserError as problem:
            return self._refused(problem, asked.language)

    def _refused(self, problem: UserError, language: Language) -> Stored:
        style = f":root{{{colours(Ink.COLOUR)}}}{read(self._site.settings.assets_dir, 'report.css')}"
        said = escape(problem.say(language))
        page = (
            f'<!DOCTYPE html>\n<html lang="{language.tag}"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
            f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{said}</title>'
            f'<link rel="icon" href="data:,"><style>{style}</style></head><body><main><h1>{said}</h1></main></body></html>\n'
        )
        return _stored(page, policy_of(style, ""), _NO_STORE, status_of(problem))


def _stored(page: str, policy: str, cache_control: str, status: int = 200) -> Stored:
    headers = {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}
    return Stored.of(page.encode(), _HTML, Cache(None), cache_control, status, headers)


def routes(server: FastAPI, site: Site, stills: Stills) -> None:
    """Adds /report/<body>/<year>?lang=&ink=&snapshot=."""
    reports, room = Reports(site, stills), Room(_MAKING, _WAITING)

    async def show(request: Request) -> Response:
        asked = Asked.of(request, site.settings.language)
        return await room.answer(lambda: reports.answer(asked).answer(request), asked.language)

    server.add_api_route(f"{PATH}/{{body}}/{{year}}", show, methods=["GET", "HEAD"], include_in_schema=False)
