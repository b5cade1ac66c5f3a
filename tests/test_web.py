"""The web application without a browser: statuses, downloads, the document page, hostile input."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dashboard import settings
from dashboard.app import create_app
from dashboard.parts import PAGES
from dashboard.snapshots import build
from dashboard.snapshots.blocking import Blocked
from dashboard.tables import constraints
from dashboard.tables.package import Package
from tests.folders import change_cells

HOSTILE = "一、概述\n<script>alert(1)</script> & “公开” 12 件。\n统计指标\t单位\t统计数\n<b>甲</b>\t件\t<i>3</i>\n"


@pytest.fixture
def client(data_dir: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("GONGKAI_CACHE_DIR", str(cache))
    build.refresh(settings.load())
    with TestClient(create_app(settings.load()), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_there_with_title_and_policy(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "宁夏回族自治区 2018" in answer.text
    assert "unsafe-eval" not in answer.headers["content-security-policy"]
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert client.head(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 404), ("/?body=999999", 404), ("/?year=1900", 404), ("/../../etc/passwd", 404), ("/assets/../pyproject.toml", 404),
     ("/assets/..%2f..%2fpyproject.toml", 404), ("/_dash-component-suites/dash/dcc/dash_core_components.js", 404), ("/healthz", 200)],
)  # fmt: skip
def test_each_address_has_its_status(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def republished(data_dir: Path, url: str) -> str:
    """The name of the snapshot of the same figures with another address of the document."""
    package = Package(data_dir)
    [report] = package.reports()
    package.write(replace(report, url=url), package.facts("640000", 2018), package.mentions("640000", 2018))
    return build.refresh(settings.load()).name


def test_a_page_of_a_named_snapshot_stays_when_another_is_published(client: TestClient, data_dir: Path) -> None:
    before = client.get("/healthz").json()["snapshot"]
    after = republished(data_dir, "https://example.org")
    for name in (before, after):
        layout = client.get("/_dash-layout", headers={"Referer": f"http://testserver/?snapshot={name}"}).text
        assert f"快照 {name}" in layout or name in layout
        assert (after if name == before else before) not in layout
        assert f"snapshot={name}" in layout, "the links of the page lead to the same data"


@pytest.mark.parametrize("name", ["none", "../../etc", "published", "2018-20260101T000000Z-aaaaaaaaaaaa"])
def test_a_snapshot_that_was_never_published_is_not_shown(client: TestClient, name: str) -> None:
    assert client.get("/", params={"snapshot": name}).status_code == 404


def test_a_snapshot_that_is_only_built_is_not_shown(client: TestClient, data_dir: Path) -> None:
    live = client.get("/healthz").json()["snapshot"]
    package = Package(data_dir)
    [report] = package.reports()
    package.write(replace(report, url="https://x.cn"), package.facts("640000", 2018), package.mentions("640000", 2018))
    name = build.preview(settings.load()).name
    assert name != live
    assert client.get("/", params={"snapshot": name}).status_code == 404


def test_what_the_address_says_is_never_run(client: TestClient) -> None:
    for path in (
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/?year=%3Cscript%3Ealert(1)%3C/script%3E",
        "/document?body=%3Cscript%3E",
    ):
        assert "<script>alert" not in client.get(path).text


@pytest.mark.parametrize(
    ("path", "wanted"), [("/", True), ("/growth", True), ("/coverage", False), ("/nowhere", False)]
)
def test_only_a_page_with_charts_asks_early_for_what_draws_them(client: TestClient, path: str, wanted: bool) -> None:
    asked = re.findall(r'<html [^>]*data-charts="([^"]+)"', client.get(path).text)
    assert [bool(re.search("/plotly.min.", each)) for each in asked] == [True] * wanted


def test_pages_set_no_cookie(client: TestClient) -> None:
    for path in PAGES:
        assert "set-cookie" not in client.get(path).headers


@pytest.mark.parametrize(
    ("language", "cases", "corrected"),
    [("zh", ("22", "件", "/", "未填"), "行政复议纠错率 18.2%"), ("en", ("22", "cases", "/", "left blank"), "corrected: 18.2% of reviews")],
)  # fmt: skip
def test_what_is_left_blank_stands_apart_from_the_number_of_cases(
    data_dir: Path, client: TestClient, language: str, cases: tuple[str, ...], corrected: str
) -> None:
    table = data_dir / "facts/640000-2018.csv"
    kept = [
        row for row in table.read_text("utf-8").splitlines(keepends=True) if "litigation." not in row or "table:" in row
    ]
    table.write_text("".join(kept), "utf-8")
    for line, row in enumerate(kept, 1):
        if row.startswith(("litigation.total,", "litigation.corrected,")):
            change_cells(table, line, {"value": "", "absence": "blank", "as_printed": ""})
    build.refresh(settings.load())
    told = json.loads(client.get("/_dash-layout", headers={"Referer": f"http://testserver/?lang={language}"}).text)
    words = list(strings(told))
    first = next(place for place in range(len(words)) if tuple(words[place : place + len(cases)]) == cases)
    assert corrected in words[first:]


def strings(component: object) -> Iterator[str]:
    """What a component shows, in its order."""
    if isinstance(component, str):
        yield component
    for part in component if isinstance(component, list) else ():
        yield from strings(part)
    if isinstance(component, dict):
        yield from strings(component.get("props", {}).get("children"))


def test_the_layout_holds_the_page_of_its_address(client: TestClient) -> None:
    layout = client.get("/_dash-layout", headers={"Referer": "http://testserver/requests?lang=en"}).text
    assert "Grounds" in layout or "refusals" in layout
    assert "chart-flow" in layout
    assert "chart-flow" not in client.get("/_dash-layout").text


def test_a_layout_is_made_once_a_snapshot(client: TestClient, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = {"Referer": "http://testserver/capacity"}
    first = client.get("/_dash-layout", headers=address)
    made: list[str] = []
    monkeypatch.setattr("dashboard.web_pages.frame", lambda view, content: made.append(view.path) or [])
    again = client.get("/_dash-layout", headers=address)
    assert again.content == first.content
    assert first.headers["cache-control"] == "no-store"
    assert made == []
    package = Package(data_dir)
    [report] = package.reports()
    package.write(
        replace(report, url="https://example.org"), package.facts("640000", 2018), package.mentions("640000", 2018)
    )
    build.refresh(settings.load())
    client.get("/_dash-layout", headers=address)
    assert made == ["/capacity"]


def test_without_the_document_its_page_says_so(client: TestClient) -> None:
    answer = client.get("/document?at=line:213")
    assert answer.status_code == 404
    assert "没有这份报告的原文" in answer.text


def with_source(data_dir: Path, content: str) -> None:
    package = Package(data_dir)
    [report] = package.reports()
    facts, mentions = package.facts("640000", 2018), package.mentions("640000", 2018)
    package.write(replace(report, sha256="a" * 64), facts, mentions)
    (data_dir / "sources").mkdir()
    (data_dir / "sources" / f"{'a' * 64}.txt").write_text(content, "utf-8")
    build.refresh(settings.load())


def test_a_hostile_document_is_shown_as_text(client: TestClient, data_dir: Path) -> None:
    with_source(data_dir, HOSTILE)
    text = client.get("/document?at=line:2/chars:31-35").text
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "<b>甲" not in text
    assert '<mark id="here">' in text
    assert '<mark id="here">&lt;i&gt;3&lt;/i&gt;</mark>' in client.get("/document?at=line:4/table:1/row:2/col:3").text


@pytest.mark.parametrize(
    "at", ["../../etc/passwd", "line:x", "<script>", "line:99999999", "table:1/row:1/col:99", "a" * 5000]
)
def test_a_place_that_is_none_shows_the_document_unmarked(client: TestClient, data_dir: Path, at: str) -> None:
    with_source(data_dir, HOSTILE)
    answer = client.get("/document", params={"at": at})
    assert answer.status_code == 200
    assert "<mark" not in answer.text


def test_a_hash_that_is_a_path_opens_nothing(
    client: TestClient, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor would it be published: the document's page does not rely on that."""
    package = Package(data_dir)
    [report] = package.reports()
    package.write(replace(report, sha256="../bodies"), package.facts("640000", 2018), package.mentions("640000", 2018))
    with pytest.raises(Blocked):
        build.refresh(settings.load())
    monkeypatch.setattr(constraints, "broken", lambda *_: ())
    build.refresh(settings.load())
    assert client.get("/document").status_code == 404


