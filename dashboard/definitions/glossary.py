"""The glossary: every term of `terms.csv`, every indicator and every rate, under the code by which pages lead to it.

Comes in: `terms.csv`, the dictionary, the rates and the forms. A new row of any of them is an entry; nothing else tells
what there is. A term `covers` the indicators that begin with its prefixes; the narrowest is an indicator's own term.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from dashboard.definitions.continuity import rates
from dashboard.definitions.dictionary import Indicator, indicators
from dashboard.definitions.form import forms
from dashboard.messages import Language
from dashboard.schema import FRACTION

_FILE = Path(__file__).parent / "terms.csv"
_APPLICANT = "applicant."


class Subject(StrEnum):
    """What an entry is about: the parts of the glossary, in their order."""

    DUTY = "duty"
    REQUEST = "request"
    DISPUTE = "dispute"
    MEANS = "means"
    OTHER = "other"
    RATE = "rate"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class Entry:
    """`articles` are those of the Regulations, `clause` and `places` (by edition) are of the form; `term` is the code
    of the term above an indicator; `also` are other words that people look for; `about` is there for terms alone.
    """

    code: str
    subject: Subject
    name_zh: str
    name_en: str
    editions: tuple[str, ...] = ()
    articles: str = ""
    clause: str = ""
    unit: str = ""
    places: Mapping[str, str] | None = None
    term: str = ""
    also: tuple[str, ...] = ()
    about_zh: str = ""
    about_en: str = ""
    covers: tuple[str, ...] = ()

    @property
    def is_indicator(self) -> bool:
        return self.places is not None

    def name(self, language: Language) -> str:
        return self.name_zh if language is Language.ZH else self.name_en

    def about(self, language: Language) -> str:
        return self.about_zh if language is Language.ZH else self.about_en


@cache
def glossary() -> dict[str, Entry]:
    """By code: the terms, then the indicators in the order of the form, then the rates."""
    terms = [_term(row) for row in _rows()]
    listed = [*terms, *(_indicator(each, terms) for each in indicators().values()), *_rates()]
    return {each.code: each for each in listed}


def term_of(code: str) -> str:
    """The term above an indicator; the code itself where it has none, or is no indicator."""
    entry = glossary().get(code)
    return entry.term if entry and entry.term else code


def _term(row: Mapping[str, str]) -> Entry:
    covers = tuple(row["covers"].split())
    return Entry(
        row["term"], Subject(row["kind"]), row["name_zh"], row["name_en"], _editions(row["term"], covers), row["articles"],
        also=tuple(each for each in row["also"].split("|") if each),
        about_zh=row["about_zh"], about_en=row["about_en"], covers=covers,
    )  # fmt: skip


def _editions(term: str, covers: tuple[str, ...]) -> tuple[str, ...]:
    """Those whose form asks for something that the term covers, or for that kind of applicant."""
    applicant = term.removeprefix(_APPLICANT) if term.startswith(_APPLICANT) else ""
    return tuple(
        edition
        for edition, form in forms().items()
        if any(_is_below(code, covers) for code in form.indicators)
        or any(cell.applicant and cell.applicant == applicant for cell in form.cells)
        or (term == "applicant" and any(cell.applicant for cell in form.cells))
    )


def _indicator(indicator: Indicator, terms: list[Entry]) -> Entry:
    above = [term for term in terms if _is_below(indicator.code, term.covers)]
    own = max(above, key=lambda term: _length(indicator.code, term.covers), default=None)
    return Entry(
        indicator.code, own.subject if own else Subject.OTHER, indicator.name_zh, indicator.name_en,
        tuple(indicator.places), "", indicator.clause, indicator.unit, indicator.places, own.code if own else "",
    )  # fmt: skip


def _rates() -> list[Entry]:
    return [
        Entry(code, Subject.RATE, first.name_zh, first.name_en, tuple(by_edition), unit=FRACTION)
        for code, by_edition in rates().items()
        for first in [next(iter(by_edition.values()))]
    ]


def _is_below(code: str, prefixes: tuple[str, ...]) -> bool:
    return any(code == prefix or code.startswith(f"{prefix}.") for prefix in prefixes)


def _length(code: str, prefixes: tuple[str, ...]) -> int:
    return max(len(prefix) for prefix in prefixes if _is_below(code, (prefix,)))


def _rows() -> list[dict[str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
