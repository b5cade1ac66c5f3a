"""A document's tables into facts, by the edition's form as data. No edition and no file format is special here.

What matches nothing on the form, or several things, is reported with its cell; a document that lacks figures the form
requires, or states one twice with different values, is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dashboard import definitions
from dashboard.definitions import Form, FormTable
from dashboard.documents.document import Block, Cell, Document, Grid
from dashboard.forms import cells, layout, missing
from dashboard.forms.layout import Layout, Outline, Place
from dashboard.messages import UserError, tellable
from dashboard.schema import Fact

_TITLE_LENGTH = 40
_WIDEST = 400  # columns: no form has so many, whichever way it lies, and reading takes their square
_TOLD_LENGTH = 80  # of a cell's words in a sentence


@dataclass
class Extraction:
    """What the tables held: facts in printed order, and cells that the form does not know or that fit several places."""

    facts: list[Fact] = field(default_factory=list)
    unmapped: list[Cell] = field(default_factory=list)
    ambiguous: list[Cell] = field(default_factory=list)


def read(document: Document, form: Form) -> Extraction:
    """The facts of every table of `form`. Raises UserError where required figures are missing or contradict each other."""
    extraction = Extraction()
    outlines = {id(table): Outline() for table in form.tables}
    for number, (grid, title) in enumerate(_grids(document), start=1):
        layouts = [_layout(grid, table, title, outlines, number) for table in form.tables]
        _add([layout for layout in layouts if layout.places], extraction)
    _require_once(extraction)
    _require_all(extraction, form)
    return extraction


def _grids(document: Document) -> Iterator[tuple[Grid, str]]:
    """The grids with what stands above each: its caption or a short paragraph."""
    title = ""
    for part in document.content:
        if isinstance(part, Block):
            title = part.text if len(part.text.strip()) <= _TITLE_LENGTH else ""
        elif part.rows:
            yield part, part.caption or title
            title = ""


def _layout(grid: Grid, table: FormTable, title: str, outlines: dict[int, Outline], number: int) -> Layout:
    """The grid as it stands or turned on its side, whichever way holds more figures of the table."""
    tries, outline = [], outlines[id(table)]
    for is_turned, width in ((False, len(grid.rows[0])), (True, len(grid.rows))):
        if width > _WIDEST:
            continue
        goes_on = outline.is_turned == is_turned and outline.grid == number - 1
        begun = Outline(outline.here, outline.columns if goes_on else {}, outline.width, is_turned, number)
        tries.append((layout.read(layout.turned(grid) if is_turned else grid, table, title, begun), begun))
    if not tries:
        return Layout()
    found, reached = max(tries, key=lambda tried: len({place.meaning for place in tried[0].places}))
    if found.places:
        outlines[id(table)] = reached
    return found


def _add(layouts: list[Layout], extraction: Extraction) -> None:
    """Takes in what the tables of the form found in one grid. A row that one of them knows is not unmapped."""
    places = sorted((place for each in layouts for place in each.places), key=lambda place: _order(place.cell))
    extraction.facts.extend(_fact(place) for place in places)
    for each in layouts:
        others = set().union(*(other.claimed for other in layouts if other is not each))
        extraction.unmapped.extend(cell for cell in each.unmapped if cell.locator not in others)
        extraction.ambiguous.extend(cell for cell in each.ambiguous if cell.locator not in others)


def _order(cell: Cell) -> tuple[int, int]:
    return cell.locator.row or 0, cell.locator.col or 0


def _fact(place: Place) -> Fact:
    meaning = place.meaning
    unit = definitions.indicators()[meaning.indicator].unit
    read = cells.read(place.cell.text, place.unit, unit)
    return Fact(
        indicator=meaning.indicator, applicant=meaning.applicant, value=read.value, absence=read.absence, unit=unit,
        as_printed=place.cell.text, locator=str(place.cell.locator),
    )  # fmt: skip


def _require_once(extraction: Extraction) -> None:
    """A figure that a second table repeats unchanged is kept once; one that is stated twice otherwise is refused."""
    found: dict[tuple[str, str], Fact] = {}
    for fact in extraction.facts:
        first = found.setdefault((fact.indicator, fact.applicant), fact)
        if first is not fact and (first.value, first.absence) != (fact.value, fact.absence):
            raise UserError(
                "form.row_twice", label=missing.name(fact.indicator, fact.applicant),
                first=_told(first.as_printed, first.locator), second=_told(fact.as_printed, fact.locator),
            )  # fmt: skip
    extraction.facts = list(found.values())


def _require_all(extraction: Extraction, form: Form) -> None:
    found = {(fact.indicator, fact.applicant) for fact in extraction.facts}
    lacking = missing.tell(form, found)
    if lacking:
        raise UserError(
            "form.rows_missing",
            edition=form.edition,
            found=len(found),
            required=len(form.cells),
            tables="、".join(missing.count(form, found)),
            missing="、".join(lacking),
            unmapped="、".join(map(told, extraction.unmapped)) or "–",
            ambiguous="、".join(map(told, extraction.ambiguous)) or "–",
        )


def told(cell: Cell) -> str:
    """A cell as a person looks for it: its words and its place."""
    return _told(cell.text.strip(), str(cell.locator))


def _told(words: str, place: str) -> str:
    return f"{tellable(words, _TOLD_LENGTH) or '–'} ({place})"
