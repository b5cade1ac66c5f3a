"""Changes to a PDF by its objects: their numbers and names, and what their streams say when unpacked."""

from __future__ import annotations

import base64
import re
import zlib
from random import Random

from tests.fuzz import raw

_OBJECT = re.compile(rb"(\d+ \d+ obj)(.*?)(endobj)", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\s*endstream", re.DOTALL)
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"2147483648", b"1e38", b"-99999999999999999999", b"0.00000001", b"nan")
_NAMES = (
    b"/Page",
    b"/Pages",
    b"/Kids",
    b"/Parent",
    b"/Contents",
    b"/Font",
    b"/Catalog",
    b"/XObject",
    b"/Form",
    b"/Length",
    b"/Encrypt",
    b"null",
    b"<<",
    b">>",
    b"[",
    b"]",
)


def spoiled(content: bytes, chance: Random) -> bytes:
    """Changed objects; pdfium finds them again without the table of their places."""
    if chance.random() < 0.15:
        return raw.spoiled(content, chance)
    objects = list(_OBJECT.finditer(content))
    for _ in range(chance.choice((1, 2, 6))):
        if not objects:
            return raw.spoiled(content, chance)
        drawn = [each for each in objects if b"stream" in each[2]]
        chosen = chance.choice(drawn if drawn and chance.random() < 0.7 else objects)
        content = content[: chosen.start(2)] + _changed(chosen[2], objects, chance) + content[chosen.end(2) :]
        objects = list(_OBJECT.finditer(content))
    return content


def _changed(body: bytes, objects: list[re.Match[bytes]], chance: Random) -> bytes:
    is_drawn = b"stream" in body
    match chance.randrange(4, 24) if is_drawn else chance.randrange(16):
        case 4 | 5:
            return chance.choice(objects)[2]
        case 6:
            return b" null "
        case 0 | 1 | 2 | 3 | 7:
            return _replaced(rb"-?\d+(?:\.\d+)?", chance.choice(_NUMBERS), body, chance)
        case 8 | 9 | 10:
            return _replaced(rb"/\w+", chance.choice(_NAMES), body, chance)
        case _:
            return _restreamed(body, chance)


def _replaced(pattern: bytes, by: bytes, body: bytes, chance: Random) -> bytes:
    found = list(re.finditer(pattern, body[:20_000]))
    if not found:
        return body
    chosen = chance.choice(found)
    return body[: chosen.start()] + by + body[chosen.end() :]


def _restreamed(body: bytes, chance: Random) -> bytes:
    """The object's stream unpacked, changed and put back as it is."""
    stream = _STREAM.search(body)
    if stream is None:
        return raw.spoiled(body, chance)
    try:
        plain = zlib.decompress(base64.a85decode(stream[1].strip(), adobe=False) if b"ASCII85" in body else stream[1])
    except (ValueError, zlib.error):
        return raw.spoiled(body, chance)
    for _ in range(chance.choice((1, 5, 40))):
        plain = chance.choice((_operand, _operand, _line, raw.spoiled))(plain, chance)
    return b" << /Length %d >>\nstream\n%s\nendstream\n" % (len(plain), plain)


def _operand(plain: bytes, chance: Random) -> bytes:
    return _replaced(rb"-?\d+(?:\.\d+)?", chance.choice(_NUMBERS), plain, chance)


def _line(plain: bytes, chance: Random) -> bytes:
    """A line of the page's program dropped, doubled or moved: states unbalanced, forms in themselves."""
    lines = plain.split(b"\n")
    line = lines.pop(chance.randrange(len(lines)))
    for _ in range(chance.choice((0, 1, 2, 200))):
        lines.insert(chance.randrange(len(lines) + 1), line)
    return b"\n".join(lines)
