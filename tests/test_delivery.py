"""How bytes reach a browser: addresses, encodings, headers, and one page in a real browser."""

import gzip
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli
import pytest
import uvicorn
from dash import Dash, Input, Output, dcc, html
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, StreamingResponse
from playwright.sync_api import Browser
from plotly.offline import get_plotlyjs_version
from starlette.testclient import TestClient

from dashboard.delivery import (
    CONTENT_SECURITY_POLICY,
    Address,
    Assets,
    Cache,
    Delivery,
    Page,
    asked_address,
    location,
)
from dashboard.delivery.address import read_address
from dashboard.delivery.encoding import preferred

ASSETS = Path(__file__).parent.parent / "assets"
PAGE = Page("zh-CN", "公开", "政府信息公开", "正在载入…", "请启用 JavaScript")

# Names of XML vocabularies and pages of documentation: written in the code, never loaded by it.
MENTIONED = {"www.w3.org", "github.com", "plotly.com", "getbootstrap.com", "feross.org", "popper.js.org",
             "swagger.io", "spec.openapis.org", "marked.js.org", "vladimirgorej.com", "example.com"}  # fmt: skip


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compressed")


@dataclass
class Site:
    """A small app as create_app builds the real one, and what was asked of it."""

    server: FastAPI
    delivery: Delivery
    routed: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def site(cache: Path) -> Site:
    server = FastAPI()
    delivery = Delivery(ASSETS, cache)
    made = Site(server, delivery)
    delivery.routes(server)
    show = lambda: HTMLResponse(delivery.page(PAGE))  # noqa: E731  # short, and named for what it does
    server.add_api_route("/", show, methods=["GET", "HEAD"])
    server.add_api_route(
        "/unnamed", lambda: HTMLResponse(delivery.page(PAGE), headers={"Referrer-Policy": "no-referrer"})
    )
    server.add_api_route("/long.csv", lambda: StreamingResponse(iter(["甲,1\n" * 500] * 3), media_type="text/csv"))
    server.add_api_route("/short.json", lambda: {"short": True})
    app = Dash("toy", server=server, include_assets_files=False, suppress_callback_exceptions=True, update_title="")
    app.layout = lambda: _layout(asked_address(app))

    @app.callback(
        Output("main", "children"),
        Input("where", "pathname"),
        Input("where", "search"),
        prevent_initial_call=True,
    )
    def route(pathname: str, search: str) -> list[Any]:
        made.routed.append(pathname + search)
        return _content(pathname + search)

    app.clientside_callback("value => `chosen ${value}`", Output("chosen", "children"), Input("choice", "value"))
    delivery.adopt(app)
    server.add_api_route("/{path:path}", show, methods=["GET", "HEAD"])
    return made


def _layout(address: Address | None) -> html.Div:
    known = _content(address.pathname + address.search) if address else []
    return html.Div([location("where", address), html.Main(known, id="main")])


def _content(address: str) -> list[Any]:
    figure = {"data": [{"type": "bar", "x": ["甲", "乙"], "y": [12, 34]}], "layout": {}}
    return [
        html.H1(address, id="heading"),
        dcc.Link("next", "/disclosure?year=2018", id="next"),
        dcc.Dropdown(["甲", "乙"], "乙", id="choice"),
        html.P(id="chosen"),
        dcc.Graph(figure=figure, id="chart"),
    ]


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[TestClient]:
    with TestClient(site.server) as client:
        yield client


def _get(client: TestClient, url: str, accept: str = "identity", **headers: str) -> tuple[Any, bytes]:
    """The answer and its body as it went over the wire."""
    headers = {
        "Accept-Encoding": accept,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    with client.stream("GET", url, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


def _as_is(body: bytes) -> bytes:
    return body


DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "identity": _as_is,
}


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("*", "br"),
        ("identity", "identity"),
        ("br;q=oops", "identity"),
        ("", "identity"),
    ],
)
def test_the_client_gets_the_smallest_encoding_it_accepts(accept: str, encoding: str) -> None:
    assert preferred(accept) == encoding


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
@pytest.mark.parametrize("name", ["vendor/plotly.min.js", "vendor/bootstrap.min.css"])
def test_assets_come_compressed_and_may_be_kept_for_good(
    client: TestClient, site: Site, name: str, encoding: str
) -> None:
    answer, body = _get(client, site.delivery.assets.url(name), encoding)
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding", "identity") == encoding
    assert DECODERS[encoding](body) == (ASSETS / name).read_bytes()
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) == len(body)


