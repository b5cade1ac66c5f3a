"""A chart's figure as pictures: taken from the cache folder, or drawn by the browser and made small.

Figures as plain dicts come in; SVG for pages, SVG and PNG as files go out. Knows neither charts nor the web.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dashboard import meters
from dashboard.figures import theme
from dashboard.messages import UserError
from dashboard.settings import Settings
from dashboard.stills import files, shapes
from dashboard.stills.browser import DrawingBrowser, find
from dashboard.stills.compact import compact
from dashboard.stills.order import Kind, Order
from dashboard.stills.picture import NARROW, Picture, Still, shows_below, wide_width
from dashboard.stills.shelf import Shelf

# Part of every key: to be raised whenever the same figure would give another picture.
_LAYOUT = 4
_SCALE = 2
_CONTROLS = re.compile(r"(?<!\\)(?:\\u00(?:0[0-8bcef]|1[0-9a-f]|7f)|\\[bf])")
_WAIT = 30.0


class Stills:
    """One for a process; for any thread, and beside other processes with the same cache folder.

    What cannot be drawn is a UserError: `still.no_browser`, or `still.failed` after a second attempt.
    """

    def __init__(
        self, settings: Settings, script: Path | None = None, seconds: float = 10.0, rest: float = 15.0
    ) -> None:
        """`script` is the plotly.js to draw with; `seconds` bounds each drawing, twice as many the start.

        After a drawing that failed twice nothing is tried for `rest` seconds.
        """
        self._script = script or settings.assets_dir / "vendor" / "plotly.min.js"
        self._shelf = Shelf(settings.cache_dir / "stills", settings.stills_mb)
        path = find(settings.browser)
        self._browser = DrawingBrowser(path, self._script, settings.browser_mb, seconds, rest) if path else None
        self._script_digest = ""
        self._turns = _Turns()

    @property
    def is_available(self) -> bool:
        """Whether there is a browser to draw with."""
        return self._browser is not None

    def still(self, figure: dict[str, Any], width: int = 0) -> Still:
        """`figure`: `Drawing.figure` made with Theme.AUTO, the one for a narrow frame in its `layout.meta`.

        `width`, in pixels: what the wide picture is drawn for, where that is known.
        """
        asked_at, figure = time.monotonic(), _speakable(figure)
        key = self._still_key(figure, width)
        return Still.from_bytes(
            self._kept(key, lambda browser: _still(browser, figure, width, key, asked_at).to_bytes())
        )

    def ready(self, figure: dict[str, Any], width: int = 0) -> Still | None:
        """As `still`, if it has been drawn already."""
        found = self._shelf.get(self._still_key(_speakable(figure), width))
        return Still.from_bytes(found) if found else None

    def file(self, figure: dict[str, Any], kind: Kind, metadata: Mapping[str, str] | None = None) -> bytes:
        """A complete figure as a file that stands for itself; `metadata`: Title, Source, Copyright and the like."""
        asked_at, figure = time.monotonic(), _speakable(figure)
        raw = self._kept(self._key(kind, figure), lambda browser: _file(browser, figure, kind, asked_at))
        return files.svg(raw, metadata or {}) if kind == "svg" else files.png(raw, metadata or {})

    def close(self) -> None:
        """Ends the browser; nothing is drawn any more."""
        if self._browser:
            self._browser.close()

    def _kept(self, key: str, make: Callable[[DrawingBrowser], bytes]) -> bytes:
        found = self._shelf.get(key)
        meters.counts.looked_up("picture", found is not None)
        if found is not None:
            return found
        browser = self._browser
        if browser is None:
            raise UserError("still.no_browser")
        with self._turns.of(key), self._shelf.alone(key, _WAIT):
            found = self._shelf.get(key)
            if found is None:
                found = _counted(lambda: make(browser))
                self._shelf.put(key, found)
            return found

    def _still_key(self, figure: dict[str, Any], width: int) -> str:
        return self._key(f"still {width}" if width else "still", figure)

    def _key(self, kind: str, figure: dict[str, Any]) -> str:
        """The same figure drawn with the same script in the same manner."""
        if not self._script_digest:
            self._script_digest = hashlib.sha256(self._script.read_bytes()).hexdigest()
        told = json.dumps([_LAYOUT, kind, self._script_digest, figure], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()


def _counted(make: Callable[[], bytes]) -> bytes:
    since, is_good = time.monotonic(), False
    try:
        made = make()
        is_good = True
    finally:
        meters.counts.drawn(time.monotonic() - since, is_good)
    return made


class _Turns:
    """A lock for each key, for as long as somebody wants it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        with self._lock:
            turn, waiting = self._held.get(key, (threading.Lock(), 0))
            self._held[key] = turn, waiting + 1
        try:
            with turn:
                yield
        finally:
            with self._lock:
                turn, waiting = self._held.pop(key)
                if waiting > 1:
                    self._held[key] = turn, waiting - 1


def _speakable(figure: dict[str, Any]) -> dict[str, Any]:
    """Without the control characters that no picture's text may hold, whatever a name has in it."""
    cleaned: dict[str, Any] = json.loads(_CONTROLS.sub("", json.dumps(figure)))
    return cleaned


def _still(browser: DrawingBrowser, figure: dict[str, Any], width: int, key: str, asked_at: float) -> Still:
    meta = figure["layout"]["meta"]
    bare = {"data": figure["data"], "layout": _without_meta(figure["layout"])}
    narrow_layout = {**meta["narrow"]["layout"], "template": figure["layout"]["template"]}
    narrow = {"data": meta["narrow"]["data"], "layout": narrow_layout}
    orders = [_order(bare, width or wide_width(figure)), _order(narrow, NARROW)]
    pictures = [
        _picture(raw, f"{letter}{key[:6]}-") for letter, raw in zip("wn", browser.draw(orders, asked_at), strict=True)
    ]
    return Still(pictures[0], pictures[1], shows_below(figure))


def _order(figure: dict[str, Any], width: int) -> Order:
    return Order(figure, width, int(figure["layout"]["height"]))


def _without_meta(layout: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in layout.items() if name != "meta"}


def _picture(raw: bytes, prefix: str) -> Picture:
    drawn = _read(raw)
    names = theme.names()

    def variable(colour: str) -> str:
        return f"var(--{names[colour]})" if colour in names else colour

    return Picture(compact(drawn, variable, prefix), drawn.width, drawn.height)


def _read(raw: bytes) -> shapes.Drawn:
    try:
        return shapes.read(raw)
    except ValueError as error:
        raise UserError("still.failed") from error


def _file(browser: DrawingBrowser, figure: dict[str, Any], kind: Kind, asked_at: float) -> bytes:
    layout = figure["layout"]
    bare = {"data": figure["data"], "layout": _without_meta(layout)}
    order = Order(bare, int(layout["width"]), int(layout["height"]), kind, _SCALE if kind == "png" else 1)
    [raw] = browser.draw([order], asked_at)
    if kind == "png":
        return raw
    drawn = _read(raw)
    size = f' xmlns="http://www.w3.org/2000/svg" width="{drawn.width}" height="{drawn.height}"'
    font = f" font-family='{theme.SANS}'"
    return compact(drawn, str, "f", size + font).encode()
