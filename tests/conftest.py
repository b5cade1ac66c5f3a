"""What several test files share: a data folder to write to, a real server over it, a real browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypotheses
from playwright.sync_api import Browser, sync_playwright
from starlette.testclient import TestClient

from dashboard import settings
from dashboard.charts import CHARTS
from dashboard.snapshots import build
from dashboard.snapshots.store import Snapshot
from tests.batches import data_folder

# How long an example takes is no test: machines are busy at times.
hypotheses.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypotheses.load_profile("untimed")

ROOT = Path(__file__).parents[1]
# Of one body and one year there is nothing to carry over, to hold against each other, or to have a share of.
NEEDS_MORE = {"rates", "carried", "shares", "areas", "shares_years"}
DRAWN = [chart for chart in CHARTS if chart not in NEEDS_MORE]
REAL_REPORT = ROOT.parent / "shared" / "reports" / "ningxia-2018.txt"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


# What the program makes in the data folder of whoever has tried it here.
_MADE = shutil.ignore_patterns("sources", "snapshots", "drafts", "audit.jsonl", "refused.jsonl", ".*")


def copy_data(folder: Path) -> Path:
    """The committed tables alone: no snapshot, no document, no log."""
    return Path(shutil.copytree(ROOT / "data", folder, ignore=_MADE))


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the committed tables, named by the environment."""
    folder = copy_data(tmp_path / "data")
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that holds no report yet and knows one body, named by the environment."""
    folder = data_folder(tmp_path / "data")
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(folder))
    return folder


@contextmanager
def served(data: Path, cache: Path, workers: int = 1, **told: str) -> Iterator[str]:
    """The address of the production server over a data folder; `told` are more of the environment's settings."""
    environment = os.environ | {"GONGKAI_DATA_DIR": str(data), "GONGKAI_CACHE_DIR": str(cache)} | told
    command = [sys.executable, "-m", "dashboard", "serve", "--port", "0", "--workers", str(workers)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    try:
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address, "the server told no address"
        _until_it_answers(process, address[0])
        yield address[0]
    finally:
        process.terminate()
        process.wait(30)


def _until_it_answers(process: subprocess.Popen[str], address: str, seconds: float = 180) -> None:
    """The first start on a machine compresses the assets, which takes longer than a browser waits for a page."""
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=seconds).close()
            return
        except urllib.error.HTTPError:
            return  # it says that it has no data
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.02)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One for all test processes: what one has compressed, the others need not."""
    own = tmp_path_factory.getbasetemp()
    shared = (own if worker_id == "master" else own.parent) / "cache"
    shared.mkdir(exist_ok=True)
    return shared


@pytest.fixture
def own_cache(cache: Path, tmp_path: Path) -> Path:
    """One of the test's own, without a drawing; compressing the assets anew would take most of its time."""
    folder = tmp_path / "cache"
    folder.mkdir()
    for path in cache.iterdir():
        if path.suffix in (".br", ".gz"):
            shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[str]:
    """The dashboard over the committed data."""
    with served(copy_data(tmp_path_factory.mktemp("site") / "data"), cache) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def serve_over(cache: Path) -> Callable[[Path], object]:
    return lambda data: served(data, cache)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_data(tmp_path_factory.mktemp("published") / "data")
    build.refresh(replace(settings.load({}), data_dir=folder))
    return folder


@pytest.fixture(scope="module")
def api(published: Path, cache: Path) -> Iterator[TestClient]:
    from tests.programs import serving

    with serving(published, cache) as client:
        yield client


@pytest.fixture(scope="module")
def snapshot(api: TestClient, published: Path) -> Snapshot:
    return build.refresh(replace(settings.load({}), data_dir=published))
