"""What a reader has chosen: body, year, language, theme, snapshot, and a page's own filters; all of it in the URL."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pandas as pd

from dashboard.figures.theme import Theme
from dashboard.messages import Language, UserError
from dashboard.snapshots.engine import Engine

LONGEST = 1000
_OWN = ("body", "year", "lang", "theme", "snapshot")
# What charts of several reports may be asked for, each with its form.
OPTIONS = {
    "bodies": r"[0-9A-Za-z_.,-]{1,400}",
    "indicator": r"[0-9A-Za-z_.]{1,80}",
    "scale": r"absolute|indexed",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """`more` holds a page's own filters in the order of the URL, such as a search word.

    `snapshot` names the data that the view is frozen to; empty: what is live.
    """

    body: str
    year: int
    language: Language = Language.ZH
    theme: Theme = Theme.LIGHT
    more: tuple[tuple[str, str], ...] = ()
    snapshot: str = ""

    @classmethod
    def from_query(
        cls, query: str, engine: Engine, *, default_body: str = "", default_language: Language = Language.ZH
    ) -> Filters:
        """The filters of a query string. What it does not say is the newest report of the default body.

        Raises UserError for a body or year that no report is there for; an unknown language or theme is the default.
        """
        given = dict(parse_qsl(query.removeprefix("?")))
        body, year = _report(given, engine, default_body)
        more = {key: value[:200] for key, value in given.items() if key not in _OWN}
        return cls(
            body,
            year,
            language_of(query, default_language),
            Theme.DARK if given.get("theme") == Theme.DARK else Theme.LIGHT,
            tuple(more.items()),
            snapshot_of(query),
        )

    @classmethod
    def from_strict_query(
        cls, query: str, engine: Engine, *, default_body: str = "", default_language: Language = Language.ZH
    ) -> Filters:
        """As `from_query`, for programs and other sites: nothing is mended, and what is not known is left out.

        Raises UserError `query.…` for a query that is too long, names one of ours twice, or a language or theme that
        does not exist.
        """
        given = strict_pairs(query)
        body, year = _report(given, engine, default_body)
        language = Language(given["lang"]) if given.get("lang") else default_language
        more = tuple((name, given[name]) for name in OPTIONS if given.get(name))
        return cls(body, year, language, Theme(given.get("theme") or Theme.LIGHT), more, given.get("snapshot", ""))

    def query(self, **changes: Any) -> str:
        """This view, or the one with `changes`, as a query string; `more` is kept only where it is passed on."""
        view = replace(self, **({"more": ()} | changes))
        pairs: dict[str, str | int] = {"body": view.body, "year": view.year}
        if view.language is not Language.ZH:
            pairs["lang"] = view.language
        if view.theme is Theme.DARK:
            pairs["theme"] = view.theme
        if view.snapshot:
            pairs["snapshot"] = view.snapshot
        return "?" + urlencode(pairs | dict(view.more))

    def get(self, name: str) -> str:
        return dict(self.more).get(name, "")

    def only(self, names: Collection[str]) -> Filters:
        """The same view with these of its own filters alone, where they say anything."""
        return replace(self, more=tuple((name, value) for name, value in self.more if name in names and value))


def strict_pairs(query: str) -> dict[str, str]:
    """The pairs of a query string by name. Raises UserError for one that no link of ours could be."""
    if len(query) > LONGEST:
        raise UserError("query.too_long", most=LONGEST)
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    given = dict(pairs)
    for name in (*_OWN, *OPTIONS):
        if sum(key == name for key, _ in pairs) > 1:
            raise UserError("query.repeated", name=name)
    for name, known in (("lang", Language), ("theme", Theme)):
        if given.get(name) and given[name] not in tuple(known):
            raise UserError(f"query.{name}_unknown", value=given[name][:40], known=tuple(map(str, known)))
    for name, pattern in OPTIONS.items():
        if given.get(name) and not re.fullmatch(pattern, given[name]):
            raise UserError("query.malformed", name=name, value=given[name][:40], pattern=f"^({pattern})$")
    return given


def snapshot_of(query: str) -> str:
    """The snapshot a query string asks for; empty where it asks for none."""
    return dict(parse_qsl(query.removeprefix("?"))).get("snapshot", "")


def language_of(query: str, default: Language = Language.ZH) -> Language:
    """The language a query string asks for, whatever else is wrong with it."""
    asked = dict(parse_qsl(query.removeprefix("?"))).get("lang", "")
    return Language(asked) if asked in tuple(Language) else default


def theme_of(query: str) -> Theme:
    return Theme.DARK if dict(parse_qsl(query.removeprefix("?"))).get("theme") == Theme.DARK else Theme.LIGHT


def _report(given: Mapping[str, str], engine: Engine, default_body: str) -> tuple[str, int]:
    body = given.get("body") or default_body or engine.newest()
    if not body:
        raise UserError("data.no_reports", folder="data")
    years = engine.years(body)
    if not years:
        raise UserError("view.body_unknown", body=body[:40])
    asked = given.get("year") or str(years[-1])
    if not (asked.isascii() and asked.isdecimal() and len(asked) == 4) or int(asked) not in years:
        known = tuple(str(year) for year in years)
        raise UserError("view.year_unknown", year=asked[:40], known=known, **_names(engine.body(body)))
    return body, int(asked)


def _names(found: pd.DataFrame) -> dict[str, str]:
    """A body's name for a sentence in either language."""
    name, name_en = str(found["name"].iloc[0]), str(found["name_en"].iloc[0])
    return {"name": name, "name_en": name_en or name}
