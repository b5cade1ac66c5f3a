"""Reports as Word documents: merged cells, tracked changes, text boxes, tables in tables."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.documents import build
from tests.documents.description import Description, Dress, is_heading
from tests.documents.tables import Place, Table, Td, placed
from tests.documents.writers.package import HEAD, package
from tests.documents.writers.text import label_lines

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_VML = "urn:schemas-microsoft-com:vml"
_WIDTH = 600  # of a column; LibreOffice tells columns by their widths
_AUTHOR = 'w:id="1" w:author="办公室" w:date="2020-01-01T00:00:00Z"'
_EDGES = "".join(
    f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def to_docx(report: Description) -> bytes:
    dress = report.dress
    title, period, *others = build.parts(report)
    opening = [_paragraph(str(title)), _boxed(str(period)) if dress.has_text_box else _paragraph(str(period))]
    parts = [_paragraph(part) if isinstance(part, str) else _table(part, dress) for part in others]
    body = "".join([*opening, *parts])
    document = f'{HEAD}<w:document xmlns:w="{_WORD}" xmlns:v="{_VML}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    styles = (
        f'{HEAD}<w:styles xmlns:w="{_WORD}"><w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 1"/>'
        '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>'
    )
    return package("word/document.xml", document, "wordprocessingml.document", {"styles.xml": ("styles", styles)})


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _paragraph(text: str) -> str:
    style = '<w:pPr><w:pStyle w:val="2"/></w:pPr>' if is_heading(text) else ""
    return f"<w:p>{style}{_run(text)}</w:p>"


def _boxed(text: str) -> str:
    """A paragraph that holds nothing but a text box."""
    box = f"<w:txbxContent>{_paragraph(text)}</w:txbxContent>"
    return f'<w:p><w:r><w:pict><v:shape style="width:400pt"><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r></w:p>'


def _table(table: Table, dress: Dress) -> str:
    rows = [_row(list(row.values()), number, dress) for number, row in enumerate(placed(table))]
    if dress.has_changes:
        rows.insert(2, _deleted_row(len(placed(table)[0])))
    borders = f"<w:tblPr><w:tblBorders>{_EDGES}</w:tblBorders></w:tblPr>"
    grid = f'<w:gridCol w:w="{_WIDTH}"/>' * len(placed(table)[0])
    drawn = f"<w:tbl>{borders}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl><w:p/>"
    return f"<w:tbl><w:tblPr/><w:tr><w:tc>{drawn}</w:tc></w:tr></w:tbl><w:p/>" if dress.is_framed else drawn


def _row(places: list[Place], number: int, dress: Dress) -> str:
    """A row; a cell merged down stands in each of its rows, empty but in the first."""
    cells = []
    for place in places:
        if not place.is_first_column:
            continue
        cell, span, merge = place.cell, "", ""
        if cell.cols > 1:
            span = f'<w:gridSpan w:val="{cell.cols}"/>'
        if cell.rows > 1:
            merge = '<w:vMerge w:val="restart"/>' if place.is_first_row else "<w:vMerge/>"
        width = f'<w:tcW w:w="{_WIDTH * cell.cols}" w:type="dxa"/>'
        content = _content(cell, dress) if place.is_first_row else "<w:p/>"
        cells.append(f"<w:tc><w:tcPr>{width}{span}{merge}</w:tcPr>{content}</w:tc>")
    head = "<w:trPr><w:tblHeader/></w:trPr>" if number == 0 else ""
    return f"<w:tr>{head}{''.join(cells)}</w:tr>"


def _content(cell: Td, dress: Dress) -> str:
    if cell.is_figure and dress.has_changes:
        return f"<w:p>{_changed(cell.text)}</w:p>"
    lines = [_run(line) for line in label_lines(cell, dress.label_width)]
    return f"<w:p>{'<w:r><w:br/></w:r>'.join(lines)}</w:p>"


def _changed(text: str) -> str:
    """A figure corrected: what stood there is struck out, the first character kept, the rest put in."""
    struck = f'<w:del {_AUTHOR}><w:r><w:delText xml:space="preserve">99</w:delText></w:r></w:del>'
    kept, added = text[:1], text[1:]
    return _run(kept) + struck + (f"<w:ins {_AUTHOR}>{_run(added)}</w:ins>" if added else "")


def _deleted_row(width: int) -> str:
    cells = "".join(
        f"<w:tc><w:tcPr/><w:p><w:del {_AUTHOR}><w:r><w:delText>{number}</w:delText></w:r></w:del></w:p></w:tc>"
        for number in range(width)
    )
    return f"<w:tr><w:trPr><w:del {_AUTHOR}/></w:trPr>{cells}</w:tr>"
