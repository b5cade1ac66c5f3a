"""How much room words take, estimated without a font: a Chinese character is as wide as it is high, a Latin one about half."""

from __future__ import annotations

import math
import unicodedata

# Shares of the font size; a little more than the fonts of our style sheet need, so that nothing is cut.
_WIDE, _LATIN, _CAPITAL = 1.0, 0.56, 0.68


def width(words: str, size: float) -> float:
    """Pixels that the words take on one line at a font size in pixels."""
    return size * sum(_share(character) for character in words)


def is_wide(character: str) -> bool:
    """Whether it is as wide as it is high; the marks of Chinese punctuation that Unicode calls ambiguous are."""
    return unicodedata.east_asian_width(character) in ("W", "F") or character in "“”‘’…—·※"


def lines(words: str, size: float, room: float) -> int:
    """How many lines of `room` pixels the words take; at least one."""
    # A line that breaks between words is not filled to its end.
    ragged = 0.94 if " " in words else 1.0
    return max(1, math.ceil(width(words, size) / max(room * ragged - size / 2, size)))


def _share(character: str) -> float:
    if is_wide(character):
        return _WIDE
    return _CAPITAL if character.isupper() else _LATIN
