"""Reports as spreadsheets: a paragraph is a row with one cell, tables have borders and merged cells, numbers are numbers."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from tests.documents import build
from tests.documents.build import Part
from tests.documents.description import Description, is_heading
from tests.documents.tables import Place, Td, placed
from tests.documents.writers.package import HEAD, OFFICE, package
from tests.documents.writers.text import label_lines

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PLAIN, _BORDERED, _GROUPED = 0, 1, 2  # styles: text outside of tables, a cell, a number with commas
_STYLES = (
    f'{HEAD}<styleSheet xmlns="{_SHEET}"><fonts><font/></fonts><fills><fill/></fills><borders><border/>'
    '<border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/></border></borders>'
    "<cellStyleXfs><xf/></cellStyleXfs>"
    '<cellXfs><xf/><xf borderId="1"/><xf numFmtId="3" borderId="1"/></cellXfs></styleSheet>'
)


def to_xlsx(report: Description) -> bytes:
    groups = _by_chapter(build.parts(report)) if report.dress.has_sheets else [build.parts(report)]
    sheets = {f"worksheets/sheet{n}.xml": _sheet(parts, report) for n, parts in enumerate(groups, start=1)}
    names = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(groups) + 1))
    book = f'{HEAD}<workbook xmlns="{_SHEET}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>'
    related = {path: ("worksheet", sheet) for path, sheet in sheets.items()} | {"styles.xml": ("styles", _STYLES)}
    return package("xl/workbook.xml", book, "spreadsheetml.sheet", related)


def _by_chapter(parts: list[Part]) -> list[list[Part]]:
    groups: list[list[Part]] = [[]]
    for part in parts:
        if isinstance(part, str) and is_heading(part) and groups[-1]:
            groups.append([])
        groups[-1].append(part)
    return groups


def _sheet(parts: list[Part], report: Description) -> str:
    rows, merges, number = [], [], 0
    for part in parts:
        table, style, width = (
            ([[Td(part)]], _PLAIN, 0) if isinstance(part, str) else (part, _BORDERED, report.dress.label_width)
        )
        for row in placed(table):
            number += 1
            cells = [_cell(place, f"{_letters(column)}{number}", style, width) for column, place in row.items()]
            rows.append(f'<row r="{number}">{"".join(cells)}</row>')
            merges += [
                f"{_letters(column)}{number}:{_letters(column + place.cell.cols - 1)}{number + place.cell.rows - 1}"
                for column, place in row.items()
                if place.is_first and place.cell.rows * place.cell.cols > 1
            ]
        number += 1  # an empty row between the parts
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in merges)
    merged = f'<mergeCells count="{len(merges)}">{merged}</mergeCells>' if merges else ""
    return f'{HEAD}<worksheet xmlns="{_SHEET}"><sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>'


def _cell(place: Place, at: str, style: int, width: int) -> str:
    cell = place.cell
    if not place.is_first or not cell.text:
        return f'<c r="{at}" s="{style}"/>'
    if cell.is_figure and re.fullmatch(r"0|[1-9]\d{0,2}(?:\d*|(?:,\d{3})+)", cell.text):
        digits = cell.text.replace(",", "")
        return f'<c r="{at}" s="{_GROUPED if "," in cell.text else style}"><v>{digits}</v></c>'
    text = escape("\n".join(label_lines(cell, width)))
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else _letters(column // 26 - 1) + _letters(column % 26)
