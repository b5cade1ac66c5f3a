"""The page of one document of the draft: the figures read, the doubtful first, beside the document they are printed in.

Each figure leads to its place in the document, which is an address within the page: it works without a script.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response

from dashboard import documents
from dashboard.admin import corrections, drafted, intake
from dashboard.admin.area import Area
from dashboard.admin.naming import name_of, said_of, value_of
from dashboard.admin.roles import Role, require
from dashboard.admin.visit import Visit
from dashboard.checks import Finding, telling
from dashboard.delivery import printed
from dashboard.delivery.printed import Mark
from dashboard.documents.document import Document, Locator
from dashboard.drafts import amending, reading
from dashboard.drafts.reading import Figure, Sheet
from dashboard.drafts.record import Draft, Item
from dashboard.drafts.shelf import Shelf
from dashboard.kept import Kept
from dashboard.messages import Language, UserError, text
from dashboard.schema import Fact

_documents: Kept[str, Document] = Kept(4)  # a PDF takes a second to read


@dataclass(frozen=True, slots=True)
class Place:
    """A link into the document beside; empty `id` where the place is in another report or unknown."""

    name: str
    id: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    name: str
    printed: str
    value: str
    doubts: tuple[tuple[str, str], ...]
    was: str
    is_new: bool
    place: str
    correct: str
    corrected: str
    why: str
    correction: str

    @property
    def is_doubtful(self) -> bool:
        return bool(self.doubts) and not self.correction


@dataclass(frozen=True, slots=True)
class FindingRow:
    severity: str
    word: str
    rule: str
    said: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class QuantityRow:
    counts: str
    printed: str
    section: str
    place: str
    is_doubtful: bool


def routes(area: Area) -> None:
    @area.route(f"{intake.PATH}/{{document}}", require(Role.VIEWER))
    def show(visit: Visit) -> Response:
        shelf = intake.shelf_of(visit)
        draft, asked = shelf.read(), visit.request.path_params["document"]
        item = draft.item(asked) if draft else None
        if draft is None or item is None:
            return visit.refused(404, visit.text("draft.no_document"))
        return _page(visit, shelf, draft, item)


def _page(visit: Visit, shelf: Shelf, draft: Draft, item: Item) -> Response:
    language = visit.language
    sheet, missing = _sheet(shelf, draft, item, language)
    text_, unread = _text(shelf, draft, item, sheet, language)
    [row] = drafted.rows(Draft(draft.id, draft.by, draft.at, (item,)), drafted.bodies(shelf, draft), language)
    figures = [_figure(visit, sheet, each) for each in sheet.figures] if sheet else []
    doubtful = sum(each.is_doubtful for each in figures)
    return visit.page(
        "report.html",
        item=item,
        row=row,
        sheet=sheet,
        missing=missing,
        figures=figures,
        doubtful=doubtful,
        findings=[_finding(each, language) for each in sheet.findings] if sheet else [],
        quantities=[_quantity(each) for each in sheet.quantities] if sheet else [],
        text=text_,
        draft=draft,
        is_busy=drafted.is_busy(draft),
        own={each.correction for each in amending.held(shelf, draft)},
        may_edit=visit.actor.role.may(Role.EDITOR),
        unread=unread,
    )


def _sheet(shelf: Shelf, draft: Draft, item: Item, language: Language) -> tuple[Sheet | None, str]:
    """What was read, or the sentence why there is nothing."""
    try:
        return reading.sheet(shelf.tables(draft), shelf.settings.data_dir, item.id), ""
    except UserError as error:
        return None, error.say(language)


def _text(shelf: Shelf, draft: Draft, item: Item, sheet: Sheet | None, language: Language) -> tuple[Markup, str]:
    """The document with every place marked that a figure or a finding names, or the sentence why it cannot be shown."""
    if not item.is_kept:
        return Markup(""), text("draft.not_kept", language)
    try:
        document = _documents.get(item.file)
        if document is None:
            document = documents.read(shelf.documents(draft) / item.file)[1]
            _documents.put(item.file, document)
    except UserError as error:
        return Markup(""), UserError(error.message_id, **(error.values | {"file": item.name})).say(language)
    # Every word of the document is escaped there.
    return Markup(printed.html(document, _marks(sheet) if sheet else {})), ""  # noqa: S704  # every text in it is escaped where it is made


def _marks(sheet: Sheet) -> dict[Locator, Mark]:
    """The gravest look wins where a place is named twice."""
    marks: dict[Locator, Mark] = {}
    looks = [(each.mention.locator, "doubt" if each.findings else "") for each in sheet.quantities]
    looks += [(each.fact.locator, "read") for each in sheet.figures if not each.doubts]
    looks += [(each.fact.locator, f"doubt {each.doubts[0]}") for each in reversed(sheet.figures) if each.doubts]
    for place, look in looks:
        at = _locator(place)
        if at is not None:
            marks[at] = Mark(id_of(place), look)
    return marks


def _locator(place: str) -> Locator | None:
    try:
        return Locator.parse(place) if place else None
    except ValueError:
        return None


def id_of(place: str) -> str:
    return f"at-{place}"


def _figure(visit: Visit, sheet: Sheet | None, figure: Figure) -> FigureRow:
    fact, language = figure.fact, visit.language
    was = value_of(figure.was, language) if figure.was else ""
    amended = figure.correction
    corrected = said_of(amended.value, amended.absence, amended.unit, language) if amended else ""
    why, number = (amended.reason, amended.correction) if amended else ("", "")
    doubts = tuple((str(each), text(f"draft.doubt_{each}", language)) for each in figure.doubts)
    return FigureRow(
        name_of(fact, language), " ".join(fact.as_printed.split()), value_of(fact, language), doubts, was, figure.is_new,
        id_of(fact.locator) if fact.locator else "", _correct(visit, sheet, fact), corrected, why, number,
    )  # fmt: skip


def _correct(visit: Visit, sheet: Sheet | None, fact: Fact) -> str:
    """The address of the form that corrects a figure: of the data folder where it is there, else of the draft."""
    if sheet is None or not visit.actor.role.may(Role.EDITOR):
        return ""
    what = {"indicator": fact.indicator, "segment": fact.segment, "applicant": fact.applicant, "measure": fact.measure}
    if sheet.is_held:
        report = f"{sheet.report.body}-{sheet.report.year}"
        return visit.href(corrections.NEW, report=report, **what, at=fact.locator)
    return visit.href(f"{intake.PATH}/{sheet.report.sha256}/correct", **what, at=fact.locator)


def _finding(finding: Finding, language: Language) -> FindingRow:
    places = (
        Place(
            telling.printed(cell, language),
            id_of(cell.locator) if cell.locator and reading.is_own(cell, finding) else "",
        )
        for cell in finding.cells
    )
    return FindingRow(
        finding.severity, text(f"severity.{finding.severity}", language), text(f"rule.{finding.rule}", language),
        telling.say(finding, language), tuple(each for each in places if each.name),
    )  # fmt: skip


def _quantity(each: reading.Quantity) -> QuantityRow:
    mention = each.mention
    return QuantityRow(
        mention.counts,
        " ".join(mention.as_printed.split()),
        mention.section,
        id_of(mention.locator),
        bool(each.findings),
    )
