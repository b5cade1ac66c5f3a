"""Changes to bytes, whatever they mean."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_PIECES = (
    b"\0",
    b"\xff" * 4,
    b"\0" * 64,
    b"\x7f\xff\xff\xff",
    b"9" * 5_000,
    b"-1",
    b"\r",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"<",
    b">",
    b"&",
    b"(" * 3_000,
)


def spoiled(content: bytes, chance: Random) -> bytes:
    """A few changes at random places."""
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        content = chance.choice(_CHANGES)(content, chance)
    return content


def _flipped(content: bytes, chance: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 4, 64)) if changed else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut_out(content: bytes, chance: Random) -> bytes:
    start, end = _range(content, chance)
    return content[:start] + content[end:]


def _repeated(content: bytes, chance: Random) -> bytes:
    start, end = _range(content, chance)
    return content[:end] + content[start:end] * chance.choice((1, 2, 20)) + content[end:]


def _moved(content: bytes, chance: Random) -> bytes:
    start, end = _range(content, chance)
    rest = content[:start] + content[end:]
    at = chance.randrange(len(rest) + 1)
    return rest[:at] + content[start:end] + rest[at:]


def _put_in(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice((*_PIECES, chance.randbytes(40))) + content[at:]


def _truncated(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _range(content: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.choice((1, 8, 100, 3_000)))


_CHANGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flipped,
    _flipped,
    _cut_out,
    _repeated,
    _moved,
    _put_in,
    _truncated,
)
