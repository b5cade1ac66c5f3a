"""Questions about one report: its row, its figures as corrected and as reported, its narrative, what the checks found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import pandas as pd

from dashboard.kept import Kept
from dashboard.snapshots.engine_asking import Asking
from dashboard.snapshots.engine_tables import HOLDS

# Reports whose facts are kept.
_REPORTS = 16
FINDINGS = (
    "SELECT f.*, v.ruling, v.reason, v.name, v.given, v.figures = f.figures AS is_current "
    "FROM findings f LEFT JOIN verdicts v ON v.finding = f.id"
)


class OfReports(Asking):
    """What an engine is asked about a report."""

    def report(self, body: str, year: int) -> pd.DataFrame:
        """The report's row; empty where there is none."""
        return self.ask("SELECT * FROM reports WHERE body = ? AND year = ?", [body, year])

    def facts(self, body: str, years: Sequence[int], indicators: Sequence[str] = ()) -> pd.DataFrame:
        """All facts of the reports as corrected, in the order of the document; all indicators where none is named.

        `section` is that of the narrative a fact stands in; empty for a fact of a table.
        """
        reports = [self._facts_of(body, year) for year in sorted(set(years))]
        held = [each for each in reports if not each.empty]
        facts = pd.concat(held, ignore_index=True) if held else reports[0].copy()
        return facts[facts["indicator"].isin(indicators)].reset_index(drop=True) if indicators else facts

    def _facts_of(self, body: str, year: int) -> pd.DataFrame:
        """Asked once: every chart of a page wants some of them."""
        facts = self._held_facts.get((body, year))
        if facts is None:
            facts = self.ask(
                "SELECT f.*, coalesce(m.section, '') AS section FROM facts f LEFT JOIN mentions m "
                "ON m.body = f.body AND m.year = f.year AND m.locator = f.locator "
                "WHERE f.body = ? AND f.year = ? ORDER BY f.position",
                [body, year],
            )
            self._held_facts.put((body, year), facts)
        return facts

    @cached_property
    def _held_facts(self) -> Kept[tuple[str, int], pd.DataFrame]:
        return Kept(_REPORTS)

    def reported(self, body: str, year: int) -> pd.DataFrame:
        """All facts of the report as it has them, in the order of the document, whatever has been corrected."""
        return self.ask("SELECT * FROM reported WHERE body = ? AND year = ? ORDER BY position", [body, year])

    def corrected(self, body: str, year: int) -> pd.DataFrame:
        """The corrections that hold for figures of the report, in the order of the document."""
        return self.ask(
            f"SELECT c.* FROM corrections c JOIN reported f ON {HOLDS} WHERE c.body = ? AND c.year = ? "
            "ORDER BY f.position",
            [body, year],
        )

    def mentions(self, body: str, year: int) -> pd.DataFrame:
        """All quantities of the narrative in the order of the document."""
        return self.ask("SELECT * FROM mentions WHERE body = ? AND year = ? ORDER BY position", [body, year])

    def told(self, words: str, body: str, most: int, *, of_others: bool = False) -> pd.DataFrame:
        """Quantities of the narrative whose words hold `words`, newest reports of the body first; at most `most`.

        `of_others`: those of all other bodies, any of them, so that the first ones found will do.
        """
        return self.ask_apart(
            "SELECT body, year, counts, as_printed, section, locator FROM mentions "
            f"WHERE body {'<>' if of_others else '='} ? AND (contains(counts, ?) OR contains(as_printed, ?)) "
            + ("LIMIT ?" if of_others else "ORDER BY year DESC, position LIMIT ?"),
            [body, words, words, most],
        )

    def findings(self, body: str, year: int) -> pd.DataFrame:
        """Every rule tried on the report, in the order of the rules, each with what an officer said of it.

        `ruling`, `reason`, `name`, `given` are the officer's, None where there is none; `is_current` is False where
        the figures have changed since.
        """
        return self.ask(FINDINGS + " WHERE f.body = ? AND f.year = ? ORDER BY f.position", [body, year])

    def named(self, findings: Sequence[str]) -> pd.DataFrame:
        """The findings with these ids, as `findings` gives them, by report."""
        return self.ask(
            FINDINGS + " WHERE list_contains(?, f.id) ORDER BY f.body, f.year, f.position", [list(findings)]
        )

    def problems(self, most: int) -> pd.DataFrame:
        """Rules that fail in any report, newest reports first, as `findings` gives them; at most `most`."""
        return self.ask(
            FINDINGS + " WHERE f.verdict = 'fails' ORDER BY f.year DESC, f.body, f.position LIMIT ?", [most]
        )

    def evidence(self, findings: Sequence[str]) -> pd.DataFrame:
        """The cells of these findings, in their order."""
        return self.ask("SELECT * FROM evidence WHERE list_contains(?, finding) ORDER BY position", [list(findings)])

    def failing_at(self, body: str, year: int) -> pd.DataFrame:
        """`locator` and `finding`: the places of the report that a rule which fails rests on."""
        return self.ask(
            "SELECT DISTINCT e.locator, f.id AS finding FROM evidence e JOIN findings f "
            "ON f.id = e.finding AND f.body = e.body AND f.year = e.year "
            "WHERE e.body = ? AND e.year = ? AND f.verdict = 'fails' AND e.source_body = '' AND e.locator <> ''",
            [body, year],
        )
