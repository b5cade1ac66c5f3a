"""Which report a document is: body, year, edition, publisher, each from a stated place, nothing guessed.

Where the document does not say, or says two things, the caller's `body` and `year` settle it, and what was said
otherwise is kept as a contradiction; else it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dashboard import definitions
from dashboard.definitions import Form
from dashboard.documents.document import Document
from dashboard.forms import bodies as names
from dashboard.forms import labels, titles
from dashboard.forms.titles import Printed
from dashboard.messages import UserError
from dashboard.schema import Body

_LOCALITIES = re.compile(r"(?<!\d)(\d{1,6})\s*个(?:地级市|市|县|乡镇|区)")
_DEPARTMENTS = re.compile(r"(?<!\d)(\d{1,6})\s*个[^、，。\d]{0,16}部门")
_CODE = re.compile(r"(?:代码|编码)\s*[:：]?\s*(\d{6})(?!\d)")
_COMPILED = re.compile(r"汇总|(?:综合|根据)[^。；]{0,12}各[^。；]{0,24}(?:报告|情况|数据)")
_CAPTION_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a place of the document tells of `about` (body, year, edition or publisher)."""

    about: str
    value: str
    as_printed: str
    place: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a document says of itself; empty or None where it does not say.

    `is_compiled`: it brings together the figures of several bodies. `contradictions` are statements that what was settled goes against. `proposed` is the row that would make an
    unknown body known.
    """

    body: str
    year: int
    form: Form
    title: str
    publisher: str
    period_start: str
    period_end: str
    localities: int | None
    departments: int | None
    published: str = ""
    is_compiled: bool = False
    evidence: tuple[Evidence, ...] = ()
    contradictions: tuple[Evidence, ...] = ()
    proposed: Body | None = None


def recognise(
    document: Document, bodies: Iterable[Body], *, body: str = "", year: int | None = None, new_body: bool = False
) -> Recognition:
    """Raises UserError where the document is no annual report, or does not tell its body, year or edition.

    A body that `bodies` does not hold is refused too, unless `new_body`: then `proposed` holds its row.
    """
    title = titles.title(document)
    if title is None:
        raise UserError("recognise.no_title")
    preamble, known = titles.preamble(document), list(bodies)
    start, end = titles.period(preamble)
    publisher = titles.publisher(preamble)
    whose = _bodies_told(title, publisher, preamble, known)
    when = _years_told(title, start, document)
    which = _editions_told(document)
    settled = _settle_body(whose, title, known, body, new_body)
    reported = _settle_year(when, year)
    form = _settle_edition(which, reported)
    evidence = [*whose, *when, *which, *([Evidence("publisher", publisher, publisher, "")] if publisher else [])]
    right = {settled.body, settled.name, str(reported), form.edition, publisher}
    localities, departments = _count(_LOCALITIES, preamble), _count(_DEPARTMENTS, preamble)
    return Recognition(
        body=settled.body,
        year=reported,
        form=form,
        title=re.sub(r"\s+", "", title.text),
        publisher=publisher,
        period_start=start,
        period_end=end,
        localities=localities,
        departments=departments,
        published=titles.published(document),
        is_compiled=bool(localities or departments or _COMPILED.search(preamble)),
        evidence=tuple(evidence),
        contradictions=tuple(each for each in evidence if each.value not in right),
        proposed=None if settled in known else settled,
    )


def _bodies_told(title: Printed, publisher: str, preamble: str, known: list[Body]) -> list[Evidence]:
    """The bodies that title, stated code and publisher name: by code where the list holds them, else by name."""
    told = []
    words = titles.body_words(title.text)
    if words:
        match = names.match(words, known)
        told.append(Evidence("body", match.body if match else words, title.text, title.place))
    code = _CODE.search(preamble)
    if code:
        told.append(Evidence("body", code[1], code[0], ""))
    office = names.publisher_of(publisher, known)
    if office and (not told or _is_named(told[0].value, known)):
        told.append(Evidence("body", office.body, publisher, ""))
    return told


def _is_named(code: str, known: list[Body]) -> bool:
    return any(each.body == code for each in known)


def _settle_body(told: list[Evidence], title: Printed, known: list[Body], given: str, new_body: bool) -> Body:
    values = {each.value for each in told}
    if given:
        chosen = names.match(given, known)
        held = {value for value in values if _is_named(value, known)}
        if held and (chosen is None or chosen.body not in held):
            raise UserError("recognise.body_given", given=given, told="、".join(sorted(held)), title=title.text)
        name = titles.body_words(title.text)
        chosen = chosen or (names.propose(name, given, known) if name and given.isdigit() else None)
    elif len(values) > 1 and (new := _named_and_coded(values, known)):
        chosen = new
    elif len(values) > 1:
        said = "；".join(f"{each.value}（{each.as_printed}）" for each in told)
        raise UserError("recognise.bodies", told=said)
    else:
        [value] = values or {""}
        chosen = names.match(value, known) or (names.propose(value, "", known) if value else None)
    if chosen is None or (chosen not in known and not new_body):
        raise UserError("recognise.body", title=title.text)
    return chosen


def _named_and_coded(values: set[str], known: list[Body]) -> Body | None:
    """A name and a division code, both new: one body that tells its code."""
    codes = [value for value in values if value.isdigit()]
    if len(values) != 2 or len(codes) != 1 or any(names.match(value, known) for value in values):
        return None
    [name] = values - set(codes)
    return names.propose(name, codes[0], known)


def _years_told(title: Printed, period_start: str, document: Document) -> list[Evidence]:
    """The years that the title, the stated period and the tables' captions tell."""
    told = [Evidence("year", year, title.text, title.place) for year in titles.YEAR.findall(title.text)]
    if period_start:
        told.append(Evidence("year", period_start[:4], period_start, ""))
    for block in document.blocks:
        if "统计表" in block.text and len(block.text) < _CAPTION_LENGTH:
            told += [Evidence("year", y, block.text, str(block.locator)) for y in titles.YEAR.findall(block.text)]
    return told


