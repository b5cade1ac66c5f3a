"""Documents into figures: which report it is, its tables by the edition's form, its prose by the narrative rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.documents.document import Document
from dashboard.forms import extract, narrative
from dashboard.forms.recognise import Recognition, recognise
from dashboard.schema import Body, Fact, Mention


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from one document. The table's facts come first, in the order of the form."""

    recognition: Recognition
    facts: list[Fact]
    mentions: list[Mention]
    unmapped: list[str]


def read(document: Document, bodies: Iterable[Body], *, body: str = "", year: int | None = None) -> Reading:
    """Raises UserError where the document is no report, or its tables lack rows that the form requires."""
    recognition = recognise(document, bodies, body=body, year=year)
    tables = extract.read(document, recognition.form)
    prose = narrative.read(document)
    unmapped = [f"{cell.text.strip()} ({cell.locator})" for cell in tables.unmapped]
    return Reading(recognition, tables.facts + prose.facts, prose.mentions, unmapped)
