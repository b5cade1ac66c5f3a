"""Embeds where they are meant to live: on a page of another origin, in frames of any width, touched or not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Error, Frame

from dashboard.charts import CHARTS, Filters, draw
from dashboard.charts.embedding import embed_code
from dashboard.export import Wishes, export
from dashboard.settings import load
from dashboard.snapshots import build
from dashboard.snapshots.store import Snapshot
from tests.browser.pages import Watched, watch
from tests.conftest import DRAWN, copy_data

TWELVE = list(CHARTS)[:12]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def hosting(folder: Path) -> Iterator[str]:
    """The address of a plain file server: somebody else's site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory, site: str) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("host")
    with hosting(folder) as address:
        yield address, folder


def codes(site: str) -> dict[str, str]:
    """The code for twelve charts: four with the script, four without it, four by oEmbed."""
    made: dict[str, str] = {}
    for place, chart in enumerate(TWELVE):
        if place % 3 == 2:
            told = httpx.get(f"{site}/oembed", params={"url": f"{site}/embed/{chart}"}, timeout=60).json()
            made[chart] = told["html"]
        else:
            made[chart] = code(site, chart, has_script=place % 3 == 0)
    return made


@pytest.fixture(scope="module", autouse=True)
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The committed data once more, for the code that the dialog would give."""
    held = load({"GONGKAI_DATA_DIR": str(copy_data(tmp_path_factory.mktemp("codes") / "data"))})
    _held.append(build.refresh(held))
    return _held[-1]


_held: list[Snapshot] = []


def code(site: str, chart: str, **how: Any) -> str:
    filters = Filters("640000", 2018)
    return embed_code(site, draw(_held[-1], chart, filters), filters, **how)


def portal(folder: Path, codes: dict[str, str]) -> None:
    frames = "\n".join(f'<section id="{chart}">{code}</section>' for chart, code in codes.items())
    (folder / "portal.html").write_text(
        f'<!DOCTYPE html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>门户</title><link rel='icon' href='data:,'><body style='margin:0'>{frames}</body></html>",
        "utf-8",
    )


def frame(watched: Watched, chart: str) -> Frame:
    handle = watched.page.query_selector(f"#{chart} iframe")
    assert handle
    content = handle.content_frame()
    assert content
    return content


def settled(watched: Watched, check: Callable[[], bool]) -> None:
    """Waits for a state that frames of another origin reach."""
    for _ in range(600):
        with suppress(Error):  # a frame that is just being loaded
            if check():
                return
        watched.page.wait_for_timeout(50)
    raise AssertionError("the frames did not settle")


def measures(watched: Watched, chart: str) -> tuple[float, float, float]:
    """Height of the frame, of its content, and the width of the frame."""
    box = watched.page.locator(f"#{chart} iframe").bounding_box()
    content = frame(watched, chart).evaluate("document.body ? document.body.getBoundingClientRect().height : 0")
    assert box
    return box["height"], content, box["width"]


def is_right(watched: Watched, chart: str, *, is_exact: bool) -> bool:
    height, content, _ = measures(watched, chart)
    if not content or not frame(watched, chart).evaluate("!!document.querySelector('.c')"):
        return False
    if is_exact:
        return abs(height - content) <= 1.5
    # Without the script nothing is cut, and what stays empty is less than a third.
    return content <= height + 1 and height <= content * 1.34 + 24


def all_right(watched: Watched, by_oembed_too: bool = True) -> bool:
    for place, chart in enumerate(TWELVE):
        watched.page.locator(f"#{chart}").scroll_into_view_if_needed()
        if place % 3 == 2 and not by_oembed_too:
            continue
        if not is_right(watched, chart, is_exact=place % 3 != 1):
            return False
    return True


@pytest.mark.parametrize("width", [320, 768, 1200])
def test_twelve_charts_on_a_page_of_another_origin_have_the_height_they_need(
    browser: Browser, site: str, host: tuple[str, Path], width: int
) -> None:
    address, folder = host
    portal(folder, codes(site))
    watched = watch(browser, width, 800)
    watched.page.goto(f"{address}/portal.html", wait_until="commit")
    settled(watched, lambda: all_right(watched))
    assert watched.complaints == []
    assert [each for each in watched.requests if not each.startswith((site, address, "data:"))] == []
    watched.page.context.close()


def test_frames_grow_and_shrink_with_what_they_hold(browser: Browser, site: str, host: tuple[str, Path]) -> None:
    address, folder = host
    portal(folder, {"outcomes": code(site, "outcomes"), "staff": code(site, "staff")})
    watched = watch(browser, 800, 800)
    watched.page.goto(f"{address}/portal.html", wait_until="commit")
    settled(watched, lambda: all(is_right(watched, chart, is_exact=True) for chart in ("outcomes", "staff")))
    folded, other = measures(watched, "outcomes")[0], measures(watched, "staff")[0]
    frame(watched, "outcomes").locator("summary").click()
    settled(watched, lambda: measures(watched, "outcomes")[0] > folded + 100)
    assert measures(watched, "staff")[0] == other
    frame(watched, "outcomes").locator("summary").click()
    settled(watched, lambda: measures(watched, "outcomes")[0] == folded)
    watched.page.context.close()


def test_heights_are_right_after_a_rotation_and_a_change_of_language(
    browser: Browser, site: str, host: tuple[str, Path]
) -> None:
    address, folder = host
    charts = ("channels", "flow")
    portal(folder, {chart: code(site, chart) for chart in charts})
    watched = watch(browser, 390, 800)
    watched.page.goto(f"{address}/portal.html", wait_until="commit")
    right = lambda: all(is_right(watched, chart, is_exact=True) for chart in charts)  # noqa: E731  # asked again and again by its name
    settled(watched, right)
    upright = measures(watched, "flow")[0]
    watched.page.set_viewport_size({"width": 800, "height": 390})
    settled(watched, lambda: measures(watched, "flow")[0] != upright and right())
    watched.page.evaluate(
        "document.querySelectorAll('iframe').forEach(f => { f.src = f.src.replace('lang=zh', 'lang=en') })"
    )
    settled(
        watched,
        lambda: (
            all(frame(watched, chart).evaluate("document.documentElement.lang") == "en" for chart in charts) and right()
        ),
    )
    watched.page.context.close()


@pytest.mark.parametrize("width", [300, 768])
def test_without_javascript_all_show(browser: Browser, site: str, width: int) -> None:
    watched = watch(browser, width, 800, java_script_enabled=False)
    for chart in DRAWN:
        watched.page.goto(f"{site}/embed/{chart}")
        shown = [each for each in watched.page.locator("figure svg").all() if each.is_visible()]
        assert len(shown) == 1
        box = shown[0].bounding_box()
        assert box
        assert 200 < box["width"] <= width
        assert box["height"] > 60
        assert watched.page.locator("h1").inner_text()
    assert watched.complaints == []
    watched.page.context.close()


FITS = """() => document.documentElement.scrollWidth <= innerWidth
  && [...document.querySelectorAll('svg text')].filter(t => t.getClientRects().length).every(t => {
    const b = t.getBoundingClientRect(); return b.left >= -1 && b.right <= innerWidth + 1 && b.height > 5 })"""


@pytest.mark.parametrize("query", ["lang=zh", "lang=en&theme=dark"])
def test_an_embed_fits_three_hundred_pixels(browser: Browser, site: str, query: str) -> None:
    watched = watch(browser, 300, 700)
    for chart in DRAWN:
        watched.page.goto(f"{site}/embed/{chart}?{query}")
        assert watched.page.evaluate(FITS), chart
    watched.page.context.close()


SHIFT = """window.shift = 0; new PerformanceObserver(list => { for (const each of list.getEntries()) window.shift += each.value })
  .observe({type: 'layout-shift', buffered: true})"""


@pytest.mark.parametrize("touch", ["hover", "focus", "tap"])
@pytest.mark.parametrize(("width", "query"), [(800, "theme=light"), (390, "lang=en&theme=dark")])
def test_an_embed_becomes_interactive_in_its_place(
    browser: Browser, site: str, touch: str, width: int, query: str
) -> None:
    watched = watch(browser, width, 900, has_touch=True)
    watched.page.add_init_script(SHIFT)
    watched.page.goto(f"{site}/embed/channels?{query}")
    assert [each for each in watched.requests if "plotly" in each] == [], "nothing more before the first touch"
    height = watched.page.evaluate("document.body.getBoundingClientRect().height")
    still = watched.page.evaluate(
        "[...document.querySelectorAll('.c svg')].find(s => s.getClientRects().length).getBoundingClientRect().toJSON()"
    )
    if touch == "hover":
        watched.page.mouse.move(200, 200)
    elif touch == "focus":
        watched.page.keyboard.press("Tab")
    else:
        watched.page.touchscreen.tap(150, 200)
    watched.until("() => !!document.querySelector('.c.on .p .main-svg')")
    drawn = watched.page.evaluate("document.querySelector('.p .main-svg').getBoundingClientRect().toJSON()")
    assert drawn["width"] == pytest.approx(still["width"], abs=1)
    assert drawn["height"] == pytest.approx(still["height"], abs=1)
    assert drawn["top"] == pytest.approx(still["top"], abs=1)
    assert watched.page.evaluate("document.body.getBoundingClientRect().height") == height
    assert watched.page.evaluate("window.shift") == 0
    values = watched.page.evaluate(
        "document.querySelector('.p')._fullData.filter(t => t.type === 'scatter').map(t => [...t.x])"
    )
    assert sorted(values[0]) == [2220, 47324, 91879, 234683, 340199]
    assert watched.complaints == []
    watched.page.context.close()


def test_a_mark_leads_to_its_evidence(browser: Browser, site: str) -> None:
    watched = watch(browser, 800, 900)
    watched.page.goto(f"{site}/embed/staff")
    watched.page.mouse.move(100, 200)
    watched.until("() => !!document.querySelector('.c.on .p .point path')")
    with watched.page.context.expect_page() as opened:
        box = watched.page.locator(".p .point path").first.bounding_box()
        assert box
        watched.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        watched.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page = opened.value
    page.wait_for_url("**#at=*")
    page.get_by_role("dialog").wait_for()
    watched.page.context.close()


def test_where_the_network_fails_the_picture_stays(browser: Browser, site: str) -> None:
    watched = watch(browser, 800, 900)
    watched.page.goto(f"{site}/embed/staff")
    watched.page.route("**/api/**", lambda route: route.abort())
    with watched.page.expect_event("requestfailed"):
        watched.page.mouse.move(100, 200)
    assert watched.page.locator("figure svg.w").is_visible()
    watched.page.unroute("**/api/**")
    watched.page.mouse.move(300, 300)
    watched.page.keyboard.press("Tab")
    watched.until("() => !!document.querySelector('.c.on .p .main-svg')")
    watched.page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_may_follow_the_reader(browser: Browser, site: str, scheme: Any) -> None:
    watched = watch(browser, 600, 700, color_scheme=scheme)
    watched.page.goto(f"{site}/embed/staff?theme=auto")
    paper = watched.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 29, 39)"}[scheme]
    watched.page.emulate_media(media="print", color_scheme=scheme)
    assert watched.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    watched.page.context.close()


def test_an_export_works_from_a_plain_server_under_a_path(
    browser: Browser, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(copy_data(tmp_path / "data")))
    monkeypatch.setenv("GONGKAI_CACHE_DIR", str(cache))
    build.refresh(load())
    export(load(), tmp_path / "www" / "open" / "data", Wishes(without=frozenset({"png"})))
    with hosting(tmp_path / "www") as address:
        watched = watch(browser, 1200, 900)
        watched.page.goto(f"{address}/open/data/")
        watched.page.get_by_role("link", name="2018").click()
        watched.page.wait_for_url("**/640000/2018/zh/index.html")
        first = watched.page.frames[1]
        first.locator("figure").hover()
        for _ in range(400):
            if first.evaluate("!!document.querySelector('.c.on .p .main-svg')"):
                break
            watched.page.wait_for_timeout(50)
        else:
            raise AssertionError("it did not become interactive")
        watched.page.get_by_text("嵌入代码").first.click()
        copied = watched.page.locator("textarea").first.input_value()
        assert f'src="{address}/open/data/640000/2018/zh/channels.html"' in copied
        watched.page.get_by_role("link", name="English").click()
        watched.page.wait_for_url("**/en/index.html")
        assert watched.complaints == []
        assert [each for each in watched.requests if not each.startswith((address, "data:"))] == []
        watched.page.context.close()
