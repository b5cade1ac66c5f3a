"""Who has reported, when, and in which edition of the form: bodies against years, as of the day of the data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.kept import Kept
from dashboard.measures.coverage import Cell, Coverage, Standing, coverage
from dashboard.messages import number
from dashboard.pages.titles import plain_title
from dashboard.parts import View, choices, notice
from dashboard.parts.elements import aria, data, link
from dashboard.schema import Body
from dashboard.tables.rows import records_of

_SIZE = 60
_LEVELS = ("province", "prefecture", "county", "department")
_SIGNS = {Standing.FILED: "●", Standing.LATE: "◐", Standing.MISSING: "○", Standing.NOT_DUE: "·"}
# Reading it through takes a while where there are many bodies; it is the same for a whole snapshot.
_kept: Kept[object, Coverage] = Kept(2)


def content(view: View) -> list[Component]:
    found = _whole(view)
    get = view.filters.get
    bodies = found.find(get("q").strip()[:80], get("level"), "", get("standing"))
    first = min(_number(get("offset")), max(len(bodies) - 1, 0)) // _SIZE * _SIZE
    shown = bodies[first : first + _SIZE]
    told = view.text("coverage.shown", first=first + 1 if shown else 0, last=first + len(shown), total=len(bodies))
    return [
        plain_title(view, view.text("coverage.public_lead", day=view.snapshot.manifest.built[:10])),
        _form(view),
        html.P(told, className="lead-in", role="status"),
        _legend(view, found, bodies),
        _wall(view, found, shown) if shown and found.years else notice(view.text("coverage.none")),
        _pages(view, first, len(bodies)),
    ]


def _whole(view: View) -> Coverage:
    """As of the day that the data was published: the page is the same whenever it is looked at."""
    found = _kept.get(view.snapshot.folder)
    if found is None:
        found = coverage(view.snapshot.engine, date.fromisoformat(view.snapshot.manifest.built[:10]))
        _kept.put(view.snapshot.folder, found)
    return found


def _form(view: View) -> Component:
    levels = [(each, view.text(f"level.{each}")) for each in _LEVELS]
    standings = [(str(each), _said(view, each)) for each in _SIGNS]
    words = dcc.Input(
        name="q", type="text", value=view.filters.get("q"), className="form-control form-control-sm", maxLength=80
    )
    return html.Form(
        [
            html.Label([html.Span(view.text("coverage.find")), words]),
            choices(view, "level", view.text("coverage.all"), levels),
            choices(view, "standing", view.text("coverage.all"), standings),
            html.Button(view.text("data.apply"), type="submit", className="btn btn-primary btn-sm"),
            *([link(view.text("data.reset"), view.href())] if view.filters.more else []),
        ],
        className="filter loose",
        role="search",
        action=view.href(),
        **data(go="1"),
    )


def _legend(view: View, found: Coverage, bodies: Sequence[Body]) -> Component:
    standings, _ = found.count(bodies)
    items = [
        html.Li([html.Span(sign, className=str(each), **aria(hidden="true")), f" {_said(view, each)} ",
                 html.B(number(standings[each]))])
        for each, sign in _SIGNS.items()
    ]  # fmt: skip
    return html.Ul(items, className="legend", **aria(label=view.text("coverage.legend")))


def _said(view: View, standing: Standing) -> str:
    """A report that is not here may well have been published: only those who collect them can tell it is missing."""
    return view.text("coverage.absent" if standing is Standing.MISSING else f"coverage.{standing}")


def _wall(view: View, found: Coverage, bodies: Sequence[Body]) -> Component:
    _, by_year = found.count(bodies)
    reports = records_of(view.snapshot.engine.reports_of([each.body for each in bodies]))
    editions = {(row["body"], int(row["year"])): str(row["edition"] or "") for row in reports}
    heads = [html.Th([str(year), html.Small(f"{by_year[year]}/{len(bodies)}")], scope="col") for year in found.years]
    lines = [
        html.Tr(
            [
                html.Th([_name(view, body), html.Small(body.body)], scope="row"),
                *(_cell(view, body, cell, editions.get((body.body, cell.year), "")) for cell in found.cells(body.body)),
            ]
        )
        for body in bodies
    ]
    table = html.Table(
        [
            html.Caption(view.text("coverage.caption"), className="visually-hidden"),
            html.Thead(html.Tr([html.Th(view.text("coverage.body"), scope="col"), *heads])),
            html.Tbody(lines),
        ],
        className="wall",
    )
    return html.Div(table, className="scroll card-chart wall-box", tabIndex=0, role="group",
                    **aria(label=view.text("nav.coverage")))  # fmt: skip


def _cell(view: View, body: Body, cell: Cell, edition: str) -> Component:
    standing = _said(view, cell.standing)
    told = view.text("coverage.cell", name=_name(view, body), year=cell.year, standing=standing)
    if cell.standing not in (Standing.FILED, Standing.LATE):
        sign = html.Span(_SIGNS.get(cell.standing, "○"), role="img", title=told, **aria(label=told))
        return html.Td(sign, className=str(cell.standing))
    told += view.text("coverage.edition", edition=edition) if edition else view.text("coverage.no_edition")
    told += view.text("coverage.published", date=cell.published) if cell.published else ""
    href = view.href("/", body=body.body, year=cell.year)
    shown = [_SIGNS[cell.standing], html.Small(edition or "–")]
    return html.Td(link(shown, href, title=told, **aria(label=told)), className=str(cell.standing))


def _pages(view: View, first: int, total: int) -> Component:
    more = tuple((name, value) for name, value in view.filters.more if name != "offset")
    before, after = first - _SIZE, first + _SIZE
    links = [link(view.text("coverage.before"), view.href(more=(*more, ("offset", str(before)))))] if first else []
    links += (
        [link(view.text("coverage.after"), view.href(more=(*more, ("offset", str(after)))))] if after < total else []
    )
    return html.P([part for each in links for part in (each, " ")], className="pages")


def _name(view: View, body: Body) -> str:
    return (view.filters.language == "en" and body.name_en) or body.name


def _number(told: str) -> int:
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 8 else 0
