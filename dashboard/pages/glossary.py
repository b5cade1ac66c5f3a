"""The glossary: every term, indicator and rate in both languages, each with its clause, its unit and an address of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import definitions
from dashboard.definitions import Entry, Subject
from dashboard.messages import Language
from dashboard.pages.titles import plain_title
from dashboard.parts import View
from dashboard.parts.elements import aria, data, spoken
from dashboard.parts.term import term


def content(view: View) -> list[Component]:
    parts = {
        subject: [each for each in definitions.glossary().values() if each.subject is subject] for subject in Subject
    }
    return [
        plain_title(view, view.text("glossary.lead")),
        _ways(view, [subject for subject, entries in parts.items() if entries]),
        *[_part(view, subject, entries) for subject, entries in parts.items() if entries],
    ]


def _ways(view: View, subjects: Sequence[Subject]) -> Component:
    links = [html.Li(html.A(view.text(f"glossary.part_{each}"), href=f"#part-{each}")) for each in subjects]
    return html.Nav(html.Ul(links, className="jumps"), **aria(label=view.text("glossary.parts")))


def _part(view: View, subject: Subject, entries: Sequence[Entry]) -> Component:
    terms = [each for each in entries if not each.is_indicator and each.subject is not Subject.RATE]
    counted = [each for each in entries if each not in terms]
    return html.Section(
        [
            html.Header(html.H2(view.text(f"glossary.part_{subject}"), id=f"part-{subject}-title")),
            *([html.Div([_term(view, each) for each in terms], className="terms")] if terms else []),
            *([_table(view, subject, counted)] if counted else []),
        ],
        id=f"part-{subject}",
        className="card-chart table-card glossary",
        **aria(labelledby=f"part-{subject}-title"),
        **data(entry="1"),
    )


def _term(view: View, entry: Entry) -> Component:
    facts = [html.Span(each) for each in _facts(view, entry)]
    return html.Div(
        [
            html.H3([entry.name(view.filters.language), " ", _other(view, entry), " ", _address(view, entry)]),
            html.P(entry.about(view.filters.language)),
            *([html.P(facts, className="facts")] if facts else []),
        ],
        id=entry.code,
        className="entry",
        **data(entry="1"),
    )


def _facts(view: View, entry: Entry) -> list[str]:
    """The articles of the Regulations, and the editions whose form asks for it."""
    told = [view.text("glossary.articles", articles=entry.articles.replace("-", "–"))] if entry.articles else []
    if entry.editions:
        told.append(view.text("glossary.editions", editions=view.text("glossary.comma").join(entry.editions)))
    return told


def _other(view: View, entry: Entry) -> Component:
    """The name in the other language."""
    other = Language.EN if view.filters.language is Language.ZH else Language.ZH
    return html.Small(entry.name(other), lang=other.tag)


def _address(view: View, entry: Entry) -> Component:
    told = view.text("glossary.address", name=entry.name(view.filters.language))
    return html.A(html.Code(entry.code), href=f"#{entry.code}", className="address", title=told)


def _table(view: View, subject: Subject, entries: Sequence[Entry]) -> Component:
    editions = list(definitions.forms())
    names = ["indicator", "code", "unit", "clause"]
    head = [html.Th(view.text(f"table.{name}"), scope="col") for name in names]
    head += [html.Th(view.text("glossary.edition", edition=edition), scope="col") for edition in editions]
    caption = html.Caption(view.text(f"glossary.part_{subject}"), className="visually-hidden")
    body = html.Tbody([_line(view, each, editions) for each in entries])
    return html.Div(html.Table([caption, html.Thead(html.Tr(head)), body]), className="scroll")


def _line(view: View, entry: Entry, editions: Sequence[str]) -> Component:
    above = definitions.glossary().get(entry.term)
    own: list[Any] = [html.Br(), term(view, above.code, above.name(view.filters.language))] if above else []
    return html.Tr(
        [
            html.Th([entry.name(view.filters.language), html.Br(), _other(view, entry)], scope="row"),
            html.Td(_address(view, entry)),
            html.Td(view.text(f"unit.{entry.unit}").strip() or "%"),
            html.Td([html.Span(entry.clause, lang=spoken(entry.clause)), *own] if entry.clause else _base(view, entry)),
            *(html.Td(_place(view, entry, edition)) for edition in editions),
        ],
        id=entry.code,
        **data(entry="1"),
    )


def _base(view: View, entry: Entry) -> str:
    """What a rate is a part of."""
    by_edition = definitions.rates().get(entry.code, {})
    bases = dict.fromkeys(each.base(view.filters.language) for each in by_edition.values())
    return view.text("glossary.base", base=view.text("glossary.comma").join(bases))


def _place(view: View, entry: Entry, edition: str) -> Component:
    """Where it stands on that edition's form."""
    if edition not in entry.editions:
        return html.Span("–", title=view.text("absence.not_on_form"))
    place = entry.places[edition] if entry.places else "✓"
    return html.Span(place, lang="zh-CN")
