"""What people ask of a draft before it counts: say what a document does not tell, take one out, prepare, discard.

Each names the draft that its page showed, so that nobody changes another one than they see. Raises UserError.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from dashboard.drafts import building
from dashboard.drafts.record import Draft, Item, Stage, Told
from dashboard.drafts.shelf import Shelf
from dashboard.ingest.outcome import Outcome
from dashboard.messages import UserError

# What leaves no trace in the draft's tables.
_TRACELESS = (Outcome.REFUSED, Outcome.UNCHANGED)


def start(shelf: Shelf, by: str) -> Draft:
    """Opens a draft where none is."""
    with shelf.locked():
        return shelf.opened(by)


def tell(shelf: Shelf, id_: str, document: str, told: Told) -> None:
    """What the document does not say itself; it is read again with that."""

    def changed(draft: Draft) -> Draft:
        item = _require(draft, document)
        again = replace(item, told=told, stage=Stage.WAITING, result=None)
        return _altered(draft.with_item(again), item)

    shelf.change(id_, changed)


def remove(shelf: Shelf, id_: str, document: str) -> None:
    """Takes a document out; what was read of it goes with it."""
    gone: list[Item] = []

    def changed(draft: Draft) -> Draft:
        item = _require(draft, document, is_kept=False)
        gone[:] = [item]
        return _altered(replace(draft, items=tuple(each for each in draft.items if each.id != document)), item)

    draft = shelf.change(id_, changed)
    for item in gone:
        if item.is_kept:
            (shelf.documents(draft) / item.file).unlink(missing_ok=True)


def _require(draft: Draft, document: str, *, is_kept: bool = True) -> Item:
    item = draft.item(document)
    if item is None or (is_kept and not item.is_kept):
        raise UserError("draft.no_document")
    return item


def _altered(draft: Draft, item: Item) -> Draft:
    """Put together anew, where the document has left something in the tables, or may have."""
    draft = replace(draft, prepared=None, wanted_by="", trouble=None)
    is_traceless = item.stage is Stage.WAITING or (item.result is not None and item.result.outcome in _TRACELESS)
    return draft if is_traceless and not draft.is_in_hand else draft.anew()


def prepare(shelf: Shelf, id_: str, by: str) -> None:
    """Asks for its snapshot; the data folder is looked at again, and what was read is read into it as it is then."""
    shelf.change(id_, lambda draft: replace(draft, wanted_by=by, prepared=None, trouble=None))


def again(shelf: Shelf, id_: str) -> None:
    """Starts over after trouble."""
    shelf.change(id_, Draft.anew)


def discard(shelf: Shelf, id_: str, by: str) -> None:
    """Nothing of it stays, neither its documents nor its snapshot."""
    with shelf.locked():
        draft = shelf.require(id_)
        leave(shelf, draft, by)


def leave(shelf: Shelf, draft: Draft, by: str, *, is_published: bool = False) -> None:
    """Removes a draft and the snapshots that were built for it and not published; the caller holds the lock."""
    names = set(draft.built) | (set() if is_published else {*building.left_over(shelf.settings, shelf.tables(draft))})
    shelf.remove(draft)
    with suppress(UserError):  # a refresh is at work: they are listed among the previews, and pruned with them
        building.drop(shelf.settings, sorted(names), by)
