"""What a reader's words find in all that there is, in groups, each hit with the address that it leads to.

A view and words come in; nothing is looked for in more than a bounded part of the snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard import body_page, definitions
from dashboard.definitions import Entry
from dashboard.kept import Kept
from dashboard.parts import PAGES, PAGES_OF_CHARTS, View
from dashboard.parts.elements import spoken
from dashboard.parts.term import entry_href
from dashboard.search.things import Kind, Thing, found
from dashboard.tables.finding import plain
from dashboard.tables.rows import records_of

LONGEST = 80
# Hits of a kind in the dialog, and on the page.
MOST, MOST_ON_PAGE = 5, 40
# What stands in the text of other bodies' reports is gone through one by one: up to 0.25 s a million on two busy cores.
_MOST_MENTIONS = 500_000
_mentions: Kept[object, int] = Kept(4)


@dataclass(frozen=True, slots=True)
class Hit:
    """`more` tells what it is and where; a name in another language than the page's says so by `lang`."""

    name: str
    more: str
    href: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    kind: Kind
    name: str
    hits: tuple[Hit, ...]


def ask(view: View, words: str, most: int = MOST) -> list[Group]:
    """The groups that have hits, in their order, at most so many of a kind; none for words without a letter or digit."""
    words = "".join(each for each in words[:LONGEST] if each.isprintable()).strip()
    if not plain(words):
        return []
    few = found(words)
    hits = {Kind.BODY: _bodies(view, words, most)}
    hits |= {kind: [_hit(view, each) for each in few.get(kind, [])[:most]] for kind in _FEW}
    hits[Kind.MENTION] = _told(view, words, most)
    return [Group(kind, view.text(f"search.kind_{kind}"), tuple(hits[kind])) for kind in Kind if hits[kind]]


_FEW = (Kind.INDICATOR, Kind.TERM, Kind.CHART)


def _bodies(view: View, words: str, most: int) -> list[Hit]:
    above = view.text("glossary.comma")
    return [
        Hit(each.name, above.join(part for part in (each.level, each.above) if part), each.href, _lang(view, each.name))
        for each in body_page.find(view, words, most)
        if each.href
    ]


def _hit(view: View, thing: Thing) -> Hit:
    if thing.kind is Kind.CHART:
        path = PAGES_OF_CHARTS[thing.code]
        told = view.text(f"chart.{thing.code}.title")
        return Hit(told, view.text(f"nav.{PAGES[path]}"), f"{view.href(path)}#{thing.code}-headline")
    entry = definitions.glossary()[thing.code]
    about = entry.about(view.filters.language) or _counted(view, entry)
    return Hit(entry.name(view.filters.language), about, entry_href(view, thing.code))


def _counted(view: View, entry: Entry) -> str:
    """Its term, unit and code: some indicators of different things have one name."""
    term = definitions.glossary()[entry.term].name(view.filters.language) if entry.term else ""
    unit = view.text(f"unit.{entry.unit}").strip() or "%"
    return " · ".join(each for each in (term, unit, entry.code) if each)


def _told(view: View, words: str, most: int) -> list[Hit]:
    """Figures told in the text: of the body shown first, then of others where they are not too many to go through."""
    engine, body = view.snapshot.engine, view.filters.body
    rows = records_of(engine.told(words, body, most))
    if len(rows) < most and _count(view) <= _MOST_MENTIONS:
        rows += records_of(engine.told(words, body, most - len(rows), of_others=True))
    return [_mention(view, row) for row in rows]


def _count(view: View) -> int:
    count = _mentions.get(view.snapshot.folder)
    if count is None:
        count = view.snapshot.engine.count("mentions", {})
        _mentions.put(view.snapshot.folder, count)
    return count


def _mention(view: View, row: Mapping[str, Any]) -> Hit:
    name = f"{row['counts']} {row['as_printed']}"
    where = view.text("title.report", name=view.name_of(row["body"]), year=row["year"])
    more = f"{where} · {view.text('evidence.section', section=row['section'])}"
    href = f"{view.href('/data', body=row['body'], year=int(row['year']))}#at={row['locator']}"
    return Hit(name, more, href, _lang(view, name))


def _lang(view: View, name: str) -> str:
    lang = spoken(name) or ""
    return "" if lang == view.filters.language.tag else lang
