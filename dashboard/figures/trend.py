"""Change from one year to the next: what is stated is solid, what it implies for the year before is hollow."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures.sheet import Sheet
from dashboard.figures.theme import Look, drawn, figure
from dashboard.messages import number, percent_as_stated
from dashboard.tables.rows import records_of

_ROW = 52


def growth(frame: pd.DataFrame, look: Look) -> Sheet:
    """From the year before, set to 100, to this year, by the stated rate; computed growth beside it where known.

    `frame`: label, value, unit, rate, rate_locator, implied, implied_low, implied_high, previous, computed,
    locator, year.
    """
    year = int(frame["year"].iloc[0])
    rows = records_of(frame)
    fig = figure(look, _ROW * len(frame) + 96, showlegend=True)
    fig.add_scatter(
        x=[each for row in rows for each in (100, _index(row), None)],
        y=[each for row in rows for each in (row["label"], row["label"], None)],
        mode="lines",
        line={"color": look.colour("accent"), "width": 3},
        showlegend=False,
        hoverinfo="skip",
    )
    fig.add_scatter(
        x=[100] * len(rows),
        y=list(frame["label"]),
        mode="markers",
        name=look.text("growth.implied_year", year=year - 1),
        customdata=list(frame["rate_locator"]),
        hovertext=[_implied(row, look) for row in rows],
        hoverinfo="text",
        marker={
            "size": 12,
            "color": look.colour("paper"),
            "line": {"color": look.colour("accent"), "width": 2.5},
        },
    )
    fig.add_scatter(
        x=[_index(row) for row in rows],
        y=list(frame["label"]),
        mode="markers+text",
        name=look.text("growth.stated_year", year=year),
        customdata=list(frame["rate_locator"]),
        text=[f"   {_signed(row['rate'])}" for row in rows],
        textposition=["top right" if row["rate"] < 0 else "middle right" for row in rows],
        cliponaxis=False,
        textfont={"color": look.colour("ink"), "size": 13},
        marker={"size": 12, "color": look.colour("accent")},
        hovertext=[f"{row['label']}<br><b>{_signed(row['rate'])}</b> · {number(row['value'])}" for row in rows],
        hoverinfo="text",
    )
    computed = [row for row in rows if row["computed"] is not None]
    if computed:
        fig.add_scatter(
            x=[100 + 100 * float(row["computed"]) for row in computed],
            y=[row["label"] for row in computed],
            mode="markers",
            name=look.text("growth.computed"),
            customdata=[row["locator"] for row in computed],
            marker={
                "size": 11,
                "symbol": "diamond-open",
                "color": look.colour("localities"),
                "line": {"width": 2.5},
            },
            hovertext=[f"{row['label']}<br><b>{_signed(row['computed'])}</b>" for row in computed],
            hoverinfo="text",
        )
    ends = [100.0, *(_index(row) for row in rows), *(100 + 100 * float(row["computed"]) for row in computed)]
    room = (max(ends) - min(ends)) * (0.6 if look.is_narrow else 0.2) or 1
    fig.update_xaxes(range=[min(ends) - room / 3, max(ends) + room], nticks=6)
    fig.update_yaxes(categoryorder="array", categoryarray=list(frame["label"])[::-1])
    return fig


def _index(row: dict[str, Any]) -> float:
    return 100 + 100 * (drawn(row["rate"]) or 0)


def _signed(rate: Any) -> str:
    return f"{'+' if float(rate) > 0 else ''}{percent_as_stated(round(rate, 4))}"


def _implied(row: dict[str, Any], look: Look) -> str:
    return f"{row['label']}<br>{interval(row, look)}"


def interval(row: dict[str, Any], look: Look) -> str:
    """The implied value in words, with the interval that rounding leaves: 推算 655,415（655,384–655,445）."""
    if row["implied"] is None:
        return look.text("growth.no_base")
    if row["implied_high"] is None:
        return look.text("growth.implied_least", value=number(round(row["implied_low"])))
    low, high = number(round(row["implied_low"])), number(round(row["implied_high"]))
    return look.text("growth.implied", value=number(round(row["implied"])), low=low, high=high)
