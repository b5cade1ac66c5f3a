"""Which marks of a drawn figure stand for a figure that does not add up, or is corrected: each gets a sign, in its text and on hover.

A figure as plain dicts in, the same with signs out; knows places in a document, not what was found there.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from dashboard.figures.theme import Look

SIGN = "※"
# Pixels above a plot that tells no margin of its own, and what a line of words needs more.
_TOP, _ROOM = 8, 18
SIGN, CORRECTED = "※", "†"
# Seal red means that figures do not agree, and nothing else.
_TOLD = {SIGN: ("finding.mark", "seal"), CORRECTED: ("correction.mark", "accent")}


def marked(figure: dict[str, Any], places: Collection[str], look: Look, mark: str = SIGN) -> dict[str, Any]:
    """`figure` with the sign `mark` at every mark whose customdata is one of `places`; the others stay as they are."""
    words, colour = _TOLD[mark]
    sign = f' <span style="color:{look.colour(colour)}"><b>{mark}</b></span>'
    told = f"<br>{sign} {look.text(words)}"
    beside: set[Any] = set()
    for trace in figure["data"]:
        if trace["type"] == "sankey":
            _flow(trace, figure["layout"], places, sign, told)
        else:
            beside |= _trace(trace, places, sign, told)
    for trace in figure["data"]:
        if "text" in (trace.get("mode") or ""):
            _beside(trace, beside, sign)
    return figure


def signed(figure: dict[str, Any], words: str, look: Look) -> dict[str, Any]:
    """A copy of `figure` with these words above its plot, in room of their own, wherever it is drawn."""
    layout = figure["layout"]
    margin = {"t": _TOP} | layout.get("margin", {})
    note = {
        "text": f"<b>{words}</b>", "x": 1, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "right",
        "yanchor": "bottom", "yshift": 2, "showarrow": False, "font": {"size": 11, "color": look.colour("seal")},
    }  # fmt: skip
    signed_layout = layout | {
        "margin": margin | {"t": margin["t"] + _ROOM},
        "height": layout["height"] + _ROOM,
        "annotations": [*layout.get("annotations", ()), note],
    }
    return figure | {"layout": signed_layout}


def _trace(trace: dict[str, Any], places: Collection[str], sign: str, told: str) -> set[Any]:
    """Signs one trace; gives the places on the axis of the marks that have no text of their own."""
    without: set[Any] = set()
    for index, place in enumerate(trace.get("customdata") or []):
        if place not in places:
            continue
        _append(trace, "hovertext", index, told)
        if not _append(trace, "text", index, sign):
            without.add(trace["y"][index])
    return without


def _beside(trace: dict[str, Any], wanted: set[Any], sign: str) -> None:
    """The text at the end of a bar tells of the stretches that have none."""
    for index, place in enumerate(trace["y"]):
        if place in wanted and sign not in trace["text"][index]:
            _append(trace, "text", index, sign)


def _flow(trace: dict[str, Any], layout: dict[str, Any], places: Collection[str], sign: str, told: str) -> None:
    """A flow's nodes are labelled by the annotations, in the same order."""
    for index, place in enumerate(trace["node"]["customdata"]):
        if place in places:
            _append(trace["node"], "label", index, told)
            layout["annotations"][index]["text"] += sign


def _append(holder: dict[str, Any], name: str, index: int, more: str) -> bool:
    listed = holder.get(name)
    if not isinstance(listed, list) or index >= len(listed):
        return False
    listed[index] = f"{listed[index]}{more}"
    return True
