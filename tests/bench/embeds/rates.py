"""Embeds a second against nginx with the same bytes, and what is lost while data is published: nothing."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from dashboard import settings
from dashboard.schema import Fact
from dashboard.settings import Settings
from dashboard.snapshots import build, store
from dashboard.tables.package import Package
from tests.bench import wrk
from tests.bench.embeds import nginx
from tests.bench.embeds.addresses import CHART, EMBED, EVERY
from tests.bench.serving import get, raw
from tests.bench.targets import Target, tell
from tests.bench.wrk import GZIP, Run
from tests.conftest import copy_data, served

RATE, P99, OF_NGINX = 5000, 10.0, 0.08
ROUNDS, SECONDS = 5, 4
# Under this load, which leaves no core idle, a publish may take its time to be seen; the next one waits for it.
SNAPSHOTS, PAUSE, LOAD = 4, 2.0, 24
_CHANGED = "disclosure.channel."


def measured(data: Path, folder: Path) -> bool:
    """Prints both tables and the verdicts; whether every target is held."""
    if not wrk.is_there():
        print(f"\nEmbeds a second: {wrk.ABSENT}")
        return True
    with served(data, folder / "cache") as ours:
        _warm(ours)
        held = _against_nginx(ours, folder)
    return _while_publishing(folder) and held


def _warm(ours: str) -> None:
    for path in EVERY:
        get(ours + path, GZIP)


def _against_nginx(ours: str, folder: Path) -> bool:
    print(
        f"\nThe embed {EMBED}, one worker, {wrk.CONNECTIONS} connections: median of {ROUNDS} runs of {SECONDS} s, in turn"
    )
    packed = raw(ours + EMBED, GZIP)
    if nginx.found() is None:
        print(f"left out beside it: {nginx.ABSENT}")
        runs = [wrk.run(ours + EMBED, GZIP, SECONDS) for _ in range(ROUNDS)]
        return tell(_targets(runs))
    with nginx.serving(packed, folder / "nginx") as static:
        assert raw(static, GZIP) == packed, "nginx sends other bytes"
        pairs = [(wrk.run(ours + EMBED, GZIP, SECONDS), wrk.run(static, GZIP, SECONDS)) for _ in range(ROUNDS)]
    mine, theirs = (list(each) for each in zip(*pairs, strict=True))
    print(f"{'':22}{'a second':>12}{'99 % within, ms':>18}{'failed':>8}   ({len(packed):,} bytes each)")
    for name, runs in (("ours", mine), ("nginx, gzip_static", theirs)):
        print(f"{name:22}{_rate(runs):>12,.0f}{_p99(runs):>18.2f}{_failed(runs):>8}")
    return tell([*_targets(mine), Target("ours / nginx", _rate(mine) / _rate(theirs), OF_NGINX, is_least=True)])


def _targets(runs: list[Run]) -> list[Target]:
    return [
        Target("embeds a second", _rate(runs), RATE, is_least=True),
        Target("99 % within, ms", _p99(runs), P99),
        Target("failed", _failed(runs), 0),
    ]


def _rate(runs: list[Run]) -> float:
    return statistics.median(each.rate for each in runs)


def _p99(runs: list[Run]) -> float:
    return statistics.median(each.p99 for each in runs)


def _failed(runs: list[Run]) -> int:
    return sum(each.failed for each in runs)


def _while_publishing(folder: Path) -> bool:
    """All embeds in turn, two workers, first in quiet and then while other data is published again and again."""
    held = replace(settings.load({}), data_dir=copy_data(folder / "changing"))
    names = _different(held)
    store.publish(held.snapshots_dir, names[0])
    script = wrk.in_turn(EVERY, folder / "every.lua")
    with served(held.data_dir, folder / "cache", workers=2) as ours:
        for _ in range(2):
            _warm(ours)
        wrk.run(ours, GZIP, 2, script)  # both workers have met every embed
        quiet = wrk.run(ours, GZIP, LOAD, script)
        with _publishing(held, names, ours) as seen_after:
            changing = wrk.run(ours, GZIP, LOAD, script)
    print(
        f"\nAll {len(EVERY)} embeds in turn, two workers, {LOAD} s, {len(seen_after)} publishes of {SNAPSHOTS} snapshots"
    )
    print(f"{'':22}{'a second':>12}{'99 % within, ms':>18}{'longest, ms':>14}{'failed':>8}")
    for name, run in (("in quiet", quiet), ("while publishing", changing)):
        print(f"{name:22}{run.rate:>12,.0f}{run.p99:>18.2f}{run.longest:>14,.0f}{run.failed:>8}")
    print(f"{'publishing / quiet':22}{changing.rate / quiet.rate:>12.2f}")
    print(f"an embed shows it after {statistics.median(seen_after):.1f} s, {max(seen_after):.1f} s at most")
    return tell([Target("failed while publishing", changing.failed, 0)])


def _different(held: Settings) -> list[str]:
    """Snapshots of the same report with other figures in some charts, which are drawn anew for each."""
    package = Package(held.data_dir)
    [report] = package.reports()
    facts, mentions = (read(report.body, report.year) for read in (package.facts, package.mentions))
    names = []
    for step in range(SNAPSHOTS):
        package.write(report, [_raised(each, step) for each in facts], mentions)
        names.append(build.preview(held).name)
    assert len(set(names)) == SNAPSHOTS
    return names


def _raised(fact: Fact, step: int) -> Fact:
    if not fact.indicator.startswith(_CHANGED) or fact.value is None:
        return fact
    return replace(fact, value=fact.value + step)


@contextmanager
def _publishing(held: Settings, names: list[str], ours: str) -> Iterator[list[float]]:
    """Publishes one after the other in the background; fills the list with the seconds until an embed showed each."""
    seen_after: list[float] = []
    is_over = threading.Event()

    def publish() -> None:
        while not is_over.is_set():
            name = names[(len(seen_after) + 1) % len(names)]
            start = time.monotonic()
            store.publish(held.snapshots_dir, name)
            while name not in httpx.get(ours + EMBED, timeout=60).text:
                time.sleep(0.05)
            seen_after.append(time.monotonic() - start)
            is_over.wait(PAUSE - seen_after[-1])

    publisher = threading.Thread(target=publish, name=f"publishing {CHART}")
    publisher.start()
    yield seen_after
    is_over.set()
    publisher.join()
