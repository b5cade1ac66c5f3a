"""How much an embed is, and how many requests: every chart in both languages, in a browser that is offered gzip alone."""

from __future__ import annotations

import statistics

from playwright.sync_api import Browser

from tests.bench.embeds.addresses import EVERY
from tests.bench.slow import until_quiet, visit
from tests.bench.targets import Target, tell

_SIZE = (640, 480)
MEDIAN_KB, LARGEST_KB = 6.0, 12.0


def measured(ours: str, browser: Browser) -> bool:
    """Prints the table and the verdicts; whether every target is held."""
    sizes: dict[str, float] = {}
    requests: dict[str, int] = {}
    for path in EVERY:
        with visit(browser, ours + path, _SIZE, origin=ours, is_slow=False) as (page, wire):
            until_quiet(page, wire)
        sizes[path], requests[path] = wire.size / 1000, wire.asked
    largest, smallest = max(sizes, key=sizes.__getitem__), min(sizes, key=sizes.__getitem__)
    print(f"\nSize of {len(EVERY)} embeds, KB of gzip with the headers")
    print(f"smallest {sizes[smallest]:.2f} ({smallest}), largest {sizes[largest]:.2f} ({largest})")
    return tell(
        [
            Target("KB, median", statistics.median(sizes.values()), MEDIAN_KB),
            Target("KB, largest", sizes[largest], LARGEST_KB),
            Target("requests, median", statistics.median(requests.values()), 1),
            Target("requests, most", max(requests.values()), 1),
        ]
    )
