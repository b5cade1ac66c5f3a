"""A page in a real browser, watched: what it asked for, what it complained of, what it drew."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

# What a checker finds is looked for once, by turns in the looks there are; with this, everything in every look.
EVERY = "GONGKAI_TEST_EVERY_LOOK" in os.environ

DRAWN = """() => [...document.querySelectorAll('.dash-graph')].every(
  box => { const plot = box.querySelector('.js-plotly-plot'); return plot && plot._fullLayout && plot.querySelector('.main-svg') })
  && !!document.getElementById('content') && !document.getElementById('first')"""

MARKS = """id => {
  const plot = document.querySelector('#chart-' + id + ' .js-plotly-plot') || document.getElementById('chart-' + id);
  return plot._fullData.map(t => ({
    type: t.type, name: t.name, x: t.x && [...t.x], y: t.y && [...t.y], at: t.customdata && [...t.customdata],
    text: t.text && [...[].concat(t.text)], labels: t.node && [...t.node.label],
    values: t.link && [...t.link.value]}));
}"""

LENGTHS = """id => {
  const plot = document.querySelector('#chart-' + id + ' .js-plotly-plot') || document.getElementById('chart-' + id);
  return [...plot.querySelectorAll('.barlayer .point path')].map(p => p.getBBox().width);
}"""


@dataclass
class Watched:
    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def until(self, expression: str, argument: Any = None) -> Any:
        """Polls by `evaluate`, since the page's policy allows no eval inside it."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            value = self.page.evaluate(expression, argument)
            if value:
                return value
            self.page.wait_for_timeout(30)
        raise AssertionError(f"never true: {expression[:200]} on {self.page.url}: {self.complaints}")

    def open(self, address: str) -> Watched:
        self.page.goto(address)
        self.until(DRAWN)
        return self

    def marks(self, chart: str) -> list[dict[str, Any]]:
        marks: list[dict[str, Any]] = self.page.evaluate(MARKS, chart)
        return marks


def watch(browser: Browser, width: int = 1440, height: int = 900, **options: Any) -> Watched:
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    watched = Watched(page)
    page.on("console", lambda m: watched.complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("request", lambda request: watched.requests.append(request.url))
    return watched


def closing(watched: Watched, check: Callable[[Watched], None]) -> None:
    try:
        check(watched)
    finally:
        watched.page.context.close()


# Words of a drawing that meet, or stand over its edge. What is a sign at the end of a word is part of it.
CROWDED = """() => {
  const found = [];
  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
    const id = plot.closest('[id^=chart-]').id, edge = plot.getBoundingClientRect();
    const words = [...plot.querySelectorAll('.main-svg text')].map(t => [t.textContent.trim(), t.getBoundingClientRect(), t])
      .filter(([text, box, t]) => text && box.width && getComputedStyle(t).visibility !== 'hidden' && !t.closest('.hoverlayer'));
    words.forEach(([text, box], place) => {
      if (box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 || box.bottom > edge.bottom + 1)
        found.push([id, 'over the edge', text]);
      words.slice(place + 1).forEach(([other, b]) => {
        const across = Math.min(box.right, b.right) - Math.max(box.left, b.left);
        const down = Math.min(box.bottom, b.bottom) - Math.max(box.top, b.top);
        if (across > 1.5 && down > 4) found.push([id, 'meet', text, other]);
      });
    });
  }
  return found;
}"""
