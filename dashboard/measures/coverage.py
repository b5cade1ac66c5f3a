"""Which body has reported on which year: filed, filed late, missing, not due yet. A snapshot and a day come in.

A report is due by 31 March of the year after the one it reports on; where nothing tells when it was published, it is
filed, and nobody says late.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dashboard.schema import Body
from dashboard.snapshots.engine import Engine
from dashboard.tables.rows import records_of


class Standing(StrEnum):
    """Of one body in one year; refused: a document was given, and could not be taken in."""

    FILED = "filed"
    LATE = "late"
    MISSING = "missing"
    NOT_DUE = "not_due"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Cell:
    year: int
    standing: Standing
    published: str = ""


@dataclass(frozen=True)
class Coverage:
    """Every body of the list, also one that never reported; years from the newest back to the first."""

    bodies: Sequence[Body]
    years: Sequence[int]
    filed: Mapping[str, Mapping[int, str]]
    today: date
    refused: frozenset[tuple[str, int]] = frozenset()

    def cells(self, body: str) -> list[Cell]:
        """One for each year, in the order of `years`."""
        held = self.filed.get(body, {})
        return [Cell(year, self._standing(body, year, held), held.get(year, "")) for year in self.years]

    def _standing(self, body: str, year: int, held: Mapping[int, str]) -> Standing:
        due = f"{year + 1}-03-31"
        if year in held:
            return Standing.LATE if held[year] > due else Standing.FILED
        if (body, year) in self.refused:
            return Standing.REFUSED
        return Standing.NOT_DUE if self.today.isoformat() <= due else Standing.MISSING

    def below(self, parent: str) -> set[str]:
        """The body and all below it, however deep."""
        children: dict[str, list[str]] = {}
        for each in self.bodies:
            children.setdefault(each.parent, []).append(each.body)
        found, left = {parent}, [parent]
        while left:
            new = [each for each in children.get(left.pop(), []) if each not in found]
            found.update(new)
            left += new
        return found

    def parents(self) -> list[Body]:
        """Bodies that have others below them."""
        named = {each.parent for each in self.bodies}
        return [each for each in self.bodies if each.body in named]

    def find(self, words: str = "", level: str = "", parent: str = "", standing: str = "") -> list[Body]:
        """Bodies that every word is in (code from its start, a name or another name), in the order of the list."""
        parts = _plain(words).split()
        within = self.below(parent) if parent else None
        return [
            each
            for each in self.bodies
            if (not level or each.level == level)
            and (within is None or each.body in within)
            and all(_names(each, part) for part in parts)
            and (not standing or any(cell.standing == standing for cell in self.cells(each.body)))
        ]

    def count(self, bodies: Iterable[Body]) -> tuple[Counter[Standing], Counter[int]]:
        """How many cells stand how, and in how many a report is there by year."""
        standings: Counter[Standing] = Counter()
        years: Counter[int] = Counter()
        for each in bodies:
            for cell in self.cells(each.body):
                standings[cell.standing] += 1
                years[cell.year] += cell.standing in (Standing.FILED, Standing.LATE)
        return standings, years


def coverage(engine: Engine, today: date, refused: Iterable[tuple[str, int]] = ()) -> Coverage:
    """Every year from the first that anything was filed for to the last that is over."""
    bodies = [Body(*row) for row in engine.rows("bodies")]
    filed: dict[str, dict[int, str]] = {}
    for row in records_of(engine.filed()):
        filed.setdefault(row["body"], {})[int(row["year"])] = row["published"]
    listed = {each.body for each in bodies}
    known = frozenset((body, year) for body, year in refused if body in listed)
    years = {year for held in filed.values() for year in held} | {year for _, year in known}
    if not years:
        return Coverage(bodies, (), filed, today, known)
    last = max(*years, today.year - 1)
    return Coverage(bodies, tuple(range(last, min(years) - 1, -1)), filed, today, known)


def _names(body: Body, part: str) -> bool:
    if body.body.startswith(part):
        return True
    return any(part in _plain(each) for each in (body.name, body.name_en, body.aliases))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
