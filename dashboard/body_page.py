"""Finding a body: a page that needs no script, and the same hits as JSON for the chooser of every page.

An address with what is looked for comes in, links to the reader's own page of each body go out. Everything is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

import orjson
from dash.development.base_component import Component
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from dashboard.delivery import Room, came_from
from dashboard.figures.theme import Look
from dashboard.messages import UserError, plural
from dashboard.parts import PAGES, View
from dashboard.parts.frame import notices
from dashboard.parts.plain import plain_page
from dashboard.site import Site, status_of
from dashboard.tables import finding
from dashboard.tables.rows import records_of

PATH, JSON_PATH = "/bodies", "/bodies.json"
_HITS, _PAGE, _LONGEST, _CODES = 12, 60, 80, 24
# Searches at a time, and with those that wait for it.
_MAKING, _WAITING = 2, 64
_BETWEEN = " › "


@dataclass(frozen=True, slots=True)
class Hit:
    """A body as a reader finds it. `above` are the bodies above it in words; `href` is empty where it has no report."""

    body: str
    name: str
    above: str
    level: str
    href: str
    children: int = 0


def routes(server: FastAPI, site: Site, assets: Callable[[str], str]) -> None:
    """Adds /bodies and /bodies.json; `from` is the page that the reader is on, with its query."""

    room = Room(_MAKING, _WAITING)

    for path, make in (
        (PATH, lambda request: _page(request, site, assets)),
        (JSON_PATH, lambda request: _hits(request, site)),
    ):
        answer = room.serving(make, site.settings.language)
        server.add_route(path, answer, methods=["GET"], include_in_schema=False)


def _page(request: Request, site: Site, assets: Callable[[str], str]) -> Response:
    asked = request.query_params
    try:
        view = _view(site, request)
    except UserError as problem:
        look = site.look(came_from(request).search)
        return _document(look, problem.say(look.language), "", assets, status_of(problem))
    words, under = asked.get("q", "")[:_LONGEST], asked.get("under", "")[:40]
    content = _found(view, words) if finding.plain(words) else _browsed(view, under, _number(asked.get("offset")))
    title = f"{view.text('find.title')} · {view.text('site.name')}"
    return _document(view.look, title, _form(view, words) + content, assets, 200, notices(view))


def _hits(request: Request, site: Site) -> Response:
    asked = request.query_params
    try:
        view = _view(site, request)
    except UserError as problem:
        return Response(status_code=status_of(problem))
    codes = [code for code in asked.get("codes", "").split(",") if code][:_CODES]
    found = listed(view, codes) if codes else find(view, asked.get("q", "")[:_LONGEST])
    told = {"hits": [_told(hit) for hit in found if hit.href], "snapshot": view.snapshot.name}
    return Response(orjson.dumps(told), media_type="application/json", headers={"Cache-Control": "no-cache"})


def find(view: View, words: str, most: int = _HITS) -> list[Hit]:
    """The bodies with a report that these words find, best first; where there are none, those with a slip of the hand."""
    key, engine, reported = finding.plain(words), view.snapshot.engine, {"reports": 1}
    found = engine.found(key, most, reported)
    if not found and finding.may_slip(key):
        found = engine.found_nearly(key, most, reported)
    return listed(view, found)


def listed(view: View, codes: Sequence[str]) -> list[Hit]:
    """These bodies, those that are there, in this order."""
    rows = records_of(view.snapshot.engine.listing_of(codes))
    above = view.snapshot.engine.above({row["parent"] for row in rows})
    return [_hit(view, row, above) for row in rows]


def _hit(view: View, row: Mapping[str, Any], above: Mapping[str, Mapping[str, Any]]) -> Hit:
    names = [view.body_name(dict(each)) for each in _chain(row["parent"], above)]
    level = view.text(f"level.{row['level']}") if row["level"] in _LEVELS else row["level"]
    return Hit(row["body"], view.body_name(dict(row)), _BETWEEN.join(names), level, _href(view, row))


_LEVELS = ("province", "prefecture", "county", "department")


def _chain(code: str, above: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """From the top down; a body that stands above itself ends it."""
    found: list[Mapping[str, Any]] = []
    while code in above and above[code] not in found:
        found.insert(0, above[code])
        code = str(above[code]["parent"])
    return found


def _href(view: View, row: Mapping[str, Any]) -> str:
    """The reader's page of this body, in the year nearest to the one shown."""
    if not len(row["years"]):
        return ""
    year = min(row["years"], key=lambda each: abs(each - view.filters.year))
    return view.href(body=row["body"], year=year)


