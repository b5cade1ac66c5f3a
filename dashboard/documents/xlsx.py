"""Spreadsheets: bytes of an XLSX -> Document, as the sheets show themselves.

Hidden sheets, rows and columns are left out. A cell's locator has the sheet's number as its page and the
sheet's own row and column numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from dashboard.documents import limits
from dashboard.documents.assembly import Part, assemble, tidy
from dashboard.documents.document import Document
from dashboard.documents.number_format import BUILT_IN, shown
from dashboard.documents.ooxml import Package
from dashboard.documents.sheet import Sheet, parts_of
from dashboard.messages import UserError

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DEFAULT_NAME = re.compile(r"(Sheet|工作表|Table ?)\s*\d*", re.IGNORECASE)


def read(content: bytes) -> Document:
    """Titles and tables of all visible sheets. Raises UserError for damaged, encrypted or oversized files."""
    package = Package(content)
    main = package.main_part()
    workbook = package.part(main)
    if workbook is None or workbook.tag != f"{_S}workbook":
        raise UserError("document.damaged")
    related = package.related(main)
    look = _Look.of(package, dict(related.values()), workbook)
    parts: list[Part] = []
    for number, sheet in enumerate(workbook.iterfind(f"{_S}sheets/{_S}sheet"), start=1):
        kind, name = related.get(sheet.get(_RELATION, ""), ("", ""))
        if sheet.get("state", "visible") == "visible" and kind == "worksheet" and name in package:
            caption = sheet.get("name", "")
            parts += parts_of(_sheet(package, name, look), number, "" if _DEFAULT_NAME.fullmatch(caption) else caption)
    return assemble(parts, "xlsx", package.title())


@dataclass(slots=True)
class _Look:
    """What cells refer to: shared texts, and by style the number format and whether there is a border."""

    texts: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    borders: list[bool] = field(default_factory=list)
    is_1904: bool = False

    @classmethod
    def of(cls, package: Package, names: dict[str, str], workbook: etree._Element) -> _Look:
        look = cls()
        if names.get("sharedStrings", "") in package:
            look.texts = [_text(item) for item in package.stream(names["sharedStrings"], [f"{_S}si"])]
        properties = workbook.find(f"{_S}workbookPr")
        look.is_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
        styles = package.part(names.get("styles", ""))
        if styles is None:
            return look
        own = {e.get("numFmtId"): e.get("formatCode", "") for e in styles.iterfind(f"{_S}numFmts/{_S}numFmt")}
        drawn = [
            any(side.get("style", "none") != "none" for side in b) for b in styles.iterfind(f"{_S}borders/{_S}border")
        ]
        for form in styles.iterfind(f"{_S}cellXfs/{_S}xf"):
            code = form.get("numFmtId", "0")
            look.codes.append(own.get(code) or BUILT_IN.get(_integer(code), ""))
            border = _integer(form.get("borderId"))
            look.borders.append(border < len(drawn) and drawn[border])
        return look


def _sheet(package: Package, name: str, look: _Look) -> Sheet:
    sheet, row, count = Sheet(), 0, 0
    for element in package.stream(name, [f"{_S}row", f"{_S}col", f"{_S}mergeCell"]):
        if element.tag == f"{_S}row":
            row = _integer(element.get("r")) or row + 1
            if element.get("hidden") in {"1", "true"}:
                sheet.hidden_rows.add(row)
            else:
                count += _take_row(sheet, row, element, look)
                limits.check_cells(count)
        elif element.tag == f"{_S}mergeCell":
            _take_merge(sheet, element.get("ref", ""))
        elif element.get("hidden") in {"1", "true"}:
            last = min(_integer(element.get("max")), 16_384)
            sheet.hidden_cols |= set(range(_integer(element.get("min")), last + 1))
    return sheet


def _take_row(sheet: Sheet, row: int, element: etree._Element, look: _Look) -> int:
    """Notes the row's texts and borders; gives the number of texts."""
    texts: dict[int, str] = {}
    col = 0
    for cell in element.iterfind(f"{_S}c"):
        col = _column(cell.get("r", "")) or col + 1
        style = _integer(cell.get("s"))
        if style < len(look.borders) and look.borders[style]:
            sheet.bordered[row] = max(sheet.bordered.get(row, 0), col)
        if col not in sheet.hidden_cols and (text := _cell_text(cell, style, look)):
            texts[col] = text
    if texts:
        sheet.cells[row] = texts
    return len(texts)


def _cell_text(cell: etree._Element, style: int, look: _Look) -> str:
    kind, raw = cell.get("t", "n"), cell.findtext(f"{_S}v")
    if kind == "inlineStr":
        return tidy(_text(cell.find(f"{_S}is")))
    if raw is None:  # a formula that no program has computed has no value to show, but is not blank either
        formula = cell.findtext(f"{_S}f")
        return f"={formula}" if formula else ""
    if kind == "s":
        index = _integer(raw, -1)
        return tidy(look.texts[index]) if 0 <= index < len(look.texts) else ""
    if kind == "b":
        return "TRUE" if raw == "1" else "FALSE"
    if kind != "n":
        return tidy(raw)
    return shown(raw, look.codes[style] if style < len(look.codes) else "", look.is_1904)


def _take_merge(sheet: Sheet, reference: str) -> None:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", reference)
    if match:
        first, last = (int(match[2]), _column(match[1])), (int(match[4]), _column(match[3]))
        sheet.merges[first] = (last[0] - first[0] + 1, last[1] - first[1] + 1)


def _text(item: etree._Element | None) -> str:
    """The runs of a text, without phonetic hints."""
    if item is None:
        return ""
    return "".join(run.text or "" for path in (f"{_S}t", f"{_S}r/{_S}t") for run in item.iterfind(path))


def _column(reference: str) -> int:
    """B7 or B -> 2; 0 for anything else."""
    match = re.match(r"[A-Z]{1,3}", reference)
    number = 0
    for letter in match[0] if match else "":
        number = number * 26 + ord(letter) - 64
    return number


def _integer(text: str | None, default: int = 0) -> int:
    return int(text) if text is not None and re.fullmatch(r"\d{1,9}", text) else default
