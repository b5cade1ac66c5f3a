"""Processes that help with a large refresh end with it, however it ends."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from time import sleep

import pytest

from dashboard.snapshots import pieces

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
