"""What was published when, by whom and why; what is prepared; and the way back to any of it.

A request comes in, a page goes out. What publishing, rolling back and discarding are, `snapshots.releases` knows.
"""

from __future__ import annotations

from starlette.responses import Response

from dashboard.admin.area import Area
from dashboard.admin.paging import paged
from dashboard.admin.roles import Role, require
from dashboard.admin.visit import HOME, Visit
from dashboard.messages import UserError
from dashboard.snapshots import history, previews, releases
from dashboard.snapshots.releases import Wish

PATH = f"{HOME}/history"
_SIZE = 40


def routes(area: Area) -> None:
    @area.route(PATH, require(Role.VIEWER), menu="admin.menu_history")
    def show(visit: Visit) -> Response:
        return _page(visit)

    @area.route(f"{PATH}/rollback", require(Role.PUBLISHER), methods=["POST"])
    def rollback(visit: Visit) -> Response:
        name = visit.field("snapshot", 200)
        if not name:  # which one is to be told, never guessed
            raise UserError("rollback.never_live", snapshot="–")
        wish = _wish(visit)
        if not wish.reason.strip():
            return _page(visit, visit.text("rollback.no_reason"), 400)
        try:
            releases.rollback(visit.area.settings, name, wish, seen=visit.field("live", 200))
        except UserError as problem:
            if problem.message_id != "rollback.moved":
                raise
            return _page(visit, problem.say(visit.language), 409)
        return visit.to(PATH, done=name)

    @area.route(f"{PATH}/discard", require(Role.EDITOR), methods=["POST"])
    def discard(visit: Visit) -> Response:
        releases.discard(visit.area.settings, visit.field("snapshot", 200), _wish(visit))
        return visit.to(PATH, done="discarded")


def _page(visit: Visit, problem: str = "", status: int = 200) -> Response:
    settings = visit.area.settings
    found = history.read(settings)
    may_preview = visit.actor.role.may(Role.EDITOR)
    links = {
        each.name: previews.link(settings.snapshots_dir, each.name)
        for each, _ in found.prepared
        if may_preview and each.problem is None
    }
    live = next((each for each in found.publications if each.is_live), None)
    return visit.page(
        "history.html",
        status,
        page=paged(found.publications, visit.request.query_params.get("page", ""), _SIZE),
        prepared=found.prepared,
        links=links,
        live=live,
        now=releases.live_now(settings.snapshots_dir),
        problem=problem,
        before=_before(found, live),
        done=visit.request.query_params.get("done", ""),
        may_publish=visit.actor.role.may(Role.PUBLISHER),
        may_discard=may_preview,
        hours=previews.HOURS,
    )


def _before(found: history.History, live: history.Publication | None) -> str:
    """The snapshot that was live before the one that is, where it can be shown again."""
    if live is None:
        return ""
    held = {each.entry.target for each in found.publications if each.held and not each.held.problem}
    return live.entry.origin if live.entry.origin in held else ""


def _wish(visit: Visit) -> Wish:
    return Wish(visit.actor.signature, visit.field("reason"))
