"""Figures over the years of one body: a series with its breaks, stated against computed growth, many series, chains.

A line goes on only where the meaning does: dotted to what is only close, and not at all where a figure is missing. Where
the form changed a line stands across the plot, which tells why on hover.
"""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd

from dashboard.figures.sheet import Sheet
from dashboard.figures.theme import Look, axis, drawn, figure
from dashboard.messages import number, percent, percent_as_stated
from dashboard.tables.rows import records_of

INDEXED = "indexed"
Row = dict[str, Any]
Layout = dict[str, Any]
_PANEL = 118


def series(frame: pd.DataFrame, look: Look) -> Sheet:
    """One point a year, hollow with its interval where only the next report's rate implies it.

    `frame`: year, value, index, scale, unit, absence, continuity, is_break, reason, stretch, implied*, place, label.
    """
    rows = records_of(frame)
    is_indexed = rows[0]["scale"] == INDEXED
    fig = figure(look, 340 if look.is_narrow else 360, showlegend=False)
    shown = {row["year"]: _shown(row, is_indexed) for row in rows}
    _lines(fig, rows, shown, look)
    known = [row for row in rows if shown[row["year"]] is not None]
    fig.add_scatter(
        x=[row["year"] for row in known],
        y=[shown[row["year"]] for row in known],
        mode="markers+text" if len(known) < 2 else "markers",
        text=[number(row["value"]) for row in known] if len(known) < 2 else None,
        textposition="top center",
        customdata=[row["place"] for row in known],
        hovertext=[_hover(row, look, is_indexed) for row in known],
        hoverinfo="text",
        marker={"size": 9, "color": look.colour("accent")},
    )
    highest = max([each for each in shown.values() if each is not None] + [_implied(fig, rows, look, is_indexed)])
    _breaks(fig, rows, highest * 1.12 or 1, look)
    fig.update_yaxes(**axis(highest, look) | {"range": [0, highest * 1.22 or 1], "showgrid": True})
    _years(fig, [row["year"] for row in rows], look)
    return fig


def growth(frame: pd.DataFrame, look: Look) -> Sheet:
    """The rate that each report states, and the one that two reports compute to; where they differ, in seal red."""
    rows = [row for row in records_of(frame) if row["rate"] is not None or row["computed"] is not None]
    fig = figure(look, 320, showlegend=True)
    differing = [row for row in rows if row["differs"]]
    if differing:
        fig.add_scatter(
            x=[each for row in differing for each in (row["year"], row["year"], None)],
            y=[each for row in differing for each in (drawn(row["rate"]), drawn(row["computed"]), None)],
            mode="lines",
            name=look.text("growth.differs"),
            line={"color": look.colour("seal"), "width": 3},
            hoverinfo="skip",
        )
    stated = [row for row in rows if row["rate"] is not None]
    computed = [row for row in rows if row["computed"] is not None]
    _rates(fig, stated, "rate", "growth.stated", {"size": 11, "color": look.colour("accent")}, look)
    diamond = {"size": 10, "symbol": "diamond-open", "color": look.colour("localities"), "line": {"width": 2.5}}
    _rates(fig, computed, "computed", "growth.computed", diamond, look)
    ends = [drawn(row[kind]) or 0.0 for row in rows for kind in ("rate", "computed") if row[kind] is not None] + [0.0]
    room = (max(ends) - min(ends)) * 0.2 or 0.1
    _breaks(fig, records_of(frame), max(ends) + room * 0.6, look)
    fig.update_yaxes(range=[min(ends) - room / 2, max(ends) + room], tickformat=".0%", showgrid=True, nticks=6)
    fig.update_yaxes(zeroline=True, zerolinecolor=look.colour("ink2"), zerolinewidth=1)
    _years(fig, [row["year"] for row in records_of(frame)], look)
    return fig


