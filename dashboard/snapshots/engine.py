"""The modules `engine*` alone name a database. This one answers questions about the tables as files, by DuckDB.

Questions are plain functions with arguments, answered as small DataFrames; nothing below writes SQL. Values are
exact (DECIMAL); a missing value stays null, with its reason beside it.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from dashboard.snapshots import engine_compared
from dashboard.snapshots.engine_asking import frame, plain
from dashboard.snapshots.engine_bodies import OfBodies
from dashboard.snapshots.engine_lists import OfLists
from dashboard.snapshots.engine_reports import OfReports
from dashboard.snapshots.engine_spanning import OfManyReports
from dashboard.snapshots.engine_tables import TABLES, as_reported, corrected_facts, uncorrected_facts

_CHUNK = 5_000


class Engine(OfBodies, OfReports, OfManyReports, OfLists):
    """Read-only questions to one snapshot, whoever answers them; safe to use from several threads."""

    def close(self) -> None:
        raise NotImplementedError


class FileEngine(Engine):
    """Answers from the snapshot's files, by one small connection."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError where a file is not there."""
        self._connection = duckdb.connect(config={"threads": "2"})
        self._lock = threading.Lock()
        self._files: list[int] = []
        self._release = weakref.finalize(self, _close, self._files)
        for table in TABLES:
            path = self._held(folder / f"{table}.parquet").replace("'", "''")
            self._connection.execute(f"CREATE VIEW {as_reported(table)} AS SELECT * FROM read_parquet('{path}')")
        # Where nothing is corrected, no question pays for it.
        counted = self._connection.execute("SELECT count(*) FROM corrections WHERE ended = ''").fetchall()
        facts = corrected_facts("reported", "corrections") if counted[0][0] else uncorrected_facts("reported")
        self._connection.execute(f"CREATE VIEW facts AS {facts}")
        path = self._held(folder / engine_compared.FILE).replace("'", "''")
        self._connection.execute(f"CREATE VIEW compared AS SELECT * FROM read_parquet('{path}')")

    def _held(self, path: Path) -> str:
        """A path that leads to the file as long as the engine lives, even when the snapshot has been pruned meanwhile.

        Rows are read when they are asked for. Only Linux opens a file anew by its descriptor.
        """
        self._files.append(os.open(path, os.O_RDONLY))
        by_descriptor = f"/proc/self/fd/{self._files[-1]}"
        return by_descriptor if Path(by_descriptor).exists() else str(path)

    def close(self) -> None:
        with self._lock:
            self._connection.close()
        self._release()

    def ask(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        with self._lock:
            return _frame(self._connection.execute(query, list(parameters)))

    def ask_apart(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        with self._apart() as connection:
            return _frame(connection.execute(query, list(parameters)))

    def stream(self, query: str, parameters: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        with self._apart() as connection:
            result = connection.execute(query, list(parameters))
            while rows := result.fetchmany(_CHUNK):
                yield from (tuple(plain(value) for value in row) for row in rows)

    @contextmanager
    def _apart(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of its own: a long question does not keep the pages waiting."""
        with self._lock:
            connection = self._connection.cursor()
        try:
            yield connection
        finally:
            connection.close()


def _frame(result: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return frame([column[0] for column in result.description or []], result.fetchall())


def _close(files: list[int]) -> None:
    for each in files:
        os.close(each)
