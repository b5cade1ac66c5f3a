"""A child process that answers one call after another, within limits of time and memory, and outlives nobody.

A function and its arguments go in, its result comes out or how it ended otherwise. Knows nothing of documents.
"""

from __future__ import annotations

import importlib
import io
import os
import pickle
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, is_dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import IO, Any, NoReturn, cast

from dashboard.messages import UserError

_MEGABYTE = 1024 * 1024
_LONGEST_ANSWER = 1024 * _MEGABYTE  # a child cannot hold a larger one; a stream without an end is none
_LENGTH = struct.Struct("<Q")
_KEPT = 200 * _MEGABYTE  # beyond the first call's size: libraries that were needed since, words that were remembered
_FAREWELL = 0.5  # seconds for a worker to end what it has started, before it is killed


class Ending(Enum):
    """How a call ends that gives no result."""

    OVERDUE = "overdue"
    OUT_OF_MEMORY = "out of memory"
    TOO_DEEP = "too deep"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Broken:
    """An exception nobody foresaw, as the worker saw it."""

    traceback: str


class Worker:
    """The parent's side. Not for two threads at once, but `end` may be called from any."""

    def __init__(self) -> None:
        self.tasks = 0
        self.is_worn = False  # it keeps more than it should of what it has read
        self._folder = tempfile.mkdtemp(prefix="gongkai-worker-")
        alive, self._life = os.pipe() if os.name == "posix" else (-1, -1)
        # The child must find the same modules: tests and editable installs put them on this process' path.
        start = f"import sys; sys.path[:] = {sys.path!r}; from dashboard import worker; worker.serve({alive}, {self._folder!r})"
        self.process = subprocess.Popen(  # noqa: S603  (our own interpreter)
            [sys.executable, "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the parent, which decides
            pass_fds=(alive,) if alive >= 0 else (),
        )
        if alive >= 0:
            os.close(alive)
        self._calls = cast(IO[bytes], self.process.stdin)
        self._answers = cast(IO[bytes], self.process.stdout)
        self._ending = threading.Lock()

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def call(self, function: Callable[..., Any], args: tuple[Any, ...], seconds: float, megabytes: int | None) -> Any:
        """What the function returns, a UserError it raises, Broken for any other, or an Ending.

        Without `megabytes` only the clock holds: what the call starts would inherit the limits of its process.
        """
        self.tasks += 1
        turn, overdue = threading.Lock(), threading.Event()  # whoever comes first, the answer or the clock

        def stop() -> None:
            if turn.acquire(blocking=False):
                overdue.set()
                self.end()

        clock = threading.Timer(seconds, stop)
        clock.start()
        try:
            _send(self._calls, pickle.dumps((function, args, seconds, megabytes), pickle.HIGHEST_PROTOCOL))
            answer, self.is_worn = _Answers(self._answers).receive()
            return answer if turn.acquire(blocking=False) else Ending.OVERDUE
        except (EOFError, OSError, pickle.UnpicklingError):
            return Ending.OVERDUE if overdue.is_set() or self._spent_its_time() else Ending.DIED
        finally:
            clock.cancel()

    def _spent_its_time(self) -> bool:
        self.end()
        return os.name == "posix" and self.process.returncode == -signal.SIGXCPU

    def end(self) -> None:
        """Ends the process, all it has started, and its files; safe to call again."""
        with self._ending:
            if self._life >= 0:
                os.close(self._life)
                self._life = -1
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(_FAREWELL)
            self.process.kill()
            self.process.wait()
            # Whatever ended the child, it may not have come to end what it had started.
            _end_groups(int(note.suffix[1:]) for note in Path(self._folder).glob(f"{_NOTE}.*"))
            shutil.rmtree(self._folder, ignore_errors=True)

    def close(self) -> None:
        """`end`, and gives back the streams; by the thread that called."""
        self.end()
        for stream in (self._calls, self._answers):
            with suppress(OSError):  # what could not be sent any more
                stream.close()


class _Answers(pickle.Unpickler):
    """Reads records of this program and plain values, and runs nothing: the child has handled foreign data."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def receive(self) -> Any:
        super().__init__(io.BytesIO(_receive(self._stream)))
        return self.load()

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("decimal", "Decimal"):
            return Decimal
        found = getattr(importlib.import_module(module), name, None) if module.startswith("dashboard.") else None
        if isinstance(found, type) and (is_dataclass(found) or issubclass(found, (Enum, UserError))):
            return found
        raise pickle.UnpicklingError(f"no record of this program: {module}.{name}")


def _send(stream: IO[bytes], message: bytes) -> None:
    stream.write(_LENGTH.pack(len(message)))
    stream.write(message)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes:
    """Raises EOFError where the other side is gone, UnpicklingError for more than any answer takes."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    [length] = _LENGTH.unpack(head)
    if length > _LONGEST_ANSWER:
        raise pickle.UnpicklingError(f"{length} bytes")
    message = stream.read(length)
    if len(message) < length:
        raise EOFError
    return message


_NOTE = "group"  # an empty file in the worker's folder, for each process group that it has started


def _end_groups(groups: Iterable[int]) -> None:
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


_groups: set[int] = set()  # process groups that this process has started


def own(group: int) -> None:
    """The process group ends with this process, should this process be ended."""
    _groups.add(group)
    Path(tempfile.gettempdir(), f"{_NOTE}.{group}").touch()


@contextmanager
def owned(group: int) -> Iterator[None]:
    """`own` for as long as it takes."""
    own(group)
    try:
        yield
    finally:
        _groups.discard(group)
        Path(tempfile.gettempdir(), f"{_NOTE}.{group}").unlink(missing_ok=True)


def serve(alive: int, folder: str) -> None:
    """The worker's side: calls from standard input, answers to standard output, until the parent ends it."""
    tempfile.tempdir = folder  # which the parent removes
    if alive >= 0:
        threading.Thread(target=_end_with_parent, args=(alive,), daemon=True).start()
    answers = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("wb") as nowhere:  # a library that prints must not end up among the answers
        os.dup2(nowhere.fileno(), 1)
    own_size: int | None = None
    while True:
        try:
            call = _receive(sys.stdin.buffer)
        except EOFError:
            _leave()
        function, args, seconds, megabytes = pickle.loads(call)  # noqa: S301  (our own parent)
        del call
        own_size = own_size or _own_size()
        if megabytes is None:
            answer = _answer(function, args)
        else:
            _limit(own_size + megabytes * _MEGABYTE, seconds)
            answer = _answer(function, args)
            _limit(None, seconds)
        del function, args
        is_worn = _own_size() > own_size + _KEPT
        _send(answers, pickle.dumps((answer, is_worn), pickle.HIGHEST_PROTOCOL))


def _end_with_parent(alive: int) -> None:
    """Waits until the parent lets go of the other end, or is gone."""
    try:
        os.read(alive, 1)
    finally:
        _leave()


def _leave() -> NoReturn:
    """Ends this process at once; nothing of it stays behind."""
    try:
        _end_groups(list(_groups))
        shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)
    finally:
        os._exit(1)


def _answer(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    import traceback

    try:
        return function(*args)
    except UserError as error:
        return error
    except MemoryError:
        return Ending.OUT_OF_MEMORY
    except RecursionError:
        return Ending.TOO_DEEP
    except Exception:  # noqa: BLE001  (whatever a damaged file sets off ends here, not in front of a user)
        return Broken(traceback.format_exc())


def _own_size() -> int:
    """Bytes of address space this process has taken before the first call."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 512 * _MEGABYTE


def _limit(address_space: int | None, seconds: float) -> None:
    """Sets the memory limit (None lifts it) and, where even the thread that watches is kept waiting, an end."""
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard if address_space is None else address_space, hard))
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 5, cpu_hard))
