"""A page on paper: light, as wide as the sheet, without what is for the screen, and with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser

from dashboard.figures import theme
from dashboard.figures.theme import Theme
from tests.browser.pages import watch
from tests.conftest import ROOT

SHEETS = """() => {
  dispatchEvent(new Event('beforeprint'));
  return [...document.querySelectorAll('.sheet')].map(each => each.querySelector('.main-svg').getBoundingClientRect().width);
}"""
SHOWN = "() => [...document.querySelectorAll('.dash-graph')].map(each => each.getBoundingClientRect().width)"


@dataclass
class Printed:
    pages: list[Any]
    words: str
    sheets: list[float]  # how wide the charts on paper are
    before: list[float]  # how wide those on the screen were, and are again
    after: list[float]
    complaints: list[str]


@pytest.fixture(scope="module")
def printed(browser: Browser, site: str) -> Iterator[Printed]:
    """The dark overview of a wide screen."""
    watched = watch(browser).open(f"{site}/?theme=dark&lang=zh")
    watched.until("() => !document.getElementById('first')")
    page, before = watched.page, watched.page.evaluate(SHOWN)
    sheets = page.evaluate(SHEETS)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".sheet").count() == 0
    document = pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
    pages = list(document)
    words = "\n".join(each.get_textpage().get_text_range() for each in pages)
    yield Printed(pages, words, sheets, before, page.evaluate(SHOWN), watched.complaints)
    page.context.close()


def test_charts_are_as_wide_as_the_sheet_and_those_on_the_screen_stay_as_they_were(printed: Printed) -> None:
    assert len(printed.sheets) == 4
    assert all(600 < each <= 680 for each in printed.sheets)
    assert printed.after == printed.before
    assert printed.complaints == []


def test_what_is_for_the_screen_is_not_printed_and_where_it_comes_from_is(printed: Printed) -> None:
    for words in ("嵌入", "下载", "引用本页", "复议诉讼", "English"):
        assert words not in printed.words
    for words in ("政府网站公开 34 万条", "340,199", "快照日期："):
        assert words in printed.words
    last = printed.pages[-1].get_textpage().get_text_range()
    assert "数据版本" in last and "theme=dark" in last


def test_no_sheet_is_empty_but_for_the_end(printed: Printed) -> None:
    assert "比上年多 7.82%" in printed.pages[-1].get_textpage().get_text_range()
    assert len(printed.pages) == 3


def test_a_dark_page_is_printed_light(printed: Printed) -> None:
    picture = printed.pages[0].render().to_pil().convert("RGB")
    counts = picture.getcolors(picture.width * picture.height)
    assert counts and max(counts)[1] == (255, 255, 255)
    found = {colour for _, colour in counts}
    assert (31, 111, 181) in found and (90, 162, 224) not in found, "departments, as by day and as by night"


def test_every_dark_colour_has_its_light_one_on_paper() -> None:
    script = (ROOT / "assets" / "print.js").read_text("utf-8")
    pairs = [
        f'"{theme.Look(Theme.DARK).colour(name)}": "{theme.Look(Theme.LIGHT).colour(name)}"'
        for name in theme.names().values()
    ]
    assert [each for each in pairs if each not in script] == []
