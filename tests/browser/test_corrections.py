"""A figure corrected in a real browser, from the admin's form by keyboard to what readers see of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pyotp
import pytest
from playwright.sync_api import Browser, Page

from dashboard import settings
from dashboard.admin.accounts import Accounts
from dashboard.admin.roles import Role
from dashboard.figures.marks import CORRECTED
from dashboard.snapshots import build
from dashboard.tables.package import Package
from tests.admin_area import HASH, PASSWORD
from tests.browser.pages import EVERY, Watched, watch
from tests.browser.test_admin import fits, require_nothing_found, running_site, tab_to, until

FIGURE = "report=640000-2018&indicator=disclosure.normative&at=line:214/table:1/row:4/col:3"
AT = "line:214/table:1/row:4/col:3"
REASON = "原文两位数字颠倒"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corrections")


@pytest.fixture(scope="module")
def site(folder: Path, cache: Path) -> Iterator[str]:
    yield from running_site(folder, cache)


@pytest.fixture(scope="module")
def editor(folder: Path, site: str, browser: Browser) -> Iterator[Watched]:
    """Signed in."""
    Accounts(folder / "kept").add("zhou", Role.EDITOR, HASH)
    watched = watch(browser)
    page = watched.page
    page.goto(f"{site}/admin/login?lang=zh")
    page.fill("#name", "zhou")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    until(watched, "/admin/login/authenticator")
    secret = page.text_content("#secret")
    assert secret
    page.fill("#code", pyotp.TOTP(secret.replace(" ", "")).at(int(time.time())))
    page.press("#code", "Enter")
    page.wait_for_selector(".codes")
    yield watched
    page.context.close()


def test_an_editor_corrects_a_figure_by_keyboard_and_readers_see_both_values(
    editor: Watched, site: str, folder: Path, browser: Browser
) -> None:
    page = editor.page
    page.goto(f"{site}/admin/corrections/new?{FIGURE}&lang=zh")
    require_nothing_found(page)
    tab_to(page, "value")
    page.keyboard.press("Enter")  # nothing is filled in yet
    page.wait_for_selector("#wrong-value")
    require_nothing_found(page)
    for name, words in (("value", "677"), ("reason", REASON), ("evidence", "https://www.example.cn/notice")):
        tab_to(page, name)
        page.keyboard.type(words)
    tab_to(page, "BUTTON")
    page.keyboard.press("Enter")
    until(editor, "/admin/corrections")
    assert REASON in page.inner_text(".entries")
    assert page.is_visible(".due")
    require_nothing_found(page)
    assert Package(folder / "data").corrections()[0].name == "zhou"
    build.refresh(replace(settings.load({}), data_dir=folder / "data"))
    _seen_by_readers(watch(browser), site)


def _seen_by_readers(watched: Watched, site: str) -> None:
    page = watched.page
    end = time.monotonic() + 20
    while CORRECTED not in page.request.get(f"{site}/embed/normative?lang=zh").text() and time.monotonic() < end:
        page.wait_for_timeout(100)
    watched.open(f"{site}/disclosure?lang=zh#at={quote(AT)}")
    page.wait_for_selector("section.correction")
    told = page.inner_text("section.correction")
    assert "667" in told
    assert REASON in told
    assert page.get_attribute("section.correction a", "href") == "https://www.example.cn/notice"
    assert page.locator("a.sign.corrected").count() == 2  # in the tables of the two charts that show it
    assert watched.complaints == []
    page.context.close()


PATHS = ["", "/new", "/new?report=640000-2018", f"/new?{FIGURE}"]
SEEN = [(1440, "dark"), (390, "light")]


@pytest.mark.parametrize(
    ("path", "width", "theme"),
    [(path, *seen) for turn, path in enumerate(PATHS) for seen in (SEEN if EVERY else [SEEN[turn % 2]])],
)
def test_every_page_fits_and_has_nothing_that_a_checker_finds(
    editor: Watched, site: str, path: str, width: int, theme: str
) -> None:
    page: Page = editor.page
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/admin/corrections{path}{'&' if '?' in path else '?'}lang=en&theme={theme}")
    assert fits(page)
    require_nothing_found(page)
