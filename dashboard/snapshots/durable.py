"""Files that survive a crash, and the lock that one process at a time holds. Knows neither snapshots nor tables.

A file is replaced in one step, and the disk has it before anybody sees it.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dashboard.messages import UserError

try:
    import fcntl
except ImportError:  # Windows has no such lock: there, people see to it that one refresh runs at a time
    fcntl = None  # type: ignore[assignment]  # what stands for a missing module


def replace(path: Path, content: bytes, prefix: str) -> None:
    """Puts a file in its place; a killed process leaves at most one whose name begins with `prefix`."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=prefix)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(0o644)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    keep_names(path.parent)


def keep(path: Path) -> None:
    """The disk has what was written to the file."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep_names(folder: Path) -> None:
    """The disk has the folder's list of names. Where folders cannot be synced (Windows), it comes when it comes."""
    with suppress(OSError):
        keep(folder)


@contextmanager
def locked(path: Path, wait: float = 0) -> Iterator[int]:
    """While it holds, no other process holds it. It ends with its process, however that ends; the file stays.

    The file is open for reading and for adding to its end. Raises UserError where another process still holds it after `wait` seconds.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    except OSError as error:
        raise not_writable(path, error) from error
    try:
        _take(descriptor, path, wait)
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path, wait: float) -> None:
    until = time.monotonic() + wait
    while fcntl is not None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= until:
                raise UserError("refresh.locked", folder=str(path.parent)) from error
            time.sleep(0.02)
        else:
            return


def not_writable(path: Path, error: OSError) -> UserError:
    """What the disk says where a file cannot be written, as a sentence."""
    reason = error.strerror or str(error)
    return UserError("table.not_writable", file=path.name, folder=str(path.parent), reason=reason)
