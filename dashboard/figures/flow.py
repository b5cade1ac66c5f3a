"""The way of a request through its printed totals: a Sankey where there is room, a list of bars on a phone.

The form crosses no way of filing with any outcome, so the flow passes through the totals and invents no crossing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures.sheet import Sheet
from dashboard.figures.theme import Look, figure
from dashboard.messages import number
from dashboard.tables.rows import records_of

# Stage -> its place from left to right; room for the labels of the last stage is left on the right. The form before
# 2019 has the first six, the later ones the last three.
_X = {
    "filed": 0.008, "received": 0.14, "closed": 0.28, "answered": 0.42, "outcome": 0.56, "ground": 0.765,
    "source": 0.008, "handled": 0.26, "result": 0.5,
}  # fmt: skip
_TOTALS = {"received": "accent", "answered": "accent", "handled": "accent"}
# What comes before a total, the total, what comes after it.
_THROUGH = (("filed", "received", "closed"), ("closed", "answered", "outcome"), ("source", "handled", "result"))
# In pixels: the least height, and what is free above and below; how high the whole is, a mark at least, and how far apart
# two of them stand: together a line of text.
_HEIGHT, _EDGE = 372, 4
_WHOLE, _GAP, _LEAST = 216, 14, 6
# Below this width labels would meet, and the list of bars reads better.
SANKEY_WIDTH = 640


@dataclass(frozen=True, slots=True)
class _Node:
    stage: str
    label: str
    value: float
    colour: str
    locator: str
    y: float


def sankey(frame: pd.DataFrame, look: Look) -> Sheet:
    """`frame`: stage, label, colour, value, locator. A row without a value has no stretch; the table lists it."""
    nodes, height = _placed(frame)
    place = {(node.stage, node.label): index for index, node in enumerate(nodes)}
    links = list(_links(nodes, place))
    if not links:  # plotly draws no nodes alone
        return steps(frame, look)
    crowd = max(sum(node.stage == stage for node in nodes) for stage in _X)
    fig = figure(
        look,
        height,
        margin={"l": 2, "r": 2, "t": _EDGE, "b": _EDGE},
        annotations=[_label(node, look) for node in nodes],
    )
    fig.add_sankey(
        arrangement="fixed",
        node={
            "align": "left",
            "label": [f"{node.label} {number(node.value)}" for node in nodes],
            "color": [look.colour(node.colour) for node in nodes],
            "x": [_X[node.stage] for node in nodes],
            "y": [node.y for node in nodes],
            "customdata": [node.locator for node in nodes],
            # plotly scales the flow by what the padding leaves of the fullest stage, so this sets the scale.
            "pad": (height - 2 * _EDGE - _WHOLE) / max(crowd - 1, 1),
            "thickness": 10,
            "line": {"width": 0},
            "hovertemplate": "%{label}<extra></extra>",
        },
        link={
            "source": [source for source, _, _, _ in links],
            "target": [target for _, target, _, _ in links],
            "value": [value for _, _, value, _ in links],
            "color": [look.faded(colour, 0.28 if colour != "accent" else 0.16) for _, _, _, colour in links],
            "customdata": [nodes[_part(source, target, nodes)].locator for source, target, _, _ in links],
            "hovertemplate": "%{source.label} → %{target.label}<extra></extra>",
        },
        # Labels are annotations: plotly's own would change sides in the last stage.
        textfont={"size": 1, "color": "rgba(0,0,0,0)", "shadow": "none"},
    )
    return fig


def _label(node: _Node, look: Look) -> dict[str, Any]:
    return {
        "text": f"{node.label} {number(node.value)}",
        "x": _X[node.stage],
        "y": 1 - node.y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "middle",
        "align": "left",  # anchored at its start also where the reader's font is wider than the drawing machine's
        "xshift": 8,
        "showarrow": False,
        "captureevents": False,
        "font": {"size": 12.5, "color": look.colour("ink")},
    }


def _placed(frame: pd.DataFrame) -> tuple[list[_Node], int]:
    """The nodes, spread so that no two labels meet, and the height that they need; grounds of refusal stand beside the
    refusals."""
    known = frame[[value is not None and value > 0 for value in frame["value"]]]
    largest = max((float(value) for value in known["value"]), default=1.0)
    stages = {stage: sorted(records_of(known[known["stage"] == stage]), key=_standing) for stage in _X}
    heights = {
        stage: [max(_WHOLE * float(row["value"]) / largest, _LEAST) for row in rows] for stage, rows in stages.items()
    }
    spread = {stage: sum(held) + _GAP * max(len(held) - 1, 0) for stage, held in heights.items()}
    room = max(_HEIGHT - 2 * _EDGE, *spread.values())
    nodes: list[_Node] = []
    for stage, rows in stages.items():
        refused = next((node.y for node in nodes if node.stage == "outcome" and node.colour == "bad"), 0.5)
        middle = room * (refused if stage == "ground" else 0.5)
        top = max(min(middle - spread[stage] / 2, room - spread[stage]), 0)
        for row, height in zip(rows, heights[stage], strict=True):
            centre = min((top + height / 2) / room, 0.999)
            nodes.append(_Node(stage, row["label"], float(row["value"]), row["colour"], row["locator"], centre))
            top += height + _GAP
    return nodes, round(room) + 2 * _EDGE


def _standing(row: dict[str, Any]) -> tuple[int, float]:
    """Granted first, refused before what ended otherwise; larger above smaller."""
    order = ("accent", "good", "good2", "mid", "bad", "grey")
    return order.index(row["colour"]) if row["colour"] in order else 0, -float(row["value"])


def _links(nodes: list[_Node], place: dict[tuple[str, str], int]) -> Iterator[tuple[int, int, float, str]]:
    """From each way of filing to the total, through closing to the answers, to outcomes, to grounds."""
    by_stage: dict[str, list[_Node]] = {stage: [] for stage in _X}
    for node in nodes:
        by_stage[node.stage].append(node)

    def index(node: _Node) -> int:
        return place[node.stage, node.label]

    for before, total, after in _THROUGH:
        for hub in by_stage[total]:
            yield from ((index(part), index(hub), part.value, "accent") for part in by_stage[before])
            yield from ((index(hub), index(part), part.value, part.colour) for part in by_stage[after])
    refused = next((node for node in by_stage["outcome"] if node.colour == "bad"), None)
    if refused:
        yield from ((index(refused), index(ground), ground.value, "bad") for ground in by_stage["ground"])


def _part(source: int, target: int, nodes: list[_Node]) -> int:
    """Of a link's two ends the one whose figure the link is: never the total."""
    return source if nodes[target].stage in _TOTALS else target


