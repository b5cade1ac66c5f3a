"""Where the open draft is kept: `data/drafts/<id>/`, on the disk of the tables it links to. Read and changed under a lock.

draft.json    what is known of it
documents/    the files as received, named by their hash
tables/       its copy of the tables, and in tables/sources the documents that it adds
intent.json   while it is being published
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from dashboard.drafts import copies, record
from dashboard.drafts.record import Draft
from dashboard.messages import UserError
from dashboard.settings import Settings
from dashboard.snapshots import durable

FOLDER = "drafts"
INTENT = "intent.json"
_STATE, _UNFINISHED, _GONE, _LOCK, _AT_WORK = "draft.json", ".writing-", ".gone-", ".lock", ".work.lock"


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Shelf:
    """The drafts of a data folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.data_dir / FOLDER

    def place(self, draft: Draft) -> Path:
        return self.folder / draft.id

    def tables(self, draft: Draft) -> Path:
        """A data folder: the draft's copy of the tables."""
        return self.place(draft) / copies.TABLES

    def documents(self, draft: Draft) -> Path:
        return self.place(draft) / "documents"

    def read(self) -> Draft | None:
        """The open draft. Raises UserError where its record cannot be read."""
        for path in sorted(self.folder.glob(f"[!.]*/{_STATE}")):
            try:
                return record.from_json(path.read_bytes())
            except FileNotFoundError:  # it has gone since we looked
                continue
            except (OSError, ValueError, TypeError, KeyError) as error:
                raise UserError("draft.unreadable", file=str(path)) from error
        return None

    def require(self, id_: str = "") -> Draft:
        """The open draft, which must be the one that the caller has seen. Raises UserError."""
        draft = self.read()
        if draft is None or id_ not in ("", draft.id):
            raise UserError("draft.gone")
        return draft

    @contextmanager
    def locked(self) -> Iterator[None]:
        """While it holds, nobody else changes the draft. For moments only."""
        with durable.locked(self.folder / _LOCK, wait=30):
            yield

    @contextmanager
    def at_work(self) -> Iterator[bool]:
        """True where this is the only one that does the draft's work; False where another is at it."""
        with ExitStack() as held:
            try:
                held.enter_context(durable.locked(self.folder / _AT_WORK))
            except UserError as error:
                if error.message_id != "refresh.locked":
                    raise
                is_alone = False
            else:
                is_alone = True
            yield is_alone

    def opened(self, by: str) -> Draft:
        """The open draft; a new one where there is none. The caller holds the lock."""
        held = self.read()
        if held:
            return held
        self.clear()
        draft = Draft(secrets.token_hex(6), by, now())
        self.documents(draft).mkdir(parents=True)
        self.write(draft)
        return draft

    def change(self, id_: str, how: Callable[[Draft], Draft]) -> Draft:
        """Puts a changed record in the place of the one read; raises UserError where the draft is gone."""
        with self.locked():
            before = self.require(id_)
            after = how(before)
            if after != before:
                self.write(after)
            return after

    def write(self, draft: Draft) -> None:
        """The caller holds the lock."""
        path = self.place(draft) / _STATE
        try:
            durable.replace(path, record.to_json(draft), _UNFINISHED)
        except OSError as error:
            raise durable.not_writable(path, error) from error

    def remove(self, draft: Draft) -> None:
        """Out of sight in one step, then gone; the caller holds the lock."""
        try:
            self.place(draft).replace(self.folder / f"{_GONE}{draft.id}")
        except OSError as error:
            raise durable.not_writable(self.place(draft), error) from error
        self.clear()

    def clear(self) -> None:
        """What a killed process left: drafts that were on their way out, or never came to have a record."""
        if not self.folder.exists():
            return
        for place in self.folder.iterdir():
            if place.is_dir() and (place.name.startswith(_GONE) or not (place / _STATE).exists()):
                shutil.rmtree(place, ignore_errors=True)
        for pattern in (f"*/{_UNFINISHED}*", f"*/documents/{_UNFINISHED}*"):
            for path in self.folder.glob(pattern):
                path.unlink(missing_ok=True)
