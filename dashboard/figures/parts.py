"""Parts of what bodies have in all: bars, areas in proportion, and parts over the years."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures.sheet import Sheet
from dashboard.figures.theme import Look, drawn, figure
from dashboard.messages import number, percent
from dashboard.tables.rows import records_of

Row = dict[str, Any]
_ROW = 27
# One colour a part, the rest grey; a part keeps its colour over the years.
COLOURS = ("departments", "localities", "good", "own", "mid", "good2", "bad")


def bars(frame: pd.DataFrame, look: Look) -> Sheet:
    """A bar a part, its share of the sum at the end; a part without a figure has none, and says why.

    `frame`: label, body, value, unit, absence, share, place.
    """
    rows = records_of(frame)
    fig = figure(look, _ROW * len(rows) + 40, showlegend=False, bargap=0.3)
    keys = [row["body"] for row in rows]
    fig.add_bar(
        y=keys,
        x=[drawn(row["share"]) for row in rows],
        orientation="h",
        customdata=[row["place"] for row in rows],
        marker={"color": look.colour("accent"), "line": {"width": 0}},
        hovertext=[_hover(row, look) for row in rows],
        hoverinfo="text",
    )
    fig.add_scatter(
        y=keys,
        x=[drawn(row["share"]) or 0 for row in rows],
        mode="text",
        text=[f" {_told(row, look)}" for row in rows],
        textposition="middle right",
        hoverinfo="skip",
        cliponaxis=False,
        customdata=[row["place"] for row in rows],
        textfont={"color": look.colour("ink"), "size": 12},
    )
    highest = max([drawn(row["share"]) or 0.0 for row in rows] + [0.0]) or 1.0
    fig.update_xaxes(range=[0, highest * (1.8 if look.is_narrow else 1.4)], tickformat=".0%", nticks=6)
    most = 9 if look.is_narrow else 22
    names = [row["label"] if len(row["label"]) <= most else f"{row['label'][: most - 1]}…" for row in rows]
    fig.update_yaxes(
        type="category", categoryorder="array", categoryarray=keys[::-1], tickvals=keys, ticktext=names,
        range=[-0.6, len(keys) - 0.4],
    )  # fmt: skip
    return fig


def areas(frame: pd.DataFrame, look: Look) -> Sheet:
    """An area a part; parts without a figure have none."""
    rows = [row for row in records_of(frame) if row["value"] is not None and row["value"] > 0]
    fig = figure(look, 360, showlegend=False)
    tones = [COLOURS[place] if place < len(COLOURS) else "grey" for place in range(len(rows))]
    fig.add_treemap(
        ids=[row["body"] for row in rows],
        labels=[row["label"] for row in rows],
        parents=[""] * len(rows),
        values=[drawn(row["value"]) for row in rows],
        text=[f"{row['label']}<br>{percent(row['share'])}" for row in rows],
        textinfo="text",
        customdata=[row["place"] for row in rows],
        hovertext=[_hover(row, look) for row in rows],
        hoverinfo="text",
        textfont={"size": 12, "color": [look.on(tone) for tone in tones]},
        marker={"colors": [look.colour(tone) for tone in tones], "line": {"width": 1, "color": look.colour("paper")}},
        tiling={"pad": 1},
        pathbar={"visible": False},
        root={"color": "rgba(0,0,0,0)"},
    )
    fig.update_layout(margin={"t": 8, "l": 0, "r": 0, "b": 8})
    return fig


def over_years(frame: pd.DataFrame, look: Look) -> Sheet:
    """A bar a year, a stretch a part, in proportion; a year with missing parts is marked below."""
    rows = records_of(frame)
    bodies = list(dict.fromkeys(row["body"] for row in rows))
    years = sorted({row["year"] for row in rows})
    fig = figure(look, 340, showlegend=True, barmode="stack", bargap=0.25)
    names = iter(COLOURS)
    for body in bodies:
        own = {row["year"]: row for row in rows if row["body"] == body}
        tone = next(names) if body != "rest" else "grey"
        held = [own[year] for year in years if year in own]
        fig.add_bar(
            x=[row["year"] for row in held],
            y=[drawn(row["share"]) for row in held],
            name=held[0]["label"],
            customdata=[row["place"] for row in held],
            marker={"color": look.colour(tone), "line": {"width": 0}},
            hovertext=[_hover(row, look) for row in held],
            hoverinfo="text",
        )
    partial = {row["year"] for row in rows if row["missing"]}
    step = max(1, -(-len(years) // (6 if look.is_narrow else 18)))
    fig.update_xaxes(
        tickvals=years[::step],
        ticktext=[f"{year}{'*' if year in partial else ''}" for year in years[::step]],
        showgrid=False,
    )
    fig.update_yaxes(range=[0, 1.02], tickformat=".0%", showgrid=True, nticks=6)
    return fig


def _told(row: Row, look: Look) -> str:
    if row["value"] is None:
        return look.text(f"absence.{row['absence'] or 'blank'}")
    told = number(row["value"])
    return f"{percent(row['share'])} · {told}" if row["share"] is not None else told


def _hover(row: Row, look: Look) -> str:
    told = f"{row['label']} · {row['year']}<br><b>{look.amount(row['value'], row['unit'], row['absence'])}</b>"
    if row["share"] is not None:
        told += f" · {percent(row['share'])}"
    if row["missing"]:
        told += f"<br>{look.text('shares.missing', missing=row['missing'], parts=row['parts'])}"
    return told
