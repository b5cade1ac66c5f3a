"""The admin's whole way in a real browser: documents dropped, figures looked at, prepared, published with a reason; by
keyboard too, without a script too, and nothing a checker finds on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.admin.accounts import Accounts
from dashboard.admin.roles import Role
from tests import batches
from tests.admin_area import HASH
from tests.browser.pages import Watched, watch
from tests.browser.test_admin import (
    fits,
    focused,
    query,
    require_nothing_found,
    running_site,
    say_password,
    tab_to,
    until,
)

REPORTS = "/admin/reports"
DROP = """async ([names, contents]) => {
  const data = new DataTransfer();
  names.forEach((name, n) => data.items.add(new File([Uint8Array.from(contents[n])], name)));
  for (const kind of ['dragenter', 'dragover', 'drop'])
    document.getElementById('drop').dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="module")
def admin(folder: Path, cache: Path) -> Iterator[str]:
    """Two workers, so that one shows what the other is at."""
    for address in running_site(folder, cache, GONGKAI_WORKERS="2"):
        bodies = folder / "data" / "bodies.csv"
        bodies.write_text(bodies.read_text("utf-8") + batches.BODIES.splitlines()[1] + "\n", "utf-8")
        yield address


@pytest.fixture(scope="module")
def sent(folder: Path) -> dict[str, Path]:
    described = {"2020.html": batches.report(2020), "2021.docx": batches.report(2021), "2019.txt": batches.report(2019)}
    return {name: batches.written(folder / "sent", name, each) for name, each in described.items()}


def signed_in(browser: Browser, site: str, folder: Path, name: str, look: str = "", **options: object) -> Watched:
    Accounts(folder / "kept").add(name, Role.PUBLISHER, HASH)
    watched = watch(browser, **options)  # type: ignore[arg-type]  # options by their names
    say_password(watched, site, name, look)
    until(watched, "/admin/login/authenticator")
    secret = (watched.page.locator("#secret").text_content() or "").replace(" ", "")
    watched.page.fill("#code", pyotp.TOTP(secret).now())
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_selector(".codes")
    return watched


def drop(page: Page, *paths: Path) -> None:
    page.evaluate(DROP, [[each.name for each in paths], [[*each.read_bytes()] for each in paths]])


def press(page: Page, id_: str, key: str = "Enter") -> None:
    page.locator(f"#{id_}").focus()
    page.keyboard.press(key)


def test_two_reports_go_from_the_desk_to_the_public(
    browser: Browser, admin: str, folder: Path, sent: dict[str, Path]
) -> None:
    watched = signed_in(browser, admin, folder, "whole", query("en"))
    page = watched.page
    page.goto(f"{admin}{REPORTS}?lang=en")
    drop(page, sent["2020.html"], sent["2021.docx"])
    expect(page.locator(".documents > .is-read")).to_have_count(2, timeout=60_000)
    expect(page.locator("#sending li")).to_have_count(0)
    expect(page.locator(".documents .what").first).to_contain_text("Yunling 990100")
    require_nothing_found(page)
    page.locator(".documents > .is-read a.to-figures").first.click()
    page.wait_for_selector(".figures-read tr.doubtful")
    require_nothing_found(page)
    link = page.locator(".figures-read a.place").first
    printed = link.locator("bdi").text_content()
    link.focus()
    page.keyboard.press("Enter")
    shown = page.locator(".paper mark:target")
    expect(shown).to_have_text(printed or "")
    expect(shown).to_be_in_viewport()
    page.goto(f"{admin}{REPORTS}?lang=en")
    press(page, "prepare")
    page.wait_for_selector("#reason", timeout=60_000)
    expect(page.locator("#changes .counts tbody tr").first).to_contain_text("990100")
    require_nothing_found(page)
    before = httpx.get(f"{admin}/healthz").json()["snapshot"]
    with page.context.expect_page() as opened:
        page.locator("a.to-preview").click()
    expect(opened.value.locator(".unpublished").first).to_be_visible(timeout=30_000)
    opened.value.close()
    press(page, "publish")
    assert page.evaluate("!document.getElementById('reason').checkValidity()"), "not without a reason"
    page.locator("#reason").focus()
    page.keyboard.type("Two reports that were missing")
    tab_to(page, "publish")
    page.keyboard.press("Enter")
    expect(page.locator(".told.done")).to_contain_text("Published")
    expect(page.locator(".documents li")).to_have_count(0)
    watched.until(f"async () => (await (await fetch('/healthz')).json()).snapshot !== '{before}'")
    assert watched.complaints == []
    assert [address for address in watched.requests if not address.startswith(admin)] == []
    page.context.close()


def test_a_draft_is_made_and_discarded_by_keyboard_without_a_script(
    browser: Browser, admin: str, folder: Path, sent: dict[str, Path]
) -> None:
    watched = signed_in(browser, admin, folder, "plain", java_script_enabled=False)
    page = watched.page
    page.goto(f"{admin}{REPORTS}")
    page.locator("#files").set_input_files([sent["2019.txt"]])
    page.locator("[data-without-script]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".documents > .is-read")).to_have_count(1, timeout=60_000)  # the page asks for itself again
    page.locator(".discard summary").focus()
    page.keyboard.press("Enter")
    press(page, "discard")
    expect(page.locator(".told.done")).to_be_visible()
    expect(page.locator(".documents li")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_refused_document_is_told_on_a_page_that_fits(
    browser: Browser, admin: str, folder: Path, sent: dict[str, Path], width: int
) -> None:
    look = query("zh", "dark")
    watched = signed_in(browser, admin, folder, f"refused-{width}", look, width=width)
    page = watched.page
    page.goto(f"{admin}{REPORTS}{look}")
    tab_to(page, "files")
    assert focused(page) == "files"
    unread = folder / "sent" / f"{width}{'很长的名字' * 14}.pdf"
    unread.write_bytes(b"MZ" * 500)
    page.set_input_files("#files", [unread])
    expect(page.locator(".documents > .is-refused .said")).not_to_have_count(0, timeout=60_000)
    require_nothing_found(page)
    assert fits(page)
    page.locator(".is-refused a.to-figures").first.click()
    page.wait_for_selector(".paper")
    require_nothing_found(page)
    assert fits(page)
    page.goto(f"{admin}{REPORTS}{look}")
    page.locator(".discard summary").click()
    page.locator("#discard").click()
    expect(page.locator(".told.done")).to_be_visible()
    page.context.close()
