"""Labels compared by meaning: the same row of the form, however an office numbered, spaced or bracketed it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_CIRCLED = re.compile(r"^\s*[①-⑳⓪]")
_LOOSE_NUMERAL = re.compile(r"^\s*[一二三四五六七八九十]+\s+(?=\S)")
_BRACKETS = str.maketrans("【〔﹝[】〕﹞]", "(((())))")
_NOTE = re.compile(r"\([^()]*\)")
_NUMBERING = re.compile(
    r"^(?:\(?[一二三四五六七八九十\d]+\)|[一二三四五六七八九十]+[、.,:]|\d+[、.,):]|\d+(?=[\u4e00-\u9fff]))+"
)
_PART_OF = re.compile(r"^其中[:,、]?")
_SPACE = re.compile(r"\s+")
_MARKS = re.compile(r"[、,，.。:;；\"'“”‘’《》<>·/\\|*—–-]")
_COUNT = re.compile(r"(?<=.)总?[件条次个]?总?(?:数量|数)$")
_UNIT = re.compile(
    r"单位[:：]?\s*((?:[百千万亿]*)[元件条个次人项])|[(（]\s*([百千万亿]*元|[万亿]件)\s*[)）]|[/／]\s*([万亿]?元)$"
)


@cache
def normalise(label: str) -> str:
    """`(一) 主动公开政府信息数 (不同渠道…计 1 条)` becomes `主动公开政府信息`: numbers, notes, marks and 数 do not count.

    A label that is nothing but a note keeps the note's words, one that is nothing but 其中 is empty.
    """
    unnumbered = _LOOSE_NUMERAL.sub("", _CIRCLED.sub("", label))
    plain = _SPACE.sub("", unicodedata.normalize("NFKC", unnumbered)).translate(_BRACKETS)
    bare = _PART_OF.sub("", _NUMBERING.sub("", plain))
    words = _MARKS.sub("", _without_notes(bare) or bare)
    return _COUNT.sub("", words)


def _without_notes(text: str) -> str:
    """Without bracketed notes, nested ones too, and without one that is not closed."""
    while (shorter := _NOTE.sub("", text)) != text:
        text = shorter
    return text


def is_note(label: str) -> bool:
    """True for `（不包括政府公报编辑人员）`, which belongs to the label above it."""
    plain = _SPACE.sub("", unicodedata.normalize("NFKC", label)).translate(_BRACKETS)
    return bool(plain) and not _without_notes(plain) and not _NUMBERING.match(plain)


@cache
def pattern(label: str) -> re.Pattern[str]:
    """A form's label as a pattern over normalised labels; `*` in it stands for any words."""
    return re.compile(".*".join(re.escape(normalise(part)) if part else "" for part in label.split("*")))


def unit_in(label: str) -> str:
    """The unit a header or label states: 万元 in `本年收费金额（单位：万元）`; empty where none is."""
    match = _UNIT.search(_SPACE.sub("", unicodedata.normalize("NFKC", label)))
    return next(filter(None, match.groups()), "") if match else ""
