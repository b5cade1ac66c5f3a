"""Writes a snapshot's tables as Parquet: rows from the data folder, and what another snapshot holds already."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.schema import DECIMALS, DIGITS
from dashboard.snapshots import engine_compared
from dashboard.snapshots.engine_tables import ROW_GROUP, TABLES, corrected_facts, stored
from dashboard.snapshots.waiting import Rows, Waiting

_DECIMAL = f"DECIMAL({DIGITS}, {DECIMALS})"
ARROW = {"VARCHAR": pa.string(), "INTEGER": pa.int32(), _DECIMAL: pa.decimal128(DIGITS, DECIMALS)}
_PLACES = Decimal(1).scaleb(-DECIMALS)
_SPILL = ".spill"
# What sorting may take; beyond it, the disk.
_MEMORY = "120MB"
# Tables written at a time; few rows of each are held.
_AT_ONCE = 2


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
        self.spill = folder / _SPILL
        self.spill.mkdir()
        self._waiting = {table: Waiting() for table in _of_reports()}

    def add(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Writes a table that is not of reports: all its rows, in the order of `columns_of(table)`."""
        numbered = [(position, *row) for position, row in enumerate(rows)]
        self._connection.register("added", arrow(table, numbered))
        ordered: pa.Table = self._connection.sql(f"FROM added ORDER BY {TABLES[table][2]}, position").to_arrow_table()
        self._connection.unregister("added")
        with pq.ParquetWriter(self._path(table), _schema(table)) as file:
            file.write_table(ordered.cast(_schema(table)), row_group_size=ROW_GROUP)

    def insert(self, table: str, path: Path, rows: Sequence[Rows]) -> None:
        """Rows of reports that wait in a file in the folder `spill`."""
        self._waiting[table].add(path, rows)

    def take_over(self, folder: Path, table: str, reports: Collection[tuple[str, int]]) -> None:
        """These reports' rows of another snapshot's table, as they stand there."""
        self._waiting[table].take_over(folder / f"{table}.parquet", reports)

    def finish(self) -> dict[str, int]:
        """Writes the reports' tables; how many rows each has. Raises OSError where the disk takes no more."""
        try:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                return dict(zip(self._waiting, pool.map(self._finish, self._waiting), strict=True))
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise OSError(errno.EIO, str(error).splitlines()[0]) from error

    def _compared(self) -> None:
        """What follows from the files of facts and corrections."""
        for name, table in (("reported", "facts"), ("corrections", "corrections")):
            path = str(self._folder / f"{table}.parquet").replace("'", "''")
            self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")
        self._connection.execute(f"CREATE VIEW facts AS {corrected_facts('reported', 'corrections')}")
        engine_compared.write(self._connection, self._folder)

    def close(self) -> None:
        self._connection.close()
        shutil.rmtree(self.spill, ignore_errors=True)

    def _finish(self, table: str) -> int:
        """A part of the rows after the other, each a row group: however many there are, few are held at a time.

        The first of them all, facts, has with it what follows from them.
        """
        schema, count = _schema(table), 0
        with pq.ParquetWriter(self._path(table), schema) as file:
            for rows in self._waiting[table].in_order():
                file.write_table(rows.cast(schema), row_group_size=rows.num_rows)
                count += rows.num_rows
        if table == "facts":
            self._compared()
        return count

    def _path(self, table: str) -> Path:
        return self._folder / f"{table}.parquet"


def _of_reports() -> list[str]:
    return [table for table, (_, key, _) in TABLES.items() if key]


def arrow(table: str, rows: Sequence[Sequence[Any]]) -> Any:
    """Rows in the order of `stored(table)`, the place within their report first, as a table of columns."""
    if not rows:
        return _schema(table).empty_table()
    listed = stored(table)
    held = [column_of(cells, kind) for cells, (_, kind) in zip(zip(*rows, strict=True), listed, strict=True)]
    return pa.table(held, names=[name for name, _ in listed])


def _schema(table: str) -> Any:
    return pa.schema([(name, ARROW[kind]) for name, kind in stored(table)])


def column_of(cells: Sequence[Any], kind: str) -> Any:
    """A column's cells as an array of the kind of `stored`."""
    if kind == _DECIMAL:
        return _decimals(cells)
    return pa.array(cells, ARROW[kind])


def _decimals(cells: Sequence[Decimal | None]) -> Any:
    """By their digits, which takes half the time; rounded where one has more than a column."""
    try:
        return pa.array([None if each is None else str(each) for each in cells], pa.string()).cast(ARROW[_DECIMAL])
    except pa.ArrowInvalid:
        return pa.array([None if each is None else each.quantize(_PLACES) for each in cells], ARROW[_DECIMAL])
