"""What the data folder holds that is not live, as the page of reports tells it, and taking reports of it out of the draft.

What differs, `snapshots.unpublished` knows; what taking one out is, `drafts.setting_back`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.admin import drafted
from dashboard.drafts.record import Draft
from dashboard.messages import Language, UserError, number, text
from dashboard.schema import Body
from dashboard.settings import Settings
from dashboard.snapshots import unpublished
from dashboard.snapshots.audit_log import Action, Entry


@dataclass(frozen=True, slots=True)
class Row:
    """A report that differs; `is_out` of the draft."""

    key: str
    name: str
    said: str
    is_out: bool


@dataclass(frozen=True, slots=True)
class Folder:
    said: str
    since: str
    rows: tuple[Row, ...]


def told(settings: Settings, draft: Draft | None, names: Mapping[str, Body], language: Language) -> Folder | None:
    """None where nothing differs, or that cannot be told: preparing says why."""
    try:
        found = unpublished.read(settings)
    except UserError:
        return None
    if found is None:
        return None
    figures = sum(each.figures for each in found.reports)
    said = text("unpublished.told", language, reports=number(len(found.reports)), figures=number(figures))
    if found.others:
        tables = text(
            "unpublished.others", language, tables=("、" if language is Language.ZH else ", ").join(found.others)
        )
        said = f"{said} {tables}" if found.reports else tables
    out = draft.set_back if draft else ()
    rows = [_row(each, each.key in out, names, language) for each in found.reports]
    return Folder(said, _since(found.since, language), tuple(rows))


def _row(each: unpublished.OfReport, is_out: bool, names: Mapping[str, Body], language: Language) -> Row:
    said = text(f"unpublished.{each.change}", language, figures=number(each.figures))
    return Row(each.key, f"{drafted.body_of(each.body, names, language)} · {each.year}", said, is_out)


def _since(entry: Entry | None, language: Language) -> str:
    if entry is None:
        return ""
    values = {"by": entry.by, "at": entry.at[:16].replace("T", " ")}
    message = "unpublished.rolled_back" if entry.action is Action.ROLLBACK else "unpublished.since"
    reason = text("unpublished.reason", language, reason=entry.reason) if entry.reason else ""
    return f"{text(message, language, **values)} {reason}".strip()
