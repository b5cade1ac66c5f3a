"""Corrections to figures of a draft: kept beside its tables, written into them whenever these are put together, and
published with them. What is right and what is wrong with one, `tables.corrections` knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from dashboard.drafts.record import Draft
from dashboard.drafts.shelf import Shelf
from dashboard.messages import UserError
from dashboard.schema import Correction, columns
from dashboard.snapshots import audit_log, correcting, durable
from dashboard.snapshots.audit_log import Action
from dashboard.tables import corrections, records, writing
from dashboard.tables.constraints import CORRECTED
from dashboard.tables.corrections import FILE, Chosen, Wish
from dashboard.tables.package import Package

_UNFINISHED = ".writing-"


def held(shelf: Shelf, draft: Draft) -> list[Correction]:
    """Those given in this draft, in their order."""
    path = _path(shelf, draft)
    return records.from_csv(path.read_text("utf-8"), Correction, FILE) if path.exists() else []


def _path(shelf: Shelf, draft: Draft) -> Path:
    return shelf.place(draft) / FILE


def give(shelf: Shelf, id_: str, body: str, year: int, chosen: Chosen, wish: Wish) -> None:
    """Writes a correction down; one for the same figure gives way. Raises Unfit with what is wrong with the wish,
    UserError where there is no such figure or the draft is being worked on.
    """
    with shelf.at_work() as is_alone:
        draft = shelf.require(id_)
        if not is_alone or draft.has_work:
            raise UserError("draft.busy")
        package = Package(shelf.tables(draft))
        fact = corrections.figure(package, body, year, chosen)
        given = corrections.proposed(package, body, year, fact, wish, datetime.now(UTC).date())
        kept = [each for each in held(shelf, draft) if _figure(each) != _figure(given)]
        shelf.change(id_, Draft.anew)  # first: a draft that is prepared never lacks one that its page lists
        _write(shelf, draft, [*kept, given])


def withdraw(shelf: Shelf, id_: str, correction: str) -> None:
    """Takes one given in this draft back, as if it had never been. Raises UserError where there is none of that id."""
    with shelf.at_work() as is_alone:
        draft = shelf.require(id_)
        if not is_alone:
            raise UserError("draft.busy")
        kept = [each for each in held(shelf, draft) if each.correction != correction]
        if len(kept) == len(held(shelf, draft)):
            raise UserError("correction.unknown", correction=correction)
        shelf.change(id_, Draft.anew)
        _write(shelf, draft, kept)


def _figure(row: Correction) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in CORRECTED)


def _write(shelf: Shelf, draft: Draft, rows: Sequence[Correction]) -> None:
    path = _path(shelf, draft)
    try:
        durable.replace(path, records.to_csv(rows, columns(Correction)).encode(), _UNFINISHED)
    except OSError as error:
        raise durable.not_writable(path, error) from error


def apply(shelf: Shelf, draft: Draft) -> bool:
    """Writes those given in this draft into its tables; one whose figure is gone, or reads otherwise now, is dropped.

    True where the tables hold one that was dropped: they are to be put together anew, without it.
    """
    rows = held(shelf, draft)
    if not rows:
        return False
    package, kept, is_left = Package(shelf.tables(draft)), [], False
    with writing.sole_writer(package.folder):
        for row in rows:
            is_there, again = row in package.corrections(), _again(package, row)
            if again and not is_there:
                corrections.give(package, again)
            kept += [row if is_there else again] if again else []
            is_left = is_left or (is_there and again is None)
    _write(shelf, draft, kept)
    return is_left


def _again(package: Package, row: Correction) -> Correction | None:
    """The same correction, numbered after those that the tables hold now; None where it does not fit the figure."""
    chosen = Chosen(row.indicator, row.segment, row.applicant, row.measure, row.locator)
    value = "" if row.value is None else records.written(row.value)
    wish = Wish(value, str(row.absence or ""), row.reason, row.evidence, row.name)
    try:
        fact = corrections.figure(package, row.body, row.year, chosen)
        if (fact.as_printed, fact.value, fact.absence) != (row.as_printed, row.printed_value, row.printed_absence):
            return None
        return corrections.proposed(package, row.body, row.year, fact, wish, date.fromisoformat(row.given))
    except UserError:
        return None


def log(shelf: Shelf, draft: Draft) -> None:
    """The audit log's lines of those that count from now on; each once, however often this is tried."""
    rows = held(shelf, draft)
    if rows:
        folder = shelf.settings.data_dir
        entries = audit_log.entries(folder)
        known = {each.told.get("correction") for each in entries if each.action is Action.CORRECTION}
        for row in rows:
            if row.correction not in known:
                correcting.record(folder, row)
