"""The search in a browser: by keyboard alone, back to where it was opened from, and the glossary it leads to."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.pages import Watched, watch
from tests.browser.test_every_page import UNMARKED

HITS = "() => document.querySelectorAll('#search-list [role=option]').length"
ACTIVE = "() => document.getElementById('search-words').getAttribute('aria-activedescendant')"
GONE = "() => !document.getElementById('search')"


def searched(watched: Watched, words: str) -> None:
    watched.page.keyboard.press("/")
    watched.until("() => document.activeElement.id === 'search-words'")
    watched.page.keyboard.type(words)
    watched.until("() => document.getElementById('search-said').textContent !== ''")


def complaints_of_axe(watched: Watched) -> list[str]:
    found = Axe().run(watched.page)
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found.response["violations"]]


def test_a_term_is_searched_and_opened_by_keyboard_alone(browser: Browser, site: str) -> None:
    watched = watch(browser).open(f"{site}/requests")
    watched.page.evaluate("window.kept = true")
    searched(watched, "xzfy")
    assert watched.until(HITS) >= 2
    assert watched.page.evaluate(ACTIVE) == "search-hit-0"
    assert watched.page.evaluate("document.getElementById('search-said').textContent").startswith(("找到", "列出"))
    assert complaints_of_axe(watched) == []
    watched.page.keyboard.press("ArrowDown")
    assert watched.page.evaluate(ACTIVE) == "search-hit-1"
    watched.page.keyboard.press("Enter")
    watched.until(
        "() => location.pathname === '/glossary' && location.hash === '#review' && !!document.querySelector('#review:target')"
    )
    watched.until(
        "() => document.querySelector('#review').getBoundingClientRect().top < innerHeight"
    )  # it glides there
    assert watched.page.evaluate("window.kept") is True
    assert watched.page.evaluate(GONE)
    watched.until("() => getComputedStyle(document.querySelector('main')).opacity === '1'")  # it is pale while it waits
    assert complaints_of_axe(watched) == []
    spoken = "document.getElementById('moved').textContent"
    assert watched.page.evaluate(spoken) == watched.page.title() != ""
    watched.page.locator("#language").click()
    watched.until("() => document.documentElement.lang === 'en' && !!document.querySelector('#review:target')")
    assert watched.page.evaluate(spoken) == watched.page.title()
    assert watched.complaints == []
    assert [address for address in watched.requests if not address.startswith((site, "data:", "blob:"))] == []
    watched.page.context.close()


def test_escape_leads_back_and_the_key_can_be_switched_off(browser: Browser, site: str) -> None:
    watched = watch(browser, 390, 800).open(f"{site}/?lang=en&theme=dark")
    watched.page.locator("#theme").focus()
    searched(watched, "zzzzzz")
    assert watched.page.evaluate(HITS) == 0
    assert watched.page.locator("#search-said").inner_text().startswith("Nothing found")
    box = watched.page.evaluate("() => document.getElementById('search').getBoundingClientRect().toJSON()")
    assert box["left"] >= 0
    assert box["right"] <= 390
    assert complaints_of_axe(watched) == []
    watched.page.locator("#search .foot-line input").uncheck()
    watched.page.keyboard.press("Escape")
    watched.until(GONE)
    assert watched.page.evaluate("document.activeElement.id") == "theme"
    watched.page.keyboard.press("/")
    assert watched.page.evaluate(GONE), "switched off"
    watched.page.locator("#search-open").click()
    watched.until("() => document.activeElement.id === 'search-words'")
    watched.page.keyboard.press("Escape")
    watched.until(GONE)
    assert watched.page.evaluate("document.activeElement.id") == "search-open"
    watched.page.context.close()


def test_the_english_glossary_is_accessible_on_a_phone_and_marks_what_is_chinese(browser: Browser, site: str) -> None:
    watched = watch(browser, 390, 800).open(f"{site}/glossary?lang=en&theme=dark")
    assert complaints_of_axe(watched) == []
    assert watched.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [told for told in watched.page.evaluate(UNMARKED) if re.search(r"[\u4e00-\u9fff]", told)] == []
    watched.page.context.close()
