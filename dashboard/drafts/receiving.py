"""Takes a document in: its bytes into the draft under their hash, its name as a word to show, or the reason why not.

What the bytes say is none of this module's business: they are read by `work`, in a process of bounded time and memory.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from dashboard import documents
from dashboard.documents import limits
from dashboard.drafts.record import Draft, Item, Stage
from dashboard.drafts.shelf import Shelf, now
from dashboard.ingest.outcome import Outcome, Reason, Result
from dashboard.messages import UserError, tellable
from dashboard.snapshots import durable

# Documents of one draft: more than an office receives in a year.
MOST = 1000
_LONGEST_NAME = 120
_PIECE = limits.MEGABYTE
_COMING = ".writing-"


def receive(shelf: Shelf, name: str, stream: BinaryIO, by: str) -> Item:
    """The document as the draft has it now; a draft is opened where none is. One that cannot be one is refused in its
    line. Raises UserError where the folder cannot be written or the draft went away meanwhile.
    """
    with shelf.locked():
        draft = shelf.opened(by)
    item = _kept(shelf.documents(draft), plain(name), stream, by)
    held = shelf.change(draft.id, lambda held: _added(held, item)).item(item.id)
    if held is None:
        raise UserError("draft.gone")
    return held


def plain(name: str) -> str:
    """The last part of a path as a browser sends it, fit to be shown; its ending stays where it is cut."""
    last = tellable(re.split(r"[/\\]", name)[-1].strip(), 10_000)
    if len(last) <= _LONGEST_NAME:
        return last or "–"
    stem, dot, ending = last.rpartition(".")
    ending = dot + ending if stem and len(ending) < 10 else ""
    return f"{last[: _LONGEST_NAME - 1 - len(ending)]}…{ending}"


def _kept(folder: Path, name: str, stream: BinaryIO, by: str) -> Item:
    """The document's line; its bytes are in the folder unless it is refused."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    try:
        descriptor, unfinished = tempfile.mkstemp(dir=folder, prefix=_COMING)
    except FileNotFoundError as error:
        raise UserError("draft.gone") from error
    except OSError as error:
        raise durable.not_writable(folder, error) from error
    path = Path(unfinished)
    try:
        with os.fdopen(descriptor, "wb") as file:
            digest, size, is_blank = _copied(stream, file)
        item = Item(digest, name, suffix, size, by, now())
        reason = _refusal(name, suffix, size, is_blank=is_blank)
        if reason:
            result = Result(name, Outcome.REFUSED, sha256=digest, reason=reason)
            return replace(item, suffix="", is_kept=False, stage=Stage.DONE, result=result)
        path.replace(folder / item.file)
    except FileNotFoundError as error:
        raise UserError("draft.gone") from error
    except OSError as error:
        raise durable.not_writable(path, error) from error
    finally:
        path.unlink(missing_ok=True)
    return item


def _copied(stream: BinaryIO, file: BinaryIO) -> tuple[str, int, bool]:
    """Hash and size of all bytes, and whether they are nothing but blanks; no more is kept than a document may hold."""
    digest, size, is_blank = hashlib.sha256(), 0, True
    while piece := stream.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        is_blank = is_blank and not piece.strip()
        if size <= limits.MAX_FILE_BYTES:
            file.write(piece)
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest(), size, is_blank


def _refusal(name: str, suffix: str, size: int, *, is_blank: bool) -> Reason | None:
    """Why it cannot be a document, as far as can be told without reading it."""
    if suffix not in documents.endings():
        return Reason("document.unknown_format", {"file": name, "known": " ".join(sorted(documents.endings()))})
    try:
        limits.check_size(size)
    except UserError as error:
        return Reason.of(error, name)
    return Reason("document.empty", {"file": name}) if is_blank else None


def _added(draft: Draft, item: Item) -> Draft:
    """One that was refused comes again under another name; one that is here already stays as it is."""
    held = draft.item(item.id)
    is_refused = held is not None and held.result is not None and held.result.outcome is Outcome.REFUSED
    if held and not (is_refused and held.suffix != item.suffix):
        return draft
    if len(draft.items) >= MOST:
        raise UserError("draft.full", most=MOST)
    return replace(draft.with_item(item), prepared=None, wanted_by="")
