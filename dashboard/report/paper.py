"""What every part of the document is made from: a view, the ink, where the site is; and words as they stand on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from dashboard import definitions
from dashboard.figures.marks import CORRECTED, SIGN
from dashboard.messages import Language, both
from dashboard.parts import View
from dashboard.parts.report_link import report_address
from dashboard.report.ink import Ink

_PROCEDURES = ("review", "litigation")


@dataclass(frozen=True, slots=True)
class Paper:
    """`base` is the site's own address, for links that lead back from a sheet of paper."""

    view: View
    ink: Ink
    base: str

    @property
    def language(self) -> Language:
        return self.view.filters.language

    @property
    def heading(self) -> str:
        return self.view.text("title.report", name=self.view.name, year=self.view.filters.year)

    @property
    def built(self) -> str:
        return self.view.snapshot.manifest.built[:10]

    @property
    def mark(self) -> str:
        """In every language, where the figures are made up; else empty."""
        return both("synthetic.mark") if self.view.snapshot.manifest.synthetic else ""

    @property
    def link(self) -> str:
        """The document as this snapshot has it, whatever is published later."""
        return self.base + report_address(self.view.filters, snapshot=self.view.snapshot.name)

    def say(self, message_id: str, **values: object) -> str:
        """A sentence, ready for HTML."""
        return escape(self.view.text(message_id, **values))

    def indicator(self, code: str) -> str:
        """Its name, ready for HTML; what is counted of both procedures tells of which."""
        name = escape(definitions.indicators()[code].name(self.language))
        procedure, _, part = code.partition(".")
        if procedure not in _PROCEDURES or part == "total":
            return name
        return f"{self.say(f'procedure.{procedure}')} · {name}"

    def signs(self, locator: str) -> str:
        """The signs of a figure that does not add up, and of one that is corrected."""
        told = [CORRECTED] if locator in self.view.corrected else []
        told += [SIGN] if locator in self.view.failing else []
        return "".join(f'<b class="sign">{each}</b>' for each in told)


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with what is told of each, both ready for HTML; what tells nothing is left out."""
    told = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in pairs if value)
    return f'<dl class="facts">{told}</dl>'


def foreign(words: str) -> str:
    """Words of a document, in the language of documents."""
    return f'<span lang="zh-CN">{escape(words)}</span>' if words else ""


def table(heads: Sequence[tuple[str, str]], bodies: Sequence[str], caption: str = "", kind: str = "") -> str:
    """`heads` are classes and words of the columns, `bodies` its tbody elements; the heads stand on each page."""
    named = f"<caption>{caption}</caption>" if caption else ""
    row = "".join(f'<th scope="col"{_class(kind)}>{words}</th>' for kind, words in heads)
    return f"<table{_class(kind)}>{named}<thead><tr>{row}</tr></thead>{''.join(bodies)}</table>"


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""
