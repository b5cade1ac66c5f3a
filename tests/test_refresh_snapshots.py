"""Snapshots: the same inputs give the same bytes, damage is seen and never shown, what is read is never pulled away."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dashboard import settings
from dashboard.app import create_app
from dashboard.messages import UserError
from dashboard.snapshots import assembly, audit_log, build, inputs, manifest, pointer, releases, store
from dashboard.snapshots.releases import Wish
from dashboard.tables.package import Package
from tests.folders import change_cells, drop_report, folder, set_value

FACTS = "facts/990001-2021.csv"


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "data"))
    return folder(tmp_path / "data", 3, 2018, 2021)


def refreshed(held: Path, value: str) -> str:
    """A refresh after a figure was changed."""
    set_value(held / FACTS, 2, value)
    return build.refresh(settings.load()).name


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a figure": lambda held: set_value(held / FACTS, 2, "77"),
    "a figure of a year that later ones build on": lambda held: set_value(held / "facts/990001-2018.csv", 5, "77"),
    "a figure that the body above compiles": lambda held: set_value(held / "facts/990002-2019.csv", 3, "99999999"),
    "a report less": lambda held: drop_report(held, "990002", 2018),
    "the name of a body": lambda held: change_cells(held / "bodies.csv", 3, {"name": "云峰市"}),
    "the level of a body": lambda held: change_cells(held / "bodies.csv", 3, {"level": "department"}),
    "how many a report compiles": lambda held: change_cells(held / "reports.csv", 2, {"localities": "", "departments": ""}),
    "the date of a report": lambda held: change_cells(held / "reports.csv", 6, {"published": "2019-12-31"}),
    "the edition of a report": lambda held: change_cells(held / "reports.csv", 13, {"edition": "2019"}),
    "nothing but the order": lambda held: reversed_lines(held / "reports.csv"),
}  # fmt: skip


def reversed_lines(path: Path) -> None:
    first, *others = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([first, *reversed(others)]), "utf-8")


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_taken_over_changes_no_byte(held: Path, tmp_path: Path, change: str) -> None:
    build.refresh(settings.load())
    CHANGES[change](held)
    after = assembly.make(held, held / "snapshots")
    anew = assembly.make(held, tmp_path / "elsewhere")
    assert after.is_new
    assert after.manifest.files == anew.manifest.files
    assert after.manifest.hash == anew.manifest.hash


def test_a_new_report_is_the_only_one_read_and_checked(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = held.with_name("whole")
    shutil.copytree(held, whole)
    drop_report(held, "990001", 2021)
    build.refresh(settings.load())
    shutil.rmtree(held / "facts"), shutil.rmtree(held / "mentions")
    shutil.copytree(whole, held, dirs_exist_ok=True)
    read: list[tuple[str, int]] = []
    real = inputs.read_report
    monkeypatch.setattr(
        inputs, "read_report", lambda package, report, found: (read.append((report.body, report.year)), real(package, report, found))[1]
    )  # fmt: skip
    checked: list[int] = []
    build.run(settings.load(), tell=lambda done, total: checked.append(total))
    assert read == [("990001", 2021)]
    assert checked == [2, 2]  # itself, and the report of the body above that compiles it


def test_the_program_is_part_of_the_hash(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build.refresh(settings.load()).manifest
    monkeypatch.setattr(inputs, "program", lambda: "another")
    second = build.refresh(settings.load()).manifest
    assert first.hash != second.hash
    assert first.files == second.files


def test_the_manifest_tells_every_file_and_input(held: Path) -> None:
    snapshot = build.refresh(settings.load())
    assert {path.name for path in snapshot.folder.iterdir()} == {*snapshot.manifest.files, manifest.FILE}
    for file, digest in snapshot.manifest.files.items():
        assert manifest.hash_of(snapshot.folder / file) == digest
    assert len(snapshot.manifest.inputs) == 2 + 2 * 12
    assert all(manifest.hash_of(held / path) == digest for path, digest in snapshot.manifest.inputs.items())


FILES = ["facts.parquet", "bodies.parquet", "evidence.parquet", manifest.FILE]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", [flip, Path.unlink])
def test_a_damaged_snapshot_is_never_shown(held: Path, file: str, damage: Callable[[Path], None]) -> None:
    good = refreshed(held, "11")
    bad = refreshed(held, "12")
    serving = store.Live(held / "snapshots")
    assert serving.snapshot().name == bad
    damage(held / "snapshots" / bad / file)
    starting = store.Live(held / "snapshots")
    if file == manifest.FILE and damage is flip:  # a flipped digit of a count is not seen, any other byte is
        pytest.skip("the manifest is no table; what it says of the tables is held against them")
    assert starting.snapshot().name == good
    assert starting.problem
    assert bad in str(starting.problem)
    assert serving.snapshot().name == bad  # it read the whole one, and still has it
    state = build.state(settings.load())
    assert state.problem
    mended = build.refresh(settings.load())
    assert mended.name != bad
    assert (starting.snapshot().name, starting.problem) == (mended.name, None)


def test_a_damaged_manifest_does_not_open(held: Path) -> None:
    name = refreshed(held, "11")
    path = held / "snapshots" / name / manifest.FILE
    whole = path.read_text("utf-8")
    told = json.loads(whole)
    for broken in (whole[:-20], "", "[]", json.dumps(told | {"files": {}}), json.dumps(told | {"layout": "other"})):
        path.write_text(broken, "utf-8")
        with pytest.raises(UserError):
            store.open_snapshot(held / "snapshots", name)


@pytest.mark.parametrize(
    "content", ['{"snap', "", "null", "[]", '{"snapshot": "../.."}', '{"snapshot": "gone"}', "\0" * 9]
)
def test_a_live_file_that_is_garbage_shows_the_last_good_one(held: Path, content: str, tmp_path: Path) -> None:
    refreshed(held, "11")
    last = refreshed(held, "12")
    with TestClient(create_app(settings.load())) as client:
        told = client.get("/healthz").json()
        assert (told["status"], told["snapshot"]) == ("ok", last)
        (held / "snapshots" / "live.json").write_text(content, "utf-8")
        for asked in (client, TestClient(create_app(settings.load()))):
            answer = asked.get("/healthz")
            told = answer.json()
            assert (answer.status_code, told["status"], told["snapshot"]) == (200, "degraded", last)
            assert "gongkai refresh" in told["reason"]
            assert asked.get("/api/v1/facts.csv?body=990001&year=2021").status_code == 200
        assert releases.rollback(settings.load(), last, Wish(by="admin")) == last
        assert client.get("/healthz").json()["status"] == "ok"


def test_only_one_thread_opens_while_the_others_read_the_one_before(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = refreshed(held, "11")
    live = store.Live(held / "snapshots")
    assert live.snapshot().name == first
    second = refreshed(held, "12")
    opening, go_on, opened = threading.Event(), threading.Event(), []
    real = store.open_snapshot

    def slow(folder: Path, name: str, database: str = "") -> store.Snapshot:
        opened.append(name)
        opening.set()
        assert go_on.wait(30)
        return real(folder, name, database)

    monkeypatch.setattr(store, "open_snapshot", slow)
    opener = threading.Thread(target=live.snapshot)
    opener.start()
    assert opening.wait(30)
    assert [live.snapshot().name for _ in range(100)] == [first] * 100
    go_on.set()
    opener.join()
    assert live.snapshot().name == second
    assert opened == [second]


def test_looking_for_what_is_live_reads_no_file_of_it(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refreshed(held, "11")
    live = store.Live(held / "snapshots")
    live.snapshot()
    for module, name in ((manifest, "hash_of"), (manifest, "read"), (pointer, "read")):
        monkeypatch.setattr(module, name, None)
    assert live.snapshot() is live.snapshot()


def test_a_snapshot_that_is_pruned_while_it_is_read_goes_on_being_read(held: Path) -> None:
    read = store.open_snapshot(held / "snapshots", refreshed(held, "11"))
    before = read.engine.facts("990001", [2021]).to_csv()
    read = store.open_snapshot(held / "snapshots", read.name)  # opened, nothing read yet
    for value in ("12", "13", "14"):
        last = refreshed(held, value)
    assert read.name in releases.prune(settings.load(), 1, Wish(), grace=0)
    assert not read.folder.exists()
    assert read.engine.facts("990001", [2021]).to_csv() == before
    assert store.Live(held / "snapshots").snapshot().name == last


def test_prune_keeps_what_is_live_what_was_before_it_and_what_was_until_just_now(held: Path) -> None:
    made = [refreshed(held, str(value)) for value in range(5)]
    set_value(held / FACTS, 2, "99")
    preview = build.preview(settings.load()).name
    assert releases.prune(settings.load(), 0, Wish()) == []  # all of them were live a moment ago
    gone = releases.prune(settings.load(), 0, Wish(by="admin", reason="space"), grace=0)
    assert sorted(gone) == sorted([*made[:3], preview])
    assert sorted(store.names(held / "snapshots")) == sorted(made[3:])
    assert releases.rollback(settings.load(), None, Wish()) == made[3]
    assert audit_log.entries(held)[-2].told["removed"] == gone


def test_a_clock_that_is_put_back_changes_no_order(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        jump = timedelta()

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # the clock stands
            return datetime(2026, 5, 1, tzinfo=UTC) + cls.jump

    for module in (assembly, pointer, releases, audit_log):
        monkeypatch.setattr(module, "datetime", Clock)
    made = []
    for value, years in (("11", 0), ("12", -4), ("13", 3), ("14", -10)):
        Clock.jump = timedelta(days=365 * years)
        made.append(refreshed(held, value))
    assert sorted(made) != made
    assert [each.name for each in releases.listing(settings.load())] == made[::-1]
    assert releases.prune(settings.load(), 1, Wish()) == []  # some ended in what is now the future
    assert sorted(releases.prune(settings.load(), 1, Wish(), grace=-(10**7))) == sorted(made[:2])
    assert releases.rollback(settings.load(), None, Wish()) == made[2]
    assert releases.rollback(settings.load(), None, Wish()) == made[3]
    assert audit_log.verify(held).broken is None


def test_the_same_moment_gives_no_name_twice(held: Path) -> None:
    name = refreshed(held, "11")
    flip(held / "snapshots" / name / "facts.parquet")
    again = build.refresh(settings.load()).name
    assert again != name
    assert again.rpartition("-")[2] == name.rpartition("-")[2]


def test_only_what_has_been_live_is_published(held: Path) -> None:
    snapshots = held / "snapshots"
    first = refreshed(held, "11")
    set_value(held / FACTS, 2, "12")
    preview = build.preview(settings.load()).name
    assert [store.is_published(snapshots, each) for each in (first, preview)] == [True, False]
    with pytest.raises(UserError) as told:
        releases.rollback(settings.load(), preview, Wish())
    assert told.value.message_id == "rollback.never_live"
    releases.publish(settings.load(), preview, Wish())
    assert store.is_published(snapshots, preview)
    for path in ("", ".", "..", "../data", "published", f"../snapshots/{first}", "x"):
        assert not store.is_published(snapshots, path)


def test_a_live_file_of_an_earlier_version_counts_and_can_be_gone_back_to(held: Path) -> None:
    first = refreshed(held, "11")
    shutil.rmtree(held / "snapshots" / "published")
    (held / "snapshots" / "live.json").write_text(json.dumps({"snapshot": first}), "utf-8")
    assert store.is_published(held / "snapshots", first)
    refreshed(held, "12")
    assert store.is_published(held / "snapshots", first)
    assert releases.rollback(settings.load(), None, Wish()) == first


def test_a_server_start_publishes_only_where_nothing_can_be_shown(held: Path) -> None:
    build.ensure(settings.load())
    live = store.live_name(held / "snapshots")
    set_value(held / FACTS, 2, "12")
    build.ensure(settings.load())
    (held / "snapshots" / "live.json").write_text("", "utf-8")
    build.ensure(settings.load())
    assert store.names(held / "snapshots") == [live]
    for path in (held / "snapshots").glob("*/manifest.json"):  # as another version would have made it
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"layout": "older"}), "utf-8")
    build.ensure(settings.load())
    assert store.live_name(held / "snapshots") != live


def test_a_report_that_an_ingest_is_writing_is_not_published_half(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = refreshed(held, "11")
    real = Package.facts

    def written_meanwhile(self: Package, body: str, year: int) -> object:
        found = real(self, body, year)
        set_value(held / FACTS, 3, "4711")
        return found

    set_value(held / FACTS, 2, "12")
    monkeypatch.setattr(Package, "facts", written_meanwhile)
    with pytest.raises(UserError) as told:
        build.refresh(settings.load())
    assert told.value.message_id == "data.being_written"
    assert store.live_name(held / "snapshots") == live
    assert store.names(held / "snapshots") == [live]
