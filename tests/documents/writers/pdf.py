"""Reports as PDF: ruled tables and such without lines, broken where a page ends, text wrapped in its cell."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A1, A3, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Drawn

from tests.documents import build
from tests.documents.description import Description, is_heading
from tests.documents.tables import Table, placed

_FONT = "STSong-Light"
_MARGIN = 36
_TEXT = ParagraphStyle("text", fontName=_FONT, fontSize=12, leading=18, firstLineIndent=24, wordWrap="CJK")
_HEADING = ParagraphStyle("heading", parent=_TEXT, fontSize=14, leading=24, firstLineIndent=0)
_TITLE = ParagraphStyle("title", parent=_HEADING, fontSize=18, leading=28, alignment=TA_CENTER)
_CELL = ParagraphStyle("cell", fontName=_FONT, fontSize=8, leading=10, wordWrap="CJK")
_RULED = ("GRID", (0, 0), (-1, -1), 0.5, "black")


def to_pdf(report: Description) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    size = landscape(A1) if report.style.is_lying else A3  # a table on its side has up to 66 columns
    flow: list[Flowable] = []
    for part in build.parts(report):
        flow += [_paragraph(part) if isinstance(part, str) else _table(part, report, size[0]), Spacer(1, 6)]
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out, pagesize=size, leftMargin=_MARGIN, rightMargin=_MARGIN, invariant=1, title=report.title
    )

    def head(canvas: Canvas, _: SimpleDocTemplate) -> None:
        if report.dress.has_running_heads:
            canvas.setFont(_FONT, 9)
            canvas.drawString(_MARGIN, size[1] - 40, report.title)
            canvas.drawCentredString(size[0] / 2, 40, f"— {canvas.getPageNumber()} —")

    template.build(flow, onFirstPage=head, onLaterPages=head)
    return out.getvalue()


def _paragraph(text: str) -> Paragraph:
    style = _HEADING if is_heading(text) else _TEXT if text.endswith("。") else _TITLE
    return Paragraph(escape(text), style)


def _table(table: Table, report: Description, page_width: float) -> Drawn:
    cells, spans = [], []
    for number, row in enumerate(placed(table)):
        cells.append([Paragraph(escape(place.cell.text), _CELL) if place.is_first else "" for place in row.values()])
        for column, place in row.items():
            cell = place.cell
            if place.is_first and cell.rows * cell.cols > 1:
                spans.append(("SPAN", (column, number), (column + cell.cols - 1, number + cell.rows - 1)))
    lines = [] if report.dress.is_unruled else [_RULED]
    width = (page_width - 2 * _MARGIN - 12) / len(cells[0])
    return Drawn(cells, colWidths=width, style=[*lines, *spans])
