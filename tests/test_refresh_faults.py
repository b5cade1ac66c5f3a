"""Refreshes that are killed, find the disk full or the folder locked, in real processes: what is live stays as it was.

`GONGKAI_TEST_KILLS` (default 10) tells how many are killed at a moment by chance; see docs/testing.md.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import settings
from dashboard.messages import Language, UserError
from dashboard.snapshots import audit_log, build, pieces, releases, store
from dashboard.snapshots.releases import Wish
from tests.conftest import ROOT
from tests.folders import folder, set_value

KILLS = int(os.environ.get("GONGKAI_TEST_KILLS", "10"))
FACTS = "facts/990001-2021.csv"


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "data"))
    return folder(tmp_path / "data", 2, 2020, 2021)


def gongkai(data: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard", *arguments], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=os.environ | {"GONGKAI_DATA_DIR": str(data), "GONGKAI_LANGUAGE": "en"},
    )  # fmt: skip


def left(data: Path) -> list[str]:
    """What nobody has cleared."""
    return sorted(path.name for path in (data / "snapshots").rglob(".*") if path.name != ".refresh.lock")


def test_a_kill_at_any_moment_leaves_what_is_live_whole(tmp_path: Path) -> None:
    held = folder(tmp_path / "data", 2, 2020, 2021)
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed", str(held), str(KILLS), "7"], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["faults"] == []
    assert told["killed"] > KILLS / 2
    # A refresh writes a file a table, manifest, marker, log, live.json, and syncs and renames most of them.
    assert told["steps"]["refresh"] > 20
    assert min(told["steps"].values()) > 5


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here; the limit of a file's size is tried in its place")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk_leaves_what_is_live_as_it_was(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = folder(small_disk / "data", 2, 2020, 2021)
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(data))
    live = build.refresh(settings.load()).name
    set_value(data / FACTS, 2, "4711")
    refused = 0
    for kilobytes in range(0, 640, 8):
        filler = small_disk / "filler"
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        filler.write_bytes(bytes(max(free - kilobytes * 1024, 0)))
        problem = refusal()
        filler.unlink()
        if problem:
            assert problem.message_id == "table.not_writable"
            assert "space" in problem.say(Language.EN)
            refused += 1
        assert audit_log.verify(data).broken is None
        assert store.Live(data / "snapshots").snapshot().name == store.live_name(data / "snapshots")
        if store.live_name(data / "snapshots") != live:
            break
    assert refused > 5
    assert store.live_name(data / "snapshots") != live  # once there was room enough
    with releases.alone(settings.load()):
        assert left(data) == []


def refusal() -> UserError | None:
    try:
        build.refresh(settings.load())
    except UserError as problem:
        return problem
    return None


def test_a_helping_process_that_is_ended_from_outside_is_told(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = build.refresh(settings.load()).name
    set_value(held / FACTS, 2, "4711")
    with monkeypatch.context() as patched:
        patched.setattr(pieces, "_ALONE", 0)
        patched.setattr(pieces, "_prepare", ended)
        problem = refusal()
    assert problem and problem.message_id == "refresh.process_ended"
    assert store.live_name(held / "snapshots") == live
    assert build.refresh(settings.load()).name != live
    assert left(held) == []


def ended(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("most", [0, 100, 2000, 8000])
def test_files_that_may_not_grow_leave_what_is_live_as_it_was(held: Path, most: int) -> None:
    live = build.refresh(settings.load()).name
    set_value(held / FACTS, 2, "4711")
    limited = subprocess.run(
        [sys.executable, "-m", "dashboard", "refresh"], cwd=ROOT, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )  # fmt: skip
    assert limited.returncode == 1, limited.stderr
    assert "Traceback" not in limited.stderr
    assert store.live_name(held / "snapshots") == live
    assert audit_log.verify(held).broken is None
    assert build.refresh(settings.load()).name != live
    assert left(held) == []


def test_a_folder_that_cannot_be_written_is_told_and_still_shown(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = folder(small_disk / "data", 2, 2020, 2021)
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(data))
    live = build.refresh(settings.load()).name
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    for work in (
        lambda: build.refresh(settings.load()),
        lambda: releases.publish(settings.load(), live, Wish()),
        lambda: releases.prune(settings.load(), 0, Wish()),
    ):
        with pytest.raises(UserError) as told:
            work()
        assert told.value.message_id == "table.not_writable"
        assert "Read-only" in told.value.say(Language.EN)
    build.ensure(settings.load())
    state = build.state(settings.load())
    assert state.shown
    assert (state.shown.name, state.problem, state.is_newer) == (live, None, False)


def test_a_log_that_cannot_be_written_keeps_from_publishing(held: Path) -> None:
    live = build.refresh(settings.load()).name
    set_value(held / FACTS, 2, "4711")
    (held / audit_log.FILE).unlink()
    (held / audit_log.FILE).mkdir()
    with pytest.raises(UserError) as told:
        build.refresh(settings.load())
    assert told.value.message_id == "table.not_writable"
    assert store.live_name(held / "snapshots") == live
    (held / audit_log.FILE).rmdir()
    assert build.refresh(settings.load()).name != live


HOLD = """
import sys
from dashboard import settings
from dashboard.snapshots import releases
with releases.alone(settings.load()):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_refresh_says_that_another_is_at_work(held: Path) -> None:
    live = build.refresh(settings.load()).name
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    set_value(held / FACTS, 2, "4711")
    for arguments in (["refresh"], ["refresh", "--preview"], ["rollback", "--reason", "x"], ["prune", "--keep", "1"]):
        second = gongkai(held, *arguments)
        _, err = second.communicate()
        assert second.returncode == 1
        assert "Another refresh is at work" in err
    assert store.live_name(held / "snapshots") == live
    holder.kill()  # the lock ends with its process
    holder.communicate()
    assert build.refresh(settings.load()).name != live


def test_two_refreshes_at_once_publish_one_snapshot(held: Path) -> None:
    both = [gongkai(held, "refresh", "--by", f"admin {number}") for number in (1, 2)]
    ended = [(*each.communicate(), each.returncode) for each in both]
    assert sorted(code for *_, code in ended) in ([0, 0], [0, 1]), ended
    assert len(store.names(held / "snapshots")) == 1
    assert [each.action for each in audit_log.entries(held)] == ["refresh"]
    assert left(held) == []


APPEND = """
import sys
from pathlib import Path
from dashboard.snapshots import audit_log
for number in range(40):
    audit_log.append(Path(sys.argv[1]), audit_log.Entry(audit_log.Action.PREVIEW, sys.argv[2], reason=str(number)))
"""


def test_two_processes_that_write_the_log_lose_no_line(tmp_path: Path) -> None:
    both = [subprocess.Popen([sys.executable, "-c", APPEND, str(tmp_path), name], cwd=ROOT) for name in ("a", "b")]
    assert [each.wait() for each in both] == [0, 0]
    found = audit_log.verify(tmp_path)
    assert (found.lines, found.broken, found.torn) == (80, None, ())
    for name in ("a", "b"):
        assert [int(each.reason) for each in audit_log.entries(tmp_path) if each.by == name] == list(range(40))
