"""What a reader does to take a chart away: the menu of files, the code for another site, a line to cite; by mouse and keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from tests.browser.pages import EVERY, Watched, watch
from tests.conftest import copy_data

Serve = Callable[[Path], AbstractContextManager[str]]
OPEN = "kind => { const d = document.getElementById('dialog'); return d.open && d.className === kind && d.textContent }"
CLOSED = "() => !document.getElementById('dialog').open"
SAME = "address => location.href === address"
VALUE = "([name, word]) => document.getElementById('copy-' + name).value.includes(word)"
CHOSEN = "names => JSON.stringify(names) === JSON.stringify([...document.querySelectorAll('.options [aria-current]')].map(a => a.textContent))"
FRAME = "() => { const f = document.querySelector('.stage iframe'); return f && f.contentDocument && f.contentDocument.querySelector('h1') && f.contentDocument.querySelector('h1').textContent }"
# Both languages, both themes, a phone and a desk.
READERS = [("zh", "light", 1440), ("en", "dark", 390), ("zh", "dark", 390), ("en", "light", 1440)]
TOOLS = {"zh": ["数据表", "下载", "嵌入", "引用"], "en": ["Table", "Download", "Embed", "Cite"]}


@pytest.fixture
def reader(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Opens pages as one reader or another; all are closed at the end."""
    opened: list[Watched] = []

    def open_as(width: int = 1440, **options: object) -> Watched:
        opened.append(watch(browser, width, 844 if width < 500 else 900, **options))
        return opened[-1]

    yield open_as
    for each in opened:
        each.page.context.close()


def tool(watched: Watched, name: str, card: int = 0) -> Locator:
    return watched.page.locator(".card-chart > footer").nth(card).get_by_text(name, exact=True)


def value(page: Page, name: str) -> str:
    return page.locator(f"#copy-{name}").input_value()


def query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def is_inside(watched: Watched, selector: str) -> bool:
    """Whether an element stands within the window, nothing cut off at either side."""
    box = watched.page.locator(selector).bounding_box()
    assert box
    return bool(box["x"] >= 0 and box["x"] + box["width"] <= watched.page.evaluate("window.innerWidth"))


@pytest.mark.parametrize(("language", "theme", "width"), READERS)
def test_every_card_offers_four_tools_that_do_not_move_when_used(
    reader: Callable[..., Watched], site: str, language: str, theme: str, width: int
) -> None:
    watched = reader(width).open(f"{site}/?lang={language}&theme={theme}")
    for card in range(watched.page.locator(".card-chart").count()):
        for name in TOOLS[language]:
            assert tool(watched, name, card).is_visible()
    table = tool(watched, TOOLS[language][0])
    table.scroll_into_view_if_needed()
    before = table.bounding_box()
    table.click()
    watched.until("() => document.querySelector('details.figures').open")
    assert table.bounding_box() == before, "the word stays under the pointer"
    assert watched.page.locator("details.figures table").first.is_visible()
    table.click()
    watched.until("() => !document.querySelector('details.figures').open")
    assert watched.complaints == [], watched.complaints


@pytest.mark.parametrize(("language", "theme", "width"), READERS)
def test_the_menu_of_files_opens_one_at_a_time_and_closes_outside(
    reader: Callable[..., Watched], site: str, language: str, theme: str, width: int
) -> None:
    watched = reader(width, has_touch=width < 500).open(f"{site}/?lang={language}&theme={theme}")
    page, download = watched.page, TOOLS[language][1]
    press = "tap" if width < 500 else "click"
    getattr(tool(watched, download), press)()
    assert page.locator(".menu[open] a").count() == 6
    assert is_inside(watched, ".menu[open] ul")
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    getattr(tool(watched, download, 1), press)()
    watched.until("() => document.querySelectorAll('.menu[open]').length === 1")
    getattr(page.locator("h1"), press)()
    watched.until("() => !document.querySelector('.menu[open]')")


