"""No page, dialog or embed has a fault that axe finds, and none scrolls sideways, down to the width of 400 % zoom.

A page is seen once, by turns in the looks of `COVERING`, which have each language, theme and width, and is measured at every
width; dialogs by turns as well; with GONGKAI_TEST_EVERY_LOOK set (`make accessibility`) everything in all sixteen looks.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.pages import EVERY, Watched, watch
from tests.browser.test_every_page import PAGES
from tests.conftest import DRAWN

LANGUAGES, THEMES, WIDTHS = ("zh", "en"), ("light", "dark"), (1440, 768, 390, 320)
# The last is what 400 % of zoom leaves of a window of 1280 pixels.
COVERING = [("zh", "light", 1440), ("zh", "dark", 390), ("en", "light", 768), ("en", "dark", 320)]
LOOKS = list(itertools.product(LANGUAGES, THEMES, WIDTHS)) if EVERY else COVERING
# A kind of drawing each; all of them where every look is asked for.
EMBEDS = DRAWN if EVERY else ["channels", "flow", "budget", "growth", "series", "outcomes"]
# What stands in a drawing is tested as a drawing, see `pages.CROWDED`.
OPTIONS: Any = {"resultTypes": ["violations"], "elementRef": False}
CONTEXT: Any = {"exclude": [[".js-plotly-plot"]]}
THEME = "theme => { document.documentElement.dataset.bsTheme = document.documentElement.dataset.theme = theme }"
# Once the drawings have taken the new width; true where they still stand over the edge after three seconds.
SIDEWAYS = """async () => {
  const end = performance.now() + 3000, isWider = () => document.documentElement.scrollWidth > window.innerWidth;
  while (isWider() && performance.now() < end) await new Promise(requestAnimationFrame);
  return isWider();
}"""
# All that is folded shows; of a long table or list, whose lines are alike, the first twenty.
UNFOLD = """() => {
  document.querySelectorAll('details:not(.menu)').forEach(each => { each.open = true });
  document.querySelectorAll('tbody tr:nth-child(n+21), .finding:nth-child(n+21), li:nth-child(n+41)').forEach(each => each.remove());
}"""
OPEN = "kind => { const d = document.getElementById('dialog'); return d.open && d.classList.contains(kind) }"


@pytest.fixture(scope="module")
def watched(browser: Browser) -> Iterator[Watched]:
    # A colour on its way to another is none that is read.
    watched = watch(browser, reduced_motion="reduce")
    yield watched
    watched.page.context.close()


def faults(page: Page, theme: str, width: int) -> list[Any]:
    """What axe finds at a width in a theme, with the element."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(THEME, theme)
    found = Axe().run(page, context=CONTEXT, options=OPTIONS).response["violations"]
    return [
        (theme, width, each["id"], [(node["target"], node["html"][:100]) for node in each["nodes"]]) for each in found
    ]


def is_wider(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 900})
    return bool(page.evaluate(SIDEWAYS))


def seen(page: Page, language: str, turn: int) -> list[Any]:
    """What axe finds in every look of a language, or in the one whose turn it is."""
    looks = [look for look in LOOKS if look[0] == language]
    return [
        each
        for _, theme, width in (looks if EVERY else [looks[turn % len(looks)]])
        for each in faults(page, theme, width)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_fault_that_a_checker_finds(watched: Watched, site: str, language: str) -> None:
    found = []
    for place, path in enumerate([*PAGES, "/findings", "/bodies"]):
        if not EVERY and place % len(LANGUAGES) != LANGUAGES.index(language):
            continue
        watched.page.set_viewport_size({"width": 1440, "height": 900})
        watched.page.goto(f"{site}{path}?lang={language}")
        watched.until("() => document.querySelector('h1') && !document.getElementById('first')")
        watched.page.evaluate(UNFOLD)
        found += [(path, *each) for each in seen(watched.page, language, place // len(LANGUAGES))]
        found += [(path, width, "scrolls sideways") for width in WIDTHS if is_wider(watched.page, width)]
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_dialog_has_a_fault_that_a_checker_finds(watched: Watched, site: str, language: str) -> None:
    page, found = watched.open(f"{site}/requests?lang={language}").page, []
    page.locator("#outcomes-marks").click()
    found += [("marks", *each) for each in seen(page, language, 0)]
    place = page.locator("td a.open").first.get_attribute("href") or ""
    for turn, (kind, address) in enumerate((("evidence", place), ("embed", "#embed=flow"), ("cite", "#cite=flow"))):
        page.evaluate("address => { location.hash = address }", address)
        watched.until(OPEN, kind)
        found += [(kind, *each) for each in seen(page, language, turn)]
        page.keyboard.press("Escape")
        watched.until("() => !document.querySelector('#dialog').open")
    assert not found, "\n".join(map(str, found))


def test_no_embed_has_a_fault_that_a_checker_finds(watched: Watched, site: str) -> None:
    found = []
    for chart, language in zip(EMBEDS * 2, [*["zh"] * len(EMBEDS), *["en"] * len(EMBEDS)], strict=True):
        theme = "light" if language == "zh" else "dark"
        watched.page.goto(f"{site}/embed/{chart}?lang={language}&theme={theme}")
        watched.page.evaluate(UNFOLD)
        for width in WIDTHS if EVERY else (340,):
            found += [(chart, language, *each) for each in faults(watched.page, theme, width)]
    assert not found, "\n".join(map(str, found))
