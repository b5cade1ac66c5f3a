"""Brings a snapshot's tables to a server that speaks PostgreSQL, whole or not at all, and takes them away again.

Each snapshot is a schema, filled under another name by COPY from its files, and renamed when everything is in it:
readers of the one before are not disturbed, and nobody ever sees a part.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from psycopg import sql

from dashboard.messages import UserError
from dashboard.snapshots.engine_server import Connection, held_layout, schema_of, unreachable, where
from dashboard.snapshots.engine_tables import (
    TABLES,
    as_reported,
    compared,
    corrected_facts,
    layout,
    stored,
    uncorrected_facts,
)
from dashboard.snapshots.engine_translation import said

# By what rows are looked for.
_INDEXES: dict[str, tuple[str, ...]] = {
    "bodies": ("position", "body", "parent, level"),
    "names": ("key", "body"),
    "reports": ("position", "body, year", "year"),
    "reported": ("position", "body, year", "indicator, year"),
    "mentions": ("position", "body, year"),
    "findings": ("position", "body, year", "id", "verdict, year"),
    "evidence": ("body, year", "finding"),
    "verdicts": ("finding",),
    "corrections": ("position", "body, year"),
    "compared": ("indicator, year, body", "body"),
}
# Columns are compared letter by letter, as in the files, wherever the server stands.
_TYPES = {"VARCHAR": 'text COLLATE "C"', "INTEGER": "integer"}
_LOADING = "gongkai_loading"
# One at a time loads into a database.
_LOCK = 0x676F6E67
_BATCH = 65_536
_WAIT = 5


def load(address: str, folder: Path, snapshot: str) -> None:
    """Loads the snapshot unless the server holds it. Raises UserError; then the server holds what it held before."""
    try:
        with psycopg.connect(address, connect_timeout=_WAIT, application_name="gongkai") as connection:
            try:
                _load(connection, folder, snapshot)
            except psycopg.Error as error:
                reason = " ".join(str(error).split())
                raise UserError(
                    "database.not_taken", snapshot=snapshot, server=where(address), reason=reason
                ) from error
    except psycopg.OperationalError as error:
        raise unreachable(address, error) from error


def drop(address: str, snapshots: Collection[str]) -> None:
    """Takes snapshots away, where the server holds them. Raises UserError; then all of them are as they were."""
    try:
        with psycopg.connect(address, connect_timeout=_WAIT, application_name="gongkai") as connection:
            for each in snapshots:
                _run(connection, "DROP SCHEMA IF EXISTS {} CASCADE", schema_of(each))
    except psycopg.Error as error:
        raise unreachable(address, error) from error


def _load(connection: Connection, folder: Path, snapshot: str) -> None:
    """In one transaction; the caller ends it."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if held_layout(connection, snapshot) == layout():
        return
    _run(connection, "DROP SCHEMA IF EXISTS {} CASCADE", schema_of(snapshot))
    _run(connection, "CREATE SCHEMA {}", _LOADING)
    for table in TABLES:
        _fill(connection, as_reported(table), folder / f"{table}.parquet", stored(table))
    _facts(connection)
    for table, keys in _INDEXES.items():
        for key in keys:
            _run(connection, f"CREATE INDEX ON {{}}.{{}} ({key})", _LOADING, table)
        _run(connection, "ANALYZE {}.{}", _LOADING, table)
    _run(connection, "CREATE TABLE {}.held (layout text NOT NULL)", _LOADING)
    connection.execute(said("INSERT INTO held VALUES (?)", _LOADING).encode(), {"1": layout()})
    # What is published is public: whoever may connect may read it.
    _run(connection, "GRANT USAGE ON SCHEMA {} TO PUBLIC", _LOADING)
    _run(connection, "GRANT SELECT ON ALL TABLES IN SCHEMA {} TO PUBLIC", _LOADING)
    _run(connection, "ALTER SCHEMA {} RENAME TO {}", _LOADING, schema_of(snapshot))


def _fill(connection: Connection, table: str, path: Path, columns: list[tuple[str, str]]) -> None:
    declared = ", ".join(f'"{name}" {_TYPES.get(kind, kind)}' for name, kind in columns)
    _run(connection, f"CREATE TABLE {{}}.{{}} ({declared})", _LOADING, table)
    into = sql.SQL("COPY {}.{} FROM STDIN (FORMAT csv)").format(sql.Identifier(_LOADING), sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for part in _as_csv(path):
            copy.write(part)


def _as_csv(path: Path) -> Iterator[bytes]:
    """The file's rows some at a time; what is missing without quotes, an empty text with them."""
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH):
            texts = [
                column.cast(pa.string()) if pa.types.is_decimal(column.type) else column for column in batch.columns
            ]
            written = io.BytesIO()
            pyarrow.csv.write_csv(pa.record_batch(texts, names=batch.schema.names), written, options)
            yield written.getvalue()


def _facts(connection: Connection) -> None:
    """The facts as they count, and of them what bodies are compared by: found out once, as for the file."""
    in_force = connection.execute(
        said("SELECT 1 FROM corrections WHERE ended = '' LIMIT 1", _LOADING).encode()
    ).fetchone()
    facts = corrected_facts("reported", "corrections") if in_force else uncorrected_facts("reported")
    for kind, name, query in (("VIEW", "facts", facts), ("TABLE", "compared", compared("facts"))):
        made = said(query, _LOADING).replace("{", "{{").replace("}", "}}")
        _run(connection, f"CREATE {kind} {{}}.{{}} AS {made}", _LOADING, name)


def _run(connection: Connection, statement: str, *names: str) -> None:
    composed: Any = sql.SQL(statement)
    connection.execute(composed.format(*(sql.Identifier(name) for name in names)))
