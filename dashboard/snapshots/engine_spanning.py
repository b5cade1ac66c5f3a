"""Questions that span reports: many bodies, many years. Written once here, for every engine.

Answers are small DataFrames as those of `engine` are; a body or a year without a report has no row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard.snapshots.engine_asking import Asking
from dashboard.snapshots.engine_tables import WHOLE

_SUMS_BESIDE = """
    SELECT r.body, b.name AS body_name, b.name_en AS body_name_en,
        CASE WHEN count(CASE WHEN c.indicator IN {parts} THEN c.value END) = ?
            THEN sum(CASE WHEN c.indicator IN {parts} THEN c.value END) END AS part,
        CASE WHEN count(CASE WHEN c.indicator IN {base} THEN c.value END) = ?
            THEN sum(CASE WHEN c.indicator IN {base} THEN c.value END) END AS base
    FROM reports r JOIN bodies b ON b.body = r.body
    LEFT JOIN (SELECT * FROM compared WHERE year = ? AND indicator IN {codes}) c ON c.body = r.body
    WHERE r.year = ? AND coalesce(r.edition, '') = ? AND b.level = (SELECT own.level FROM bodies own WHERE own.body = ?)
    GROUP BY r.body, b.name, b.name_en ORDER BY r.body
"""


def _marks(values: Sequence[Any]) -> str:
    """The place of a list in a query. A list that a function is asked about would be looked for in every row there is."""
    return f"({', '.join('?' for _ in values) or 'NULL'})"


class OfManyReports(Asking):
    """What an engine is asked about more than one report."""

    def reports_of(self, bodies: Sequence[str]) -> pd.DataFrame:
        """`body`, `year`, `edition` and `published` of every report of these bodies, years ascending."""
        return self.ask_apart(
            "SELECT body, year, edition, coalesce(published, '') AS published FROM reports "
            f"WHERE body IN {_marks(bodies)} ORDER BY body, year",
            bodies,
        )

    def figures_of(self, bodies: Sequence[str], indicators: Sequence[str], years: Sequence[int] = ()) -> pd.DataFrame:
        """The facts of these bodies' reports that count a whole, in the order of each document; of all years if none is named."""
        within = f" AND f.year IN {_marks(years)}" if years else ""
        return self.ask_apart(
            "SELECT f.*, '' AS section FROM facts f "
            f"WHERE f.body IN {_marks(bodies)} AND f.indicator IN {_marks(indicators)}{within} AND {WHOLE} "
            "ORDER BY f.body, f.year, f.position",
            [*bodies, *indicators, *years],
        )

    def sums_beside(
        self, body: str, year: int, edition: str, parts: Sequence[str], base: Sequence[str]
    ) -> pd.DataFrame:
        """For every body of the level of this one that reported on the year in the edition: `part` and `base`, by code.

        Sums of the figures named, null where one of them is missing or none is named; with `body_name`, `body_name_en`.
        """
        codes = [*parts, *base]
        return self.ask_apart(
            _SUMS_BESIDE.format(codes=_marks(codes), parts=_marks(parts), base=_marks(base)),
            [*parts, len(parts), *parts, *base, len(base), *base, year, *codes, year, edition, body],
        )

    def failing_of(self, bodies: Sequence[str], years: Sequence[int]) -> pd.DataFrame:
        """`body`, `year` and `locator`: the places that a rule which fails rests on, in these bodies' reports on these years.

        Most reports have none: what rules rest on, which is the largest table, is read of the others alone.
        """
        found = self.ask_apart(
            f"SELECT id, body FROM findings WHERE body IN {_marks(bodies)} AND year IN {_marks(years)} AND verdict = 'fails'",
            [*bodies, *years],
        )
        ids, failing = list(found["id"]), sorted(set(found["body"]))
        if not ids:
            return pd.DataFrame(columns=["body", "year", "locator"])
        return self.ask_apart(
            "SELECT DISTINCT body, year, locator FROM evidence "
            f"WHERE body IN {_marks(failing)} AND finding IN {_marks(ids)} AND source_body = '' AND locator <> ''",
            [*failing, *ids],
        )

    def rates_of(self, body: str) -> pd.DataFrame:
        """The growth rates of indicators that the body's reports state of a whole, in the order of the documents."""
        return self.ask_apart(
            "SELECT f.*, '' AS section FROM facts f "
            "WHERE f.body = ? AND f.measure = 'yoy_rate' AND f.segment = 'all' AND f.applicant IN ('', 'total') "
            "ORDER BY f.year, f.position",
            [body],
        )

    def beside(self, body: str, most: int) -> pd.DataFrame:
        """Bodies with a report of the same level below the same body, this one first, then by code."""
        return self.ask_apart(
            "SELECT b.* FROM bodies b JOIN bodies own ON own.body = ? AND b.level = own.level AND b.parent = own.parent "
            "WHERE b.body IN (SELECT body FROM reports) ORDER BY b.body <> own.body, b.body LIMIT ?",
            [body, most],
        )

    def parts_of(self, parent: str) -> pd.DataFrame:
        """The bodies directly below one, by code, whether they have reported or not."""
        return self.ask_apart("SELECT * FROM bodies WHERE parent = ? ORDER BY body", [parent])
