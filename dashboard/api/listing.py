"""One page of a table as JSON, or more of it as CSV or XLSX: an address comes in, what is sent goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import orjson

from dashboard.api import names
from dashboard.api.answers import LICENCE, Envelope, Origin, Wanted, day, titled
from dashboard.api.as_csv import to_csv
from dashboard.api.as_xlsx import to_xlsx
from dashboard.api.formats import JSON, XLSX, Format
from dashboard.api.parameters import LANGUAGE, SNAPSHOT, THEME, Given, Parameter, read
from dashboard.api.parameters import language as language_of
from dashboard.api.tables import FARTHEST, MOST, MOST_IN_FILES, Rows, Table, rows
from dashboard.api.telling import TRAILING, about
from dashboard.delivery import Stored
from dashboard.messages import Language, text
from dashboard.site import Site
from dashboard.snapshots.store import Snapshot
from dashboard.tables.rows import records_of

_OFFSET = Parameter("offset", least=0, most=FARTHEST, default=0)
_OWN = ("limit", "offset", "sort", "snapshot", "lang", "theme")


def limit_of(kind: Format) -> Parameter:
    is_page = kind is JSON
    most = MOST if is_page else MOST_IN_FILES
    return Parameter("limit", least=1, most=most, default=100 if is_page else most)


def parameters(table: Table, kind: Format) -> tuple[Parameter, ...]:
    """All that an address of the table may say."""
    return (*table.filters, table.sort, limit_of(kind), _OFFSET, SNAPSHOT, LANGUAGE, THEME)


@dataclass(frozen=True, slots=True)
class Asked:
    """An address of a table, read."""

    table: Table
    format: Format
    snapshot: Snapshot
    given: Given
    language: Language
    varies: bool
    passed: str = ""  # a preview's pass

    @property
    def where(self) -> Given:
        return {name: int(value) if name == "year" else value for name, value in self.given.items() if name not in _OWN}

    @property
    def limit(self) -> int:
        return int(self.given.get("limit", limit_of(self.format).default or 0))

    @property
    def offset(self) -> int:
        return int(self.given.get("offset", 0))

    @property
    def is_frozen(self) -> bool:
        return "snapshot" in self.given

    def address(self, base: str, ending: str, **changes: str | int) -> str:
        """The same rows of the same snapshot for good, or others of them."""
        told = self.given | {"snapshot": self.snapshot.name} | changes
        return f"{base}/api/v1/{self.table.name}{ending}?{urlencode(told)}"


def wanted(site: Site, table: Table, kind: Format, query: str, *, varies: bool) -> Wanted:
    """Raises UserError where the address asks for what is not there."""
    given = read(query, parameters(table, kind))
    found = site.asked(str(given.get("snapshot", "")))
    snapshot, passed = found.snapshot, found.frozen if found.preview else ""
    language = language_of(given, site.settings.language)
    asked = Asked(table, kind, snapshot, given, language, varies, passed)
    key = (snapshot.name, table.name, kind.ending, varies, tuple(sorted(given.items())))
    return Wanted(key, kind, lambda: _made(site, asked))


def _made(site: Site, asked: Asked) -> Stored:
    base, table, given = site.settings.address, asked.table, asked.given
    found = rows(table, asked.snapshot.engine, asked.where, str(given.get("sort", "")), asked.limit, asked.offset)
    ending = "" if asked.varies else f".{asked.format.ending}"
    after = asked.offset + asked.limit
    # Who reads a preview page by page stays in it.
    on = {"snapshot": asked.passed} if asked.passed else {}
    following = asked.address(base, ending, offset=after, limit=asked.limit, **on) if after < found.total else None
    links = [("canonical", asked.address(base, ending)), *([("next", following)] if following else [])]
    envelope = Envelope(asked.format, _disposition(asked), asked.is_frozen, asked.varies, tuple(links))
    if asked.format is JSON:
        return envelope.closed(_json(asked, found, following))
    return envelope.closed(_file(asked, found, base, ending))


def _json(asked: Asked, found: Rows, following: str | None) -> bytes:
    """Exact values as texts: a number of JSON would not hold all their digits."""
    told = {
        "items": [{name: plain(value) for name, value in row.items()} for row in found.items],
        "total": found.total,
        "next": following,
        "snapshot": asked.snapshot.name,
        "built": asked.snapshot.manifest.built,
        "synthetic": asked.snapshot.manifest.synthetic,
        "licence": LICENCE,
    }
    return orjson.dumps(told)


def plain(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _file(asked: Asked, found: Rows, base: str, ending: str) -> bytes:
    table, snapshot = asked.table, asked.snapshot
    site = text("cite.site", asked.language)
    origin = Origin(
        titled(table.title(asked.language), snapshot),
        titled(f"{site}, {base}", snapshot),
        asked.address(base, ending),
        snapshot.name,
        day(snapshot),
    )
    if asked.format is XLSX:
        lines = [list(row.values()) for row in found.items]
        return to_xlsx(
            origin.title, table.columns, lines, text("api.about", asked.language), about(origin, asked.language)
        )
    sources = _sources(asked, found, origin.source)
    more = (origin.snapshot, origin.date, origin.licence)
    lines = [[*row.values(), source, *more] for row, source in zip(found.items, sources, strict=True)]
    return to_csv([*table.columns, *TRAILING[1:]], lines)


def _sources(asked: Asked, found: Rows, otherwise: str) -> Sequence[str]:
    """The title of the report each row is of."""
    if not asked.table.is_of_reports:
        return [otherwise] * len(found.items)
    bodies = sorted({row["body"] for row in found.items})
    titles = {(each["body"], each["year"]): each["title"] for each in records_of(asked.snapshot.engine.titles(bodies))}
    return [titles.get((row["body"], row["year"]), otherwise) for row in found.items]


def _disposition(asked: Asked) -> str:
    body, year = (str(asked.given.get(name, "")) for name in ("body", "year"))
    plain = "-".join(part for part in ("gongkai", body, year, asked.table.name) if part)
    parts = [_body_name(asked, body) if body else "", year, asked.table.title(asked.language)]
    ending = asked.format.ending
    return names.disposition(f"{plain}.{ending}", names.readable(parts, ending), is_attachment=asked.format.is_file)


def _body_name(asked: Asked, body: str) -> str:
    [row] = records_of(asked.snapshot.engine.listed("bodies", {"body": body}, [], 1, 0))
    return str((asked.language is Language.EN and row["name_en"]) or row["name"])
