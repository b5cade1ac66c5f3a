"""Prose into mentions and facts: who a figure speaks of, what it counts, growth and shares, zero and silence."""

from decimal import Decimal

import pytest

from dashboard.documents import txt
from dashboard.forms import narrative
from dashboard.forms.wording import Setting
from dashboard.schema import Fact, Measure, Mention, Segment

HEADINGS = {
    "disclosure": "二、政府信息主动公开情况",
    "requests": "三、政府信息依申请公开情况",
    "disputes": "四、因政府信息公开申请行政复议、提起行政诉讼情况",
    "capacity": "五、机构设置和经费保障情况",
    "areas": "二、重点领域政府信息公开情况",
    "general": "一、总体情况",
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


# ---- reports of a single body, and the wordings of the later editions

OURS = Setting(year=2022, name="云岭市财政局", is_compiled=False)


def ours(text: str, chapter: str = "general") -> list[tuple[str, str, str]]:
    """Indicator (with the applicant, if any), measure and value of the facts of a single body's report on 2022."""
    found = narrative.read(txt.read(f"{HEADINGS[chapter]}\n{text}\n".encode()), OURS).facts
    assert {fact.segment for fact in found} <= {Segment.ALL, Segment.OWN}
    return [(f"{fact.indicator}/{fact.applicant}".rstrip("/"), fact.measure.value, f"{fact.value:f}") for fact in found]


def values(text: str, chapter: str = "general") -> dict[str, str]:
    return {code: value for code, measure, value in ours(text, chapter) if measure == "value"}


@pytest.mark.parametrize(
    "text",
    [
        "2022年，我局共收到政府信息公开申请 12 件。", "全年收到政府信息公开申请12件。", "本机关2022年受理依申请公开12件。",
        "2022年共收到信息公开申请十二件。", "云岭市财政局收到政府信息公开申请 12 件。",
        "一年来，接收各类公开申请 12 份。",
    ],
)  # fmt: skip
def test_a_single_body_speaks_of_itself_where_it_names_nobody(text: str) -> None:
    assert values(text) == {"requests.received": "12"}


def test_a_compiled_report_that_names_nobody_states_no_segment() -> None:
    assert facts("收到政府信息公开申请 12 件。", "requests") == []


@pytest.mark.parametrize(
    "text",
    [
        "市教育局收到政府信息公开申请 12 件。", "其中，市公安局主动公开政府信息 12 条。",
        "2021年，收到政府信息公开申请 12 件。", "上半年，收到政府信息公开申请 12 件。", "去年收到政府信息公开申请 12 件。",
        "1—6月，收到政府信息公开申请 12 件。", "下一步，主动公开政府信息 12 条。", "2023年计划主动公开政府信息 12 条。",
        "收到政府信息公开申请比上年增加 12 件。", "收到政府信息公开申请较去年减少 12 件。", "新增查阅点 12 个。",
        "约收到政府信息公开申请近 12 件。", "主动公开政府信息 1200 余条。", "主动公开政府信息约 1200 条。",
        "行政复议、行政诉讼共 5 件。", "行政复议和行政诉讼案件 5 件。", "行政复议、行政诉讼分别为 3 件、2 件。",
        "通过专栏主动公开政府信息 12 条。", "开展网络安全检查 80 件。", "收到撤回的政府信息公开申请 2 件。",
        "主动公开政府信息，转发稿件 300 条。", "认真落实主动公开政府信息要求，全年刊发工作动态 300 条。",
    ],
)  # fmt: skip
def test_what_is_another_time_body_difference_estimate_or_sum_is_no_fact(text: str) -> None:
    assert ours(text) == []


def test_the_year_named_for_comparison_does_not_take_the_figure_away() -> None:
    text = "2021年收到政府信息公开申请 9 件，2022年收到政府信息公开申请 12 件，同比增长 33.3%。"
    assert ours(text) == [("requests.received", "value", "12"), ("requests.received", "yoy_rate", "0.333")]


@pytest.mark.parametrize(
    ("words", "rate"),
    [
        ("较2021年增长 50%", "0.5"), ("比2021年下降 50%", "-0.5"), ("是上年的1.5倍", "0.5"), ("相当于去年的0.8倍", "-0.2"),
        ("比上年增加 4 件，增长 50%", "0.5"), ("较上年减少 4 件，下降 50%", "-0.5"), ("同比增长了1.5倍", "1.5"),
        ("与上年相比，下降了百分之五十", "-0.5"), ("同比降幅达 50%", "-0.5"),
    ],
)  # fmt: skip
def test_comparisons_with_last_year_are_rates_in_any_wording(words: str, rate: str) -> None:
    assert ours(f"全年收到政府信息公开申请 12 件，{words}。") == [
        ("requests.received", "value", "12"), ("requests.received", "yoy_rate", rate),
    ]  # fmt: skip


@pytest.mark.parametrize("words", ["比2019年增长 50%", "环比增长 50%", "增长 50%", "提高5个百分点", "同比增长近 50%"])
def test_comparisons_with_something_else_and_estimates_are_no_rates(words: str) -> None:
    assert ours(f"全年收到政府信息公开申请 12 件，{words}。") == [("requests.received", "value", "12")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("2022年，我局未收到政府信息公开申请。", ["requests.received"]), ("全年没有收到依申请公开。", ["requests.received"]),
        ("2022年未发生行政复议、行政诉讼案件。", ["review.total", "litigation.total"]),
        ("我局无行政复议和行政诉讼情况。", ["review.total", "litigation.total"]),
        ("未收到政府信息公开申请，未发生因政府信息公开引发的行政复议、行政诉讼。",
         ["requests.received", "review.total", "litigation.total"]),
        ("未因政府信息公开申请被提起行政复议。", ["review.total"]), ("全年未收取任何费用。", ["fees.collected"]),
        ("2022年未向申请人收取信息处理费。", ["fees.collected"]), ("未收到举报投诉。", ["complaints.total"]),
        ("全年无政府信息公开申请，无行政复议、行政诉讼案件。", ["requests.received", "review.total", "litigation.total"]),
        ("未发生依申请公开方面的行政复议。", ["review.total"]), ("政府信息公开申请数量为 0 件。", ["requests.received"]),
        ("行政复议：无。", ["review.total"]), ("政府信息公开申请为零。", ["requests.received"]),
        ("没有公民、法人或其他组织向我局提出政府信息公开申请，也没有发生行政诉讼。", ["litigation.total"]),
    ],
)  # fmt: skip
def test_a_nought_in_words_is_a_zero(text: str, codes: list[str]) -> None:
    assert ours(text) == [(code, "value", "0") for code in codes]


