"""The modules `engine*` alone name a database. This one knows the tables as files, and answers questions about them.

Questions are plain functions with arguments, answered as small DataFrames; nothing below writes SQL. Values are
exact (DECIMAL); a missing value stays null, with its reason beside it.
"""

from __future__ import annotations

import hashlib
import os
import threading
import weakref
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

import duckdb
import pandas as pd

from dashboard.schema import (
    DECIMALS,
    DIGITS,
    Body,
    BodyName,
    Correction,
    EvidenceRow,
    Fact,
    FindingRow,
    Mention,
    OfficerVerdict,
    Report,
)
from dashboard.snapshots import engine_compared
from dashboard.snapshots.engine_spanning import Spanning
from dashboard.tables.rows import records_of

_REPORT_KEY = (("body", "VARCHAR"), ("year", "INTEGER"))
TABLES: dict[str, tuple[type, tuple[tuple[str, str], ...], str]] = {
    "bodies": (Body, (), "body"),
    "names": (BodyName, (), "key, body, kind"),
    "reports": (Report, (), "body, year"),
    # Sorted for the questions that pages ask, which are of one body: they read one row group however many bodies there are.
    "facts": (Fact, _REPORT_KEY, "body, year"),
    "mentions": (Mention, _REPORT_KEY, "body, year"),
    "findings": (FindingRow, _REPORT_KEY, "body, year"),
    "evidence": (EvidenceRow, _REPORT_KEY, "body, year"),
    "verdicts": (OfficerVerdict, (), "body, year"),
    "corrections": (Correction, (), "body, year"),
}
# What a correction adds to the figure it holds for; null everywhere else.
CORRECTED = ("printed_value", "printed_absence", "correction")


# Rows that are read together at least.
ROW_GROUP = 8_192


def stored(table: str) -> list[tuple[str, str]]:
    """The columns of a table's file with their types; `position` counts its rows, by report and place in it."""
    return [("position", "INTEGER"), *_columns(table)]


