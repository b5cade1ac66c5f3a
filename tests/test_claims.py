"""Claims in words and parts of a whole: what the prose says plainly is marked, everything else is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dashboard.documents import txt
from dashboard.forms import claims, narrative
from dashboard.forms.wording import Setting
from dashboard.schema import Measure, Mention

SINGLE = Setting(is_compiled=False)


def read(text: str, chapter: str = "三、政府信息依申请公开情况", setting: Setting = SINGLE) -> list[Mention]:
    document = txt.read(f"{chapter}\n{text}\n".encode())
    return claims.read(document, setting, narrative.read(document, setting).mentions)


def parts(text: str, chapter: str = "二、重点领域信息公开情况") -> dict[str, list[str]]:
    """Whole as printed -> its parts as printed."""
    mentions = read(text, chapter)
    printed = {mention.locator: mention.as_printed for mention in mentions}
    found: dict[str, list[str]] = {}
    for mention in mentions:
        if mention.subject and mention.measure is Measure.VALUE:
            found.setdefault(printed[mention.subject], []).append(mention.as_printed)
    return found


@pytest.mark.parametrize(
    ("text", "indicator", "printed"),
    [
        ("收到政府信息公开申请 8 件，均按时办结。", "requests.closed.on_time", "均按时办结"),
        ("受理信息公开申请 8 件，全部在法定期限内答复。", "requests.closed.on_time", "全部在法定期限内答复"),
        ("行政复议 3 件，均获维持。", "review.upheld", "均获维持"),
        ("行政复议 2 件，行政诉讼 3 件，法院均判决驳回诉讼请求。", "litigation.upheld", "均判决驳回诉讼请求"),
        ("本单位提供政府信息全部实行免费。", "fees.collected", "全部实行免费"),
    ],
)
def test_a_claim_in_words_is_a_mention_without_digits(text: str, indicator: str, printed: str) -> None:
    found = [each for each in read(text) if not any(letter.isdigit() for letter in each.as_printed)]
    assert [(each.indicator, each.as_printed) for each in found] == [(indicator, printed)]


def test_a_claim_of_all_is_a_share_of_one_and_a_claim_of_none_is_nought() -> None:
    [share] = read("行政复议均获维持。")
    [nought] = read("提供政府信息均免费。")
    assert (share.measure, share.value, nought.measure, nought.value) == ("share", Decimal(1), "value", Decimal(0))


@pytest.mark.parametrize(
    "text",
    [
        "除 2 件外，申请均按时办结。",
        "力争申请全部按时办结。",
        "2 件申请按时办结。",
        "向乡镇均免费赠阅公报。",
        "市教育局收到的公开申请均按时办结。",
        "工单全部按时办结，好评如潮。",
    ],
)
def test_what_is_not_claimed_plainly_is_left_alone(text: str) -> None:
    chapter = "一、概述" if "工单" in text else "三、政府信息依申请公开情况"
    assert [each for each in read(text, chapter) if each.measure is Measure.SHARE or not each.value] == []


def test_a_compiled_report_claims_only_what_is_said_of_everyone() -> None:
    assert read("申请均按时办结。", setting=Setting()) == []
    assert len(read("全市各级行政机关的公开申请均按时办结。", setting=Setting())) == 1


def test_what_stands_behind_among_them_is_part_of_the_quantity_before() -> None:
    assert parts("公开项目信息 82 条，其中：审批 45 个、核准 2 个、备案 35 个。") == {
        "82 条": ["45 个", "2 个", "35 个"]
    }


def test_a_list_in_brackets_is_part_of_the_quantity_it_follows() -> None:
    text = "发布信息 39 条，其中：公告 24条（工程 20条、药品 4条）、公示 15条（工程 15条）。"
    assert parts(text) == {"39 条": ["24条", "15条"], "24条": ["20条", "4条"]}


def test_a_sentence_that_begins_with_among_them_goes_on_about_the_one_before() -> None:
    assert parts("开展检查 50 次。其中抽查 20 次、专项检查 30 次。") == {"50 次": ["20 次", "30 次"]}


def test_a_larger_quantity_behind_a_comma_is_something_else() -> None:
    assert parts("召开会议 5 次，其中专题会议 3 次，走访企业 40 次。") == {"5 次": ["3 次"]}


def test_a_part_right_behind_among_them_is_a_part_even_if_it_is_too_large() -> None:
    assert parts("召开会议 5 次，其中专题会议 9 次。") == {"5 次": ["9 次"]}


def test_other_things_are_no_parts() -> None:
    assert parts("受理申请事项 8 件，其中涉及 12 个部门。") == {}
    assert parts("运行账号 86 个，其中微信 40 个，较上年减少 5 个。") == {"86 个": ["40 个"]}
    assert parts("办理建议 216 件，其中答复用时 3 个月。") == {}
    assert parts("赋分 4 分（总分 100 分）。") == {}


@pytest.mark.parametrize(("printed", "bound"), [("近 300 件", "近"), ("300 余件", "余"), ("不足 300 件", "不足")])
def test_an_estimate_is_no_fact_but_tells_its_indicator(printed: str, bound: str) -> None:
    text = f"本机关共收到政府信息公开申请{printed}。"
    document = txt.read(f"三、政府信息依申请公开情况\n{text}\n".encode())
    told = narrative.read(document, SINGLE)
    assert told.facts == []
    assert [(each.indicator, each.bound) for each in told.mentions] == [("requests.received", bound)]


def test_an_estimated_difference_is_no_estimate_of_the_figure() -> None:
    found = read("本机关收到政府信息公开申请 90 件，比上年增加约 30 件。")
    assert [each.indicator for each in found] == ["requests.received", ""]