def test_a_nought_is_printed_as_the_words_that_say_so_and_is_a_mention_too() -> None:
    found = narrative.read(txt.read("一、总体情况\n2022年，我局未发生行政复议、行政诉讼。\n".encode()), OURS)
    assert [fact.as_printed for fact in found.facts] == ["未发生行政复议", "未发生行政复议、行政诉讼"]
    assert [mention.indicator for mention in found.mentions] == ["review.total", "litigation.total"]
    assert len({mention.locator for mention in found.mentions}) == 2


@pytest.mark.parametrize(
    "text",
    [
        "未收到关于政府信息公开申请的意见。", "未收到通过网络提交的政府信息公开申请。", "无正当理由大量反复申请 3 件。",
        "未发生超期答复政府信息公开申请的现象。", "市教育局未收到政府信息公开申请。", "2021年未收到政府信息公开申请。",
        "未按时办结的政府信息公开申请。", "未收取行政事业性收费。",
    ],
)  # fmt: skip
def test_what_was_not_there_must_be_the_thing_itself(text: str) -> None:
    assert [each for each in ours(text) if each[2] == "0"] == []


def test_parts_behind_their_whole_are_known_by_short_names() -> None:
    text = "全年共收到政府信息公开申请 120 件，其中网络 80 件、信函 30 件，当面提交 10 件。"
    assert values(text) == {
        "requests.received": "120", "requests.received.online": "80", "requests.received.letter": "30",
        "requests.received.in_person": "10",
    }  # fmt: skip


