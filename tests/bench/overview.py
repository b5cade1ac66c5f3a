"""The overview's first visit on a slow phone, against the same charts as a tutorial builds them.

Slow: 4 times CPU throttling, 1.6 Mbit/s, 150 ms round trip, gzip alone, no cache. The two pages are loaded in turn,
five times each, in one browser; figures are medians, the ratios hold within the run.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
LOADS = 5
TARGETS = {"KB": 0.15, "drawn": 0.25}
FIRST_VISIT = {"KB": 800.0, "requests": 20.0}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
DRAWN = """ids => ids.every(id => { const box = document.getElementById('chart-' + id); if (!box) return false;
  const plot = box.classList.contains('js-plotly-plot') ? box : box.querySelector('.js-plotly-plot');
  return plot && plot.querySelector('.barlayer path, .scatterlayer path, .sankey-link') })"""
PAINT = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
  .observe({type: 'largest-contentful-paint', buffered: true}))"""
CHARTS = ["channels", "flow", "budget", "growth"]


@dataclass(frozen=True)
class Load:
    """One load: requests, KB on the wire, milliseconds to the largest paint and until all four charts are drawn."""

    requests: float
    KB: float
    LCP: float
    drawn: float


def load(browser: Browser, address: str) -> Load:
    page = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    session = page.context.new_cdp_session(page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    for command, arguments in _slow():
        session.send(command, arguments)
    start = time.monotonic()
    page.goto(address, wait_until="commit", timeout=180_000)
    while not page.evaluate(DRAWN, CHARTS):
        if time.monotonic() - start > 180:
            raise TimeoutError(f"{address}: charts were not drawn within three minutes")
        page.wait_for_timeout(20)
    drawn = (time.monotonic() - start) * 1000
    paint = float(page.evaluate(PAINT))
    page.context.close()
    return Load(len(sizes), sum(sizes) / 1000, paint, drawn)


def _slow() -> list[tuple[str, dict[str, Any]]]:
    bandwidth = 1.6e6 / 8
    return [
        ("Network.enable", {}),
        ("Network.setCacheDisabled", {"cacheDisabled": True}),
        ("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "gzip"}}),
        (
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 150, "downloadThroughput": bandwidth, "uploadThroughput": bandwidth},
        ),
        ("Emulation.setCPUThrottlingRate", {"rate": 4}),
    ]


def main() -> int:
    """Prints the table and the ratios; 1 where a target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        ours, ours_address, first_answer = _ours(Path(folder))
        peer, peer_address = _peer()
        try:
            with sync_playwright() as playwright:
                path = shutil.which("chromium")
                browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
                pairs = [(load(browser, ours_address), load(browser, peer_address)) for _ in range(LOADS)]
                browser.close()
        finally:
            for process in (ours, peer):
                process.terminate()
                process.wait(10)
    print(f"start to first answer, snapshot and compressed assets ready: {first_answer:.2f} s")
    return _tell([pair[0] for pair in pairs], [pair[1] for pair in pairs])


def _ours(folder: Path) -> tuple[subprocess.Popen[str], str, float]:
    """The server, started a second time so that snapshot and compressed assets are there; seconds to its first answer."""
    data = shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("sources", "snapshots"))
    environment = os.environ | {"GONGKAI_DATA_DIR": str(data), "GONGKAI_CACHE_DIR": str(folder / "cache")}
    for _ in range(2):
        start = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "serve", "--port", "0"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        _wait(found[0])
        seconds = time.monotonic() - start
        if _ == 0:
            process.terminate()
            process.wait(10)
    return process, found[0] + "/", seconds


def _peer() -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.bench.tutorial", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/"
    _wait(address)
    return process, address


def _wait(address: str) -> None:
    import httpx

    for _ in range(600):
        try:
            httpx.get(address, timeout=30)
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"no answer at {address}")


def _tell(ours: list[Load], peer: list[Load]) -> int:
    missed = 0
    print(
        f"{'':10}{'ours min':>10}{'median':>10}{'max':>10}{'peer min':>12}{'median':>10}{'max':>10}{'ratio':>9}  target"
    )
    for each in fields(Load):
        mine, theirs = ([getattr(load, each.name) for load in loads] for loads in (ours, peer))
        ratio = statistics.median(mine) / statistics.median(theirs)
        target = TARGETS.get(each.name)
        most = FIRST_VISIT.get(each.name)
        holds = (target is None or ratio <= target) and (most is None or statistics.median(mine) <= most)
        missed += not holds
        cells = [f"{fn(values):10.0f}" for values in (mine, theirs) for fn in (min, statistics.median, max)]
        wanted = f"<= {target}" if target else ""
        wanted += f" and <= {most:.0f}" if target and most else f"<= {most:.0f}" if most else ""
        print(
            f"{each.name:10}{''.join(cells[:3])}  {''.join(cells[3:])}{ratio:9.3f}  {wanted} {'' if holds else 'MISSED'}"
        )
    return 1 if missed else 0
