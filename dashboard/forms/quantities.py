"""Quantities in Chinese prose: `70.67 万条`, `近 300 万条`, `34 万余条`, `15项—20项`, `98.7%`, `两个及以上`.

Text in, quantities out, with exact values. What looks like a number but counts nothing (dates, document numbers,
ordinals, titles, addresses, hotlines) is masked first. Knows nothing of indicators or sections.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from dashboard.schema import FRACTION


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit (`fraction` for percentages, empty if none is printed) at `start`..`end` of its text."""

    value: Decimal
    unit: str
    bound: str
    start: int
    end: int
    as_printed: str


_FULL_WIDTH = str.maketrans("０１２３４５６７８９％．－−", "0123456789%.--")
_FULL_WIDTH_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3})")  # between other digits it parts two clauses
_MAGNITUDES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12}

_UNITS = [
    "平方公里",
    "平方米",
    "立方米",
    "公里",
    "千米",
    "米",
    "公顷",
    "亩",
    "吨",
    "千克",
    "元",
    "人次",
    "人",
    "名",
    "位",
    "户",
    "家",
    "条次",
    "条",
    "件次",
    "件",
    "项次",
    "项",
    "次",
    "场次",
    "场",
    "期",
    "份",
    "篇",
    "本",
    "册",
    "字",
    "类",
    "级",
    "起",
    "批次",
    "批",
    "张",
    "个工作日",
    "工作日",
    "个月",
    "个小时",
    "小时",
    "分钟",
    "个百分点",
    "个",
    "分",
    "天",
    "倍",
    "台",
    "部",
    "套",
    "辆",
    "处",
    "所",
    "座",
    "例",
    "宗",
    "种",
    "门",
    "组",
    "支",
    "幅",
    "首",
    "款",
    "幢",
    "栋",
    "站",
    "节",
    "课时",
    "页",
    "轮",
    "层",
    "站点",
    "点",
    "年",
]
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_UNIT_NAMES = {"个工作日": "工作日", "个小时": "小时", "个百分点": "百分点"}
_BEFORE = "不低于|不少于|不超过|不高于|不足|不到|至少|最多|超过|超|逾|突破|将近|接近|近|大约|约|高于|低于"
_AFTER = "及以上|以上|及以下|以下|以内|之内|左右|内"
_AFTER_NAMES = {"及以上": "以上", "及以下": "以下", "以内": "内", "之内": "内"}

# Text taken out of a PDF has spaces between the digits of a number: `1 234` and `12 3` are one number each.
# A minus counts only behind a word that calls for a number: elsewhere it is the dash of a range.
_NUMBER = r"(?:(?<=[长加升率幅为])-)?(?:\d{1,3}(?:,\s?\d{3})+|\d+(?: \d+)*)(?:\.\d+)?"
_QUANTITY = re.compile(
    rf"(?:(?P<before>{_BEFORE})\s*)?(?<![\dA-Za-z./×])(?<!\d,)(?P<number>{_NUMBER})\s*"
    rf"(?:(?P<percent>%)|(?P<more>[余多])?\s*(?P<magnitude>万亿|百万|千万|[千万亿])?\s*(?P<more2>[余多])?\s*"
    rf"(?P<unit>{_UNIT})?)(?P<after>{_AFTER})?"
)

_CHINESE_UNITS = "件|条|次|个|名|家|人次|人|项|类|级|场|期|份|篇|户|起|张|种|批次|批"
_CHINESE = re.compile(
    rf"(?:(?P<before>{_BEFORE})\s*)?(?<![第每同统进十百千万一二三四五六七八九两几数])(?P<number>[一二三四五六七八九十百千万两零〇]+)"
    rf"(?P<more>[余多])?(?P<unit>{_CHINESE_UNITS})(?P<after>{_AFTER})?"
)
_CHINESE_PERCENT = re.compile(
    rf"百分之(?P<number>[一二三四五六七八九十百零〇]+(?:点[一二三四五六七八九零〇]+)?)(?P<after>{_AFTER})?"
)
_CHINESE_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE_SIZES = {"十": 10, "百": 100, "千": 1000}

_MASKED = re.compile(
    r"《(?:[^《》]|《[^》]*》)*》"  # titles
    r"|[〔\[（(]\s*(?:19|20)\d{2}\s*[〕\]）)]\s*(?:第\s*)?\d+\s*号|第\s*\d+\s*号?"  # document numbers, ordinals
    r"|(?:19|20)\d{2}([./-])\d{1,2}\1\d{1,2}(?!\d)"
    r"|(?:19|20)\d{2}\s*年?\s*[—–~至-]+\s*(?:19|20)\d{2}\s*年度?"
    r"|(?:19|20)\d{2}\s*年度?(?:\s*\d{1,2}\s*月份?(?:\s*\d{1,2}\s*日)?)?"
    r"|\d{1,2}\s*月\s*\d{1,2}\s*日|\d{1,2}\s*月份?|\d{1,2}\s*日|\d{1,2}[:：]\d{2}"
    r"|0\d{2,3}\s*[—–-]+\s*\d{7,8}|1[3-9]\d{9}"  # telephone numbers
    r"|(?:https?://|www\.)[\w./?=&%-]+|[\w.-]+@[\w.-]+"
    r"|^\s*\d{1,2}\s*[.．、](?!\d)"  # the number of a heading
    r"|[“\"]\d+[”\"]"  # a hotline's name
)
_QUOTED = re.compile(r"“[^”]*”")
_RANGE = re.compile(r"\s*(?:[—–~-]+|至|到)\s*")
# Without a measure word a number counts something only where the sentence says that it does.
_STATED = re.compile(r"(?:达到?|共计?|合计|为|是|总数|总量|计)\s*$")


