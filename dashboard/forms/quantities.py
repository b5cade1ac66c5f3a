"""Quantities in Chinese prose: `70.67 万条`, `近 300 万条`, `34 万余条`, `15项—20项`, `98.7%`, `两个及以上`.

Text in, quantities out, with exact values. What looks like a number but counts nothing (dates, document numbers,
ordinals, titles, addresses, hotlines) is masked first. Knows nothing of indicators or sections.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from dashboard.forms import numerals
from dashboard.schema import FRACTION, is_held


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
    rf"(?:(?P<percent>%)|(?P<more>[余多])?\s*(?P<magnitude>万亿|百万|千万|百(?!分)|[千万亿])?\s*(?P<more2>[余多])?\s*"
    rf"(?P<unit>{_UNIT})?)(?P<after>{_AFTER})?"
)

_CHINESE_UNITS = (
    "件次|件|条次|条|批次|批|次|个工作日|工作日|个百分点|个月|个|名|家|人次|人|项次|项|类|级|场次|场|期|份|篇|户|起|张|种"
    "|元|部|宗|册|本|轮|位|倍|番"
)
# 届三次会议 numbers a meeting; 总数十件 is a figure, 数十件 and 几十件 are none.
_CHINESE = re.compile(
    rf"(?:(?P<before>{_BEFORE})\s*)?(?<![第每同统进届点十百千万亿一二三四五六七八九两零〇几\d])(?<![^总件次条人]数)(?<!^数)"
    rf"(?P<number>[一二三四五六七八九十百千万亿两零〇]+)(?P<more>[余多])?(?P<unit>{_CHINESE_UNITS})(?P<after>{_AFTER})?"
)
_CHINESE_PERCENT = re.compile(
    rf"(?:(?P<before>{_BEFORE})\s*)?(?P<size>[百千])分之(?P<number>[一二三四五六七八九十百零〇]+(?:点[一二三四五六七八九零〇]+)?)"
    rf"(?P<after>{_AFTER})?"
)
_PART = re.compile(
    rf"(?:(?P<before>{_BEFORE})\s*)?(?<![\d百千第])(?P<of>[二三四五六七八九十]+|\d{{1,2}})分之(?P<parts>[一二三四五六七八九十]+|\d{{1,2}})"
    rf"(?P<after>{_AFTER})?"
)
# Tenths: 占三成半, 近七成; not 成员, 三五成群.
_TENTHS = re.compile(
    rf"(?:(?P<before>{_BEFORE})\s*|(?<=[占达到率为过增升降长]))(?P<number>[一二两三四五六七八九1-9])成(?P<half>半)?"
    rf"(?![立员果功效为本交熟长品套群年])(?P<after>{_AFTER})?"
)
# 一 is mostly the article (一个平台, 一批, 一次): it counts before these alone, and 一件 only at the end of a clause.
_COUNTED_AS_ONE = frozenset(["件", "起", "宗"])
_TIMES = frozenset(["倍", "番"])
_CLAUSE_ENDS = re.compile(r"\s*(?:[，。；、！？：,;）)]|$)")

_MASKED = re.compile(
    r"《(?:[^《》]|《[^》]*》)*》"  # titles
    r"|[〔\[（(]\s*(?:19|20)\d{2}\s*[〕\]）)]\s*(?:第\s*)?\d+\s*号|第\s*\d+\s*号?"  # document numbers, ordinals
    r"|第[一二三四五六七八九十百零\d]+条(?:\s*[、和及至到—-]\s*第?[一二三四五六七八九十百零\d]+条)+"
    r"|(?:19|20)\d{2}([./-])\d{1,2}\1\d{1,2}(?!\d)"
    r"|(?:19|20)\d{2}\s*年?\s*[—–~至-]+\s*(?:19|20)\d{2}\s*年度?"
    r"|(?:19|20)\d{2}\s*年度?(?:\s*\d{1,2}\s*月份?(?:\s*\d{1,2}\s*日)?)?"
    r"|\d{1,2}\s*月\s*\d{1,2}\s*日|\d{1,2}\s*月份?|\d{1,2}\s*日|\d{1,2}[:：]\d{2}"
    r"|0\d{2,3}\s*[—–-]+\s*\d{7,8}|1[3-9]\d{9}"  # telephone numbers
    r"|(?:https?://|www\.)[\w./?=&%-]+|(?<![A-Za-z0-9._-])[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]+"
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
    return sorted((each for each in found if is_held(each.value)), key=lambda quantity: quantity.start)


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
        if head and head.end == quantity.start and head.as_printed[-1] in "千万亿" and not head.bound:
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
    quantities: list[Quantity] = []
    for pattern, value_of in ((_CHINESE_PERCENT, _percent), (_PART, _part), (_TENTHS, _tenths)):
        for match in pattern.finditer(masked):
            value = value_of(match)
            if value is not None and match.start() not in taken:
                quantities.append(_in_words(match, text, value, FRACTION))
        masked = _mask(masked, pattern)
    for match in _CHINESE.finditer(masked):
        value = numerals.number(match["number"])
        if value is not None and _counts_something(match, masked) and match.start("number") not in taken:
            quantities.append(_in_words(match, text, value, _UNIT_NAMES.get(match["unit"], match["unit"])))
    return quantities


def _counts_something(match: re.Match[str], text: str) -> bool:
    words, unit = match["number"], match["unit"]
    if words == "一":
        return unit in _TIMES or (unit in _COUNTED_AS_ONE and bool(_CLAUSE_ENDS.match(text, match.end())))
    if words in ("百", "千", "万", "亿"):  # 千家万户 is no count, 近百次 is one
        return bool(match["before"] or match["more"])
    # 三级 is a count only behind the levels it counts.
    return unit != "级" or "、" in text[max(0, match.start() - 8) : match.start()]


def _in_words(match: re.Match[str], text: str, value: Decimal, unit: str) -> Quantity:
    groups, after = match.groupdict(), match["after"] or ""
    bound = match["before"] or groups.get("more") or _AFTER_NAMES.get(after, after)
    return Quantity(_plain(value), unit, bound, match.start(), match.end(), text[slice(*match.span())])


def _percent(match: re.Match[str]) -> Decimal | None:
    """百分之九十八点五 is 0.985, 千分之三 is 0.003."""
    value = numerals.decimal(match["number"])
    return None if value is None else value / (100 if match["size"] == "百" else 1000)


def _part(match: re.Match[str]) -> Decimal | None:
    return numerals.part(match["of"], match["parts"])


def _tenths(match: re.Match[str]) -> Decimal | None:
    value = numerals.number_or_digits(match["number"])
    return None if value is None else value / 10 + (Decimal("0.05") if match["half"] else 0)
