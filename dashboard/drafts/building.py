"""The snapshot of a draft, built in a process of its own and put beside the others; not published."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from dashboard.drafts.record import Draft, Prepared
from dashboard.drafts.shelf import Shelf, now
from dashboard.ingest.outcome import Reason
from dashboard.messages import UserError
from dashboard.settings import Settings
from dashboard.snapshots import build as refreshing
from dashboard.snapshots import inputs, pointer, releases, store
from dashboard.snapshots.blocking import Blocked
from dashboard.snapshots.releases import Wish
from dashboard.tables.package import Package
from dashboard.worker import Broken, Ending, Worker

_log = logging.getLogger("gongkai.drafts")
# The first snapshot of a large folder takes minutes; what takes longer is stuck.
_SECONDS = 3600.0
_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Built:
    """A snapshot's name, or the problems because of which there is none."""

    snapshot: str
    is_new: bool
    problems: tuple[Reason, ...] = ()
    count: int = 0


def build(shelf: Shelf, draft: Draft) -> None:
    """Puts into the draft what came of it. Raises UserError where it could not be tried, or the draft is gone."""
    live = pointer.read_or_none(shelf.settings.snapshots_dir)
    built = _beside(shelf.settings, draft, shelf)
    prepared = Prepared(
        built.snapshot, live.snapshot if live else "", draft.wanted_by, now(), built.problems, built.count
    )
    own = (built.snapshot,) if built.is_new else ()

    def settled(held: Draft) -> Draft:
        held = replace(held, built=(*held.built, *own))
        is_same = held.items == draft.items and not held.is_stale and held.wanted_by
        return replace(held, prepared=prepared, wanted_by="") if is_same else held

    try:
        after = shelf.change(draft.id, settled)
    except UserError:
        drop(shelf.settings, own, draft.wanted_by)
        raise
    spared = after.prepared.snapshot if after.prepared else ""
    drop(shelf.settings, [each for each in after.built if each != spared], draft.wanted_by)
    shelf.change(draft.id, lambda held: replace(held, built=tuple(each for each in held.built if each == spared)))


def _beside(settings: Settings, draft: Draft, shelf: Shelf) -> Built:
    worker = Worker()
    try:
        answer = worker.call(tried, (replace(settings), shelf.tables(draft), draft.wanted_by), _SECONDS, None)
    finally:
        worker.close()
    if isinstance(answer, UserError):
        raise answer
    if isinstance(answer, Broken | Ending):
        _log.error("building the snapshot of a draft: %s", answer)
        raise UserError("draft.broke_off")
    found: Built = answer
    return found


def tried(settings: Settings, data: Path, by: str) -> Built:
    """In the other process."""
    try:
        prepared = refreshing.preview(settings, Wish(by), data=data, wait=_WAIT)
    except Blocked as blocked:
        return Built("", False, tuple(Reason(each.message_id, each.values) for each in blocked.problems), blocked.count)
    return Built(prepared.name, prepared.is_new)


def drop(settings: Settings, snapshots: Iterable[str], by: str) -> None:
    """Removes prepared snapshots; one that has been published meanwhile stays."""
    for name in snapshots:
        if name in store.names(settings.snapshots_dir) and not pointer.is_published(settings.snapshots_dir, name):
            releases.discard(settings, name, Wish(by))


def left_over(settings: Settings, tables: Path) -> list[str]:
    """Snapshots of just these tables: one that was built when its builder was killed is known to nobody."""
    with suppress(UserError, OSError):
        digest = inputs.read(Package(tables)).hash
        return [name for name in store.names(settings.snapshots_dir) if name.endswith(f"-{digest}")]
    return []
