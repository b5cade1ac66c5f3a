"""Every time a snapshot was made live, as the audit log tells it, with what the folder still holds of it.

The log and the folder come in; nothing is decided here that `releases` does not decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dashboard.settings import Settings
from dashboard.snapshots import audit_log, releases
from dashboard.snapshots.audit_log import Action, Entry
from dashboard.snapshots.releases import Listed

_MAKES_LIVE = (Action.REFRESH, Action.PUBLISH, Action.ROLLBACK)


@dataclass(frozen=True, slots=True)
class Publication:
    """`held` is None where the snapshot has been removed since; `is_compared` where the one before is there too.

    `is_last` of those of its snapshot; `entry.number` is 0 where the log does not tell of it.
    """

    entry: Entry
    held: Listed | None
    is_compared: bool
    is_last: bool = True

    @property
    def is_live(self) -> bool:
        return self.is_last and self.held is not None and self.held.is_live


@dataclass(frozen=True, slots=True)
class History:
    """Publications, the newest first; snapshots that have not been published, with who prepared each, as far as known."""

    publications: list[Publication]
    prepared: list[tuple[Listed, Entry | None]]


def read(settings: Settings) -> History:
    """Costs a look at the log and at every manifest."""
    logged = audit_log.entries(settings.data_dir)
    listed = {each.name: each for each in releases.listing(settings)}
    made = _came_into_effect(logged)
    told = {each.target for each in made}
    untold = [each for each in listed.values() if each.is_published and each.name not in told]
    older, live = ([_untold(each) for each in untold if each.is_live is is_live] for is_live in (False, True))
    found: list[Publication] = []
    seen: set[str] = set()
    for entry in [*live, *reversed(made), *older]:  # the log's order, for a clock may jump
        both = entry.origin in listed and entry.target in listed
        found.append(Publication(entry, listed.get(entry.target), both, entry.target not in seen))
        seen.add(entry.target)
    by_whom = {each.target: each for each in logged if each.action is Action.PREVIEW}
    previews = [(each, by_whom.get(each.name)) for each in listed.values() if not each.is_published]
    return History(found, previews)


def last(settings: Settings) -> Entry | None:
    """What made live what is live now; None where the log does not tell."""
    live, made = releases.live_now(settings.snapshots_dir), _came_into_effect(audit_log.entries(settings.data_dir))
    return made[-1] if made and made[-1].target == live else None


def _untold(one: Listed) -> Entry:
    return Entry(Action.PUBLISH, "", target=one.name, at=one.at)


def _came_into_effect(logged: Iterable[Entry]) -> list[Entry]:
    """Without those that a crash kept from it, as the log tells later."""
    made: list[Entry] = []
    for entry in logged:
        if entry.action in _MAKES_LIVE:
            made.append(entry)
        elif entry.action is Action.INTERRUPTED and made and made[-1].target == entry.origin:
            made.pop()
    return [replace(each, origin="") if each.origin == each.target else each for each in made]