def test_parts_may_stand_in_the_next_sentence() -> None:
    text = "2022年收到政府信息公开申请 9 件。其中，自然人 8 件，商业企业 1 件。"
    assert values(text) == {
        "requests.received": "9", "requests.received/natural_person": "8", "requests.received/business": "1",
    }  # fmt: skip


def test_outcomes_and_what_was_carried_over_are_known_under_requests() -> None:
    text = "收到政府信息公开申请 9 件，上年结转 1 件，办结 8 件，其中予以公开 5 件，部分公开 2 件，不予公开 1 件，结转下年度 2 件。"
    assert values(text, "requests") == {
        "requests.received": "9", "requests.carried_in": "1", "requests.closed": "8", "requests.outcome.granted": "5",
        "requests.outcome.partial": "2", "requests.outcome.refused": "1", "requests.carried_out": "2",
    }  # fmt: skip


def test_results_are_known_behind_their_dispute_without_a_heading() -> None:
    text = "全年行政复议 3 件，其中维持 2 件，纠正 1 件；行政诉讼 2 件，结果维持 2 件。"
    assert values(text) == {
        "review.total": "3", "review.upheld": "2", "review.corrected": "1", "litigation.total": "2",
        "litigation.upheld": "2",
    }  # fmt: skip


def test_channels_are_known_behind_the_total() -> None:
    text = "全年主动公开政府信息 900 条，其中政府网站 500 条，政务微博 100 条，微信公众号 300 条，占 33.3%。"
    assert ours(text) == [
        ("disclosure.total", "value", "900"), ("disclosure.channel.website", "value", "500"),
        ("disclosure.channel.weibo", "value", "100"), ("disclosure.channel.wechat", "value", "300"),
        ("disclosure.channel.wechat", "share", "0.333"),
    ]  # fmt: skip


def test_a_figure_that_a_sentence_states_twice_differently_counts_once() -> None:
    text = "收到政府信息公开申请 12 件，经核实收到政府信息公开申请 13 件。"
    assert values(text) == {"requests.received": "12"}


def test_regulations_and_documents_are_known() -> None:
    text = "制发行政规范性文件 6 件，废止行政规范性文件 2 件，现行有效行政规范性文件 40 件，制定规章 1 部。"
    assert values(text) == {
        "normative.issued": "6", "normative.repealed": "2", "normative.in_force": "40", "regulations.issued": "1",
    }  # fmt: skip


def test_doubling_so_often_that_it_could_not_be_written_out_is_no_rate() -> None:
    text = "全市主动公开政府信息 9 条，比上年翻了{}番。"
    assert ("disclosure.total", "all", "yoy_rate", "3") in facts(text.format("两"))
    assert facts(text.format("九百九十九亿")) == facts("全市主动公开政府信息 9 条。")


def test_a_number_too_large_for_any_table_is_no_quantity() -> None:
    assert read(f"全市主动公开政府信息 {'9' * 5_000} 条。").mentions == []


