"""Dash's own scripts as one file: an app comes in, what stands at its addresses goes out.

The only reader of Dash's registry of scripts. One file in place of eight spares a browser with six
connections the queue. The parts that Dash loads later (a dropdown, a date picker) are asked for beside it,
so the folder is named by content and all of it may be kept for good.
"""

import hashlib
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from dash import Dash, _dash_renderer, dcc, html
from dash.development.base_component import ComponentRegistry

from dashboard.delivery.assets import media_type
from dashboard.delivery.stored import Cache, Stored

MAIN = "dash.js"

# The first chart would wait one more round trip for it.
_WANTED_AT_ONCE = "async-graph.js"

# plotly.js comes when Dash asks for it. It knows its languages by the names that HTML uses; who wants to know that it has
# come listens for "plotly".
_BEFORE_START = """(function (held) {
  Object.defineProperty(window, "Plotly", { configurable: true, get: function () { return held; }, set: function (come) {
    held = come;
    come.setPlotConfig({ locale: document.documentElement.lang });
    document.dispatchEvent(new Event("plotly"));
  } });
})();"""

# The renderer shows an English word between our first paint and the page; ours stands there instead.
_WAITING = (b'"Loading..."', b"document.documentElement.dataset.loading")

_SOURCE_MAP = b"//# sourceMappingURL="


class Scripts:
    """The scripts of an app whose callbacks are registered: `url` is the one to load, `find` knows all.

    `first` runs before all of them; `leave_out` names component libraries that were imported but whose
    script no page needs.
    """

    def __init__(self, app: Dash, cache: Cache, base: str, first: bytes, leave_out: Collection[str]) -> None:
        files = _files(leave_out)
        at_once = [path for path, is_later in files.items() if not is_later or path.name == _WANTED_AT_ONCE]
        self._later = {path.name: _body(path) for path, is_later in files.items() if is_later}
        main = b"\n".join([first, *map(_body, at_once), *_own(app)])
        self._folder = f"dash.{_digest([main, *self._later.values()])}"
        self._stored = {f"{self._folder}/{MAIN}": Stored.of(main, media_type(MAIN), cache)}
        self.url = f"{base}assets/{self._folder}/{MAIN}"

    def find(self, path: str) -> Stored | None:
        """What stands at a path below /assets/; later parts are compressed when asked for, most never are."""
        folder, _, name = path.partition("/")
        if path not in self._stored and folder == self._folder and name in self._later:
            self._stored[path] = Stored.of(self._later[name], media_type(name), Cache(None))
        return self._stored.get(path)


def _files(leave_out: Collection[str]) -> dict[Path, bool]:
    """Each script once, in the order they must run, and whether it may be loaded later."""
    imported = ComponentRegistry.get_resources("_js_dist", _libraries(leave_out))  # type: ignore[no-untyped-call]  # Dash tells no types
    react = [_in_production(entry) for entry in _dash_renderer._js_dist_dependencies]
    # Dash's own components look for the renderer as they load, so it stands before them.
    entries = [*react, *imported, *_dash_renderer._js_dist, *dcc._js_dist, *html._js_dist]
    files: dict[Path, bool] = {}
    for entry in entries:
        for path in _paths(entry):
            files.setdefault(path, bool(entry.get("async") or entry.get("dynamic")))
    return files


def _libraries(leave_out: Collection[str]) -> list[str]:
    # Dash's own table (33 KB, and 480 KB later) is in no list but Dash's index page, and so not in ours.
    return [name for name in ComponentRegistry.registry if name not in leave_out]


def _in_production(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value["prod"] if isinstance(value, dict) else value for key, value in entry.items()}


def _paths(entry: dict[str, Any]) -> Iterator[Path]:
    folder = Path(str(sys.modules[entry["namespace"]].__file__)).parent
    names = entry.get("relative_package_path", [])
    for name in [names] if isinstance(names, str) else names:
        # 33 KB for browsers that cannot run plotly.js either; what Dash needs of it is `first`.
        if name.endswith(".js") and "polyfill" not in name:
            yield folder / name


def _body(path: Path) -> bytes:
    code, mark, rest = path.read_bytes().rpartition(_SOURCE_MAP)
    # The mark may stand in a string of the code as well; at the end it is a comment of one word.
    body = code if mark and len(rest.split()) == 1 else code + mark + rest
    return body.rstrip().replace(*_WAITING) + b";"


def _own(app: Dash) -> list[bytes]:
    """Clientside callbacks and the start; Dash would write them into the page, where each needs a permit."""
    # Called for what it does besides: it moves the callbacks of plain `@callback` to the app.
    app.csp_hashes()
    return [script.encode() for script in [*app._inline_scripts, _BEFORE_START, app.renderer]]


def _digest(bodies: list[bytes]) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(body).digest() for body in bodies)).hexdigest()[:8]