def many(frame: pd.DataFrame, look: Look) -> Sheet:
    """A small panel for each indicator, each with its own scale from zero, or all indexed on one."""
    rows = records_of(frame)
    codes = list(dict.fromkeys(row["indicator"] for row in rows))
    across = 2 if look.is_narrow else 4
    down = -(-len(codes) // across)
    fig = figure(look, down * _PANEL + 24, showlegend=False)
    is_indexed = rows[0]["scale"] == INDEXED
    top = max([_shown(row, True) or 0.0 for row in rows] + [1.0]) if is_indexed else 0.0
    layout: Layout = {"shapes": [], "annotations": []}
    for place, code in enumerate(codes):
        own = [row for row in rows if row["indicator"] == code]
        layout |= _panel(fig, own, place, (across, down), top, look)
        layout["annotations"].append(_heading(own, place, (across, down), look))
        layout["shapes"] += _marks(own, place, look)
    fig.update_layout(**layout)
    return fig


def carried(frame: pd.DataFrame, look: Look) -> Sheet:
    """Each year from what came in with it to what it left; each link to the next year, broken ones in seal red."""
    rows = records_of(frame)
    fig = figure(look, 320, showlegend=True)
    came = {row["year"]: row for row in rows if row["indicator"] == "requests.carried_in"}
    left = {row["year"]: row for row in rows if row["indicator"] == "requests.carried_out"}
    links = [(left[year - 1], row) for year, row in came.items() if year - 1 in left]
    known = [link for link in links if all(each["value"] is not None for each in link)]
    for name, colour, dash, chosen in (
        ("carried.whole", "accent", "solid", [link for link in known if not link[1]["differs"]]),
        ("carried.broken", "seal", "dot", [link for link in known if link[1]["differs"]]),
    ):
        if chosen:
            fig.add_scatter(
                x=[each for out, _ in chosen for each in (out["year"] + 0.3, out["year"] + 0.7, None)],
                y=[each for out, into in chosen for each in (drawn(out["value"]), drawn(into["value"]), None)],
                mode="lines",
                name=look.text(name),
                line={"color": look.colour(colour), "width": 3, "dash": dash},
                hoverinfo="skip",
            )
    within = [(came[year], left[year]) for year in came if year in left]
    fig.add_scatter(
        x=[each for into, _ in within for each in (into["year"] - 0.3, into["year"] + 0.3, None)],
        y=[each for into, out in within for each in (drawn(into["value"]), drawn(out["value"]), None)],
        mode="lines",
        showlegend=False,
        line={"color": look.colour("grey"), "width": 1.5},
        hoverinfo="skip",
    )
    for ends, shift, name, symbol in (
        (came, -0.3, "carried.in", "circle-open"), (left, 0.3, "carried.out", "circle"),
    ):  # fmt: skip
        _ends(fig, [row for row in ends.values() if row["value"] is not None], shift, look.text(name), symbol, look)
    highest = max([drawn(row["value"]) or 0.0 for row in rows] + [1.0])
    fig.update_yaxes(**axis(highest, look) | {"range": [0, highest * 1.2], "showgrid": True})
    _years(fig, [row["year"] for row in rows], look)
    return fig


def _ends(fig: Sheet, rows: list[Row], shift: float, name: str, symbol: str, look: Look) -> None:
    fig.add_scatter(
        x=[row["year"] + shift for row in rows],
        y=[drawn(row["value"]) for row in rows],
        mode="markers",
        name=name,
        customdata=[row["place"] for row in rows],
        hovertext=[_link(row, look) for row in rows],
        hoverinfo="text",
        marker={
            "size": 10,
            "symbol": symbol,
            "color": [look.colour("seal" if row["differs"] else "accent") for row in rows],
            "line": {"width": 2},
        },
    )


def _link(row: Row, look: Look) -> str:
    told = f"{row['label']} · {row['year']}<br><b>{look.amount(row['value'], row['unit'])}</b>"
    if row["differs"]:
        told += f"<br>{look.text('carried.was', value=number(row['previous']), year=row['year'] - 1)}"
    return told


def _shown(row: Row, is_indexed: bool) -> float | None:
    return drawn(row["index"] if is_indexed else row["value"])


def _lines(fig: Sheet, rows: list[Row], shown: dict[int, float | None], look: Look, **axes: str) -> None:
    """Solid within a meaning, dotted to what is only close; a year without a figure ends the line."""
    for dash, is_wanted in (("solid", True), ("dot", False)):
        x: list[float | None] = []
        y: list[float | None] = []
        for before, row in itertools.pairwise(rows):
            ends = shown[before["year"]], shown[row["year"]]
            if None in ends or (before["stretch"] == row["stretch"]) != is_wanted:
                continue
            if not is_wanted and row["scale"] == INDEXED:
                continue  # what is only close has no index in common
            if x and x[-2] == before["year"]:  # goes on: one line is less to send than two
                del x[-2:], y[-2:]
            x += [before["year"], row["year"], None]
            y += [*ends, None]
        if x:
            width = 2.5 if is_wanted else 1.5
            line = {"color": look.colour("accent" if is_wanted else "grey"), "width": width, "dash": dash}
            fig.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False, **axes)


