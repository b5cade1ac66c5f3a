"""A term as a link to its entry in the glossary: the one place where pages make such links."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import definitions
from dashboard.parts.elements import link, spoken
from dashboard.parts.view import View

ADDRESS = "/glossary"


def entry_href(view: View, code: str) -> str:
    return f"{view.href(ADDRESS)}#{code}"


def term(view: View, code: str, words: str) -> Component:
    """The words lead to the entry of this code; they stand alone where the glossary has none."""
    if code not in definitions.glossary():
        return html.Span(words, lang=spoken(words))
    return link(words, entry_href(view, code), className="term", lang=spoken(words))


def terms(view: View, codes: Iterable[str]) -> list[Any]:
    """What is said after a chart's note: the terms above what it counts, each once, leading to their entries."""
    found = [
        code for code in dict.fromkeys(definitions.term_of(each) for each in codes) if code in definitions.glossary()
    ]
    said: list[Any] = []
    for code in found[:_MOST]:
        said += [" · " if said else html.Span(view.text("glossary.terms"), className="before"), _named(view, code)]
    return said


_MOST = 3


def _named(view: View, code: str) -> Component:
    return term(view, code, definitions.glossary()[code].name(view.filters.language))
