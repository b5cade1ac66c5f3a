"""A described report as a file of any format that offices publish: the same parts, written out by hand or by library.

Spans stay spans where the format has them (HTML, DOCX, XLSX, PDF); where it has none, the text stands at their first place.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.documents.description import Description
from tests.documents.writers import page, pdf, sheet, text, word

WRITERS: dict[str, Callable[[Description], bytes]] = {
    ".txt": text.to_txt,
    ".md": text.to_md,
    ".html": page.to_html,
    ".docx": word.to_docx,
    ".pdf": pdf.to_pdf,
    ".xlsx": sheet.to_xlsx,
}
