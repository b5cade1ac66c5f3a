"""The admin area in a real browser: signing in by keyboard alone, in both languages, and nothing a checker finds."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from dashboard.admin.accounts import Accounts
from dashboard.admin.roles import Role
from tests.admin_area import HASH, PASSWORD
from tests.browser.pages import EVERY, Watched, watch
from tests.conftest import copy_data, served
from tests.oidc_provider import CLIENT, SECRET, Provider, running

WORDS = {"zh": ("登录", "概况", "退出"), "en": ("Sign in", "Overview", "Sign out")}
LOOKS = [(language, theme, width) for language in ("zh", "en") for theme in ("light", "dark") for width in (1440, 390)]


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running({"wang": ["data"]}) as provider:
        yield provider


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("admin")


def running_site(folder: Path, cache: Path, **settings: str) -> Iterator[str]:
    before = dict(os.environ)
    os.environ.update({"GONGKAI_ADMIN_DIR": str(folder / "kept"), **settings})
    try:
        with served(copy_data(folder / "data"), cache) as address:
            # A worker that compresses the assets for the first time takes longer than a browser waits.
            httpx.get(f"{address}/healthz", timeout=120)
            yield address
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="module")
def admin(folder: Path, cache: Path) -> Iterator[str]:
    """Local accounts, two workers."""
    yield from running_site(folder, cache, GONGKAI_WORKERS="2")


@pytest.fixture(scope="module")
def admin_with_provider(tmp_path_factory: pytest.TempPathFactory, cache: Path, provider: Provider) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("provided")
    (folder / "secret").write_text(SECRET, "utf-8")
    told = {
        "ISSUER": provider.address,
        "CLIENT_ID": CLIENT,
        "CLIENT_SECRET_FILE": str(folder / "secret"),
        "ROLES": "editor=data",
    }
    for address in running_site(folder, cache, **{f"GONGKAI_OIDC_{name}": value for name, value in told.items()}):
        provider.redirects.append(f"{address}/admin/login/provider/return")
        yield address


def query(language: str, theme: str = "light") -> str:
    return f"?lang={language}&theme={theme}"


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


def tab_to(page: Page, wanted: str) -> None:
    for _ in range(20):
        if focused(page) == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab")


def until(watched: Watched, path: str) -> None:
    """The page at a path of any site, loaded."""
    watched.page.wait_for_url(lambda address: urlsplit(address).path == path)


def say_password(watched: Watched, site: str, name: str, look: str) -> None:
    page = watched.page
    page.goto(f"{site}/admin{look}")
    until(watched, "/admin/login")
    tab_to(page, "name")
    page.keyboard.type(name)
    tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def next_code(secret: str) -> str:
    """The code of the next period, which is taken already, and surely not used yet."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30)


def require_nothing_found(page: Page) -> None:
    found = Axe().run(page)
    told = [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found.response["violations"]]
    assert told == []


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_signing_in_and_out_works_by_keyboard(browser: Browser, admin: str, folder: Path, language: str) -> None:
    name = f"keyboard-{language}"
    Accounts(folder / "kept").add(name, Role.EDITOR, HASH)
    watched = watch(browser)
    page, (sign_in, home, sign_out) = watched.page, WORDS[language]
    say_password(watched, admin, name, query(language))
    until(watched, "/admin/login/authenticator")
    secret = (page.locator("#secret").text_content() or "").replace(" ", "")
    tab_to(page, "code")
    page.keyboard.type(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    page.wait_for_selector(".codes li:nth-child(10)")
    assert re.fullmatch(r"[a-z2-7-]{19}", page.locator(".codes code").first.text_content() or "")
    page.locator("a.main").focus()
    page.keyboard.press("Enter")
    until(watched, "/admin")
    assert page.locator("h1").text_content() == home
    assert page.evaluate("document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[language]
    page.get_by_role("button", name=sign_out).focus()
    page.keyboard.press("Enter")
    until(watched, "/admin/login")
    assert page.locator("h1").text_content() == sign_in
    say_password(watched, admin, name, query(language))
    until(watched, "/admin/login/code")
    assert focused(page) == "code", "the one field has the focus"
    page.keyboard.type(next_code(secret))
    page.keyboard.press("Enter")
    until(watched, "/admin")
    assert watched.complaints == []
    assert [address for address in watched.requests if not address.startswith(admin)] == []
    page.context.close()


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS if EVERY else [LOOKS[0], LOOKS[-1]])
def test_no_page_on_the_way_in_has_a_fault_that_a_checker_finds(
    browser: Browser, admin: str, folder: Path, language: str, theme: str, width: int
) -> None:
    name = f"axe-{language}-{theme}-{width}"
    Accounts(folder / "kept").add(name, Role.PUBLISHER, HASH)
    watched, look = watch(browser, width), query(language, theme)
    page = watched.page
    seen = []

    def look_at(path: str) -> None:
        until(watched, path)
        require_nothing_found(page)
        assert fits(page), f"{path} scrolls sideways"
        assert page.evaluate("document.documentElement.dataset.bsTheme") == theme
        assert page.locator("h1").count() == 1
        seen.append(path)

    page.goto(f"{admin}/admin/login{look}")
    look_at("/admin/login")
    say_password(watched, admin, name, look)
    look_at("/admin/login/authenticator")
    secret = (page.locator("#secret").text_content() or "").replace(" ", "")
    page.fill("#code", "000000")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    require_nothing_found(page)
    page.fill("#code", pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    page.wait_for_selector(".codes")
    require_nothing_found(page)
    page.locator("a.main").click()
    look_at("/admin")
    page.goto(f"{admin}/admin/none{look}")
    look_at("/admin/none")
    page.goto(f"{admin}/admin{look}")
    page.locator(".tools form button").click()
    until(watched, "/admin/login")
    say_password(watched, admin, name, look)
    look_at("/admin/login/code")
    page.goto(f"{admin}/admin/login/recovery{look}")
    look_at("/admin/login/recovery")
    page.context.close()


def test_the_way_in_by_a_provider_works_in_a_browser(
    browser: Browser, admin_with_provider: str, provider: Provider
) -> None:
    watched = watch(browser)
    page = watched.page
    page.goto(f"{admin_with_provider}/admin/login?lang=en")
    require_nothing_found(page)
    page.get_by_role("button", name="Sign in with your organisation").click()
    until(watched, "/authorize")
    page.get_by_label("Name").fill("wang")
    page.get_by_role("button", name="Go").click()
    until(watched, "/admin")
    assert "wang" in (page.locator(".who").text_content() or "")
    page.locator(".tools form button").click()
    until(watched, "/end")
    assert len(provider.ended) == 1
    page.goto(f"{admin_with_provider}/admin")
    until(watched, "/admin/login")
    assert watched.complaints == []
    page.context.close()


def test_signing_in_works_without_scripts(browser: Browser, admin: str, folder: Path) -> None:
    Accounts(folder / "kept").add("plain", Role.VIEWER, HASH)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{admin}/admin/login?lang=en")
    page.get_by_label("Name").fill("plain")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    secret = (page.locator("#secret").text_content() or "").replace(" ", "")
    page.get_by_label("Six-digit code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Confirm and sign in").click()
    page.get_by_role("link", name="I have kept them, continue").click()
    assert page.locator("h1").text_content() == "Overview"
    context.close()
