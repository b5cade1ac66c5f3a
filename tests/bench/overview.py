"""The first visit of the overview on a slow line, against the same four charts as a tutorial builds them.

The pages are loaded in turn in one browser, so that whatever else the machine does falls on all of them.
`python -m tests.bench.overview`
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from tests.bench.serving import get, running
from tests.bench.slow import browsing, until, until_quiet, visit
from tests.bench.targets import Target, tell
from tests.conftest import ROOT, copy_data, served

LOADS = 5
WIDE, NARROW = (1440, 900), (390, 800)
# Of the tutorial's, and for a first visit at all.
RATIOS = {"kb": 0.15, "drawn": 0.25}
FIRST_VISIT = {"kb": 800.0, "requests": 20.0}
ROWS = {
    "requests": "requests",
    "kb": "KB on the wire",
    "lcp": "largest paint, ms",
    "drawn": "all charts drawn, ms",
    "marks": "marks drawn",
}
_WATCH_PAINT = """new PerformanceObserver(list => { window.largestPaint = list.getEntries().at(-1).startTime })
  .observe({type: 'largest-contentful-paint', buffered: true})"""

# The same for every page: milliseconds since the navigation once each of the four graphs holds marks, else nothing.
_DRAWN = """() => {
  const marks = ['channels', 'flow', 'budget', 'growth'].map(id => document.querySelectorAll(['.barlayer .point path[d]',
    '.scatterlayer .point', '.sankey-link[d]'].map(mark => `#chart-${id} ${mark}`).join()).length);
  return marks.every(Boolean) && {at: performance.now(), marks: marks.reduce((sum, each) => sum + each)};
}"""


@dataclass(frozen=True)
class Load:
    """One first visit; times in milliseconds since the navigation."""

    requests: float
    kb: float
    lcp: float
    drawn: float
    marks: float


def load(browser: Browser, address: str, size: tuple[int, int]) -> Load:
    """A visit with nothing kept from before."""
    with visit(browser, f"{address}/", size, _WATCH_PAINT) as (page, wire):
        drawn = until(page, _DRAWN, "not all charts were drawn")
        until_quiet(page, wire)
        paint = page.evaluate("window.largestPaint")
    return Load(wire.asked, wire.size / 1000, paint, drawn["at"], drawn["marks"])


def measured() -> bool:
    """Prints the table and the verdicts; whether every target is held."""
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        data = copy_data(folder / "data")
        with (
            served(data, folder / "cache") as ours,
            running("tests.bench.tutorial", data, stylesheets(folder / "assets")) as tutorial,
            browsing() as browser,
        ):
            pages = {
                "ours": (ours, WIDE),
                "tutorial": (tutorial, WIDE),
                f"ours at {NARROW[0]} px": (ours, NARROW),
            }
            for address in (ours, tutorial):
                get(address)
            loads: dict[str, list[Load]] = {name: [] for name in pages}
            for _ in range(LOADS):
                for name, (address, size) in pages.items():
                    loads[name].append(load(browser, address, size))
    return _tell(loads)


def stylesheets(folder: Path) -> Path:
    """What the tutorial's page has in its assets folder."""
    folder.mkdir(exist_ok=True)
    shutil.copy(ROOT / "assets" / "vendor" / "bootstrap.min.css", folder)
    return folder


def _tell(loads: dict[str, list[Load]]) -> bool:
    print(f"\nFirst visit, slow line: min, median, max of {LOADS} loads; the first two {WIDE[0]} px wide")
    print(f"{'':22}" + "".join(f"{name:>28}" for name in loads))
    for row, label in ROWS.items():
        values = [[getattr(each, row) for each in made] for made in loads.values()]
        print(f"{label:22}" + "".join(f"{_three(each):>28}" for each in values))
    ours, tutorial, narrow = ({row: _median(made, row) for row in ROWS} for made in loads.values())
    ratios = [(row, ours[row] / tutorial[row], most) for row, most in RATIOS.items()]
    visits = [(row, max(ours[row], narrow[row]), most) for row, most in FIRST_VISIT.items()]
    return tell(
        [
            *(Target(f"{ROWS[row]}, ours / tutorial", *held) for row, *held in ratios),
            *(Target(f"{ROWS[row]}, first visit", *held) for row, *held in visits),
        ]
    )


def _three(values: list[float]) -> str:
    return " ".join(f"{each(values):8,.0f}" for each in (min, statistics.median, max))


def _median(made: list[Load], row: str) -> float:
    return statistics.median(getattr(each, row) for each in made)


if __name__ == "__main__":
    sys.exit(not measured())
