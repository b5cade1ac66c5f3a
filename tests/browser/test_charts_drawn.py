"""Each chart shows the report's numbers: asserted from the marks that the browser drew."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import LENGTHS, watch

CHANNELS = {"政府公报": 2220, "政府网站": 340199, "政务微博": 47324, "政务微信": 91879, "其他方式": 234683}
OUTCOMES = {"同意公开": 318, "属于已主动公开范围": 179, "不属于本行政机关公开": 99, "申请信息不存在": 55,
            "不同意公开": 31, "告知通过其他途径办理": 31, "同意部分公开": 19, "告知作出更改补充": 18}  # fmt: skip
GROUNDS = {"涉及国家秘密": 11, "不是《条例》所指政府信息": 11, "法律法规规定的其他情形": 4, "涉及个人隐私": 3,
           "涉及商业秘密": 1, "危及安全与稳定": 1}  # fmt: skip
BARS = {
    "/disclosure": {
        "normative": {"制发规范性文件总数": 670, "主动公开规范性文件数": 667},
        "responses": {"新闻发布会": 154, "政府网站在线访谈": 126, "政策解读稿件": 2268, "微博微信回应": 3162, "其他方式回应": 6669},
        "principals": {"新闻发布会": 154, "主要负责同志参加新闻发布会": 88, "政府网站在线访谈": 126, "主要负责同志参加在线访谈": 61},
    },
    "/requests": {"filed": {"网络申请": 473, "信函申请": 188, "当面申请": 83, "传真申请": 6}, "outcomes": OUTCOMES, "grounds": GROUNDS},
    "/disputes": {"complaints": {"行政复议": 22, "行政诉讼": 20, "举报投诉": 1}},
    "/capacity": {
        "places": {"政府信息公开查阅点": 615, "政府信息公开专门机构": 382},
        "training": {"政府信息公开会议": 485, "举办培训班": 300},
    },
}  # fmt: skip


def plain(label: str) -> str:
    return label.replace("<br>", "").replace("<b>", "").replace("</b>", "")


def bars(marks: list[dict[str, Any]]) -> dict[str, float]:
    [trace] = [trace for trace in marks if trace["type"] == "bar"]
    return {plain(str(label)): value for label, value in zip(trace["y"], trace["x"], strict=True)}


def stretches(marks: list[dict[str, Any]]) -> dict[tuple[str, str], float]:
    return {
        (plain(str(label)), trace["name"]): value
        for trace in marks
        if trace["type"] == "bar"
        for label, value in zip(trace["y"], trace["x"], strict=True)
    }


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("path", BARS)
def test_bars_are_as_long_as_the_figures_of_the_report(browser: Browser, site: str, path: str, width: int) -> None:
    watched = watch(browser, width).open(site + path)
    for chart, expected in BARS[path].items():
        assert bars(watched.marks(chart)) == expected
        drawn = sorted(watched.page.evaluate(LENGTHS, chart))
        longest, values = drawn[-1], sorted(expected.values())
        assert drawn == pytest.approx([value / values[-1] * longest for value in values], abs=1.5)
    watched.page.context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_overview_shows_the_channels_with_their_parts_and_totals(browser: Browser, site: str, width: int) -> None:
    watched = watch(browser, width).open(site + "/")
    marks = watched.marks("channels")
    [totals] = [trace for trace in marks if trace["type"] == "scatter"]
    assert dict(zip(map(plain, totals["y"]), totals["x"], strict=True)) == CHANNELS
    assert sorted(text.split(" <span")[0].strip() for text in totals["text"]) == sorted(
        f"{value:,}" for value in CHANNELS.values()
    )
    found = stretches(marks)
    assert found["政府网站", "部门（单位）"] == 122600
    assert found["政府网站", "市、县（区）"] == 217600
    assert found["政务微博", "本机关账号（刊）"] == 4269
    assert found["政府公报", "本机关账号（刊）"] == 295
    assert found["政府公报", "未分列"] == 1925
    watched.page.context.close()


def test_the_flow_passes_through_the_totals(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/requests")
    [trace] = watched.marks("flow")
    assert trace["type"] == "sankey"
    said = {label.rsplit(" ", 1)[0]: int(label.rsplit(" ", 1)[1].replace(",", "")) for label in trace["labels"]}
    assert said["收到申请"] == said["答复"] == 750
    assert (said["按时办结"], said["延期办结"]) == (740, 10)
    assert (said["网络"], said["信函"], said["当面"], said["传真"]) == (473, 188, 83, 6)
    assert (said["同意公开"], said["已主动公开"], said["部分公开"], said["不同意公开"]) == (318, 179, 19, 31)
    assert (said["国家秘密"], said["非政府信息"]) == (11, 11)
    assert sorted(trace["values"])[-2:] == [740, 740]
    labels = watched.page.evaluate(
        "() => [...document.querySelectorAll('#chart-flow .annotation-text')].map(t => {"
        "const b = t.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]})"
    )
    assert len(labels) == len(trace["labels"])
    assert not [(a, b) for i, a in enumerate(labels) for b in labels[i + 1 :] if meet(a, b)], "labels meet"
    watched.page.context.close()


def meet(first: list[float], second: list[float]) -> bool:
    slack = 1.5
    return (
        first[0] < second[2] - slack and second[0] < first[2] - slack
        and first[1] < second[3] - slack and second[1] < first[3] - slack
    )  # fmt: skip


def test_on_a_phone_the_flow_is_a_list_of_bars(browser: Browser, site: str) -> None:
    watched = watch(browser, 390).open(site + "/requests")
    trace = next(trace for trace in watched.marks("flow") if trace["type"] == "bar")
    assert [value for value in trace["x"] if value in (750, 740, 10)] == [750, 740, 10, 750]
    assert len(trace["x"]) == 22
    watched.page.context.close()


def test_budget_shares_stand_as_stated_and_as_computed(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/capacity")
    found = {trace["name"]: trace["x"] for trace in watched.marks("budget")}
    assert found["部门（单位） 439.5 万元"] == pytest.approx([0.169, 439.5 / 2602.76])
    assert found["市、县（区） 2,163.26 万元"] == pytest.approx([0.831, 2163.26 / 2602.76])
    assert stretches(watched.marks("staff")) == {
        ("政府信息公开工作人员", "专职人员"): 652, ("政府信息公开工作人员", "兼职人员"): 1299,
    }  # fmt: skip
    watched.page.context.close()


def test_growth_starts_at_a_hundred_and_ends_at_the_stated_rate(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/growth")
    ends = next(trace for trace in watched.marks("growth") if trace["name"] == "2018 年（原文增长率）")
    assert dict(zip(ends["y"], ends["x"], strict=True)) == pytest.approx(
        {"编校总字数": 150, "政务微信": 116.8, "主动公开政府信息数": 107.82}
    )
    assert watched.page.get_by_text("推算 655,415（655,384 至 655,445）").count() >= 1
    watched.page.context.close()


def test_reviews_and_lawsuits_show_their_results(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/disputes")
    found = stretches(watched.marks("results"))
    assert [found["行政复议", each] for each in ("维持或驳回", "纠错", "其他情形")] == [10, 4, 8]
    assert [found["行政诉讼", each] for each in ("维持或驳回", "纠错", "其他情形")] == [9, 1, 10]
    watched.page.context.close()


def test_a_card_that_becomes_narrow_is_drawn_anew(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/requests")
    watched.page.set_viewport_size({"width": 390, "height": 800})
    watched.until(
        "() => document.querySelector('#chart-flow .js-plotly-plot')._fullData.every(t => t.type !== 'sankey')"
    )
    watched.page.set_viewport_size({"width": 1440, "height": 900})
    watched.until(
        "() => document.querySelector('#chart-flow .js-plotly-plot')._fullData.some(t => t.type === 'sankey')"
    )
    watched.page.context.close()
