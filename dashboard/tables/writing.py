"""Files of a data folder replaced all together, by one writer at a time.

A group is staged beside the tables with a journal of where each file belongs; from the moment the journal stands, the
group counts: whoever writes next completes what a killed process left. Before it stands, nothing has changed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from dashboard.messages import UserError

try:
    import fcntl
except ImportError:  # Windows has no such lock: there, people see to it that one ingest runs at a time
    fcntl = None  # type: ignore[assignment]  # what stands for a missing module

LOCK = ".ingest.lock"
_STAGE = ".writing-group"
_JOURNAL, _GONE = "journal.json", "gone.json"
_LEFT_OVER = (".writing-*", "*/.writing-*")


def replace_together(folder: Path, files: Mapping[str, bytes], gone: Sequence[str] = ()) -> None:
    """Replaces or makes `files` (path inside `folder` -> content), in their order, then removes those of `gone` that are
    there; all of it or, when killed early, nothing.
    """
    finish(folder)
    stage = folder / _STAGE
    try:
        stage.mkdir(parents=True)
        for number, content in enumerate(files.values()):
            (stage / str(number)).write_bytes(content)
            (stage / str(number)).chmod(0o644)
        if gone:
            _write_down(stage, _GONE, list(gone))
        _write_down(stage, _JOURNAL, list(files))
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    finish(folder)


def _write_down(stage: Path, name: str, paths: list[str]) -> None:
    with (stage / "unfinished").open("w", encoding="utf-8") as file:
        json.dump(paths, file)
        file.flush()
        os.fsync(file.fileno())
    (stage / "unfinished").replace(stage / name)


def is_unfinished(folder: Path) -> bool:
    """Whether a group is being put in its place, or was when its writer was killed."""
    return (folder / _STAGE / _JOURNAL).exists()


def finish(folder: Path) -> None:
    """Puts the files of an interrupted group in their places; drops one that was not complete."""
    stage = folder / _STAGE
    if is_unfinished(folder):
        for number, path in enumerate(json.loads((stage / _JOURNAL).read_text("utf-8"))):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # in its place already
                (stage / str(number)).replace(folder / path)
        for path in json.loads((stage / _GONE).read_text("utf-8")) if (stage / _GONE).exists() else ():
            (folder / path).unlink(missing_ok=True)
        (stage / _JOURNAL).unlink()
    shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """While it holds, no other process writes; what a killed one left is completed or cleared first.

    Raises UserError where another process is writing.
    """
    lock = _lock(folder)
    try:
        finish(folder)
        for pattern in _LEFT_OVER:
            for path in folder.glob(pattern):
                path.unlink()
        yield
    finally:
        if lock is not None:
            (folder / LOCK).unlink(missing_ok=True)  # while it is held, so that nobody holds a file without a name
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """The open lock file. The lock ends with its process, however that ends; a file left behind locks nobody out."""
    if fcntl is None:
        return None
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise UserError("table.not_writable", file=LOCK, folder=str(folder), reason=str(error.strerror)) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise UserError("table.locked", folder=str(folder)) from error
        with suppress(FileNotFoundError):
            if os.fstat(lock).st_ino == (folder / LOCK).stat().st_ino:
                return lock
        os.close(lock)  # the one before removed the file between our opening and locking it
