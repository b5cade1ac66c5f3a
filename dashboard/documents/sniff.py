"""What a file really is, by its content: a name's ending is often wrong (a .doc that is a web page or a
.docx).

Comes in: bytes and the ending of the name. Goes out: the ending of the format to read it as. Reads nothing
itself.
"""

from __future__ import annotations

import io
import re
import zipfile

from dashboard.documents.encoding import decode
from dashboard.messages import UserError

OLD_OFFICE = {".doc", ".wps", ".wpt", ".xls", ".et", ".rtf"}
_PLAIN = {".txt", ".md", ".markdown"}
ALIKE = {
    ".htm": ".html",
    ".shtml": ".html",
    ".xhtml": ".html",
    ".markdown": ".md",
    ".xlsm": ".xlsx",
    ".docm": ".docx",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_MARKUP = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta|div|p)\b", re.IGNORECASE)


def format_of(content: bytes, suffix: str) -> str:
    """The ending whose reader fits the content: `suffix`, or what a file named as an old office format is.

    Raises UserError where content and name contradict each other, and for encrypted files and images.
    """
    suffix = ALIKE.get(suffix.lower(), suffix.lower())
    actual = _signature(content)
    if actual is None:
        actual = suffix if suffix in _PLAIN and not _begins_as_markup(content) else _text_format(content)
    if actual == suffix or (suffix in OLD_OFFICE and actual is not None):
        return actual or suffix
    if actual is None and suffix == ".html":  # a fragment without the usual tags is still HTML to its reader
        return suffix
    if actual is None and not _is_text(content):
        raise UserError("document.unknown_content", extension=suffix)
    raise UserError("document.wrong_extension", extension=suffix, actual=(actual or ".txt").lstrip("."))


def _signature(content: bytes) -> str | None:
    head = content[:1024].lstrip()
    if b"%PDF-" in content[:1024]:
        return ".pdf"
    if content.startswith(_OLE):
        return _ole_format(content)
    if content.startswith(_ZIP):
        return _zip_format(content)
    if head.startswith(b"{\\rtf"):
        return ".rtf"
    if content.startswith(_IMAGES):
        raise UserError("document.scanned")
    return None


def _ole_format(content: bytes) -> str:
    """Directory entries are named in UTF-16; an encrypted OOXML file is an OLE file with such an entry."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UserError("document.password")
    is_sheet = any(name.encode("utf-16-le") in content for name in ("Workbook", "Book\0"))
    return ".xls" if is_sheet and "WordDocument".encode("utf-16-le") not in content else ".doc"


def _zip_format(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        raise UserError("document.damaged") from None
    if any(name.startswith("word/") for name in names):
        return ".docx"
    if any(name.startswith("xl/") for name in names):
        return ".xlsx"
    return ".ofd" if "OFD.xml" in names else ".zip"


def _is_text(content: bytes) -> bool:
    try:
        return bool(decode(content))
    except UserError:
        return False


def _begins_as_markup(content: bytes) -> bool:
    return bool(_MARKUP.match(content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")))


def _text_format(content: bytes) -> str | None:
    head = content[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16: its letters are every second byte
        head = head.replace(b"\0", b"")
    return ".html" if _MARKUP.search(head) else None
