"""What the server does by itself: answers a second against ready bytes, and the time a start takes.

Every figure is a ratio to a baseline measured in turn in the same run. `python -m tests.bench.service`
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from tests.bench import wrk
from tests.bench.overview import stylesheets
from tests.bench.serving import get, raw, running
from tests.bench.wrk import GZIP
from tests.conftest import copy_data, served

ROUNDS, STARTS, SECONDS = 3, 5, 3
# File of ready bytes -> the path of the overview's answer that they are a copy of.
ANSWERS = {"layout": "/_dash-layout", "page": "/"}


def measured() -> bool:
    """Prints both tables; there is no target here to miss."""
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        data, cache = copy_data(folder / "data"), folder / "cache"
        with served(data, cache) as ours:
            _rates(ours, folder)
        # Snapshot and compressed assets are there now, as at every start but the first.
        _starts(
            lambda: served(data, cache),
            lambda: running("tests.bench.tutorial", data, stylesheets(folder / "assets")),
        )
    return True


def _rates(ours: str, folder: Path) -> None:
    if not wrk.is_there():
        print(f"\nRequests a second: {wrk.ABSENT}")
        return
    headers = GZIP | {"Referer": f"{ours}/"}
    files = []
    for name, path in ANSWERS.items():
        files.append(folder / name)
        files[-1].write_bytes(raw(f"{ours}{path}", headers))
    with running("tests.bench.ready", *files) as ready:
        print(f"\nRequests a second, one worker, 16 connections: median of {ROUNDS} runs of {SECONDS} s, in turn")
        print(f"{'':22}{'bytes':>10}{'ours':>10}{'ready bytes':>14}{'ratio':>8}")
        for file, (name, path) in zip(files, ANSWERS.items(), strict=True):
            pairs = [(_rate(f"{ours}{path}", headers), _rate(f"{ready}/{name}", headers)) for _ in range(ROUNDS)]
            mine, baseline = (statistics.median(each) for each in zip(*pairs, strict=True))
            size = file.stat().st_size
            print(f"{path:22}{size:>10,}{mine:>10,.0f}{baseline:>14,.0f}{mine / baseline:>8.2f}")


def _rate(address: str, headers: dict[str, str]) -> float:
    run = wrk.run(address, headers, SECONDS)
    assert not run.failed, f"{address}: {run.failed} requests failed"
    return run.rate


def _starts(*servers: Callable[[], AbstractContextManager[str]]) -> None:
    """Seconds from the start of the process to the whole page of `/`, and on to the first layout."""
    taken: list[list[tuple[float, float]]] = [[] for _ in servers]
    for _ in range(STARTS):
        for start, times in zip(servers, taken, strict=True):
            times.append(_start(start))
    print(f"\nFrom start to answer, snapshot and compressed assets ready: median of {STARTS}, seconds")
    print(f"{'':22}{'ours':>10}{'tutorial':>10}{'ratio':>8}")
    for place, label in enumerate(("page", "and its first layout")):
        mine, baseline = (statistics.median(each[place] for each in times) for times in taken)
        print(f"{label:22}{mine:>10.2f}{baseline:>10.2f}{mine / baseline:>8.2f}")


def _start(server: Callable[[], AbstractContextManager[str]]) -> tuple[float, float]:
    start = time.perf_counter()
    with server() as address:
        get(f"{address}/", GZIP)
        page = time.perf_counter() - start
        get(f"{address}/_dash-layout", GZIP | {"Referer": f"{address}/"})
        return page, time.perf_counter() - start


if __name__ == "__main__":
    measured()
