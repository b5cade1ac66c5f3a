"""The admin area put together: settings come in, an area with every page comes out. A new page is added here."""

from __future__ import annotations

import time
from collections.abc import Callable

from dashboard import __version__
from dashboard.admin import (
    accounts,
    amending,
    changes,
    corrections,
    coverage,
    history,
    home,
    intake,
    log,
    passwords,
    sheets,
    sign_in,
    single_sign_on,
)
from dashboard.admin.accounts import Accounts
from dashboard.admin.area import Area
from dashboard.admin.attempts import Attempts
from dashboard.admin.cookies import Cookies
from dashboard.admin.entry import Entry
from dashboard.admin.sessions import Sessions
from dashboard.admin.state import State
from dashboard.admin.templating import Templates
from dashboard.admin.trail import Trail
from dashboard.messages import UserError
from dashboard.settings import Settings

# In the order of the menu.
_SECTIONS = (sign_in, single_sign_on, home, intake, amending, sheets, corrections, coverage, history, changes, log)


def area_of(settings: Settings, asset: Callable[[str], str], clock: Callable[[], float] = time.time) -> Area:
    folder = settings.admin_dir
    if folder is None:
        raise UserError("admin.no_folder")
    accounts.prepare(folder)
    passwords.prepare()
    state = State(folder)
    idle, longest = settings.admin_idle_minutes * 60, settings.admin_session_hours * 3600
    entry = Entry(settings, Accounts(folder), Sessions(state, idle, longest, clock), Attempts(state, clock), clock)
    cookies = Cookies.of(settings, state.key("cookies"))
    area = Area(settings, state, entry, Templates(asset, __version__), Trail(folder), cookies)
    for section in _SECTIONS:
        section.routes(area)
    return area