def test_a_number_too_long_to_read_keeps_nobody_busy() -> None:
    assert mention(f"编号{'7' * 1_000}甲公开指南 3 份。").value == 3
    assert read(f"编号{'7' * 30_000}甲公开指南 3 份。").mentions == []  # so long without a comma is no prose


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a rate of another noun is not the figure's before it
        ("主动公开政府信息 100 条，网站访问量同比增长 5%。", {("disclosure.total", "value", "100")}),
        # parts of a part are not parts of the whole
        ("收到政府信息公开申请 9 件，其中网络申请 5 件，其中自然人 4 件。",
         {("requests.received", "value", "9"), ("requests.received.online", "value", "5")}),
        # a number before its noun takes the noun with it
        ("行政复议 3 件，其中 1 件维持、2 件尚在办理。", {("review.total", "value", "3")}),
        # all cases of a body, of which few are about disclosure
        ("全年收到行政复议申请 12 件，其中涉及政府信息公开 2 件。", set()),
        ("行政复议答复书 12 件，行政诉讼应诉 5 件。", set()),
        ("收到政府信息公开申请约为上年的 2 倍。", set()),
        ("收到政府信息公开申请 7 件（其中网上 5 件），较上年增加 2 件，增幅达 40%。",
         {("requests.received", "value", "7"), ("requests.received.online", "value", "5"),
          ("requests.received", "yoy_rate", "0.4")}),
    ],
)  # fmt: skip
def test_a_figure_belongs_to_its_own_noun(text: str, expected: set[tuple[str, str, str]]) -> None:
    assert set(ours(text)) == expected


@pytest.mark.parametrize(
    ("words", "rate"),
    [("比上年翻一番", "1"), ("同比翻了两番", "3"), ("较2021年的 6 件增长 100%", "1"), ("为上年（6 件）的两倍", "1"),
     ("为二〇二一年（6 件）的两倍", "1"), ("同比略增 5%", "0.05"), ("同比上涨一成", "0.1")],
)  # fmt: skip
def test_last_years_figure_and_doublings_are_comparisons(words: str, rate: str) -> None:
    assert ours(f"全年收到政府信息公开申请 12 件，{words}。") == [
        ("requests.received", "value", "12"), ("requests.received", "yoy_rate", rate),
    ]  # fmt: skip


def test_parts_by_kind_go_on_about_the_whole_of_the_sentence_before() -> None:
    text = "收到政府信息公开申请 9 件，其中网络申请 9 件。从申请人看，自然人 8 件，商业企业 1 件。"
    assert values(text) == {
        "requests.received": "9", "requests.received.online": "9", "requests.received/natural_person": "8",
        "requests.received/business": "1",
    }  # fmt: skip


def test_in_a_compiled_report_parts_behind_parts_have_no_segment() -> None:
    text = "全市收到政府信息公开申请 9 件，其中各县（区）4 件。按申请方式分，当面申请 3 件，信函申请 6 件。"
    assert facts(text, "requests") == [
        ("requests.received", "all", "value", "9"), ("requests.received", "localities", "value", "4"),
    ]  # fmt: skip


def test_lawsuits_with_and_without_a_review_are_told_apart() -> None:
    text = "未经行政复议直接起诉 3 件，结果维持 2 件，尚未审结 1 件；复议后提起行政诉讼 2 件，其中纠正 2 件。"
    assert values(text) == {
        "litigation.direct.total": "3", "litigation.direct.upheld": "2", "litigation.direct.pending": "1",
        "litigation.after_review.total": "2", "litigation.after_review.corrected": "2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("行政复议、行政诉讼均为零。", ["review.total", "litigation.total"]), ("行政诉讼无。", ["litigation.total"]),
        ("无上年结转，无结转下年度办理。", ["requests.carried_in", "requests.carried_out"]),
        ("全年实现零投诉。", ["complaints.total"]), ("零复议、零诉讼。", ["review.total", "litigation.total"]),
        ("未制发行政规范性文件。", ["normative.issued"]), ("未产生信息公开收费。", ["fees.collected"]),
        ("没有被申请行政复议或者被提起行政诉讼的情况。", ["review.total", "litigation.total"]),
    ],
)  # fmt: skip
def test_noughts_in_rows_and_of_more_things_are_zeros(text: str, codes: list[str]) -> None:
    assert ours(text) == [(code, "value", "0") for code in codes]
