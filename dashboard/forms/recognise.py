"""Which report a document is: body, year, edition, title, period, each from a stated place, nothing guessed.

Where the document does not say, or says two things, the caller's `body` and `year` settle it; else it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dashboard import definitions
from dashboard.definitions import Form
from dashboard.documents.document import Document
from dashboard.forms import labels, sections
from dashboard.messages import UserError
from dashboard.schema import Body

_TITLE = re.compile(r"^(?=.*信息公开).{0,60}(?:年度报告|年报|工作报告)[。]?$")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年")
_PERIOD = re.compile(
    r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(?:起)?\s*[至到—–-]+\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
)
_PUBLISHER = re.compile(r"本(?:年度)?报告由(.{4,40}?)(?:汇总|编制|根据)")
_LOCALITIES = re.compile(r"(\d+)\s*个(?:地级市|市|县|乡镇|区)")
_DEPARTMENTS = re.compile(r"(\d+)\s*个[^、，。\d]{0,16}部门")


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a document says of itself; empty or None where it does not say."""

    body: str
    year: int
    form: Form
    title: str
    publisher: str
    period_start: str
    period_end: str
    localities: int | None
    departments: int | None


def recognise(document: Document, bodies: Iterable[Body], *, body: str = "", year: int | None = None) -> Recognition:
    """Raises UserError where the document is no annual report, or does not tell its body, year or edition."""
    title = _title(document)
    preamble = _preamble(document)
    start, end = _period(preamble)
    reported = year or _year(title, start, document)
    publisher = _PUBLISHER.search(preamble)
    return Recognition(
        body=body or _body(title, bodies),
        year=reported,
        form=_form(document, reported),
        title=re.sub(r"\s+", "", title),
        publisher=publisher[1] if publisher else "",
        period_start=start,
        period_end=end,
        localities=_count(_LOCALITIES, preamble),
        departments=_count(_DEPARTMENTS, preamble),
    )


def _title(document: Document) -> str:
    for text in [document.title, *(block.text.strip() for block in document.blocks[:40])]:
        if _TITLE.match(text):
            return text
    raise UserError("recognise.no_title")


def _preamble(document: Document) -> str:
    """The paragraphs before the first chapter: who compiled it, for which period, out of how many bodies."""
    return "".join(_until_chapter(document))


def _until_chapter(document: Document) -> Iterator[str]:
    for paragraph in sections.paragraphs(document):
        if re.match(r"\s*一\s*、", paragraph.text):
            return
        yield paragraph.text


def _period(text: str) -> tuple[str, str]:
    match = _PERIOD.search(text)
    if match is None:
        return "", ""
    numbers = [int(part) for part in match.groups()]
    try:
        return date(*numbers[:3]).isoformat(), date(*numbers[3:]).isoformat()
    except ValueError:
        return "", ""


def _year(title: str, period_start: str, document: Document) -> int:
    """The title's year; the stated period and the table's caption must not contradict it."""
    told = {int(year) for year in _YEAR.findall(title)}
    told |= {int(period_start[:4])} if period_start else set()
    for block in document.blocks:
        if "统计表" in block.text and len(block.text) < 60:
            told |= {int(year) for year in _YEAR.findall(block.text)}
    if len(told) != 1:
        raise UserError("recognise.year", told="、".join(str(year) for year in sorted(told)) or "–")
    return told.pop()


def _body(title: str, bodies: Iterable[Body]) -> str:
    plain = re.sub(r"\s+", "", title)
    named = [
        (len(name), each.body)
        for each in bodies
        for name in (each.name, *filter(None, each.aliases.split("|")))
        if name in plain
    ]
    if not named:
        raise UserError("recognise.body", title=plain)
    return max(named)[1]


def _form(document: Document, year: int) -> Form:
    """The edition whose words the document's tables hold; the year alone decides nothing."""
    words = {labels.normalise(cell.text) for grid in document.grids for row in grid.rows for cell in row}
    for form in definitions.forms().values():
        if all(word in words for word in form.recognised_by):
            if not form.first_year <= year <= form.last_year:
                raise UserError(
                    "recognise.edition_year", edition=form.edition, year=year, first=form.first_year, last=form.last_year
                )
            return form
    raise UserError("recognise.no_form", known="、".join(definitions.forms()))


def _count(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(match[1]) if match else None
