"""Words and values that trip programs, for figures, labels, sentences, attributes and bytes."""

from __future__ import annotations

from random import Random

_FIGURES = (
    "9" * 5_000, "0" * 5_000, "1." + "0" * 5_000 + "1", "1e999999999", "-1E+400", "0x10", "NaN", "Infinity", "-0", "+-3",
    "１２３", "٣٤٥", "½", "²", "①", "𝟙𝟚", "〇", "十", "百万亿", "一亿亿亿亿", "万", "3万万", "9" * 400 + "亿", "1,2,3,4", ",", ".", "1.2.3",
    "-", "—" * 500, "/" * 500, " " * 2_000, "0 " * 500, "（", "（" * 500, "）", "=1+1", "=" * 100, "<b>1</b>", "&#0;", "{0}", "{file}",
    "%s%n", "\x1b[2J", "\u202e321", "\u200b1\u200b", "\ufeff1", "\U0010ffff", "é" * 300, "e\u0301" * 300, "\t1\t2", "1\n2\n3", "约" * 200 + "3",
    "若干", "不适用", "无", "1" + "，000" * 400, "1" + "," * 1_000 + "2", "12万3千", "5%", "0.00000000000000000000000001", "增加", "减少减少5", "第" * 300,
)  # fmt: skip
_SENTENCES = (
    "一、总体情况", "（一）主动公开", "1.公开渠道", "全年主动公开政府信息{}条，比上年增长{}%。", "其中：政府网站{}条，占{}%；政务微博{}条，政务微信{}条，其他方式{}条。",
    "收到政府信息公开申请{}件，上年结转{}件，办结{}件，按时办结率{}%。", "行政复议{}件，其中维持{}件，纠正{}件；行政诉讼{}件。", "举办新闻发布会{}场次，在线访谈{}次。",
    "全市{}个县（区）、{}个部门共公开信息近{}万条，较{}年的{}条下降{}个百分点。", "培训{}期{}人次，经费{}万元。", "未发生行政复议、行政诉讼。", "分别为{}件、{}件和{}件，同比分别增长{}%、{}%和{}%。",
    "汇总{}个区、{}个部门数据。", "本机关代码：{}。", "自{}年{}月{}日至{}年{}月{}日。", "二、数据统计期限为{}年1月1日至12月31日",
)  # fmt: skip
_ATTRIBUTES = (
    "0",
    "-1",
    "1",
    "65535",
    "2147483647",
    "99999999999999999999",
    "9" * 5_000,
    "",
    " ",
    "x",
    "１２",
    "1e9",
    "NaN",
    "A1:XFD1048576",
    "../../x",
    "\ud7ff",
)


def figure(chance: Random) -> str:
    """A figure as nobody should type it."""
    return chance.choice(_FIGURES)


def attribute(chance: Random) -> str:
    return chance.choice(_ATTRIBUTES)


def sentence(chance: Random) -> str:
    """Prose of a report with numbers in it, most of them harmless."""
    words = chance.choice(_SENTENCES)
    while "{}" in words:
        words = words.replace("{}", figure(chance) if chance.random() < 0.1 else str(chance.randrange(10**6)), 1)
    return words


def spoiled(text: str, chance: Random) -> str:
    """The text with one change to its characters."""
    at = chance.randrange(len(text) + 1)
    match chance.randrange(6):
        case 0:
            return figure(chance)
        case 1:
            return text[:at] + figure(chance) + text[at:]
        case 2:
            return text[:at] + text[at + chance.randrange(1, 5) :]
        case 3:
            return text * chance.choice((2, 3, 50, 2_000))
        case 4:
            return "".join(chance.sample(text, len(text)))
        case _:
            return text[:at] + sentence(chance) + text[at:]
