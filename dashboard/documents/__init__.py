"""Files as offices publish them, read into one shape. Nothing here knows what a report or a form is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dashboard.documents import txt
from dashboard.documents.document import Document
from dashboard.messages import UserError

READERS: dict[str, Callable[[bytes], Document]] = {
    ".txt": txt.read,
}


def read(path: Path) -> tuple[bytes, Document]:
    """The file at `path`, its bytes and what they say; raises UserError where it is missing, empty or of a format not read."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UserError("document.unknown_format", file=path.name, known=" ".join(sorted(READERS)))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError("document.not_readable", file=path.name, reason=error.strerror or "") from error
    if not content.strip():
        raise UserError("document.empty", file=path.name)
    return content, reader(content)
