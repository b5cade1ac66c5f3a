"""What a whole is made of: horizontal stacked bars, as amounts or as shares."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures.sheet import Sheet, Trace
from dashboard.figures.theme import Look, axis, drawn, figure, wrapped
from dashboard.messages import number, percent, percent_as_stated
from dashboard.tables.rows import records_of

_ROW = 52
# A stretch smaller than this has no room for its percentage; legend, hover and table tell it.
_ROOM = 0.07


def stacked(frame: pd.DataFrame, look: Look) -> Sheet:
    """One bar for each `label`, a stretch for each `series` in the order of `rank`, the printed `total` at its end.

    `frame`: label, series, series_label, colour, value, unit, total, locator, origin; a missing value leaves a gap
    and the bar says so. What is derived is hatched.
    """
    labels = list(dict.fromkeys(frame["label"]))
    fig = figure(look, _ROW * len(labels) + 96, barmode="stack", showlegend=True)
    ranked = frame.sort_values("rank", kind="stable") if "rank" in frame else frame
    for series in dict.fromkeys(ranked["series"]):
        fig.add_bar(**_stretch(frame[frame["series"] == series], look))
    fig.add_scatter(**_totals(frame.drop_duplicates("label"), look))
    highest = max((float(value) for value in frame["total"] if value is not None), default=1.0)
    fig.update_yaxes(categoryorder="array", categoryarray=labels[::-1])
    scale = axis(highest, look)
    fig.update_xaxes(**scale | {"range": [0, highest * (1.42 if look.is_narrow else 1.28)]})
    return fig


def _stretch(rows: pd.DataFrame, look: Look) -> Trace:
    colour = rows["colour"].iloc[0]
    is_derived = (rows["origin"] == "derived").any()
    return {
        "y": list(rows["label"]),
        "x": [drawn(value) for value in rows["value"]],
        "orientation": "h",
        "name": rows["series_label"].iloc[0],
        "customdata": list(rows["locator"]),
        "marker": {
            "color": look.faded(colour, 0.25) if is_derived else look.colour(colour),
            "line": {"width": 1 if is_derived else 0, "color": look.colour(colour)},
            "pattern": {"shape": "/" if is_derived else "", "fgcolor": look.colour(colour), "size": 6},
        },
        "hovertext": [_hover(row, look) for row in records_of(rows)],
        "hoverinfo": "text",
        "textposition": "none",
    }


def _totals(rows: pd.DataFrame, look: Look) -> Trace:
    written = [number(value) if value is not None else look.text("absence.blank") for value in rows["total"]]
    return {
        "y": list(rows["label"]),
        "x": [drawn(value) or 0 for value in rows["total"]],
        "mode": "text",
        "text": [f" {each}" for each in written],
        "textposition": "middle right",
        "textfont": {"color": look.colour("ink"), "size": 13},
        "hoverinfo": "skip",
        "customdata": list(rows["total_locator"]),
        "showlegend": False,
        "cliponaxis": False,
    }


def _hover(row: dict[str, Any], look: Look) -> str:
    value = look.amount(row["value"], row["unit"], row["absence"])
    derived = f"（{look.text('word.derived')}）" if row["origin"] == "derived" else ""
    printed = f"<br>{look.text('word.as_printed')}：{row['as_printed']}" if row["as_printed"] else ""
    return f"{row['label']} · {row['series_label']}{derived}<br><b>{value}</b>{printed}"


def shares(frame: pd.DataFrame, look: Look) -> Sheet:
    """Two bars to a hundred per cent: the shares as stated, and as computed from the amounts, drawn as derived.

    `frame`: series_label, colour, value, unit, stated, computed (fractions), locator, stated_locator.
    """
    named = [look.text("word.stated_share"), look.text("word.computed_share")]
    bars = [wrapped(name, look, 4) for name in named]
    fig = figure(look, 186, barmode="stack", bargap=0.3, showlegend=True)
    for row in records_of(frame):
        fig.add_bar(**_region(row, bars, named, look))
    fig.update_xaxes(visible=False, range=[0, 1])
    fig.update_yaxes(categoryorder="array", categoryarray=bars[::-1])
    fig.update_layout(legend={"y": -0.04})
    return fig


def _region(row: dict[str, Any], bars: list[str], named: list[str], look: Look) -> Trace:
    """One region's stretch in both bars; its amount stands in the legend."""
    colour, name = row["colour"], row["series_label"]
    amount = look.amount(row["value"], row["unit"], row["absence"])
    said = [_stated(row["stated"]), _computed(row["computed"])]
    return {
        "y": bars,
        "x": [drawn(row["stated"]), drawn(row["computed"])],
        "orientation": "h",
        "name": f"{name} {amount}",
        "customdata": [row["stated_locator"], row["locator"]],
        "text": [
            each if (drawn(share) or 0) >= _ROOM else ""
            for each, share in zip(said, (row["stated"], row["computed"]), strict=True)
        ],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "textfont": {"color": [look.on(colour), look.colour("ink")], "size": 13},
        "marker": {
            "color": [look.colour(colour), look.faded(colour, 0.16)],
            "line": {"width": [0, 1.5], "color": look.colour(colour)},
        },
        "hovertext": [f"{name} · {bar}<br><b>{each}</b><br>{amount}" for bar, each in zip(named, said, strict=True)],
        "hoverinfo": "text",
    }


def _stated(value: object) -> str:
    return "–" if value is None else percent_as_stated(value)  # type: ignore[arg-type]  # a cell of a frame, an exact number


def _computed(value: object) -> str:
    return "–" if value is None else percent(value, 2)  # type: ignore[arg-type]  # a cell of a frame, an exact number
