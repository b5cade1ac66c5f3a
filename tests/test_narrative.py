"""Prose into mentions and facts: who a figure speaks of, what it counts, growth and shares, zero and silence."""

from decimal import Decimal

import pytest

from dashboard.documents import txt
from dashboard.forms import narrative
from dashboard.schema import Fact, Measure, Mention, Segment

HEADINGS = {
    "disclosure": "二、政府信息主动公开情况",
    "requests": "三、政府信息依申请公开情况",
    "disputes": "四、因政府信息公开申请行政复议、提起行政诉讼情况",
    "capacity": "五、机构设置和经费保障情况",
    "areas": "二、重点领域政府信息公开情况",
    "problems": "六、存在的主要问题及改进措施",
}


def read(text: str, chapter: str = "disclosure") -> narrative.Narrative:
    return narrative.read(txt.read(f"{HEADINGS[chapter]}\n{text}\n".encode()))


def facts(text: str, chapter: str = "disclosure") -> list[tuple[str, str, str, str]]:
    return [(fact.indicator, fact.segment, fact.measure, f"{fact.value:f}") for fact in read(text, chapter).facts]


def mention(text: str, chapter: str = "disclosure") -> Mention:
    [found] = read(text, chapter).mentions
    return found


def test_a_figure_of_everyone_goes_to_all_and_its_parts_to_their_own() -> None:
    text = "全市各级行政机关主动公开政府信息 4.8 万条，其中市政府各部门（单位）主动公开政府信息 1.9 万条，县（区）2.9 万条。"
    assert facts(text) == [
        ("disclosure.total", "all", "value", "48000"),
        ("disclosure.total", "departments", "value", "19000"),
        ("disclosure.total", "localities", "value", "29000"),
    ]


@pytest.mark.parametrize(
    "locality", ["各县（区）", "市、县（区）", "县（市、区）", "各区县", "各乡镇", "各市县", "区（县）"]
)
def test_localities_are_known_by_any_of_their_names(locality: str) -> None:
    text = f"全市主动公开政府信息 9 条，其中{locality}主动公开政府信息 4 条。"
    assert facts(text)[1] == ("disclosure.total", "localities", "value", "4")


def test_a_named_account_speaks_for_its_own_office() -> None:
    text = "全市各级行政机关通过政务微博发布政府信息 90 条，其中市政府“云岭发布”微博发布 30 条。"
    assert facts(text)[1] == ("disclosure.channel.weibo", "own", "value", "30")


def test_departments_and_localities_named_together_are_no_segment() -> None:
    assert facts("市政府各部门（单位）和各县（区）主动公开政府信息 7 条。") == []


@pytest.mark.parametrize(
    ("words", "rate"),
    [
        ("比上年增长 7.82%", "0.0782"), ("较上年增加 7.82%", "0.0782"), ("同比增长 7.82%", "0.0782"),
        ("比上年下降 7.82%", "-0.0782"), ("较去年回落 7.82%", "-0.0782"), ("比上年减少了 7.82%", "-0.0782"),
        ("同比下降 7.82%", "-0.0782"),
    ],
)  # fmt: skip
def test_growth_is_a_signed_fraction_of_the_figure_before_it(words: str, rate: str) -> None:
    text = f"全市主动公开政府信息 100 条，{words}。"
    assert facts(text)[1] == ("disclosure.total", "all", "yoy_rate", rate)


def test_a_share_belongs_to_the_figure_before_it() -> None:
    text = "全市专项经费共 100 万元，其中市政府各部门（单位）25 万元占 25%，各县（区）75 万元占 75%。"
    assert [each for each in facts(text, "capacity") if each[2] == "share"] == [
        ("capacity.budget", "departments", "share", "0.25"),
        ("capacity.budget", "localities", "share", "0.75"),
    ]


def test_a_rate_points_to_the_quantity_it_speaks_of() -> None:
    subject, rate = read("全市主动公开政府信息 100 条，比上年增长 5%。").mentions
    assert (rate.subject, rate.measure) == (subject.locator, Measure.YOY_RATE)


def test_money_is_kept_in_the_unit_of_its_indicator() -> None:
    assert facts("全市专项经费共 1200000 元。", "capacity") == [("capacity.budget", "all", "value", "120")]


def test_results_belong_to_the_dispute_their_sentence_speaks_of() -> None:
    text = "全市受理行政复议案件 9 件，其中维持 5 件、纠错 4 件；受理行政诉讼 3 件，其中维持 2 件、纠错 1 件。"
    assert [(code, value) for code, _, _, value in facts(text, "disputes")] == [
        ("review.total", "9"), ("review.upheld", "5"), ("review.corrected", "4"),
        ("litigation.total", "3"), ("litigation.upheld", "2"), ("litigation.corrected", "1"),
    ]  # fmt: skip


def test_a_stated_zero_is_a_value() -> None:
    assert ("requests.received.fax", "all", "value", "0") in facts(
        "全市收到申请 5 件，其中当面申请 5 件，传真申请 0 件。", "requests"
    )


def test_a_mention_tells_number_unit_bound_what_it_counts_and_where() -> None:
    found = mention("（一）网站。各部门检查网站栏目近 300 个。")
    assert (found.value, found.unit, found.bound, found.counts, found.section) == (
        Decimal(300), "个", "近", "各部门检查网站栏目", "二（一）",
    )  # fmt: skip
    assert (found.as_printed, found.locator) == ("近 300 个", "line:2/chars:15-22")


def test_a_mention_that_is_a_fact_names_its_indicator() -> None:
    assert mention("全市主动公开政府信息 100 条。").indicator == "disclosure.total"


def test_mentions_of_a_key_area_name_it_and_are_no_facts() -> None:
    found = read("（一）做好住房保障领域政府信息公开。全市主动公开政府信息 12 条。", "areas")
    assert (found.facts, [each.area for each in found.mentions]) == ([], ["住房保障"])


def test_plans_and_shortcomings_are_not_read() -> None:
    assert read("全市将主动公开政府信息 100 条。", "problems").mentions == []


def test_every_fact_of_the_prose_is_also_a_mention() -> None:
    found = read("全市主动公开政府信息 100 条，比上年增长 5%，其中市政府各部门（单位）60 条，各县（区）40 条。")
    places = {each.locator for each in found.mentions}
    assert {fact.locator for fact in found.facts} <= places


def test_the_default_segment_of_a_record_is_all() -> None:
    assert Fact(indicator="x", unit="件", locator="line:1").segment is Segment.ALL
