"""A figure as the plain dicts that plotly.js reads, with the few calls that the figures here are drawn with.

plotly's own objects check and copy each value again, which took most of the time of a drawing; that all there is here is
what plotly knows is what the tests hold instead. Names are plotly's.
"""

from __future__ import annotations

from typing import Any

Trace = dict[str, Any]


class Sheet:
    """Traces and layout, drawn upon by one function and then handed on; no value is looked at."""

    def __init__(self, **layout: Any) -> None:
        self.data: list[Trace] = []
        self.layout: dict[str, Any] = layout

    def add_bar(self, **trace: Any) -> None:
        self._add("bar", trace)

    def add_scatter(self, **trace: Any) -> None:
        self._add("scatter", trace)

    def add_treemap(self, **trace: Any) -> None:
        self._add("treemap", trace)

    def add_sankey(self, **trace: Any) -> None:
        self._add("sankey", trace)

    def _add(self, kind: str, trace: Trace) -> None:
        self.data.append({"type": kind} | {name: value for name, value in trace.items() if value is not None})

    def update_xaxes(self, **axis: Any) -> None:
        self.update_layout(xaxis=self.layout.get("xaxis", {}) | axis)

    def update_yaxes(self, **axis: Any) -> None:
        self.update_layout(yaxis=self.layout.get("yaxis", {}) | axis)

    def update_layout(self, **layout: Any) -> None:
        """What is named replaces what was there, whole."""
        self.layout |= layout

    def plain(self) -> dict[str, Any]:
        return {"data": self.data, "layout": self.layout}
