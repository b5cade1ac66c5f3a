"""What people do to the published data: publish, roll back, prune. One at a time, each with a line in the audit log.

`by` is who does it: the command line's user, or one of the web. A change is logged before it comes into effect; one
that a crash kept from it is told by the next that does anything.
"""

from __future__ import annotations

import getpass
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from dashboard.messages import UserError, tellable
from dashboard.settings import Settings
from dashboard.snapshots import assembly, audit_log, diff, durable, manifest, pointer, servers, shared_store, store
from dashboard.snapshots.audit_log import Action, Entry
from dashboard.snapshots.blocking import Problems
from dashboard.snapshots.manifest import Manifest

_LOCK = ".refresh.lock"
_PRUNED = ".pruned-"
_LEFT = (f"{assembly.UNFINISHED}*", f"{_PRUNED}*", f"{pointer.UNFINISHED}*", f"{pointer.MARKERS}/{pointer.UNFINISHED}*")
# Minutes in which readers that had opened a snapshot surely have let it go.
GRACE = 10
_MAKES_LIVE = (Action.REFRESH, Action.PUBLISH, Action.ROLLBACK)


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants it and why; `force` goes past a fall in the number of figures, and needs a reason."""

    by: str = ""
    reason: str = ""
    force: bool = False

    def checked(self) -> Wish:
        """With the machine's user where none is told. Raises UserError where force has no reason."""
        if self.force and not self.reason.strip():
            raise UserError("refresh.no_reason")
        by = tellable(self.by.strip(), 200) or machine_user()
        return Wish(by, tellable(self.reason.strip()), self.force)


BY_MACHINE = Wish()
"""By the machine's user, for no told reason."""


def machine_user() -> str:
    """The user whom the operating system knows."""
    with suppress(ImportError, KeyError, OSError):
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    return getpass.getuser()


@dataclass(frozen=True, slots=True)
class Listed:
    """A snapshot of the folder. `number` counts publications, 0 for a preview; `at` is the last one's time.

    `problem` is why it cannot be shown: not whole, or made by another version.
    """

    name: str
    is_live: bool
    number: int
    at: str
    manifest: Manifest | None = None
    problem: UserError | None = None

    @property
    def is_published(self) -> bool:
        return self.is_live or self.number > 0


@contextmanager
def alone(settings: Settings, wait: float = 0) -> Iterator[None]:
    """While it holds, no other process changes what is published; what a killed one left is cleared first.

    Raises UserError where another one is at it, the folder cannot be written, or what is published is decided elsewhere.
    """
    with durable.locked(settings.snapshots_dir / _LOCK, wait):
        shared_store.require_own(settings)
        _clear(settings)
        yield


def _clear(settings: Settings) -> None:
    folder = settings.snapshots_dir
    for pattern in _LEFT:
        for path in folder.glob(pattern):
            try:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            except OSError as error:
                raise durable.not_writable(path, error) from error
    for marker in pointer.unfinished(folder):
        logged = [each for each in audit_log.entries(settings.data_dir) if each.action in _MAKES_LIVE]
        live = pointer.read_or_none(folder)
        if live and logged and logged[-1].target == marker.snapshot != live.snapshot:
            told = Entry(Action.INTERRUPTED, logged[-1].by, marker.snapshot, live.snapshot)
            audit_log.append(settings.data_dir, told)
        pointer.drop(folder, marker)


def publish(settings: Settings, name: str, wish: Wish) -> None:
    """Makes a snapshot live. Raises Blocked where it has too few figures, unless forced; UserError where it is not whole."""
    with alone(settings):
        falls = falls_of(settings, name)
        if not wish.force:
            falls.refuse("refresh.falls")
        go_live(settings, name, wish, Action.PUBLISH, is_forced=bool(falls.count))


def rollback(settings: Settings, name: str | None, wish: Wish, seen: str | None = None) -> str:
    """Makes one live that was live before; without a name, the one that was live last. Returns its name.

    `seen` is what was live when somebody decided on it, empty for nothing. Raises UserError where something else is by
    now, there is none to go back to, or it is not whole.
    """
    folder = settings.snapshots_dir
    with alone(settings):
        if seen is not None and seen != live_now(folder):
            raise UserError("rollback.moved")
        chosen = name or _before(folder)
        if not pointer.is_published(folder, chosen):
            raise UserError("rollback.never_live", snapshot=chosen)
        go_live(settings, chosen, wish, Action.ROLLBACK)
    return chosen


def live_now(folder: Path) -> str:
    """The name of what is live; empty where nothing is, or that cannot be told."""
    live = pointer.read_or_none(folder)
    return live.snapshot if live else ""


def _before(folder: Path) -> str:
    live = pointer.read_or_none(folder)
    if live and live.before and (folder / live.before).is_dir():
        return live.before
    others = [each.snapshot for each in pointer.markers(folder) if not live or each.snapshot != live.snapshot]
    held = [each for each in others if (folder / each).is_dir()]
    if not held:
        raise UserError("rollback.nothing", folder=str(folder))
    return held[-1]


