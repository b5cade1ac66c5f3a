"""Numbers as word processors and browsers draw them in front of list items: 3 -> 三, iii, C, ③."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"),           (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


def numeral(value: int, style: str) -> str:
    """`value` in a style named as in WordprocessingML (ST_NumberFormat); plain digits for others."""
    if style in {"none", "bullet"}:
        return ""
    if style in {
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCountingThousand",
    }:
        return chinese(value)
    if style in {"ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"}:
        return "".join(_DIGITS[int(digit)] for digit in str(value))
    if style in {"upperLetter", "lowerLetter"}:
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value < 1000 else str(value)
        return letter.upper() if style == "upperLetter" else letter
    if style in {"upperRoman", "lowerRoman"}:
        return _roman(value).upper() if style == "upperRoman" else _roman(value)
    if style.startswith("decimalEnclosedCircle") and 0 < value <= 20:
        return chr(ord("①") + value - 1)
    if style == "ideographTraditional" and 0 < value <= 10:
        return _STEMS[value - 1]
    if style == "ideographZodiac" and 0 < value <= 12:
        return _BRANCHES[value - 1]
    return f"{value:02d}" if style == "decimalZero" else str(value)


def chinese(value: int) -> str:
    """一 to 九千九百九十九, 十五 without 一 in front; digits outside that range."""
    if not 0 < value < 10_000:
        return str(value)
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
        gap = digit == 0
    return text.removeprefix("一") if text.startswith("一十") else text


def _roman(value: int) -> str:
    if not 0 < value < 4000:
        return str(value)
    text = ""
    for size, letters in _ROMAN:
        times, value = divmod(value, size)
        text += letters * times
    return text
