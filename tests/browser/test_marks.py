"""A chart's marks are read by keyboard: arrow keys speak each with its value and unit, Enter opens its source, Escape leaves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import Watched, watch

CHOSEN = "() => { const list = document.activeElement, at = list.getAttribute('aria-activedescendant'); return at && document.getElementById(at).textContent }"
HOVERED = "() => document.querySelectorAll('#chart-outcomes .hoverlayer .hovertext').length"
OPEN = "() => document.getElementById('dialog').open"


@pytest.fixture(scope="module")
def watched(browser: Browser, site: str) -> Watched:
    return watch(browser).open(f"{site}/requests")


def test_arrow_keys_go_from_mark_to_mark_and_each_is_told_with_value_and_unit(watched: Watched) -> None:
    page = watched.page
    button = page.locator("#outcomes-marks")
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    rows = page.locator("section:has(#outcomes-marks) .figures tbody tr").count()
    told = [page.evaluate(CHOSEN)]
    for _ in range(rows - 1):
        page.keyboard.press("ArrowDown")
        told.append(page.evaluate(CHOSEN))
    assert len(set(told)) == rows, "each its own, none twice"
    assert "同意公开 318 件" in told
    assert page.evaluate("document.activeElement.getAttribute('role')") == "listbox"
    page.keyboard.press("Home")
    assert page.evaluate(CHOSEN) == told[0]
    page.keyboard.press("ArrowUp")
    assert page.evaluate(CHOSEN) == told[0], "the first stays the first"
    watched.until(HOVERED)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "outcomes-marks"
    assert page.locator(".marks [role=option]").count() == 0
    assert button.get_attribute("aria-expanded") == "false"


def test_enter_opens_the_source_of_a_mark_and_the_focus_comes_back_to_it(watched: Watched) -> None:
    page = watched.page
    page.locator("#outcomes-marks").click()
    page.keyboard.press("ArrowDown")
    told = page.evaluate(CHOSEN)
    page.keyboard.press("Enter")
    watched.until(OPEN)
    page.keyboard.press("Escape")
    watched.until(f"() => !({OPEN})()")
    assert page.evaluate(CHOSEN) == told
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.locator(".marks [role=option]").count() == 0, "who goes on leaves the list"
    assert watched.complaints == []


def test_a_chart_has_a_name_a_sentence_and_a_table_and_its_drawing_is_not_heard(watched: Watched) -> None:
    for card in watched.page.locator("section.card-chart:has(.dash-graph)").all():
        told = card.evaluate(
            "card => ['labelledby', 'describedby'].map(each => document.getElementById(card.getAttribute('aria-' + each)).textContent)"
        )
        assert all(told)
        assert card.locator("figure").get_attribute("aria-hidden") == "true"
        assert card.locator(".figures tbody tr").count() > 0


def test_with_forced_colours_the_drawing_keeps_its_ground_and_the_chosen_mark_an_edge(watched: Watched) -> None:
    page = watched.page
    page.emulate_media(forced_colors="active")
    page.locator("#outcomes-marks").click()
    edge = page.locator(".marks [aria-selected=true]").evaluate("each => getComputedStyle(each).outlineStyle")
    ground = page.locator("figure:has(#chart-outcomes)").evaluate("each => getComputedStyle(each).backgroundColor")
    page.emulate_media(forced_colors="none")
    page.keyboard.press("Escape")
    assert (edge, ground) == ("solid", "rgb(255, 255, 255)")
