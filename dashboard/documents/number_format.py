"""A number as a spreadsheet shows it: its value and its format code give the text of the cell.

Knows the codes that tables of counts and amounts use (fixed decimals, thousands, percent, dates, text
around the number); any other is shown as General. A zero that a format draws as a dash stays 0: a dash
would say something else.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-m-d", 15: "d-m-yy",
    16: "d-m", 17: "yyyy-m", 22: "yyyy-m-d",
    27: 'yyyy"年"m"月"', 31: 'yyyy"年"m"月"d"日"', 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 43: "#,##0.00", 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_TOKENS = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|(.)', re.DOTALL)
_DIGITS = re.compile(r"[#0?](?:[#0?,]*[#0?])?(?:\.([#0?]*))?(,*)(\s*%)?")
_LONGEST_CODE = 255  # as spreadsheets allow
_MOST_DECIMALS = 30
_EXACT = Context(prec=1_000, rounding=ROUND_HALF_UP)


def shown(raw: str, code: str, is_1904: bool = False) -> str:
    """The text of a numeric cell; `raw` is the stored number, `code` the format code ("" is General)."""
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return raw
    if not value.is_finite() or abs(value.adjusted()) > 300:
        return raw
    code = code if len(code) <= _LONGEST_CODE else ""
    section = _section(code, value)
    bare = "".join(match[3] or "" for match in _TOKENS.finditer(section))
    if re.search("[ymd]", bare, re.IGNORECASE) and not re.search("[#0?]", bare):
        return _date(value, section, is_1904)
    if "E" in bare or "/" in bare or not re.search("[#0?]", bare):
        return general(value)
    return _fixed(value, section, has_own_sign=value < 0 and code.count(";") >= 1)


def general(value: Decimal) -> str:
    """Up to 15 significant digits, as far as a stored double is exact; no exponent, no tail of zeros."""
    rounded = Decimal(f"{value:.15g}")
    text = f"{rounded:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _section(code: str, value: Decimal) -> str:
    """Codes have up to four parts: positive; negative; zero; text."""
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)
    if value < 0 and len(sections) > 1:
        return sections[1]
    if value == 0 and len(sections) > 2 and re.search("[#0?]", re.sub('"[^"]*"', "", sections[2])):
        return sections[2]
    return sections[0]


def _fixed(value: Decimal, section: str, has_own_sign: bool) -> str:
    pattern = _literal(section)
    match = _DIGITS.search(pattern)
    if match is None:
        return general(value)
    decimals, scale, percent = (match[1] or "")[:_MOST_DECIMALS], len(match[2]), match[3]
    value = value * 100 if percent else value
    value = abs(value) if has_own_sign else value
    value = _EXACT.quantize(_EXACT.scaleb(value, -3 * scale), Decimal(1).scaleb(-len(decimals)))
    text = f"{value:,f}" if "," in match[0].rstrip(", %") else f"{value:f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    for _ in range(optional):
        text = text[:-1] if text.endswith("0") else text
    text = text.rstrip(".") + ("%" if percent else "")
    return (pattern[: match.start()] + text + pattern[match.end() :]).replace("\0", "").strip()


def _literal(section: str) -> str:
    """The code with quotes, padding, colours and conditions resolved."""
    out = []
    for match in _TOKENS.finditer(section):
        literal = match[1] if match[1] is not None else match[2]
        if literal is not None:
            out.append(re.sub("[#0?]", lambda mark: f"\0{mark[0]}\0" if mark[0] == "?" else mark[0], literal))
        elif match[3]:
            out.append(match[3])
        elif currency := re.fullmatch(r"\[\$([^-\]]+).*\]", match[0]):
            out.append(currency[1])
    return "".join(out)


def _date(value: Decimal, section: str, is_1904: bool) -> str:
    """A serial day number as a date, with the parts that the code shows, and 年月日 if it has them."""
    try:
        day = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)
        day += timedelta(days=int(value))
    except OverflowError:
        return general(value)
    numbers = {"y": day.year, "m": day.month, "d": day.day}
    letters = list(dict.fromkeys(re.findall("[ymd]", section.lower())))
    if "年" in section or "月" in section:
        return "".join(
            f"{numbers[letter]}{name}" for letter, name in zip("ymd", "年月日", strict=True) if letter in letters
        )
    return "-".join(str(numbers[letter]) for letter in "ymd" if letter in letters)
