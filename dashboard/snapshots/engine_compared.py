"""The one figure of each body, year and indicator that bodies are compared by, in a file sorted for it.

A ranking asks for one indicator of one year of every body; in the file of facts, sorted by body, it would read them all.
Made from a snapshot's other files, and holds nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from dashboard.snapshots.engine_tables import compared

FILE = "compared.parquet"
_SOME = compared("(SELECT * FROM facts WHERE body BETWEEN ? AND ?)")
# Facts looked through at a time, and rows of the file that are read together.
_AT_ONCE, _ROW_GROUP = 400_000, 40_960


def write(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Writes the file from the view `facts`, some bodies at a time: few rows are held, however many there are."""
    connection.execute(f"CREATE TABLE chosen AS {compared('facts')} LIMIT 0")
    for first, last in _stretches(connection):
        connection.execute(f"INSERT INTO chosen {_SOME}", [first, last])
    rows = connection.sql("FROM chosen ORDER BY indicator, year, body").to_arrow_reader(_ROW_GROUP)
    with pq.ParquetWriter(folder / FILE, rows.schema) as file:
        for batch in rows:
            file.write_batch(batch)
    connection.execute("DROP TABLE chosen")


def _stretches(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, Any]]:
    """The first and last of bodies that have so many facts together, one after the other."""
    counted = connection.execute("SELECT body, count(*) FROM facts GROUP BY body ORDER BY body").fetchall()
    first, rows = None, 0
    for place, (body, more) in enumerate(counted):
        first, rows = (first if rows else body), rows + more
        if rows >= _AT_ONCE or place == len(counted) - 1:
            yield first, body
            rows = 0
