"""Questions of programs: rows as they are, some of a table in an order, or all of a body's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.snapshots.engine_asking import Asking
from dashboard.snapshots.engine_reports import FINDINGS
from dashboard.snapshots.engine_tables import CORRECTED, HOLDS, TABLES, as_reported, columns_of

# What programs list: rows as they are, with what belongs to them.
_LISTS = {
    "bodies": (
        "SELECT b.*, coalesce(r.years, []::INTEGER[]) AS years FROM bodies b LEFT JOIN "
        "(SELECT body, list(year ORDER BY year) AS years FROM reports GROUP BY body) r USING (body)"
    ),
    "reports": "SELECT * FROM reports",
    "facts": "SELECT * FROM facts",
    "mentions": "SELECT * FROM mentions",
    "findings": FINDINGS,
    "corrections": f"SELECT c.*, EXISTS (SELECT 1 FROM reported f WHERE {HOLDS}) AS is_current FROM corrections c",
}
# What a row's report or body is asked for, where the row does not tell it itself.
_ABOVE = {
    "edition": "(body, year) IN (SELECT body, year FROM reports WHERE edition = ?)",
    "level": "body IN (SELECT body FROM bodies WHERE level = ?)",
    "parent": "body IN (SELECT body FROM bodies WHERE parent = ?)",
}
_MORE_COLUMNS: dict[str, tuple[str, ...]] = {
    "bodies": ("years",),
    "facts": CORRECTED,
    "corrections": ("is_current",),
    "findings": ("ruling", "reason", "name", "given", "is_current"),
}


class OfLists(Asking):
    """What an engine is asked for lists."""

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """A whole table as it is stored, in the order of `columns_of`."""
        names = ", ".join(f'"{name}"' for name in columns_of(table))
        frame = self.ask(f"SELECT {names} FROM {as_reported(table)} ORDER BY {TABLES[table][2]}, position")
        return [tuple(row) for row in frame.itertuples(index=False)]

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
        listed, order = f"FROM ({_LISTS[table]}) AS listed", f"ORDER BY {', '.join(ordered)}"
        # Which rows first, then the rows: sorting whole ones would read and hold every column of millions.
        chosen = f"SELECT position {listed}{condition} {order} LIMIT ? OFFSET ?"
        query = f"SELECT * {listed} WHERE position IN ({chosen}) {order}"  # names are the schema's
        return self.ask_apart(query, [*values, limit, offset])

    def count(self, table: str, where: Mapping[str, str | int]) -> int:
        """How many rows of a table have these values, as `listed` takes them."""
        condition, values = self._where(table, where)
        return int(
            self.ask_apart(f"SELECT count(*) AS n FROM ({_LISTS[table]}) AS listed{condition}", values)["n"].iloc[0]
        )

    def list_columns(self, table: str) -> tuple[str, ...]:
        """What a row of `listed` holds."""
        return columns_of(table) + _MORE_COLUMNS.get(table, ())

    def whole(self, table: str, body: str) -> Iterator[tuple[Any, ...]]:
        """All rows of a body as they are stored, in the order of `columns_of(table)`, by year and place in the document."""
        names = ", ".join(f'"{name}"' for name in columns_of(table))
        year = "year, " if "year" in columns_of(table) else ""
        query = f"SELECT {names} FROM {as_reported(table)} WHERE body = ? ORDER BY {year}position"
        return self.stream(query, [body])

    def _where(self, table: str, where: Mapping[str, str | int]) -> tuple[str, list[str | int]]:
        own = self.list_columns(table)
        unknown = [name for name in where if name not in own and (name not in _ABOVE or table == "bodies")]
        if unknown:
            raise ValueError(f"no column {unknown[0]} in {table}")
        parts = [f'"{name}" = ?' if name in own else _ABOVE[name] for name in where]
        return (f" WHERE {' AND '.join(parts)}" if parts else ""), list(where.values())


def _order(sort: str, names: Collection[str]) -> str:
    name = sort.removeprefix("-")
    if name not in names:
        raise ValueError(f"no column {name}")
    return f'"{name}" {"DESC" if sort.startswith("-") else "ASC"} NULLS LAST'
