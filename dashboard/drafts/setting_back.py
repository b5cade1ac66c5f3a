"""Reports of the data folder that a draft does not take along: in its tables they stand as they are live, or not at all.

The data folder has them so once the draft is published. Their documents stay where documents are kept; the history of
documents no longer says that one of them stands for another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from dashboard.drafts.record import Draft
from dashboard.drafts.shelf import Shelf
from dashboard.messages import UserError
from dashboard.schema import Fact, Mention, Report, Superseded, columns
from dashboard.settings import Settings
from dashboard.snapshots import audit_log, inputs, store, unpublished
from dashboard.snapshots.audit_log import Action, Entry
from dashboard.snapshots.inputs import Key
from dashboard.snapshots.releases import Wish
from dashboard.snapshots.store import Snapshot
from dashboard.tables import records, writing
from dashboard.tables.package import Package

Row = TypeVar("Row", Fact, Mention)


def choose(shelf: Shelf, id_: str, keys: Collection[str]) -> None:
    """These and no others, each as `body-year`. Raises UserError where one of them is no report that differs from live."""
    found = unpublished.read(shelf.settings)
    known = {each.key for each in found.reports} if found else set()
    for key in keys:
        if key not in known:
            raise UserError("draft.no_such_report", report=key[:60])

    def chosen(draft: Draft) -> Draft:
        asked = tuple(sorted(set(keys)))
        return draft if asked == draft.set_back else replace(draft, set_back=asked, wanted_by="").anew()

    shelf.change(id_, chosen)


def apply(settings: Settings, tables: Path, draft: Draft) -> None:
    """Into a fresh copy of the data folder's tables. Raises UserError where what is live is not whole."""
    if not draft.set_back:
        return
    shown = store.open_snapshot(settings.snapshots_dir, draft.set_back_to)
    try:
        _apply(Package(tables), shown, {_key(each) for each in draft.set_back})
    finally:
        shown.engine.close()


def _key(told: str) -> Key:
    body, _, year = told.rpartition("-")
    return body, int(year)


def _apply(package: Package, shown: Snapshot, keys: set[Key]) -> None:
    there = unpublished.reports_of(shown.engine)
    before = {(each.body, each.year): each for each in package.reports()}
    wanted = {key: there[key] for key in keys if key in there}
    after = {key: each for key, each in before.items() if key not in keys} | wanted
    files = {path: text for each in wanted.values() for path, text in _tables(package, shown, each).items()}
    gone = [f"{kind}/{body}-{year}.csv" for body, year in sorted(keys - wanted.keys()) for kind in inputs.KINDS]
    kept = _history(package, wanted, {before[key].sha256 for key in keys if key in before})
    if kept:
        files["history.csv"] = records.to_csv(kept, columns(Superseded))
    else:
        gone.append("history.csv")
    listed = sorted(after.values(), key=lambda each: (each.body, str(each.year)))
    files["reports.csv"] = records.to_csv(listed, columns(Report))
    writing.replace_together(package.folder, {path: text.encode() for path, text in files.items()}, gone)
    package.write_description()


def _tables(package: Package, shown: Snapshot, report: Report) -> dict[str, str]:
    """A report's tables as the snapshot has them; not one that is to the byte what the snapshot was made of."""
    held = shown.manifest.inputs
    facts = [_plainly(each) for each in unpublished.facts_of(shown.engine, report.body, report.year)]
    rows = shown.engine.mentions(report.body, report.year).to_dict("records")
    mentions = [_plainly(Mention(**{name: row[name] for name in columns(Mention)})) for row in rows]
    texts = {"facts": records.to_csv(facts, columns(Fact)), "mentions": records.to_csv(mentions, columns(Mention))}
    paths = {kind: inputs.path_of(kind, report) for kind in texts}
    return {path: texts[kind] for kind, path in paths.items() if _hash(package.folder / path) != held.get(path)}


def _hash(path: Path) -> str:
    """Empty where there is no such table."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _plainly(row: Row) -> Row:
    """Without the places after the point that a snapshot's columns add."""
    value = row.value
    return replace(row, value=Decimal(f"{value.normalize():f}")) if value is not None else row


def _history(package: Package, wanted: dict[Key, Report], gone: Collection[str]) -> list[Superseded]:
    """Without documents that are held again, and without those that one not held any more stood for."""
    held = {each.sha256 for each in wanted.values()}
    dropped = set(gone) - held
    return [each for each in package.history() if each.sha256 not in held and each.by not in dropped]


def log(shelf: Shelf, draft: Draft, wish: Wish) -> None:
    """The audit log's line when it counts; once, however often this is tried."""
    folder = shelf.settings.data_dir
    if draft.set_back and not _is_logged(audit_log.entries(folder), draft):
        told = {"removed": list(draft.set_back), "draft": draft.id}
        entry = Entry(Action.SET_BACK, wish.by, target=draft.set_back_to, reason=wish.reason, told=told)
        audit_log.append(folder, entry)


def _is_logged(entries: Iterable[Entry], draft: Draft) -> bool:
    return any(each.action is Action.SET_BACK and each.told.get("draft") == draft.id for each in entries)
