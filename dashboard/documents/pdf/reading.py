"""A PDF's pages in order: opens the file, refuses what has no text, and puts the pages' tables and lines
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pypdfium2

from dashboard.documents import limits
from dashboard.documents.assembly import Part, assemble
from dashboard.documents.document import Document
from dashboard.documents.pdf import flow, ruled, stitch, unruled
from dashboard.documents.pdf.lines import Line, lines_of
from dashboard.documents.pdf.page import Page, extract
from dashboard.documents.pdf.ruled import Lattice
from dashboard.messages import UserError

_SCAN = 0.5  # of a page covered by images
_FEW = 20  # characters: a scan may carry a page number or a stamp
_LOCKED = {4, 5}  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY


def read(content: bytes) -> Document:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) in _LOCKED
        raise UserError("document.password" if is_locked else "document.damaged") from None
    try:
        if len(document) > limits.MAX_PAGES:
            raise UserError("document.too_many_pages", limit=limits.MAX_PAGES)
        pages = [extract(document, index) for index in range(len(document))]
        title = document.get_metadata_value("Title")
    except pypdfium2.PdfiumError:
        raise UserError("document.damaged") from None
    finally:
        document.close()
    _check(pages)
    return assemble(_parts(pages), "pdf", title)


def _check(pages: list[Page]) -> None:
    """Refuses files whose text is missing or says nothing."""
    scans = [page for page in pages if page.visible < _FEW and page.image_share > _SCAN]
    if 2 * len(scans) > len(pages):
        raise UserError("document.scanned")
    total = sum(len(page.glyphs) for page in pages)
    if 5 * sum(page.broken for page in pages) > max(total, 1):
        raise UserError("document.garbled")


def _parts(pages: list[Page]) -> list[Part]:
    found = [ruled.tables_of(page) for page in pages]
    texts = [lines_of(glyphs, page.number) for page, (_, glyphs) in zip(pages, found, strict=True)]
    texts = flow.without_running(texts)
    margins = flow.Margins([line for lines in texts for line in lines])
    sequence: list[Line | Lattice] = []
    for (tables, _), lines in zip(found, texts, strict=True):
        _append(sequence, _in_order(tables, lines))
    parts: list[Part] = []
    for is_line, group in groupby(sequence, key=lambda item: isinstance(item, Line)):
        if is_line:
            parts += flow.paragraphs_of([item for item in group if isinstance(item, Line)], margins)
        else:
            parts += [stitch.table_of(item) for item in group if isinstance(item, Lattice)]
    return parts


def _append(sequence: list[Line | Lattice], items: list[Line | Lattice]) -> None:
    """The next page's content; a table at its top may be the rest of the one before."""
    above, below = (sequence[-1], items[0]) if sequence and items else (None, None)
    if isinstance(above, Lattice) and isinstance(below, Lattice) and stitch.fits(above, below):
        sequence[-1] = stitch.join(above, below)
        items = items[1:]
    sequence += items


def _in_order(tables: list[Lattice], lines: Sequence[Line]) -> list[Line | Lattice]:
    """A page from top to bottom: ruled tables, tables without ruling between them, and lines."""
    items: list[Line | Lattice] = []
    rest = list(lines)
    for table in sorted(tables, key=lambda table: table.ys[0]):
        above = [line for line in rest if line.y <= table.ys[0] + 0.5 * line.size]
        rest = [line for line in rest if line.y > table.ys[0] + 0.5 * line.size]
        items += [*unruled.tables_of(above), table]
    return items + unruled.tables_of(rest)
