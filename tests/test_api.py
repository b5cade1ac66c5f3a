"""The API without a browser: every download opens and holds the figures, lists page and sort, what is wrong is told."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import pytest
from frictionless import Package as DataPackage
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st
from lxml import etree
from PIL import Image
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from dashboard import settings
from dashboard.api import defused
from dashboard.api.answers import KeptAnswers
from dashboard.api.docs_page import PROBLEMS
from dashboard.api.limits import Limits
from dashboard.api.limits import client as client_of
from dashboard.api.package import Packages
from dashboard.api.tables import TABLES
from dashboard.app import create_app
from dashboard.charts import CHARTS, Filters, draw
from dashboard.delivery import Cache, Stored
from dashboard.messages import UserError
from dashboard.snapshots import build
from dashboard.snapshots.store import Snapshot
from dashboard.tables.package import Package
from dashboard.tables.rows import records_of
from tests.conftest import copy_data

FORMATS = ("json", "csv", "xlsx", "plotly.json")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@contextmanager
def serving(data: Path, cache: Path, **more: object) -> Iterator[TestClient]:
    """A client of the whole application over a data folder; `more` are settings."""
    chosen = replace(settings.load({}), data_dir=data, cache_dir=cache, **({"api_limit": 0} | more))  # type: ignore[arg-type]
    build.ensure(chosen)
    with TestClient(create_app(chosen), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_data(tmp_path_factory.mktemp("published") / "data")


@pytest.fixture(scope="module")
def api(published: Path, cache: Path) -> Iterator[TestClient]:
    with serving(published, cache) as client:
        yield client


@pytest.fixture(scope="module")
def snapshot(api: TestClient, published: Path) -> Snapshot:
    return build.refresh(replace(settings.load({}), data_dir=published))


def republished(data: Path, url: str) -> str:
    """The name of the snapshot of the same figures with another address of the document."""
    package = Package(data)
    [report] = package.reports()
    package.write(replace(report, url=url), package.facts("640000", 2018), package.mentions("640000", 2018))
    return build.refresh(replace(settings.load({}), data_dir=data)).name


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "Excel takes a CSV without a mark for the machine's own encoding"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheets_of(content: bytes) -> list[list[list[Any]]]:
    """Of each sheet the rows: numbers as Decimal, texts as str, as the workbook types them."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = ["".join(each.itertext()) for each in etree.fromstring(book.read("xl/sharedStrings.xml"))]
        sheets = sorted(name for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d\.xml", name))
        return [
            [_cells(row, shared) for row in etree.fromstring(book.read(name)).iter(f"{SHEET}row")] for name in sheets
        ]


def _cells(row: Any, shared: list[str]) -> list[Any]:
    cells: dict[int, Any] = {}
    for cell in row:
        assert cell.find(f"{SHEET}f") is None, "a formula"
        letters = re.match("[A-Z]+", cell.get("r"))
        assert letters
        place = 0
        for letter in letters[0]:
            place = place * 26 + ord(letter) - 64
        value = cell.findtext(f"{SHEET}v")
        # A spreadsheet reads fifteen digits of a number.
        cells[place - 1] = shared[int(value)] if cell.get("t") == "s" else Decimal(f"{float(value):.15g}")
    return [cells.get(place) for place in range(max(cells) + 1)] if cells else []


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


# --- charts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("chart", CHARTS)
def test_each_chart_tells_its_exact_values_in_json(
    api: TestClient, snapshot: Snapshot, chart: str, language: str
) -> None:
    told = api.get(f"/api/v1/charts/{chart}.json?lang={language}").json()
    filters = Filters.from_query(f"?lang={language}", snapshot.engine)
    drawing = draw(snapshot, chart, filters)
    assert (told["id"], told["title"], told["headline"]) == (chart, drawing.title, drawing.headline)
    assert (told["body"], told["year"], told["language"]) == ("640000", 2018, language)
    assert told["snapshot"] == snapshot.name and told["licence"] == "CC BY 4.0"
    assert [row["label"] for row in told["rows"]] == [row.label for row in drawing.rows]
    assert [row["value"] for row in told["rows"]] == [row.value for row in drawing.rows]
    values = [value if value is None else f"{value:f}" for value in drawing.data["value"]]
    assert [row["value"] for row in told["data"]] == values
    assert all((row["value"] is None) == bool(row["absence"]) for row in told["data"])
    assert told["citation"].count("YYYY-MM-DD") == 1 and told["link"] in told["citation"]


@pytest.mark.parametrize("chart", CHARTS)
def test_each_chart_is_the_same_as_csv_and_as_workbook(api: TestClient, chart: str) -> None:
    told = api.get(f"/api/v1/charts/{chart}.json").json()
    rows = rows_of(api.get(f"/api/v1/charts/{chart}.csv").content)
    figures, origin = sheets_of(api.get(f"/api/v1/charts/{chart}.xlsx").content)
    assert list(rows[0])[-5:] == ["title", "source", "snapshot", "date", "licence"]
    assert {(row["title"], row["snapshot"], row["licence"]) for row in rows} == {
        (told["title"], told["snapshot"], "CC BY 4.0")
    }
    head, *lines = figures
    for row, line, data in zip(rows, lines, told["data"], strict=True):
        held = dict(zip(head, line, strict=False))
        for name, value in data.items():
            assert row[name] == (value or "")
            assert (held.get(name) or "") == (value or "") or held[name] == Decimal(value)
        assert held["value"] is None if data["value"] is None else isinstance(held["value"], Decimal)
    about = dict(origin)
    assert (about["标题"], about["数据快照"], about["永久链接"]) == (told["title"], told["snapshot"], told["link"])
    assert about["来源"] == told["source"] and "CC BY 4.0" in about["授权"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("chart", CHARTS)
def test_each_chart_gives_its_figure_as_it_is_drawn(
    api: TestClient, snapshot: Snapshot, chart: str, theme: str
) -> None:
    answer = api.get(f"/api/v1/charts/{chart}.plotly.json?theme={theme}")
    drawing = draw(snapshot, chart, Filters.from_query(f"?theme={theme}", snapshot.engine))
    assert answer.json() == json.loads(json.dumps(drawing.figure))
    assert answer.json()["layout"]["meta"]["narrow"]["data"]
    assert len(answer.content) < 20_000


@pytest.mark.parametrize("chart", CHARTS)
def test_each_chart_is_a_picture_that_tells_where_it_is_from(api: TestClient, snapshot: Snapshot, chart: str) -> None:
    drawing = draw(snapshot, chart, Filters.from_query("", snapshot.engine))
    png = api.get(f"/api/v1/charts/{chart}.png")
    assert png.status_code == 200, png.text
    image = Image.open(io.BytesIO(png.content))
    image.load()
    assert image.width == 2 * 760
    assert image.text["Title"].endswith(drawing.title) and image.text["Copyright"] == "CC BY 4.0"  # type: ignore[attr-defined]
    assert image.text["Snapshot"] == snapshot.name  # type: ignore[attr-defined]
    svg = api.get(f"/api/v1/charts/{chart}.svg")
    root = etree.fromstring(svg.content)
    words = " ".join(root.itertext())
    assert drawing.title in words and snapshot.name in words and "CC BY 4.0" in words
    assert not root.xpath("//*[local-name()='script' or local-name()='foreignObject' or local-name()='image']")


def test_without_a_browser_a_picture_is_refused_with_a_reason(published: Path, cache: Path) -> None:
    with serving(published, cache / "empty", browser="/nowhere/chromium") as client:
        answer = client.get("/api/v1/charts/channels.png?lang=en")
        assert answer.status_code == 503
        assert "browser" in problem(answer)["detail"]


def test_a_file_is_named_by_body_year_and_chart(api: TestClient) -> None:
    told = api.get("/api/v1/charts/channels.csv").headers["content-disposition"]
    assert told.startswith('attachment; filename="gongkai-640000-2018-channels.csv";')
    assert unquote(told.rpartition("''")[2]) == "宁夏回族自治区-2018-公开渠道.csv"
    english = api.get("/api/v1/charts/channels.xlsx?lang=en").headers["content-disposition"]
    assert unquote(english.rpartition("''")[2]) == "Ningxia Hui Autonomous Region-2018-Disclosure channels.xlsx"
    assert api.get("/api/v1/charts/channels.svg").headers["content-disposition"].startswith("inline")


def test_a_name_that_is_no_file_name_is_mended(tmp_path: Path, cache: Path) -> None:
    data = copy_data(tmp_path / "data")
    bodies = (data / "bodies.csv").read_text("utf-8").replace("宁夏回族自治区,", '"../..\\宁""夏\n:",', 1)
    (data / "bodies.csv").write_text(bodies, "utf-8")
    with serving(data, cache) as client:
        told = client.get("/api/v1/charts/channels.csv").headers["content-disposition"]
    assert unquote(told.rpartition("''")[2]) == "宁 夏-2018-公开渠道.csv"


def test_links_are_the_sites_own_whatever_the_request_says(published: Path, cache: Path) -> None:
    with serving(published, cache, public_url="https://data.example.cn") as client:
        told = client.get(
            "/api/v1/charts/channels", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        )
        assert told.json()["link"].startswith("https://data.example.cn/snapshot/")
        assert "evil" not in told.text + str(told.headers)
        assert client.get(path_of(told.json()["link"])).status_code == 200


# --- snapshots, copies, negotiation -----------------------------------------------------------------


def test_a_live_answer_is_asked_about_and_a_named_one_never_changes(tmp_path: Path, cache: Path) -> None:
    data = copy_data(tmp_path / "data")
    with serving(data, cache) as client:
        name = client.get("/api/v1/bodies").json()["snapshot"]
        for path in ("charts/channels.csv", "charts/channels.plotly.json", "reports", "facts.xlsx", "data.zip"):
            live = client.get(f"/api/v1/{path}")
            named = client.get(f"/api/v1/{path}?snapshot={name}")
            assert live.headers["cache-control"] == "public, no-cache", path
            assert named.headers["cache-control"] == "public, max-age=31536000, immutable", path
            again = client.get(f"/api/v1/{path}", headers={"If-None-Match": live.headers["etag"]})
            assert (again.status_code, again.content) == (304, b""), path
        before = client.get(f"/api/v1/reports?snapshot={name}")
        held = client.get("/api/v1/reports").headers["etag"]
        republished(data, "https://example.org")
        assert client.get("/api/v1/reports", headers={"If-None-Match": held}).status_code == 200
        assert client.get("/api/v1/reports").json()["items"][0]["url"] == "https://example.org"
        assert client.get(f"/api/v1/reports?snapshot={name}").content == before.content


@pytest.mark.parametrize("path", ["charts/channels.csv", "facts", "facts.xlsx", "data.zip", "openapi.json", "docs"])
def test_head_tells_what_get_would(api: TestClient, path: str) -> None:
    get, head = (
        api.request(method, f"/api/v1/{path}", headers={"Accept-Encoding": "identity"}) for method in ("GET", "HEAD")
    )
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(get.content))
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("", "application/json"), ("*/*", "application/json"), ("text/csv", "text/csv"), ("text/*", "text/csv"),
     ("application/json;q=0.5, text/csv;q=0.9", "text/csv"), ("text/csv;q=0, */*;q=0.1", "application/json"),
     ("text/html, */*;q=0.8", "application/json"), ("TEXT/CSV", "text/csv"), ("text/csv;q=x, application/json", "application/json")],
)  # fmt: skip
@pytest.mark.parametrize("path", ["facts", "charts/channels"])
def test_a_format_is_chosen_as_accept_has_it(api: TestClient, path: str, accept: str, expected: str) -> None:
    answer = api.get(f"/api/v1/{path}", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == expected
    assert "Accept" in answer.headers["vary"].replace(" ", "").split(",")


@pytest.mark.parametrize("accept", ["image/webp", "application/json;q=0", "text/csv;q=0"])
def test_a_format_that_there_is_not_is_refused(api: TestClient, accept: str) -> None:
    answer = api.get("/api/v1/facts", headers={"Accept": accept})
    assert answer.status_code == 406
    assert "text/csv" in problem(answer)["detail"]


def test_pages_of_other_sites_may_read_and_nothing_else(api: TestClient) -> None:
    asks = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    for path in ("/api/v1/facts", "/api/v1/charts/channels.csv", "/api/v1/data.zip", "/api/v1/none"):
        answer = api.get(path, headers={"Origin": "https://example.org"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert "set-cookie" not in answer.headers
        before = api.options(path, headers=asks)
        assert before.status_code == 204
        assert before.headers["access-control-allow-origin"] == "*"
        assert before.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


# --- tables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_the_same_as_json_csv_and_workbook(api: TestClient, table: str) -> None:
    listed = api.get(f"/api/v1/{table}?limit=1000").json()
    rows = rows_of(api.get(f"/api/v1/{table}.csv").content)
    head, *lines = sheets_of(api.get(f"/api/v1/{table}.xlsx").content)[0]
    assert len(listed["items"]) == len(rows) == len(lines) == listed["total"] > 0
    for item, row, line in zip(listed["items"], rows, lines, strict=True):
        for place, (name, value) in enumerate(item.items()):
            assert head[place] == name
            told = "" if value is None else str(value).lower() if isinstance(value, bool) else value
            told = " ".join(map(str, told)) if isinstance(told, list) else str(told)
            assert row[name].removeprefix("'") == told.removeprefix("'")
            if line[place:] and isinstance(line[place], Decimal):
                assert line[place] == Decimal(told)
        assert row["snapshot"] == listed["snapshot"] and row["licence"] == "CC BY 4.0"


def test_a_whole_report_fits_in_one_download(api: TestClient) -> None:
    for name, count in (("facts", 115), ("mentions", 214)):
        assert len(rows_of(api.get(f"/api/v1/{name}.csv?body=640000&year=2018&theme=dark").content)) == count


def test_values_are_exact_texts_and_what_is_missing_is_null(api: TestClient, snapshot: Snapshot) -> None:
    items = api.get("/api/v1/facts?limit=1000").json()["items"]
    facts = {(row["locator"], row["indicator"]): row for row in records_of(snapshot.engine.facts("640000", [2018]))}
    for item in items:
        value = facts[item["locator"], item["indicator"]]["value"]
        assert item["value"] == (None if value is None else f"{value:f}")
        assert (item["value"] is None) == (item["absence"] is not None)


@pytest.mark.parametrize(
    ("table", "where"),
    [("facts", {"indicator": "disclosure.total"}), ("facts", {"segment": "departments"}), ("facts", {"measure": "share"}),
     ("mentions", {"measure": "yoy_rate"}), ("findings", {"verdict": "fails"}), ("findings", {"severity": "error"}),
     ("findings", {"rule": "sum.items"}), ("indicators", {"parent": "disclosure.total"}), ("bodies", {"level": "province"}),
     ("facts", {"body": "640000", "year": "2018", "segment": "own"})],
)  # fmt: skip
def test_a_filter_keeps_what_has_the_value_and_nothing_else(api: TestClient, table: str, where: dict[str, str]) -> None:
    if where.get("rule"):
        where = {"rule": api.get("/api/v1/findings?limit=1").json()["items"][0]["rule"]}
    every = api.get(f"/api/v1/{table}?limit=1000").json()["items"]
    kept = api.get(f"/api/v1/{table}", params={**where, "limit": 1000}).json()
    wanted = [item for item in every if all(str(item[name]) == value for name, value in where.items())]
    assert kept["items"] == wanted
    assert kept["total"] == len(wanted) > 0


@pytest.mark.parametrize(
    ("where", "is_any"), [({"edition": "2014"}, True), ({"edition": "2021"}, False), ({"level": "province"}, True),
                          ({"level": "county"}, False), ({"parent": "640000"}, False)]
)  # fmt: skip
def test_rows_are_filtered_by_their_report_and_its_body(api: TestClient, where: dict[str, str], is_any: bool) -> None:
    for table in ("reports", "facts", "mentions", "findings"):
        assert (api.get(f"/api/v1/{table}", params=where).json()["total"] > 0) is is_any


@bounded(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.sampled_from(["facts", "mentions", "findings", "indicators", "charts"]),
    limit=st.integers(13, 150),
    seed=st.integers(0, 5),
)
def test_pages_are_a_partition_of_the_whole(api: TestClient, table: str, limit: int, seed: int) -> None:
    names = [name for name in TABLES[table].columns if name not in TABLES[table].unsorted]
    sort = ["", names[0], f"-{names[-1]}", f"{names[1]},-{names[0]}", f"-{names[2]}", ",".join(names[:3])][seed]
    asked = {"sort": sort} if sort else {}
    whole = api.get(f"/api/v1/{table}", params={**asked, "limit": 1000}).json()
    following, pages = f"/api/v1/{table}?{urlencode({**asked, 'limit': limit})}", []
    while following:
        page = api.get(following).json()
        assert len(page["items"]) == limit or page["next"] is None
        pages += page["items"]
        following = path_of(page["next"]) if page["next"] else ""
    assert pages == whole["items"]
    assert len(pages) == whole["total"]


def test_a_walk_through_pages_stays_on_its_data(tmp_path: Path, cache: Path) -> None:
    data = copy_data(tmp_path / "data")
    with serving(data, cache) as client:
        first = client.get("/api/v1/facts?limit=100").json()
        republished(data, "https://example.org")
        second = client.get(path_of(first["next"])).json()
        assert second["snapshot"] == first["snapshot"] != client.get("/api/v1/facts").json()["snapshot"]


@pytest.mark.parametrize("sort", ["value", "-value", "indicator,-value", "-segment,indicator"])
def test_rows_come_in_the_order_asked_for(api: TestClient, sort: str) -> None:
    items = api.get("/api/v1/facts", params={"sort": sort, "limit": 1000}).json()["items"]

    def before(one: dict[str, Any], other: dict[str, Any]) -> bool:
        for name in sort.split(","):
            key = name.removeprefix("-")
            left, right = ((Decimal(each[key]) if key == "value" and each[key] else each[key]) for each in (one, other))
            if left == right:
                continue
            if left is None or right is None:
                return right is None
            return bool(left > right) if name.startswith("-") else bool(left < right)
        return True

    assert all(before(one, other) for one, other in pairwise(items))
    assert len(items) == 115


def test_the_limit_is_that_of_the_format(api: TestClient) -> None:
    assert len(api.get("/api/v1/facts").json()["items"]) == 100
    assert api.get("/api/v1/facts?limit=1001").status_code == 400
    assert api.get("/api/v1/facts.csv?limit=10000").status_code == 200
    assert api.get("/api/v1/facts.csv?limit=10001").status_code == 400
    assert api.get("/api/v1/facts?limit=10000", headers={"Accept": "text/csv"}).status_code == 200


# --- the data package -------------------------------------------------------------------------------


def test_the_package_is_valid_and_holds_the_snapshot(api: TestClient, snapshot: Snapshot, tmp_path: Path) -> None:
    content = api.get("/api/v1/data.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.md", "bodies.csv", "datapackage.json", "facts", "mentions", "reports.csv",
    ]  # fmt: skip
    report = DataPackage(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["path", "message"])
    described = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert described["version"] == snapshot.name and described["licenses"][0]["name"] == "CC-BY-4.0"
    for text in (snapshot.name, snapshot.manifest.built[:10], "CC BY 4.0"):
        assert text in (tmp_path / "README.md").read_text("utf-8")
    facts = rows_of((tmp_path / "facts" / "640000-2018.csv").read_bytes())
    listed = api.get("/api/v1/facts?limit=1000").json()["items"]
    assert [row["value"] for row in facts] == [item["value"] or "" for item in listed]
    mentions = rows_of((tmp_path / "mentions" / "640000-2018.csv").read_bytes())
    assert len(mentions) == snapshot.manifest.mentions


def test_the_package_is_the_snapshots_not_the_folders(tmp_path: Path, cache: Path) -> None:
    data = copy_data(tmp_path / "data")
    with serving(data, cache) as client:
        (data / "facts" / "640000-2018.csv").write_text("spoilt", "utf-8")
        with zipfile.ZipFile(io.BytesIO(client.get("/api/v1/data.zip").content)) as archive:
            assert "disclosure.total" in archive.read("facts/640000-2018.csv").decode("utf-8")


def test_a_package_is_made_once_and_old_ones_go(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from dashboard.api import package

    made: list[str] = []
    write = package.write
    monkeypatch.setattr(package, "write", lambda file, held, base: (made.append(held.name), write(file, held, base)))
    both = [Packages(tmp_path, "https://x.cn"), Packages(tmp_path, "https://x.cn")]
    with ThreadPoolExecutor(6) as pool:
        opened = list(pool.map(lambda place: both[place % 2].open(snapshot), range(6)))
    assert made == [snapshot.name], "two servers with one folder, as two processes are"
    assert len({file.read() for _, file in opened}) == 1
    for number in range(5):
        both[0].open(replace(snapshot, name=f"2018-2026010{number}T000000Z-{'a' * 12}"))[1].close()
    assert len(list(tmp_path.glob("*.zip"))) == 3
    assert list(tmp_path.glob("*.part")) == []


def test_without_room_for_the_package_the_reason_is_told(published: Path, tmp_path: Path) -> None:
    (tmp_path / "packages").write_text("a file where a folder would be", "utf-8")
    with serving(published, tmp_path) as client:
        assert "one by one" in problem(client.get("/api/v1/data.zip?lang=en"))["detail"]


# --- what goes wrong --------------------------------------------------------------------------------


def problem(answer: Any) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    told: dict[str, Any] = answer.json()
    assert set(told) == {"type", "title", "status", "detail"}
    assert told["status"] == answer.status_code
    assert told["title"] and told["detail"]
    assert told["type"].rpartition("#")[2] in PROBLEMS
    return told


HOSTILE = [
    ("charts/none.csv", 404), ("charts/none", 404), ("charts/channels.exe", 404), ("charts/channels.csv.exe", 404),
    ("charts/", 404), ("charts/..%2f..%2fx.csv", 404), ("charts/%2e%2e%2fchannels.csv", 404),
    ("charts/.csv", 404), ("charts/channels.", 404), ("charts/" + "a" * 5000, 404), ("charts/%00.csv", 404),
    ("charts/%3Cscript%3E.csv", 404), ("none", 404), ("", 404), ("facts/", 404), ("facts.exe", 404),
    ("..%2f..%2fetc%2fpasswd", 404), ("data.tar", 404), ("charts/channels.csv?body=999999", 404),
    ("charts/channels.csv?year=1900", 404), ("charts/channels?body=..", 404), ("facts?body=999999", 404),
    ("facts?year=1900", 404), ("facts?body=640000&year=2017", 404), ("facts?indicator=none", 404),
    ("facts?snapshot=2018-20260101T000000Z-aaaaaaaaaaaa", 404), ("charts/channels.csv?body=../../etc/passwd", 400),
    ("charts/channels.csv?year=abc", 400), ("charts/channels.csv?year=20188", 400), ("charts/channels.csv?year=２０１８", 400),
    ("charts/channels.csv?lang=de", 400), ("charts/channels.csv?lang=", 400), ("charts/channels.csv?theme=auto", 400),
    ("charts/channels.csv?theme=%3Cscript%3E", 400), ("charts/channels.csv?year=2018&year=2018", 400),
    ("charts/channels.csv?none=1", 400), ("charts/channels.csv?" + "a" * 3000, 400), ("charts/channels.csv?body=" + "6" * 41, 400),
    ("charts/channels.csv?snapshot=../../etc", 400), ("charts/channels.csv?snapshot=none", 400), ("charts/channels.csv?=1", 400),
    ("facts?limit=0", 400), ("facts?limit=-1", 400), ("facts?limit=1e3", 400), ("facts?limit=" + "9" * 400, 400), ("facts?limit=", 400),
    ("facts?offset=1000001", 400), ("facts?offset=-1", 400), ("facts?sort=none", 400), ("facts?sort=value;drop table facts", 400),
    ("facts?sort=\"value\"", 400), ("facts?sort=position", 400), ("bodies?sort=years", 400), ("facts?segment=none", 400),
    ("facts?indicator='or 1=1", 400), ("facts?indicator=%00", 400), ("facts?level=none", 400), ("charts?year=2018", 400),
    ("findings?rule=none", 400), ("data.zip?body=640000", 400), ("data.zip?snapshot=../x", 400), ("openapi.json?x=1", 400),
    ("docs?lang=fr", 400), ("facts?body=%ff%fe", 400), ("facts?body=%F0%9F%98%80", 400), ("facts?body=640000%0A", 400),
]  # fmt: skip


@pytest.mark.parametrize(("path", "status"), HOSTILE)
def test_what_is_asked_wrongly_is_told_in_one_shape(api: TestClient, path: str, status: int) -> None:
    answer = api.get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.text
    told = problem(answer)
    assert (
        "<script>" not in json.dumps(told).replace("“<script>”", "")
        or answer.headers["x-content-type-options"] == "nosniff"
    )
    assert len(answer.content) < 3000
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v2/facts", "/api/none", "/api//v1/facts"])
def test_every_address_below_api_answers_in_that_shape(api: TestClient, path: str) -> None:
    assert problem(api.get(path))["status"] == 404


RAW = ("/api/v1/charts/../bodies", "/api/v1/../../etc/passwd", "/api/v1/facts.csv/../../x", "/api/v1/./facts", "/api/v1/charts/\x00.csv",
       "/api/v1/charts/..\\..\\x.csv", "/api/v1/charts//channels.csv")  # fmt: skip


@pytest.mark.parametrize("path", RAW)
def test_a_path_is_taken_as_it_stands(api: TestClient, path: str) -> None:
    """As a server gets it: clients of their own accord walk up before they ask."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
             "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": [], "client": ("203.0.113.1", 1),
             "server": ("127.0.0.1", 80)}  # fmt: skip
    assert api.portal
    api.portal.call(api.app, scope, receive, send)
    assert sent[0]["status"] == 404
    assert (b"content-type", b"application/problem+json") in sent[0]["headers"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["facts", "facts.csv", "charts/channels.csv", "data.zip"])
def test_nothing_can_be_written(api: TestClient, method: str, path: str) -> None:
    answer = api.request(method, f"/api/v1/{path}", content=b"x" * 1000)
    assert problem(answer)["status"] == 405
    assert {each.strip() for each in answer.headers["allow"].split(",")} >= {"GET", "HEAD"}


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [("", "", "zh"), ("", "en-US,en;q=0.9", "en"), ("", "fr, en;q=0.2, zh;q=0.1", "en"), ("", "zh-TW, en;q=0.9", "zh"),
     ("&lang=en", "zh", "en"), ("&lang=zh", "en", "zh"), ("&lang=de", "en", "en"), ("", "en;q=x", "zh")],
)  # fmt: skip
def test_a_problem_is_told_in_the_readers_language(api: TestClient, query: str, accept: str, language: str) -> None:
    answer = api.get(f"/api/v1/facts?none=1{query}", headers={"Accept-Language": accept})
    is_chinese = bool(re.search("[\u4e00-\u9fff]", problem(answer)["title"]))
    assert is_chinese is (language == "zh")


def test_what_nobody_foresaw_tells_nothing_of_the_server(
    published: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr("dashboard.api.charts.draw", broken)
    with serving(published, cache) as client:
        answer = client.get("/api/v1/charts/channels.json")
    assert problem(answer)["status"] == 500
    assert "secret" not in answer.text


def test_without_data_the_reason_is_told_and_no_folder(tmp_path: Path, cache: Path) -> None:
    chosen = replace(settings.load({}), data_dir=tmp_path / "none", cache_dir=cache)
    with TestClient(create_app(chosen), raise_server_exceptions=False) as client:
        for path in ("facts.csv", "charts/channels.csv", "data.zip"):
            answer = client.get(f"/api/v1/{path}")
            assert problem(answer)["status"] == 503
            assert str(tmp_path) not in answer.text
        assert client.get("/api/v1/openapi.json").status_code == 200


def test_every_kind_of_problem_has_its_place_on_the_page(api: TestClient) -> None:
    page = api.get("/api/v1/docs?lang=en").text
    assert all(f'id="{each}"' in page for each in PROBLEMS)


# --- formulas ---------------------------------------------------------------------------------------


@given(st.text(max_size=30))
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    safe = defused(cell)
    assert safe[:1] not in ("=", "+", "@", "\t", "\r", "＝", "＋", "＠")
    assert safe in (cell, f"'{cell}")


@pytest.mark.parametrize(
    ("cell", "safe"),
    [("-0.05", "-0.05"), ("-1+1", "'-1+1"), ("=1", "'=1"), ("70.67 万条", "70.67 万条"), ("-7.82%", "-7.82%"), ("-", "-"),
     ("－7.82％", "－7.82％"), ("-cmd", "'-cmd"), ("＝1+1", "'＝1+1"), (" =1", "' =1"), ("－A1", "'－A1"), ("\t=1", "'\t=1")],
)  # fmt: skip
def test_numbers_stay_numbers(cell: str, safe: str) -> None:
    assert defused(cell) == safe


def test_formulas_in_a_report_are_text_in_every_format(tmp_path: Path, cache: Path) -> None:
    data = copy_data(tmp_path / "data")
    package = Package(data)
    [report] = package.reports()
    bad = '=HYPERLINK("http://x.cn","a")'
    first, *mentions = package.mentions("640000", 2018)
    package.write(
        replace(report, title=bad),
        package.facts("640000", 2018),
        [replace(first, counts=bad, section="@SUM(1)"), *mentions],
    )
    with serving(data, cache) as client:
        for path in ("mentions", "reports", "charts/channels"):
            content = client.get(f"/api/v1/{path}.csv").content
            assert not [cell for row in rows_of(content) for cell in row.values() if cell[:1] in ("=", "@")]
        figures, _ = sheets_of(client.get("/api/v1/mentions.xlsx").content)
        assert bad in figures[1]
        with zipfile.ZipFile(io.BytesIO(client.get("/api/v1/mentions.xlsx").content)) as book:
            assert not [name for name in book.namelist() if "externalLink" in name or name.endswith("sheet1.xml.rels")]


# --- limits -----------------------------------------------------------------------------------------


def test_who_asks_too_much_is_told_how_long_to_wait(published: Path, cache: Path) -> None:
    with serving(published, cache, api_limit=5) as client:
        first = client.get("/api/v1/bodies")
        assert first.headers["ratelimit"].startswith('"minute";r=4')
        answers = [client.get("/api/v1/bodies?lang=en") for _ in range(5)]
        assert [each.status_code for each in answers] == [200] * 4 + [429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert "seconds" in problem(answers[-1])["detail"]
        assert client.get("/").status_code == 200, "pages have no limit"


def test_costly_answers_weigh_more(published: Path, cache: Path) -> None:
    with serving(published, cache, api_limit=30) as client:
        assert client.get("/api/v1/data.zip").status_code == 200
        assert client.get("/api/v1/charts/channels.xlsx").status_code == 200
        assert client.get("/api/v1/data.zip").status_code == 429
        assert client.get("/api/v1/bodies").status_code == 200


def test_what_weighs_more_than_all_that_is_allowed_is_allowed_alone() -> None:
    limits = Limits(3)
    assert limits.ask("203.0.113.1", 20).is_allowed
    assert not limits.ask("203.0.113.1", 1).is_allowed


def test_a_client_can_not_choose_who_it_is(published: Path, cache: Path) -> None:
    chosen = replace(settings.load({}), data_dir=published, cache_dir=cache, api_limit=1)
    app = create_app(chosen)

    def status(peer: str, forwarded: str) -> int:
        behind = ProxyHeadersMiddleware(app, trusted_hosts="127.0.0.1")
        with TestClient(behind, client=(peer, 1000)) as client:
            return client.get("/api/v1/bodies", headers={"X-Forwarded-For": forwarded}).status_code

    assert status("203.0.113.9", "10.0.0.1") == 200
    assert status("203.0.113.9", "10.0.0.2") == 429, "its word is not taken"
    assert status("127.0.0.1", "198.51.100.1") == 200
    assert status("127.0.0.1", "198.51.100.2") == 200, "that of a known proxy is"
    assert status("127.0.0.1", "10.9.9.9, 198.51.100.2") == 429, "and only what the proxy itself has seen"


@pytest.mark.parametrize(
    ("host", "name"),
    [("203.0.113.9", "203.0.113.9"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
     ("::ffff:203.0.113.9", "203.0.113.9"), ("fe80::1%eth0", "fe80::/64"), (None, "unknown"), ("", "unknown"), ("x" * 500, "x" * 64)],
)  # fmt: skip
def test_an_office_or_household_counts_as_one_client(host: str | None, name: str) -> None:
    assert client_of(host) == name


def test_a_flood_of_clients_takes_no_more_memory() -> None:
    limits = Limits(10, most_clients=50)
    for number in range(500):
        assert limits.ask(f"10.0.{number // 250}.{number % 250}", 1).is_allowed
    assert limits.clients == 50
    assert len(limits._counts.storage.storage) <= 50  # type: ignore[attr-defined]


def test_workers_share_the_limit_and_nought_is_none() -> None:
    limits = Limits(10, workers=4)
    assert [limits.ask("a", 1).is_allowed for _ in range(4)] == [True, True, True, False]
    assert all(Limits(0).ask("a", 10**6).is_allowed for _ in range(3))


def test_kept_answers_are_bounded_by_their_size() -> None:
    kept = KeptAnswers(100_000)
    stored = [Stored.of(os.urandom(20_000), "image/png", Cache(None)) for _ in range(8)]
    for number, each in enumerate(stored):
        kept.put(number, each)
    assert [number for number in range(8) if kept.get(number)] == [4, 5, 6, 7]
    kept.put("large", Stored.of(os.urandom(50_000), "image/png", Cache(None)))
    assert kept.get("large") is None and kept.get(7) is not None


def test_what_was_made_is_not_made_again(published: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(published, cache) as client:
        first = client.get("/api/v1/charts/channels.xlsx")

        def broken(*_: object) -> None:
            raise UserError("api.busy")

        monkeypatch.setattr("dashboard.api.charts.to_xlsx", broken)
        assert client.get("/api/v1/charts/channels.xlsx").content == first.content
        assert client.get("/api/v1/charts/growth.xlsx").status_code == 503