def _implied(fig: Sheet, rows: list[Row], look: Look, is_indexed: bool) -> float:
    """Draws what stated rates imply of years without a figure; gives the highest end of an interval."""
    told = [row for row in rows if row["implied"] is not None and not is_indexed]
    if not told:
        return 0.0
    fig.add_scatter(
        x=[row["year"] for row in told],
        y=[drawn(row["implied"]) for row in told],
        mode="markers",
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [float(row["implied_high"] - row["implied"]) for row in told],
            "arrayminus": [float(row["implied"] - row["implied_low"]) for row in told],
            "color": look.colour("accent"),
            "thickness": 1.5,
        },
        hovertext=[f"{row['year']}<br>{interval(row, look)}" for row in told],
        hoverinfo="text",
        marker={"size": 9, "color": look.colour("paper"), "line": {"color": look.colour("accent"), "width": 2}},
    )
    return max(float(row["implied_high"]) for row in told)


def interval(row: Row, look: Look) -> str:
    low, high = number(round(row["implied_low"])), number(round(row["implied_high"]))
    return look.text("growth.implied", value=number(round(row["implied"])), low=low, high=high)


def _breaks(fig: Sheet, rows: list[Row], at: float, look: Look) -> None:
    """A line across the plot where another form begins, with a mark that tells the reason."""
    found = [row for row in rows if row["is_break"]]
    if found:
        line = {"color": look.colour("ink2"), "width": 1, "dash": "dash"}
        across = {"type": "line", "y0": 0, "y1": 1, "yref": "y domain", "line": line}
        ends = [row["year"] - 0.5 for row in found]
        fig.update_layout(shapes=[across | {"x0": end, "x1": end} for end in ends])
        fig.add_scatter(
            x=ends,
            y=[at] * len(found),
            mode="markers+text",
            text=[f" {_form(row, look)} " for row in found],
            textposition=[_beside(row, found) for row in found],
            textfont={"size": 11, "color": look.colour("ink2")},
            hovertext=[told_break(row, look) for row in found],
            hoverinfo="text",
            marker={"size": 8, "symbol": "diamond", "color": look.colour("ink2")},
            showlegend=False,
            name="breaks",
        )


def _form(row: Row, look: Look) -> str:
    edition = row["edition"] or "–"
    return edition if look.is_narrow else look.text("series.break", edition=edition)


def _beside(row: Row, found: list[Row]) -> str:
    """Right of its mark, but left where the next form begins so soon that the words would meet."""
    is_close = any(0 < other["year"] - row["year"] < 4 for other in found)
    return "middle left" if is_close else "middle right"


def told_break(row: Row, look: Look) -> str:
    """What the change of form means for the figure: 口径相同 · reason."""
    reason = row[f"reason_{look.language}"]
    separated = "<br>" if reason else ""
    return f"{row['year']} · {look.text('continuity.' + row['continuity'])}{separated}{reason}"


def _hover(row: Row, look: Look, is_indexed: bool) -> str:
    told = f"{row['label']} · {row['year']}<br><b>{look.amount(row['value'], row['unit'], row['absence'])}</b>"
    if is_indexed and row["index"] is not None:
        told += f"<br>{look.text('series.index', index=number(round(row['index'], 1)))}"
    if row["computed"] is not None:
        told += f"<br>{look.text('growth.computed')} {signed(row['computed'])}"
    return told


def signed(rate: Any) -> str:
    return f"{'+' if rate > 0 else ''}{percent(rate)}"


def _rates(fig: Sheet, rows: list[Row], kind: str, name: str, marker: dict[str, Any], look: Look) -> None:
    if not rows:
        return
    written = percent_as_stated if kind == "rate" else percent
    fig.add_scatter(
        x=[row["year"] for row in rows],
        y=[drawn(row[kind]) for row in rows],
        mode="markers",
        name=look.text(name),
        customdata=[row["rate_place" if kind == "rate" else "place"] for row in rows],
        hovertext=[f"{row['year']} · {look.text(name)}<br><b>{written(row[kind])}</b>" for row in rows],
        hoverinfo="text",
        marker=marker,
    )


