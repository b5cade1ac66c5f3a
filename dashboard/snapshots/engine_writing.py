"""Writes a snapshot's tables as Parquet: rows from the data folder, and what another snapshot holds already."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dashboard.schema import DECIMALS, DIGITS
from dashboard.snapshots.engine import ROW_GROUP, TABLES, stored

_DECIMAL = f"DECIMAL({DIGITS}, {DECIMALS})"
_ARROW = {"VARCHAR": pa.string(), "INTEGER": pa.int32(), _DECIMAL: pa.decimal128(DIGITS, DECIMALS)}
_PLACES = Decimal(1).scaleb(-DECIMALS)
# Rows turned into columns at a time: enough for some reports, little in memory.
_BATCH = 20_000
_SPILL = ".spill"


class Writer:
    """Writes a snapshot's tables, sorted: what is added, and what is taken over from another snapshot.

    The same rows give the same bytes, wherever they come from. Reports are told apart by (body, year).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # One thread: where a file's row groups end must not depend on which thread was first.
        self._connection = duckdb.connect(
            config={"threads": "1", "memory_limit": "200MB", "temp_directory": str(folder / _SPILL)}
        )
        for table in TABLES:
            declared = ", ".join(f'"{name}" {kind}' for name, kind in stored(table))
            self._connection.execute(f"CREATE TABLE {table} ({declared})")
        self._sources = {table: f"SELECT * FROM {table}" for table in TABLES}
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
        path = str(folder / f"{table}.parquet").replace("'", "''")
        self._sources[table] += (
            f" UNION ALL SELECT old.* FROM read_parquet('{path}') old SEMI JOIN kept_{table} USING (body, year)"
        )

    def finish(self) -> dict[str, int]:
        """Writes every table; how many rows each has. Raises OSError where the disk takes no more."""
        try:
            return {table: self._finish(table) for table in TABLES}
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise OSError(errno.EIO, str(error).splitlines()[0]) from error

    def close(self) -> None:
        self._connection.close()
        shutil.rmtree(self._folder / _SPILL, ignore_errors=True)

    def _finish(self, table: str) -> int:
        self._flush(table)
        order = TABLES[table][2]
        counted = self._connection.execute(
            f"COPY (SELECT * FROM ({self._counted(table)}) ORDER BY {order}, position) TO ? "
            f"(FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP})",
            [str(self._folder / f"{table}.parquet")],
        )
        count = int(counted.fetchall()[0][0])
        self._connection.execute(f"DROP TABLE {table}")
        return count

    def _counted(self, table: str) -> str:
        """The rows with their positions: new ones come counted within their report, those taken over as they stood."""
        if not TABLES[table][1]:
            return self._sources[table]
        place = "(row_number() OVER (ORDER BY body, year, position) - 1)::INTEGER AS position"
        return f"SELECT {place}, * EXCLUDE (position) FROM ({self._sources[table]})"

    def _flush(self, table: str) -> None:
        rows, self._waiting[table] = self._waiting[table], []
        if rows:
            listed = stored(table)
            columns = [_column(cells, kind) for cells, (_, kind) in zip(zip(*rows, strict=True), listed, strict=True)]
            self._connection.register("arriving", pa.table(columns, names=[name for name, _ in listed]))
            self._connection.execute(f"INSERT INTO {table} SELECT * FROM arriving")
            self._connection.unregister("arriving")


def _column(cells: Sequence[Any], kind: str) -> Any:
    if kind == _DECIMAL:
        cells = [None if value is None else value.quantize(_PLACES) for value in cells]
    return pa.array(cells, _ARROW[kind])
