"""/search.json for the dialog of every page, and /search as a page that needs no script. Everything is escaped.

`q` is what is looked for; `from` is the page that the reader is on, with its query, so that hits lead to the same
report, language and snapshot. `lang` and `theme` of its own go before those of that page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import orjson
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from dashboard.delivery import Room, came_from
from dashboard.messages import UserError, plural
from dashboard.parts import PAGES, View
from dashboard.parts.frame import notices
from dashboard.parts.plain import plain_page
from dashboard.parts.term import ADDRESS
from dashboard.search.asking import LONGEST, MOST, MOST_ON_PAGE, Group, Hit, ask
from dashboard.site import Site, status_of

PATH, JSON_PATH = "/search", "/search.json"
# Searches at a time, and with those that wait for it.
_MAKING, _WAITING = 2, 64


def routes(server: FastAPI, site: Site, assets: Callable[[str], str]) -> None:
    room = Room(_MAKING, _WAITING)

    for path, make in (
        (PATH, lambda request: _page(request, site, assets)),
        (JSON_PATH, lambda request: _hits(request, site)),
    ):
        answer = room.serving(make, site.settings.language)
        server.add_route(path, answer, methods=["GET"], include_in_schema=False)


def _view(site: Site, request: Request) -> View:
    """The reader's view. A body that is found opens on the page that they are on, but for the one that is of no body."""
    came = came_from(request)
    return site.view(came.pathname if came.pathname in PAGES and came.pathname != ADDRESS else "/", came.search)


def _hits(request: Request, site: Site) -> Response:
    try:
        view = _view(site, request)
    except UserError as problem:
        return Response(status_code=status_of(problem))
    groups = ask(view, request.query_params.get("q", ""))
    told = {
        "groups": [
            {"kind": group.kind, "name": group.name, "hits": [_told(hit) for hit in group.hits]} for group in groups
        ],
        "said": _said(view, groups, MOST),
    }
    return Response(orjson.dumps(told), media_type="application/json", headers={"Cache-Control": "no-cache"})


def _told(hit: Hit) -> dict[str, str]:
    return {"name": hit.name, "more": hit.more, "href": hit.href, "lang": hit.lang}


def _said(view: View, groups: Sequence[Group], most: int) -> str:
    """How many there are; where a kind has as many as are shown of it, there may be more."""
    count = sum(len(group.hits) for group in groups)
    if any(len(group.hits) >= most for group in groups):
        return view.text("search.shown", count=count)
    return plural("search.count", count, view.filters.language) if count else view.text("search.none")


def _page(request: Request, site: Site, assets: Callable[[str], str]) -> Response:
    try:
        view = _view(site, request)
    except UserError as problem:
        look = site.look(came_from(request).search)
        said = plain_page(look, problem.say(look.language), look.text("search.title"), "", assets)
        return HTMLResponse(said, status_code=status_of(problem))
    words = request.query_params.get("q", "")[:LONGEST]
    title = f"{view.text('search.title')} · {view.text('site.name')}"
    content = _form(view, words) + (_found(view, ask(view, words, MOST_ON_PAGE)) if words.strip() else "")
    return HTMLResponse(plain_page(view.look, title, view.text("search.title"), content, assets, notices(view)))


def _form(view: View, words: str) -> str:
    return (
        f'<form action="{PATH}" role="search" class="finding"><label for="q">{escape(view.text("search.label"))}</label>'
        f'<input id="q" name="q" type="search" class="form-control" value="{escape(words)}" maxlength="{LONGEST}" '
        f'autocomplete="off"><input type="hidden" name="from" value="{escape(view.href(more=view.filters.more))}">'
        f'<button class="btn btn-primary">{escape(view.text("search.go"))}</button></form>'
    )


def _found(view: View, groups: Sequence[Group]) -> str:
    parts = "".join(
        f'<h2 class="kind">{escape(group.name)}</h2><ul class="hits">{"".join(map(_item, group.hits))}</ul>'
        for group in groups
    )
    home = f'<p><a href="{escape(view.href())}">{escape(view.text("search.back"))}</a></p>'
    return f'<p role="status">{escape(_said(view, groups, MOST_ON_PAGE))}</p>{parts}{home}'


def _item(hit: Hit) -> str:
    lang = f' lang="{escape(hit.lang)}"' if hit.lang else ""
    return f'<li><a href="{escape(hit.href)}"{lang}>{escape(hit.name)}</a> <small>{escape(hit.more)}</small></li>'
