"""Quantities side by side: horizontal bars with their value at the end, missing ones in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures.sheet import Sheet
from dashboard.figures.theme import Look, axis, drawn, figure
from dashboard.messages import number, percent
from dashboard.tables.rows import records_of

_ROW = 34
# A label of several lines must not reach into the next one.
_LINE, _APART = 17, 10


def bars(frame: pd.DataFrame, look: Look) -> Sheet:
    """One bar for each row, in the order given.

    `frame`: label, colour, value, unit, absence, as_printed, locator, whole.

    Where `whole` is known the label adds the share of it. A missing value has no bar, and its reason instead.
    """
    lines = max((label.count("<br>") + 1 for label in frame["label"]), default=1)
    row = max(_ROW, _LINE * lines + _APART)
    fig = figure(look, row * len(frame) + 48, showlegend=False, bargap=1 - 0.62 * _ROW / row)
    rows = records_of(frame)
    fig.add_bar(
        y=list(frame["label"]),
        x=[drawn(value) for value in frame["value"]],
        orientation="h",
        customdata=list(frame["locator"]),
        marker={"color": [look.colour(each) for each in frame["colour"]], "line": {"width": 0}},
        hovertext=[_hover(row, look) for row in rows],
        hoverinfo="text",
    )
    fig.add_scatter(
        y=list(frame["label"]),
        x=[drawn(value) or 0 for value in frame["value"]],
        mode="text",
        text=[f" {_label(row, look)}" for row in rows],
        textposition="middle right",
        hoverinfo="skip",
        cliponaxis=False,
        textfont={"color": look.colour("ink"), "size": 13},
        customdata=list(frame["locator"]),
    )
    highest = max((float(value) for value in frame["value"] if value is not None), default=1.0) or 1.0
    fig.update_xaxes(**axis(highest, look) | {"range": [0, highest * (1.5 if look.is_narrow else 1.3)]})
    fig.update_yaxes(categoryorder="array", categoryarray=list(frame["label"])[::-1])
    return fig


def _label(row: dict[str, Any], look: Look) -> str:
    if row["value"] is None:
        return look.text(f"absence.{row['absence']}")
    share = f" ({percent(row['value'] / row['whole'])})" if row.get("whole") else ""
    return f"{number(row['value'])}{share}"


def _hover(row: dict[str, Any], look: Look) -> str:
    return f"{row['label']}<br><b>{look.amount(row['value'], row['unit'], row['absence'])}</b>"
