"""Files as offices publish them, read into one shape. Nothing here knows what a report or a form is."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from dashboard.documents import limits, sniff
from dashboard.documents.document import Document
from dashboard.messages import UserError

# Ending -> the module that reads it; imported when first needed, since some are heavy.
_MODULES = {
    ".txt": "txt",
    ".md": "markdown",
    ".html": "html",
    ".docx": "docx",
    ".pdf": "pdf",
    ".xlsx": "xlsx",
}


def read(path: Path) -> tuple[bytes, Document]:
    """The file at `path`, its bytes and what they say, read in a process with bounded time and memory.

    Raises UserError, with the file's name, where it is missing, empty, damaged, protected, too large, or of a format
    that is not read.
    """
    try:
        content = limits.load(path)
        if not content.strip():
            raise UserError("document.empty")
        return content, limits.run_limited(parse, content, path.suffix)
    except OSError as error:
        raise UserError("document.not_readable", file=path.name, reason=error.strerror or str(error)) from error
    except UserError as error:
        raise UserError(error.message_id, **({"file": path.name} | error.values)) from error


def parse(content: bytes, suffix: str) -> Document:
    """The bytes of a file whose name ends in `suffix`; what they are is told by themselves."""
    if suffix.lower() not in endings():
        raise UserError("document.unknown_format", known=" ".join(sorted(endings())))
    return _reader(sniff.format_of(content, suffix))(content)


def endings() -> set[str]:
    """The endings of names, in small letters, that are read."""
    return {*_MODULES, *sniff.OLD_OFFICE, *sniff.ALIKE}


def _reader(suffix: str) -> Callable[[bytes], Document]:
    if suffix in sniff.OLD_OFFICE:
        from dashboard.documents import legacy

        return legacy.reader(suffix)
    if suffix not in _MODULES:
        raise UserError("document.unknown_format", known=" ".join(sorted(_MODULES)))
    reader: Callable[[bytes], Document] = import_module(f"dashboard.documents.{_MODULES[suffix]}").read
    return reader
