"""What is published is made ready before it is shown, and what was shown before it can be taken back to at once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dashboard import settings, web_pages
from dashboard.app import create_app
from dashboard.delivery import Address
from dashboard.made_once import Made, MadeOnce
from dashboard.site import Asked, Site
from dashboard.snapshots import build, releases, store
from dashboard.snapshots.releases import Wish
from dashboard.snapshots.store import Live, Snapshot
from tests.folders import folder, set_value

BODY, YEAR = "990001", 2021
FROM_PAGE = {"referer": f"http://testserver/?body={BODY}&year={YEAR}"}


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "data"))
    held = folder(tmp_path / "data", 2, YEAR - 1, YEAR)
    refreshed(held, "11")
    return held


def refreshed(held: Path, value: str) -> str:
    set_value(held / f"facts/{BODY}-{YEAR}.csv", 2, value)
    return build.refresh(settings.load()).name


@pytest.fixture
def server(held: Path) -> FastAPI:
    return create_app(settings.load())


@pytest.fixture
def client(server: FastAPI) -> Iterator[TestClient]:
    with TestClient(server) as client:
        yield client


def layout(client: TestClient) -> str:
    answer = client.get("/_dash-layout", headers=FROM_PAGE)
    assert answer.status_code == 200
    return answer.text


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("it did not come about")


def test_a_snapshot_is_made_ready_before_it_is_shown(held: Path) -> None:
    live = Live(held / "snapshots")
    first = live.snapshot().name
    seen: list[tuple[str, str]] = []
    live.watch(lambda new: seen.append((new.name, live.snapshot().name)))
    second = refreshed(held, "12")
    until(lambda: live.snapshot().name == second)
    assert seen == [(second, first)]


def test_what_goes_wrong_while_making_ready_keeps_nothing_from_being_shown(
    held: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Snapshot) -> None:
        raise ZeroDivisionError

    live = Live(held / "snapshots")
    live.snapshot()
    live.watch(broken)
    second = refreshed(held, "12")
    until(lambda: live.snapshot().name == second)
    assert "ZeroDivisionError" in caplog.text


def test_layouts_that_readers_ask_for_are_there_when_new_data_is_shown(
    held: Path, server: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = layout(client)
    server.state.live.watch(server.state.make_ready)
    second = refreshed(held, "4321")
    until(lambda: server.state.live.snapshot().name == second)
    monkeypatch.setattr(web_pages, "to_json", None)  # nothing is made from now on
    after = layout(client)
    assert second in after
    assert second not in before


def test_a_layout_made_while_other_data_is_published_is_not_kept(
    held: Path, server: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, published = web_pages.to_json, []

    def slowly(made: object) -> str:
        if not published:
            published.append(refreshed(held, "12"))
        return str(real(made))

    monkeypatch.setattr(web_pages, "to_json", slowly)
    made_meanwhile = layout(client)
    assert published[0] not in made_meanwhile
    assert published[0] in layout(client)


def test_what_was_before_is_taken_back_to_without_being_opened_again(held: Path) -> None:
    live = Live(held / "snapshots")
    first = live.snapshot()
    refreshed(held, "12")
    live.snapshot()
    releases.rollback(settings.load(), None, Wish())
    assert live.snapshot() is first


def test_what_was_before_is_held_against_its_manifest_when_it_is_taken_back_to(held: Path) -> None:
    live = Live(held / "snapshots")
    first = live.snapshot().name
    second = refreshed(held, "12")
    live.snapshot()
    damaged = held / "snapshots" / first / "facts.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-9] + b"damaged!!")
    store.publish(held / "snapshots", first)
    assert live.snapshot().name == second
    assert "facts.parquet" in str(live.problem)


def test_a_view_of_the_snapshot_before_is_no_view_of_the_one_published_while_it_was_made(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(settings.load())
    first, published = site.live.snapshot(), []
    real = site.asked

    def slowly(asked: str) -> Asked:
        found = real(asked)
        if not published:
            published.append(refreshed(held, "12"))
            assert site.live.snapshot().name == published[0]
        return found

    monkeypatch.setattr(site, "asked", slowly)
    assert site.view("/", "").snapshot is first
    assert site.known("/", "") is None
    assert site.view("/", "").snapshot.name == published[0]
    known = site.known("/", "")
    assert known
    assert known.snapshot.name == published[0]


@pytest.mark.parametrize(("lasts", "later", "times"), [(0.0, 0, 2), (2.0, 1, 1), (2.0, 3, 2), (math.inf, 1e9, 1)])
def test_what_is_made_is_kept_as_long_as_it_lasts(
    held: Path, monkeypatch: pytest.MonkeyPatch, lasts: float, later: float, times: int
) -> None:
    """A failure is not kept, what lacks a picture only for a moment."""
    made: list[str] = []
    site, address, now = Site(settings.load()), Address("", "/", ""), [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    counted = MadeOnce[int](8, lambda *_: (made.append(""), Made(len(made), lasts))[1])
    counted.of(site, address)
    now[0] += later
    assert counted.of(site, address).value == times
