"""Addresses that show a snapshot nobody has published yet, to whoever was given one, for some hours.

A name comes in, an address goes out; what an address names is read back. The pass in it is signed with a key that lies
beside the snapshots and is never served, so that every worker and the command line know the same ones. Knows no pages.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import secrets
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from dashboard.settings import Settings
from dashboard.snapshots import audit_log, durable, manifest, pointer
from dashboard.snapshots.audit_log import Action

HOURS = 12
# No snapshot's name holds it, and no address writes it in another way.
SIGN = "~"
KEY = ".preview-key"
_KEY_BYTES = 32
_PASS = re.compile(r"([^~]{1,80})~([1-9][0-9]{0,11})~([0-9a-f]{32})")
_log = logging.getLogger("gongkai")


@dataclass(frozen=True, slots=True)
class Preview:
    """A snapshot that is shown before it counts: who prepared it (empty: not known), when, and until when it is shown."""

    snapshot: str
    by: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Pass:
    """What a right pass names; `is_over` once its time is."""

    snapshot: str
    until: int
    is_over: bool


def address(settings: Settings, name: str, path: str = "/") -> str:
    """Where whoever has the address sees the snapshot, for `HOURS` from now. Nothing public may ever lead there.

    Raises UserError where the key cannot be read or made.
    """
    return settings.address + link(settings.snapshots_dir, name, path)


def link(folder: Path, name: str, path: str = "/") -> str:
    """As `address`, from one of the site's own pages."""
    return f"{path}?{urlencode({'snapshot': given(folder, name)})}"


def given(folder: Path, name: str) -> str:
    """The pass to a snapshot, as an address's `snapshot` has it."""
    until = int(time.time()) + HOURS * 3600
    return f"{name}{SIGN}{until}{SIGN}{_signature(_key(folder), name, until)}"


def is_pass(asked: str) -> bool:
    """Whether it looks like one, right or wrong."""
    return SIGN in asked


def read(folder: Path, asked: str) -> Pass | None:
    """What a pass names; None where it was not given here."""
    match = _PASS.fullmatch(asked)
    if match is None or not pointer.is_name(match[1]):
        return None
    try:
        key = _held(folder / KEY)
    except OSError as error:
        _log.error("%s: %s", folder / KEY, error)
        return None
    if key is None or not hmac.compare_digest(_signature(key, match[1], int(match[2])), match[3]):
        return None
    return Pass(match[1], int(match[2]), int(match[2]) <= time.time())


def told(settings: Settings, granted: Pass) -> Preview:
    """Who prepared what a pass names, and when. Raises UserError where the snapshot is not there any more."""
    held = manifest.read(settings.snapshots_dir / granted.snapshot)
    logged = [
        each
        for each in audit_log.entries(settings.data_dir)
        if each.action is Action.PREVIEW and each.target == granted.snapshot
    ]
    by, at = (logged[-1].by, logged[-1].at) if logged else ("", held.built)
    return Preview(granted.snapshot, by, _moment(at), datetime.fromtimestamp(granted.until, UTC).astimezone())


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone()


def _signature(key: bytes, name: str, until: int) -> str:
    return hmac.new(key, f"preview\0{name}\0{until}".encode(), hashlib.sha256).hexdigest()[:32]


def _held(path: Path) -> bytes | None:
    """None where there is none yet, or a crash left half of one."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    return key if len(key) == _KEY_BYTES else None


def _key(folder: Path) -> bytes:
    path = folder / KEY
    try:
        return _held(path) or _made(path)
    except OSError as error:
        raise durable.not_writable(path, error) from error


def _made(path: Path) -> bytes:
    """Written beside and put in its place only if no other process was faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with durable.locked(path.parent / f"{KEY}.lock", wait=10):
        held = _held(path)
        if held:
            return held
        key = secrets.token_bytes(_KEY_BYTES)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{KEY}-")  # nobody else may read it
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
        durable.keep_names(path.parent)
        return key
