"""What the workers of this machine share, in one SQLite file: the only module that names that database.

The file is readable by its owner alone. A connection lasts one transaction, so that threads and processes need not
agree on anything but the file.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from dashboard.messages import UserError

FILE = "state.sqlite"
_WAIT_SECONDS = 10
_TABLES = """
create table if not exists sessions (id text primary key, actor text not null, created real not null, seen real not null, held text not null);
create index if not exists sessions_by_actor on sessions (actor);
create table if not exists attempts (key text not null, at real not null, reservation text not null);
create index if not exists attempts_by_key on attempts (key, at);
create table if not exists devices (id text primary key, actor text not null, expires real not null);
create table if not exists pending (id text primary key, expires real not null, held text not null);
create table if not exists keys (name text primary key, key blob not null);
"""
Row = tuple[object, ...]


class Transaction:
    """Statements that hold together or not at all."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, statement: str, *values: object) -> list[Row]:
        return self._connection.execute(statement, values).fetchall()

    def do(self, statement: str, *values: object) -> int:
        """How many rows it changed."""
        return self._connection.execute(statement, values).rowcount


class State:
    """The file in `folder`, made where it is missing. Raises UserError where it cannot be written."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            with closing(self._connect()) as connection:
                connection.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise UserError("admin.not_writable", folder=str(folder), reason=str(error)) from error

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Alone with the file until the block ends; undone where the block raises."""
        with closing(self._connect()) as connection:
            connection.execute("begin immediate")
            try:
                yield Transaction(connection)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def rows(self, statement: str, *values: object) -> list[Row]:
        """Reading alone, which waits for no other reader."""
        with closing(self._connect()) as connection:
            return connection.execute(statement, values).fetchall()

    def key(self, name: str) -> bytes:
        """256 random bits that every worker knows, made when first asked for."""
        with self.transaction() as transaction:
            transaction.do("insert or ignore into keys values (?, ?)", name, secrets.token_bytes(32))
            key = transaction.rows("select key from keys where name = ?", name)[0][0]
        if not isinstance(key, bytes):
            raise TypeError(f"the key {name} in {self._path} is no blob")
        return key

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
