"""How much one file may cost: sizes that are checked before reading, and `run_limited` for the rest.

A published file is foreign data. What can be bounded beforehand (bytes, what an archive unpacks to, cells,
nesting) is checked by the readers against the numbers here; time and memory are bounded from outside, in a
worker process.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar, cast

from dashboard.messages import UserError

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
    """The file's bytes, or UserError if they are more than `limit`; OSError where it cannot be read."""
    with path.open("rb") as file:
        content = file.read(limit + 1)
    check_size(len(content) if len(content) <= limit else path.stat().st_size, limit)
    return content


def check_size(size: int, limit: int = MAX_FILE_BYTES) -> None:
    if size > limit:
        raise UserError("document.too_large", size=size // MEGABYTE, limit=limit // MEGABYTE)


def check_cells(count: int) -> None:
    if count > MAX_CELLS:
        raise UserError("document.too_many_cells", limit=MAX_CELLS)


def run_limited(function: Callable[P, T], *args: Any, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> T:
    """`function(*args)` in a worker process: its result, or UserError if it is too slow, too large or breaks.

    `function` stands in an importable module (not `__main__`); arguments and result go through pickle.
    `megabytes` is what the call may take on top of the worker's own size; where the system has no such limit
    (Windows) only the clock holds. A worker is reused: a call costs under a millisecond, a new worker 0.2 s.
    """
    worker = _take_worker()
    _busy.add(worker)
    try:
        answer = worker.call((function, args, seconds, megabytes), seconds)
    except BaseException:
        worker.stop()
        raise
    finally:
        _busy.discard(worker)
    _give_back(worker)
    if isinstance(answer, UserError):
        raise answer
    if isinstance(answer, _Broken):
        raise UserError("document.not_parsable") from RuntimeError(answer.traceback)
    result: T = answer
    return result


class _Broken:
    """An exception nobody foresaw, as the worker saw it."""

    def __init__(self, traceback: str) -> None:
        self.traceback = traceback


class _Worker:
    """A child Python that answers one call after another over its standard streams."""

    def __init__(self) -> None:
        # The child must find the same modules: tests and editable installs put them on this process' path.
        start = f"import sys; sys.path[:] = {sys.path!r}; from dashboard.documents import limits; limits.serve()"
        self.process = subprocess.Popen(  # noqa: S603  (our own interpreter)
            [sys.executable, "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the parent, which decides
        )
        self._calls = cast(IO[bytes], self.process.stdin)
        self._answers = cast(IO[bytes], self.process.stdout)
        self.tasks = 0

    def call(self, task: tuple[object, ...], seconds: float) -> Any:
        self.tasks += 1
        overdue = threading.Event()

        def end() -> None:
            overdue.set()
            self.process.kill()

        clock = threading.Timer(seconds, end)
        clock.start()
        try:
            _send(self._calls, task)
            return pickle.load(self._answers)  # noqa: S301  (our own child)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            if overdue.is_set():
                raise UserError("document.too_slow", seconds=f"{seconds:g}") from None
            # Native code that finds no memory ends the process rather than raising.
            raise UserError("document.too_heavy", megabytes=task[3]) from error
        finally:
            clock.cancel()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self._calls, self._answers):
            with suppress(OSError):  # what could not be sent any more
                stream.close()


_idle: list[_Worker] = []
_busy: set[_Worker] = set()


def _take_worker() -> _Worker:
    with suppress(IndexError):  # several threads may take from the list
        while True:
            worker = _idle.pop()
            if worker.process.poll() is None:
                return worker
    return _Worker()


def _give_back(worker: _Worker) -> None:
    if worker.tasks < _TASKS_OF_A_WORKER:
        _idle.append(worker)
    else:
        worker.stop()


def stop() -> None:
    """Ends the workers, those that are at work too: their calls, in other threads, end with UserError."""
    for worker in list(_busy):
        worker.process.kill()
    with suppress(IndexError):
        while True:
            _idle.pop().stop()


def _forget() -> None:
    _idle.clear()
    _busy.clear()


atexit.register(stop)
if hasattr(os, "register_at_fork"):  # a forked process must not share its parent's workers
    os.register_at_fork(after_in_child=_forget)


def _send(stream: IO[bytes], message: object) -> None:
    stream.write(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))
    stream.flush()


def serve() -> None:
    """The worker's side: calls from standard input, answers to standard output, until the parent ends it."""
    answers = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("wb") as nowhere:  # a library that prints must not end up among the answers
        os.dup2(nowhere.fileno(), 1)
    own_size: int | None = None
    while True:
        try:
            function, args, seconds, megabytes = pickle.load(sys.stdin.buffer)  # noqa: S301  (our own parent)
        except EOFError:
            return
        own_size = own_size or _own_size()
        _limit(own_size + megabytes * MEGABYTE, seconds)
        answer = _answer(function, args, megabytes)
        _limit(None, seconds)
        _send(answers, answer)


def _answer(function: Callable[..., Any], args: tuple[object, ...], megabytes: int) -> Any:
    import traceback

    try:
        return function(*args)
    except UserError as error:
        return error
    except MemoryError:
        return UserError("document.too_heavy", megabytes=megabytes)
    except RecursionError:
        return UserError("document.too_deep")
    except Exception:  # noqa: BLE001  (whatever a damaged file sets off ends here, not in front of a user)
        return _Broken(traceback.format_exc())


def _own_size() -> int:
    """Bytes of address space this process has taken before the first call."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 512 * MEGABYTE


def _limit(address_space: int | None, seconds: float) -> None:
    """Sets the memory limit (None lifts it) and, should the parent be gone, an end to endless work."""
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard if address_space is None else address_space, hard))
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 5, cpu_hard))
