"""The page before any script has run: the same elements as plain HTML, and still pictures where the charts will stand.

Components in, trusted HTML out. A picture that nobody has drawn yet leaves its room empty and is drawn in the background.
The browser's script puts the living page in this one's place once its charts stand.
"""

from __future__ import annotations

import logging
import math
import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from dashboard.charts import draw, of_chart
from dashboard.figures.theme import Theme, declarations
from dashboard.kept import Kept
from dashboard.messages import UserError
from dashboard.parts import View
from dashboard.parts.written import written
from dashboard.stills import Picture, Still, Stills

_log = logging.getLogger("gongkai")
# Pictures of the overview: the width in pixels that the card has on a wide screen.
_PICTURES = {"channels": 470, "flow": 680, "budget": 470, "growth": 680}
# Longer pages start without: what comes twice would cost more than it saves.
_LONGEST = 300_000
_WAITING = 32
# Seconds: what a picture takes with others before it, and after which one that did not come is asked for again.
_DRAWING, _AGAIN, _REMEMBERED = 2.0, 60.0, 256


@dataclass(frozen=True, slots=True)
class Paint:
    """`lasts`: the seconds for which no picture can be there that is missing."""

    html: str
    lasts: float = math.inf


class FirstPaint:
    """For any thread."""

    def __init__(self, stills: Stills) -> None:
        self._stills = stills
        self._wanted: queue.Queue[tuple[dict[str, Any], int]] = queue.Queue(_WAITING)
        self._drawer: threading.Thread | None = None
        self._starting = threading.Lock()
        self._wanted_at: Kept[str, float] = Kept(_REMEMBERED)

    def of(self, view: View, page: Sequence[Component]) -> Paint:
        if view.preview:  # its address is not to be found in what somebody saves
            return Paint("")
        missing: list[str] = []

        def chart(graph: dcc.Graph) -> str:
            told = vars(graph)  # Dash tells no types
            figure, name = told["figure"], str(told["id"]).removeprefix("chart-")
            width = _PICTURES.get(name, 0) if view.path == "/" else 0
            picture = self._picture(view, name, width) if width else None
            if width and picture is None and self._stills.is_available:
                missing.append(name)
            return _box(name, figure, picture)

        inside = written(page, chart)
        if len(inside) > _LONGEST:
            return Paint("")
        colours = declarations(Theme.DARK if view.filters.theme is Theme.DARK else Theme.LIGHT)
        return Paint(f'<div id="first" style="{colours}">{inside}</div>', _DRAWING if missing else math.inf)

    def _picture(self, view: View, chart: str, width: int) -> Still | None:
        """The same for both themes: its colours are variables."""
        figure = draw(view.snapshot, chart, replace(of_chart(chart, view.filters), theme=Theme.AUTO)).figure
        if figure is None:
            return None
        found = self._stills.ready(figure, width)
        if found is None and self._stills.is_available:
            self._want(f"{view.snapshot.name} {chart} {view.filters}", figure, width)
        return found

    def _want(self, name: str, figure: dict[str, Any], width: int) -> None:
        """Once in a while: what is being drawn is on its way, and what could not be drawn may be another time."""
        if time.monotonic() - (self._wanted_at.get(name) or -_AGAIN) < _AGAIN:
            return
        with self._starting:
            if self._drawer is None:
                self._drawer = threading.Thread(target=self._draw, name="first paint", daemon=True)
                self._drawer.start()
        try:
            self._wanted.put_nowait((figure, width))
        except queue.Full:
            return  # whoever looks at the page next asks again
        self._wanted_at.put(name, time.monotonic())

    def _draw(self) -> None:
        while True:
            figure, width = self._wanted.get()
            try:
                self._stills.still(figure, width)
            except UserError as problem:
                _log.warning("first paint: %s", problem)


def _box(name: str, figure: dict[str, Any], picture: Still | None) -> str:
    """As high as the chart will be, in a card as wide or as narrow as it is."""
    layout, shown = figure["layout"], f"first-{name}"
    narrow = layout.get("meta", {}).get("narrow")
    style = f"#{shown}{{height:{layout['height']}px}}"
    if narrow:
        style += (
            f"@container(max-width:{layout['meta']['below'] - 1}px){{#{shown}{{height:{narrow['layout']['height']}px}}"
            f"#{shown} .w{{display:none}}#{shown} .n{{display:block}}}}"
        )
    pictures = _shown(picture.wide, "w") + _shown(picture.narrow, "n") if picture else ""
    return f'<style>{style}</style><div id="{shown}" class="still" aria-hidden="true">{pictures}</div>'


def _shown(picture: Picture, name: str) -> str:
    size = f'class="{name}" width="{picture.width}" height="{picture.height}"'
    return picture.svg.replace("<svg ", f"<svg {size} ", 1)
