"""Finding a body: by every name it has, the best hit first, on a page without script, as JSON, and in the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from starlette.testclient import TestClient

from dashboard import settings
from dashboard.schema import Body
from dashboard.snapshots import build
from dashboard.snapshots.store import Snapshot
from dashboard.tables import finding
from dashboard.tables.package import Package
from tests import folders
from tests.programs import rows_of, serving

BODIES = (
    Body("990000", "云岭省", "Yunling Province", "province", "", "云岭|云岭省人民政府"),
    Body("990100", "吕安市", "Lü'an", "prefecture", "990000"),
    Body("990101", "西云县", "Xiyun", "county", "990100"),
    Body("990101001", "西云县教育局", "Xiyun Education Bureau", "department", "990101"),
    Body("990200", "云岭北市", "Yunling North", "prefecture", "990000"),
    Body("990300", "无报市", "", "prefecture", "990000"),
)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six bodies, one of them without a report."""
    folder = folders.folder(tmp_path_factory.mktemp("finding") / "data", 2, 2019, 2019)
    package = Package(folder)
    [first, second] = package.reports()
    for body in BODIES[1:5]:
        package.write(
            replace(second, body=body.body, sha256="0" * 55 + body.body.zfill(9)),
            package.facts(second.body, 2019),
            package.mentions(second.body, 2019),
        )
    folders.drop_report(folder, second.body, 2019)
    package.write_group([], [replace(first, localities=None), *package.reports()[1:]], BODIES)
    build.refresh(replace(settings.load({}), data_dir=folder))
    return folder


@pytest.fixture(scope="module")
def client(country: Path, cache: Path) -> Iterator[TestClient]:
    with serving(country, cache) as client:
        yield client


@pytest.fixture(scope="module")
def held(country: Path, client: TestClient) -> Snapshot:
    return build.refresh(replace(settings.load({}), data_dir=country))


def found(held: Snapshot, words: str, most: int = 10) -> list[str]:
    return held.engine.found(finding.plain(words), most)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("云岭省", "990000"),
        ("云岭", "990000"),  # an alias, whole
        ("yunling", "990000"),
        ("Yun ling", "990000"),
        ("yls", "990000"),
        ("lvan", "990100"),
        ("luan", "990100"),
        ("lü'an", "990100"),
        ("xyxjyj", "990101001"),
        ("教育", "990101001"),
        ("jiaoyu", "990101001"),
        ("education", "990101001"),
        ("990101001", "990101001"),
        ("９９０２００", "990200"),
    ],
)
def test_a_body_is_found_by_every_name_it_has(held: Snapshot, words: str, first: str) -> None:
    assert found(held, words)[0] == first


def test_the_whole_comes_before_the_beginning_before_initials_before_a_part(held: Snapshot) -> None:
    # 云岭省 begins with yunling in full; of 吕安市 it is the initials, of 西云县 a part.
    assert found(held, "yun")[:2] == ["990000", "990200"]
    assert set(found(held, "yun")[2:]) == {"990101", "990101001"}
    assert found(held, "990101") == ["990101", "990101001"]
    assert found(held, "xy")[:2] == ["990101", "990101001"]
    assert found(held, "la") == ["990100"]


@pytest.mark.parametrize("words", ["云龄省", "云省岭", "yunlimg", "yunlign", "yunlng", "yuunling", "uunling"])
def test_a_slip_of_the_hand_finds_the_body_that_was_meant(held: Snapshot, words: str) -> None:
    """A letter changed, swapped with the next, left out or added; only where nothing has the words as they are."""
    key = finding.plain(words)
    assert found(held, words) == []
    assert finding.may_slip(key)
    assert held.engine.found_nearly(key, 5)[0] == "990000"


def test_codes_and_short_words_are_not_guessed_at() -> None:
    assert not any(finding.may_slip(key) for key in ("990001", "yun", "云省", "", "a" * 80))


def test_nothing_is_found_by_what_nobody_is_called(held: Snapshot) -> None:
    assert found(held, "zzz") == []
    assert found(held, "%") == found(held, "_") == found(held, "' OR 1=1 --") == []


