"""What every file says of itself, in words: as the last columns of a CSV, and as the second sheet of a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.api.answers import LICENCE_ADDRESS, Origin
from dashboard.messages import Language, text

TRAILING = ("title", "source", "snapshot", "date", "licence")


def trailing(origin: Origin) -> tuple[str, ...]:
    """In the order of `TRAILING`."""
    return origin.title, origin.source, origin.snapshot, origin.date, origin.licence


def about(origin: Origin, language: Language, more: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """The lines of the second sheet, the title first; `more` are ids under `api.told_` with what they tell."""
    told = [
        ("title", origin.title),
        *more,
        ("source", origin.source),
        ("link", origin.link),
        ("snapshot", origin.snapshot),
        ("date", origin.date),
        ("licence", f"{origin.licence} {LICENCE_ADDRESS}"),
    ]
    return [(text(f"api.told_{name}", language), value) for name, value in told]
