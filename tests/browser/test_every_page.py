"""Every page, in both languages and themes, wide and on a phone: opens clean, fits, asks nobody else, shows its charts.

The widths in between are those of `test_accessible`.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import CROWDED, watch

PAGES = [
    "/",
    "/disclosure",
    "/requests",
    "/disputes",
    "/capacity",
    "/growth",
    "/compare",
    "/areas",
    "/coverage",
    "/data",
]
FIRST_VISIT_BYTES = 800_000
FIRST_VISIT_REQUESTS = 20

# Chinese that an English page may hold: what the report itself prints, and names; each marked with its language.
UNMARKED = """() => {
  const walker = document.createTreeWalker(document.getElementById('page'), NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent, parent = walker.currentNode.parentElement;
    if (!/[\\u4e00-\\u9fff]/.test(text) || parent.closest('[lang|=zh]') || parent.closest('svg, option, title')) continue;
    found.push(text);
  }
  return found;
}"""


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "query"), [(1440, ""), (386, "?lang=en&theme=dark")])
def test_a_page_opens_without_a_complaint_and_asks_no_other_host(
    browser: Browser, site: str, path: str, width: int, query: str
) -> None:
    watched = watch(browser, width)
    watched.open(site + path + query)
    assert watched.complaints == []
    assert [address for address in watched.requests if not address.startswith((site, "data:", "blob:"))] == []
    assert watched.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "scrolls sideways"
    assert watched.page.evaluate("document.documentElement.lang") == ("en" if query else "zh-CN")
    assert watched.page.evaluate("document.documentElement.dataset.bsTheme") == ("dark" if query else "light")
    assert watched.page.locator("h1").count() == 1
    assert watched.page.evaluate(CROWDED) == [], "words of a drawing meet or are cut"
    watched.page.context.close()


@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_holds_no_chinese_but_what_the_report_prints(browser: Browser, site: str, path: str) -> None:
    watched = watch(browser).open(f"{site}{path}?lang=en")
    unmarked = [
        text for text in watched.page.evaluate(UNMARKED) if re.sub("[一二三四五六七八九十（）、]", "", text).strip()
    ]
    told = [text for text in unmarked if re.search(r"[\u4e00-\u9fff]", re.sub("[一二三四五六七八九十]", "", text))]
    assert told == []
    watched.page.context.close()


def test_the_first_visit_of_the_overview_is_small(browser: Browser, site: str) -> None:
    watched = watch(browser)
    session = watched.page.context.new_cdp_session(watched.page)
    session.send("Network.enable")
    session.send("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "gzip"}})
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    watched.open(site + "/")
    watched.page.wait_for_load_state("networkidle")
    assert len(sizes) <= FIRST_VISIT_REQUESTS
    assert sum(sizes) <= FIRST_VISIT_BYTES
    watched.page.context.close()


def test_moving_on_loads_no_page_again(browser: Browser, site: str) -> None:
    watched = watch(browser).open(site + "/")
    watched.page.evaluate("window.kept = true")
    watched.page.locator("header nav").get_by_role("link", name="依申请公开").click()
    watched.until("() => !!document.getElementById('chart-outcomes')")
    assert watched.page.evaluate("window.kept") is True
    watched.page.context.close()
