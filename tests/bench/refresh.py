"""Refreshing with people waiting: a new report among many, publish and rollback, a start, and readers meanwhile.

The data folder is made here: 75 invented bodies with a report for each of 18 years. Beside each figure stands a baseline of
the same run: the whole build, a file replaced and kept, a bare FastAPI, readers without a publication.
`python -m tests.bench.refresh`
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from dashboard import settings
from dashboard.settings import Settings
from dashboard.snapshots import durable, releases, store
from dashboard.snapshots.releases import BY_MACHINE
from dashboard.tables.package import Package
from tests import folders
from tests.bench import wrk
from tests.bench.serving import get, running
from tests.bench.targets import Target, tell
from tests.bench.wrk import GZIP
from tests.conftest import ROOT, served

BODIES, FIRST, LAST = 75, 2008, 2025
NEW = ("990074", LAST)
ROUNDS, STARTS = 10, 5
SWITCHES, BETWEEN = 50, 0.7  # publications in a row; seconds between two, so that readers see each of them
PAUSE = 50  # milliseconds that each of the 16 readers rests between two requests
PATHS = [
    "/",
    "/_dash-layout",
    "/embed/channels?body={body}&year={year}&lang=zh",
    "/api/v1/charts/flow.json?body={body}&year={year}",
]
SECONDS, MEGABYTES, PUBLISH, START, TAIL = 5.0, 400.0, 0.3, 2.0, 3.0


@dataclass(frozen=True)
class Ran:
    """A command's time, and the most memory it held."""

    seconds: float
    megabytes: float


def measured() -> bool:
    """Prints the figures; False where a target is missed."""
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        data, cache = folders.folder(folder / "data", BODIES, FIRST, LAST), folder / "cache"
        held = replace(settings.load({}), data_dir=data, cache_dir=cache)
        return all([_refresh(held), _publish(held), _start(held), _under_load(held, folder)])


def _refresh(held: Settings) -> bool:
    """The whole folder but one report, built anew; then that report."""
    package = Package(held.data_dir)
    report = next(each for each in package.reports() if (each.body, each.year) == NEW)
    facts, mentions = package.facts(*NEW), package.mentions(*NEW)
    folders.drop_report(held.data_dir, *NEW)
    whole = _ran(held, "refresh")
    package.write(report, facts, mentions)
    one = _ran(held, "refresh")
    print(f"\nRefreshing {BODIES} bodies, {LAST - FIRST + 1} years, {BODIES * (LAST - FIRST + 1)} reports")
    print(f"{'':22}{'one new':>10}{'all anew':>10}{'ratio':>8}")
    print(f"{'seconds':22}{one.seconds:>10.2f}{whole.seconds:>10.2f}{one.seconds / whole.seconds:>8.3f}")
    print(f"{'MB at most':22}{one.megabytes:>10.0f}{whole.megabytes:>10.0f}{one.megabytes / whole.megabytes:>8.2f}")
    return tell([
        Target("refresh of one new report, seconds", one.seconds, SECONDS),
        Target("refresh of one new report, MB", one.megabytes, MEGABYTES),
    ])  # fmt: skip


def _ran(held: Settings, *command: str) -> Ran:
    environment = os.environ | {"GONGKAI_DATA_DIR": str(held.data_dir)}
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    return Ran(time.perf_counter() - start, used.ru_maxrss / 1024)


def _publish(held: Settings) -> bool:
    """Back and forth between the two, as the admin area does it; a file replaced and kept on the same disk beside it."""
    newer = _newer(held)
    times: dict[str, list[float]] = {"publish": [], "rollback": [], "file": []}
    for _ in range(ROUNDS):
        times["rollback"].append(_timed(lambda: releases.rollback(held, None, BY_MACHINE)))
        times["publish"].append(_timed(lambda: releases.publish(held, newer, BY_MACHINE)))
        times["file"].append(_timed(lambda: durable.replace(held.data_dir / "file", b"x" * 100, ".unfinished-")))
    print(f"\nPublish and rollback: median of {ROUNDS}, seconds; beside it a small file replaced and kept on the disk")
    baseline = statistics.median(times["file"])
    for name in ("publish", "rollback"):
        mine = statistics.median(times[name])
        print(f"{name:22}{mine:>10.4f}{baseline:>10.4f}{mine / baseline:>8.1f}")
    return tell(Target(f"{name}, slowest, seconds", max(times[name]), PUBLISH) for name in ("publish", "rollback"))


