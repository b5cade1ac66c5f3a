"""One cell of a form: a value, or the reason why there is none. The two are never mixed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from dashboard.definitions import convert, is_money
from dashboard.schema import Absence, is_held

_NUMBER = re.compile(
    r"(?P<turn>净?增加?|净?减少?)?(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<unit>[^\W\d_a-zA-Z]{0,3})"
)
_GAPS = re.compile(r"\s+")
_NOT_APPLICABLE = {"/", "\\", "-", "--", "—", "——", "－", "–", "无", "不适用", "*"}
_MINUS = str.maketrans("−﹣", "--")
_COUNTED = frozenset(
    [
        "件",
        "条",
        "个",
        "项",
        "次",
        "人",
        "名",
        "篇",
        "份",
        "部",
        "宗",
        "起",
        "家",
        "场",
        "期",
        "位",
        "人次",
        "件次",
        "条次",
        "项次",
    ]
)


@dataclass(frozen=True, slots=True)
class CellValue:
    value: Decimal | None
    absence: Absence | None


def read(text: str, printed_unit: str, unit: str) -> CellValue:
    """The figure of a cell in `unit`, or why it has none: blank, not applicable, or unreadable; never zero for them.

    A unit in the cell counts before `printed_unit`, that of the row or column. A unit that cannot be one of this
    figure (元 for a number of documents) makes the cell unreadable, and so does an amount of money without any, or a number too large for any table.
    """
    plain = _GAPS.sub("", unicodedata.normalize("NFKC", text)).translate(_MINUS)
    if not plain:
        return CellValue(None, Absence.BLANK)
    if plain in _NOT_APPLICABLE or text.strip() in _NOT_APPLICABLE:
        return CellValue(None, Absence.NOT_APPLICABLE)
    value = _value(plain, printed_unit, unit)
    return CellValue(value, Absence.UNREADABLE if value is None else None)


def is_figure(text: str) -> bool:
    """True for what stands where a figure is expected: a number, or a mark that says there is none."""
    plain = _GAPS.sub("", unicodedata.normalize("NFKC", text)).translate(_MINUS)
    return plain in _NOT_APPLICABLE or text.strip() in _NOT_APPLICABLE or _NUMBER.fullmatch(plain) is not None


def _value(plain: str, printed_unit: str, unit: str) -> Decimal | None:
    match = _NUMBER.fullmatch(plain)
    if match is None or (match["turn"] and match["number"][0] in "+-"):
        return None
    in_cell = match["unit"]
    if in_cell in ("万", "亿"):  # 1.2万 under 万元 may be 12,000 or 120,000,000: not told
        if is_money(unit):
            return None
        in_cell += unit
    printed = in_cell or printed_unit
    if not _fits(printed, unit):
        return None
    value = Decimal(match["number"].replace(",", ""))
    if is_money(unit) and not printed and value:
        return None
    told = convert(-value if (match["turn"] or "").strip("净").startswith("减") else value, printed or unit, unit)
    return told if is_held(told) else None


def _fits(printed: str, unit: str) -> bool:
    if not printed or printed == unit:
        return True
    return is_money(printed) if is_money(unit) else printed.lstrip("万亿") in _COUNTED
