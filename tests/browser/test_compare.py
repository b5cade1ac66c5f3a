"""Compare, series and coverage in a real browser, over a small made-up country."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.pages import CROWDED, watch
from tests.conftest import served
from tests.countries import country

COUNTY, OTHER = "900101", "900102"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("small")
    country(folder, bodies=12, first=2016, last=2022)
    with served(folder / "data", cache) as address:
        yield address


def test_a_body_is_added_and_left_out_and_the_address_tells_all(browser: Browser, small: str) -> None:
    watched = watch(browser).open(f"{small}/compare?body={COUNTY}&year=2022")
    page = watched.page
    page.locator("form.filter input[name=add]").fill(OTHER)
    page.locator("form.filter select[name=indicator]").select_option("rate.granted")
    page.locator("form.filter button").click()
    page.locator("ul.hits a").first.click()
    watched.until(
        "() => location.search.includes('bodies=900101%2C900102') && location.search.includes('rate.granted')"
    )
    watched.until("() => document.querySelectorAll('.chosen li').length === 2")
    rows = {at for mark in watched.marks("dots") for at in mark["y"] or [] if at}
    assert rows == {COUNTY, OTHER}
    assert "bodies=900101%2C900102" in (page.locator("a[href*='charts/dots.csv']").get_attribute("href") or "")
    page.locator(".chosen a").first.click()
    watched.until(
        "() => location.search.includes('bodies=900102') && document.querySelectorAll('.chosen li').length === 1"
    )
    assert watched.complaints == []
    page.context.close()


def test_a_point_of_another_year_opens_the_evidence_of_its_own_report(browser: Browser, small: str) -> None:
    watched = watch(browser).open(f"{small}/growth?body={COUNTY}&year=2022")
    place = next(at for mark in watched.marks("series") for at in mark["at"] or [] if at and "/2019@" in at)
    watched.page.evaluate("place => { location.hash = 'at=' + place }", place)
    told = watched.until("() => { const d = document.getElementById('dialog'); return d.open && d.innerText }")
    assert "2019" in told
    watched.page.context.close()


def test_the_lines_of_a_series_stop_where_the_meaning_does(browser: Browser, small: str) -> None:
    watched = watch(browser).open(f"{small}/growth?body={COUNTY}&year=2022&indicator=disclosure.total")
    marks = watched.marks("series")
    breaks = next(mark for mark in marks if mark["name"] == "breaks")
    assert breaks["x"] == [2018.5, 2020.5]
    assert max(year for mark in marks if mark["at"] for year in mark["x"]) == 2018
    watched.page.context.close()


@pytest.mark.parametrize("query", ["", "&lang=en&theme=dark"])
@pytest.mark.parametrize("path", ["/growth", "/compare", "/coverage"])
def test_the_pages_fit_a_phone_and_axe_finds_nothing(browser: Browser, small: str, path: str, query: str) -> None:
    # The drawings of the cards are 340 pixels wide then.
    watched = watch(browser, 386, 800)
    watched.open(f"{small}{path}?body={COUNTY}&year=2022{query}")
    assert watched.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "scrolls sideways"
    assert watched.page.evaluate(CROWDED) == [], "words meet or are cut"
    found = Axe().run(watched.page, context="#content").response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found] == []
    assert watched.complaints == []
    watched.page.context.close()