def _panel(fig: Sheet, rows: list[Row], place: int, grid: tuple[int, int], top: float, look: Look) -> Layout:
    """Draws one panel; gives its axes."""
    across, down = grid
    suffix = _suffix(place)
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    shown = {row["year"]: _shown(row, bool(top)) for row in rows}
    known = [row for row in rows if shown[row["year"]] is not None]
    _lines(fig, rows, shown, look, **axes)
    fig.add_scatter(
        x=[row["year"] for row in known],
        y=[shown[row["year"]] for row in known],
        mode="markers",
        customdata=[row["place"] for row in known],
        hovertext=[_hover(row, look, bool(top)) for row in known],
        hoverinfo="text",
        cliponaxis=False,
        marker={"size": 5, "color": look.colour("accent")},
        **axes,
    )
    highest = top or max(shown[row["year"]] or 0.0 for row in known) or 1.0
    left, bottom = place % across / across, 1 - (place // across + 1) / down
    years = [row["year"] for row in rows]
    return {
        f"xaxis{suffix}": {
            "domain": [left, left + 0.92 / across], "anchor": axes["yaxis"], "showgrid": False, "automargin": False,
            "range": [years[0] - 0.6, years[-1] + 0.6], "tickvals": sorted({years[0], years[-1]}),
            "tickformat": "d", "tickfont": {"size": 10, "color": look.colour("ink2")},
        },
        f"yaxis{suffix}": {
            "domain": [bottom + 0.18 / down, bottom + 0.72 / down], "anchor": axes["xaxis"],
            "range": [-highest * 0.06, highest * 1.15], "showticklabels": False, "showgrid": False, "automargin": False,
        },
    }  # fmt: skip


def _suffix(place: int) -> str:
    return "" if not place else str(place + 1)


def _marks(rows: list[Row], place: int, look: Look) -> list[Layout]:
    """Lines where another form begins."""
    line = {"color": look.colour("ink2"), "width": 1, "dash": "dot"}
    suffix = _suffix(place)
    return [
        {"type": "line", "x0": row["year"] - 0.5, "x1": row["year"] - 0.5, "y0": 0, "y1": 1,
         "xref": f"x{suffix}", "yref": f"y{suffix} domain", "line": line}
        for row in rows
        if row["is_break"]
    ]  # fmt: skip


def _heading(rows: list[Row], place: int, grid: tuple[int, int], look: Look) -> Layout:
    across, down = grid
    known = [row for row in rows if row["value"] is not None]
    return {
        "text": f"<b>{_cut(rows[0]['label'], look)}</b><br>{_summary(known, look)}",
        "x": place % across / across, "y": 1 - place // across / down, "xref": "paper", "yref": "paper",
        "xanchor": "left", "yanchor": "top", "align": "left", "showarrow": False,
        "font": {"size": 11, "color": look.colour("ink2")},
    }  # fmt: skip


def _cut(label: str, look: Look) -> str:
    most = (9 if look.is_narrow else 14) if look.language == "zh" else (20 if look.is_narrow else 30)
    return label if len(label) <= most else f"{label[: most - 1]}…"


def _summary(known: list[Row], look: Look) -> str:
    """The last figure, and the average growth a year with the years it is of."""
    last = known[-1]
    told = number(last["value"])
    if last["cagr"] is not None and not look.is_narrow:
        told += " · " + look.text(
            "series.cagr_short", rate=signed(last["cagr"]), first=last["cagr_from"], last=last["year"]
        )
    elif last["cagr"] is not None:
        told += f" · {signed(last['cagr'])} {last['cagr_from']}–{last['year'] % 100:02}"
    return told


def _years(fig: Sheet, years: list[int], look: Look) -> None:
    first, last = min(years), max(years)
    step = max(1, -(-(last - first) // (6 if look.is_narrow else 12)))
    fig.update_xaxes(
        range=[first - 0.7, last + 0.7], tickvals=list(range(first, last + 1, step)), tickformat="d", showgrid=False
    )
