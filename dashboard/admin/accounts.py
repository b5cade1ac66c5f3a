"""Local accounts: a file in the admin folder that its owner alone may read, written whole and by one at a time.

Knows no request. Passwords come in as hashes only, recovery codes too; the secret of the second factor must be kept
as it is, for every code is made from it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.admin.roles import Role
from dashboard.messages import UserError

try:
    import fcntl
except ImportError:  # Windows: two commands at once may overwrite each other's change
    fcntl = None  # type: ignore[assignment]  # what stands for a missing module

FILE = "accounts.json"
_LOCK = ".accounts.lock"
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")


@dataclass(frozen=True, slots=True)
class Account:
    """`stamp` changes when sessions must end: with the password, with the second factor. `last_step` is the period of
    the last code accepted, before which none is."""

    name: str
    role: Role
    password: str = field(repr=False)
    stamp: str
    added: str
    secret: str = field(default="", repr=False)
    last_step: int = 0
    recovery: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_enrolled(self) -> bool:
        return bool(self.secret)


def prepare(folder: Path) -> None:
    """Makes the admin folder, for its owner alone, and keeps it out of git wherever it lies."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
    except OSError as error:
        raise UserError("admin.not_writable", folder=str(folder), reason=error.strerror or str(error)) from error


def new_stamp() -> str:
    return secrets.token_hex(8)


class Accounts:
    """The accounts of a folder, read anew each time, so that a change holds at once in every process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / FILE

    def all(self) -> list[Account]:
        """By name. Raises UserError where the file is not what we wrote."""
        try:
            written = json.loads(self._path.read_bytes())
            return [_read(each) for each in written["accounts"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError("admin.accounts_unreadable", file=str(self._path), reason=str(error)) from error

    def find(self, name: str) -> Account | None:
        return next((each for each in self.all() if each.name == name), None)

    def require_free(self, name: str) -> None:
        """Raises UserError for a name that cannot be one, or is somebody's."""
        if not _NAME.fullmatch(name):
            raise UserError("admin.name_invalid", name=name)
        if self.find(name):
            raise UserError("admin.name_taken", name=name)

    def add(self, name: str, role: Role, password: str) -> Account:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        account = Account(name, role, password, new_stamp(), now)
        with self._locked():
            self.require_free(name)
            self._write([*self.all(), account])
        return account

    def change(self, name: str, change: Callable[[Account], Account]) -> Account:
        """What `change` makes of the account as it stands at this moment. Raises UserError for an unknown name."""
        with self._locked():
            held = self.all()
            before = next((each for each in held if each.name == name), None)
            if before is None:
                raise UserError("admin.name_unknown", name=name)
            after = change(before)
            if after != before:
                self._write([after if each is before else each for each in held])
        return after

    def remove(self, name: str) -> None:
        with self._locked():
            held = self.all()
            left = [each for each in held if each.name != name]
            if len(left) == len(held):
                raise UserError("admin.name_unknown", name=name)
            self._write(left)

    def _write(self, accounts: list[Account]) -> None:
        """Written beside and renamed, so that a reader sees the whole file; mkstemp gives it to its owner alone."""
        listed = [asdict(each) for each in sorted(accounts, key=lambda each: each.name)]
        content = json.dumps({"accounts": listed}, ensure_ascii=False, indent=1).encode()
        try:
            descriptor, beside = tempfile.mkstemp(dir=self._folder, prefix=".accounts-")
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(self._path)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError("admin.not_writable", folder=str(self._folder), reason=reason) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        prepare(self._folder)
        descriptor = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fcntl is not None:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _read(written: dict[str, Any]) -> Account:
    return Account(**written | {"role": Role(written["role"]), "recovery": tuple(written["recovery"])})


def with_role(role: Role) -> Callable[[Account], Account]:
    return lambda account: replace(account, role=role)


def with_password(hashed: str) -> Callable[[Account], Account]:
    """Another password ends the sessions that the one before began."""
    return lambda account: replace(account, password=hashed, stamp=new_stamp())


def without_second_factor(account: Account) -> Account:
    return replace(account, secret="", last_step=0, recovery=(), stamp=new_stamp())
