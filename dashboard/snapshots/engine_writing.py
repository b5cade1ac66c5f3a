"""Writes a snapshot's tables as Parquet: rows from the data folder, and what another snapshot holds already."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.schema import DECIMALS, DIGITS
from dashboard.snapshots import engine_compared
from dashboard.snapshots.engine_tables import ROW_GROUP, TABLES, columns_of, corrected_facts, stored

_DECIMAL = f"DECIMAL({DIGITS}, {DECIMALS})"
_ARROW = {"VARCHAR": pa.string(), "INTEGER": pa.int32(), _DECIMAL: pa.decimal128(DIGITS, DECIMALS)}
_PLACES = Decimal(1).scaleb(-DECIMALS)
# Rows turned into columns at a time: enough for some reports, little in memory.
_BATCH = 20_000
_SPILL = ".spill"
# How rows wait: read once and thrown away.
_PLAIN: dict[str, Any] = {"compression": "none"}
# What sorting may take; beyond it, the disk.
_MEMORY = "120MB"
# Rows that are sorted and written together, and a body's or an indicator's more.
_ROW_GROUP = 40_960


class Writer:
    """Writes a snapshot's tables, sorted: what is added, and what is taken over from another snapshot.

    The same rows give the same bytes, wherever they come from. Reports are told apart by (body, year).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # One thread: where a file's row groups end must not depend on which thread was first.
        self._connection = duckdb.connect(
            config={"threads": "1", "memory_limit": _MEMORY, "temp_directory": str(folder / _SPILL)}
        )
        (folder / _SPILL).mkdir()
        self._arrived: dict[str, pq.ParquetWriter] = {}
        self._sources = {table: f"SELECT * FROM {_file(self._spilled(table))}" for table in TABLES}
        self._waiting: dict[str, list[Sequence[Any]]] = {table: [] for table in TABLES}

    def add(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Rows in the order of `columns_of(table)`; of a report's table, all of one report in one call."""
        waiting = self._waiting[table]
        waiting.extend((position, *row) for position, row in enumerate(rows))
        if len(waiting) >= _BATCH:
            self._flush(table)

    def take_over(self, folder: Path, table: str, reports: Collection[tuple[str, int]]) -> None:
        """These reports' rows of another snapshot's table, as they stand there."""
        bodies = pa.array([body for body, _ in reports], pa.string())
        years = pa.array([year for _, year in reports], pa.int32())
        self._connection.register(f"kept_{table}", pa.table({"body": bodies, "year": years}))
        path = _file(folder / f"{table}.parquet")
        self._sources[table] += f" UNION ALL SELECT old.* FROM {path} old SEMI JOIN kept_{table} USING (body, year)"

    def finish(self) -> dict[str, int]:
        """Writes every table; how many rows each has. Raises OSError where the disk takes no more."""
        try:
            counts = {table: self._finish(table) for table in TABLES}
            self._compared()
            return counts
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise OSError(errno.EIO, str(error).splitlines()[0]) from error

    def _compared(self) -> None:
        """What follows from the files that are written."""
        for name, table in (("reported", "facts"), ("corrections", "corrections")):
            path = str(self._folder / f"{table}.parquet").replace("'", "''")
            self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")
        self._connection.execute(f"CREATE VIEW facts AS {corrected_facts('reported', 'corrections')}")
        engine_compared.write(self._connection, self._folder)

    def close(self) -> None:
        """What waited and was not written is given up: a disk that takes no more was told of by whoever wrote to it."""
        for file in self._arrived.values():
            with suppress(OSError):
                file.close()
            file.is_open = False  # or it would be tried again when the object goes
        self._connection.close()
        shutil.rmtree(self._folder / _SPILL, ignore_errors=True)

    def _finish(self, table: str) -> int:
        """A part of the rows after the other, each a row group: however many there are, few are held at a time."""
        self._flush(table)
        self._waits(table).close()
        schema, order = _schema(table), f"{TABLES[table][2]}, position"
        count = 0
        with pq.ParquetWriter(self._folder / f"{table}.parquet", schema) as file:
            for query, values in self._parts(table):
                rows: pa.Table = self._connection.sql(f"{query} ORDER BY {order}", params=values).to_arrow_table()
                file.write_table(
                    rows.cast(schema), row_group_size=max(rows.num_rows, 1) if TABLES[table][1] else ROW_GROUP
                )
                count += rows.num_rows
        self._spilled(table).unlink()
        return count

    def _parts(self, table: str) -> Iterator[tuple[str, list[Any]]]:
        """Queries for the rows with their positions, which follow each other in the table's order.

        A report's rows are counted within it where they are new, and from its first row on where they are taken over: how
        far all of them move follows from how many rows each report has.
        """
        if not TABLES[table][1]:
            yield self._sources[table], []
            return
        self._connection.execute(
            f"CREATE TABLE begins_{table} AS SELECT body, year, rows, sum(rows) OVER (ORDER BY body, year) - rows - first AS moved "
            f"FROM (SELECT body, year, count(*) AS rows, min(position) AS first FROM ({self._sources[table]}) GROUP BY body, year)"
        )
        names = ", ".join(f'"{name}"' for name in columns_of(table))
        moved = (
            f"SELECT (position + moved)::INTEGER AS position, {names} FROM ({self._sources[table]}) "
            f"JOIN begins_{table} USING (body, year)"
        )
        by = TABLES[table][2].split(", ")[0]
        for first, last in self._stretches(table, by):
            yield f"{moved} WHERE {by} BETWEEN ? AND ?", [first, last]

    def _stretches(self, table: str, by: str) -> Iterator[tuple[str, str]]:
        """First and last of the values of a column that together have as many rows as a row group; the first column sorted by."""
        source = f"begins_{table}" if by == "body" else f"({self._sources[table]})"
        count = "sum(rows)" if by == "body" else "count(*)"
        counted = self._connection.execute(f"SELECT {by}, {count} FROM {source} GROUP BY {by} ORDER BY {by}").fetchall()
        first, rows = "", 0
        for place, (value, more) in enumerate(counted):
            first, rows = (value, more) if not rows else (first, rows + more)
            if rows >= _ROW_GROUP or place == len(counted) - 1:
                yield first, value
                rows = 0

    def _flush(self, table: str) -> None:
        rows, self._waiting[table] = self._waiting[table], []
        if rows:
            self.insert(table, arrow(table, rows))

    def insert(self, table: str, rows: Any) -> None:
        """Rows as `arrow` makes them. They wait on the disk as they came; a table in memory would be written there, too."""
        self._waits(table).write_table(rows)

    def _waits(self, table: str) -> pq.ParquetWriter:
        """The file that rows wait in, there as soon as it is asked for."""
        if table not in self._arrived:
            self._arrived[table] = pq.ParquetWriter(self._spilled(table), _schema(table), **_PLAIN)
        return self._arrived[table]

    def _spilled(self, table: str) -> Path:
        return self._folder / _SPILL / f"{table}.parquet"


def _file(path: Path) -> str:
    quoted = str(path).replace("'", "''")
    return f"read_parquet('{quoted}')"


def arrow(table: str, rows: Sequence[Sequence[Any]]) -> Any:
    """Rows in the order of `stored(table)`, the place within their report first, as a table of columns."""
    if not rows:
        return _schema(table).empty_table()
    return arrow_columns(table, list(zip(*rows, strict=True)))


def arrow_columns(table: str, columns: Sequence[Sequence[Any]]) -> Any:
    """Cells by column, in the order of `stored(table)`, as `arrow` has them by row."""
    listed = stored(table)
    held = [_column(cells, kind) for cells, (_, kind) in zip(columns, listed, strict=True)]
    return pa.table(held, names=[name for name, _ in listed])


def _schema(table: str) -> Any:
    return pa.schema([(name, _ARROW[kind]) for name, kind in stored(table)])


def _column(cells: Sequence[Any], kind: str) -> Any:
    if kind == _DECIMAL:
        cells = [None if value is None else value.quantize(_PLACES) for value in cells]
    return pa.array(cells, _ARROW[kind])
