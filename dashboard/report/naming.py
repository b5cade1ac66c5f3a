"""Which body somebody means who writes a code, a name or an alias; said with what there is where that is not clear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.forms.titles import bare_name
from dashboard.messages import UserError
from dashboard.snapshots.engine import Engine
from dashboard.tables.finding import plain
from dashboard.tables.rows import records_of

_MOST = 12


def body_of(engine: Engine, words: str) -> str:
    """Its code. Raises UserError `report.body_unknown` or `report.body_several`, with the bodies that have reports."""
    key = plain(words)
    found = records_of(engine.listing_of(engine.found(key, _MOST, {"reports": 1})))
    meant = [row for row in found if key in _names(row)] or found
    if len(meant) == 1:
        return str(meant[0]["body"])
    if meant:
        raise UserError("report.body_several", body=words[:80], known=_told(meant))
    held = records_of(engine.bodies())
    raise UserError("report.body_unknown", body=words[:80], known=_told(held))


def _names(row: Mapping[str, Any]) -> set[str]:
    told = [each for each in (row["body"], row["name"], row["name_en"], *row["aliases"].split("|")) if each]
    return {plain(name) for each in told for name in (each, bare_name(each))}


def _told(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    told = [f"{row['name']} ({row['body']})" for row in rows]
    return (*told[:_MOST], "…") if len(told) > _MOST else tuple(told)
