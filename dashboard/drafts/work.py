"""What a draft has to be done for it, in a thread beside the requests: its tables copied, its documents read, its
snapshot built.

One process at a time is at it; one that is killed is followed by whoever looks at the draft next. Documents are read,
and snapshots built, in processes of their own, so that a server goes on answering.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from dashboard.drafts import amending, building, copies, setting_back
from dashboard.drafts.record import Draft, Item, Stage, Told, named
from dashboard.drafts.shelf import Shelf
from dashboard.ingest import batch, executors, refusals
from dashboard.ingest.executors import Readers
from dashboard.ingest.outcome import Reason, Result
from dashboard.ingest.reading import Read, Task
from dashboard.kept import Kept
from dashboard.messages import UserError
from dashboard.snapshots import releases
from dashboard.tables.package import Package

_log = logging.getLogger("gongkai.drafts")
_JOBS = 2
# What was read stays in memory, so that a draft that is put together anew costs no second reading.
_READ: Kept[tuple[Any, ...], Read] = Kept(200)
_at_it: dict[Path, threading.Thread] = {}
_starting = threading.Lock()


def wake(shelf: Shelf) -> None:
    """Sees to it that somebody does what there is to do."""
    draft = shelf.read()
    if draft is None or not draft.has_work:
        return
    with _starting:
        held = _at_it.get(shelf.folder)
        if held is None or not held.is_alive():
            _at_it[shelf.folder] = threading.Thread(target=_run, args=(shelf,), name="draft", daemon=True)
            _at_it[shelf.folder].start()


def _run(shelf: Shelf) -> None:
    """Whatever happens is told in the draft; the log has the traceback."""
    try:
        run(shelf)
    except Exception:  # noqa: BLE001  # a thread that ends without a word would leave people waiting
        _log.exception("the work on a draft")


def run(shelf: Shelf) -> None:
    """Until nothing is left to do; at once where another process is at it."""
    with shelf.at_work() as is_alone:
        if not is_alone:
            return
        while (draft := shelf.read()) and draft.has_work:
            try:
                _step(shelf, draft)
            except UserError as error:
                if error.message_id == "draft.gone":
                    break
                _stop(shelf, draft, Reason(error.message_id, error.values))
            except Exception:  # noqa: BLE001  # told in the draft
                _log.exception("the work on a draft")
                _stop(shelf, draft, Reason("draft.broke_off"))
        if draft is None or shelf.read() is None:
            with shelf.locked():
                if shelf.read() is None:
                    shelf.clear()


def _stop(shelf: Shelf, draft: Draft, trouble: Reason) -> None:
    with suppress(UserError):
        shelf.change(draft.id, lambda held: replace(held, trouble=trouble, wanted_by=""))


def _step(shelf: Shelf, draft: Draft) -> None:
    place = shelf.place(draft)
    live = releases.live_now(shelf.settings.snapshots_dir)
    is_current = copies.is_current(shelf.settings.data_dir, place) and (not draft.set_back or draft.set_back_to == live)
    is_moved = bool(draft.wanted_by) and not draft.waiting and not is_current
    if draft.is_stale or draft.is_in_hand or is_moved or not copies.is_made(place):
        copies.forget(place)
        now = shelf.change(draft.id, lambda held: replace(held.anew(), is_stale=False, set_back_to=live))
        copies.make(shelf.settings.data_dir, place, lambda tables: setting_back.apply(shelf.settings, tables, now))
    elif draft.waiting:
        _read(shelf, draft)
    else:
        # Only now: of a document that was taken out meanwhile nothing is listed.
        results = [each.result for each in draft.items if each.result]
        refusals.renew(shelf.tables(draft), results, shelf.settings.data_dir)
        building.build(shelf, draft)


def _read(shelf: Shelf, draft: Draft) -> None:
    """Those that say all themselves together, those of which something is told one after another."""
    shelf.change(draft.id, lambda held: replace(held, is_in_hand=True))
    plain = [each for each in draft.waiting if each.told == Told()]
    groups = [plain] if plain else []
    groups += [[each] for each in draft.waiting if each.told != Told()]
    for group in groups:
        _ingest(shelf, draft, group)
    is_stale = shelf.require(draft.id).is_stale or amending.apply(shelf, draft)
    shelf.change(draft.id, lambda held: held.anew() if is_stale else replace(held, is_in_hand=False))


def _ingest(shelf: Shelf, draft: Draft, items: list[Item]) -> None:
    by_file = {each.file: each for each in items}
    told = items[0].told
    wishes = batch.Wishes(told.body, told.year, told.url, told.add_body)

    def begin(file: str) -> None:
        with suppress(UserError):  # where the draft went away, the batch itself will say so
            shelf.change(draft.id, lambda held: _begun(held, by_file[file]))

    def tell(path: Path, result: Result) -> None:
        shelf.change(draft.id, lambda held: _done(held, by_file[path.name], result))

    package = Package(shelf.tables(draft))
    paths = [shelf.documents(draft) / each.file for each in items]
    with executors.local(min(_JOBS, len(items))) as readers:
        reading = Readers(_Remembering(readers.executor, begin), readers.width)
        batch.ingest(paths, package, reading, wishes, tell)


def _begun(draft: Draft, item: Item) -> Draft:
    held = draft.item(item.id)
    return draft.with_item(replace(held, stage=Stage.READING)) if held == item else draft


def _done(draft: Draft, item: Item, result: Result) -> Draft:
    """One that was changed or removed meanwhile stays as it is: it has made the whole draft stale."""
    held = draft.item(item.id)
    if held is None or held.told != item.told or draft.is_stale:
        return draft
    return draft.with_item(replace(held, stage=Stage.DONE, result=_named(result, item)))


def _named(result: Result, item: Item) -> Result:
    reason = named(result.reason, item.name) if result.reason else None
    return replace(result, file=item.name, reason=reason)


class _Remembering(Executor):
    """Another executor, but what it has read before it does not read again. `begin` is called as a document's turn comes."""

    def __init__(self, executor: Executor, begin: Callable[[str], None]) -> None:
        self._executor, self._begin = executor, begin

    def submit(self, function: Callable[..., Any], /, *given: Any, **_named: Any) -> Future[Any]:
        return self._executor.submit(self._answer, function, given[0])

    def _answer(self, function: Callable[[Task], Read | Reason], task: Task) -> Read | Reason:
        self._begin(task.file)
        key = (_hash(task.content), task.suffix, _hash(task.bodies.encode()), task.body, task.year, task.new_body)
        known = _READ.get(key)
        if known is not None:
            return known
        answer = function(task)
        if isinstance(answer, Read):
            _READ.put(key, answer)
        return answer


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
