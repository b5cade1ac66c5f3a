"""The data behind the addresses: which snapshot a URL asks for, and the view of it. Knows no Dash and no routes."""

from __future__ import annotations

import threading

from dashboard.charts import Filters
from dashboard.charts.filters import language_of, snapshot_of, theme_of
from dashboard.figures.theme import Look
from dashboard.kept import Kept
from dashboard.messages import UserError
from dashboard.parts import View
from dashboard.settings import Settings
from dashboard.snapshots import store
from dashboard.snapshots.store import Live, Snapshot

# Views kept in memory, and the longest address among them; frozen snapshots held open.
_KEPT, _LONGEST, _FROZEN = 256, 300, 4


class Site:
    """The live snapshot, older ones by name, and what a URL asks of them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.draws = True
        self.live = Live(settings.snapshots_dir)
        self._views: tuple[str, Kept[tuple[str, str], View]] = ("", Kept(_KEPT))
        self._frozen: Kept[str, Snapshot] = Kept(_FROZEN)
        self._opening = threading.Lock()

    def snapshot(self, name: str = "") -> Snapshot:
        """What is live, or the published snapshot of that name.

        Raises UserError where nothing is live, or no snapshot of that name has ever been.
        """
        live = self.live.snapshot()
        if name in ("", live.name):
            return live
        with self._opening:
            found = self._frozen.get(name)
            if found is None:
                if not store.is_published(self.settings.snapshots_dir, name):
                    raise UserError("view.snapshot_unknown", snapshot=name[:60])
                found = store.open_snapshot(self.settings.snapshots_dir, name)
                self._frozen.put(name, found)
        return found

    def view(self, path: str, search: str) -> View:
        """Raises UserError where nothing is live, or the URL names a snapshot, body or year that is not there."""
        snapshot = self.snapshot(snapshot_of(search))
        if self._views[0] != self.live.snapshot().name:
            self._views = self.live.snapshot().name, Kept(_KEPT)  # lets go of the snapshot before
        views = self._views[1]
        view = views.get((path, search))
        if view is None or view.snapshot is not snapshot:
            view = View(path, self.filters(search, snapshot), snapshot, self.draws)
            if len(path + search) <= _LONGEST:
                views.put((path, search), view)
        return view

    def filters(self, search: str, snapshot: Snapshot, *, is_strict: bool = False) -> Filters:
        """What a query string chooses of a snapshot; `is_strict` for programs and other sites."""
        read = Filters.from_strict_query if is_strict else Filters.from_query
        defaults = {"default_body": self.settings.body, "default_language": self.settings.language}
        return read(search, snapshot.engine, **defaults)  # type: ignore[arg-type]  # each default by its name

    def look(self, search: str) -> Look:
        return Look(theme_of(search), language_of(search, self.settings.language))


def status_of(problem: UserError) -> int:
    """The HTTP status of what a reader asked wrongly, or of a site without data."""
    if problem.message_id.startswith(("view.", "chart.")):
        return 404
    return 400 if problem.message_id.startswith("query.") else 503
