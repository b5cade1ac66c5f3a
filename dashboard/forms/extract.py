"""A document's tables into facts, by the edition's form as data. No edition and no file format is special here.

A row's meaning follows from its label and the part of the form it stands in; what matches no row of the form is
reported with its cell, and a report that lacks rows the form requires is refused with the list of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dashboard import definitions
from dashboard.definitions import Form, FormPart, FormTable
from dashboard.documents.document import Cell, Document, Grid
from dashboard.forms import cells, labels
from dashboard.messages import UserError
from dashboard.schema import Fact


@dataclass
class Extraction:
    """What the tables held: facts in printed order, and cells whose label the form does not know."""

    facts: list[Fact] = field(default_factory=list)
    unmapped: list[Cell] = field(default_factory=list)


def read(document: Document, form: Form) -> Extraction:
    """The facts of every table of `form`. Raises UserError where required rows are missing or stand twice."""
    extraction = Extraction()
    for table in form.tables:
        for grid in document.grids:
            columns = _columns(grid, table)
            if columns:
                _read_list(grid, table, columns, extraction)
    _require_each_once(extraction, form)
    return extraction


def _columns(grid: Grid, table: FormTable) -> dict[str, int]:
    """Which column holds the label, the unit and the value; empty where the grid has no such header."""
    for row in grid.rows[:3]:
        found = {
            name: index
            for index, cell in enumerate(row)
            for name, known in table.header.items()
            if labels.normalise(cell.text) in known
        }
        if "label" in found and "value" in found:
            return found
    return {}


def _read_list(grid: Grid, table: FormTable, columns: dict[str, int], extraction: Extraction) -> None:
    part: FormPart | None = None
    for label, unit, value in _rows(grid, columns):
        name = labels.normalise(label.text)
        if not name or name in table.header["label"]:
            continue
        part = next((each for each in table.parts if each.label == name), part)
        row = next((row for row in part.rows if name in row.labels), None) if part else None
        if row:
            extraction.facts.append(_fact(row.indicator, unit, value))
        elif not part or (name != part.label and name not in part.headings):
            extraction.unmapped.append(label)


def _rows(grid: Grid, columns: dict[str, int]) -> Iterator[tuple[Cell, str, Cell]]:
    for row in grid.rows:
        unit = row[columns["unit"]].text if "unit" in columns else ""
        yield row[columns["label"]], unit, row[columns["value"]]


def _fact(indicator: str, printed_unit: str, cell: Cell) -> Fact:
    unit = definitions.indicators()[indicator].unit
    read = cells.read(cell.text, printed_unit, unit)
    return Fact(
        indicator=indicator, value=read.value, absence=read.absence, unit=unit,
        as_printed=cell.text, locator=str(cell.locator),
    )  # fmt: skip


def _require_each_once(extraction: Extraction, form: Form) -> None:
    found: dict[str, str] = {}
    for fact in extraction.facts:
        if fact.indicator in found:
            raise UserError(
                "form.row_twice", label=_label(fact.indicator), first=found[fact.indicator], second=fact.locator
            )
        found[fact.indicator] = fact.locator
    missing = [code for code in form.indicators if code not in found]
    if missing:
        raise UserError(
            "form.rows_missing",
            edition=form.edition,
            found=len(found),
            required=len(form.indicators),
            missing="、".join(_label(code) for code in missing),
            unmapped="、".join(f"{cell.text.strip()} ({cell.locator})" for cell in extraction.unmapped) or "–",
        )


def _label(code: str) -> str:
    return definitions.indicators()[code].name_zh