def steps(frame: pd.DataFrame, look: Look) -> Sheet:
    """The same figures as a list of bars under the name of their stage, for a narrow card."""
    rows = records_of(frame[~frame["stage"].isin(["all_closed"])])
    order = [row for stage in _X for row in rows if row["stage"] == stage]
    labels = [_step(row) for row in order]
    fig = figure(look, 26 * len(order) + 24, showlegend=False, bargap=0.3)
    fig.add_bar(
        y=list(range(len(order))),
        x=[float(row["value"] or 0) for row in order],
        orientation="h",
        customdata=[row["locator"] for row in order],
        marker={"color": [look.colour(row["colour"]) for row in order], "line": {"width": 0}},
        hovertext=labels,
        hoverinfo="text",
    )
    fig.add_scatter(
        y=list(range(len(order))),
        x=[float(row["value"] or 0) for row in order],
        mode="text",
        hoverinfo="skip",
        customdata=[row["locator"] for row in order],
        text=[
            f" {look.text('absence.' + row['absence']) if row['value'] is None else number(row['value'])}"
            for row in order
        ],
        textposition="middle right",
        textfont={"color": look.colour("ink"), "size": 12},
        cliponaxis=False,
    )
    highest = max((float(row["value"]) for row in order if row["value"] is not None), default=1.0)
    fig.update_xaxes(visible=False, range=[0, highest * 1.3])
    fig.update_yaxes(autorange="reversed", tickvals=list(range(len(order))), ticktext=labels, tickfont={"size": 12})
    return fig


def _step(row: dict[str, Any]) -> str:
    return f"<b>{row['label']}</b>" if row["stage"] in _TOTALS else f"{row['label']}"
