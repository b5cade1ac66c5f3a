"""Numbers in Chinese prose: exact values, units and bounds, and what looks like a number but counts nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.forms import quantities
from dashboard.forms.quantities import Quantity

FULL_WIDTH = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
DIGITS = "零一二三四五六七八九"


def only(text: str) -> Quantity:
    found = quantities.find(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("公开信息70.67 万条", "706700", "条", ""),
        ("改造农村危房3.2万余户", "32000", "户", "余"),
        ("推送信息34 万余条", "340000", "条", "余"),
        ("近 300 万条", "3000000", "条", "近"),
        ("收到１２３件", "123", "件", ""),
        ("收到１，２３４件", "1234", "件", ""),
        ("收到1,234件", "1234", "件", ""),
        ("收到 1 234 件", "1234", "件", ""),
        ("经费0.5 亿元", "50000000", "元", ""),
        ("经费1亿2000万元", "120000000", "元", ""),
        ("公开12万3456条", "123456", "条", ""),
        ("办结二十四件", "24", "件", ""),
        ("办结一百零三件", "103", "件", ""),
        ("办结一千零一十件", "1010", "件", ""),
        ("办结三万五千件", "35000", "件", ""),
        ("培训两千三百人次", "2300", "人次", ""),
        ("办结三十多件", "30", "件", "多"),
        ("检查近百次", "100", "次", "近"),
        ("按时办结率98.7%", "0.987", "fraction", ""),
        ("按时办结率９８．７％", "0.987", "fraction", ""),
        ("按时办结率百分之九十八点五", "0.985", "fraction", ""),
        ("月度抽查不低于 30%", "0.3", "fraction", "不低于"),
        ("时限压缩40%以上", "0.4", "fraction", "以上"),
        ("涉及3个及以上部门", "3", "个", "以上"),
        ("在50个工作日内", "50", "工作日", "内"),
        ("是上年的2.3倍", "2.3", "倍", ""),
        ("比上年增长-3.2%", "-0.032", "fraction", ""),
        ("共12345件", "12345", "件", ""),
        ("A4纸3张", "3", "张", ""),
        ("共公开0条", "0", "条", ""),
    ],
)
def test_a_quantity_has_an_exact_value_its_unit_and_its_bound(text: str, value: str, unit: str, bound: str) -> None:
    found = only(text)
    assert (str(found.value), found.unit, found.bound) == (value, unit, bound)


@pytest.mark.parametrize("text", ["公开信息70.67 万条。", "收到１２３件", "经费1亿2000万元", "不低于 30%的"])
def test_a_quantity_is_kept_as_it_is_printed(text: str) -> None:
    found = only(text)
    assert found.as_printed == text[found.start : found.end]


@pytest.mark.parametrize(
    "text",
    [
        "2018年1月1日至2018年12月31日", "2018年6月底", "3月31日前", "2019—2020年", "2018-12-31", "2018/12/31",
        "（国办发〔2017〕47号）", "（宁政办发〔2018〕61 号）", "第649号", "第18次常务会议", "第二十条", "第（五）项",
        "电话：0951—5044837", "手机13912345678", "“12345”热线", "12345政务服务热线", "12·5事件",
        "《2018年政务公开工作要点》", "《稳增长20条》", "邮编：750001", "http://www.example.gov.cn/2018/12",
        "请发邮件至info2018@example.cn", "三大攻坚战", "十九届二中全会", "一个平台", "进一步", "1.工作机制", "公开1/3",
        "数十件",
    ],
)  # fmt: skip
def test_what_counts_nothing_is_no_quantity(text: str) -> None:
    assert quantities.find(text) == []


def test_both_ends_of_a_span_are_quantities() -> None:
    found = quantities.find("申报材料由15项—20项精简至3—7项，办结时限5个—10个工作日")
    assert [(str(q.value), q.unit) for q in found] == [
        ("15", "项"), ("20", "项"), ("3", "项"), ("7", "项"), ("5", "工作日"), ("10", "工作日"),
    ]  # fmt: skip


def test_a_dash_between_numbers_is_no_minus() -> None:
    assert [q.value for q in quantities.find("材料5个-10个")] == [5, 10]


def test_full_width_commas_between_plain_digits_part_two_quantities() -> None:
    assert [q.value for q in quantities.find("网站公开12条，345条在微信公开")] == [12, 345]


def test_a_number_without_a_unit_counts_only_where_the_sentence_says_so() -> None:
    assert quantities.find("代码 8050 端口") == []
    assert only("总数达到 8050").value == 8050


def test_a_bare_number_of_a_cell_is_a_quantity() -> None:
    assert [q.value for q in quantities.find("750", is_prose=False)] == [750]


numbers = st.decimals(min_value=0, max_value=10**7, places=2, allow_nan=False, allow_infinity=False)
spaces = st.sampled_from(["", " ", "\u3000", "\u00a0"])


@given(numbers, st.sampled_from(["", "万", "亿"]), st.sampled_from(["条", "件", "人次", "元"]), spaces, spaces)
def test_any_printed_number_reads_back_exactly(
    number: Decimal, magnitude: str, unit: str, before: str, after: str
) -> None:
    found = only(f"全年共计{before}{number}{after}{magnitude}{unit}，其余不变")
    assert found.value == number * {"": 1, "万": 10**4, "亿": 10**8}[magnitude]
    assert found.unit == unit


@given(st.integers(0, 10**9), st.sampled_from(["{:,}", "{}"]), st.booleans())
def test_separators_and_full_width_digits_change_nothing(number: int, style: str, is_wide: bool) -> None:
    printed = style.format(number)
    assert only(f"收到{printed.translate(FULL_WIDTH).replace(',', '，') if is_wide else printed}件").value == number


@given(st.decimals(min_value=0, max_value=999, places=3, allow_nan=False))
def test_percentages_are_exact_fractions_without_a_tail(number: Decimal) -> None:
    found = only(f"占{number}%")
    assert found.value == number / 100
    assert "E" not in str(found.value)
    assert str(found.value) == "0" or "." not in str(found.value) or not str(found.value).endswith("0")


def chinese(number: int) -> str:
    """As people write it: 一百零三, 十五, 二百一十, 三万零四十."""
    above, below = divmod(number, 10**4)
    if not above:
        return _under_ten_thousand(below)
    gap = "零" if 0 < below < 1000 else ""
    rest = _under_ten_thousand(below)
    # Behind a larger unit 十 is written out: 三万零一十.
    return f"{_under_ten_thousand(above)}万{gap}{'一' if rest.startswith('十') else ''}{rest if below else ''}"


def _under_ten_thousand(number: int) -> str:
    text, gap = "", False
    for size, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            text += ("零" if gap else "") + DIGITS[digit] + word
            gap = False
        elif text:
            gap = True
    return text.removeprefix("一") if text.startswith("一十") else text


@given(st.integers(2, 10**8 - 1), st.sampled_from(["件", "条", "人次", "户"]))
def test_chinese_numerals_read_back_exactly(number: int, unit: str) -> None:
    found = only(f"办结{chinese(number)}{unit}，其他照旧")
    assert (found.value, found.unit) == (number, unit)


@given(st.integers(2, 10**6), st.sampled_from(["余", "多"]))
def test_a_bound_in_chinese_changes_no_value(number: int, bound: str) -> None:
    found = only(f"办结{chinese(number)}{bound}件")
    assert (found.value, found.bound) == (number, bound)


@pytest.mark.parametrize(
    "text", ["办结两三件", "培训三万五人", "七八个", "一二三件", "百千件", "千家万户", "十几件", "几十件"]
)
def test_numerals_that_could_be_two_numbers_are_none(text: str) -> None:
    assert quantities.find(text) == []


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("申请占三成", "0.3", "fraction", ""), ("占近七成", "0.7", "fraction", "近"), ("占两成半", "0.25", "fraction", ""),
        ("占3成以上", "0.3", "fraction", "以上"), ("占四分之一", "0.25", "fraction", ""), ("占5分之2", "0.4", "fraction", ""),
        ("超过百分之九十", "0.9", "fraction", "超过"), ("千分之三", "0.003", "fraction", ""), ("翻一番", "1", "番", ""),
        ("增长一倍", "1", "倍", ""), ("是上年的四倍", "4", "倍", ""), ("二十万元", "200000", "元", ""),
        ("十个工作日", "10", "工作日", ""), ("1万2千件", "12000", "件", ""), ("3千余份", "3000", "份", "余"),
        ("收到申请一件。", "1", "件", ""), ("一亿二千万元", "120000000", "元", ""), ("总数十二件", "12", "件", ""),
    ],
)  # fmt: skip
def test_tenths_parts_multiples_and_compounds_are_exact(text: str, value: str, unit: str, bound: str) -> None:
    found = only(text)
    assert (str(found.value), found.unit, found.bound) == (value, unit, bound)


@pytest.mark.parametrize(
    "text",
    [
        "占三分之一",
        "成立三年",
        "三成员",
        "第三届二次会议",
        "《条例》第二十条、二十一条",
        "一件一件办",
        "逐一对照",
        "办好每一件事",
    ],
)
def test_what_is_no_exact_number_or_no_count_is_left(text: str) -> None:
    assert quantities.find(text) == []


numerals_and_digits = set("0123456789０１２３４５６７８９零〇○一二三四五六七八九十百千万亿两")


@given(st.text(max_size=60).filter(lambda text: not any(c.isdigit() or c in numerals_and_digits for c in text)))
def test_a_text_without_digits_or_numerals_has_no_quantities(text: str) -> None:
    assert quantities.find(text) == []


@given(
    st.text(
        "0123456789.,，。万亿百千余多近约条件个%％一二两三十分之成半倍番届数年月日第号《》（）() -—至到", max_size=40
    )
)
def test_no_text_breaks_the_search_and_every_quantity_stands_where_it_says(text: str) -> None:
    for found in quantities.find(text):
        assert found.as_printed == text[found.start : found.end]
        assert "E" not in str(found.value)
