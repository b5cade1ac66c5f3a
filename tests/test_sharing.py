"""What a page offers to be taken away, without a browser: its head for programs, its links to files, its dialogs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from dash.development.base_component import Component
from starlette.testclient import TestClient

from dashboard import dialogs, pages, settings
from dashboard.app import create_app, ensure_data
from dashboard.charts.embedding import embed_code, oembed_address
from dashboard.figures.theme import Theme
from dashboard.messages import Language
from dashboard.parts.embed import WIDTHS, Chosen
from dashboard.parts.view import FIRST_CHARTS, PAGES, View
from dashboard.settings import Settings
from dashboard.site import Site

PUBLIC = "https://data.example.cn"
TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "zip": "application/zip",
    "docs": "text/html",
}


@pytest.fixture
def own(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("GONGKAI_PUBLIC_URL", PUBLIC)
    loaded = settings.load()
    assert ensure_data(loaded) is None
    return loaded


@pytest.fixture
def site(own: Settings) -> Site:
    return Site(own)


@pytest.fixture
def client(own: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(own)) as client:
        yield client


def parts(component: object) -> Iterator[Component]:
    """A component with all below it."""
    for each in component if isinstance(component, list) else [component]:
        if isinstance(each, Component):
            yield each
            yield from parts(getattr(each, "children", None))


def links(components: list[Component]) -> list[str]:
    return [each.href for each in parts(components) if getattr(each, "href", None)]


def by_id(components: list[Component], id: str) -> Component:
    return next(each for each in parts(components) if getattr(each, "id", None) == id)


def head(client: TestClient, address: str) -> tuple[dict[str, str], dict[str, str]]:
    """What a page's head says by property or name, and its links by rel, type and language."""
    text = client.get(address).text
    told = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', text))
    found = {}
    for attributes in re.findall(r"<link ([^>]+)>", text):
        link = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        found[" ".join(filter(None, (link["rel"], link.get("type"), link.get("hreflang"))))] = unescape(link["href"])
    return {name: unescape(value) for name, value in told.items()}, found


@pytest.mark.parametrize("path", PAGES)
def test_the_chart_that_stands_for_a_page_is_its_first(site: Site, path: str) -> None:
    cards = [
        each.id.removeprefix("chart-")
        for each in parts(pages.content(site.view(path, "")))
        if str(getattr(each, "id", "")).startswith("chart-")
    ]
    assert FIRST_CHARTS[path] == (cards[0] if cards else FIRST_CHARTS["/"])


def test_a_link_that_was_sent_is_told_with_title_picture_and_language(client: TestClient) -> None:
    told, links = head(client, "/requests?lang=en&theme=dark")
    assert told["og:title"].startswith("Requests")
    assert told["og:description"] == told["description"]
    assert told["twitter:card"] == "summary_large_image"
    assert (told["og:locale"], told["og:locale:alternate"]) == ("en_US", "zh_CN")
    assert told["og:url"] == links["canonical"] == f"{PUBLIC}/requests?body=640000&year=2018&lang=en"
    assert links["alternate zh-CN"] == f"{PUBLIC}/requests?body=640000&year=2018"
    assert links["alternate en"] == links["canonical"]


def test_the_picture_of_a_link_shows_the_data_of_the_day_it_was_sent(client: TestClient, site: Site) -> None:
    told, _ = head(client, "/requests?lang=en")
    picture = urlsplit(told["og:image"])
    assert f"{picture.scheme}://{picture.netloc}" == PUBLIC
    assert picture.path == "/api/v1/charts/flow.png"
    assert parse_qs(picture.query)["snapshot"] == [site.snapshot().name]
    assert parse_qs(picture.query)["lang"] == ["en"]
    assert told["og:image:alt"]


def test_a_page_tells_programs_where_its_embed_is_described(client: TestClient) -> None:
    _, links = head(client, "/capacity?lang=en")
    asked = urlsplit(links["alternate application/json+oembed"])
    assert f"{asked.scheme}://{asked.netloc}" == PUBLIC
    answer = client.get(f"{asked.path}?{asked.query}")
    assert answer.status_code == 200
    assert f"{PUBLIC}/embed/budget" in answer.json()["html"]


def test_a_host_that_a_request_names_is_nowhere_in_the_page(client: TestClient) -> None:
    assert "evil.example" not in client.get("/", headers={"Host": "evil.example"}).text


def test_a_page_that_does_not_exist_stands_for_nothing(client: TestClient) -> None:
    told, links = head(client, "/nowhere")
    assert not [name for name in told if name.startswith("og:")]
    assert "canonical" not in links


def test_without_a_browser_for_drawing_a_link_has_no_picture(site: Site) -> None:
    from dashboard.page_head import page_head

    view = replace(site.view("/", ""), draws=False)
    told = page_head(view, PUBLIC, "title", "described")
    assert "og:image" not in told
    assert 'content="summary"' in told
    assert not [each for each in links(pages.content(view)) if re.search(r"\.(png|svg)\?", each)]


