"""A described report as a file of any format that offices publish: the same parts, written out by hand or by library.

Spans stay spans where the format has them (HTML, DOCX, XLSX, PDF); where it has none, the text stands at their first place.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A3
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as PdfTable

from tests.documents import build
from tests.documents.build import Description, Table, Td

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FONT = "STSong-Light"


def to_txt(report: Description) -> bytes:
    return build.to_txt(report).encode()


def to_gb18030(report: Description) -> bytes:
    """As older editors save it."""
    return build.to_txt(report, fill="=").encode("gb18030")


def to_md(report: Description) -> bytes:
    lines: list[str] = []
    for part in build.parts(report):
        if isinstance(part, str):
            lines += [part, ""]
        else:
            rows = build.spread(part, "=")
            lines += [f"| {' | '.join(row)} |" for row in rows[:1]]
            lines += ["|" + " --- |" * len(rows[0])]
            lines += [f"| {' | '.join(row)} |" for row in rows[1:]] + [""]
    return "\n".join(lines).encode()


def to_html(report: Description) -> bytes:
    return build.to_html(report).encode()


def to_docx(report: Description) -> bytes:
    body = "".join(
        _word_paragraph(part) if isinstance(part, str) else _word_table(part) for part in build.parts(report)
    )
    document = f'{_HEAD}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return _package("word/document.xml", document, "wordprocessingml.document")


def _word_paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _word_table(table: Table) -> str:
    rows = []
    for row in build.placed(table):
        cells = []
        for _, (cell, is_first_row, is_first_column) in sorted(row.items()):
            if not is_first_column:
                continue
            span = f'<w:gridSpan w:val="{cell.cols}"/>' if cell.cols > 1 else ""
            merge = "" if cell.rows == 1 else '<w:vMerge w:val="restart"/>' if is_first_row else "<w:vMerge/>"
            text = cell.text if is_first_row else ""
            cells.append(f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{_word_paragraph(text)}</w:tc>")
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(rows)}</w:tbl><w:p/>"


def to_xlsx(report: Description) -> bytes:
    """One sheet: a paragraph is a row with one cell, a table stands with its corner in column A."""
    rows, merges, number = [], [], 0
    for part in build.parts(report):
        table: Table = [[Td(part)]] if isinstance(part, str) else part
        for row in build.placed(table):
            number += 1
            cells = []
            for column, (cell, is_first_row, is_first_column) in sorted(row.items()):
                at = f"{_letters(column)}{number}"
                if is_first_row and is_first_column:
                    cells.append(
                        f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(cell.text)}</t></is></c>'
                    )
                    if cell.rows * cell.cols > 1:
                        merges.append(f"{at}:{_letters(column + cell.cols - 1)}{number + cell.rows - 1}")
            rows.append(f'<row r="{number}">{"".join(cells)}</row>')
        number += 1  # an empty row between the parts
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in merges)
    merged = f'<mergeCells count="{len(merges)}">{merged}</mergeCells>' if merges else ""
    sheet = f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>'
    book = (
        f'{_HEAD}<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    relations = _relations("rId1", f"{_OFFICE}/worksheet", "worksheets/sheet1.xml")
    more = {"xl/worksheets/sheet1.xml": sheet, "xl/_rels/workbook.xml.rels": relations}
    return _package("xl/workbook.xml", book, "spreadsheetml.sheet", more)


def _letters(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else _letters(column // 26 - 1) + _letters(column % 26)


def _package(main: str, content: str, kind: str, more: dict[str, str] | None = None) -> bytes:
    office = "application/vnd.openxmlformats-officedocument."
    types = (
        f'{_HEAD}<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        f'.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{office}{kind}.main+xml"/></Types>'
    )
    files = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relations("rId1", f"{_OFFICE}/officeDocument", main),
        main: content,
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def _relations(name: str, kind: str, target: str) -> str:
    relation = f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
    return f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>'


def to_pdf(report: Description) -> bytes:
    """Ruled tables on large pages (a span over many rows has to fit one), broken where a page ends; text wrapped."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    text = ParagraphStyle("text", fontName=_FONT, fontSize=12, leading=18, firstLineIndent=24, wordWrap="CJK")
    heading = ParagraphStyle("heading", fontName=_FONT, fontSize=16, leading=24, alignment=TA_CENTER, wordWrap="CJK")
    flow: list[Flowable] = []
    for part in build.parts(report):
        if isinstance(part, str):
            flow.append(Paragraph(escape(part), text if part.endswith("。") else heading))
        else:
            flow.append(_pdf_table(part))
        flow.append(Spacer(1, 6))
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A3, leftMargin=36, rightMargin=36).build(flow)
    return out.getvalue()


def _pdf_table(table: Table) -> PdfTable:
    small = ParagraphStyle("small", fontName=_FONT, fontSize=8, leading=10, wordWrap="CJK")
    placed = list(build.placed(table))
    cells, spans = [], []
    for number, row in enumerate(placed):
        texts = []
        for column, (cell, is_first_row, is_first_column) in sorted(row.items()):
            is_first = is_first_row and is_first_column
            texts.append(Paragraph(escape(cell.text), small) if is_first else "")
            if is_first and cell.rows * cell.cols > 1:
                spans.append(("SPAN", (column, number), (column + cell.cols - 1, number + cell.rows - 1)))
        cells.append(texts)
    width = 760 / len(cells[0])
    return PdfTable(cells, colWidths=width, style=[("GRID", (0, 0), (-1, -1), 0.5, "black"), *spans])


WRITERS: dict[str, Callable[[Description], bytes]] = {
    ".txt": to_txt,
    ".md": to_md,
    ".html": to_html,
    ".docx": to_docx,
    ".xlsx": to_xlsx,
    ".pdf": to_pdf,
}
