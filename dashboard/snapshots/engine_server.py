"""Answers questions about a snapshot from a server that speaks PostgreSQL, which holds it as a schema of its own.

The same questions as of the files, translated; every statement is a read-only transaction with a time limit. What the
server says goes to the log: readers are told that there is no answer, never where the server is.
"""

from __future__ import annotations

import atexit
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import pandas as pd
import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from dashboard.messages import UserError
from dashboard.snapshots.engine import Engine
from dashboard.snapshots.engine_asking import frame, plain
from dashboard.snapshots.engine_tables import layout
from dashboard.snapshots.engine_translation import bound, said

Connection = psycopg.Connection[tuple[Any, ...]]
_log = logging.getLogger("gongkai")
# Connections of one process, seconds for one question, and for a connection.
_CONNECTIONS, _SECONDS, _WAIT = 8, 30, 5.0
_SET_UP = (
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    f"SET statement_timeout = '{_SECONDS}s'",
)


def schema_of(snapshot: str) -> str:
    return f"gongkai_{snapshot}"


class ServerEngine(Engine):
    """Answers from the server, by the connections that all snapshots of this process share."""

    def __init__(self, address: str, snapshot: str) -> None:
        """Raises UserError where the server cannot be reached, or does not hold the snapshot as this version would."""
        self._schema = schema_of(snapshot)
        self._connections = _pool(address)
        self._require(address, snapshot)

    def _require(self, address: str, snapshot: str) -> None:
        try:
            with self._connections.connection() as connection:
                held = held_layout(connection, snapshot)
        except (psycopg.Error, PoolTimeout) as error:
            raise unreachable(address, error) from error
        if held is None:
            raise UserError("database.not_loaded", snapshot=snapshot, server=where(address))
        if held != layout():
            raise UserError("database.other_layout", snapshot=snapshot, server=where(address))

    def close(self) -> None:
        """Others use the same connections."""

    def ask(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        with self._answered(query, parameters) as cursor:
            return frame([column.name for column in cursor.description or []], cursor.fetchall())

    def ask_apart(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        return self.ask(query, parameters)

    def stream(self, query: str, parameters: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """All rows at once: those of a body are few, and a slow reader would keep a connection from others."""
        with self._answered(query, parameters) as cursor:
            rows = cursor.fetchall()
        yield from (tuple(plain(value) for value in row) for row in rows)

    @contextmanager
    def _answered(self, query: str, parameters: Sequence[Any]) -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
        try:
            with self._connections.connection() as connection:
                yield connection.execute(said(query, self._schema).encode(), bound(parameters))
        except (psycopg.OperationalError, psycopg.errors.UndefinedTable, PoolTimeout) as error:
            _log.error("the database server gives no answer: %s", _reason(error))
            raise UserError("database.no_answer") from error


@cache
def _pool(address: str) -> ConnectionPool[Connection]:
    pool: ConnectionPool[Connection] = ConnectionPool(
        address, min_size=1, max_size=_CONNECTIONS, timeout=_WAIT, open=True, name="gongkai",
        kwargs={"autocommit": True, "connect_timeout": int(_WAIT), "application_name": "gongkai"},
        configure=_set_up, check=ConnectionPool.check_connection,
    )  # fmt: skip
    atexit.register(pool.close)
    return pool


def _set_up(connection: Connection) -> None:
    for statement in _SET_UP:
        connection.execute(statement.encode())


def held_layout(connection: Connection, snapshot: str) -> str | None:
    """The layout of the snapshot as the server holds it; None where it does not."""
    schema = schema_of(snapshot)
    found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema]).fetchone()
    if not found:
        return None
    told = connection.execute(said("SELECT layout FROM held", schema).encode()).fetchone()
    return str(told[0]) if told else ""


def where(address: str) -> str:
    """Host, port and database; nothing that opens them."""
    told = psycopg.conninfo.conninfo_to_dict(address)
    host, port = str(told.get("host") or told.get("hostaddr") or "localhost"), str(told.get("port") or "5432")
    return f"{host}:{port}/{told.get('dbname') or ''}"


def unreachable(address: str, error: Exception) -> UserError:
    return UserError("database.unreachable", server=where(address), reason=_reason(error))


def _reason(error: Exception) -> str:
    """What the server or the system says, in one line."""
    return " ".join(str(error).split()) or type(error).__name__
