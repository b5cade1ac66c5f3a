"""Ordinary readers while hostile ones ask for what costs most: their 99th percentile, against the same readers in quiet.

`python -m tests.bench.hostile`; on a machine that does nothing else. Both kinds ask the server as it is deployed but for
nginx, whose limits would keep most of it away: what is measured is what the program bears by itself.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

import httpx

from dashboard import demo
from dashboard.parts import PAGES
from tests.bench.load import Told, readers
from tests.bench.targets import Target, tell
from tests.conftest import served

SECONDS, READERS, HOSTILE = 60, 8, 48
BODIES, YEARS = 200, (2021, 2023)
_EMBEDS = ("channels", "flow", "trend", "results")


def measured() -> bool:
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        demo.write(folder / "country", demo.Wishes(BODIES, *YEARS, 7, 0.0), lambda *_: None)
        with served(folder / "country", folder / "cache", workers=2, GONGKAI_API_LIMIT="0") as address:
            view = _view(address)
            ordinary = _Ordinary(address, view)
            asyncio.run(
                readers(address, ordinary, READERS, 0.05, time.monotonic() + 20)
            )  # what is asked for often is ready
            quiet = asyncio.run(readers(address, ordinary, READERS, 0.2, time.monotonic() + SECONDS))
            loaded, hostile = asyncio.run(_both(address, ordinary, _Hostile(address, view)))
    print(f"\nOrdinary readers ({READERS}) in quiet and beside {HOSTILE} hostile ones, {SECONDS} s each, two workers")
    for name, told in (("quiet", quiet), ("beside hostile ones", loaded), ("hostile ones", hostile)):
        print(
            f"{name:24}{len(told.times):>8} answers  p99 {told.p99:>9.1f} ms  refused {told.refused:>6}  failed {told.failed}"
        )
    failed = sum(quiet.failed.values()) + sum(loaded.failed.values())
    return tell([Target("p99 beside hostile ones / in quiet", loaded.p99 / quiet.p99, 3), Target("ordinary requests failed", failed, 0)])  # fmt: skip


async def _both(address: str, ordinary: _Ordinary, hostile: _Hostile) -> tuple[Told, Told]:
    until = time.monotonic() + SECONDS
    told = await asyncio.gather(
        readers(address, ordinary, READERS, 0.2, until),
        readers(address, hostile, HOSTILE, 0, until, may_be_refused=True),
    )
    return told[0], told[1]


def _view(address: str) -> str:
    """Body and year of a report that is there."""
    [row] = httpx.get(f"{address}/api/v1/reports?limit=1", timeout=600).raise_for_status().json()["items"]
    return f"body={row['body']}&year={row['year']}"


class _Ordinary:
    """What most readers look at: the pages and charts of one body, in either language."""

    def __init__(self, address: str, view: str) -> None:
        self._address, self._view = address, view

    def __call__(self, chance: random.Random) -> tuple[str, dict[str, str]]:
        view = f"{self._view}{chance.choice(('', '&lang=en'))}"
        page = f"{chance.choice(tuple(PAGES))}?{view}"
        return chance.choice(
            [
                (page, {}),
                ("/_dash-layout", {"Referer": f"{self._address}{page}"}),
                (f"/embed/{chance.choice(_EMBEDS)}?{view}", {}),
                (f"/api/v1/facts?{self._view}&limit=100", {}),
            ]
        )


class _Hostile:
    """What costs most, never the same twice: layouts, searches, far places of lists, pictures, embeds, garbage."""

    def __init__(self, address: str, view: str) -> None:
        self._address, self._view = address, view

    def __call__(self, chance: random.Random) -> tuple[str, dict[str, str]]:
        once = chance.getrandbits(64)
        page = f"{chance.choice(tuple(PAGES))}?{self._view}&x={once}"
        return chance.choice(
            [
                ("/_dash-layout", {"Referer": f"{self._address}{page}"}),
                (page, {}),
                (f"/bodies?q={once:x}", {}),
                (f"/bodies.json?q={once % 97:x}", {}),
                (f"/api/v1/mentions?limit=1000&offset={once % 20_000}&sort=-value", {}),
                (f"/api/v1/facts.xlsx?year=2022&offset={once % 1000}", {}),
                (f"/api/v1/charts/flow.png?{self._view}&x={once}", {}),
                (f"/embed/flow?{self._view}&x={once}", {}),
                (f"/document?{self._view}&at={once}", {}),
                (f"/{'x' * 7000}", {}),
            ]
        )


if __name__ == "__main__":
    sys.exit(not measured())
