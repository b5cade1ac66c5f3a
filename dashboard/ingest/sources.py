"""Paths as people give them into the files to read, and those passed over with the reason."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dashboard import documents
from dashboard.documents import limits
from dashboard.ingest.outcome import Outcome, Reason, Result
from dashboard.messages import UserError

_OFFICE_LOCK = "~$"  # Word and Excel leave such a file beside a document that is open


@dataclass(frozen=True, slots=True)
class Source:
    """A file and which bytes it held when it was looked at; `modified` in nanoseconds."""

    path: Path
    sha256: str
    modified: int


def find(paths: Iterable[Path]) -> tuple[list[Path], list[Result]]:
    """The documents under `paths`, each once, folders by name; and what was passed over or cannot be opened.

    A file that is named is read whatever its ending; in folders only known endings are.
    """
    found: dict[Path, Path] = {}
    passed: list[Result] = []
    for path in paths:
        for each in _inside(path) if path.is_dir() else [path] if _is_special(path) else _named(path):
            if isinstance(each, Result):
                passed.append(each)
            else:
                found.setdefault(each.resolve(), each)
    return list(found.values()), passed


def look(path: Path) -> Source:
    """Raises UserError where the file cannot be opened, is empty or too large."""
    content = load(path)
    return Source(path, hashlib.sha256(content).hexdigest(), path.stat().st_mtime_ns)


def load(path: Path) -> bytes:
    """The file's bytes. Raises UserError where it cannot be opened, is empty or too large."""
    try:
        content = limits.load(path)
        if not content.strip():
            raise UserError("document.empty")
        return content
    except OSError as error:
        raise UserError("document.not_readable", file=path.name, reason=error.strerror or str(error)) from error
    except UserError as error:
        raise UserError(error.message_id, **({"file": path.name} | error.values)) from error


def _named(path: Path) -> Iterator[Path | Result]:
    if path.name.startswith(_OFFICE_LOCK):
        yield _skipped(path, "ingest.skipped_lock")
    elif _is_special(path):
        yield _skipped(path, "ingest.skipped_special")
    else:
        yield path


def _is_special(path: Path) -> bool:
    """A pipe or a device: passed over in a folder, refused by whoever opens it where it is named."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _inside(folder: Path) -> Iterator[Path | Result]:
    known = documents.endings()
    refused: list[Result] = []
    for place, folders, files in os.walk(folder, onerror=lambda error: refused.append(_unreadable(error))):
        for name in sorted(each for each in folders if each.startswith(".")):
            yield _skipped(Path(place, name), "ingest.skipped_hidden")
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if name.startswith("."):
                yield _skipped(path, "ingest.skipped_hidden")
            elif path.suffix.lower() not in known and not name.startswith(_OFFICE_LOCK):
                yield _skipped(path, "ingest.skipped_ending")
            elif path.exists() and not path.is_file():
                yield _skipped(path, "ingest.skipped_special")
            else:
                yield from _named(path)
    yield from refused


def _skipped(path: Path, message_id: str) -> Result:
    return Result(str(path), Outcome.SKIPPED, reason=Reason(message_id, {"file": path.name}))


def _unreadable(error: OSError) -> Result:
    path = Path(error.filename)
    values = {"file": path.name, "reason": error.strerror or str(error)}
    return Result(str(path), Outcome.REFUSED, reason=Reason("document.not_readable", values))
