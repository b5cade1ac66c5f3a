"""The first page of the admin area."""

from __future__ import annotations

from starlette.responses import Response

from dashboard.admin.area import Area
from dashboard.admin.roles import Role, require
from dashboard.admin.visit import HOME, Visit


def routes(area: Area) -> None:
    @area.route(HOME, require(Role.VIEWER), menu="admin.menu_home")
    def home(visit: Visit) -> Response:
        return visit.page("home.html")
