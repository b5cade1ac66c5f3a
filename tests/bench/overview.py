"""The first visit of the overview on a slow line, against the same four charts as a tutorial builds them.

Slow: 4 times CPU throttling, 1.6 Mbit/s, 150 ms round trip, gzip alone, no cache. The pages are loaded in turn in one
browser, so that whatever else the machine does falls on all of them. `python -m tests.bench.overview`
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.bench.serving import get, running
from tests.conftest import CHROMIUM, QUIET, ROOT, copy_data, served

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
_LONGEST, _QUIET = 180.0, 0.7

_SLOW: list[tuple[str, dict[str, Any]]] = [
    ("Network.enable", {}),
    ("Network.setCacheDisabled", {"cacheDisabled": True}),
    ("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "gzip"}}),
    (
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 1.6e6 / 8},
    ),
    ("Emulation.setCPUThrottlingRate", {"rate": 4}),
]

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


@dataclass
class _Wire:
    """What the browser asked for and what came, as its network layer counts it."""

    origin: str
    asked: int = 0
    pending: set[str] = field(default_factory=set)
    size: float = 0
    last: float = field(default_factory=time.monotonic)

    def watch(self, session: CDPSession) -> None:
        session.on("Network.requestWillBeSent", self._ask)
        session.on("Network.responseReceived", self._receive)
        session.on("Network.loadingFinished", self._finish)
        session.on("Network.loadingFailed", self._fail)

    def is_quiet(self) -> bool:
        return not self.pending and time.monotonic() - self.last > _QUIET

    def _ask(self, event: dict[str, Any]) -> None:
        address: str = event["request"]["url"]
        if address.startswith(("data:", "blob:")):
            return
        assert address.startswith(self.origin), f"asks another host: {address}"
        self.asked += 1
        self.pending.add(event["requestId"])
        self.last = time.monotonic()

    def _receive(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        assert headers.get("content-encoding", "gzip") == "gzip", f"not gzip: {event['response']['url']}"

    def _finish(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.pending:
            self.size += event["encodedDataLength"]
        self._end(event)

    def _fail(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.pending:
            print(f"  a request failed: {event.get('errorText')}", file=sys.stderr)
        self._end(event)

    def _end(self, event: dict[str, Any]) -> None:
        self.pending.discard(event["requestId"])
        self.last = time.monotonic()


def load(browser: Browser, address: str, size: tuple[int, int]) -> Load:
    """A visit with nothing kept from before."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.add_init_script(_WATCH_PAINT)
    session = context.new_cdp_session(page)
    wire = _Wire(address)
    wire.watch(session)
    for command, arguments in _SLOW:
        session.send(command, arguments)
    page.goto(f"{address}/", wait_until="commit", timeout=_LONGEST * 1000)
    drawn = _until_drawn(page)
    # What a page still asks for once its charts stand belongs to the visit, as does a late paint.
    while not wire.is_quiet():
        page.wait_for_timeout(50)
    paint = page.evaluate("window.largestPaint")
    context.close()
    return Load(wire.asked, wire.size / 1000, paint, drawn["at"], drawn["marks"])


def _until_drawn(page: Page) -> dict[str, float]:
    end = time.monotonic() + _LONGEST
    while time.monotonic() < end:
        drawn: dict[str, float] | None = page.evaluate(_DRAWN)
        if drawn:
            return drawn
        page.wait_for_timeout(20)
    raise TimeoutError(f"{page.url}: not all charts were drawn within {_LONGEST:.0f} s")


def measured() -> bool:
    """Prints the table and the verdicts; whether every target is held."""
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        data = copy_data(folder / "data")
        with (
            served(data, folder / "cache") as ours,
            running("tests.bench.tutorial", data, stylesheets(folder / "assets")) as tutorial,
            sync_playwright() as playwright,
        ):
            pages = {
                "ours": (ours, WIDE),
                "tutorial": (tutorial, WIDE),
                f"ours at {NARROW[0]} px": (ours, NARROW),
            }
            for address in (ours, tutorial):
                get(address)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            loads: dict[str, list[Load]] = {name: [] for name in pages}
            for _ in range(LOADS):
                for name, (address, size) in pages.items():
                    loads[name].append(load(browser, address, size))
            browser.close()
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
    verdicts = [
        *((f"{ROWS[row]}, ours / tutorial", ours[row] / tutorial[row], most) for row, most in RATIOS.items()),
        *((f"{ROWS[row]}, first visit", max(ours[row], narrow[row]), most) for row, most in FIRST_VISIT.items()),
    ]
    for label, value, most in verdicts:
        print(f"{label:40}{value:>10.5g}   target <= {most:<6g}{'held' if value <= most else 'MISSED'}")
    return all(value <= most for _, value, most in verdicts)


def _three(values: list[float]) -> str:
    return " ".join(f"{each(values):8,.0f}" for each in (min, statistics.median, max))


def _median(made: list[Load], row: str) -> float:
    return statistics.median(getattr(each, row) for each in made)


if __name__ == "__main__":
    sys.exit(not measured())
