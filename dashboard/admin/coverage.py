"""The coverage wall: bodies against years, to find what is missing. What is live comes in, a page goes out."""

from __future__ import annotations

from datetime import date, datetime

from starlette.responses import Response

from dashboard.admin import drafted
from dashboard.admin.area import Area
from dashboard.admin.paging import paged
from dashboard.admin.roles import Role, require
from dashboard.admin.visit import HOME, Visit
from dashboard.ingest import refusals
from dashboard.kept import Kept
from dashboard.measures.coverage import Coverage, Standing, coverage
from dashboard.messages import Language, number
from dashboard.schema import Body
from dashboard.snapshots.store import Live

PATH = f"{HOME}/coverage"
_SIZE = 100
# The sign of each standing, told apart without its colour.
SIGNS = {
    Standing.FILED: "●",
    Standing.LATE: "◐",
    Standing.MISSING: "○",
    Standing.NOT_DUE: "·",
    Standing.REFUSED: "✕",
}
_LEVELS = ("province", "prefecture", "county", "department")
_FILTERS = ("q", "level", "parent", "standing")


def routes(area: Area) -> None:
    live = Live(area.settings.snapshots_dir)
    # Whoever types asks again and again.
    kept: Kept[tuple[str, date, frozenset[tuple[str, int]]], Coverage] = Kept(2)

    def whole(today: date, placed: frozenset[tuple[str, int]]) -> Coverage:
        snapshot = live.snapshot()
        key = (snapshot.name, today, placed)
        found = kept.get(key)
        if found is None:
            found = coverage(snapshot.engine, today, placed)
            kept.put(key, found)
        return found

    @area.route(PATH, require(Role.VIEWER), menu="admin.menu_coverage")
    def show(visit: Visit) -> Response:
        asked = visit.request.query_params
        chosen = {name: asked.get(name, "")[:100] for name in _FILTERS}
        refused = refusals.held(area.settings.data_dir)
        placed = frozenset((each.body, each.year) for each in refused if each.year)
        found = whole(datetime.now().astimezone().date(), placed)
        bodies = found.find(chosen["q"].strip(), chosen["level"], chosen["parent"], chosen["standing"])
        standings, by_year = found.count(bodies)
        page = paged(bodies, asked.get("page", ""), _SIZE)
        return visit.page(
            "coverage.html",
            chosen=chosen,
            years=found.years,
            by_year=by_year,
            page=page,
            rows=[(each, _name(each, visit), found.cells(each.body)) for each in page.items],
            legend=[(each, SIGNS[each], number(standings[each])) for each in Standing],
            signs=SIGNS,
            levels=[(each, _level(each, visit)) for each in _levels(found)],
            parents=[(each.body, _name(each, visit)) for each in found.parents()],
            refused=[(each, drafted.say(each.reason, visit.language)) for each in refused],
            anchors=_anchors(found, refused),
        )


def _levels(found: Coverage) -> list[str]:
    """From the top down; whatever else the list of bodies says comes last."""
    named = {each.level for each in found.bodies}
    return [*(each for each in _LEVELS if each in named), *sorted(named - set(_LEVELS))]


def _level(level: str, visit: Visit) -> str:
    return visit.text(f"coverage.level_{level}") if level in _LEVELS else level


def _name(body: Body, visit: Visit) -> str:
    return (visit.language is Language.EN and body.name_en) or body.name


def _anchors(found: Coverage, refused: list[refusals.Refusal]) -> dict[tuple[str, int], str]:
    """Where the page tells why, by the body and year a refused document is of."""
    return {(each.body, each.year): each.sha256[:12] for each in refused if (each.body, each.year) in found.refused}
