"""Processes that help with a large refresh end with it, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from time import sleep

import pytest

from dashboard import settings
from dashboard.messages import UserError
from dashboard.snapshots import build, pieces, store
from tests.folders import folder, set_value

_SPAWN = multiprocessing.get_context("spawn")


def test_a_process_beside_one_that_is_killed_ends_with_it() -> None:
    here, there = _SPAWN.Pipe(duplex=False)
    refresh = _SPAWN.Process(target=_with_one_beside, args=(there,))
    refresh.start()
    there.close()
    assert here.recv() == "at work"
    refresh.kill()
    refresh.join()
    assert here.poll(60), "it still holds its end of the pipe"
    with pytest.raises(EOFError):
        here.recv()


def _with_one_beside(told: Connection) -> None:
    beside = _SPAWN.Process(target=_works, args=(told,))
    beside.start()
    beside.join()


def _works(told: Connection) -> None:
    pieces._watch_parent()
    told.send("at work")
    sleep(120)


def test_a_process_beside_that_is_ended_from_outside_is_told_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = folder(tmp_path / "data", 2, 2020, 2021)
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(data))
    live = build.refresh(settings.load()).name
    set_value(data / "facts/990001-2021.csv", 2, "4711")
    monkeypatch.setattr(pieces, "_ALONE", 0)
    monkeypatch.setattr(pieces, "_prepare", _ended)
    with pytest.raises(UserError) as refused:
        build.refresh(settings.load())
    assert refused.value.message_id == "refresh.process_ended"
    assert store.live_name(data / "snapshots") == live
    assert [path.name for path in (data / "snapshots").iterdir() if path.name.startswith(".unfinished")] == []
    monkeypatch.undo()
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(data))
    assert build.refresh(settings.load()).name != live


def _ended(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
