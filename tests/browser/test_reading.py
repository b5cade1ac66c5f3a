"""What a reader does: opens the evidence, changes language, theme, report and page, goes back, copies a link; by keyboard too."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dashboard.schema import Report
from dashboard.tables.package import Package
from tests.browser.pages import Watched, watch
from tests.conftest import REAL_REPORT, copy_data

OPEN = "() => document.getElementById('dialog').open && document.getElementById('dialog').textContent"
CLOSED = "() => !document.getElementById('dialog').open"
Serve = Callable[[Path], AbstractContextManager[str]]


def opened(watched: Watched) -> str:
    return str(watched.until(OPEN))


def test_clicking_a_bar_opens_its_evidence(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/requests")
    bar = watched.page.locator("#chart-outcomes .barlayer .point path").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box
    watched.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    text = opened(watched)
    assert "同意公开" in text
    assert "318" in text
    assert "统计表第" in text
    watched.page.context.close()


def test_clicking_a_flow_opens_its_evidence(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/requests")
    watched.page.locator("#chart-flow .sankey-link").nth(2).click()
    assert "申请" in opened(watched)
    watched.page.keyboard.press("Escape")
    watched.until(CLOSED)
    watched.page.locator("#chart-flow .sankey-node rect.node-rect").first.click()
    assert opened(watched)
    watched.page.context.close()


def test_a_table_row_opens_its_evidence_by_keyboard_and_focus_returns(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/")
    page = watched.page
    page.locator("details.figures summary").first.focus()
    page.keyboard.press("Enter")
    watched.until("() => document.querySelector('details.figures').open")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "scroll", "the table, which a narrow window scrolls"
    page.keyboard.press("Tab")
    assert "/glossary" in page.evaluate("document.activeElement.getAttribute('href')"), "the name, before its figure"
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused.startswith("#at=")
    page.keyboard.press("Enter")
    assert "政府网站" in opened(watched)
    page.keyboard.press("Escape")
    watched.until(CLOSED)
    watched.until("href => document.activeElement.getAttribute('href') === href", focused)
    watched.until("() => !location.hash")
    page.context.close()


def test_a_link_to_a_figure_opens_its_evidence_and_back_closes_it(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/data?q=公报")
    watched.page.locator("td a.open").first.click()
    assert "2,220" in opened(watched)
    link = watched.page.url
    watched.page.go_back()
    watched.until(CLOSED)
    copied = watch(browser).open(link)
    assert "2220" in opened(copied)
    copied.page.context.close()
    watched.page.context.close()


def test_a_place_without_a_figure_says_so(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/?lang=en#at=line:1")
    assert "No figure stands at this place" in opened(watched)
    watched.page.context.close()


def test_the_language_changes_by_keyboard_and_back_restores_it(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/requests?theme=dark")
    watched.page.locator("#language").focus()
    watched.page.keyboard.press("Enter")
    watched.until(
        "() => document.documentElement.lang === 'en' && document.querySelector('h1').textContent.includes('Requests')"
    )
    assert "lang=en" in watched.page.url
    assert "theme=dark" in watched.page.url
    assert watched.page.title().startswith("Requests")
    watched.page.go_back()
    watched.until(
        "() => document.documentElement.lang === 'zh-CN' && document.querySelector('h1').textContent.includes('依申请公开')"
    )
    watched.page.go_forward()
    watched.until("() => document.documentElement.lang === 'en'")
    watched.page.context.close()


def test_the_theme_changes_by_keyboard(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/")
    watched.page.locator("#theme").focus()
    watched.page.keyboard.press("Enter")
    watched.until("() => document.documentElement.dataset.bsTheme === 'dark'")
    assert "theme=dark" in watched.page.url
    watched.page.context.close()


def test_the_data_page_filters_by_keyboard_and_keeps_it_in_the_address(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/data")
    watched.page.locator("#search").focus()
    watched.page.keyboard.type("专项经费")
    watched.page.keyboard.press("Enter")
    watched.until("() => document.querySelector('.count').textContent.trim() === '6 项'")
    assert "q=" in watched.page.url
    copied = watch(browser).open(watched.page.url)
    assert copied.page.locator(".count").text_content() == "6 项"
    assert copied.page.locator("#search").input_value() == "专项经费"
    copied.page.context.close()
    watched.page.context.close()


def test_figures_download_as_csv(browser: Browser, site: str) -> None:
    watched = watch(browser, accept_downloads=True).open(site + "/capacity")
    with watched.page.expect_download() as told:
        watched.page.locator(".menu summary").first.click()
        watched.page.get_by_role("link", name="CSV 数据").click()
    assert told.value.suggested_filename == "宁夏回族自治区-2018-经费的地区占比.csv"
    rows = list(csv.DictReader(io.StringIO(Path(told.value.path()).read_text("utf-8-sig"))))
    assert [row["value"] for row in rows] == ["439.5", "2163.26"]
    watched.page.context.close()


@pytest.mark.parametrize(("query", "sentence"), [("", "没有这个页面"), ("?lang=en", "There is no such page")])
def test_an_unknown_page_says_so_and_leads_on(browser: Browser, site: str, query: str, sentence: str) -> None:
    watched = watch(browser)
    answer = watched.page.goto(f"{site}/nowhere{query}")
    assert answer
    assert answer.status == 404
    watched.until("text => document.body.textContent.includes(text)", sentence)
    watched.page.locator(".state a").click()
    watched.until("() => !!document.getElementById('chart-channels')")
    watched.page.context.close()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?body=110000", "没有代码为 110000 的机关的报告"),
        ("?year=1999", "宁夏回族自治区没有 1999 年度的报告。已有年度：2018"),
        ("?year=1999&lang=en", "There is no report of Ningxia Hui Autonomous Region for 1999"),
        ("?year=%3Cscript%3E", "<script>"),
    ],
)
def test_an_unknown_body_or_year_says_so(browser: Browser, site: str, query: str, sentence: str) -> None:
    watched = watch(browser)
    answer = watched.page.goto(f"{site}/{query}")
    assert answer
    assert answer.status == 404
    watched.until("text => document.body.textContent.includes(text)", sentence)
    watched.page.context.close()


def test_body_and_year_are_picked_from_the_header(browser: Browser, serve_over: Serve, tmp_path: Path) -> None:
    data = with_year_before(copy_data(tmp_path / "data"))
    with serve_over(data) as address:
        watched = watch(browser).open(address + "/growth")
        watched.page.locator("#pick-year").select_option(label="2017")
        watched.until("() => document.querySelector('.over').textContent.includes('2017')")
        assert "year=2017" in watched.page.url
        watched.page.go_back()
        watched.until("() => document.querySelector('.over').textContent.includes('2018')")
        computed = next(trace for trace in watched.marks("growth") if trace["name"] == "两年报告计算")
        assert dict(zip(computed["y"], computed["x"], strict=True))["主动公开政府信息数"] == pytest.approx(
            100 * 706668 / 655000
        )
        watched.page.context.close()


def with_year_before(data: Path) -> Path:
    """A second report, made up for the test: 2017, with one figure changed."""
    package = Package(data)
    [report] = package.reports()
    text = (data / "facts/640000-2018.csv").read_text("utf-8")
    (data / "facts/640000-2017.csv").write_text(text.replace("706668", "655000"), "utf-8")
    shutil.copy(data / "mentions/640000-2018.csv", data / "mentions/640000-2017.csv")
    values = {name: getattr(report, name) for name in Report.__slots__}
    facts, mentions = package.facts("640000", 2017), package.mentions("640000", 2017)
    package.write(Report(**values | {"year": 2017}), facts, mentions)
    return data


@pytest.mark.parametrize("state", ["no folder", "broken table"])
def test_without_data_the_server_starts_and_says_why(
    browser: Browser, serve_over: Serve, tmp_path: Path, state: str
) -> None:
    data = tmp_path / "data"
    if state == "broken table":
        copy_data(data)
        facts = data / "facts" / "640000-2018.csv"
        facts.write_text(facts.read_text("utf-8").replace(",706668,", ",viele,", 1), "utf-8")
    with serve_over(data) as address:
        watched = watch(browser)
        answer = watched.page.goto(address + "/?lang=en")
        assert answer
        assert answer.status == 503
        watched.until("() => document.body.textContent.includes('gongkai refresh')")
        watched.page.context.close()


@pytest.mark.skipif(not REAL_REPORT.exists(), reason="the real report lies beside the project only where it is shared")
def test_the_document_opens_at_the_figure(browser: Browser, serve_over: Serve, tmp_path: Path) -> None:
    data = copy_data(tmp_path / "data")
    [report] = Package(data).reports()
    (data / "sources").mkdir()
    shutil.copy(REAL_REPORT, data / "sources" / f"{report.sha256}.txt")
    with serve_over(data) as address:
        watched = watch(browser).open(address + "/?lang=zh#at=line:213/table:1/row:3/col:3")
        opened(watched)
        with watched.page.context.expect_page() as told:
            watched.page.get_by_role("link", name="打开原文此处").click()
        told.value.wait_for_load_state()
        assert told.value.locator("mark").text_content() == "706668"
        watched.page.context.close()


def test_a_finding_opens_the_evidence_of_its_figures_which_leads_back(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/findings")
    page = watched.page
    figure = page.locator(".finding .sides a.printed").first
    printed = figure.text_content()
    figure.click()
    told = opened(watched)
    assert printed and printed in told
    page.locator("#dialog .found a").first.click()
    watched.until("() => location.hash.startsWith('#finding-')")
    watched.until(CLOSED)
    watched.until("() => !!document.querySelector('.finding:target')")
    assert watched.complaints == []
    page.context.close()


def test_a_sign_in_a_table_opens_why_a_figure_does_not_agree(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/disclosure?lang=en")
    page = watched.page
    page.locator("details.figures summary").first.click()
    page.locator("details.figures a.sign").first.click()
    assert "does not agree" in opened(watched)
    page.locator("#dialog .found a").first.click()
    watched.until("() => location.pathname === '/findings' && !!document.querySelector('.finding')")
    page.context.close()


def test_findings_are_filtered_and_told_one_by_one(browser: Browser, site: str) -> None:
    watched = watch(browser, width=390).open(site + "/findings")
    page = watched.page
    count = page.locator(".finding").count()
    page.select_option("select[name=severity]", "warning")
    page.locator("form.filter button").click()
    watched.until("count => document.querySelectorAll('.finding').length < count", count)
    assert "severity=warning" in page.url
    assert page.locator(".finding .severity").all_text_contents()
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.context.close()
