"""A figure made complete for a file that travels alone: what it says above it, where it comes from below it.

A figure as plain dict and its sentences in, another figure of a fixed size out. The browser that draws it measures
text; here its room is estimated, generously. Knows neither where the sentences come from nor what becomes of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape, unescape
from re import sub
from typing import Any

from dashboard.figures.lettering import is_wide, width
from dashboard.figures.theme import Look

WIDTH = 760
_PAD = 24
_LINE = 1.3  # of a line's size, as plotly sets it
_TITLE, _HEADLINE, _NOTE, _FOOT = 13, 20, 13, 11.5
_AXIS = 26  # the labels below the plot
_ROW = 19  # of a legend
_SYMBOL = 46  # before and after the words of a legend's entry
_NEVER_FIRST = set("，。、；：！？）》」』”’%")
# What a figure without a frame leaves above and below its plot, where it tells no margins of its own.
_MARGIN = {"t": 8, "b": 8}


def framed(
    figure: dict[str, Any], *, title: str, headline: str, note: str, lines: Sequence[str], look: Look
) -> dict[str, Any]:
    """`figure` as `Drawing.figure` is, in the theme of `look`; `lines` are source, licence and the like."""
    layout = {name: value for name, value in figure["layout"].items() if name != "meta"}
    room = WIDTH - 2 * _PAD
    left = max(_PAD + _labels(figure, layout), _PAD)
    rows = _legend_rows(figure, layout, WIDTH - left - _PAD)
    head = [
        (wrapped(title, room, _TITLE), _TITLE, look.colour("ink2")),
        (wrapped(headline, room, _HEADLINE), _HEADLINE, look.colour("ink")),
        (wrapped(note, room, _NOTE), _NOTE, look.colour("ink2")),
    ]
    foot = [part for line in lines for part in wrapped(line, room, _FOOT)]
    top = _PAD + sum(_height(words, size) for words, size, _ in head) + 12
    below = _PAD + _height(foot, _FOOT) + 10
    axis = _AXIS if _has_axis(figure, layout) else 8
    bottom = below + rows * _ROW + (10 if rows else 0) + axis
    plot = _plot(layout, axis, is_told=bool(rows))
    height = top + plot + bottom
    notes = [*layout.get("annotations", ()), *_head(head, left, top), _foot(foot, left, bottom, below, look)]
    return {
        "data": figure["data"],
        "layout": layout
        | {
            "width": WIDTH,
            "height": height,
            "autosize": False,
            "paper_bgcolor": look.colour("paper"),
            "margin": {"l": left, "r": _PAD, "t": top, "b": bottom, "pad": 0},
            "annotations": notes,
            "legend": layout.get("legend", {})
            | {"x": 0, "xanchor": "left", "yref": "container", "y": below / height, "yanchor": "bottom"},
        },
    }


def wrapped(words: str, room: float, size: float) -> list[str]:
    """Lines no wider than `room`: broken at spaces, and anywhere between Chinese characters."""
    lines = [""]
    for piece in _pieces(words):
        if lines[-1] and width(lines[-1] + piece.rstrip(), size) > room and piece not in _NEVER_FIRST:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line for line in lines if line.strip()]


def _pieces(words: str) -> list[str]:
    pieces = [""]
    for each in words:
        if is_wide(each) or (pieces[-1] and (is_wide(pieces[-1][-1]) or pieces[-1].endswith(" "))):
            pieces.append("")
        pieces[-1] += each
    return [piece for piece in pieces if piece]


def _height(lines: Sequence[str], size: float) -> int:
    return round(len(lines) * size * _LINE) + (4 if lines else 0)


def _head(head: Sequence[tuple[list[str], float, str]], left: int, top: int) -> list[dict[str, Any]]:
    notes, place = [], _PAD
    for lines, size, colour in head:
        if lines:
            notes.append(_annotation(lines, size, colour, left) | {"y": 1, "yanchor": "top", "yshift": top - place})
        place += _height(lines, size)
    return notes


def _foot(lines: list[str], left: int, bottom: int, below: int, look: Look) -> dict[str, Any]:
    note = _annotation(lines, _FOOT, look.colour("ink2"), left)
    return note | {"y": 0, "yanchor": "top", "yshift": -(bottom - below) - 6}


def _annotation(lines: Sequence[str], size: float, colour: str, left: int) -> dict[str, Any]:
    return {
        "text": "<br>".join(escape(line, quote=False) for line in lines),
        "x": 0,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "align": "left",
        "xshift": _PAD - left,
        "borderpad": 0,
        "showarrow": False,
        "font": {"size": size, "color": colour},
    }


def _labels(figure: dict[str, Any], layout: dict[str, Any]) -> int:
    """What the labels left of the plot need."""
    if not _is_cartesian(figure):
        return 0
    told = layout.get("yaxis", {}).get("ticktext") or [
        label for trace in figure["data"] for label in trace.get("y") or () if isinstance(label, str)
    ]
    size = layout.get("yaxis", {}).get("tickfont", {}).get("size", 13)
    lines = [unescape(sub(r"<[^>]*>", "", line)) for label in told for line in str(label).split("<br>")]
    return round(max((width(line, size) for line in lines), default=0)) + 8


def _legend_rows(figure: dict[str, Any], layout: dict[str, Any], room: float) -> int:
    """Plotly sets a legend in one row if it fits, and else in columns as wide as the widest entry."""
    if not layout.get("showlegend"):
        return 0
    names = [trace["name"] for trace in figure["data"] if trace.get("name") and trace.get("showlegend", True)]
    entries = [_SYMBOL + width(name, 12) for name in names]
    if sum(entries) <= room:
        return 1 if entries else 0
    columns = max(int(room // max(entries)), 1)
    return -(-len(entries) // columns)


def _is_cartesian(figure: dict[str, Any]) -> bool:
    return any(trace["type"] in ("bar", "scatter") for trace in figure["data"])


def _has_axis(figure: dict[str, Any], layout: dict[str, Any]) -> bool:
    return _is_cartesian(figure) and bool(layout.get("xaxis", {}).get("visible", True))


def _plot(layout: dict[str, Any], axis: int, *, is_told: bool) -> int:
    """The height of the plot itself, as it is on a page."""
    margin = _MARGIN | layout.get("margin", {})
    legend = 40 if is_told else 0
    return int(layout["height"] - margin["t"] - max(margin["b"], axis) - legend)
