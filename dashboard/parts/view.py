"""One reader's view: which page of which report, from which snapshot, in which language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.charts import Filters
from dashboard.figures.theme import Look
from dashboard.snapshots.store import Snapshot

# Address -> name of the page, in the order of the menu.
PAGES = {
    "/": "overview",
    "/disclosure": "disclosure",
    "/requests": "requests",
    "/disputes": "disputes",
    "/capacity": "capacity",
    "/growth": "growth",
    "/areas": "areas",
    "/data": "data",
}


@dataclass(frozen=True)
class View:
    """A page always takes all it shows from the one snapshot of its view."""

    path: str
    filters: Filters
    snapshot: Snapshot

    @property
    def look(self) -> Look:
        return Look(self.filters.theme, self.filters.language)

    def text(self, message_id: str, **values: object) -> str:
        return self.look.text(message_id, **values)

    @cached_property
    def bodies(self) -> pd.DataFrame:
        return self.snapshot.engine.bodies()

    @cached_property
    def report(self) -> dict[str, Any]:
        found = self.snapshot.engine.report(self.filters.body, self.filters.year)
        return {str(name): value for name, value in found.iloc[0].items()}

    @cached_property
    def name(self) -> str:
        body = self.bodies[self.bodies["body"] == self.filters.body].iloc[0]
        return self.body_name({str(name): value for name, value in body.items()})

    def body_name(self, body: dict[str, Any]) -> str:
        """The body's name in the reader's language; the Chinese one where there is no other."""
        is_english = self.filters.language == "en" and body["name_en"]
        return str(body["name_en"] if is_english else body["name"])

    def href(self, path: str = "", **changes: Any) -> str:
        return (path or self.path) + self.filters.query(**changes)
