"""The folder that an export is written to, a part at a time: each with a manifest of its files and their hashes.

A file is replaced in one step and only where its content differs; a part whose fingerprint is that of its manifest, and
whose files are as they were left, is not made again. Only files that a manifest lists are ever removed.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from dashboard.messages import UserError

try:
    import fcntl
except ImportError:  # Windows has none: there nothing keeps two exports into one folder apart
    fcntl = None  # type: ignore[assignment]  # what stands for a missing module

MANIFEST = "manifest.json"
Files = Mapping[str, bytes]


@dataclass
class Outcome:
    """How many files were written, left alone, removed; and what could not be made, in words."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    notes: list[str] = field(default_factory=list)


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """The folder, which no other export writes to while it holds. Raises UserError where one does, or as `Folder` does."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        held = os.open(path, os.O_RDONLY) if fcntl else None
    except OSError as error:
        raise _not_writable(path, error) from error
    try:
        if held is not None:
            _lock(held, path)
        yield Folder(path)
    finally:
        if held is not None:
            os.close(held)


def _lock(held: int, path: Path) -> None:
    """The lock is the folder's own, so it leaves no file among those that are published, and ends with its process."""
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UserError("export.at_work", folder=str(path)) from error


class Folder:
    """`parts` are paths below the folder; the part "" is the folder itself, written last."""

    def __init__(self, path: Path) -> None:
        """Raises UserError where the folder, which is there, holds something that no export wrote."""
        self.path, self.outcome = path, Outcome()
        self._parts: dict[str, str] = {}
        try:
            is_empty = not any(path.iterdir())
        except OSError as error:
            raise _not_writable(path, error) from error
        held = _manifest(path)
        if not is_empty and (held is None or not isinstance(held.get("parts"), dict)):
            raise UserError("export.foreign_folder", folder=str(path))
        self._before: Mapping[str, str] = (held or {}).get("parts", {})
        if held is None:
            # From now on the folder is ours, also when this run is cut short.
            self._put(MANIFEST, orjson.dumps({"files": {}, "parts": {}}))
        for left in path.rglob(".writing-*"):
            left.unlink(missing_ok=True)
        self._held = held or {}

    def part(self, name: str, fingerprint: str, make: Callable[[], Files]) -> None:
        """The files of a part by name; made only where something has changed since they were written."""
        held = _manifest(self.path / name)
        if held and held.get("fingerprint") == fingerprint and self._is_whole(name, held):
            self.outcome.unchanged += len(held["files"])
            self._parts[name] = _hash((self.path / name / MANIFEST).read_bytes())
            return
        files = make()
        listed = self._put_all(name, files)
        self._remove(name, set((held or {}).get("files", {})) - set(listed))
        told = orjson.dumps({"fingerprint": fingerprint, "files": listed}, option=orjson.OPT_INDENT_2)
        self._put(f"{name}/{MANIFEST}", told)
        self._parts[name] = _hash(told)

    def close(self, files: Files, told: Mapping[str, Any]) -> None:
        """The folder's own files, the manifest of all, and an end to the parts that are no longer there."""
        # Also those that a run wrote which never came to its end.
        there = {found.parent.relative_to(self.path).as_posix() for found in self.path.glob(f"*/*/{MANIFEST}")}
        for name in (there | set(self._before)) - set(self._parts):
            held = _manifest(self.path / name) or {"files": {}}
            self._remove(name, {*held["files"], MANIFEST})
        listed = self._put_all("", files)
        self._remove("", set(self._held.get("files", {})) - set(listed))
        manifest = dict(told) | {"files": listed, "parts": dict(sorted(self._parts.items()))}
        self._put(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))

    def _is_whole(self, name: str, held: Mapping[str, Any]) -> bool:
        try:
            return all(
                _hash((self.path / name / file).read_bytes()) == told["sha256"] for file, told in held["files"].items()
            )
        except OSError:
            return False

    def _put_all(self, part: str, files: Files) -> dict[str, dict[str, Any]]:
        listed = {}
        for name, content in sorted(files.items()):
            is_new = self._put(f"{part}/{name}" if part else name, content)
            self.outcome.written += is_new
            self.outcome.unchanged += not is_new
            listed[name] = {"sha256": _hash(content), "bytes": len(content)}
        return listed

    def _put(self, name: str, content: bytes) -> bool:
        """Whether the file had to be written. A reader sees the file of before or the new one, whole."""
        target = self.path / name
        try:
            if target.exists() and target.read_bytes() == content:
                return False
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".writing-", delete=False) as file:
                try:
                    file.write(content)
                    file.flush()
                    Path(file.name).chmod(0o644)
                    Path(file.name).replace(target)
                except BaseException:
                    Path(file.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            raise _not_writable(target, error) from error
        return True

    def _remove(self, part: str, names: set[str]) -> None:
        for name in names:
            target = self.path / part / name
            # A manifest that somebody edited must not reach beyond the folder.
            if self.path.resolve() in target.resolve().parents:
                target.unlink(missing_ok=True)
                self.outcome.removed += 1
                with suppress(OSError):  # not empty yet
                    for folder in list(target.parents)[: len(Path(part, name).parents) - 1]:
                        folder.rmdir()


def _manifest(folder: Path) -> dict[str, Any] | None:
    """What the folder's manifest says; None where there is none that can be read."""
    try:
        held = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return held if isinstance(held, dict) and isinstance(held.get("files"), dict) else None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _not_writable(path: Path, error: OSError) -> UserError:
    return UserError("table.not_writable", file=path.name, folder=str(path.parent), reason=str(error.strerror))
