"""Embeds without a browser to read them: what is in the page, who may frame it, what is kept, what is refused."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient

from dashboard import settings
from dashboard.app import create_app
from dashboard.charts import CHARTS, Filters, draw
from dashboard.figures.theme import Theme
from dashboard.messages import Language, UserError
from dashboard.snapshots import build
from dashboard.standalone.warming import Warming
from dashboard.tables.package import Package
from tests.conftest import DRAWN, copy_data

Client = Callable[..., TestClient]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[TestClient]:
    """A site over the committed data, for those who only read."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GONGKAI_DATA_DIR", str(copy_data(tmp_path_factory.mktemp("standalone") / "data")))
        environment.setenv("GONGKAI_CACHE_DIR", str(cache))
        build.refresh(settings.load())
        app = create_app(settings.load())
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
    app.state.embeds.stills.close()


@pytest.fixture
def client(data_dir: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Makes clients of a site of its own, with settings of their own."""
    monkeypatch.setenv("GONGKAI_CACHE_DIR", str(cache))
    build.refresh(settings.load())
    with ExitStack() as stack:

        def made(**values: str) -> TestClient:
            for name, value in values.items():
                monkeypatch.setenv(f"GONGKAI_{name.upper()}", value)
            app = create_app(settings.load())
            stack.callback(app.state.embeds.stills.close)
            return stack.enter_context(TestClient(app, raise_server_exceptions=False))

        yield made


def parsed(page: str) -> Any:
    return html.fromstring(page)


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("chart", CHARTS)
def test_every_embed_opens_and_holds_its_data(opened: TestClient, chart: str, language: Language, theme: Theme) -> None:
    page = opened.get(f"/embed/{chart}", params={"lang": str(language), "theme": str(theme)})
    assert page.status_code == 200
    snapshot = opened.app.state.embeds.site.snapshot()  # type: ignore[attr-defined]  # the test client knows its application as any
    drawing = draw(snapshot, chart, Filters("640000", 2018, language, Theme.AUTO))
    root = parsed(page.text)
    assert root.get("lang") == language.tag
    assert root.get("data-theme") == theme
    rows = [(squeezed(row.xpath("string(th)")), squeezed(row.xpath("string(td)"))) for row in root.iter("tr")]
    assert len(rows) == len(drawing.rows)
    for (label, value), row in zip(rows, drawing.rows, strict=True):
        assert label.startswith(squeezed(row.label))
        assert value == squeezed(f"{row.value} {row.unit}")
    assert squeezed(root.xpath("string(//h1)")) == squeezed(drawing.headline)
    assert len(root.xpath("//figure/svg")) == (2 if chart in DRAWN else 0)
    assert "fe00" not in page.text, "a colour that stands for a name was left"
    declared, used = (set(re.findall(pattern, page.text)) for pattern in (r"--([\w-]+):#", r"var\(--([\w-]+)\)"))
    assert used <= declared


def test_the_bars_of_an_embed_tell_the_values_of_the_report(opened: TestClient) -> None:
    root = parsed(opened.get("/embed/channels").text)
    for picture in root.xpath("//figure/svg"):
        told = " ".join(picture.itertext())
        for value in ("340,199", "234,683", "91,879", "47,324", "2,220"):
            assert value in told


def test_an_embed_asks_for_nothing_and_runs_only_what_its_policy_names(opened: TestClient) -> None:
    for chart in CHARTS:
        answer = opened.get(f"/embed/{chart}")
        root = parsed(answer.text)
        assert root.xpath("//@src | //link[@rel='stylesheet'] | //@style | //@onclick | //image | //use") == []
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "'self'" not in policy.partition("connect-src")[0]
        for kind in ("script", "style"):
            [inline] = root.xpath(f"//{kind}/text()")
            digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy.partition(f"{kind}-src")[2].partition(";")[0]


def test_an_embed_is_small(opened: TestClient) -> None:
    sizes = []
    for chart in CHARTS:
        for language in Language:
            page = opened.get(f"/embed/{chart}", params={"lang": str(language)})
            sizes.append(len(gzip.compress(page.content, 9)))
    assert statistics.median(sizes) <= 6_000
    assert max(sizes) <= 12_000


def test_who_may_frame_is_a_setting(client: Client) -> None:
    assert "frame-ancestors *" in client().get("/embed/flow").headers["content-security-policy"]
    hosts = "https://www.example.cn https://*.example.org"
    policy = client(embed_hosts=hosts).get("/embed/flow").headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors 'self' {hosts}")
    assert "frame-ancestors 'none'" in client().get("/").headers["content-security-policy"]


@pytest.mark.parametrize(
    "hosts", ["https://x.cn; script-src *", "javascript:alert(1)", "", "x.cn", "https://x.cn,https://y.cn"]
)
def test_a_host_that_is_none_is_no_setting(hosts: str) -> None:
    with pytest.raises(UserError):
        settings.load({"GONGKAI_EMBED_HOSTS": hosts})


def renewed(opened: TestClient, address: str, etag: str) -> Any:
    """The answer once it is another one: just after a publish the one of before is sent while the new one is made."""
    for _ in range(200):
        answer = opened.get(address, headers={"If-None-Match": etag})
        if answer.status_code == 200:
            return answer
        time.sleep(0.05)
    raise AssertionError("it never changed")


def test_just_after_a_publish_nobody_waits(client: Client, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = client()
    first = opened.get("/embed/normative")
    republished(data_dir)
    embeds = opened.app.state.embeds  # type: ignore[attr-defined]  # the test client knows its application as any
    made, gate = embeds.answer, threading.Event()
    monkeypatch.setattr(embeds, "answer", lambda *asked: (gate.wait(30), made(*asked))[1])
    assert opened.get("/embed/normative").content == first.content
    gate.set()
    assert "671" in renewed(opened, "/embed/normative", first.headers["etag"]).text


WHOLE = {"body": "640000", "year": "2018", "lang": "zh"}


def test_what_an_address_leaves_to_the_settings_is_not_for_ever(opened: TestClient) -> None:
    name = opened.get("/healthz").json()["snapshot"]
    for query in ({}, {"body": "640000"}, {"body": "640000", "year": "2018"}):
        answer = opened.get(f"/snapshot/{name}/embed/normative", params=query)
        assert answer.headers["cache-control"] == "public, no-cache"


def test_two_snapshots_in_one_address_are_one_too_many(opened: TestClient) -> None:
    name = opened.get("/healthz").json()["snapshot"]
    assert opened.get(f"/snapshot/{name}/embed/normative?snapshot=other").status_code == 400


def republished(data_dir: Path) -> str:
    package = Package(data_dir)
    [report] = package.reports()
    facts = package.facts("640000", 2018)
    changed = [
        replace(each, value=each.value + 1, as_printed=str(each.value + 1))
        if each.indicator == "normative.issued" and each.value
        else each
        for each in facts
    ]
    package.write(report, changed, package.mentions("640000", 2018))
    return build.refresh(settings.load()).name


def test_a_live_embed_changes_with_a_publish_and_a_frozen_one_does_not(client: Client, data_dir: Path) -> None:
    opened = client()
    first = opened.get("/embed/normative")
    name = opened.get("/healthz").json()["snapshot"]
    frozen = opened.get(f"/snapshot/{name}/embed/normative", params=WHOLE)
    assert first.headers["cache-control"] == "public, no-cache"
    assert "immutable" in frozen.headers["cache-control"]
    same = opened.get("/embed/normative", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    after = republished(data_dir)
    changed = renewed(opened, "/embed/normative", first.headers["etag"])
    assert changed.status_code == 200
    assert "671" in changed.text
    assert after in changed.text
    assert opened.get(f"/snapshot/{name}/embed/normative", params=WHOLE).content == frozen.content
    assert "670" in frozen.text
    assert f"snapshot={name}" in parsed(frozen.text).xpath("string(//footer//a/@href)")


def test_head_and_other_methods(opened: TestClient) -> None:
    whole, head = opened.get("/embed/flow"), opened.head("/embed/flow")
    assert head.content == b""
    assert head.headers["content-length"] == whole.headers["content-length"]
    for method in ("POST", "PUT", "DELETE"):
        refused = opened.request(method, "/embed/flow")
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
        assert "GET" in refused.text


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/embed/none", 404, "none"),
        ("/embed/", 404, ""),
        ("/embed/flow/more", 404, ""),
        ("/embed/..%2f..%2fetc%2fpasswd", 404, ""),
        ("/embed/<script>alert(1)</script>", 404, ""),
        ("/embed/flow?body=999999", 404, "999999"),
        ("/embed/flow?body=<script>alert(1)</script>", 404, ""),
        ("/embed/flow?body=../../data", 404, ""),
        ("/embed/flow?year=1999", 404, "1999"),
        ("/embed/flow?year=二〇一八", 404, ""),
        ("/embed/flow?year=２０１８", 404, ""),
        ("/embed/flow?year=" + "9" * 400, 404, ""),
        ("/embed/flow?lang=de", 400, "de"),
        ("/embed/flow?theme=pink", 400, "pink"),
        ("/embed/flow?year=2018&year=2017", 400, "year"),
        ("/embed/flow?x=" + "a" * 2000, 400, "1000"),
        ("/snapshot/none/embed/flow", 404, "none"),
        ("/snapshot/..%2f../embed/flow", 404, ""),
        ("/snapshot/published/embed/flow", 404, "published"),
        ("/embed/flow?snapshot=../../x", 404, ""),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(opened: TestClient, address: str, status: int, said: str) -> None:
    answer = opened.get(address)
    assert answer.status_code == status
    assert said in answer.text
    assert "<script>alert" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    [sentence] = parsed(answer.text).xpath("//main/p/text()")
    assert len(sentence) > 8


def test_what_portals_add_to_an_address_does_no_harm(opened: TestClient) -> None:
    assert opened.get("/embed/flow?utm_source=x&utm_source=y&from=timeline").status_code == 200


def test_a_host_header_of_someone_else_is_told_nowhere(client: Client) -> None:
    opened = client(public_url="https://data.example.cn")
    for address in ("/embed/flow", "/oembed?url=https://data.example.cn/embed/flow", "/embed/none", "/"):
        answer = opened.get(address, headers={"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com"})
        assert "evil" not in answer.text
    page = opened.get("/embed/flow").text
    assert 'rel="canonical" href="https://data.example.cn/embed/flow?' in page
    assert 'property="og:image" content="https://data.example.cn/api/v1/charts/flow.png?' in page


def test_names_with_markup_are_shown_as_text(client: Client, data_dir: Path) -> None:
    bodies = (data_dir / "bodies.csv").read_text("utf-8")
    (data_dir / "bodies.csv").write_text(
        bodies.replace("宁夏回族自治区,", '"<img src=x onerror=alert(1)>""&",', 1), "utf-8"
    )
    build.refresh(settings.load())
    for address in ("/embed/flow", "/oembed?url=http://127.0.0.1:8050/embed/flow&format=xml"):
        text = client().get(address).text
        assert "<img" not in text
        assert "&lt;img" in text


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    from dashboard.stills import stills

    drawn: list[int] = []
    make = stills._still
    monkeypatch.setattr(stills, "_still", lambda *arguments: drawn.append(1) or make(*arguments))
    yield drawn


def test_first_requests_at_once_draw_once(client: Client, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = client(cache_dir=str(own_cache))
    with counted(monkeypatch) as drawn:
        answers: list[int] = []
        threads = [
            threading.Thread(target=lambda: answers.append(opened.get("/embed/staff").status_code)) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [200] * 8
    assert len(drawn) == 1


def test_a_thousand_queries_fill_neither_disk_nor_memory(client: Client, own_cache: Path) -> None:
    opened = client(cache_dir=str(own_cache))
    opened.get("/embed/staff")
    held = sorted(path.name for path in own_cache.rglob("*"))
    for number in range(1000):
        assert opened.get(f"/embed/staff?utm={number}").status_code == 200
        assert opened.get(f"/embed/staff?body={number}").status_code == 404
    assert sorted(path.name for path in own_cache.rglob("*")) == held


def test_without_a_browser_the_reader_draws(client: Client, monkeypatch: pytest.MonkeyPatch, own_cache: Path) -> None:
    monkeypatch.setattr("dashboard.stills.browser.find", lambda _: None)
    monkeypatch.setattr("dashboard.stills.stills.find", lambda _: None)
    page = client(cache_dir=str(own_cache)).get("/embed/staff")
    root = parsed(page.text)
    assert page.headers["cache-control"] == "public, no-cache"
    assert root.xpath("//meta[@property='og:image']") == []
    assert root.xpath("//figure/@data-now") == ["1"]
    assert root.xpath("//svg") == []
    assert len(root.xpath("//noscript")) == 1
    assert "aspect-ratio" in page.text


def test_a_drawing_that_fails_is_tried_again(client: Client, monkeypatch: pytest.MonkeyPatch, own_cache: Path) -> None:
    opened = client(cache_dir=str(own_cache))
    stills = opened.app.state.embeds.stills  # type: ignore[attr-defined]  # the test client knows its application as any
    whole = stills.still

    def broken(figure: dict[str, Any]) -> object:
        raise UserError("still.failed", reason="gone")

    monkeypatch.setattr(stills, "still", broken)
    failed = opened.get("/embed/staff")
    assert (failed.status_code, failed.headers["cache-control"]) == (200, "no-store")
    assert 'data-now="1"' in failed.text
    monkeypatch.setattr(stills, "still", whole)
    assert "<svg" in opened.get("/embed/staff").text


def test_what_is_live_is_drawn_before_it_is_asked_for(
    client: Client, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = client(cache_dir=str(own_cache))
    embeds = opened.app.state.embeds  # type: ignore[attr-defined]  # the test client knows its application as any
    Warming(embeds).draw(embeds.site.snapshot().name)
    with counted(monkeypatch) as drawn:
        for chart in CHARTS:
            for language in Language:
                assert opened.get(f"/embed/{chart}", params={"lang": str(language)}).status_code == 200
    assert drawn == []


OWN = "http://127.0.0.1:8050"


def test_oembed_gives_the_code_for_a_page(opened: TestClient) -> None:
    answer = opened.get("/oembed", params={"url": f"{OWN}/embed/flow?lang=en", "maxwidth": "500"})
    told = answer.json()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (told["type"], told["version"], told["width"]) == ("rich", "1.0", 500)
    assert told["html"].startswith(f'<iframe src="{OWN}/embed/flow?body=640000&amp;year=2018&amp;lang=en')
    assert 'loading="lazy"' in told["html"]
    assert f'height="{told["height"]}"' in told["html"]


def test_oembed_in_xml_says_the_same(opened: TestClient) -> None:
    told = opened.get("/oembed", params={"url": f"{OWN}/embed/flow"}).json()
    xml = opened.get("/oembed", params={"url": f"{OWN}/embed/flow", "format": "xml"})
    root = html.etree.fromstring(xml.content)
    assert {each.tag: each.text for each in root} == {name: str(value) for name, value in told.items()}


def test_oembed_keeps_what_the_address_freezes(opened: TestClient) -> None:
    name = opened.get("/healthz").json()["snapshot"]
    told = opened.get("/oembed", params={"url": f"{OWN}/snapshot/{name}/embed/flow"}).json()
    assert f"/snapshot/{name}/embed/flow?" in told["html"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 404),
        ({"url": ""}, 404),
        ({"url": "https://evil.example.com/embed/flow"}, 404),
        ({"url": f"{OWN}.evil.com/embed/flow"}, 404),
        ({"url": "http://[bad"}, 404),
        ({"url": f"{OWN}/embed/none"}, 404),
        ({"url": f"{OWN}/"}, 404),
        ({"url": "javascript://127.0.0.1:8050/embed/flow"}, 404),
        ({"url": f"{OWN}/embed/flow?theme=pink"}, 400),
        ({"url": "http://[x?a"}, 404),
        ({"url": f"{OWN}/embed/flow", "maxwidth": "-1"}, 400),
        ({"url": f"{OWN}/embed/flow", "maxwidth": "100"}, 400),
        ({"url": f"{OWN}/embed/flow", "maxheight": "x"}, 400),
        ({"url": f"{OWN}/embed/flow", "format": "yaml"}, 501),
    ],
)
def test_oembed_refuses_what_is_no_embed(opened: TestClient, query: dict[str, str], status: int) -> None:
    answer = opened.get("/oembed", params=query)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(json.loads(answer.text)["detail"]) > 8


def test_the_frames_script_stands_at_a_lasting_address(opened: TestClient) -> None:
    answer = opened.get("/embed.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age=86400" in answer.headers["cache-control"]