@pytest.mark.parametrize("search", ["", "?lang=en&theme=dark", "?snapshot=the live one"])
def test_every_file_that_is_offered_is_there(client: TestClient, site: Site, search: str) -> None:
    search = search.replace("the live one", site.snapshot().name)
    offered = dict.fromkeys(
        each
        for path in PAGES
        for each in links(pages.content(site.view(path, search)))
        if each.startswith("/api/") and not re.search(r"\.(png|svg)\?", each)
    )
    assert len(offered) > 60
    for address in offered:
        answer = client.get(address)
        ending = urlsplit(address).path.rpartition("/")[2].rpartition(".")[2]
        assert answer.status_code == 200, address
        assert answer.headers["content-type"].startswith(TYPES[ending]), address


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_pictures_that_are_offered_are_there(client: TestClient, site: Site, ending: str) -> None:
    offered = [each for each in links(pages.content(site.view("/capacity", ""))) if f".{ending}?" in each]
    answer = client.get(offered[0])
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(TYPES[ending])


def chosen(view: View, **asked: str) -> Chosen:
    return Chosen.of({"embed": "channels"} | asked, view)


def test_what_the_address_leaves_open_follows_the_page(site: Site) -> None:
    assert chosen(site.view("/", "?lang=en&theme=dark")) == Chosen(
        "channels", Theme.DARK, Language.EN, False, True, 768
    )
    frozen = site.view("/", f"?snapshot={site.snapshot().name}")
    assert chosen(frozen).is_frozen
    assert not chosen(frozen, frozen="0").is_frozen
    assert chosen(frozen, room="390").width == WIDTHS[0]


@pytest.mark.parametrize(
    ("name", "value"), [("theme", "red"), ("lang", "de"), ("width", "1"), ("width", "٣٢٠"), ("room", "x" * 500)]
)
def test_an_unknown_choice_is_the_pages_own(site: Site, name: str, value: str) -> None:
    view = site.view("/", "")
    assert chosen(view, **{name: value}) == chosen(view)


@pytest.mark.parametrize(
    "choice",
    [
        Chosen("flow", theme, language, is_frozen, has_script, width)
        for theme in Theme
        for language in Language
        for is_frozen in (True, False)
        for has_script in (True, False)
        for width in WIDTHS
    ],
)
def test_the_address_of_a_choice_makes_it_again(site: Site, choice: Chosen) -> None:
    wanted = {name: values[0] for name, values in parse_qs(choice.address().removeprefix("#")).items()}
    assert Chosen.of(wanted, site.view("/", "?lang=en")) == choice


def test_the_code_names_the_public_address_and_the_preview_none(site: Site) -> None:
    shown = dialogs.dialog(site, "/?lang=en#embed=channels&theme=auto&frozen=1")
    assert shown.kind == "embed"
    code = by_id(shown.children, "copy-code").value
    snapshot = site.snapshot().name
    assert f"{PUBLIC}/snapshot/{snapshot}/embed/channels?" in code
    assert f'src="{PUBLIC}/embed.js"' in code
    frame = next(each for each in parts(shown.children) if each._type == "Iframe")
    assert frame.src.startswith(f"/snapshot/{snapshot}/embed/channels?")
    link = by_id(shown.children, "copy-link").value
    assert by_id(shown.children, "copy-oembed").value == oembed_address(PUBLIC, link)
    assert "theme=auto" in link


def test_a_citation_takes_the_readers_day_or_leaves_a_place_for_it(site: Site) -> None:
    for today, told in (("2026-07-05", "2026-07-05"), ("5 July", "YYYY-MM-DD")):
        shown = dialogs.dialog(site, f"/growth?lang=en#cite=growth&today={today}")
        assert f"[{told}]" in by_id(shown.children, "copy-line-zh").value
        assert f"Retrieved {told}" in by_id(shown.children, "copy-line-en").value
    assert by_id(shown.children, "copy-permanent").value.startswith(f"{PUBLIC}/growth?")


@pytest.mark.parametrize("asked", [None, "", "/", "/#", "/#somewhere", "/#embed=", "#" * 5000])
def test_an_address_that_asks_for_no_dialog_closes_it(site: Site, asked: str | None) -> None:
    assert dialogs.dialog(site, asked) == dialogs.CLOSED


@pytest.mark.parametrize(
    "asked", ["/#embed=<script>", "/?body=1#embed=channels", "/?year=x#cite=page", "/nowhere?lang=en#cite=none"]
)
def test_a_dialog_says_what_is_wrong_with_its_address(site: Site, asked: str) -> None:
    shown = dialogs.dialog(site, asked)
    assert by_id(shown.children, "dialog-title")
    assert any(each._type == "P" and each.children for each in parts(shown.children))


def test_the_code_without_a_script_holds_none(site: Site) -> None:
    shown = dialogs.dialog(site, "/#embed=channels&script=0")
    assert "<script" not in by_id(shown.children, "copy-code").value
    assert "<script" in embed_code(PUBLIC, _drawing(site), site.view("/", "").filters)


def _drawing(site: Site):  # type: ignore[no-untyped-def]  # a drawing of whatever kind
    from dashboard.charts import draw

    view = site.view("/", "")
    return draw(view.snapshot, "channels", view.filters)
