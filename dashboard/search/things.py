"""The things that are few and the same in every snapshot: indicators, rates, terms and charts, with what finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from dashboard import definitions
from dashboard.charts import CHARTS
from dashboard.definitions import Entry
from dashboard.definitions.sounds import readings
from dashboard.messages import Language, text
from dashboard.search.near import Names, Rank, fit, fit_nearly
from dashboard.tables.finding import plain

Fits = Callable[[Sequence[str], Names], Rank | None]


class Kind(StrEnum):
    """What is found, in the order in which it is shown."""

    BODY = "body"
    INDICATOR = "indicator"
    TERM = "term"
    CHART = "chart"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Thing:
    kind: Kind
    code: str
    names: Names


@cache
def things() -> tuple[Thing, ...]:
    """In the order of the glossary, then of the catalogue of charts."""
    return (*map(_of_entry, definitions.glossary().values()), *map(_of_chart, CHARTS))


def found(words: str) -> dict[Kind, list[Thing]]:
    """The things that the words find, best first; with slips of the hand where nothing fits as it is."""
    parts = [part for each in words.split() if (part := plain(each))]
    return _ranked(parts, fit) or _ranked(parts, fit_nearly)


def _ranked(parts: Sequence[str], fits: Fits) -> dict[Kind, list[Thing]]:
    ranked = [(rank, place, each) for place, each in enumerate(things()) if (rank := fits(parts, each.names))]
    by_kind: dict[Kind, list[Thing]] = {}
    for _, _, thing in sorted(ranked, key=lambda each: each[:2]):
        by_kind.setdefault(thing.kind, []).append(thing)
    return by_kind


def _of_entry(entry: Entry) -> Thing:
    kind = Kind.INDICATOR if entry.unit else Kind.TERM
    return Thing(kind, entry.code, _names([entry.name_zh, *entry.also], [entry.name_en, entry.code]))


def _of_chart(chart: str) -> Thing:
    chinese, english = (text(f"chart.{chart}.title", language) for language in (Language.ZH, Language.EN))
    return Thing(Kind.CHART, chart, _names([chinese], [english, chart]))


def _names(chinese: Iterable[str], others: Iterable[str]) -> Names:
    held = list(chinese)
    ways = [way for name in held if not name.isascii() for way in readings(name)]
    sounds = [[plain(each) for each in way] for way in ways]
    initials = ("".join(each[:1] for each in sound) for sound in sounds)
    return Names.of([*map(plain, [*held, *others]), *("".join(each) for each in sounds)], initials)
