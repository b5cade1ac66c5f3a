"""Compare: bodies held against each other, like with like; everything chosen stands in the address."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import definitions
from dashboard.charts import draw
from dashboard.measures.series import DEFAULT
from dashboard.measures.standing import MOST_BODIES
from dashboard.pages.titles import plain_title
from dashboard.parts import View, card, choices, notice
from dashboard.parts.elements import data, link
from dashboard.tables import finding
from dashboard.tables.rows import records_of

_HITS = 8


def content(view: View) -> list[Component]:
    chosen = _chosen(view)
    ranked = draw(view.snapshot, "ranked", view.filters)
    alone = len({body for body in ranked.data["body"] if body}) < 2
    others = [] if alone else [card(view, "spread"), card(view, "dots"), card(view, "matrix", is_wide=True)]
    return [
        plain_title(view, view.text("compare.lead")),
        _form(view, chosen),
        _bodies(view, chosen),
        *_hits(view, chosen),
        *([notice(view.text("compare.alone", name=view.name, year=view.filters.year))] if alone else [_like(view)]),
        html.Div([card(view, "ranked", is_wide=True), *others], className="grid"),
        *_shares(view),
    ]


def _chosen(view: View) -> list[str]:
    return list(dict.fromkeys(each for each in view.filters.get("bodies").split(",") if each))


def _with(view: View, bodies: Sequence[str]) -> str:
    """The address of this page with these bodies chosen."""
    others = [(name, value) for name, value in view.filters.more if name == "indicator"]
    return view.href(more=(*([("bodies", ",".join(bodies))] if bodies else []), *others))


def _form(view: View, chosen: Sequence[str]) -> Component:
    language = view.filters.language
    rates = [(code, next(iter(each.values())).name(language)) for code, each in definitions.rates().items()]
    indicators = [(each.code, each.name(language)) for each in definitions.indicators().values()]
    held = [dcc.Input(type="hidden", name="bodies", value=",".join(chosen))] if chosen else []
    add = dcc.Input(
        name="add", type="text", placeholder=view.text("find.hint"), className="form-control form-control-sm",
        autoComplete="off", maxLength=80,
    )  # fmt: skip
    return html.Form(
        [
            choices(view, "indicator", dict(indicators)[DEFAULT], [*rates, *indicators]),
            html.Label([html.Span(view.text("compare.add")), add]),
            *held,
            html.Button(view.text("data.apply"), type="submit", className="btn btn-primary btn-sm"),
            *([link(view.text("data.reset"), view.href())] if view.filters.more else []),
        ],
        className="filter loose",
        role="search",
        action=view.href(),
        **data(go="1"),
    )


def _bodies(view: View, chosen: Sequence[str]) -> Component:
    """Those chosen, each with a way to leave it out; and sets that are near at hand."""
    engine = view.snapshot.engine
    rows = records_of(engine.listing_of(chosen or [view.filters.body]))
    items = [
        html.Li(
            [
                view.body_name(row),
                *(
                    [link("×", _with(view, [each for each in chosen if each != row["body"]]),
                          title=view.text("compare.remove", name=view.body_name(row)))]
                    if chosen
                    else []
                ),
            ]
        )
        for row in rows
    ]  # fmt: skip
    sets = [
        (view.text("compare.beside"), list(engine.beside(view.filters.body, MOST_BODIES)["body"])),
        (
            view.text("compare.below"),
            [row["body"] for row in records_of(engine.parts_of(view.filters.body))][:MOST_BODIES],
        ),
    ]
    ways = [html.Li(link(name, _with(view, bodies))) for name, bodies in sets if len(bodies) > 1 and bodies != chosen]
    return html.Div(
        [html.Ul(items, className="chosen"), *([html.Ul(ways, className="sets")] if ways else [])], className="picked"
    )


def _hits(view: View, chosen: Sequence[str]) -> list[Component]:
    """What the words typed find, each a way to add it."""
    words = view.filters.get("add")[:80]
    if not words:
        return []
    engine = view.snapshot.engine
    codes = [each for each in engine.found(finding.plain(words), _HITS, {"reports": 1}) if each not in chosen]
    if not codes:
        return [notice(view.text("find.none"))]
    before = list(chosen) or [view.filters.body]
    rows = records_of(engine.listing_of(codes))
    links = [
        html.Li([link(f"＋ {view.body_name(row)}", _with(view, [*before, row["body"]][-MOST_BODIES:])), " ",
                 html.Small(view.text(f"level.{row['level']}") if row["level"] in _LEVELS else row["level"])])
        for row in rows
    ]  # fmt: skip
    return [html.Ul(links, className="hits")]


_LEVELS = ("province", "prefecture", "county", "department")


def _like(view: View) -> Component:
    """Who is held against whom, and from where on a rate is told."""
    [body] = records_of(view.snapshot.engine.body(view.filters.body))
    level = view.text(f"level.{body['level']}") if body["level"] in _LEVELS else body["level"]
    edition = view.report["edition"] or view.text("series.no_form")
    return html.P(view.text("compare.like", level=level, edition=edition, year=view.filters.year), className="lead-in")


def _shares(view: View) -> list[Component]:
    drawing = draw(view.snapshot, "shares", view.filters)
    heading = html.H2(view.text("shares.title"), className="part")
    if drawing.figure is None:
        return [heading, notice(view.text("shares.none", name=view.name))]
    cards = [card(view, each) for each in ("shares", "areas")]
    return [heading, html.Div([*cards, card(view, "shares_years", is_wide=True)], className="grid")]
