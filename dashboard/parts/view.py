"""One reader's view: which page of which report, from which snapshot, in which language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dashboard.charts import Filters
from dashboard.figures.theme import Look
from dashboard.snapshots.previews import Preview
from dashboard.snapshots.store import Snapshot

# Address -> name of the page, in the order of the menu.
PAGES = {
    "/": "overview",
    "/disclosure": "disclosure",
    "/requests": "requests",
    "/disputes": "disputes",
    "/capacity": "capacity",
    "/growth": "growth",
    "/compare": "compare",
    "/areas": "areas",
    "/findings": "findings",
    "/coverage": "coverage",
    "/data": "data",
    "/glossary": "glossary",
}
# The chart that stands for a page where other sites show a link to it: its first; the overview's where it has none.
FIRST_CHARTS = {
    "/": "channels",
    "/disclosure": "channels",
    "/requests": "flow",
    "/disputes": "results",
    "/capacity": "budget",
    "/growth": "growth",
    "/compare": "ranked",
    "/areas": "channels",
    "/findings": "channels",
    "/coverage": "channels",
    "/data": "channels",
    "/glossary": "channels",
}
# The page on which each chart stands, for those who look for the chart.
PAGES_OF_CHARTS = {
    chart: path
    for path, charts in {
        "/disclosure": ("channels", "disclosed", "normative", "responses", "principals"),
        "/requests": ("flow", "filed", "receivers", "outcomes", "grounds"),
        "/disputes": ("results", "complaints"),
        "/capacity": ("budget", "staff", "places", "training"),
        "/growth": ("growth", "series", "rates", "many", "carried"),
        "/compare": ("ranked", "spread", "dots", "matrix", "shares", "areas", "shares_years"),
    }.items()
    for chart in charts
}


@dataclass(frozen=True)
class View:
    """A page always takes all it shows from the one snapshot of its view.

    `draws` tells whether the server has a browser that draws charts as files; `preview` is set where the snapshot is not
    published yet, so that nothing a reader might pass on leads to it.
    """

    path: str
    filters: Filters
    snapshot: Snapshot
    draws: bool = True
    preview: Preview | None = None

    @property
    def look(self) -> Look:
        return Look(self.filters.theme, self.filters.language)

    def text(self, message_id: str, **values: object) -> str:
        return self.look.text(message_id, **values)

    @cached_property
    def years(self) -> list[int]:
        """The years that the body has reported on, ascending."""
        return self.snapshot.engine.years(self.filters.body)

    @cached_property
    def report(self) -> dict[str, Any]:
        found = self.snapshot.engine.report(self.filters.body, self.filters.year)
        return {str(name): value for name, value in found.iloc[0].items()}

    @cached_property
    def failing(self) -> frozenset[str]:
        """The places of the report whose figures do not agree with others."""
        return frozenset(self.snapshot.engine.failing_at(self.filters.body, self.filters.year)["locator"])

    @cached_property
    def corrected(self) -> frozenset[str]:
        """The places of the report whose figures are corrected."""
        return frozenset(self.snapshot.engine.corrected(self.filters.body, self.filters.year)["locator"])

    @cached_property
    def name(self) -> str:
        return self.name_of(self.filters.body)

    def name_of(self, code: str) -> str:
        """A body's name; its code where nothing is known of it."""
        found = self.snapshot.engine.body(code)
        return self.body_name({str(name): value for name, value in found.iloc[0].items()}) if len(found) else code

    def body_name(self, body: dict[str, Any]) -> str:
        """The body's name in the reader's language; the Chinese one where there is no other."""
        is_english = self.filters.language == "en" and body["name_en"]
        return str(body["name_en"] if is_english else body["name"])

    def href(self, path: str = "", **changes: Any) -> str:
        return (path or self.path) + self.filters.query(**changes)
