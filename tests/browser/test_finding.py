"""The chooser of the body in a browser: by keyboard alone, what is remembered stays in the browser, the page without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from dashboard import demo
from tests.browser.pages import Watched, watch
from tests.conftest import served

HITS = "() => document.querySelectorAll('#pick-list [role=option]').length"
BODY = "code => new URLSearchParams(location.search).get('body') === code && document.getElementById('pick-form').dataset.body === code"
FIELD = "#pick-form input[name=q]"


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browsed") / "country"
    demo.write(folder, demo.Wishes(40, 2018, 2018, 3), lambda _done, _total: None)
    with served(folder, cache) as address:
        yield address


def typed(watched: Watched, words: str) -> None:
    watched.page.locator(FIELD).click()
    watched.page.keyboard.type(words)
    watched.until("words => document.querySelector('#pick-form input[name=q]').value === words", words)
    watched.until("() => document.getElementById('pick-said').textContent !== ''")


def test_a_body_is_chosen_by_keyboard_and_remembered_by_the_browser_alone(browser: Browser, country: str) -> None:
    watched = watch(browser).open(f"{country}/requests?body=900000&year=2018")
    typed(watched, "jiaoyuju")
    watched.until(HITS)
    selected = "() => document.querySelector('#pick-form input[name=q]').getAttribute('aria-activedescendant')"
    assert watched.page.evaluate(selected) == "pick-hit-0"
    found = Axe().run(watched.page, context="#pick-form")
    assert found.response["violations"] == [], found.generate_report()
    watched.page.keyboard.press("ArrowDown")
    assert watched.page.evaluate(selected) == "pick-hit-1"
    watched.page.keyboard.press("ArrowUp")
    watched.page.keyboard.press("Enter")
    watched.until(BODY, "900000001")
    parts = urlsplit(watched.page.url)
    assert parts.path == "/requests"
    assert parse_qs(parts.query)["year"] == ["2018"]

    watched.page.locator("#pick-pin").click()
    watched.page.reload()
    watched.until("() => document.getElementById('pick-pin')?.getAttribute('aria-pressed') === 'true'")
    watched.page.locator(FIELD).click()
    watched.until("() => document.querySelectorAll('#pick-list [role=group]').length === 2")
    groups = watched.page.evaluate(
        "() => [...document.querySelectorAll('#pick-list [role=group]')].map(g => g.querySelectorAll('[role=option]').length)"
    )
    assert groups == [1, 1], "the pinned one, and the one used before it"
    watched.page.keyboard.press("Escape")
    watched.until("() => document.getElementById('pick-box').hidden")
    assert not [request for request in watched.requests if not request.startswith((country, "data:", "blob:"))]
    assert watched.complaints == []
    watched.page.context.close()


def test_what_nobody_is_called_is_told(browser: Browser, country: str) -> None:
    watched = watch(browser, 390, 800).open(f"{country}/")
    typed(watched, "qqqqqq")
    assert watched.page.evaluate(HITS) == 0
    assert "没有找到" in watched.page.locator("#pick-list").inner_text()
    box = watched.page.evaluate("() => document.getElementById('pick-box').getBoundingClientRect().toJSON()")
    assert box["left"] >= 0
    assert box["right"] <= 390
    watched.page.context.close()


def test_without_script_the_page_leads_to_every_body(browser: Browser, country: str) -> None:
    watched = watch(browser, java_script_enabled=False)
    watched.page.goto(f"{country}/")
    watched.page.locator("noscript a, a[href='/bodies']").first.click()
    watched.page.locator("#q").fill("900000001")
    watched.page.locator("form.finding button").click()
    links = watched.page.locator("ul.hits a")
    assert links.count() == 1
    assert "body=900000001" in str(links.first.get_attribute("href"))
    watched.page.goto(f"{country}/bodies")
    watched.page.locator("a.into").first.click()
    assert watched.page.locator(".crumbs b").inner_text().endswith("（虚构）")
    watched.page.context.close()