def find(text: str, *, is_prose: bool = True) -> list[Quantity]:
    """The quantities of `text` in order. Outside prose (a cell, a form field) a bare number is one as well."""
    plain = _FULL_WIDTH_COMMA.sub(",", text).translate(_FULL_WIDTH)
    if is_prose:
        plain = _mask(plain, _MASKED)
    found = [_arabic(match, text) for match in _QUANTITY.finditer(plain)]
    found = _join_ranges(_join_compounds(found, text), plain)
    if is_prose:
        found = [quantity for quantity in found if quantity.unit or _STATED.search(plain[: quantity.start])]
        found += _chinese(plain, text, found)
    return sorted(found, key=lambda quantity: quantity.start)


def chinese_number(words: str) -> Decimal | None:
    """二十四 is 24, 一百零三 is 103, 三万五千 is 35000; None where the words are no number."""
    total, section, digit = 0, 0, 0
    for word in words:
        if word in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[word]
        elif word in _CHINESE_SIZES:
            section += (digit or 1) * _CHINESE_SIZES[word]
            digit = 0
        elif word in "万亿":
            total = (total + section + digit) * _MAGNITUDES[word]
            section = digit = 0
        else:
            return None
    return Decimal(total + section + digit)


def _mask(text: str, pattern: re.Pattern[str]) -> str:
    """`text` with every match blotted out, its length unchanged so that offsets still hold."""
    return pattern.sub(lambda match: "□" * len(match[0]), text)


def _arabic(match: re.Match[str], text: str) -> Quantity:
    value = Decimal(re.sub(r"[,\s]", "", match["number"]))
    end = match.end()
    if match["percent"]:
        value, unit = value / 100, FRACTION
    else:
        value, unit = value * _MAGNITUDES[match["magnitude"] or ""], match["unit"] or ""
    after = match["after"] or ""
    if after and not unit:
        end, after = match.start("after"), ""
    bound = match["before"] or match["more"] or match["more2"] or _AFTER_NAMES.get(after, after)
    printed = text[match.start() : end].rstrip()
    return Quantity(
        _plain(value), _UNIT_NAMES.get(unit, unit), bound, match.start(), match.start() + len(printed), printed
    )


def _plain(value: Decimal) -> Decimal:
    """Without an exponent and without a tail of zeros: 7.067E+5 is 706700."""
    return Decimal(f"{value.normalize():f}")


def _join_compounds(found: list[Quantity], text: str) -> list[Quantity]:
    """`12万3456条` and `1亿2000万元` are one quantity each."""
    joined: list[Quantity] = []
    for quantity in found:
        head = joined[-1] if joined else None
        if head and head.end == quantity.start and head.as_printed[-1] in "万亿" and not head.bound:
            printed = text[head.start : quantity.end]
            joined[-1] = replace(quantity, value=head.value + quantity.value, start=head.start, as_printed=printed)
        else:
            joined.append(quantity)
    return joined


def _join_ranges(found: list[Quantity], text: str) -> list[Quantity]:
    """In `5个—10个工作日` and `3—7项` the first takes the unit of the second."""
    joined = list(found)
    for index in range(len(found) - 1, 0, -1):
        first, second = joined[index - 1], joined[index]
        between = text[first.end : second.start]
        if first.unit in ("", "个") and second.unit and _RANGE.fullmatch(between):
            joined[index - 1] = replace(first, unit=second.unit)
    return joined


def _chinese(plain: str, text: str, found: list[Quantity]) -> list[Quantity]:
    masked = _mask(plain, _QUOTED)
    taken = {position for quantity in found for position in range(quantity.start, quantity.end)}
    quantities = [_chinese_percent(match, text) for match in _CHINESE_PERCENT.finditer(masked)]
    masked = _mask(masked, _CHINESE_PERCENT)
    for match in _CHINESE.finditer(masked):
        value = chinese_number(match["number"])
        # 一 is mostly the article: 一个平台, 一批, 一次; and 三级 is a count only behind the levels it counts.
        is_rank = match["unit"] == "级" and "、" not in masked[max(0, match.start() - 8) : match.start()]
        if value is None or value < 2 or is_rank or match.start() in taken:
            continue
        after = match["after"] or ""
        bound = match["before"] or match["more"] or _AFTER_NAMES.get(after, after)
        quantities.append(Quantity(value, match["unit"], bound, match.start(), match.end(), text[slice(*match.span())]))
    return quantities


def _chinese_percent(match: re.Match[str], text: str) -> Quantity:
    """百分之九十八点五 is 0.985."""
    whole, _, decimals = match["number"].partition("点")
    digits = "".join(str(_CHINESE_DIGITS[word]) for word in decimals)
    value = (chinese_number(whole) or Decimal(0)) + Decimal(f"0.{digits or 0}")
    after = match["after"] or ""
    return Quantity(
        _plain(value / 100),
        FRACTION,
        _AFTER_NAMES.get(after, after),
        match.start(),
        match.end(),
        text[slice(*match.span())],
    )