def test_a_known_copy_is_answered_with_304_and_without_a_body(client: TestClient, site: Site) -> None:
    url = site.delivery.assets.url("vendor/plotly.min.js")
    etags = {encoding: _get(client, url, encoding)[0].headers["etag"] for encoding in DECODERS}
    assert len(set(etags.values())) == 3, "a strong ETag names the bytes, and these differ by encoding"
    for encoding, etag in etags.items():
        answer, body = _get(client, url, encoding, If_None_Match=f'"other", W/{etag}')
        assert (answer.status_code, body) == (304, b"")
        assert answer.headers["etag"] == etag
        assert "immutable" in answer.headers["cache-control"]
    assert _get(client, url, If_None_Match='"other"')[0].status_code == 200


def test_head_tells_the_length_without_the_body(client: TestClient, site: Site) -> None:
    answer = client.head(site.delivery.assets.url("vendor/plotly.min.js"), headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.content == b""
    assert 300_000 < int(answer.headers["content-length"]) < 430_000


def test_an_earlier_content_of_a_file_is_answered_with_todays(client: TestClient) -> None:
    answer = client.get("/assets/vendor/plotly.min.00000000.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.content == (ASSETS / "vendor" / "plotly.min.js").read_bytes()


def test_an_address_that_names_no_content_is_not_found(client: TestClient) -> None:
    for path in (
        "vendor/plotly.min.js",
        "vendor/none.min.00000000.js",
        "..%2fpyproject.toml",
        "dash.00000000/dash.js",
    ):
        assert client.get(f"/assets/{path}").status_code == 404


def test_the_address_changes_with_the_content_and_with_what_a_stylesheet_refers_to(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "page.css").write_text("@font-face{src:url('../fonts/a.woff2')} i{background:url(data:,x)}")
    urls = []
    for content in (b"one", b"two"):
        (tmp_path / "fonts" / "a.woff2").write_bytes(content)
        assets = Assets(tmp_path, Cache(None))
        font, sheet = assets.url("fonts/a.woff2"), assets.url("css/page.css")
        assert assets.body("css/page.css").decode() == f'@font-face{{src:url("{font}")}} i{{background:url(data:,x)}}'
        urls.append((font, sheet))
    assert re.fullmatch(r"/assets/fonts/a\.[0-9a-f]{8}\.woff2", urls[0][0])
    assert urls[0][0] != urls[1][0]
    assert urls[0][1] != urls[1][1]


def test_a_stylesheet_that_refers_to_nothing_is_told_at_start(tmp_path: Path) -> None:
    (tmp_path / "page.css").write_text("i{background:url(missing.png)}")
    with pytest.raises(FileNotFoundError, match=r"assets/page\.css refers to missing\.png"):
        Assets(tmp_path, Cache(None))


def test_a_file_that_was_packed_before_is_sent_so_unless_it_is_another(tmp_path: Path) -> None:
    raw, packed = b"gongkai " * 1000, tmp_path / "a.js.gz"
    (tmp_path / "a.js").write_bytes(raw)
    packed.write_bytes(gzip.compress(raw, 1, mtime=7))
    assets = Assets(tmp_path, Cache(None))
    assert "a.js.gz" not in assets
    found = assets.find(assets.url("a.js").removeprefix("/assets/"))
    assert found
    assert found.bodies["gzip"] == packed.read_bytes()
    packed.write_bytes(gzip.compress(b"of yesterday"))
    with pytest.raises(ValueError, match=r"assets/a\.js\.gz does not hold assets/a\.js"):
        Assets(tmp_path, Cache(None))


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_compressed_bytes_are_kept_between_starts_and_repaired(tmp_path: Path, encoding: str) -> None:
    raw = b"gongkai " * 1000
    folder = tmp_path / "new" / "cache"
    cache = Cache(folder)
    compress, other = (cache.gzip, gzip.compress) if encoding == "gzip" else (cache.brotli, brotli.compress)
    first = compress(raw)
    (kept,) = folder.iterdir()
    assert kept.read_bytes() == first
    for damaged in (first[:5], first[:-9], b"", b"x" * 40):
        kept.write_bytes(damaged)
        assert compress(raw) == first
        assert kept.read_bytes() == first
    there = other(raw)
    kept.write_bytes(there)
    assert compress(raw) == there, "what is there is sent, not made anew"
    assert kept.stat().st_mode & 0o777 != 0


def test_without_a_cache_folder_bytes_are_compressed_all_the_same(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    for folder in (None, occupied):
        assert brotli.decompress(Cache(folder).brotli(b"gongkai " * 1000)) == b"gongkai " * 1000
        assert gzip.decompress(Cache(folder).gzip(b"gongkai " * 1000)) == b"gongkai " * 1000


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/long.csv"])
def test_dynamic_answers_come_compressed(client: TestClient, path: str, encoding: str) -> None:
    answer, body = _get(client, path, encoding, Referer="http://testserver/disclosure")
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding", "identity") == encoding
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert DECODERS[encoding](body) == _get(client, path, Referer="http://testserver/disclosure")[1]


def test_a_short_answer_is_left_as_it_is(client: TestClient) -> None:
    answer, body = _get(client, "/short.json", "br")
    assert "content-encoding" not in answer.headers
    assert json.loads(body) == {"short": True}


def test_every_answer_is_guarded(client: TestClient, site: Site) -> None:
    for path in (
        "/",
        "/_dash-layout",
        "/short.json",
        site.delivery.assets.url("vendor/plotly.min.js"),
        "/assets/none",
    ):
        headers = client.get(path).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
    assert client.get("/unnamed").headers["referrer-policy"] == "no-referrer", "an answer's own header is kept"


def test_the_policy_allows_no_evaluation_no_inline_script_and_no_other_host() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert "unsafe-eval" not in CONTENT_SECURITY_POLICY
    assert set(" ".join(rules.values()).split()) <= {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}


def test_the_layout_is_never_kept_since_every_page_has_the_same_address_for_it(client: TestClient) -> None:
    one, two = (_get(client, "/_dash-layout", Referer=f"http://testserver/{page}") for page in ("one?a=1", "two"))
    assert one[0].headers["cache-control"] == "no-store"
    assert _heading(one[1]) == "/one?a=1"
    assert _heading(two[1]) == "/two"


def _heading(layout: bytes) -> str:
    _, main = json.loads(layout)["props"]["children"]
    return str(main["props"]["children"][0]["props"]["children"])


def test_a_page_tells_no_versions_and_has_no_script_inline(client: TestClient, site: Site) -> None:
    text = client.get("/").text
    assert text == client.get("/disclosure?year=2018").text, "the page itself is the same bytes every time"
    assert not re.search(r"python_version|dash_version|plotly_version|websocket|end_id|polyfill|react-dom", text)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)
    assert [attributes for attributes, body in scripts if body] == [' id="_dash-config" type="application/json"']
    sources = re.findall(r'<script defer src="([^"]+)">', text)
    assert re.fullmatch(r"/assets/dash\.[0-9a-f]{8}/dash\.js", *sources)
    assert re.findall(r' data-charts="([^"]+)">', text) == [site.delivery.assets.url("vendor/plotly.min.js")]
    assert "正在载入…</div></div>" in text
    assert "<noscript><p>请启用 JavaScript</p></noscript>" in text


def test_below_another_path_every_address_starts_with_it(cache: Path) -> None:
    server = FastAPI()
    delivery = Delivery(ASSETS, cache, base="/gongkai/")
    delivery.routes(server)
    app = Dash("below", server=server, requests_pathname_prefix="/gongkai/", include_assets_files=False)
    app.layout = html.Div()
    delivery.adopt(app)
    addresses = re.findall(r'(?:href|src|data-charts)="([^"]+)"', delivery.page(PAGE))
    assert len(addresses) == 4
    assert all(address.startswith("/gongkai/") for address in addresses)
    with TestClient(server) as client:
        # The proxy in front takes the path off again.
        for address in addresses:
            assert client.get(address.removeprefix("/gongkai")).status_code == 200


def test_words_in_a_page_cannot_become_markup(site: Site) -> None:
    text = site.delivery.page(Page("en", "<b>", '"><script>', "<i>", "</noscript>"))
    assert "<b>" not in text
    assert "<i>" not in text
    assert '"><script>' not in text


def test_dashs_scripts_come_as_one_file_with_the_later_parts_beside_it(client: TestClient) -> None:
    (url,) = re.findall(r'src="(/assets/dash[^"]+)"', client.get("/").text)
    answer, body = _get(client, url, "gzip")
    script = gzip.decompress(body).decode()
    assert "immutable" in answer.headers["cache-control"]
    for part in (
        "dash_html_components",
        "dash_core_components",
        "DashRenderer",
        "regeneratorRuntime",
        "chosen ${",
    ):
        assert part in script
    assert '"Loading..."' not in script
    assert "sourceMappingURL=dash" not in script
    later, _ = _get(client, url.replace("dash.js", "async-dropdown.js"), "gzip")
    assert later.status_code == 200
    assert "immutable" in later.headers["cache-control"]


def test_an_address_is_read_as_the_browser_writes_it() -> None:
    href = "https://example.cn/overview?body=640000&name=%E5%AE%81"
    assert read_address(href) == Address(href, "/overview", "?body=640000&name=%E5%AE%81")
    assert read_address("https://example.cn") == Address("https://example.cn", "/", "")
    assert [read_address(text) for text in ("", "about:blank", "http://[", "/overview")] == [None] * 4


def test_plotly_is_the_version_that_plotly_py_belongs_to() -> None:
    assert f"plotly.js {get_plotlyjs_version()}," in (ASSETS / "vendor" / "plotly.min.js").read_text()[:200]


def test_no_asset_names_another_host_and_each_vendored_file_has_its_licence() -> None:
    for path in ASSETS.rglob("*"):
        if path.suffix in (".css", ".js", ".svg", ".html", ".json"):
            hosts = set(
                re.findall(r"""(?<![\w:])(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})""", path.read_text())
            )
            assert hosts <= MENTIONED, path
            assert not re.search(r"""(url\(|@import|src=)\s*["']?(https?:)?//|sourceMappingURL""", path.read_text()), (
                path
            )
    for path in (ASSETS / "vendor").glob("*.min.*"):
        assert (ASSETS / "vendor" / f"{path.name.split('.')[0]}.LICENSE.txt").is_file()


# --- in a browser -----------------------------------------------------------------------------------


@contextmanager
def _serving(server: FastAPI) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        running = uvicorn.Server(uvicorn.Config(server, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        running.should_exit = True
        thread.join(10)


class Visit:
    """One visit by a browser that accepts gzip only, as on an intranet, and all it asked and said."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.sizes: list[float] = []
        context = browser.new_context(extra_http_headers={"Accept-Encoding": "gzip"})
        self.page = context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        wire = context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", lambda event: self.asked.append(event["request"]["url"]))
        wire.on("Network.loadingFinished", lambda event: self.sizes.append(event["encodedDataLength"]))
        self.page.goto(url)

    def until(self, state: str) -> None:
        """Poll: wait_for_function would need 'unsafe-eval' in the page."""
        for _ in range(400):
            if self.page.evaluate(state):
                return
            self.page.wait_for_timeout(25)
        pytest.fail(f"never came true: {state}; the browser said {self.said}")


DRAWN = "document.querySelectorAll('#chart .bars .point').length === 2"


def test_a_first_visit_is_small_quiet_and_stays_on_our_host(site: Site, browser: Browser) -> None:
    site.routed.clear()
    with _serving(site.server) as origin:
        visit = Visit(browser, f"{origin}/overview?year=2018&name=宁夏#part")
        visit.until(DRAWN)
        visit.until("document.querySelector('#chosen').textContent === 'chosen 乙'")
        visit.page.wait_for_load_state("networkidle")
        assert visit.said == []
        assert all(url.startswith((origin, "data:", "blob:")) for url in visit.asked)
        asked = [url.removeprefix(origin) for url in visit.asked]
        assert asked.count("/_dash-layout") == asked.count("/_dash-dependencies") == 1, "preloaded and used"
        assert len(asked) <= 10
        assert sum(visit.sizes) < 740_000
        assert visit.page.evaluate("Plotly.version") == get_plotlyjs_version()
        assert visit.page.evaluate("document.querySelector('#chart .js-plotly-plot')._context.locale") == "zh-CN"
        assert visit.page.inner_text("#heading") == "/overview?year=2018&name=%E5%AE%81%E5%A4%8F"
        assert site.routed == [], "the layout knew its page, so nothing was routed"
        assert visit.page.evaluate("location.hash") == "#part"


def test_links_back_and_forward_route_once_each(site: Site, browser: Browser) -> None:
    site.routed.clear()
    with _serving(site.server) as origin:
        visit = Visit(browser, f"{origin}/overview#part")
        visit.until(DRAWN)
        for step, heading in (
            (lambda: visit.page.click("#next"), "/disclosure?year=2018"),
            (visit.page.go_back, "/overview"),
            (visit.page.go_forward, "/disclosure?year=2018"),
        ):
            step()
            visit.until(f"document.querySelector('#heading').textContent === '{heading}'")
        assert site.routed == ["/disclosure?year=2018", "/overview", "/disclosure?year=2018"]
        assert visit.said == []


def test_a_page_whose_referrer_was_stripped_is_filled_by_callback(site: Site, browser: Browser) -> None:
    site.routed.clear()
    with _serving(site.server) as origin:
        visit = Visit(browser, f"{origin}/unnamed?year=2018")
        visit.until(DRAWN)
        assert site.routed == ["/unnamed?year=2018"]
        assert visit.page.inner_text("#heading") == "/unnamed?year=2018"
        assert visit.said == []
