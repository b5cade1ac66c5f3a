"""How much one file may cost: sizes that are checked before reading, and `run_limited` for the rest.

A published file is foreign data. What can be bounded beforehand (bytes, what an archive unpacks to, cells,
nesting) is checked by the readers against the numbers here; time and memory are bounded from outside, in a
worker process.
"""

from __future__ import annotations

import atexit
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from dashboard.messages import UserError
from dashboard.worker import Broken, Ending, Worker

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 50 * MEGABYTE
MAX_CELLS = 200_000  # of one document; the longest report seen has under 3,000
MAX_NESTED_TABLES = 40
MAX_PAGES = 1_000
SECONDS = 60.0
MEGABYTES = 600
_TASKS_OF_A_WORKER = 500  # then a fresh one, so that fragmented memory goes back

P = ParamSpec("P")
T = TypeVar("T")


def load(path: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """The file's bytes, or UserError if they are more than `limit` or this is no ordinary file; OSError where it
    cannot be read.
    """
    # Opening a pipe would wait for whoever writes to it.
    with os.fdopen(
        os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb"
    ) as file:
        told = os.fstat(file.fileno())
        if not stat.S_ISREG(told.st_mode):
            raise UserError("document.not_a_file")
        check_size(told.st_size, limit)
        content = file.read(limit + 1)
    check_size(len(content), limit)  # it may have grown
    return content


def check_size(size: int, limit: int = MAX_FILE_BYTES) -> None:
    if size > limit:
        raise UserError("document.too_large", size=-(-size // MEGABYTE), limit=limit // MEGABYTE)


def check_cells(count: int) -> None:
    if count > MAX_CELLS:
        raise UserError("document.too_many_cells", limit=MAX_CELLS)


def run_limited(function: Callable[P, T], *args: Any, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> T:
    """`function(*args)` in a worker process: its result, or UserError if it is too slow, too large or breaks.

    `function` stands in an importable module (not `__main__`); arguments go through pickle, and so does the result,
    which is made of plain values and this program's records. `megabytes` is what the call may take on top of the
    worker's own size; where the system has no such limit (Windows) only the clock holds. A worker is reused: a call
    costs under a millisecond, a new worker 0.2 s.
    """
    worker = _take_worker()
    _busy.add(worker)
    try:
        answer = worker.call(function, args, seconds, megabytes)
    except BaseException:
        worker.close()
        raise
    finally:
        _busy.discard(worker)
    _give_back(worker, answer)
    if isinstance(answer, UserError):
        raise answer
    if isinstance(answer, Broken):
        raise UserError("document.not_parsable") from RuntimeError(answer.traceback)
    if isinstance(answer, Ending):
        raise _ended(answer, seconds, megabytes)
    result: T = answer
    return result


def _ended(ending: Ending, seconds: float, megabytes: int) -> UserError:
    if ending is Ending.OVERDUE:
        return UserError("document.too_slow", seconds=f"{seconds:g}")
    if ending is Ending.OUT_OF_MEMORY:
        return UserError("document.too_heavy", megabytes=megabytes)
    if ending is Ending.TOO_DEEP:
        return UserError("document.too_deep")
    # Native code that finds no memory ends the process, and so does native code that trips: one cannot tell which.
    return UserError("document.broke_off", megabytes=megabytes)


_idle: list[Worker] = []
_busy: set[Worker] = set()


def _take_worker() -> Worker:
    with suppress(IndexError):  # several threads may take from the list
        while True:
            worker = _idle.pop()
            if worker.is_alive:
                return worker
            worker.close()
    return Worker()


def _give_back(worker: Worker, answer: object) -> None:
    if (
        worker.tasks < _TASKS_OF_A_WORKER
        and not worker.is_worn
        and answer is not Ending.OVERDUE
        and answer is not Ending.DIED
    ):
        _idle.append(worker)
    else:
        worker.close()


def stop() -> None:
    """Ends the workers, those that are at work too: their calls, in other threads, end with UserError."""
    for worker in list(_busy):
        worker.end()
    with suppress(IndexError):
        while True:
            _idle.pop().close()


def _forget() -> None:
    _idle.clear()
    _busy.clear()


atexit.register(stop)
if hasattr(os, "register_at_fork"):  # a forked process must not share its parent's workers
    os.register_at_fork(after_in_child=_forget)
