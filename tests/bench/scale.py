"""`python -m tests.bench.scale [FACTS ...]`: what a refresh and a server cost with 70 thousand, 700 thousand, 7 million facts.

A synthetic country of each size is written, published and asked; then the largest ten times over is asked, which is
70 million. The exponent tells how cost grows with facts: 1 is in proportion, 0 not at all. Exit code 1 where a target
for the largest country is missed; targets are for 2 cores without other work. Needs 6 GB of disk in the folder for
temporary files, less with smaller sizes.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median, quantiles

from dashboard import demo, settings
from dashboard.charts import CHARTS, Filters, draw
from dashboard.snapshots import manifest, store
from dashboard.snapshots.engine import Engine
from dashboard.tables import finding
from tests.bench import multiplied
from tests.bench.targets import Target, tell
from tests.conftest import served

SIZES = (70_000, 700_000, 7_000_000)
# How many times over the largest country is asked in the end.
_TIMES = 10
# Facts of a body's reports on 2008 to 2025, about.
_A_BODY = 1830
_VIEWS, _QUESTIONS = 24, 60
# Name of a measurement -> the most it may be at the largest size.
TARGETS = {
    "writing the country, s": 120.0, "refresh, s": 90.0, "refresh, MB at most": 1500.0, "server start, s": 2.0,
    "worker, MB": 250.0, "chart cold, ms (p95)": 150.0, "chart warm, ms (p95)": 10.0, "finding a body, ms (p95)": 50.0,
}  # fmt: skip
_PAGE, _RATIO = "page of a body, ms (median)", 1.5
Figures = dict[str, float]


def measured(sizes: tuple[int, ...] = SIZES) -> bool:
    """Prints the table; whether every target is held."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="gongkai-scale-") as folder:
        for size in sizes:
            found[size] = _measured(Path(folder) / str(size), size)
            print(f"{size:,} facts: {found[size]}", file=sys.stderr, flush=True)
        whole = _asked_alone(Path(folder) / str(max(sizes)), Path(folder) / "multiplied")
    _print(found | {max(sizes) * _TIMES: whole})
    largest, smallest = found[max(sizes)], found[min(sizes)]
    targets = [Target(name, largest[name], most) for name, most in TARGETS.items()]
    return tell([*targets, Target("page of a body, largest to smallest", largest[_PAGE] / smallest[_PAGE], _RATIO)])


def _print(found: dict[int, Figures]) -> None:
    sizes = sorted(found)
    print("| | " + " | ".join(f"{found[size]['facts']:,.0f} facts" for size in sizes) + " | exponent |")
    print("|---" * (len(sizes) + 2) + "|")
    for name in found[sizes[0]]:
        told = " | ".join(f"{found[size][name]:,.4g}" if name in found[size] else "–" for size in sizes)
        print(f"| {name} | {told} | {_exponent(name, [found[size] for size in sizes if name in found[size]])} |")


def _exponent(name: str, held: list[Figures]) -> str:
    first, last = held[0], held[-1]
    steps = math.log(last["facts"] / first["facts"])
    return f"{math.log(last[name] / first[name]) / steps:.2f}" if steps and first[name] > 0 < last[name] else "–"


def _asked_alone(country: Path, folder: Path) -> Figures:
    """What the same country many times over costs those who ask."""
    snapshots = country / "snapshots"
    name = store.live_name(snapshots)
    assert name, "the country is published"
    begun = time.monotonic()
    made = multiplied.write(folder / "snapshots", snapshots, name, _TIMES)
    print(f"multiplied in {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    held = manifest.read(folder / "snapshots" / made)
    figures: Figures = {
        "facts": held.facts,
        "bodies": _TIMES * sum(1 for _ in (country / "bodies.csv").open()) - _TIMES,
    }
    figures["snapshot, MB"] = _size(folder / "snapshots" / made)
    return figures | _served(folder) | _asked(folder)


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.iterdir()) / 1e6


def _measured(folder: Path, size: int) -> Figures:
    bodies = max(1, round(size / _A_BODY))
    begun = time.monotonic()
    written = demo.write(folder, demo.Wishes(bodies, 2008, 2025, seed=7, errors=0.02), lambda _done, _total: None)
    figures: Figures = {"facts": written.facts, "bodies": bodies, "writing the country, s": time.monotonic() - begun}
    figures |= _refreshed(folder)
    live = store.live_name(folder / "snapshots")
    assert live, "the country is published"
    figures["snapshot, MB"] = _size(folder / "snapshots" / live)
    figures |= _served(folder)
    figures |= _asked(folder)
    return figures


