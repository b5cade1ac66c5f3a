"""The data behind the addresses: which snapshot a URL asks for, and the view of it. Knows no Dash and no routes."""

from __future__ import annotations

import threading
from copy import copy
from dataclasses import dataclass, replace

from dashboard.charts import Filters
from dashboard.charts.filters import language_of, snapshot_of, theme_of
from dashboard.figures.theme import Look
from dashboard.kept import Kept
from dashboard.messages import UserError
from dashboard.parts import View
from dashboard.settings import Settings
from dashboard.snapshots import previews, store
from dashboard.snapshots.previews import Preview
from dashboard.snapshots.store import Live, Snapshot, ToldLive

# Views kept in memory, and the longest address among them; frozen snapshots and previews held open.
_KEPT, _LONGEST, _FROZEN, _PREVIEWS = 256, 300, 4, 2
# Snapshots whose views are kept: the live one, and the one before it (or the next, while it is made ready).
_SHOWN = 2

_Views = Kept[tuple[str, str], View]  # by address


@dataclass(frozen=True, slots=True)
class Asked:
    """The snapshot that an address asks for; `frozen` as links name it on, `preview` where it is not published yet."""

    snapshot: Snapshot
    frozen: str
    preview: Preview | None = None


class Site:
    """The live snapshot, older ones by name, previews by their pass, and what a URL asks of them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.draws = True
        self.live = Live(settings.snapshots_dir, settings.database)
        self._views: Kept[str, _Views] = Kept(_SHOWN)
        self._frozen: Kept[str, Snapshot] = Kept(_FROZEN)
        self._previews: Kept[str, Snapshot] = Kept(_PREVIEWS)
        self._opening = threading.Lock()

    def snapshot(self, name: str = "") -> Snapshot:
        """What is live, or the published snapshot of that name; never a preview.

        Raises UserError where nothing is live, or no snapshot of that name has ever been.
        """
        live = self.live.snapshot()
        if name in ("", live.name):
            return live
        with self._opening:
            found = self._frozen.get(name)
            if found is None:
                if not store.is_published(self.settings.snapshots_dir, name):
                    raise _unknown(name)
                found = store.open_snapshot(self.settings.snapshots_dir, name)
                self._frozen.put(name, found)
        return found

    def asked(self, asked: str = "") -> Asked:
        """As `snapshot`; and what is not published yet, to whoever has its pass.

        Raises UserError too where the pass's time is over; a wrong one is as unknown as a snapshot that never was.
        """
        if not previews.is_pass(asked):
            return Asked(self.snapshot(asked), asked)
        folder = self.settings.snapshots_dir
        granted = previews.read(folder, asked)
        if granted is None:
            raise _unknown(asked)
        if store.is_published(folder, granted.snapshot):
            return Asked(self.snapshot(granted.snapshot), granted.snapshot)
        if granted.is_over:
            raise UserError("view.preview_over", snapshot=granted.snapshot)
        if granted.snapshot not in store.names(folder):
            raise _unknown(asked)
        return Asked(self._previewed(granted.snapshot), asked, previews.told(self.settings, granted))

    def _previewed(self, name: str) -> Snapshot:
        """Never kept among those that anybody may see by their name alone."""
        with self._opening:
            found = self._previews.get(name)
            if found is None:
                found = store.open_snapshot(self.settings.snapshots_dir, name)
                self._previews.put(name, found)
        return found

    def view(self, path: str, search: str) -> View:
        """Raises UserError where nothing is live, or the URL names a snapshot, body or year that is not there."""
        live, asked = self.live.snapshot(), self.asked(snapshot_of(search))
        views = self._views_of(live)
        view = views.get((path, search))
        if view is None or view.snapshot is not asked.snapshot or view.preview != asked.preview:
            filters = replace(self.filters(search, asked.snapshot), snapshot=asked.frozen)
            view = View(path, filters, asked.snapshot, self.draws, asked.preview)
            # What has been published in between has views of its own.
            if len(path + search) <= _LONGEST and (asked.frozen or asked.snapshot is live):
                views.put((path, search), view)
        return view

    def _views_of(self, live: Snapshot) -> _Views:
        views = self._views.get(live.name)
        if views is None:
            views = Kept(_KEPT)
            self._views.put(live.name, views)
        return views

    def showing(self, snapshot: Snapshot) -> Site:
        """The site as it is while `snapshot` is live, whatever is published meanwhile; views made of it are kept for both."""
        site = copy(self)
        site.live = ToldLive(snapshot)
        return site

    def known(self, path: str, search: str) -> View | None:
        """The view that has just been shown, without a look at the data; None where there is none, or of a preview."""
        live = self.live.snapshot()
        views = self._views.get(live.name)
        view = views.get((path, search)) if views else None
        if view is None or view.preview or not (view.snapshot is live or view.filters.snapshot):
            return None
        return view

    def filters(self, search: str, snapshot: Snapshot, *, is_strict: bool = False) -> Filters:
        """What a query string chooses of a snapshot; `is_strict` for programs and other sites."""
        read = Filters.from_strict_query if is_strict else Filters.from_query
        defaults = {"default_body": self.settings.body, "default_language": self.settings.language}
        return read(search, snapshot.engine, **defaults)  # type: ignore[arg-type]  # each default by its name

    def look(self, search: str) -> Look:
        return Look(theme_of(search), language_of(search, self.settings.language))


def _unknown(asked: str) -> UserError:
    return UserError("view.snapshot_unknown", snapshot=asked[:60])


def status_of(problem: UserError) -> int:
    """The HTTP status of what a reader asked wrongly, or of a site without data."""
    if problem.message_id.startswith(("view.", "chart.")):
        return 404
    return 400 if problem.message_id.startswith("query.") else 503