def test_the_menu_of_files_is_used_by_keyboard(reader: Callable[..., Watched], site: str) -> None:
    watched = reader(accept_downloads=True).open(site + "/capacity")
    page = watched.page
    page.locator(".menu summary").first.focus()
    page.keyboard.press("Enter")
    watched.until("() => document.querySelector('.menu').open")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("PNG")
    page.keyboard.press("Escape")
    watched.until("() => !document.querySelector('.menu').open")
    assert page.evaluate("document.activeElement.textContent") == "下载"
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    with page.expect_download() as told:
        page.keyboard.press("Enter")
    assert told.value.suggested_filename == "宁夏回族自治区-2018-经费的地区占比.csv"
    watched.until("() => !document.querySelector('.menu[open]')")


def test_links_of_the_menu_name_the_chart_and_the_view(reader: Callable[..., Watched], site: str) -> None:
    watched = reader().open(f"{site}/?lang=en&theme=dark")
    links = watched.page.locator(".menu").first.locator("a")
    addresses = [links.nth(each).get_attribute("href") or "" for each in range(links.count())]
    assert [urlsplit(each).path.removeprefix("/api/v1/charts/channels.") for each in addresses] == [
        "png",
        "svg",
        "csv",
        "xlsx",
        "json",
        "plotly.json",
    ]
    assert {urlsplit(each).query for each in addresses} == {"body=640000&year=2018&lang=en&theme=dark"}


