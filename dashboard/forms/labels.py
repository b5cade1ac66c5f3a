"""Labels compared by meaning: the same row of the form, however an office numbered, spaced or bracketed it."""

from __future__ import annotations

import re
import unicodedata

_NOTE = re.compile(r"\([^()]*\)")
_NUMBERING = re.compile(r"^(?:\([一二三四五六七八九十\d]+\)|[一二三四五六七八九十]+[、.,]|\d+[、.,)])+")
_PART_OF = re.compile(r"^其中[:,]?")
_SPACE = re.compile(r"\s+")


def normalise(label: str) -> str:
    """`(一) 主动公开政府信息数 (不同渠道…计 1 条)` becomes `主动公开政府信息数`."""
    plain = _SPACE.sub("", unicodedata.normalize("NFKC", label))
    bare = _PART_OF.sub("", _NUMBERING.sub("", plain))
    without_notes = _NOTE.sub("", bare)
    return (without_notes or bare).strip(":;,。")
