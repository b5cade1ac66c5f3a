"""Snapshots by way of a real S3-speaking server: published there, followed from there, never shown in part."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard import settings
from dashboard.messages import Language, UserError
from dashboard.settings import Settings
from dashboard.snapshots import build, pointer, releases, shared_store
from dashboard.snapshots.releases import Wish
from dashboard.snapshots.shared_store import Follower
from dashboard.snapshots.store import Live
from tests.conftest import ROOT, copy_data
from tests.folders import change_cells
from tests.programs import serving

WISH = Wish("somebody", "a reason")
SECRET = "opensesame"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    program = ROOT / ".venv" / "store" / "bin" / "python"
    assert program.exists(), "no S3-speaking server: run make .venv/.installed-store"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(urllib.request.Request(f"{address}/gongkai", method="PUT")).close()
                break
            except urllib.error.URLError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory, endpoint: str) -> Settings:
    folder = tmp_path_factory.mktemp("publisher")
    (folder / "keys").write_text(f"gongkai\n{SECRET}\n", "utf-8")
    return replace(
        settings.load({}), data_dir=copy_data(folder / "data"), snapshot_store="s3://gongkai/some/where",
        snapshot_store_endpoint=endpoint, snapshot_store_keys_file=folder / "keys",
    )  # fmt: skip


@pytest.fixture
def replica(publisher: Settings, tmp_path: Path) -> Settings:
    """A server that begins with nothing."""
    (tmp_path / "data" / "snapshots").mkdir(parents=True)
    return replace(publisher, data_dir=tmp_path / "data")


def published(publisher: Settings, name: str) -> str:
    change_cells(publisher.data_dir / "bodies.csv", 2, {"name_en": name})
    return build.refresh(publisher, WISH).name


def shown(one: Settings) -> str:
    return str(Live(one.snapshots_dir).snapshot().engine.body("640000")["name_en"].iloc[0])


def test_a_server_without_tables_shows_what_another_publishes_and_follows_it(
    publisher: Settings, replica: Settings, cache: Path
) -> None:
    first = published(publisher, "Ningxia one")
    more = {each: getattr(replica, each) for each in vars(replica) if each.startswith("snapshot_store")}
    with serving(replica.data_dir, cache, **more) as client:
        assert client.get("/healthz").json()["snapshot"] == first
        second = published(publisher, "Ningxia two")
        follower = Follower(replica)
        follower.look()
        assert client.get("/healthz").json()["snapshot"] == second
        assert "Ningxia two" in client.get("/api/v1/bodies.json?lang=en").text
    for each in (first, second):
        for file in (publisher.snapshots_dir / each).iterdir():
            assert (replica.snapshots_dir / each / file.name).read_bytes() == file.read_bytes()
    assert pointer.read(replica.snapshots_dir) == pointer.read(publisher.snapshots_dir)
    assert {each.snapshot for each in pointer.markers(replica.snapshots_dir)} == {first, second}


def test_where_nothing_has_changed_nothing_is_fetched(
    publisher: Settings, replica: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(publisher, "Ningxia once")
    follower = Follower(replica)
    follower.look()
    monkeypatch.setattr(shared_store, "_fetch", None)
    follower.look()
    assert follower.problem is None
    assert shown(replica) == "Ningxia once"


@pytest.mark.parametrize("language", list(Language))
def test_what_is_damaged_in_the_store_is_not_shown(publisher: Settings, replica: Settings, language: Language) -> None:
    published(publisher, f"Ningxia whole {language}")
    follower = Follower(replica)
    follower.look()
    broken = published(publisher, f"Ningxia broken {language}")
    with shared_store._reached(publisher) as store:
        whole = bytes(store.get(f"{broken}/facts.parquet").bytes())
        store.put(f"{broken}/facts.parquet", whole[:-1] + b"?")
        with pytest.raises(UserError) as refused:
            follower.look()
        assert "facts.parquet" in refused.value.say(language)
        assert follower.problem is refused.value
        assert shown(replica) == f"Ningxia whole {language}"
        assert not (replica.snapshots_dir / broken).exists()
        store.put(f"{broken}/facts.parquet", whole)
    follower.look()
    assert shown(replica) == f"Ningxia broken {language}"


def test_what_is_pruned_where_it_was_published_goes_from_those_who_follow(
    publisher: Settings, replica: Settings
) -> None:
    first, second, third = (published(publisher, f"Ningxia pruned {number}") for number in range(3))
    follower = Follower(replica)
    follower.look()
    assert (replica.snapshots_dir / first).exists()
    assert first in releases.prune(publisher, 1, WISH, grace=0)
    published(publisher, "Ningxia after pruning")
    follower.look()
    held = {path.parent.name for path in replica.snapshots_dir.glob("*/manifest.json")}
    assert first not in held
    assert {second, third} & held


def test_what_the_store_does_not_take_is_not_published(publisher: Settings) -> None:
    published(publisher, "Ningxia before")
    before = pointer.read(publisher.snapshots_dir)
    away = replace(publisher, snapshot_store_endpoint="http://127.0.0.1:1")
    with pytest.raises(UserError) as refused:
        published(away, "Ningxia not taken")
    assert refused.value.message_id == "store.unreachable"
    assert SECRET not in refused.value.say(Language.EN)
    assert pointer.read(publisher.snapshots_dir) == before


def test_who_follows_publishes_nothing(publisher: Settings, replica: Settings) -> None:
    published(publisher, "Ningxia decided elsewhere")
    Follower(replica).look()
    for act in (lambda: releases.rollback(replica, None, WISH), lambda: releases.prune(replica, 1, WISH)):
        with pytest.raises(UserError) as refused:
            act()
        assert refused.value.message_id == "store.follows"


def test_no_host_is_asked_that_nobody_named_and_keys_are_two_lines(publisher: Settings, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        shared_store.push(replace(publisher, snapshot_store_endpoint=""), "any")
    assert refused.value.message_id == "store.no_endpoint"
    (tmp_path / "keys").write_text("one", "utf-8")
    with pytest.raises(UserError) as refused:
        shared_store.push(replace(publisher, snapshot_store_keys_file=tmp_path / "keys"), "any")
    assert refused.value.message_id == "store.no_keys"