def _told(hit: Hit) -> dict[str, str]:
    return {"body": hit.body, "name": hit.name, "above": hit.above, "level": hit.level, "href": hit.href}


def _view(site: Site, request: Request) -> View:
    came = came_from(request)
    return site.view(came.pathname if came.pathname in PAGES else "/", came.search)


def _number(raw: str | None) -> int:
    return int(raw) if raw and raw.isascii() and raw.isdecimal() and len(raw) < 7 else 0


def _here(view: View) -> str:
    return view.href(more=view.filters.more)


def _form(view: View, words: str) -> str:
    return (
        f'<form action="{PATH}" role="search" class="finding"><label for="q">{escape(view.text("find.label"))}</label>'
        f'<input id="q" name="q" type="search" class="form-control" value="{escape(words)}" maxlength="{_LONGEST}" '
        f'autocomplete="off" placeholder="{escape(view.text("find.hint"))}">'
        f'<input type="hidden" name="from" value="{escape(_here(view))}">'
        f'<button class="btn btn-primary">{escape(view.text("find.go"))}</button></form>'
    )


def _found(view: View, words: str) -> str:
    found = find(view, words, _PAGE)
    told = plural("find.count", len(found), view.filters.language)
    if len(found) == _PAGE:
        told = view.text("find.first", count=_PAGE)
    rest = f'<p><a href="{escape(_browse(view, ""))}">{escape(view.text("find.browse"))}</a></p>'
    return f'<p role="status">{escape(told)}</p>{_list(view, found)}{rest}'


def _browsed(view: View, under: str, skipped: int) -> str:
    """What stands below a body, with the way up; at the top where there is no such body."""
    engine = view.snapshot.engine
    own = engine.above([under])
    under = under if under in own else ""
    rows = records_of(engine.below(under, _PAGE, skipped))
    children = {row["body"]: int(row["children"]) for row in rows}
    found = [
        Hit(hit.body, hit.name, "", hit.level, hit.href, children[hit.body]) for hit in listed(view, list(children))
    ]
    chain = _chain(under, own)
    crumbs = [(view.text("find.all"), "")] + [(view.body_name(dict(each)), str(each["body"])) for each in chain]
    path = _BETWEEN.join(
        f'<a href="{escape(_browse(view, code))}">{escape(name)}</a>' if code != under else f"<b>{escape(name)}</b>"
        for name, code in crumbs
    )
    total = int(rows[0]["total"]) if rows else 0
    return (
        f"<nav class='crumbs' aria-label='{escape(view.text('find.path'))}'>{path}</nav>{_list(view, found)}"
        + _more(view, under, skipped, total)
    )


def _more(view: View, under: str, skipped: int, total: int) -> str:
    links = []
    if skipped:
        links.append((view.text("find.before"), max(skipped - _PAGE, 0)))
    if skipped + _PAGE < total:
        links.append((view.text("find.after"), skipped + _PAGE))
    told = " · ".join(f'<a href="{escape(_browse(view, under, at))}">{escape(name)}</a>' for name, at in links)
    return f"<p>{told}</p>" if told else ""


def _browse(view: View, under: str, offset: int = 0) -> str:
    told = {"from": _here(view)} | ({"under": under} if under else {}) | ({"offset": str(offset)} if offset else {})
    return f"{PATH}?{urlencode(told)}"


def _list(view: View, found: Sequence[Hit]) -> str:
    if not found:
        return f"<p>{escape(view.text('find.none'))}</p>"
    return f'<ul class="hits">{"".join(_item(view, hit) for hit in found)}</ul>'


def _item(view: View, hit: Hit) -> str:
    name = escape(hit.name)
    shown = f'<a href="{escape(hit.href)}">{name}</a>' if hit.href else f"<span>{name}</span>"
    without = "" if hit.href else f" <small>{escape(view.text('find.no_report'))}</small>"
    below = (
        f' <a class="into" href="{escape(_browse(view, hit.body))}">'
        f"{escape(plural('find.below', hit.children, view.filters.language))}</a>"
        if hit.children
        else ""
    )
    return f"<li>{shown} <small>{escape(hit.level)}{' · ' + escape(hit.above) if hit.above else ''}</small>{without}{below}</li>"


def _document(
    look: Look,
    title: str,
    content: str,
    assets: Callable[[str], str],
    status: int,
    told: Sequence[Component] = (),
) -> HTMLResponse:
    page = plain_page(look, title, look.text("find.title"), content, assets, told)
    return HTMLResponse(page, status_code=status)
