"""PDF files with text in them: bytes -> Document.

Tables come from ruling lines, or from text that stands in columns; a table that goes on over a page break
is one grid. Other lines are put together into paragraphs. Scans have no text to read and are refused as
such.
"""

from __future__ import annotations

from dashboard.documents.document import Document


def read(content: bytes) -> Document:
    """All pages' paragraphs and tables; raises UserError for scanned, encrypted and damaged files."""
    # Imported here: pdfium is a large library, and most files are no PDF.
    from dashboard.documents.pdf import reading

    return reading.read(content)
