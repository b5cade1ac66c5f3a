"""What a file tells about itself: title, source, licence, date, put into an SVG or a PNG that is otherwise finished."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from xml.sax.saxutils import escape

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER_END = len(_SIGNATURE) + 25  # the first chunk, IHDR, is always of this length
_DUBLIN_CORE = {"Title": "title", "Source": "source", "Date": "date", "Copyright": "rights", "Snapshot": "identifier",
                "Description": "description"}  # fmt: skip


def svg(raw: bytes, metadata: Mapping[str, str]) -> bytes:
    """Title and description for readers of the file, and all of it as Dublin Core."""
    start = raw.index(b">") + 1
    told = [f"<title>{_text(metadata['Title'])}</title>"] if "Title" in metadata else []
    told += [f"<desc>{_text(metadata['Description'])}</desc>"] if "Description" in metadata else []
    facts = "".join(
        f"<dc:{term}>{_text(metadata[name])}</dc:{term}>" for name, term in _DUBLIN_CORE.items() if name in metadata
    )
    if facts:
        told.append(f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{facts}</metadata>')
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + raw[:start] + "".join(told).encode() + raw[start:]


def png(raw: bytes, metadata: Mapping[str, str]) -> bytes:
    """As text chunks: iTXt holds any language."""
    chunks = b"".join(_chunk(b"iTXt", _itxt(keyword, text)) for keyword, text in metadata.items())
    return raw[:_HEADER_END] + chunks + raw[_HEADER_END:]


def _itxt(keyword: str, text: str) -> bytes:
    return keyword.encode("latin-1")[:79] + b"\0\0\0\0\0" + text.encode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _text(words: str) -> str:
    """Without the characters that no XML may hold."""
    return escape("".join(each for each in words if each >= " " or each in "\t\n"))
