"""What an office does in a real browser: looks at a preview, finds a body as it types, rolls back by keyboard."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from dashboard import settings
from dashboard.admin.accounts import Accounts
from dashboard.admin.roles import Role
from dashboard.messages import Language, text
from dashboard.settings import Settings
from dashboard.snapshots import build, pointer, previews
from dashboard.snapshots.releases import Wish
from tests.admin_area import HASH
from tests.browser.pages import DRAWN, EVERY, Watched, watch
from tests.browser.test_admin import fits, query, require_nothing_found, say_password, until
from tests.conftest import served
from tests.folders import folder, set_value

FACTS = "facts/990001-2018.csv"


@dataclass
class Office:
    """A served folder with two publications and a preview, and its admin area."""

    address: str
    settings: Settings
    admin: Path

    @property
    def live(self) -> str:
        found = pointer.read(self.settings.snapshots_dir)
        assert found
        return found.snapshot

    def signed_in(self, watched: Watched, name: str, language: str = "en", theme: str = "light") -> Page:
        Accounts(self.admin).add(name, Role.PUBLISHER, HASH)
        page = watched.page
        say_password(watched, self.address, name, query(language, theme))
        until(watched, "/admin/login/authenticator")
        secret = (page.locator("#secret").text_content() or "").replace(" ", "")
        page.fill("#code", pyotp.TOTP(secret).now())
        page.keyboard.press("Enter")
        page.wait_for_selector(".codes")
        return page


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Office]:
    tmp = tmp_path_factory.mktemp("office")
    held = replace(settings.load({}), data_dir=folder(tmp / "data", 14, 2016, 2018))
    build.refresh(held, Wish("李明"))
    set_value(held.data_dir / FACTS, 2, "7")
    build.run(held, Wish("王芳", "订正规章件数", force=True))
    set_value(held.data_dir / FACTS, 2, "8")
    build.preview(held, Wish("赵强"))
    before = dict(os.environ)
    os.environ["GONGKAI_ADMIN_DIR"] = str(tmp / "admin")
    try:
        with served(held.data_dir, cache) as address:
            httpx.get(f"{address}/healthz", timeout=120)
            yield Office(address, held, tmp / "admin")
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.mark.parametrize("language", list(Language))
def test_a_preview_is_looked_at_page_by_page_and_left(browser: Browser, office: Office, language: Language) -> None:
    [name] = [each.name for each in build.state(office.settings).previews]
    watched = watch(browser)
    page, banner = watched.page, text("preview.banner", language)
    told: list[str] = []
    page.on("request", lambda request: told.append(request.headers.get("referer", "")))
    shown = previews.link(office.settings.snapshots_dir, name)
    watched.open(f"{office.address}{shown}&lang={language}")
    for path in ("/requests", "/data", "/findings"):
        page.locator(f'nav a[href^="{path}?"]').click()
        page.wait_for_url(lambda address, path=path: urlsplit(address).path == path)  # type: ignore[misc]  # the default binds the path of this turn
        page.get_by_role("heading", level=1).wait_for()
        watched.until(DRAWN)
        assert banner in (page.locator(".unpublished").text_content() or "")
        assert "赵强" in (page.locator(".unpublished").text_content() or "")
        assert name in page.url
        assert page.get_by_text(text("error.title", language)).count() == 0
    page.emulate_media(media="print")
    assert page.locator(".unpublished strong").is_visible(), "on paper too"
    page.emulate_media(media="screen")
    page.evaluate("location.hash = 'cite=page'")
    page.get_by_text(text("preview.not_for_others", language)).wait_for()
    for part in (".unpublished", "#dialog"):
        assert Axe().run(page, context=part).response["violations"] == []
    page.keyboard.press("Escape")
    assert not [each for each in told if "~" in each], "no referrer tells its address"
    page.get_by_role("link", name=text("preview.to_live", language)).click()
    page.wait_for_url(lambda address: "snapshot" not in address)
    watched.until(DRAWN)
    assert page.locator(".unpublished").count() == 0
    assert watched.complaints == []
    assert [each for each in watched.requests if not each.startswith(office.address)] == []
    page.context.close()


def test_a_body_is_found_as_one_types_and_its_cells_by_arrows(browser: Browser, office: Office) -> None:
    watched = watch(browser)
    page = office.signed_in(watched, "finder")
    page.goto(f"{office.address}/admin/coverage?lang=en")
    assert page.locator(".wall tbody tr").count() == 14
    page.get_by_role("searchbox").focus()
    page.keyboard.type("990003")
    watched.until("document.querySelectorAll('.wall tbody tr').length === 1")
    assert page.evaluate("document.activeElement.name") == "q", "the focus stays where one types"
    assert "1–1 of 1" in (page.locator("#told").text_content() or "")
    assert "q=990003" in page.url
    for _ in range(12):
        if page.evaluate("!!document.activeElement.closest('.wall td')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert "2017" in (page.evaluate("document.activeElement.getAttribute('aria-label')") or "")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/\?body=990003&year=2017"))
    assert watched.complaints == []
    page.context.close()


def test_a_rollback_and_its_undoing_need_the_keyboard_alone(browser: Browser, office: Office) -> None:
    watched, now = watch(browser), office.live
    page = office.signed_in(watched, "keys")
    page.goto(f"{office.address}/admin/history?lang=en")
    for before in (now, None):
        summary = page.locator(".now summary")
        summary.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("by keyboard")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator(".done").wait_for()
        page.wait_for_url(re.compile("done="))
        if before:
            assert office.live != now
            assert office.live in (page.locator(".now").text_content() or "")
            page.goto(f"{office.address}/admin/history?lang=en")
    assert office.live == now
    assert "by keyboard" in (page.locator(".events .reason").first.text_content() or "")
    assert watched.complaints == []
    page.context.close()


@pytest.mark.parametrize(
    ("width", "language", "theme"),
    [(1440, "zh", "light"), (390, "en", "dark"), *([(1440, "en", "dark"), (390, "zh", "light")] if EVERY else [])],
)
def test_the_pages_have_no_fault_that_a_checker_finds(
    browser: Browser, office: Office, width: int, language: str, theme: str
) -> None:
    watched = watch(browser, width)
    page = office.signed_in(watched, f"axe-{width}-{language}", language, theme)
    for path in ("coverage", "history", "log", "log/access", "changes"):
        new = f"&new={office.live}&old={_first(office)}" if path == "changes" else ""
        page.goto(f"{office.address}/admin/{path}{query(language, theme)}{new}")
        page.locator("h1").wait_for()
        for each in page.locator(".confirm").all():
            each.evaluate("each => each.open = true")
        require_nothing_found(page)
        assert fits(page), f"{path} scrolls sideways"
        if "LOOK" in os.environ:
            page.screenshot(path=f"{os.environ['LOOK']}/{path.replace('/', '-')}-{width}-{theme}.png", full_page=True)
    assert watched.complaints == []
    page.context.close()


def _first(office: Office) -> str:
    return pointer.markers(office.settings.snapshots_dir)[0].snapshot
