"""Bodies side by side: ranked bars with the middle half marked, spread, years on one line each, bodies by years."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures import lettering
from dashboard.figures.sheet import Sheet
from dashboard.figures.theme import FONT_SIZE, Look, axis, drawn, figure
from dashboard.messages import number, percent
from dashboard.schema import FRACTION
from dashboard.tables.rows import records_of

Row = dict[str, Any]
_ROW = 27
# The least widths that a narrow and a wide drawing get, and what of them is no axis.
_NARROWEST, _WIDE, _MARGINS = 320, 420, 24
# The oldest of a body's years is this faint, the newest solid.
_FAINT = 0.25


def ranked(frame: pd.DataFrame, look: Look) -> Sheet:
    """A bar each, chosen ones in blue, the rest and what is not ranked in grey; a band from a quarter to three quarters.

    `frame`: label, body, value, unit, absence, base, rank, ranked, rank_before, is_chosen, is_small, is_peer, low, middle,
    high, place.
    """
    rows = records_of(frame)
    fig = figure(look, _ROW * len(rows) + 64, showlegend=False, bargap=0.3)
    keys = [row["body"] for row in rows]
    band = next((row for row in rows if row["low"] is not None), None)
    if band and band["ranked"] > 3:
        fig.update_layout(shapes=_middle_half(band, look))
    fig.add_bar(
        y=keys,
        x=[drawn(row["value"]) for row in rows],
        orientation="h",
        customdata=[row["place"] for row in rows],
        marker={"color": [_colour(row, look) for row in rows], "line": {"width": 0}},
        hovertext=[_hover(row, look) for row in rows],
        hoverinfo="text",
    )
    fig.add_scatter(
        y=keys,
        x=[drawn(row["value"]) or 0 for row in rows],
        mode="text",
        text=[f" {_told(row, look)}" for row in rows],
        textposition="middle right",
        hoverinfo="skip",
        cliponaxis=False,
        textfont={"color": [look.colour("ink" if row["is_chosen"] else "ink2") for row in rows], "size": 12},
        customdata=[row["place"] for row in rows],
    )
    highest = max([drawn(row["value"]) or 0.0 for row in rows] + [0.0]) or 1.0
    scale = axis(highest, look) if rows[0]["unit"] != FRACTION else {"tickformat": ".0%"}
    fig.update_xaxes(**scale | {"range": [0, highest * _room(rows, highest, look)]})
    _names(fig, rows, look)
    return fig


def _room(rows: list[Row], highest: float, look: Look) -> float:
    """How much longer than the longest bar the axis is, so that what is told at each bar's end is not cut."""
    names = max(lettering.width(name, FONT_SIZE) for name in _shown(rows, look))
    across = (_NARROWEST if look.is_narrow else _WIDE) - names - _MARGINS
    needed = [
        (drawn(row["value"]) or 0.0)
        / highest
        * across
        / max(across - lettering.width(f"{_told(row, look)}  ", 12), 1.0)
        for row in rows
    ]
    return max([*needed, 1.5])


def _middle_half(row: Row, look: Look) -> list[dict[str, Any]]:
    """A band from the value of a quarter to that of three quarters, and a line at the one in the middle."""
    grey, across = look.colour("grey"), {"y0": 0, "y1": 1, "yref": "y domain"}
    low, middle, high = (drawn(row[each]) for each in ("low", "middle", "high"))
    band = {"type": "rect", "x0": low, "x1": high, "fillcolor": grey, "opacity": 0.14, "line": {"width": 0}}
    line = {"type": "line", "x0": middle, "x1": middle, "line": {"color": grey, "width": 1.5, "dash": "dot"}}
    return [band | across | {"layer": "below"}, line | across]


