"""The overview: the key figures in one row, and the four charts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.figures.marks import SIGN
from dashboard.measures import overview
from dashboard.messages import number, percent, percent_as_stated, plural, shown_large
from dashboard.pages.titles import title
from dashboard.parts import View, card, corrected_mark, mark
from dashboard.parts.elements import aria, link
from dashboard.parts.term import term
from dashboard.tables.rows import records_of

# The entry of the glossary that tells what each key figure is.
_TERMS = {
    "kpi.disclosed": "disclosure.total",
    "kpi.received": "requests.received",
    "kpi.on_time": "rate.on_time",
    "kpi.disputes": "review",
    "kpi.budget": "capacity.budget",
    "kpi.staff": "capacity.staff",
}


def content(view: View) -> list[Component]:
    return [
        title(view),
        _key_figures(view),
        *_checked(view),
        html.Div(
            [
                card(view, "channels"),
                card(view, "flow", is_wide=True),
                card(view, "budget"),
                card(view, "growth", is_wide=True),
            ],
            className="grid four",
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Figures:
    """The key figures by indicator: this year's rows, last year's values, stated rates and shares."""

    now: dict[str, dict[str, Any]]
    before: dict[str, dict[str, Any]]
    rates: dict[str, dict[str, Any]]
    shares: dict[tuple[str, str], dict[str, Any]]

    def value(self, code: str) -> Decimal | None:
        return self.now[code]["value"] if code in self.now else None

    def locator(self, code: str) -> str:
        return str(self.now[code]["locator"]) if code in self.now else ""


def _load(view: View) -> _Figures:
    held = overview.key_figures(view.snapshot.engine, view.filters.body, view.filters.year)
    rows = records_of(held.values)
    return _Figures(
        {row["indicator"]: row for row in rows if row["year"] == view.filters.year},
        {row["indicator"]: row for row in rows if row["year"] == view.filters.year - 1},
        {row["indicator"]: row for row in records_of(held.rates)},
        {(row["indicator"], row["segment"]): row for row in records_of(held.shares)},
    )


def _key_figures(view: View) -> Component:
    figures = _load(view)
    return html.Dl(
        [
            _kpi(view, figures, "kpi.disclosed", "disclosure.total", _change(view, figures, "disclosure.total")),
            _kpi(
                view,
                figures,
                "kpi.received",
                "requests.received",
                _part(view, "kpi.online", figures, "requests.received.online", "requests.received"),
                _change(view, figures, "requests.received", is_quiet=True),
            ),
            _on_time(view, figures),
            _disputes(view, figures),
            _budget(view, figures),
            _kpi(
                view,
                figures,
                "kpi.staff",
                "capacity.staff",
                _both(
                    view,
                    "kpi.full_time",
                    full=figures.value("capacity.staff.full_time"),
                    part=figures.value("capacity.staff.part_time"),
                ),
                _change(view, figures, "capacity.staff", is_quiet=True),
            ),
        ],
        className="kpis",
        **aria(label=view.text("kpi.label")),
    )


def _kpi(view: View, figures: _Figures, name: str, code: str, *notes: Component | str) -> Component:
    row = figures.now.get(code)
    if row is None or row["value"] is None:
        shown: list[Any] = [
            html.B(view.text(f"absence.{row['absence'] if row else 'not_on_form'}"), className="absent")
        ]
    else:
        shown = _amount(view, row["value"], row["unit"])
    return _cell(view, name, shown, figures.locator(code), *notes)


def _cell(view: View, name: str, shown: list[Any], locator: str, *notes: Component | str) -> Component:
    value = html.A(shown, href=f"#at={locator}", className="open") if locator else html.Span(shown)
    signs = [corrected_mark(view, locator)] if locator in view.corrected else []
    signs += [mark(view, locator)] if locator in view.failing else []
    lines = [html.P(note) for note in notes if note]
    return html.Div(
        [html.Dt(term(view, _TERMS[name], view.text(name))), html.Dd([value, *signs, *lines])], className="kpi"
    )


def _checked(view: View) -> list[Component]:
    """Whether the report agrees with itself, in one line that leads to what does not."""
    found = view.snapshot.engine.findings(view.filters.body, view.filters.year)
    if found.empty:
        return []
    failing, language = int((found["verdict"] == "fails").sum()), view.filters.language
    told = plural("overview.failing", failing, language, tried=number(len(found)))
    if not failing:
        return [html.P(view.text("overview.adds_up", tried=number(len(found))), className="checked")]
    sign = html.Span(SIGN, className="sign", **aria(hidden="true"))
    return [html.P([sign, link(told, view.href("/findings"))], className="checked")]


def _amount(view: View, value: Decimal, unit: str) -> list[Any]:
    digits, small = shown_large(value, unit, view.filters.language)
    return [html.B(digits), html.I(small)]


def _change(view: View, figures: _Figures, code: str, *, is_quiet: bool = False) -> Component | str:
    """The change on last year: stated where the report states it, else computed from last year's report."""
    stated, now, before = figures.rates.get(code), figures.value(code), figures.before.get(code)
    if stated is not None and stated["value"] is not None:
        return _arrow(
            view,
            "kpi.up" if stated["value"] >= 0 else "kpi.down",
            stated["value"],
            percent_as_stated(abs(stated["value"])),
        )
    if now is not None and before is not None and before["value"]:
        rate = now / before["value"] - 1
        return _arrow(view, "kpi.computed_up" if rate >= 0 else "kpi.computed_down", rate, percent(abs(rate)))
    return "" if is_quiet else view.text("kpi.unchanged_unknown")