def _settle_year(told: list[Evidence], given: int | None) -> int:
    values = sorted({int(each.value) for each in told})
    if given is not None and values and given not in values:
        raise UserError("recognise.year_given", given=given, told="、".join(map(str, values)))
    if given is None and len(values) != 1:
        raise UserError("recognise.year", told="、".join(map(str, values)) or "–")
    return values[0] if given is None else given


def _editions_told(document: Document) -> list[Evidence]:
    """For each edition, its labels that the tables hold and no other edition has; most first."""
    words = {labels.normalise(cell.text): cell for grid in document.grids for row in grid.rows for cell in row}
    told: list[list[Evidence]] = []
    for form in definitions.forms().values():
        patterns = [labels.pattern(label) for label in form.recognised_by]
        found = [next((c for w, c in words.items() if p.fullmatch(w)), None) for p in patterns]
        told.append([Evidence("edition", form.edition, c.text, str(c.locator)) for c in found if c])
    return [each for evidence in sorted(told, key=len, reverse=True) for each in evidence]


def _settle_edition(told: list[Evidence], year: int) -> Form:
    """The edition whose labels prevail; the year alone decides nothing."""
    counts = {each.edition: 0 for each in definitions.forms().values()}
    for each in told:
        counts[each.value] += 1
    best, second = sorted(counts.values(), reverse=True)[:2]
    if not best:
        raise UserError("recognise.no_form", known="、".join(definitions.forms()))
    if best == second:
        mixed = "、".join(edition for edition, count in counts.items() if count)
        raise UserError("recognise.two_forms", told=mixed)
    form = definitions.forms()[max(counts, key=lambda edition: counts[edition])]
    if not form.first_year <= year <= form.last_year:
        raise UserError(
            "recognise.edition_year", edition=form.edition, year=year, first=form.first_year, last=form.last_year
        )
    return form


def _count(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(match[1]) if match else None
