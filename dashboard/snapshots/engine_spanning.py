"""Questions that span reports: many bodies, many years. Written once here, asked of the connection of `engine`.

Answers are small DataFrames as those of `engine` are; a body or a year without a report has no row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

# The figure of a whole report: of everybody, and of all applicants together.
_WHOLE = "f.measure = 'value' AND f.segment = 'all' AND f.applicant IN ('', 'total')"


class Spanning:
    """What `Engine` is asked about more than one report."""

    def _ask_apart(self, query: str, parameters: Sequence[Any]) -> pd.DataFrame:
        raise NotImplementedError

    def reports_of(self, bodies: Sequence[str]) -> pd.DataFrame:
        """`body`, `year`, `edition` and `published` of every report of these bodies, years ascending."""
        return self._ask_apart(
            "SELECT body, year, edition, coalesce(published, '') AS published FROM reports "
            "WHERE list_contains(?, body) ORDER BY body, year",
            [list(bodies)],
        )

    def figures_of(self, bodies: Sequence[str], indicators: Sequence[str]) -> pd.DataFrame:
        """The facts of these bodies' reports that count a whole, in the order of each document."""
        return self._ask_apart(
            "SELECT f.*, '' AS section FROM facts f "
            f"WHERE list_contains(?, f.body) AND list_contains(?, f.indicator) AND {_WHOLE} "
            "ORDER BY f.body, f.year, f.position",
            [list(bodies), list(indicators)],
        )

    def figures_at(self, level: str, years: Sequence[int], indicators: Sequence[str]) -> pd.DataFrame:
        """As `figures_of`, of every body of a level in these years."""
        return self._ask_apart(
            "SELECT f.*, '' AS section FROM facts f JOIN bodies b USING (body) "
            f"WHERE b.level = ? AND list_contains(?, f.year) AND list_contains(?, f.indicator) AND {_WHOLE} "
            "ORDER BY f.body, f.year, f.position",
            [level, list(years), list(indicators)],
        )

    def reports_at(self, level: str, years: Sequence[int]) -> pd.DataFrame:
        """`body`, `year`, `edition` and names of every report of a level in these years."""
        return self._ask_apart(
            "SELECT r.body, r.year, r.edition, b.name, b.name_en FROM reports r JOIN bodies b USING (body) "
            "WHERE b.level = ? AND list_contains(?, r.year) ORDER BY r.body, r.year",
            [level, list(years)],
        )

    def failing_of(self, bodies: Sequence[str]) -> pd.DataFrame:
        """`body`, `year` and `locator`: the places that a rule which fails rests on, in any report of these bodies."""
        return self._ask_apart(
            "SELECT DISTINCT e.body, e.year, e.locator FROM evidence e JOIN findings f "
            "ON f.id = e.finding AND f.body = e.body AND f.year = e.year "
            "WHERE list_contains(?, e.body) AND f.verdict = 'fails' AND e.source_body = '' AND e.locator <> ''",
            [list(bodies)],
        )

    def rates_of(self, body: str) -> pd.DataFrame:
        """The growth rates of indicators that the body's reports state of a whole, in the order of the documents."""
        return self._ask_apart(
            "SELECT f.*, coalesce(m.section, '') AS section FROM facts f LEFT JOIN mentions m "
            "ON m.body = f.body AND m.year = f.year AND m.locator = f.locator "
            "WHERE f.body = ? AND f.measure = 'yoy_rate' AND f.segment = 'all' AND f.applicant IN ('', 'total') "
            "ORDER BY f.year, f.position",
            [body],
        )

    def beside(self, body: str, most: int) -> pd.DataFrame:
        """Bodies with a report of the same level below the same body, this one first, then by code."""
        return self._ask_apart(
            "SELECT b.* FROM bodies b JOIN bodies own ON own.body = ? AND b.level = own.level AND b.parent = own.parent "
            "WHERE b.body IN (SELECT body FROM reports) ORDER BY b.body <> own.body, b.body LIMIT ?",
            [body, most],
        )

    def parts_of(self, parent: str) -> pd.DataFrame:
        """The bodies directly below one, by code, whether they have reported or not."""
        return self._ask_apart("SELECT * FROM bodies WHERE parent = ? ORDER BY body", [parent])