def _refreshed(folder: Path) -> Figures:
    """The command as an admin gives it; the memory of its processes together, looked at ten times a second."""
    begun = time.monotonic()
    environment = os.environ | {"GONGKAI_DATA_DIR": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "refresh"], env=environment, stdout=subprocess.DEVNULL
    )
    most = _watched(process)
    if process.wait():
        raise SystemExit(f"refresh of {folder} failed")
    return {"refresh, s": time.monotonic() - begun, "refresh, MB at most": most()}


def _watched(process: subprocess.Popen[bytes]) -> Callable[[], float]:
    seen = [0.0]

    def look() -> None:
        while process.poll() is None:
            seen[0] = max(seen[0], sum(_megabytes(each) for each in _family(process.pid)))
            time.sleep(0.1)

    thread = threading.Thread(target=look)
    thread.start()

    def most() -> float:
        thread.join()
        return seen[0]

    return most


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _megabytes(pid: int) -> float:
    """Memory of its own: pages shared with others count in parts."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in told.splitlines() if line.startswith("Pss:")), 0.0)


def _served(folder: Path) -> Figures:
    """Until the first answer about what is live; memory after a page."""
    with tempfile.TemporaryDirectory() as cache:
        with served(folder, Path(cache)):
            pass  # assets are compressed once a machine
        begun = time.monotonic()
        with served(folder, Path(cache)) as address:
            _get(f"{address}/healthz")
            started = time.monotonic() - begun
            _get(f"{address}/_dash-layout", {"Referer": f"{address}/"})
            return {"server start, s": started, "worker, MB": _megabytes(_serving())}


def _serving() -> int:
    """The process of ours that serves."""
    return next(child for child in _family(os.getpid()) if "dashboard serve" in _command(Path(f"/proc/{child}")))


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def _get(address: str, headers: dict[str, str] | None = None) -> bytes:
    for _ in range(600):
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers=headers or {}), timeout=60) as answer:
                return bytes(answer.read())
        except urllib.error.URLError:
            time.sleep(0.05)
    raise SystemExit(f"{address} does not answer")


def _asked(folder: Path) -> Figures:
    """In a process of its own, as fresh as a worker."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.scale", "--ask", str(folder)], check=True, capture_output=True, text=True
    )
    figures: Figures = json.loads(told.stdout.splitlines()[-1])
    return figures


def ask(folder: Path) -> Figures:
    """Charts of views that nobody has looked at, then the same again; pages; words."""
    from dashboard.app import content
    from dashboard.site import Site

    held = replace(settings.load({}), data_dir=folder)
    site, random = Site(held), Random(7)
    snapshot = site.snapshot()
    reports = [(row[0], row[1]) for row in snapshot.engine.rows("reports")]
    views = [Filters(body, year) for body, year in random.sample(reports, min(_VIEWS, len(reports)))]
    draw(snapshot, "channels", Filters(*reports[0]))  # what a first drawing imports
    cold, warm = [], []
    for view in views:  # what is kept of drawings is bounded: each view again before the next
        for times in (cold, warm):
            times += [_times(lambda c=chart, v=view: draw(snapshot, c, v)) for chart in CHARTS]
    pages = [
        _times(lambda b=body, y=year: content(site, "/", f"?body={b}&year={y}"))
        for body, year in random.sample(reports, min(_VIEWS, len(reports)))
    ]
    return {
        "chart cold, ms (p95)": _p95(list(cold)), "chart warm, ms (p95)": _p95(list(warm)), _PAGE: median(pages),
        "finding a body, ms (p95)": _p95(list(_found(snapshot.engine, random))),
    }  # fmt: skip


def _found(engine: Engine, random: Random) -> Iterator[float]:
    """The beginning, the middle and the initials of names."""
    names = [row[1] for row in engine.rows("bodies")]
    for name in random.sample(names, min(_QUESTIONS, len(names))):
        for words in (name[:2], name[2:5], name[:1]):
            yield _times(lambda w=words: engine.listing_of(engine.found(finding.plain(w), 12, {"reports": 1})))


def _times(what: Callable[[], object]) -> float:
    begun = time.perf_counter()
    what()
    return (time.perf_counter() - begun) * 1000


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        print(json.dumps(ask(Path(sys.argv[2]))))
        sys.exit(0)
    sys.exit(not measured(tuple(int(each) for each in sys.argv[1:]) or SIZES))
