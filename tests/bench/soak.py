"""An hour of mixed load with two workers and a refresh each five minutes: no request fails, no process grows.

`python -m tests.bench.soak [--minutes 60]`; on a machine that does nothing else. Memory of each process is what it holds for
itself with its share of the rest (Pss), every ten seconds; the browser that draws comes and goes, and is told beside.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import httpx

from dashboard import demo
from dashboard.parts import PAGES
from dashboard.stills import memory
from dashboard.tables.package import Package
from tests.bench.load import Told, readers
from tests.bench.targets import Target, tell
from tests.conftest import ROOT, served

READERS, REST, EVERY, WEIGHED = 12, 0.25, 300.0, 10.0
BODIES, YEARS = 100, (2021, 2023)
_EMBEDS = ("channels", "flow", "trend", "results")
Weights = dict[int, list[tuple[float, int]]]


def measured(minutes: float) -> bool:
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        country = folder / "country"
        demo.write(country, demo.Wishes(BODIES, *YEARS, 7, 0.0), lambda *_: None)
        before = set(memory.tree(os.getpid()))
        with served(country, folder / "cache", workers=2, GONGKAI_API_LIMIT="0") as address:
            httpx.get(f"{address}/healthz", timeout=600).raise_for_status()
            told, weights, refreshes = asyncio.run(_run(address, country, minutes * 60, before))
    return _tell(told, weights, refreshes, minutes)


async def _run(address: str, country: Path, seconds: float, before: set[int]) -> tuple[Told, Weights, list[int]]:
    until, weights, refreshes = time.monotonic() + seconds, defaultdict[int, list[tuple[float, int]]](list), list[int]()
    mixed = _Mixed(address, [report.body for report in Package(country).reports()][:60])
    told, *_ = await asyncio.gather(
        readers(address, mixed, READERS, REST, until),
        _weigh(weights, before, until),
        _refresh(country, refreshes, until),
    )
    return told, weights, refreshes


class _Mixed:
    """Pages with their layouts, embeds, the API, of many bodies; at most what a small server draws in the time."""

    def __init__(self, address: str, bodies: list[str]) -> None:
        self._address, self._bodies = address, bodies

    def __call__(self, chance: random.Random) -> tuple[str, dict[str, str]]:
        body = chance.choice(self._bodies[:4] if chance.random() < 0.8 else self._bodies)
        view = f"body={body}&year={chance.choice((2021, 2022, 2023))}{chance.choice(('', '&lang=en'))}"
        page = f"{chance.choice(tuple(PAGES))}?{view}"
        return chance.choice(
            [
                (page, {}),
                ("/_dash-layout", {"Referer": f"{self._address}{page}"}),
                (f"/embed/{chance.choice(_EMBEDS)}?{view}", {}),
                (f"/api/v1/facts?{view.partition('&lang')[0]}", {}),
                (f"/api/v1/charts/channels.csv?{view}", {}),
                ("/healthz", {}),
            ]
        )


async def _weigh(weights: Weights, before: set[int], until: float) -> None:
    while time.monotonic() < until:
        for process in memory.tree(os.getpid()):
            if process not in before and (held := await asyncio.to_thread(memory.own, process)):
                weights[process].append((time.monotonic(), held))
        await asyncio.sleep(WEIGHED)


async def _refresh(country: Path, codes: list[int], until: float) -> None:
    """Each of something new: the address of a report's document."""
    package = Package(country)
    environment = os.environ | {"GONGKAI_DATA_DIR": str(country)}
    while time.monotonic() + EVERY < until:
        await asyncio.sleep(EVERY)
        reports = package.reports()
        changed = replace(reports[0], url=f"https://www.example.cn/{len(codes)}")
        package.write_group([], [changed, *reports[1:]])
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "dashboard", "refresh", cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )
        codes.append(await process.wait())


def _tell(told: Told, weights: Weights, refreshes: list[int], minutes: float) -> bool:
    """Of the processes that lived through all of it: the mean of the last quarter against that of the second."""
    print(f"\n{minutes:g} minutes, two workers: {len(told.times)} answers, p99 {told.p99:.0f} ms, failed {told.failed}, refreshes {refreshes}")  # fmt: skip
    first = min(taken[0][0] for taken in weights.values())
    span = max(taken[-1][0] for taken in weights.values()) - first
    targets = [Target("requests failed", sum(told.failed.values()), 0), Target("refreshes failed", sum(map(bool, refreshes)), 0)]  # fmt: skip
    for process, taken in sorted(weights.items()):
        if taken[-1][0] - taken[0][0] < 0.9 * span:
            continue
        second, last = (
            statistics.mean([held for at, held in taken if low <= (at - first) / span <= low + 0.25])
            for low in (0.25, 0.75)
        )
        print(f"process {process}: second quarter {second / 1024:.0f} MB, last {last / 1024:.0f} MB")
        targets.append(Target(f"process {process}: last / second quarter", last / second, 1.05))
    return tell(targets)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--minutes", type=float, default=60.0)
    sys.exit(not measured(arguments.parse_args().minutes))
