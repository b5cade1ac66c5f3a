"""Drawings kept on disk by what they were drawn from: bytes under a key, checked when read, never more than allowed.

A folder that is full or cannot be written costs speed, never an answer.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: each process draws for itself
    fcntl = None  # type: ignore[assignment]  # what stands for a missing module

_DIGEST = hashlib.sha256().digest_size
_LOCKS = 64
_ABANDONED = 3600.0  # seconds after which a file half written belongs to nobody any more


class Shelf:
    """Keys are hexadecimal digests."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self._folder = folder
        self._most = megabytes * 1024 * 1024

    def get(self, key: str) -> bytes | None:
        """What was put, or None; a file that is not as it was written counts as not there."""
        path = self._path(key)
        try:
            raw = path.read_bytes()
        except OSError:
            return None
        digest, content = raw[:_DIGEST], raw[_DIGEST:]
        if hashlib.sha256(content).digest() != digest:
            return None
        with suppress(OSError):
            os.utime(path)  # what is used last goes last
        return content

    def put(self, key: str, content: bytes) -> None:
        if _DIGEST + len(content) > self._most:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._make_room(_DIGEST + len(content))
            _write(self._path(key), hashlib.sha256(content).digest() + content)
        except OSError:
            return

    @contextmanager
    def alone(self, key: str, seconds: float) -> Iterator[None]:
        """No other process holds the key meanwhile; after `seconds` of waiting, or without locks, it may."""
        lock = self._lock(key)
        try:
            if lock is not None:
                _wait(lock, time.monotonic() + seconds)
            yield
        finally:
            if lock is not None:
                os.close(lock)

    def _lock(self, key: str) -> int | None:
        # A file for each key would never go away; a few are shared by all keys.
        name = f"{int(key[:8], 16) % _LOCKS:02}.lock"
        if fcntl is None:
            return None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            return os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:
            return None

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.still"

    def _make_room(self, needed: int) -> None:
        """The folder is looked at each time: other processes put there too."""
        held = sorted(self._held(), key=lambda each: each[0])
        total = sum(size for _, size, _ in held) + needed
        for used, size, path in held:
            is_abandoned = path.suffix == ".part" and used < time.time() - _ABANDONED
            if total > self._most or is_abandoned:
                with suppress(FileNotFoundError):
                    path.unlink()
                total -= size

    def _held(self) -> Iterator[tuple[float, int, Path]]:
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.name.endswith((".still", ".part")):
                    with suppress(FileNotFoundError):
                        told = entry.stat()
                        yield told.st_mtime, told.st_size, Path(entry.path)


def _wait(lock: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                return
            time.sleep(0.01)
        except OSError:  # a file system without locks
            return


def _write(path: Path, body: bytes) -> None:
    """Written beside and renamed: another process sees the whole file or none."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        try:
            file.write(body)
            file.flush()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