def _newer(held: Settings) -> str:
    name = store.live_name(held.snapshots_dir)
    assert name
    return name


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _start(held: Settings) -> bool:
    """From the start of the process to the whole first page, the snapshot being there; a bare FastAPI beside it."""
    with served(held.data_dir, held.cache_dir) as address:  # compresses the assets, once on a machine
        get(f"{address}/", GZIP)
    ours, bare = [], []
    for _ in range(STARTS):
        ours.append(_answered(lambda: served(held.data_dir, held.cache_dir)))
        bare.append(_answered(lambda: running("tests.bench.hello")))
    mine, baseline = statistics.median(ours), statistics.median(bare)
    print(f"\nFrom start to first answer with a ready snapshot: median of {STARTS}, seconds")
    print(f"{'':22}{'ours':>10}{'FastAPI':>10}{'ratio':>8}")
    print(f"{'first page':22}{mine:>10.2f}{baseline:>10.2f}{mine / baseline:>8.2f}")
    return tell([Target("start to first answer, seconds", mine, START)])


def _answered(server: Callable[[], AbstractContextManager[str]]) -> float:
    start = time.perf_counter()
    with server() as address:
        get(f"{address}/", GZIP)
        return time.perf_counter() - start


def _under_load(held: Settings, folder: Path) -> bool:
    """Steady readers on two workers, in quiet and while one publication and rollback follows the other."""
    if not wrk.is_there():
        print(f"\nReaders during publications: {wrk.ABSENT}")
        return True
    paths = [each.format(body=NEW[0], year=LAST - 1) for each in PATHS]
    script, seconds = wrk.in_turn(paths, folder / "script.lua", PAUSE), round(SWITCHES * BETWEEN) + 4
    # All readers are one client here, whom the API would soon send away.
    with served(held.data_dir, held.cache_dir, workers=2, GONGKAI_API_LIMIT="0") as address:
        headers = GZIP | {"Referer": f"{address}/?body={NEW[0]}&year={LAST - 1}"}
        _switched(held, 2, lambda: [get(f"{address}{path}", headers) for path in paths * 8])
        quiet = wrk.run(address, headers, seconds, script)
        slowest = [0.0]
        switching = threading.Thread(target=lambda: slowest.append(_switched(held, SWITCHES, lambda: None)))
        switching.start()
        busy = wrk.run(address, headers, seconds, script)
        switching.join()
    print(f"\n{wrk.CONNECTIONS} readers, two workers, {seconds} s; {SWITCHES} publications and rollbacks in turn")
    print(f"{'':22}{'publishing':>10}{'quiet':>10}{'ratio':>8}")
    for name, mine, baseline in (
        ("answers a second", busy.rate, quiet.rate), ("99 % within, ms", busy.p99, quiet.p99),
        ("slowest, ms", busy.longest, quiet.longest),
    ):  # fmt: skip
        print(f"{name:22}{mine:>10.1f}{baseline:>10.1f}{mine / baseline:>8.2f}")
    print(f"slowest publication meanwhile: {max(slowest):.2f} s")
    return tell([
        Target("requests that failed", busy.failed, 0),
        Target("99 % within, against quiet", busy.p99 / quiet.p99, TAIL),
    ])  # fmt: skip


def _switched(held: Settings, times: int, after: Callable[[], object]) -> float:
    """One publication or rollback after the other, readers being given the time to see each; the slowest one's seconds."""
    newer, slowest = _newer(held), 0.0
    for number in range(times):
        back = number % 2 == 0
        taken = _timed(
            lambda: releases.rollback(held, None, BY_MACHINE) if back else releases.publish(held, newer, BY_MACHINE)  # noqa: B023  # called before the loop goes on
        )
        slowest = max(slowest, taken)
        time.sleep(max(BETWEEN - taken, 0))
        after()
    return slowest


if __name__ == "__main__":
    sys.exit(not measured())
