"""The audit log `audit.jsonl`: who did what, when, and why. Lines are only ever added.

There is one of what was done to the data, in the data folder, and one of who came in, in the folder of the admin area.

Each line carries the hash of the one before, so that a line changed or taken out later shows. Several processes may
write. A line torn by a crash stays, and the next one says so.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from dashboard.snapshots import durable

FILE = "audit.jsonl"
_FIRST = "0" * 64


class Action(StrEnum):
    """What was done."""

    REFRESH = "refresh"
    PREVIEW = "preview"
    PUBLISH = "publish"
    ROLLBACK = "rollback"
    PRUNE = "prune"
    DISCARD = "discard"
    SET_BACK = "set_back"
    INTERRUPTED = "interrupted"
    RESTORE = "restore"
    CORRECTION = "correction"
    CORRECTION_WITHDRAWN = "correction_withdrawn"

    # In the admin area's own log; `target` is the account it is about.
    LOGIN = "login"
    LOGIN_FAILED = "login_failed"
    LOGOUT = "logout"
    SIGNED_OUT = "signed_out"
    RECOVERY_CODE_USED = "recovery_code_used"
    SECOND_FACTOR_ENROLLED = "second_factor_enrolled"
    SECOND_FACTOR_RESET = "second_factor_reset"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_ROLE_CHANGED = "account_role_changed"
    ACCOUNT_PASSWORD_CHANGED = "account_password_changed"  # noqa: S105  # what was done, not what it is now
    ACCOUNT_REMOVED = "account_removed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `origin` and `target` are the snapshots before and after; `at` is a UTC time by the machine's clock."""

    action: Action
    by: str
    origin: str = ""
    target: str = ""
    reason: str = ""
    is_forced: bool = False
    told: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is not as it was written; `why`: torn (by a crash, told by the next line), unreadable, chain, number."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """`broken` is the first line that was changed, or whose line before was; `torn` are those a crash left half."""

    lines: int
    broken: Fault | None
    torn: tuple[int, ...]


def append(folder: Path, entry: Entry) -> None:
    """Adds a line; when this returns, the disk has it. Raises UserError where the log cannot be written."""
    path = folder / FILE
    with durable.locked(path, wait=30) as descriptor:
        try:
            _write(descriptor, path.read_bytes(), entry)
        except OSError as error:
            raise durable.not_writable(path, error) from error


def _write(descriptor: int, held: bytes, entry: Entry) -> None:
    lines = held.split(b"\n")
    is_torn = lines[-1] != b"" and _read(lines[-1]) is None
    whole = [line for line in lines if line]
    record = {
        "number": len(whole) + 1,
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        **{name: value for name, value in asdict(entry).items() if name not in ("at", "number")},
        "before": _hash(whole[-1]) if whole else _FIRST,
    } | ({"after_torn": True} if is_torn else {})
    line = json.dumps(record, ensure_ascii=False).encode() + b"\n"
    content = line if held.endswith(b"\n") or not held else b"\n" + line
    try:
        written = os.write(descriptor, content)
        if written < len(content):  # a disk that fills up takes a part
            raise OSError(28, os.strerror(28))
        os.fsync(descriptor)
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, len(held))
        raise


def entries(folder: Path) -> list[Entry]:
    """The lines that can be read, oldest first; none where there is no log."""
    return [_entry(record) for _, _, record in _lines(folder) if record is not None]


def written(folder: Path) -> list[tuple[Entry, bytes]]:
    """As `entries`, each with its line as it stands in the file, which alone proves the chain."""
    return [(_entry(record), line) for _, line, record in _lines(folder) if record is not None]


def verify(folder: Path) -> Verified:
    """Whether every line still is what was written, as far as the lines after it can tell."""
    before = _FIRST
    torn: list[int] = []
    lines = list(_lines(folder))
    for count, (number, line, record) in enumerate(lines, 1):
        if record is None:
            follower = lines[count][2] if count < len(lines) else {"after_torn": _ends_torn(folder)}
            if not (follower and follower.get("after_torn")):
                return Verified(len(lines), Fault(number, "unreadable"), tuple(torn))
            torn.append(number)
        elif record.get("before") != before:
            return Verified(len(lines), Fault(number, "chain"), tuple(torn))
        elif record.get("number") != count:
            return Verified(len(lines), Fault(number, "number"), tuple(torn))
        before = _hash(line)
    return Verified(len(lines), None, tuple(torn))


def _ends_torn(folder: Path) -> bool:
    """Whether the last line was never written to its end, and nobody has written since."""
    return not (folder / FILE).read_bytes().endswith(b"\n")


def _lines(folder: Path) -> Iterator[tuple[int, bytes, dict[str, Any] | None]]:
    """Each line with its number in the file; without its record where it cannot be read."""
    path = folder / FILE
    if path.exists():
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
            if line:
                yield number, line, _read(line)


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
        _entry(record)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return dict(record)


def _entry(record: dict[str, Any]) -> Entry:
    return Entry(
        Action(record["action"]), str(record["by"]), str(record["origin"]), str(record["target"]),
        str(record["reason"]), bool(record["is_forced"]), dict(record["told"]), str(record["at"]), int(record["number"]),
    )  # fmt: skip


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