def layout() -> str:
    """What tells files with other columns, another order or other tables apart."""
    told = [f"{table} {order}: {stored(table)}" for table, (_, _, order) in TABLES.items()]
    told.append(f"{engine_compared.FILE}: {engine_compared.QUERY}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def columns_of(table: str) -> tuple[str, ...]:
    return tuple(name for name, _ in _columns(table))


def _columns(table: str) -> list[tuple[str, str]]:
    record, key, _ = TABLES[table]
    hints = get_type_hints(record)
    return [*key, *((part.name, _type(hints[part.name])) for part in fields(record))]


def _type(hint: Any) -> str:
    kinds = [kind for kind in get_args(hint) if kind is not type(None)] or [hint]
    return {Decimal: f"DECIMAL({DIGITS}, {DECIMALS})", int: "INTEGER"}.get(kinds[0], "VARCHAR")


# A correction holds for the figure as it was read when it was given, and for no other reading of it.
_HOLDS = (
    "c.ended = '' AND c.body = f.body AND c.year = f.year AND c.locator = f.locator AND c.indicator = f.indicator "
    "AND c.applicant = f.applicant AND c.segment = f.segment AND c.measure = f.measure AND c.unit = f.unit "
    "AND c.as_printed = f.as_printed AND c.printed_value IS NOT DISTINCT FROM f.value "
    "AND c.printed_absence IS NOT DISTINCT FROM f.absence"
)


def corrected_facts(reported: str, corrections: str) -> str:
    """A query for the facts of one relation as the corrections of another have them; with the columns of `CORRECTED`."""
    replaced = ", ".join(
        f"CASE WHEN c.correction IS NULL THEN f.{each} ELSE c.{each} END AS {each}" for each in ("value", "absence")
    )
    return (
        f"SELECT f.* REPLACE ({replaced}), c.printed_value, c.printed_absence, "
        "c.given || ': ' || c.reason || ' (' || c.evidence || ')' AS correction "
        f"FROM {reported} f LEFT JOIN {corrections} c ON {_HOLDS}"
    )


def facts_as_they_count(connection: duckdb.DuckDBPyConnection) -> str:
    """A query of the relations `reported` and `corrections`. Where nothing is corrected, no question pays for it."""
    counted = connection.execute("SELECT count(*) FROM corrections WHERE ended = ''").fetchall()
    if counted[0][0]:
        return corrected_facts("reported", "corrections")
    return (
        f"SELECT *, NULL::DECIMAL({DIGITS}, {DECIMALS}) AS printed_value, NULL::VARCHAR AS printed_absence, "
        "NULL::VARCHAR AS correction FROM reported"
    )


_FINDINGS = (
    "SELECT f.*, v.ruling, v.reason, v.name, v.given, v.figures = f.figures AS is_current "
    "FROM findings f LEFT JOIN verdicts v ON v.finding = f.id"
)


# What programs list: rows as they are, with what belongs to them.
_LISTS = {
    "bodies": (
        "SELECT b.*, coalesce(list(r.year ORDER BY r.year) FILTER (r.year IS NOT NULL), []) AS years "
        "FROM bodies b LEFT JOIN reports r USING (body) GROUP BY ALL"
    ),
    "reports": "SELECT * FROM reports",
    "facts": "SELECT * FROM facts",
    "mentions": "SELECT * FROM mentions",
    "findings": _FINDINGS,
    "corrections": f"SELECT c.*, EXISTS (FROM reported f WHERE {_HOLDS}) AS is_current FROM corrections c",
}
# What a row's report or body is asked for, where the row does not tell it itself.
_ABOVE = {
    "edition": "(body, year) IN (SELECT (body, year) FROM reports WHERE edition = ?)",
    "level": "body IN (SELECT body FROM bodies WHERE level = ?)",
    "parent": "body IN (SELECT body FROM bodies WHERE parent = ?)",
}
_MORE_COLUMNS: dict[str, tuple[str, ...]] = {
    "bodies": ("years",),
    "facts": CORRECTED,
    "corrections": ("is_current",),
    "findings": ("ruling", "reason", "name", "given", "is_current"),
}
_LEVEL = "CASE b.level WHEN 'province' THEN 0 WHEN 'prefecture' THEN 1 WHEN 'county' THEN 2 ELSE 3 END"
# What begins as asked stands together in the file, and is found without reading the rest.
_BEGINS = """
    SELECT body, min(CASE WHEN kind = 'initials' THEN CASE WHEN key = ? THEN 2 ELSE 3 END WHEN key = ? THEN 0 ELSE 1 END)
      AS rank, any_value(place) AS place
    FROM names WHERE key >= ? AND key < ? AND {condition} GROUP BY body ORDER BY rank, place, body LIMIT ?
"""
_CONTAINS = """
    SELECT body, 4 AS rank, any_value(place) AS place FROM names
    WHERE kind <> 'initials' AND contains(key, ?) AND {condition} GROUP BY body ORDER BY place, body LIMIT ?
"""
_BELOW_BODIES = f"""
    SELECT b.*, coalesce(c.children, 0) AS children, count(*) OVER () AS total
    FROM bodies b LEFT JOIN (SELECT parent AS body, count(*) AS children FROM bodies GROUP BY parent) c USING (body)
    WHERE b.parent = ? ORDER BY {_LEVEL}, b.body LIMIT ? OFFSET ?
"""
_CHUNK = 5_000
_LAST = "\U0010ffff"  # after every character


class Engine(Spanning):
    """Read-only questions to one snapshot. One small connection; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError where a file is not there."""
        self._connection = duckdb.connect(config={"threads": "2"})
        self._lock = threading.Lock()
        self._files: list[int] = []
        self._release = weakref.finalize(self, _close, self._files)
        for table in TABLES:
            path = self._held(folder / f"{table}.parquet").replace("'", "''")
            name = _as_reported(table)
            self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")
        self._connection.execute(f"CREATE VIEW facts AS {facts_as_they_count(self._connection)}")
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

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """A whole table as it is stored, in the order of `columns_of`."""
        names = ", ".join(f'"{name}"' for name in columns_of(table))
        frame = self._ask(f"SELECT {names} FROM {_as_reported(table)} ORDER BY {TABLES[table][2]}, position")
        return [tuple(row) for row in frame.itertuples(index=False)]

    def found(self, key: str, most: int, where: Mapping[str, str | int] = MappingProxyType({})) -> list[str]:
        """The codes of the bodies that `key` finds, as `tables.finding.plain` makes it, best first; at most `most`.

        The whole before its beginning before the beginnings of its syllables before any part of it; then large bodies
        before small ones and short names before long ones. `where` may name a body, its level and parent, and `reports`,
        the least number of reports. An empty key finds nothing.
        """
        if not key:
            return []
        named = {name: value for name, value in where.items() if name != "reports"}
        condition = "reports >= ?"
        if named:
            told = " AND ".join(f'"{name}" = ?' for name in named)
            condition += f" AND body IN (SELECT body FROM bodies WHERE {told})"
        values = [where.get("reports", 0), *named.values()]
        begins = [key, key, key, f"{key}{_LAST}", *values, most]
        found = list(self._ask_apart(_BEGINS.format(condition=condition), begins)["body"])
        if len(found) < most:
            others = self._ask_apart(_CONTAINS.format(condition=condition), [key, *values, most])["body"]
            found += [body for body in others if body not in set(found)]
        return found[:most]

    def listing_of(self, bodies: Sequence[str]) -> pd.DataFrame:
        """The rows of these bodies with the years they have reported on (`years`), in the order asked for."""
        marks = ", ".join("?" for _ in bodies) or "NULL"
        frame = self._ask_apart(
            "SELECT b.*, coalesce(r.years, []) AS years FROM bodies b LEFT JOIN "
            f"(SELECT body, list(year ORDER BY year) AS years FROM reports WHERE body IN ({marks}) GROUP BY body) r "
            f"USING (body) WHERE b.body IN ({marks})",
            [*bodies, *bodies],
        )
        order = {body: place for place, body in enumerate(bodies)}
        return frame.sort_values("body", key=lambda column: column.map(order)).reset_index(drop=True)

    def above(self, parents: Collection[str]) -> dict[str, dict[str, Any]]:
        """These bodies and all above them, by code."""
        found: dict[str, dict[str, Any]] = {}
        wanted = sorted({each for each in parents if each})
        while wanted:
            frame = self._ask_apart(f"SELECT * FROM bodies WHERE body IN ({', '.join('?' for _ in wanted)})", wanted)
            rows = {row["body"]: row for row in records_of(frame)}
            found |= rows
            wanted = sorted({row["parent"] for row in rows.values() if row["parent"]} - found.keys())
        return found

    def below(self, parent: str, most: int, skipped: int = 0) -> pd.DataFrame:
        """The bodies directly below one (those at the top for an empty code), places before departments.

        `children` is how many stand below each, `total` how many there are.
        """
        return self._ask_apart(_BELOW_BODIES, [parent, most, skipped])

    def bodies(self) -> pd.DataFrame:
        """Every body that has a report, by code, with the years it has reported on (`years`, ascending)."""
        return self._ask(
            "SELECT b.*, list(r.year ORDER BY r.year) AS years FROM bodies b JOIN reports r USING (body) "
            "GROUP BY ALL ORDER BY b.body"
        )

    def years(self, body: str) -> list[int]:
        """The years that the body has reported on, ascending; empty where it has not, or is not known."""
        return [
            int(year) for year in self._ask("SELECT year FROM reports WHERE body = ? ORDER BY year", [body])["year"]
        ]

    def newest(self) -> str:
        """The code of a body with the newest report, the first of them; empty where there is none."""
        found = self._ask("SELECT body FROM reports ORDER BY year DESC, body LIMIT 1")["body"]
        return str(found.iloc[0]) if len(found) else ""

    def filed(self) -> pd.DataFrame:
        """`body`, `year` and `published` (empty where not known) of every report."""
        return self._ask_apart("SELECT body, year, coalesce(published, '') AS published FROM reports", [])

    def body(self, body: str) -> pd.DataFrame:
        """The body's row; empty where there is none."""
        return self._ask("SELECT * FROM bodies WHERE body = ?", [body])

    def report(self, body: str, year: int) -> pd.DataFrame:
        """The report's row; empty where there is none."""
        return self._ask("SELECT * FROM reports WHERE body = ? AND year = ?", [body, year])

    def facts(self, body: str, years: Sequence[int], indicators: Sequence[str] = ()) -> pd.DataFrame:
        """All facts of the reports as corrected, in the order of the document; all indicators where none is named.

        `section` is that of the narrative a fact stands in; empty for a fact of a table.
        """
        query = (
            "SELECT f.*, coalesce(m.section, '') AS section FROM facts f LEFT JOIN mentions m "
            "ON m.body = f.body AND m.year = f.year AND m.locator = f.locator "
            "WHERE f.body = ? AND list_contains(?, f.year)"
        )
        parameters: list[Any] = [body, list(years)]
        if indicators:
            query += " AND list_contains(?, f.indicator)"
            parameters.append(list(indicators))
        return self._ask(query + " ORDER BY f.year, f.position", parameters)

    def reported(self, body: str, year: int) -> pd.DataFrame:
        """All facts of the report as it has them, in the order of the document, whatever has been corrected."""
        return self._ask("SELECT * FROM reported WHERE body = ? AND year = ? ORDER BY position", [body, year])

    def corrected(self, body: str, year: int) -> pd.DataFrame:
        """The corrections that hold for figures of the report, in the order of the document."""
        return self._ask(
            f"SELECT c.* FROM corrections c JOIN reported f ON {_HOLDS} WHERE c.body = ? AND c.year = ? "
            "ORDER BY f.position",
            [body, year],
        )

    def mentions(self, body: str, year: int) -> pd.DataFrame:
        """All quantities of the narrative in the order of the document."""
        return self._ask("SELECT * FROM mentions WHERE body = ? AND year = ? ORDER BY position", [body, year])

    def findings(self, body: str, year: int) -> pd.DataFrame:
        """Every rule tried on the report, in the order of the rules, each with what an officer said of it.

        `ruling`, `reason`, `name`, `given` are the officer's, None where there is none; `is_current` is False where
        the figures have changed since.
        """
        return self._ask(_FINDINGS + " WHERE f.body = ? AND f.year = ? ORDER BY f.position", [body, year])

    def named(self, findings: Sequence[str]) -> pd.DataFrame:
        """The findings with these ids, as `findings` gives them, by report."""
        return self._ask(
            _FINDINGS + " WHERE list_contains(?, f.id) ORDER BY f.body, f.year, f.position", [list(findings)]
        )

    def problems(self, most: int) -> pd.DataFrame:
        """Rules that fail in any report, newest reports first, as `findings` gives them; at most `most`."""
        return self._ask(
            _FINDINGS + " WHERE f.verdict = 'fails' ORDER BY f.year DESC, f.body, f.position LIMIT ?", [most]
        )

    def evidence(self, findings: Sequence[str]) -> pd.DataFrame:
        """The cells of these findings, in their order."""
        return self._ask("SELECT * FROM evidence WHERE list_contains(?, finding) ORDER BY position", [list(findings)])

    def failing_at(self, body: str, year: int) -> pd.DataFrame:
        """`locator` and `finding`: the places of the report that a rule which fails rests on."""
        return self._ask(
            "SELECT DISTINCT e.locator, f.id AS finding FROM evidence e JOIN findings f "
            "ON f.id = e.finding AND f.body = e.body AND f.year = e.year "
            "WHERE e.body = ? AND e.year = ? AND f.verdict = 'fails' AND e.source_body = '' AND e.locator <> ''",
            [body, year],
        )

    def listed(
        self, table: str, where: Mapping[str, str | int], sort: Sequence[str], limit: int, offset: int
    ) -> pd.DataFrame:
        """The rows of a table that have these values, in this order: names of columns, `-` before one for the reverse.

        What is missing comes last either way. Rows that are equal in it come as they were written, by report and place in it, so that pages do
        not overlap. `where` may also name edition, level and parent of the row's report or body.
        Raises ValueError for a column that is not there.
        """
        condition, values = self._where(table, where)
        names = set(self.list_columns(table)) | {"position"}
        ordered = [_order(each, names) for each in (*sort, "position")]
        listed, order = f"FROM ({_LISTS[table]})", f"ORDER BY {', '.join(ordered)}"
        # Which rows first, then the rows: sorting whole ones would read and hold every column of millions.
        chosen = f"SELECT position {listed}{condition} {order} LIMIT ? OFFSET ?"
        query = f"SELECT * {listed} WHERE position IN ({chosen}) {order}"  # names are the schema's
        return self._ask_apart(query, [*values, limit, offset])

    def count(self, table: str, where: Mapping[str, str | int]) -> int:
        """How many rows of a table have these values, as `listed` takes them."""
        condition, values = self._where(table, where)
        return int(self._ask_apart(f"SELECT count(*) AS n FROM ({_LISTS[table]}){condition}", values)["n"].iloc[0])

    def list_columns(self, table: str) -> tuple[str, ...]:
        """What a row of `listed` holds."""
        return columns_of(table) + _MORE_COLUMNS.get(table, ())

    def titles(self, bodies: Sequence[str]) -> pd.DataFrame:
        """`body`, `year` and `title` of all reports of these bodies."""
        return self._ask_apart("SELECT body, year, title FROM reports WHERE list_contains(?, body)", [list(bodies)])

    def whole(self, table: str, body: str) -> Iterator[tuple[Any, ...]]:
        """All rows of a body as they are stored, in the order of `columns_of(table)`, by year and place in the document."""
        names = ", ".join(f'"{name}"' for name in columns_of(table))
        year = "year, " if "year" in columns_of(table) else ""
        query = f"SELECT {names} FROM {_as_reported(table)} WHERE body = ? ORDER BY {year}position"
        with self._apart() as connection:
            result = connection.execute(query, [body])
            while rows := result.fetchmany(_CHUNK):
                yield from (tuple(_plain(value) for value in row) for row in rows)

    def _where(self, table: str, where: Mapping[str, str | int]) -> tuple[str, list[str | int]]:
        own = self.list_columns(table)
        unknown = [name for name in where if name not in own and (name not in _ABOVE or table == "bodies")]
        if unknown:
            raise ValueError(f"no column {unknown[0]} in {table}")
        parts = [f'"{name}" = ?' if name in own else _ABOVE[name] for name in where]
        return (f" WHERE {' AND '.join(parts)}" if parts else ""), list(where.values())

    @contextmanager
    def _apart(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of its own: a long question does not keep the pages waiting."""
        with self._lock:
            connection = self._connection.cursor()
        try:
            yield connection
        finally:
            connection.close()

    def _ask_apart(self, query: str, parameters: Sequence[Any]) -> pd.DataFrame:
        with self._apart() as connection:
            return _frame(connection.execute(query, list(parameters)))

    def _ask(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """Values come as Decimal objects, exact; missing ones as None."""
        with self._lock:
            return _frame(self._connection.execute(query, list(parameters)))


def _as_reported(table: str) -> str:
    """The view of a table's file: facts without what has been corrected."""
    return "reported" if table == "facts" else table


def _frame(result: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    names = [column[0] for column in result.description or []]
    rows = [[_plain(value) for value in row] for row in result.fetchall()]
    return pd.DataFrame(rows, columns=names, dtype=object) if rows else pd.DataFrame(columns=names)


def _order(sort: str, names: Collection[str]) -> str:
    name = sort.removeprefix("-")
    if name not in names:
        raise ValueError(f"no column {name}")
    return f'"{name}" {"DESC" if sort.startswith("-") else "ASC"} NULLS LAST'


def _close(files: list[int]) -> None:
    for each in files:
        os.close(each)


def _plain(value: Any) -> Any:
    """706668.00000000 as 706668: the column's scale is the database's, not the report's."""
    if isinstance(value, Decimal):
        return Decimal(f"{value.normalize():f}")
    return value