def spread(frame: pd.DataFrame, look: Look) -> Sheet:
    """How many bodies have how much; a line for each chosen one, named."""
    rows = records_of(frame)
    steps = [row for row in rows if not row["body"]]
    own = [row for row in rows if row["body"] and row["value"] is not None]
    fig = figure(look, 300, showlegend=False, bargap=0.06)
    unit = own[0]["unit"] if own else ""
    fig.add_bar(
        x=[(float(row["low"]) + float(row["high"])) / 2 for row in steps],
        y=[drawn(row["value"]) for row in steps],
        width=[float(row["high"] - row["low"]) * 0.94 for row in steps],
        marker={"color": look.colour("grey"), "line": {"width": 0}},
        hovertext=[
            f"{_plain(row['low'], unit)} – {_plain(row['high'], unit)}<br><b>{look.text('compare.bodies', count=row['value'])}</b>"
            for row in steps
        ],
        hoverinfo="text",
    )
    top = max([drawn(row["value"]) or 0.0 for row in steps] + [1.0])
    ends = (
        [float(row["low"]) for row in steps]
        + [float(row["high"]) for row in steps]
        + [float(row["value"]) for row in own]
    )
    for place, row in enumerate(own):
        height = top * (1.08 + 0.13 * (place % 4))
        fig.add_scatter(
            x=[drawn(row["value"])] * 2,
            y=[0, height],
            mode="lines+markers+text",
            text=["", row["label"]],
            textposition=_inward(float(row["value"]), ends),
            customdata=[row["place"]] * 2,
            hovertext=[_hover(row, look)] * 2,
            hoverinfo="text",
            cliponaxis=False,
            textfont={"color": look.colour("ink"), "size": 12},
            line={"color": look.colour("accent"), "width": 2},
            marker={"size": [0, 7], "color": look.colour("accent"), "line": {"width": 0}},
        )
    fig.update_yaxes(**axis(top, look) | {"range": [0, top * (1.3 + 0.13 * min(len(own), 4))], "showgrid": True})
    if unit == FRACTION:
        fig.update_xaxes(tickformat=".0%")
    room = (max(ends) - min(ends)) * 0.12 or 1.0
    fig.update_xaxes(range=[min(ends) - room, max(ends) + room], nticks=5 if look.is_narrow else 9)
    return fig


def _inward(value: float, ends: list[float]) -> str:
    """Where a name stands above its line: near an end of the axis, towards the middle, so that it is not cut off."""
    along = (value - min(ends)) / ((max(ends) - min(ends)) or 1.0)
    return "top right" if along < 1 / 3 else "top left" if along > 2 / 3 else "top center"


def dots(frame: pd.DataFrame, look: Look) -> Sheet:
    """A line a body, a dot a year, the older the fainter; hollow where that year's form counts it otherwise."""
    rows = records_of(frame)
    known = [row for row in rows if row["value"] is not None]
    bodies = list(dict.fromkeys(row["body"] for row in rows))
    fig = figure(look, _ROW * len(bodies) + 70, showlegend=False)
    years = sorted({row["year"] for row in rows})
    for body in bodies:
        ends = [float(row["value"]) for row in known if row["body"] == body]
        if ends:
            fig.add_scatter(
                x=[min(ends), max(ends)],
                y=[body, body], mode="lines", line={"color": look.colour("line"), "width": 4}, hoverinfo="skip",
            )  # fmt: skip
    span = max(years[-1] - years[0], 1)
    fig.add_scatter(
        x=[drawn(row["value"]) for row in known],
        y=[row["body"] for row in known],
        mode="markers",
        customdata=[row["place"] for row in known],
        hovertext=[f"{_hover(row, look)}{_form(row, look)}" for row in known],
        hoverinfo="text",
        marker={
            "size": [12 if row["year"] == years[-1] else 9 for row in known],
            "symbol": ["circle" if row["is_like_last"] else "circle-open" for row in known],
            "color": [
                look.colour("grey") if row["is_small"]
                else look.faded("accent", _FAINT + (1 - _FAINT) * (row["year"] - years[0]) / span if len(years) > 1 else 1)
                for row in known
            ],
            "line": {"width": 0},
        },
    )  # fmt: skip
    highest = max([drawn(row["value"]) or 0.0 for row in known] + [0.0]) or 1.0
    scale = axis(highest, look) if rows[0]["unit"] != FRACTION else {"tickformat": ".0%"}
    fig.update_xaxes(**scale | {"range": [-highest * 0.03, highest * 1.08]})
    _names(fig, [next(row for row in rows if row["body"] == body) for body in bodies], look)
    return fig