def test_where_the_server_cannot_draw_no_pictures_are_offered(
    reader: Callable[..., Watched], serve_over: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_BROWSER", str(tmp_path / "none"))
    with serve_over(copy_data(tmp_path / "data")) as address:
        watched = reader().open(address + "/")
        assert watched.page.locator(".menu").first.locator("a").all_text_contents()[0] == "CSV 数据"
        assert watched.page.locator('meta[property="og:image"]').count() == 0


@pytest.mark.parametrize(("language", "theme", "width"), READERS)
def test_the_embed_dialog_shows_the_code_and_the_embed_itself(
    reader: Callable[..., Watched], site: str, language: str, theme: str, width: int
) -> None:
    watched = reader(width).open(f"{site}/?lang={language}&theme={theme}")
    page = watched.page
    tool(watched, TOOLS[language][2]).click()
    page.mouse.move(1, 1)  # an embed that is pointed at asks for more than what is tested here
    watched.until(OPEN, "embed")
    told = page.locator("#dialog h2").text_content()
    assert page.get_by_role("dialog", name=told).count() == 1
    assert page.evaluate("document.getElementById('dialog').contains(document.activeElement)")
    headline = page.locator("#channels-headline").text_content()
    assert watched.until(FRAME) == headline
    assert f"lang={language}" in value(page, "link") and f"theme={theme}" in value(page, "link")
    assert value(page, "link").startswith(f"{site}/embed/channels?")
    assert value(page, "link").replace("&", "&amp;") in value(page, "code")
    assert urlsplit(value(page, "oembed")).path == "/oembed"
    assert query(value(page, "oembed"))["url"] == value(page, "link")
    assert is_inside(watched, "#dialog .stage > div")
    assert not page.evaluate("(d => d.scrollWidth > d.clientWidth)(document.getElementById('dialog'))")
    assert watched.complaints == [], watched.complaints


def test_choices_change_address_code_and_preview_and_keep_the_focus(reader: Callable[..., Watched], site: str) -> None:
    watched = reader().open(site + "/")
    page = watched.page
    tool(watched, "嵌入").focus()
    page.keyboard.press("Enter")
    watched.until(OPEN, "embed")
    dark = page.locator(".options a", has_text="深色")
    dark.focus()
    page.keyboard.press("Enter")
    watched.until(VALUE, ["code", "theme=dark"])
    assert "theme=dark" in page.url
    assert page.evaluate("document.activeElement.textContent") == "深色"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    watched.until(VALUE, ["code", "theme=auto"])
    assert page.evaluate("document.activeElement.textContent") == "随读者设备"
    page.locator(".options a", has_text="英文").click()
    watched.until(VALUE, ["code", "lang=en"])
    assert "Disclosure channels" in value(page, "code")
    watched.until("() => document.querySelector('.stage iframe').getAttribute('src').includes('lang=en&theme=auto')")
    page.locator(".options a", has_text="固定").click()
    watched.until(VALUE, ["code", "/snapshot/"])
    assert re.search(r"/snapshot/[^/]+/embed/channels", value(page, "link"))
    assert watched.until(FRAME).startswith("Government websites")
    assert watched.page.evaluate("document.documentElement.lang") == "zh-CN", "the page itself stays as it is"


def test_the_script_may_be_left_out_by_the_space_bar(reader: Callable[..., Watched], site: str) -> None:
    watched = reader().open(f"{site}/?lang=en#embed=channels")
    watched.until(OPEN, "embed")
    page = watched.page
    box = page.get_by_role("checkbox")
    assert box.get_attribute("aria-checked") == "true"
    assert "<script async" in value(page, "code")
    box.focus()
    page.keyboard.press(" ")
    watched.until("() => !document.getElementById('copy-code').value.includes('<script')")
    assert page.get_by_role("checkbox").get_attribute("aria-checked") == "false"
    assert page.evaluate("document.activeElement.getAttribute('role')") == "checkbox"
    assert "script=0" in page.url


@pytest.mark.parametrize("width", [320, 768, 1200])
def test_the_preview_has_the_width_it_tells(reader: Callable[..., Watched], site: str, width: int) -> None:
    watched = reader(390).open(f"{site}/?lang=en#embed=flow&width={width}")
    watched.until(OPEN, "embed")
    watched.until(FRAME)
    assert watched.page.evaluate("document.querySelector('.stage iframe').contentWindow.innerWidth") == width
    assert is_inside(watched, ".stage iframe")


def test_a_link_to_the_embed_dialog_restores_every_choice_and_back_undoes_one(
    reader: Callable[..., Watched], site: str
) -> None:
    asked = "#embed=channels&theme=dark&lang=en&frozen=1&script=0&width=320"
    watched = reader().open(f"{site}/{asked}")
    page = watched.page
    watched.until(OPEN, "embed")
    watched.until(CHOSEN, ["固定", "深色", "英文", "320 像素"])
    assert "<script" not in value(page, "code")
    before = page.url
    page.locator(".options a", has_text="浅色").click()
    watched.until(CHOSEN, ["固定", "浅色", "英文", "320 像素"])
    after = page.url
    page.go_back()
    watched.until(SAME, before)
    watched.until(CHOSEN, ["固定", "深色", "英文", "320 像素"])
    page.go_forward()
    watched.until(SAME, after)
    watched.until(CHOSEN, ["固定", "浅色", "英文", "320 像素"])


@pytest.mark.parametrize(
    ("name", "kind", "closing"),
    [("嵌入", "embed", "Escape"), ("引用", "cite", "button"), ("嵌入", "embed", "back"), ("引用", "cite", "backdrop")],
)
def test_a_dialog_closes_and_the_focus_returns(
    reader: Callable[..., Watched], site: str, name: str, kind: str, closing: str
) -> None:
    watched = reader().open(site + "/")
    page = watched.page
    tool(watched, name, 1).focus()
    page.keyboard.press("Enter")
    watched.until(OPEN, kind)
    assert page.url.endswith(f"#{kind}=flow")
    if closing == "Escape":
        page.keyboard.press("Escape")
    elif closing == "button":
        page.get_by_role("button", name="关闭").click()
    elif closing == "backdrop":
        page.mouse.click(5, 5)
    else:
        page.go_back()
    watched.until(CLOSED)
    watched.until("() => !location.hash")
    assert page.evaluate("document.activeElement.getAttribute('href')") == f"#{kind}=flow"
    page.keyboard.press("Enter")
    watched.until(OPEN, kind)


@pytest.mark.parametrize("has_clipboard", [True, False])
@pytest.mark.parametrize(
    ("asked", "fields"),
    [("embed=channels", ["code", "link", "oembed"]), ("cite=channels", ["permanent", "line-zh", "line-en"])],
)
def test_what_is_copied_is_what_is_shown(
    reader: Callable[..., Watched], site: str, asked: str, fields: list[str], has_clipboard: bool
) -> None:
    watched = reader(permissions=["clipboard-read", "clipboard-write"])
    page = watched.page
    if not has_clipboard:  # as on plain http
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    watched.open(f"{site}/?lang=en#{asked}")
    watched.until(OPEN, asked.partition("=")[0])
    pasting = page.context.new_page()
    pasting.goto(site + "/healthz")
    for field in fields:
        page.bring_to_front()
        button = page.locator(f"[data-copy='copy-{field}']")
        button.focus()
        page.keyboard.press("Enter")
        watched.until("() => document.getElementById('said').textContent === 'Copied'")
        watched.until("field => document.querySelector('.copy.did').dataset.copy === 'copy-' + field", field)
        assert button.evaluate("button => button === document.activeElement")
        pasting.bring_to_front()
        assert pasting.evaluate("navigator.clipboard.readText()") == value(page, field)
    assert page.locator("#dialog .copy.did").count() == 1


@pytest.mark.parametrize(("language", "theme", "width"), READERS)
def test_a_chart_is_cited_by_a_link_that_stays_and_a_line_in_either_language(
    reader: Callable[..., Watched], site: str, language: str, theme: str, width: int
) -> None:
    watched = reader(width).open(f"{site}/requests?lang={language}&theme={theme}")
    page = watched.page
    tool(watched, TOOLS[language][3]).click()
    watched.until(OPEN, "cite")
    link = value(page, "permanent")
    assert urlsplit(link).path == "/requests"
    assert urlsplit(link).fragment == "flow-headline"
    assert query(link)["snapshot"]
    today = page.evaluate("new Date().toLocaleDateString('sv')")
    assert today == date.fromisoformat(today).isoformat()
    for line, title in (("line-zh", "宁夏回族自治区 2018 年度"), ("line-en", "Ningxia Hui Autonomous Region, 2018")):
        assert title in value(page, line)
        assert f"{today}" in value(page, line)
        assert f"snapshot={query(link)['snapshot']}" in value(page, line)
    assert not page.evaluate("(d => d.scrollWidth > d.clientWidth)(document.getElementById('dialog'))")
    assert is_inside(watched, "#dialog")
    watched.open(link)
    assert watched.page.locator(".frozen").is_visible()
    watched.until(
        "() => { const box = document.getElementById('flow-headline').getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight / 2 }"
    )


@pytest.mark.parametrize("path", ["/", "/disclosure", "/areas", "/findings", "/data"])
def test_every_page_is_cited_as_it_is(reader: Callable[..., Watched], site: str, path: str) -> None:
    watched = reader().open(f"{site}{path}?q=公报&lang=en")
    page = watched.page
    page.get_by_role("link", name="Cite this page").click()
    watched.until(OPEN, "cite")
    link = value(page, "permanent")
    assert urlsplit(link).path == path
    assert query(link)["q"] == "公报"
    assert page.goto(link).status == 200  # type: ignore[union-attr]  # there is an answer


def test_a_chart_that_does_not_exist_is_said_in_the_dialog(reader: Callable[..., Watched], site: str) -> None:
    for asked in ("embed=nothing", "cite=nothing"):
        watched = reader().open(f"{site}/?lang=en#{asked}")
        watched.until("() => document.getElementById('dialog').open")
        assert "nothing" in (watched.page.locator("#dialog").text_content() or "")
        watched.page.keyboard.press("Escape")
        watched.until(CLOSED)


OPENED = ["embed=channels", "cite=channels", "cite=page", "at=line:213/table:1/row:3/col:3", ""]
SEEN = [(1440, "light"), (390, "dark"), (1440, "dark"), (390, "light")]


@pytest.mark.parametrize(
    ("asked", "width", "theme"),
    [(asked, *seen) for turn, asked in enumerate(OPENED) for seen in (SEEN if EVERY else [SEEN[turn % len(SEEN)]])],
)
def test_the_accessibility_checker_finds_nothing_with_a_dialog_or_a_menu_open(
    reader: Callable[..., Watched], site: str, asked: str, width: int, theme: str
) -> None:
    watched = reader(width).open(f"{site}/?lang=en&theme={theme}#{asked}")
    if asked:
        watched.until("() => document.getElementById('dialog').open")
    else:
        tool(watched, "Download").click()
        watched.until("() => document.querySelector('.menu').open")
    if asked.startswith("embed"):
        watched.until(FRAME)
    within = "#dialog" if asked else ".card-chart > footer"
    found = Axe().run(watched.page, context=within)
    assert found.violations_count == 0, found.generate_report()
