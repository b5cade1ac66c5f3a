"""Questions about bodies: found by a word, listed with the years they have reported on, placed in the hierarchy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd

from dashboard.snapshots.engine_asking import Asking
from dashboard.tables.rows import records_of

_LEVEL = "CASE b.level WHEN 'province' THEN 0 WHEN 'prefecture' THEN 1 WHEN 'county' THEN 2 ELSE 3 END"
# What begins as asked stands together in the file, and is found without reading the rest.
_BEGINS = """
    SELECT body, min(CASE WHEN kind = 'initials' THEN CASE WHEN key = ? THEN 2 ELSE 3 END WHEN key = ? THEN 0 ELSE 1 END)
      AS rank, min(place) AS place
    FROM names WHERE key >= ? AND key < ? AND {condition} GROUP BY body ORDER BY rank, place, body LIMIT ?
"""
_CONTAINS = """
    SELECT body, 4 AS rank, min(place) AS place FROM names
    WHERE kind <> 'initials' AND contains(key, ?) AND {condition} GROUP BY body ORDER BY place, body LIMIT ?
"""
# One half at least is as it ought to be: what has neither is not gone through letter by letter.
_NEARLY = """
    SELECT body, 5 AS rank, min(place) AS place, min(length(key)) AS size FROM names
    WHERE kind <> 'initials' AND kind <> 'code' AND ((key >= ? AND key < ?) OR contains(key, ?)) AND ({slips}) AND {condition}
    GROUP BY body ORDER BY place, size, body LIMIT ?
"""
_BELOW_BODIES = f"""
    SELECT b.*, coalesce(c.children, 0) AS children, count(*) OVER () AS total
    FROM bodies b LEFT JOIN (SELECT parent AS body, count(*) AS children FROM bodies GROUP BY parent) c USING (body)
    WHERE b.parent = ? ORDER BY {_LEVEL}, b.body LIMIT ? OFFSET ?
"""
_LAST = "\U0010ffff"  # after every character


class OfBodies(Asking):
    """What an engine is asked about bodies."""

    def found(self, key: str, most: int, where: Mapping[str, str | int] = MappingProxyType({})) -> list[str]:
        """The codes of the bodies that `key` finds, as `tables.finding.plain` makes it, best first; at most `most`.

        The whole before its beginning before the beginnings of its syllables before any part of it; then large bodies
        before small ones and short names before long ones. `where` may name a body, its level and parent, and `reports`,
        the least number of reports. An empty key finds nothing.
        """
        if not key:
            return []
        condition, values = _condition(where)
        begins = [key, key, key, f"{key}{_LAST}", *values, most]
        found = list(self.ask_apart(_BEGINS.format(condition=condition), begins)["body"])
        if len(found) < most:
            others = self.ask_apart(_CONTAINS.format(condition=condition), [key, *values, most])["body"]
            found += [body for body in others if body not in set(found)]
        return found[:most]

    def found_nearly(self, key: str, most: int, where: Mapping[str, str | int] = MappingProxyType({})) -> list[str]:
        """As `found`, the bodies whose name begins as `key` would with one letter changed, added, left out or swapped with the next."""
        condition, values = _condition(where)
        slips, middle = _slips(key), len(key) // 2
        if not middle:
            return []
        query = _NEARLY.format(slips=" OR ".join("key LIKE ?" for _ in slips), condition=condition)
        halves = [key[:middle], f"{key[:middle]}{_LAST}", key[middle:]]
        return list(self.ask_apart(query, [*halves, *slips, *values, most])["body"])

    def listing_of(self, bodies: Sequence[str]) -> pd.DataFrame:
        """The rows of these bodies with the years they have reported on (`years`), in the order asked for."""
        marks = ", ".join("?" for _ in bodies) or "NULL"
        frame = self.ask_apart(
            "SELECT b.*, coalesce(r.years, []::INTEGER[]) AS years FROM bodies b LEFT JOIN "
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
            frame = self.ask_apart(f"SELECT * FROM bodies WHERE body IN ({', '.join('?' for _ in wanted)})", wanted)
            rows = {row["body"]: row for row in records_of(frame)}
            found |= rows
            wanted = sorted({row["parent"] for row in rows.values() if row["parent"]} - found.keys())
        return found

    def below(self, parent: str, most: int, skipped: int = 0) -> pd.DataFrame:
        """The bodies directly below one (those at the top for an empty code), places before departments.

        `children` is how many stand below each, `total` how many there are.
        """
        return self.ask_apart(_BELOW_BODIES, [parent, most, skipped])

    def bodies(self) -> pd.DataFrame:
        """Every body that has a report, by code, with the years it has reported on (`years`, ascending)."""
        return self.ask(
            "SELECT b.*, r.years FROM bodies b JOIN (SELECT body, list(year ORDER BY year) AS years FROM reports "
            "GROUP BY body) r USING (body) ORDER BY b.body"
        )

    def body(self, body: str) -> pd.DataFrame:
        """The body's row; empty where there is none."""
        return self.ask("SELECT * FROM bodies WHERE body = ?", [body])

    def years(self, body: str) -> list[int]:
        """The years that the body has reported on, ascending; empty where it has not, or is not known."""
        return [int(year) for year in self.ask("SELECT year FROM reports WHERE body = ? ORDER BY year", [body])["year"]]

    def newest(self) -> str:
        """The code of a body with the newest report, the first of them; empty where there is none."""
        found = self.ask("SELECT body FROM reports ORDER BY year DESC, body LIMIT 1")["body"]
        return str(found.iloc[0]) if len(found) else ""

    def filed(self) -> pd.DataFrame:
        """`body`, `year` and `published` (empty where not known) of every report."""
        return self.ask_apart("SELECT body, year, coalesce(published, '') AS published FROM reports", [])

    def titles(self, bodies: Sequence[str]) -> pd.DataFrame:
        """`body`, `year` and `title` of all reports of these bodies."""
        return self.ask_apart("SELECT body, year, title FROM reports WHERE list_contains(?, body)", [list(bodies)])


def _condition(where: Mapping[str, str | int]) -> tuple[str, list[str | int]]:
    """What bodies have to be, and the values for it."""
    named = {name: value for name, value in where.items() if name != "reports"}
    condition = "reports >= ?"
    if named:
        told = " AND ".join(f'"{name}" = ?' for name in named)
        condition += f" AND body IN (SELECT body FROM bodies WHERE {told})"
    return condition, [where.get("reports", 0), *named.values()]


def _slips(key: str) -> list[str]:
    """Patterns of what begins so but for one slip; a key has letters and digits alone, nothing that a pattern would take for its own."""
    places = range(len(key))
    changed = [f"{key[:at]}_{key[at + 1 :]}%" for at in places]
    left_out = [f"{key[:at]}_{key[at:]}%" for at in places]
    added = [f"{key[:at]}{key[at + 1 :]}%" for at in places]
    swapped = [f"{key[:at]}{key[at + 1]}{key[at]}{key[at + 2 :]}%" for at in places[:-1]]
    return list(dict.fromkeys([*changed, *left_out, *added, *swapped]))