def matrix(frame: pd.DataFrame, look: Look) -> Sheet:
    """A line a body, a cell a year, the more the stronger; an empty cell says why. Lines stand where the form changed."""
    rows = records_of(frame)
    bodies = list(dict.fromkeys(row["body"] for row in rows))
    years = sorted({row["year"] for row in rows})
    fig = figure(look, _ROW * len(bodies) + 64, showlegend=False, barmode="stack", bargap=0.08)
    highest = max([drawn(row["value"]) or 0.0 for row in rows] + [0.0]) or 1.0
    for year in years:
        cells = [row for row in rows if row["year"] == year]
        fig.add_bar(
            y=[row["body"] for row in cells],
            x=[1] * len(cells),
            orientation="h",
            customdata=[row["place"] for row in cells],
            marker={
                "color": [_strength(row, highest, look) for row in cells],
                "line": {"width": 1, "color": look.colour("paper")},
            },
            text=[_cell(row, look) for row in cells],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            textfont={"size": 9 if look.is_narrow else 11, "color": [_ink(row, highest, look) for row in cells]},
            hovertext=[f"{_hover(row, look)}{_form(row, look)}" for row in cells],
            hoverinfo="text",
        )
    line = {"color": look.colour("ink2"), "width": 2, "dash": "dash"}
    changes = (years.index(year) for year in sorted({row["year"] for row in rows if row["is_break"]}))
    across = {"type": "line", "y0": 0, "y1": 1, "yref": "y domain", "line": line}
    fig.update_layout(shapes=[across | {"x0": at, "x1": at} for at in changes])
    step = max(1, -(-len(years) // (5 if look.is_narrow else 18)))
    told = list(range(0, len(years), step))
    fig.update_xaxes(
        range=[0, len(years)],
        tickvals=[each + 0.5 for each in told],
        ticktext=[str(years[each]) for each in told],
        showgrid=False,
    )
    _names(fig, [next(row for row in rows if row["body"] == body) for body in bodies], look)
    return fig


def _names(fig: Sheet, rows: list[Row], look: Look) -> None:
    """Bodies may share a name, so the axis holds their codes and shows the names."""
    keys = [row["body"] for row in rows]
    fig.update_yaxes(
        type="category", categoryorder="array", categoryarray=keys[::-1], tickvals=keys, ticktext=_shown(rows, look),
        range=[-0.6, len(keys) - 0.4],
    )  # fmt: skip


def _shown(rows: list[Row], look: Look) -> list[str]:
    most = 9 if look.is_narrow else 22
    return [row["label"] if len(row["label"]) <= most else f"{row['label'][: most - 1]}…" for row in rows]


def _colour(row: Row, look: Look) -> str:
    if row["is_small"] or not row["is_peer"]:
        return look.faded("grey", 0.45)
    return look.colour("accent") if row["is_chosen"] else look.faded("accent", 0.35)


def _plain(value: Any, unit: str) -> str:
    return percent(value) if unit == FRACTION else number(value)


def _told(row: Row, look: Look) -> str:
    """Value, base of a rate, place and, where there is room, how it moved: 62.5% (n=48) · 3/14 ↑2."""
    if row["value"] is None:
        return look.text(f"absence.{row['absence'] or 'blank'}")
    told = _plain(row["value"], row["unit"])
    if row["base"] is not None:
        told += f" (n={number(row['base'])})"
    if row["is_small"]:
        return f"{told} · {look.text('compare.small')}" if not look.is_narrow else told
    if row["rank"] is None or row["ranked"] < 2:  # alone, it has no place
        return told
    return f"{told} · {row['rank']}/{row['ranked']}{'' if look.is_narrow else moved(row)}"


def moved(row: Row) -> str:
    if row["rank"] is None or row["rank_before"] is None:
        return ""
    by = row["rank_before"] - row["rank"]
    return f" ↑{by}" if by > 0 else f" ↓{-by}" if by < 0 else " ="


def _hover(row: Row, look: Look) -> str:
    value = look.text(f"absence.{row['absence'] or 'blank'}") if row["value"] is None else (
        _plain(row["value"], row["unit"]) if row["unit"] == FRACTION else look.amount(row["value"], row["unit"])
    )  # fmt: skip
    told = f"{row['label']} · {row['year']}<br><b>{value}</b>"
    if row["base"] is not None:
        told += f" · n={number(row['base'])}"
    if row["rank"] is not None and row["ranked"] > 1:
        told += f"<br>{look.text('compare.rank', rank=row['rank'], ranked=row['ranked'])}"
    return told


def _form(row: Row, look: Look) -> str:
    if not row["is_break"]:
        return ""
    return f"<br>{look.text('compare.same_form' if row['is_same'] else 'compare.other_form')}"


def _cell(row: Row, look: Look) -> str:
    if look.is_narrow:
        return ""
    if row["value"] is None:
        return {"no_report": "", "not_on_form": "·"}.get(str(row["absence"]), "–")
    return percent(row["value"], 0) if row["unit"] == FRACTION else number(row["value"])


def _part(row: Row, highest: float) -> float:
    return (drawn(row["value"]) or 0.0) / highest


def _strength(row: Row, highest: float, look: Look) -> str:
    if row["value"] is None:
        return look.faded("grey", 0.06)
    if row["is_small"]:
        return look.faded("grey", 0.35)
    return look.faded("accent", 0.08 + 0.87 * max(0.0, min(1.0, _part(row, highest))))


def _ink(row: Row, highest: float, look: Look) -> str:
    strong = row["value"] is not None and not row["is_small"] and _part(row, highest) > 0.6
    return look.colour("on" if strong else "ink")
