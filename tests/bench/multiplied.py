"""A snapshot with the bodies of another many times over, for questions: every body, report and figure again under other codes.

Written by the database itself, as files of the same layout and order; no refresh could make as many in a reasonable time.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from dashboard.snapshots import engine_compared, manifest, store
from dashboard.snapshots.engine_tables import ROW_GROUP, TABLES, stored

# Which columns hold codes of bodies or ids of findings, and so differ in each copy.
_RENAMED = {"body", "parent", "source_body", "finding", "id"}
_ROW_GROUP = 40_960


def write(folder: Path, snapshots: Path, name: str, times: int) -> str:
    """Writes and publishes it in the snapshots folder `folder`; its name. Codes of a copy begin with its number."""
    held = manifest.read(snapshots / name)
    target = folder / f"{name}-{times}"
    target.mkdir(parents=True)
    spill = str(folder / ".spill")
    with duckdb.connect(config={"threads": "2", "memory_limit": "1GB", "temp_directory": spill}) as connection:
        for table in TABLES:
            _write(connection, table, snapshots / name / f"{table}.parquet", target / f"{table}.parquet", times)
        _write_compared(connection, snapshots / name / engine_compared.FILE, target / engine_compared.FILE, times)
    files = {path.name: manifest.hash_of(path) for path in sorted(target.glob("*.parquet"))}
    more = {each: getattr(held, each) * times for each in ("reports", "facts", "mentions", "findings")}
    manifest.write(target, replace(held, files=files, **more))
    store.publish(folder, target.name)
    return target.name


def _write(connection: duckdb.DuckDBPyConnection, table: str, source: Path, target: Path, times: int) -> None:
    """Of reports' tables one copy after the other: their codes begin with its number, so nothing has to be sorted."""
    own, order = TABLES[table][1], TABLES[table][2]
    count = connection.execute(f"SELECT count(*) FROM read_parquet('{source}')").fetchall()[0][0]
    copies = " UNION ALL ".join(
        f"SELECT {', '.join(_cell(column, copy, count) for column, _ in stored(table))} FROM read_parquet('{source}') t"
        for copy in range(times)
    )
    query = copies if own else f"SELECT * FROM ({copies}) ORDER BY {order}, position"
    rows = _ROW_GROUP if own else ROW_GROUP
    connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE {rows})")


def _write_compared(connection: duckdb.DuckDBPyConnection, source: Path, target: Path, times: int) -> None:
    connection.execute(
        f"COPY (SELECT indicator, year, copy || body AS body, value FROM read_parquet('{source}') CROSS JOIN "
        f"range({times}) AS copies(copy) ORDER BY indicator, year, body) TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE {_ROW_GROUP})"
    )


def _cell(column: str, copy: int, count: int) -> str:
    if column == "position":
        return f"(t.position + {copy * count})::INTEGER AS position"
    if column in _RENAMED:
        return f"CASE WHEN t.\"{column}\" = '' THEN '' ELSE '{copy}' || t.\"{column}\" END AS \"{column}\""
    return f't."{column}"'