def go_live(
    settings: Settings,
    name: str,
    wish: Wish,
    action: Action,
    *,
    is_forced: bool = False,
    more: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Logs it, with `more` that is to be told, then makes the snapshot live; the caller is `alone`.

    A database server and a shared store have it before anybody asks for it. Nothing else happens where it is live already.
    """
    folder, wish = settings.snapshots_dir, wish.checked()
    held = store.verify(folder, name)
    servers.load(settings.database, folder, name)
    shared_store.push(settings, name)
    live = pointer.read_or_none(folder)
    if live and live.snapshot == name:
        shared_store.point(settings, live)
        return
    try:
        begun = pointer.begin(folder, name)
        told = {"reports": held.reports, "facts": held.facts, **more}
        origin = live.snapshot if live else ""
        audit_log.append(settings.data_dir, Entry(action, wish.by, origin, name, wish.reason, is_forced, told))
        shared_store.point(settings, begun)
        pointer.finish(folder, begun)
    except OSError as error:
        raise durable.not_writable(folder / pointer.LIVE, error) from error


def load_live(settings: Settings) -> None:
    """Sees to it that the database server holds what is live, where there is one; the caller is `alone`."""
    live = pointer.read_or_none(settings.snapshots_dir)
    if settings.database and live:
        store.verify(settings.snapshots_dir, live.snapshot)
        servers.load(settings.database, settings.snapshots_dir, live.snapshot)


def falls_of(settings: Settings, name: str) -> Problems:
    """Where a snapshot has fewer figures than the live one, by more than the limit; none where nothing can be compared.

    Raises UserError where it is not whole.
    """
    folder, found = settings.snapshots_dir, Problems()
    store.verify(folder, name)
    live = pointer.read_or_none(folder)
    if live and live.snapshot != name:
        with suppress(UserError):  # what is not whole any more cannot be compared with
            store.verify(folder, live.snapshot)
            found.add(diff.falls(folder, live.snapshot, name, settings.fall_limit))
    return found


def prune(settings: Settings, keep: int, wish: Wish, grace: int = GRACE) -> list[str]:
    """Removes all but the `keep` snapshots published last and the `keep` newest previews; returns what is gone.

    What is live, was live just before it, or was live within the last `grace` minutes stays, so that a running server
    finds what it still reads.
    """
    folder = settings.snapshots_dir
    with alone(settings):
        wish = wish.checked()
        live = pointer.read(folder)
        listed = listing(settings)
        spared = {live.snapshot, live.before} if live else set()
        spared |= _recent(listed, timedelta(minutes=grace))
        published = [each.name for each in listed if each.is_published]
        previews = [each.name for each in listed if not each.is_published]
        gone = [name for name in [*published[keep:], *previews[keep:]] if name not in spared]
        if gone:
            told = {"removed": gone, "keep": keep}
            audit_log.append(settings.data_dir, Entry(Action.PRUNE, wish.by, reason=wish.reason, told=told))
        servers.drop(settings.database, gone)
        shared_store.drop(settings, gone)
        for name in gone:
            _remove(folder, name)
    return gone


def discard(settings: Settings, name: str, wish: Wish) -> None:
    """Removes a snapshot that was prepared and never published. Raises UserError where it was, or is not there."""
    folder = settings.snapshots_dir
    with alone(settings, wait=30):
        wish = wish.checked()
        if name not in store.names(folder):
            raise UserError("snapshot.not_complete", snapshot=name, folder=str(folder))
        if pointer.is_published(folder, name):
            raise UserError("discard.published", snapshot=name)
        told = {"removed": [name]}
        audit_log.append(settings.data_dir, Entry(Action.DISCARD, wish.by, reason=wish.reason, told=told))
        _remove(folder, name)


def _recent(listed: list[Listed], grace: timedelta) -> set[str]:
    """What was live, or built, within `grace`; also what a clock that jumped has in the future."""
    since, found = datetime.now(UTC) - grace, set()
    ended = ""
    for each in listed:  # the one published last comes first: each ends where the one before it in this list began
        moment = ended if each.is_published else each.manifest.built if each.manifest else ""
        if each.is_published:
            ended = each.at
        if moment and _time(moment) > since:
            found.add(each.name)
    return found


def _time(text: str) -> datetime:
    """Later than any where it is none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)


def _remove(folder: Path, name: str) -> None:
    """Out of sight in one step, then gone."""
    try:
        unseen = folder / f"{_PRUNED}{name}"
        (folder / name).replace(unseen)
        shutil.rmtree(unseen)
        (folder / pointer.MARKERS / name).unlink(missing_ok=True)
    except OSError as error:
        raise durable.not_writable(folder / name, error) from error


def listing(settings: Settings, *, verify: bool = False) -> list[Listed]:
    """Every snapshot: those that have been live by the order in which they were, the last first; then previews, new ones
    first. `verify` reads every file."""
    folder = settings.snapshots_dir
    live = pointer.read_or_none(folder)
    markers = {each.snapshot: each for each in pointer.markers(folder)}
    found = []
    for name in store.names(folder):
        marker, is_live = markers.get(name), live is not None and live.snapshot == name
        number, at = (marker.number, marker.at) if marker else (0, "")
        found.append(_listed(folder, Listed(name, is_live, number, at), verify=verify))
    published = sorted((each for each in found if each.is_published), key=lambda each: (each.is_live, each.number))
    previews = sorted((each for each in found if not each.is_published), key=_built)
    return [*reversed(published), *reversed(previews)]


def _built(each: Listed) -> str:
    return each.manifest.built if each.manifest else ""


def _listed(folder: Path, one: Listed, *, verify: bool) -> Listed:
    held, problem = None, None
    try:
        held = manifest.read(folder / one.name)
        if verify:
            store.verify(folder, one.name)
    except UserError as error:
        problem = error
    return Listed(one.name, one.is_live, one.number, one.at, held, problem)


@dataclass(frozen=True, slots=True)
class State:
    """What stands: which snapshot readers see, why that is not the one published (if so), and what the folder holds.

    `is_newer`: the data folder holds what no published snapshot shows; None where it cannot be read (`folder_problem`).
    """

    shown: Listed | None
    problem: UserError | None
    previews: list[Listed] = field(default_factory=list)
    last: Entry | None = None
    is_newer: bool | None = None
    folder_problem: UserError | None = None