def test_hits_lead_to_the_readers_own_page_in_the_nearest_year_with_the_way_down(client: TestClient) -> None:
    asked = {"q": "xiyun", "from": "/requests?body=990000&year=2019&lang=en&theme=dark"}
    hits = client.get("/bodies.json", params=asked).json()["hits"]
    assert [hit["body"] for hit in hits] == ["990101", "990101001"]
    assert hits[1]["above"] == "Yunling Province › Lü'an › Xiyun"
    parts = urlsplit(hits[1]["href"])
    assert parts.path == "/requests"
    assert parse_qs(parts.query) == {"body": ["990101001"], "year": ["2019"], "lang": ["en"], "theme": ["dark"]}


def test_bodies_that_a_browser_remembers_come_back_in_its_order_without_those_that_are_gone(client: TestClient) -> None:
    hits = client.get("/bodies.json", params={"codes": "990200,gone,990000,990300", "from": "/"}).json()["hits"]
    assert [hit["body"] for hit in hits] == ["990200", "990000"], "990300 has no report"


def test_the_page_without_script_finds_and_leads_down_the_hierarchy(client: TestClient) -> None:
    page = html.fromstring(client.get("/bodies", params={"q": "西云", "from": "/growth?body=990000&lang=en"}).text)
    links = page.xpath('//ul[@class="hits"]//a/@href')
    assert [urlsplit(link).path for link in links] == ["/growth", "/growth"]
    [form] = page.forms
    assert form.action == "/bodies"
    assert form.fields["from"].startswith("/growth?")
    top = html.fromstring(client.get("/bodies").text)
    [into] = top.xpath('//a[@class="into"]/@href')
    below = html.fromstring(client.get(into).text)
    names = [each.strip() for each in below.xpath('//ul[@class="hits"]/li/*[1]/text()')]
    assert names == ["吕安市", "云岭北市", "无报市"]
    assert "尚无报告" in below.text_content()


def test_hostile_words_stay_words(client: TestClient) -> None:
    for words in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\x00\ud7ff", "a" * 5000):
        answer = client.get("/bodies", params={"q": words, "from": "//evil.example/?body=990000"})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
        assert "evil.example" not in answer.text
    assert client.get("/bodies.json", params={"q": "x", "from": "/?body=nowhere"}).status_code == 404
    assert client.get("/bodies", params={"from": "/?body=nowhere"}).status_code == 404
    assert client.get("/bodies", params={"from": "//["}).status_code == 200, "no address at all"


def test_the_api_finds_bodies_with_the_other_filters_and_in_files(client: TestClient) -> None:
    answer = client.get("/api/v1/bodies?q=yunling").json()
    assert [row["body"] for row in answer["items"]] == ["990000", "990200"]
    assert answer["total"] == 2
    paged = client.get("/api/v1/bodies?q=yunling&limit=1&offset=1").json()
    assert [row["body"] for row in paged["items"]] == ["990200"]
    assert [row["body"] for row in client.get("/api/v1/bodies?q=yunling&level=prefecture").json()["items"]] == [
        "990200"
    ]
    assert [row["body"] for row in client.get("/api/v1/bodies?q=yunling&sort=-body").json()["items"]] == [
        "990200",
        "990000",
    ]
    assert [row["body"] for row in rows_of(client.get("/api/v1/bodies.csv?q=教育局").content)] == ["990101001"]
    assert client.get("/api/v1/bodies?q=%20").json()["total"] == 0


def test_figures_of_the_text_are_found_in_the_reports_of_one_body_or_of_the_others(held: Snapshot) -> None:
    engine = held.engine
    words = str(engine.mentions("990100", 2019)["counts"].iloc[0])
    own, others = engine.told(words, "990100", 3), engine.told(words, "990100", 3, of_others=True)
    assert set(own["body"]) == {"990100"}
    assert set(others["body"]) - {"990100"} == set(others["body"]) != set()
    assert len(engine.told(words, "990100", 1)) == 1
    assert engine.told("%", "nowhere", 3).empty, "a sign is no pattern"


def test_a_page_holds_the_chooser_and_no_list_of_all_bodies(client: TestClient) -> None:
    layout = client.get("/_dash-layout", headers={"referer": "http://testserver/?body=990000"}).text
    assert "990101001" not in layout
    assert "pick-form" in layout
