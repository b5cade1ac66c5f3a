"""A running server with two workers while data are published, rolled back, pruned: no answer fails, none is mixed."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from dashboard import settings
from dashboard.snapshots import build, releases
from dashboard.snapshots.releases import Wish
from tests.conftest import ROOT
from tests.folders import folder, set_value
from tests.programs import serving

FACTS = "facts/990001-2021.csv"
VIEW = "body=990001&year=2021"


@dataclass
class Readers:
    """Asks without a pause and keeps what is wrong; `seen` are the snapshots of the answers, in their order."""

    address: str
    expected: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        while not self.stop.is_set():
            with httpx.Client(base_url=self.address, timeout=120) as client:  # a connection anew: any worker
                for _ in range(3):
                    self._table(client)
                    self._page(client)

    def _table(self, client: httpx.Client) -> None:
        answer = client.get(f"/api/v1/facts.csv?{VIEW}")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        names = {row["snapshot"] for row in rows}
        if answer.status_code != 200 or len(names) != 1:
            self.faults.append(f"{answer.status_code}: {names}")
            return
        [name] = names
        self.seen.append(name)
        if rows[0]["value"] != self.expected.get(name):
            self.faults.append(f"{name} holds {rows[0]['value']}, not {self.expected.get(name)}")

    def _page(self, client: httpx.Client) -> None:
        answer = client.get("/_dash-layout", headers={"Referer": f"{self.address}/data?{VIEW}"})
        names = set(re.findall(r"2021-\d{8}T\d{6}Z-[0-9a-f]{12}", answer.text))
        if answer.status_code != 200 or len(names) != 1 or not names <= self.expected.keys():
            self.faults.append(f"{answer.status_code}: {names}")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "data"))
    return folder(tmp_path / "data", 2, 2020, 2021)


@pytest.fixture
def address(data: Path, cache: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "dashboard", "serve", "--port", "0", "--workers", "2"]
    # Without a browser no chart is drawn ahead: the machine is left to the readers.
    environment = os.environ | {"GONGKAI_CACHE_DIR": str(cache), "GONGKAI_BROWSER": str(cache / "none")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found
    yield found[0]
    process.terminate()
    process.wait(120)


def shown(address: str) -> set[str]:
    """What both workers show; each question is a connection of its own."""
    return {httpx.get(f"{address}/healthz", timeout=120).json()["snapshot"] for _ in range(8)}


def until_shown(address: str, name: str) -> None:
    while shown(address) != {name}:
        time.sleep(0.05)


def test_publications_and_rollbacks_are_noticed_without_a_failed_or_mixed_answer(data: Path, address: str) -> None:
    set_value(data / FACTS, 2, "1000")
    first = build.refresh(settings.load()).name
    until_shown(address, first)
    readers = Readers(address, {first: "1000"})
    threads = [threading.Thread(target=readers.read) for _ in range(2)]
    for each in threads:
        each.start()
    try:
        for value in ("2000", "3000"):
            set_value(data / FACTS, 2, value)
            prepared = build.preview(settings.load()).name
            readers.expected[prepared] = value
            releases.publish(settings.load(), prepared, Wish())
            until_shown(address, prepared)
        back = releases.rollback(settings.load(), None, Wish())
        until_shown(address, back)
        releases.prune(settings.load(), 0, Wish(), grace=0)
        until_shown(address, back)
    finally:
        readers.stop.set()
        for each in threads:
            each.join()
    assert readers.faults == []
    assert set(readers.seen) == set(readers.expected)


def test_a_server_starts_on_the_last_good_snapshot_and_says_so(data: Path, request: pytest.FixtureRequest) -> None:
    good = build.refresh(settings.load()).name
    set_value(data / FACTS, 2, "2000")
    bad = build.refresh(settings.load()).name
    (data / "snapshots" / bad / "facts.parquet").unlink()
    address = request.getfixturevalue("address")
    told = httpx.get(f"{address}/healthz", timeout=120).json()
    assert (told["status"], told["snapshot"]) == ("degraded", good)
    assert "facts.parquet" in told["reason"]
    mended = build.refresh(settings.load()).name
    until_shown(address, mended)
    assert httpx.get(f"{address}/healthz", timeout=120).json()["status"] == "ok"


def test_two_servers_on_one_folder_show_what_either_publishes(tmp_path: Path, cache: Path) -> None:
    data = folder(tmp_path / "data", 2, 2020, 2021)
    with serving(data, cache) as one, serving(data, cache) as other:
        before = [each.get("/healthz").json()["snapshot"] for each in (one, other)]
        assert before[0] == before[1]
        set_value(data / FACTS, 3, "4321")
        name = build.refresh(replace(settings.load(), data_dir=data)).name
        for each in (one, other):
            assert each.get("/healthz").json()["snapshot"] == name != before[0]
            rows = list(csv.DictReader(io.StringIO(each.get(f"/api/v1/facts.csv?{VIEW}").text)))
            assert {row["snapshot"] for row in rows} == {name}
            assert rows[1]["value"] == "4321"
