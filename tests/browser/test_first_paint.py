"""The still page in a real browser: all there without a script, and the living page takes its place unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Route, expect

_SHIFT = """window.shifted = 0; new PerformanceObserver(list => list.getEntries().forEach(each => { window.shifted += each.value }))
  .observe({type: 'layout-shift', buffered: true})"""


@contextmanager
def held_back(browser: Browser, site: str, width: int = 1440) -> Iterator[tuple[Page, list[Route]]]:
    """The overview whose Dash has not come yet; going on with what is held lets it come."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    held: list[Route] = []
    page = context.new_page()
    page.add_init_script(_SHIFT)
    page.route("**/dash.js", lambda route: held.append(route))
    page.goto(site, wait_until="commit")
    page.locator("#first footer.foot").wait_for()
    yield page, held
    context.close()


def come(page: Page, held: list[Route]) -> None:
    page.wait_for_timeout(0)
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator("#first")).to_have_count(0)
    expect(page.locator("#chart-growth .main-svg").first).to_be_visible()


def test_without_a_script_figures_are_read_and_links_lead_on(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    expect(page.locator(".kpi").first).to_contain_text("70.67")
    expect(page.locator("#react-entry-point")).to_be_hidden()
    page.locator(".tabs").get_by_role("link", name="依申请公开").click()
    expect(page.locator("h1")).to_be_visible()
    assert page.url.startswith(f"{site}/requests")
    context.close()


def test_the_living_page_stands_where_the_still_one_stood(browser: Browser, site: str) -> None:
    """What had the focus has it, what was open is open, and nothing moves."""
    with held_back(browser, site) as (page, held):
        before = page.locator("#first .card-chart").all()[3].bounding_box()
        page.locator("#first details.figures summary").first.click()
        page.locator("#first details.figures summary").first.click()
        page.locator("#first .tabs a").nth(2).focus()
        come(page, held)
        assert page.evaluate("document.activeElement.getAttribute('href')") == page.locator(".tabs a").nth(
            2
        ).get_attribute("href")
        assert page.locator(".card-chart").nth(3).bounding_box() == before
        assert page.evaluate("window.shifted") <= 0.02


def test_a_table_opened_early_stays_open(browser: Browser, site: str) -> None:
    with held_back(browser, site, 390) as (page, held):
        page.locator("#first details.figures summary").nth(1).click()
        come(page, held)
        assert page.locator("details.figures[open]").count() == 1
        assert page.locator("details.figures").nth(1).get_attribute("open") is not None


def test_a_link_to_evidence_followed_early_opens_it_once_the_page_lives(browser: Browser, site: str) -> None:
    with held_back(browser, site) as (page, held):
        page.locator("#first .kpi a.open").first.click()
        come(page, held)
        expect(page.locator("dialog[open]")).to_contain_text("70.67")
