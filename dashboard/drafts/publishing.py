"""A draft made to count: its changed tables and documents into the data folder, its snapshot live, the draft gone.

What is about to happen is written down first. A process killed before the tables are in their place has changed
nothing; one killed after it is completed by whoever comes next. In between, readers see what was live.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from dashboard.drafts import amending, changes, copies, setting_back
from dashboard.drafts.record import Draft, Prepared
from dashboard.drafts.shelf import INTENT, Shelf
from dashboard.messages import UserError
from dashboard.snapshots import durable, manifest, pointer, releases
from dashboard.snapshots.audit_log import Action
from dashboard.snapshots.releases import Wish
from dashboard.tables import writing

_COMING = ".writing-"


@dataclass(frozen=True, slots=True)
class _Intent:
    """What is being done: the snapshot that goes live in the place of `origin`."""

    snapshot: str
    origin: str
    by: str
    reason: str
    force: bool


def publish(shelf: Shelf, id_: str, snapshot: str, wish: Wish) -> None:
    """Publishes the snapshot that was shown. Raises UserError, and changes nothing, where it is not that of the draft,
    or the live data moved on meanwhile; Blocked where it has too few figures, unless forced.
    """
    if not wish.reason.strip():
        raise UserError("draft.no_reason")
    with shelf.at_work() as is_alone:
        if not is_alone:
            raise UserError("draft.busy")
        with shelf.locked():
            draft = shelf.require(id_)
            prepared = _require_prepared(draft, snapshot)
            with releases.alone(shelf.settings, wait=10):
                _publish(shelf, draft, prepared, wish.checked())
            changes.leave(shelf, draft, wish.by, is_published=True)


def _require_prepared(draft: Draft, snapshot: str) -> Prepared:
    prepared = draft.prepared
    if draft.has_work or prepared is None or not prepared.snapshot or prepared.snapshot != snapshot:
        raise UserError("draft.not_prepared")
    return prepared


def _publish(shelf: Shelf, draft: Draft, prepared: Prepared, wish: Wish) -> None:
    settings, place = shelf.settings, shelf.place(draft)
    live = pointer.read_or_none(settings.snapshots_dir)
    if (live.snapshot if live else "") != prepared.old:
        raise UserError("draft.live_moved")
    if is_nothing(shelf, draft, prepared):
        raise UserError("draft.same")
    falls = releases.falls_of(settings, prepared.snapshot)
    if not wish.force:
        falls.refuse("draft.falls")
    intent = _Intent(prepared.snapshot, prepared.old, wish.by, wish.reason, bool(wish.force and falls.count))
    with writing.sole_writer(settings.data_dir):
        if not copies.is_current(settings.data_dir, place):
            raise UserError("draft.data_moved")
        files = _files(shelf, draft, prepared)
        try:
            durable.replace(place / INTENT, json.dumps(asdict(intent)).encode(), _COMING)
            _bring_documents(shelf, draft)
            writing.replace_together(settings.data_dir, files, copies.gone(place))
        except OSError as error:
            if not writing.is_unfinished(settings.data_dir):  # else the tables count already, and the next one goes on
                (place / INTENT).unlink(missing_ok=True)
            raise durable.not_writable(settings.data_dir / "reports.csv", error) from error
    _go_live(shelf, draft, intent)


def is_nothing(shelf: Shelf, draft: Draft, prepared: Prepared) -> bool:
    """Whether publishing it would change nothing: it is what is live, and sets nothing back in the data folder."""
    if prepared.snapshot != prepared.old:
        return False
    place = shelf.place(draft)
    return not draft.set_back or not (copies.changed(place) or copies.gone(place))


def _files(shelf: Shelf, draft: Draft, prepared: Prepared) -> dict[str, bytes]:
    """The changed tables, those of reports before the lists that name them. Raises UserError where one is not what was
    shown.
    """
    tables, held = shelf.tables(draft), manifest.read(shelf.settings.snapshots_dir / prepared.snapshot).inputs
    paths = sorted(copies.changed(shelf.place(draft)), key=lambda path: ("/" not in path, path == "datapackage.json"))
    files = {path: (tables / path).read_bytes() for path in paths}
    for path, content in files.items():
        if held.get(path, "") not in ("", hashlib.sha256(content).hexdigest()):
            raise UserError("draft.not_prepared")
    return files


def _bring_documents(shelf: Shelf, draft: Draft) -> None:
    """Named by their content: one that is there already is the same, and one too many harms nobody."""
    target = shelf.settings.sources_dir
    target.mkdir(exist_ok=True)
    for path in sorted((shelf.tables(draft) / "sources").glob("[!.]*")):
        if not (target / path.name).exists():
            unfinished = target / f"{_COMING}{path.name}"
            unfinished.unlink(missing_ok=True)
            try:
                os.link(path, unfinished)
            except OSError:
                shutil.copy2(path, unfinished)
            durable.keep(unfinished)
            unfinished.replace(target / path.name)
    durable.keep_names(target)


def _go_live(shelf: Shelf, draft: Draft, intent: _Intent) -> None:
    amending.log(shelf, draft)
    documents = [each.id for each in draft.items if each.is_taken]
    wish = Wish(intent.by, intent.reason, intent.force)
    setting_back.log(shelf, draft, wish)
    releases.go_live(
        shelf.settings, intent.snapshot, wish, Action.PUBLISH, is_forced=intent.force, more={"documents": documents}
    )


def recover(shelf: Shelf) -> None:
    """Completes a publication whose process was killed, or takes back what it had only meant to do. Costs a look."""
    if not any(shelf.folder.glob(f"[!.]*/{INTENT}")):
        return
    with suppress(UserError):  # somebody else is at it, or the folder cannot be written: the next one tries again
        _recover(shelf)


def _recover(shelf: Shelf) -> None:
    with shelf.at_work() as is_alone, shelf.locked():
        draft = shelf.read() if is_alone else None
        if draft is None or not (shelf.place(draft) / INTENT).exists():
            return
        path = shelf.place(draft) / INTENT
        intent = _Intent(**json.loads(path.read_bytes()))
        with releases.alone(shelf.settings, wait=10):
            with writing.sole_writer(shelf.settings.data_dir):
                is_in_place = _is_in_place(shelf, draft)
            live = pointer.read_or_none(shelf.settings.snapshots_dir)
            if is_in_place and (live.snapshot if live else "") == intent.origin:
                _go_live(shelf, draft, intent)
        if is_in_place:
            changes.leave(shelf, draft, intent.by, is_published=True)
        else:
            path.unlink()


def _is_in_place(shelf: Shelf, draft: Draft) -> bool:
    """Whether the data folder holds every table as the draft has it, and none that it has no more."""
    own, data, place = shelf.tables(draft), shelf.settings.data_dir, shelf.place(draft)
    paths = [*copies.changed(place), *copies.gone(place)]
    return all(_content(own / path) == _content(data / path) for path in paths)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
