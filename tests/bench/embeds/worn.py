"""Memory of what draws after 50, 200 and 400 drawings, against kaleido's own server after as many.

Shared pages are counted once (PSS). Ours is a process of Python with its browser; kaleido's is the browser alone, its
Python being ours.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from dashboard import settings
from dashboard.charts import CHARTS, Filters, draw
from dashboard.figures.theme import Theme
from dashboard.messages import Language
from dashboard.snapshots import build
from dashboard.stills import Stills, memory
from tests.bench.embeds.drawing import BODY, YEAR, to_image
from tests.bench.targets import Target, tell
from tests.conftest import CHROMIUM

DRAWINGS = (50, 200, 400)
_WEIGHED_EVERY = 10


def measured(data: Path, folder: Path) -> bool:
    """Prints the table and the verdict; whether the target is held."""
    held = replace(settings.load({}), data_dir=data, cache_dir=folder / "cache-worn", browser=CHROMIUM)
    snapshot = build.refresh(held)
    every = [
        draw(snapshot, chart, Filters(BODY, YEAR, language, Theme.AUTO)).figure
        for chart in CHARTS
        for language in Language
    ]
    figures = [each for each in every if each]
    stills = Stills(held)
    # An embed is two drawings, wide and narrow.
    ours = _weighed(lambda figure: stills.still(figure), figures, 2)
    stills.close()
    with to_image() as picture:
        theirs = _weighed(lambda figure: picture(_bare(figure)), figures, 1)
    return _tell(ours, theirs, held.browser_mb)


def _weighed(make: Callable[[dict[str, Any]], object], figures: list[dict[str, Any]], each: int) -> dict[int, int]:
    """Megabytes after so many drawings, looked at every few."""
    grown: dict[int, int] = {}
    strangers = set(memory.tree(os.getpid()))
    for count, figure in enumerate(_new(figures), 1):
        make(figure)
        drawn = count * each
        if drawn % _WEIGHED_EVERY == 0:
            grown[drawn] = sum(memory.of_tree(process) for process in _started(strangers))
        if drawn >= DRAWINGS[-1]:
            return grown
    raise AssertionError("figures do not end")


def _new(figures: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Without an end, each time another figure to whoever keeps what was drawn."""
    for count, figure in enumerate(itertools.cycle(figures)):
        layout = figure["layout"]
        yield {**figure, "layout": {**layout, "meta": {**layout["meta"], "count": count}}}


def _bare(figure: dict[str, Any]) -> dict[str, Any]:
    return {"data": figure["data"], "layout": {name: of for name, of in figure["layout"].items() if name != "meta"}}


def _started(strangers: set[int]) -> list[int]:
    """The processes nearest to this one that were not there before, to be weighed with all they started."""
    found: list[int] = []
    below: set[int] = set()
    for process in memory.tree(os.getpid()):
        if process not in strangers | below:
            found.append(process)
            below |= set(memory.tree(process))
    return found


def _tell(ours: dict[int, int], theirs: dict[int, int], most: int) -> bool:
    print("\nMemory of what draws, MB")
    print(f"{'drawings':22}" + "".join(f"{count:>8}" for count in DRAWINGS) + f"{'most':>8}")
    for name, grown in (("ours", ours), ("kaleido's server", theirs)):
        print(f"{name:22}" + "".join(f"{grown[count]:>8}" for count in DRAWINGS) + f"{max(grown.values()):>8}")
    ratios = "".join(f"{ours[count] / theirs[count]:>8.2f}" for count in DRAWINGS)
    print(f"{'ours / kaleido':22}{ratios}{max(ours.values()) / max(theirs.values()):>8.2f}")
    return tell([Target("most MB seen, against GONGKAI_BROWSER_MB", max(ours.values()), most)])
