"""The first visit of the overview on a slow line, against the same four charts as a tutorial builds them; what comes after.

The pages are loaded in turn in one browser, so that whatever else the machine does falls on all of them.
`python -m tests.bench.overview`
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
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
RATIOS = {"kb": 0.11, "drawn": 0.14}
FIRST_VISIT = {"kb": 800.0, "requests": 20.0, "lcp": 1200.0, "shift": 0.02}
# A second visit with what the first one left, and going from page to page on a fast line.
SECOND_KB, MOVED = 60.0, 200.0
PAGES = ["/disclosure", "/requests", "/disputes", "/capacity", "/findings", "/"]
ROWS = {
    "requests": "requests",
    "kb": "KB on the wire",
    "lcp": "largest paint, ms",
    "shift": "layout shift",
    "drawn": "all interactive, ms",
    "marks": "marks drawn",
}
_WATCH_PAINT = """new PerformanceObserver(list => { window.largestPaint = list.getEntries().at(-1).startTime })
  .observe({type: 'largest-contentful-paint', buffered: true});
window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(each => { window.shifted += each.value }))
  .observe({type: 'layout-shift', buffered: true})"""

# The same for every page: milliseconds since the navigation once each of the four graphs holds marks and no still page
# stands in front of them, else nothing.
_DRAWN = """() => {
  if (document.getElementById('first')) return false;
  const marks = ['channels', 'flow', 'budget', 'growth'].map(id => document.querySelectorAll(['.barlayer .point path[d]',
    '.scatterlayer .point', '.sankey-link[d]'].map(mark => `#chart-${id} ${mark}`).join()).length);
  return marks.every(Boolean) && {at: performance.now(), marks: marks.reduce((sum, each) => sum + each)};
}"""


# Until the page is there, with the charts that are in sight, and that is painted.
_MOVE = """path => new Promise(done => {
  const link = [...document.querySelectorAll('nav a')].find(each => each.pathname === path), since = performance.now();
  const title = document.title;
  link.click();
  const look = () => {
    const graphs = [...document.querySelectorAll('main .dash-graph')]
      .filter(each => each.getBoundingClientRect().top < innerHeight);
    const isThere = document.title !== title && graphs.every(each => each.querySelector('.main-svg'));
    if (!isThere) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - since)));
  };
  look();
})"""


@dataclass(frozen=True)
class Load:
    """One first visit; times in milliseconds since the navigation."""

    requests: float
    kb: float
    lcp: float
    shift: float
    drawn: float
    marks: float


def load(browser: Browser, address: str, size: tuple[int, int]) -> Load:
    """A visit with nothing kept from before."""
    with visit(browser, f"{address}/", size, _WATCH_PAINT) as (page, wire):
        drawn = until(page, _DRAWN, "not all charts were drawn")
        until_quiet(page, wire)
        paint, shift = page.evaluate("[window.largestPaint, window.shifted]")
    return Load(wire.asked, wire.size / 1000, paint, shift, drawn["at"], drawn["marks"])


def second_visit(browser: Browser, address: str) -> float:
    """KB of a visit with what the one before has left in the browser."""
    with visit(browser, f"{address}/", WIDE, keeps=True) as (page, wire):
        until(page, _DRAWN, "not all charts were drawn")
        until_quiet(page, wire)
        before = wire.size
        page.goto(f"{address}/", wait_until="commit")
        until(page, _DRAWN, "not all charts were drawn")
        until_quiet(page, wire)
        return (wire.size - before) / 1000


def moved(browser: Browser, address: str) -> list[float]:
    """Milliseconds from a click in the menu to the page that it leads to, each page twice; the document stays the same."""
    with visit(browser, f"{address}/", WIDE, is_slow=False) as (page, wire):
        until(page, _DRAWN, "not all charts were drawn")
        until_quiet(page, wire)
        page.evaluate("window.isTheSame = true")
        taken = [page.evaluate(_MOVE, path) for path in PAGES * 2]
        assert page.evaluate("window.isTheSame"), "a page was loaded anew"
    return taken


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
            _until_pictured(ours)
            loads: dict[str, list[Load]] = {name: [] for name in pages}
            for _ in range(LOADS):
                for name, (address, size) in pages.items():
                    loads[name].append(load(browser, address, size))
            kb, times = second_visit(browser, ours), moved(browser, ours)
    return all([_tell(loads), _tell_after(kb, times)])


def _until_pictured(address: str) -> None:
    """The still pictures are drawn once a snapshot, after the first reader has asked."""
    end = time.monotonic() + 60
    while get(f"{address}/").text.count('class="w"') < 4:
        assert time.monotonic() < end, "the still pictures were not drawn"
        time.sleep(0.2)


def stylesheets(folder: Path) -> Path:
    """What the tutorial's page has in its assets folder."""
    folder.mkdir(exist_ok=True)
    shutil.copy(ROOT / "tests" / "bench" / "bootstrap.min.css", folder)
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


def _tell_after(kb: float, times: list[float]) -> bool:
    print(
        f"\nSecond visit: {kb:.1f} KB. Page to page, fast line: median {statistics.median(times):.0f} ms of {len(times)}"
    )
    return tell(
        [
            Target("KB of a second visit", kb, SECOND_KB),
            Target("page to page, slowest, ms", max(times), MOVED),
        ]
    )


def _three(values: list[float]) -> str:
    digits = 0 if max(values) >= 1 else 3
    return " ".join(f"{each(values):8,.{digits}f}" for each in (min, statistics.median, max))


def _median(made: list[Load], row: str) -> float:
    return statistics.median(getattr(each, row) for each in made)


if __name__ == "__main__":
    sys.exit(not measured())
