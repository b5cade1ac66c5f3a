"""The life of a refresh: data folder, tables, checks, snapshot; what it changes; published unless something speaks against it.

Who publishes, previews or serves starts here. A refresh that fails at any point leaves what is live as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dashboard.messages import Language, UserError, plural, text
from dashboard.settings import Settings
from dashboard.snapshots import assembly, audit_log, diff, inputs, pointer, releases, shared_store, store, telling
from dashboard.snapshots.assembly import Tell, untold
from dashboard.snapshots.audit_log import Action, Entry
from dashboard.snapshots.blocking import Problems
from dashboard.snapshots.diff import Difference
from dashboard.snapshots.releases import BY_MACHINE, State, Wish
from dashboard.snapshots.store import Snapshot
from dashboard.tables import corrections
from dashboard.tables.package import Package

# Lines of the audit log that change neither what is live nor what is prepared.
_TELLS_NOTHING = (Action.PRUNE, Action.DISCARD)
# Figures of a difference that are told one by one.
_TOLD = 20


@dataclass(frozen=True)
class Prepared:
    """A snapshot of the data folder, what it would change, and what speaks against publishing it.

    `is_new`: it was built just now. `was_live`: it is what readers saw already. `lapsed` tells which corrections do not
    fit their figures any more; that is said, and keeps nothing from being published.
    """

    name: str
    is_new: bool
    was_live: bool
    difference: Difference
    falls: Problems
    is_published: bool = False
    lapsed: tuple[UserError, ...] = ()


def refresh(settings: Settings, wish: Wish = BY_MACHINE) -> Snapshot:
    """Builds the snapshot of the data folder as it is and makes it live. Raises UserError; then nothing has changed."""
    prepared = run(settings, wish)
    if not prepared.is_published:
        prepared.falls.refuse("refresh.falls")
    return store.open_snapshot(settings.snapshots_dir, prepared.name)


def run(settings: Settings, wish: Wish = BY_MACHINE, tell: Tell = untold) -> Prepared:
    """Builds, compares, and publishes unless figures fall beyond the limit without force.

    Raises Blocked with every error of the tables.
    """
    with releases.alone(settings):
        wish = wish.checked()
        prepared = _prepare(settings, tell)
        if prepared.falls.count and not wish.force:
            _log_preview(settings, prepared, wish)
            return prepared
        releases.go_live(
            settings, prepared.name, wish, Action.REFRESH, is_forced=bool(wish.force and prepared.falls.count)
        )
        return replace(prepared, is_published=True)


def preview(
    settings: Settings, wish: Wish = BY_MACHINE, tell: Tell = untold, data: Path | None = None, wait: float = 0
) -> Prepared:
    """Builds the snapshot of the data folder and tells what it would change; publishes nothing. Raises as `run` does.

    `data` is another folder of tables in its place. Waits `wait` seconds for another refresh to end.
    """
    with releases.alone(settings, wait):
        prepared = _prepare(settings, tell, data)
        _log_preview(settings, prepared, wish.checked())
        return prepared


def _prepare(settings: Settings, tell: Tell, data: Path | None = None) -> Prepared:
    folder = settings.snapshots_dir
    made = assembly.make(data or settings.data_dir, folder, tell)
    live = pointer.read_or_none(folder)
    try:
        difference = diff.between(folder, live.snapshot if live else "", made.name, _TOLD, by_indicator=False)
    except UserError:  # what is live is not whole, or another version's: nothing to hold it against
        difference = diff.between(folder, "", made.name, _TOLD, by_indicator=False)
    was_live = live is not None and live.snapshot == made.name
    falls, lapsed = releases.falls_of(settings, made.name), tuple(corrections.lapsed(Package(settings.data_dir)))
    return Prepared(made.name, made.is_new, was_live, difference, falls, lapsed=lapsed)


def _log_preview(settings: Settings, prepared: Prepared, wish: Wish) -> None:
    if prepared.is_new:
        entry = Entry(Action.PREVIEW, wish.by, prepared.difference.old, prepared.name, wish.reason)
        audit_log.append(settings.data_dir, entry)


def ensure(settings: Settings) -> None:
    """Publishes a first snapshot where no published one can be shown: none was, or another version made it.

    A server that follows a shared store fetches it instead.
    """
    if shared_store.follows(settings):
        shared_store.Follower(settings).look()
        return
    if _can_show(settings):
        return
    with releases.alone(settings, wait=60):
        releases.load_live(settings)
        if not _can_show(settings):
            name = assembly.make(settings.data_dir, settings.snapshots_dir).name
            releases.go_live(settings, name, BY_MACHINE, Action.REFRESH)


def _can_show(settings: Settings) -> bool:
    try:
        store.Live(settings.snapshots_dir, settings.database).snapshot().engine.close()
    except UserError:
        return False
    return True


def state(settings: Settings) -> State:
    """What readers see, whether it is whole, what else there is, and whether the data folder has moved on."""
    folder = settings.snapshots_dir
    live = store.Live(folder, settings.database)
    listed = {each.name: each for each in releases.listing(settings)}
    try:
        opened = live.snapshot()
        shown, problem = listed.get(opened.name), live.problem
        opened.engine.close()
    except UserError as error:
        shown, problem = None, error
    logged = [each for each in audit_log.entries(settings.data_dir) if each.action not in _TELLS_NOTHING]
    is_newer, folder_problem = _is_newer(settings, _published(settings))
    previews = [each for each in listed.values() if not each.is_published]
    return State(shown, problem, previews, logged[-1] if logged else None, is_newer, folder_problem)


def _published(settings: Settings) -> str:
    """The snapshot that was published last, be it whole or not: one that is damaged does not make the data newer."""
    live = pointer.read_or_none(settings.snapshots_dir)
    return live.snapshot if live else ""


def _is_newer(settings: Settings, published: str) -> tuple[bool | None, UserError | None]:
    """A name ends in the hash of what it was built of."""
    try:
        return not published.endswith(f"-{inputs.read(Package(settings.data_dir)).hash}"), None
    except UserError as error:
        return None, error


def status(settings: Settings, language: Language, found: State) -> Iterator[str]:
    """The state, line by line."""
    if found.shown is None:
        yield text("status.nothing_live", language, folder=settings.data_dir)
    else:
        held = found.shown.manifest
        told = telling.extent(held, language) if held else {"reports": "–", "facts": "–"}
        yield text("status.live", language, snapshot=found.shown.name, **told)
    if found.problem and found.problem.message_id != "snapshot.none":
        yield text("status.degraded", language, reason=found.problem.say(language))
    elif found.shown:
        yield text("status.whole", language)
    if found.last:
        yield telling.logged(found.last, language)
    for each in found.previews[:5]:
        yield text("status.preview", language, snapshot=each.name)
    if len(found.previews) > 5:
        yield plural("status.more_previews", len(found.previews) - 5, language)
    if found.folder_problem:
        yield text("status.unreadable", language, reason=found.folder_problem.say(language))
    elif found.shown:
        yield text("status.outdated" if found.is_newer else "status.current", language)
