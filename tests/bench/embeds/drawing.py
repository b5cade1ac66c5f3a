"""The first request of a chart nobody has drawn yet, the browser being warm, against one picture drawn by kaleido itself."""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import kaleido
import plotly.graph_objects as go

from dashboard import settings
from dashboard.app import create_app
from dashboard.charts import CHARTS, Filters, draw
from dashboard.figures.theme import Theme
from dashboard.messages import Language
from dashboard.snapshots import build
from dashboard.standalone import Embeds
from tests.bench.targets import Target, tell
from tests.conftest import CHROMIUM, ROOT

MOST_MS = 300.0
BODY, YEAR = "640000", 2018
SCRIPT = ROOT / "assets" / "vendor" / "plotly.min.js"


def measured(data: Path, folder: Path) -> bool:
    """Prints the table and the verdict; whether the target is held."""
    held = replace(settings.load({}), data_dir=data, cache_dir=folder / "cache-drawing", browser=CHROMIUM)
    snapshot = build.refresh(held)
    embeds = create_app(held).state.embeds
    first: list[float] = []
    alone: list[float] = []
    with to_image() as picture:
        _wake(embeds, picture)
        for language, chart in product(Language, CHARTS):
            first.append(_taken(embeds.answer, f"/embed/{chart}", f"lang={language}"))
            drawn = draw(snapshot, chart, Filters(BODY, YEAR, language, Theme.LIGHT)).figure
            alone += [_taken(picture, drawn)] if drawn else []
    embeds.stills.close()
    return _tell(first, alone)


@contextmanager
def to_image() -> Iterator[Callable[[dict[str, Any]], bytes]]:
    """Plotly's own way from a figure to an SVG, its server running."""
    kaleido.start_sync_server(n=1, path=CHROMIUM, plotlyjs=str(SCRIPT), mathjax=False)
    try:
        with warnings.catch_warnings(
            action="ignore", category=UserWarning
        ):  # of each picture: options are the server's
            yield lambda figure: go.Figure(figure).to_image("svg")
    finally:
        kaleido.stop_sync_server()


def _wake(embeds: Embeds, picture: Callable[[dict[str, Any]], bytes]) -> None:
    """Both browsers have drawn, and what Python loads late is loaded; none of the charts is drawn."""
    layout = {"width": 640, "height": 300}
    embeds.stills.file({"data": [{"type": "bar", "y": [1, 2]}], "layout": layout}, "svg")
    picture({"data": [{"type": "bar", "y": [1, 2]}], "layout": layout})
    draw(embeds.site.snapshot(), "filed", Filters(BODY, YEAR, Language.ZH, Theme.DARK))


def _taken(call: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    call(*arguments)
    return (time.perf_counter() - start) * 1000


def _tell(first: list[float], alone: list[float]) -> bool:
    print(f"\nFirst request of {len(first)} embeds, none drawn before, the browser warm: on the server, ms")
    print(f"{'':32}{'median':>10}{'95th percentile':>18}{'longest':>10}")
    for name, times in (("embed, two pictures, whole page", first), ("kaleido's to_image, one picture", alone)):
        print(f"{name:32}{statistics.median(times):>10.0f}{_p95(times):>18.0f}{max(times):>10.0f}")
    print(f"{'embed / to_image':32}{statistics.median(first) / statistics.median(alone):>10.2f}")
    return tell([Target("first request, median ms", statistics.median(first), MOST_MS)])


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]
