"""Documents into figures: which report it is, its tables by the edition's form, its prose by the narrative rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.documents.document import Document
from dashboard.forms import claims, extract, narrative, titles
from dashboard.forms.recognise import Recognition, recognise
from dashboard.forms.wording import Setting
from dashboard.messages import UserError
from dashboard.schema import Body, Fact, Mention


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from one document. The table's facts come first, in the order of the form."""

    recognition: Recognition
    facts: list[Fact]
    mentions: list[Mention]
    unmapped: list[str]
    ambiguous: list[str]


def read(
    document: Document, bodies: Iterable[Body], *, body: str = "", year: int | None = None, new_body: bool = False
) -> Reading:
    """Raises UserError where the document is no report, or its tables lack figures that the form requires.

    `body` is a name, alias or code; a body that `bodies` does not hold is fine with `new_body` only.
    """
    recognition = recognise(document, bodies, body=body, year=year, new_body=new_body)
    tables = _tables(document, recognition)
    name = titles.body_words(recognition.title)
    setting = Setting(year=recognition.year, name=name, is_compiled=recognition.is_compiled)
    prose = narrative.read(document, setting)
    return Reading(
        recognition=recognition,
        facts=tables.facts + prose.facts,
        mentions=claims.read(document, setting, prose.mentions),
        unmapped=[extract.told(cell) for cell in tables.unmapped],
        ambiguous=[extract.told(cell) for cell in tables.ambiguous],
    )


def _tables(document: Document, recognition: Recognition) -> extract.Extraction:
    """An error tells which report it is of, for that much has been recognised."""
    try:
        return extract.read(document, recognition.form)
    except UserError as error:
        raise UserError(error.message_id, **error.values, body=recognition.body, year=recognition.year) from error