def test_health_tells_the_snapshot(client: TestClient) -> None:
    told = client.get("/healthz").json()
    assert told["status"] == "ok"
    assert told["snapshot"].startswith("2018-")


def test_without_data_health_is_not_well(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("GONGKAI_CACHE_DIR", str(cache))
    with TestClient(create_app(settings.load())) as client:
        assert client.get("/healthz").status_code == 503
        assert client.get("/").status_code == 503
        assert client.get("/api/v1/facts.csv").status_code == 503


_ROUTE = {
    "output": "..page.children...told.data..",
    "outputs": [{"id": "page", "property": "children"}, {"id": "told", "property": "data"}],
    "inputs": [
        {"id": "where", "property": "pathname", "value": "/requests"},
        {"id": "where", "property": "search", "value": ""},
    ],
    "changedPropIds": ["where.pathname"],
}


def test_a_page_is_sent_to_who_asks_as_pages_do(client: TestClient) -> None:
    answer = client.post("/_dash-update-component", json=_ROUTE)
    assert answer.status_code == 200
    assert "chart-flow" in answer.text


@pytest.mark.parametrize(
    "sent",
    ["", "{", "[]", "7", '{"output": "x"}', _ROUTE | {"output": "page.children"}, _ROUTE | {"inputs": 5},
     _ROUTE | {"inputs": [5]}, _ROUTE | {"inputs": [{"id": "where", "property": "pathname", "value": 5}]},
     _ROUTE | {"state": {"id": 1}}, _ROUTE | {"changedPropIds": "all"}],
)  # fmt: skip
def test_what_no_page_asks_is_refused(client: TestClient, sent: str | dict[str, object]) -> None:
    body = sent if isinstance(sent, str) else json.dumps(sent)
    assert client.post("/_dash-update-component", content=body).status_code == 400


def test_a_long_request_is_not_read_to_its_end(client: TestClient) -> None:
    assert client.post("/_dash-update-component", content="[" * 10**6).status_code == 413
