"""Holds one snapshot against another: figures added, changed and gone, findings new and settled, figures a report has."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dashboard.snapshots.engine_tables import corrected_facts

# What a figure is, whatever it holds and wherever it is printed; prose may state one several times.
_FIGURE = "body, year, indicator, segment, applicant, measure, in_table"
_NUMBERED = f"""
    SELECT *, row_number() OVER (PARTITION BY {_FIGURE} ORDER BY position) AS nth
    FROM (SELECT *, contains(locator, 'table:') AS in_table FROM ({{facts}}) facts {{touched}})
"""
_CHANGED = f"""
    SELECT body, year, indicator, segment, applicant, measure,
      CASE WHEN old.nth IS NULL THEN 'added' WHEN new.nth IS NULL THEN 'gone' ELSE 'changed' END AS change,
      old.value AS old_value, old.absence AS old_absence, new.value AS new_value, new.absence AS new_absence,
      coalesce(new.unit, old.unit) AS unit, coalesce(new.locator, old.locator) AS locator, nth
    FROM old FULL JOIN new USING ({_FIGURE}, nth)
    WHERE old.nth IS NULL OR new.nth IS NULL OR (old.value, old.absence, old.unit) IS DISTINCT FROM
      (new.value, new.absence, new.unit)
"""
# Against nothing, every figure is added: nothing has to be found again among as many.
_ADDED = """
    SELECT body, year, indicator, segment, applicant, measure, 'added' AS change,
      NULL::DECIMAL AS old_value, NULL::VARCHAR AS old_absence, value AS new_value, absence AS new_absence,
      unit, locator, position AS nth
    FROM ({facts}) facts
"""
_PROBLEMS = "SELECT id, body, year, rule, severity FROM read_parquet(?) WHERE verdict = 'fails' AND severity <> 'note'"
Rows = list[tuple[Any, ...]]


class Comparison:
    """Two snapshots' folders; `touched` are the only reports whose figures can differ, None where any can."""

    def __init__(self, old: Path | None, new: Path, touched: Collection[tuple[str, int]] | None = None) -> None:
        self._old, self._new = old, new
        self._connection = duckdb.connect(config={"threads": "2", "memory_limit": "200MB"})
        if touched is not None:
            bodies = pa.array([body for body, _ in touched], pa.string())
            years = pa.array([year for _, year in touched], pa.int32())
            self._connection.register("touched", pa.table({"body": bodies, "year": years}))
        if old is None:
            facts = corrected_facts(_file(new, "facts"), _file(new, "corrections"))
            self._connection.execute(f"CREATE TEMP VIEW changes AS {_ADDED.format(facts=facts)}")
            return
        join = "" if touched is None else "SEMI JOIN touched USING (body, year)"
        for name, folder in (("old", old), ("new", new)):
            facts = corrected_facts(_file(folder, "facts"), _file(folder, "corrections"))
            query = _NUMBERED.format(facts=facts, touched=join)
            self._connection.execute(f"CREATE TEMP TABLE {name} AS {query}")
        self._connection.execute(f"CREATE TEMP TABLE changes AS {_CHANGED}")

    def close(self) -> None:
        self._connection.close()

    def counts(self, *, by_indicator: bool = True) -> Rows:
        """(body, year, indicator, change, how many), sorted; the indicator is empty where figures are not told by it."""
        # A correction changes what a figure is, not how many there are.
        changes = "changes" if self._old else f"(SELECT *, 'added' AS change FROM {_file(self._new, 'facts')})"
        told = "indicator" if by_indicator else "'' AS indicator"
        return self._ask(f"SELECT body, year, {told}, change, count(*) FROM {changes} GROUP BY ALL ORDER BY ALL")

    def figures(self, most: int | None) -> Rows:
        """(body, year, indicator, segment, applicant, measure, change, old value, old absence, new value, new absence,
        unit, locator), sorted; at most `most`."""
        return self._ask(
            "SELECT * EXCLUDE (nth) FROM changes "
            f"ORDER BY body, year, indicator, segment, applicant, measure, locator, nth LIMIT {_limit(most)}"
        )

    def findings(self) -> Rows:
        """(body, year, rule, severity, id, 'new' or 'settled') of the rules that fail on one side alone, sorted."""
        old, new = self._problems(self._old), self._problems(self._new)
        told = [(*new[each], each, "new") for each in new.keys() - old.keys()]
        told += [(*old[each], each, "settled") for each in old.keys() - new.keys()]
        return sorted(told)

    def _problems(self, folder: Path | None) -> dict[str, tuple[Any, ...]]:
        if folder is None:
            return {}
        found = self._ask(_PROBLEMS, [str(folder / "findings.parquet")])
        return {row[0]: row[1:] for row in found}

    def _ask(self, query: str, parameters: list[Any] | None = None) -> Rows:
        return self._connection.execute(query, parameters or []).fetchall()


def _file(folder: Path, table: str) -> str:
    path = str(folder / f"{table}.parquet").replace("'", "''")
    return f"read_parquet('{path}')"


def corrected_reports(folder: Path) -> set[tuple[str, int]]:
    """The reports with corrections in force."""
    with duckdb.connect(config={"threads": "2"}) as connection:
        found = connection.execute(
            "SELECT DISTINCT body, year FROM read_parquet(?) WHERE ended = ''", [str(folder / "corrections.parquet")]
        ).fetchall()
    return {(body, year) for body, year in found}


def figures_of_reports(folder: Path) -> dict[tuple[str, int], int]:
    """How many figures with a value each report of a snapshot has."""
    with duckdb.connect(config={"threads": "2"}) as connection:
        found = connection.execute(
            "SELECT r.body, r.year, count(f.value) FROM read_parquet(?) r LEFT JOIN read_parquet(?) f "
            "USING (body, year) GROUP BY ALL",
            [str(folder / "reports.parquet"), str(folder / "facts.parquet")],
        ).fetchall()
    return {(body, year): count for body, year, count in found}


def _limit(most: int | None) -> str:
    return "ALL" if most is None else str(int(most))
