"""On the slow line: when the chart is seen, as an embed and as others show it, and what the first touch of it takes.

The pages are loaded in turn in one browser, so that whatever else the machine does falls on all of them.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from dashboard.charts import CHARTS
from dashboard.messages import Language
from tests.bench.embeds import peers
from tests.bench.embeds.addresses import EMBED, figure
from tests.bench.serving import get, raw
from tests.bench.slow import LONGEST, Wire, until, until_quiet, visit
from tests.bench.targets import Target, tell
from tests.bench.wrk import GZIP

OURS = "embed"
OF_STATIC, DASH_OF_OURS, TOUCH_KB = 1.3, 60.0, 460.0
_SIZE = (640, 480)
ROWS = {"requests": "requests", "kb": "KB on the wire", "visible": "chart visible, ms", "marks": "marks"}

# Bars and the legend's swatches, whoever drew them.
_MARKS = ".barlayer .point path, .legendpoints path, svg.w > path[fill], svg.n > path[fill], svg:root > path[fill]"

# The same for every page: a mark has an extent, and the frame that paints it is done.
_WATCH = """(() => {
  const marks = () => [...document.querySelectorAll(MARKS)].filter(each => {
    const box = each.getBoundingClientRect();
    return box.width && box.height;
  });
  const look = () => {
    if (!marks().length) return requestAnimationFrame(look);
    const painted = new MessageChannel();
    painted.port1.onmessage = () => { window.visibleAt = performance.now() };
    painted.port2.postMessage(0);
  };
  requestAnimationFrame(look);
  // A picture may hold several marks in one outline.
  window.marksDrawn = () => marks().reduce((sum, each) => sum + each.getAttribute('d').match(/M/g).length, 0);
  window.moved = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => { window.moved += each.value }))
    .observe({type: 'layout-shift', buffered: true});
})()""".replace("MARKS", repr(_MARKS))

_WATCH_TOUCH = """(() => {
  addEventListener('pointerover', () => { window.touchedAt = performance.now() }, {capture: true, once: true});
  const look = () => {
    if (!document.querySelector('.c.on .barlayer .point path')) return requestAnimationFrame(look);
    const painted = new MessageChannel();
    painted.port1.onmessage = () => { window.answersAt = performance.now() };
    painted.port2.postMessage(0);
  };
  requestAnimationFrame(look);
})()"""


@dataclass(frozen=True)
class Load:
    """One first visit; times in milliseconds since the navigation."""

    requests: float
    kb: float
    visible: float
    marks: float


@dataclass(frozen=True)
class Touch:
    """What a first touch brings, and how long after it the chart answers, in milliseconds; `moved` is the layout shift."""

    requests: float
    kb: float
    milliseconds: float
    moved: float


def measured(ours: str, browser: Browser, folder: Path, loads: int) -> bool:
    """Prints both tables and the verdicts; whether every target is held."""
    made: dict[str, list[Load]] = {}
    touches: list[Touch] = []
    with peers.served(ours, folder) as addresses:
        for address in filter(None, addresses.values()):
            get(address)
        for _ in range(loads):
            load, touch = _ours(ours, browser)
            made.setdefault(OURS, []).append(load)
            touches.append(touch)
            for name, address in addresses.items():
                made.setdefault(name, []).extend([_load(browser, address, name)] if address else [])
    held = _tell(made, loads)
    return _tell_touched(touches, _median(made[peers.PAGE], "visible"), _most_after_touch(ours)) and held


def _ours(ours: str, browser: Browser) -> tuple[Load, Touch]:
    with visit(browser, ours + EMBED, _SIZE, _WATCH, _WATCH_TOUCH, origin=ours) as (page, wire):
        load = _seen(page, wire)
        before = wire.asked, wire.size
        box = page.locator("figure").bounding_box()
        assert box
        high = page.evaluate("document.body.getBoundingClientRect().height")
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        until(page, "window.answersAt", "the chart did not answer the touch")
        until_quiet(page, wire)
        taken = page.evaluate("window.answersAt - window.touchedAt")
        moved = page.evaluate("window.moved") + abs(
            page.evaluate("document.body.getBoundingClientRect().height") - high
        )
    return load, Touch(wire.asked - before[0], (wire.size - before[1]) / 1000, taken, moved)


def _load(browser: Browser, address: str, name: str) -> Load:
    # Streamlit asks its makers' hosts; what they would send is not counted.
    with visit(browser, address, _SIZE, _WATCH, is_alone=name != peers.STREAMLIT) as (page, wire):
        return _seen(page, wire)


def _seen(page: Page, wire: Wire) -> Load:
    visible = until(page, "window.visibleAt", "no mark was drawn")
    until_quiet(page, wire)
    return Load(wire.asked, wire.size / 1000, visible, page.evaluate("window.marksDrawn()"))


def _most_after_touch(ours: str) -> float:
    """KB of the bundle and the figure of the chart that has the largest."""
    page = get(ours + EMBED).text
    bundle = page.partition('data-script="')[2].partition('"')[0]
    figures = [len(raw(ours + figure(chart, language), GZIP)) for chart in CHARTS for language in Language]
    return (len(raw(ours + bundle, GZIP)) + max(figures)) / 1000


def _tell(made: dict[str, list[Load]], loads: int) -> bool:
    print(
        f"\nThe chart {EMBED} on the slow line: median of {loads} loads, {_SIZE[0]} px wide (at most {LONGEST:.0f} s each)"
    )
    print(f"{'':22}" + "".join(f"{name:>20}" for name in made))
    for row, label in ROWS.items():
        told = [f"{_median(each, row):,.1f}" if each else "not installed" for each in made.values()]
        print(f"{label:22}" + "".join(f"{each:>20}" for each in told))
    visible = {name: _median(each, "visible") for name, each in made.items() if each}
    ratios = [f"{value / visible[OURS]:,.2f}" if (value := visible.get(name)) else "" for name in made]
    print(f"{'as late as ours':22}" + "".join(f"{each:>20}" for each in ratios))
    drawn = {_median(each, "marks") for each in made.values() if each}
    return tell(
        [
            Target("visible, embed / static SVG", visible[OURS] / visible[peers.STATIC], OF_STATIC),
            Target("visible, Dash / embed", visible[peers.DASH] / visible[OURS], DASH_OF_OURS, is_least=True),
            Target("numbers of marks that pages differ in", len(drawn) - 1, 0),
        ]
    )


def _tell_touched(touches: list[Touch], page: float, most_kb: float) -> bool:
    taken = _median(touches, "milliseconds")
    print(
        f"\nFrom the first touch, slow line: {_median(touches, 'requests'):.0f} requests; "
        f"answers after {taken:,.0f} ms, {taken / page:.2f} of plotly's page from its beginning"
    )
    return tell(
        [
            Target("KB on the wire", _median(touches, "kb"), TOUCH_KB),
            Target("KB, bundle and the largest figure", most_kb, TOUCH_KB),
            Target("layout shift and change of height", max(each.moved for each in touches), 0),
        ]
    )


def _median(made: list[Load] | list[Touch], row: str) -> float:
    return statistics.median(getattr(each, row) for each in made)