def _arrow(view: View, message: str, rate: Decimal, said: str) -> Component:
    sign = "▲ " if rate > 0 else "▼ " if rate < 0 else ""
    return html.Span([html.Span(sign, **aria(hidden="true")), view.text(message, rate=said)], className="change")


def _part(view: View, message: str, figures: _Figures, part: str, whole: str) -> str:
    of, all_ = figures.value(part), figures.value(whole)
    return view.text(message, share=percent(of / all_)) if of is not None and all_ else ""


def _both(view: View, message: str, **values: Decimal | None) -> str:
    if any(value is None for value in values.values()):
        return ""
    return view.text(message, **{name: number(value) for name, value in values.items() if value is not None})


def _on_time(view: View, figures: _Figures) -> Component:
    on_time, extended = figures.value("requests.closed.on_time"), figures.value("requests.closed.extended")
    closed, stated = figures.value("requests.closed"), figures.shares.get(("requests.closed.on_time", "all"))
    note = _both(view, "kpi.closed", on_time=on_time, extended=extended)
    if on_time is None or not closed:
        shown: list[Any] = [html.B(view.text("absence.blank"), className="absent")]
    else:
        shown = [html.B(percent(on_time / closed).removesuffix("%")), html.I("%")]
    locator = str(stated["locator"]) if stated else figures.locator("requests.closed.on_time")
    return _cell(view, "kpi.on_time", shown, locator, note)


def _disputes(view: View, figures: _Figures) -> Component:
    totals = [figures.value(f"{each}.total") for each in ("review", "litigation")]
    return _cell(
        view, "kpi.disputes", _cases(view, totals), figures.locator("review.total"), _corrected(view, figures, totals)
    )


def _cases(view: View, totals: list[Decimal | None]) -> list[Any]:
    """5 / 3 cases; where one of them is left blank, it stands apart: 5 cases / left blank."""
    unit, blank = html.I(view.text("unit.件")), html.B(view.text("absence.blank"), className="absent")
    told = [number(value) for value in totals if value is not None]
    if len(told) != 1:
        return [html.B(" / ".join(told)), unit] if told else [blank]
    known = [html.B(told[0]), unit]
    slash = html.I("/")
    return [blank, slash, *known] if totals[0] is None else [*known, slash, blank]


def _corrected(view: View, figures: _Figures, totals: list[Decimal | None]) -> str:
    """The share of corrected cases, of those procedures alone of which it can be told."""
    rates = {}
    for procedure, total in zip(("review", "litigation"), totals, strict=True):
        corrected = figures.value(f"{procedure}.corrected")
        if corrected is not None and total:
            rates[procedure] = percent(corrected / total)
    if len(rates) == len(totals):
        return view.text("kpi.corrected", **rates)
    return "".join(view.text(f"kpi.corrected_{procedure}", rate=rate) for procedure, rate in rates.items())


def _budget(view: View, figures: _Figures) -> Component:
    share = figures.shares.get(("capacity.budget", "localities"))
    note = view.text("kpi.localities", share=percent_as_stated(share["value"])) if share else ""
    return _kpi(
        view,
        figures,
        "kpi.budget",
        "capacity.budget",
        note,
        _change(view, figures, "capacity.budget", is_quiet=True),
    )
