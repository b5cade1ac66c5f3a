"""The API's charts without a browser: every download opens and holds the figures, copies are asked about."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import etree
from PIL import Image
from starlette.testclient import TestClient

from dashboard.charts import CHARTS, Filters, draw
from dashboard.snapshots.store import Snapshot
from tests.conftest import DRAWN, copy_data
from tests.programs import path_of, problem, republished, rows_of, serving, sheets_of


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


@pytest.mark.parametrize("chart", DRAWN)
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
@pytest.mark.parametrize("chart", DRAWN)
def test_each_chart_gives_its_figure_as_it_is_drawn(
    api: TestClient, snapshot: Snapshot, chart: str, theme: str
) -> None:
    answer = api.get(f"/api/v1/charts/{chart}.plotly.json?theme={theme}")
    drawing = draw(snapshot, chart, Filters.from_query(f"?theme={theme}", snapshot.engine))
    assert answer.json() == json.loads(json.dumps(drawing.figure))
    assert answer.json()["layout"]["meta"]["narrow"]["data"]
    assert len(answer.content) < 20_000


@pytest.mark.parametrize("chart", DRAWN)
def test_each_chart_is_a_picture_that_tells_where_it_is_from(api: TestClient, snapshot: Snapshot, chart: str) -> None:
    drawing = draw(snapshot, chart, Filters.from_query("", snapshot.engine))
    png = api.get(f"/api/v1/charts/{chart}.png")
    assert png.status_code == 200, png.text
    image = Image.open(io.BytesIO(png.content))
    image.load()
    assert image.width == 2 * 760
    assert image.text["Title"].endswith(drawing.title) and image.text["Copyright"] == "CC BY 4.0"  # type: ignore[attr-defined]  # pillow tells the text of PNG alone
    assert image.text["Snapshot"] == snapshot.name  # type: ignore[attr-defined]  # pillow tells the text of PNG alone
    svg = api.get(f"/api/v1/charts/{chart}.svg")
    root = etree.fromstring(svg.content)
    words = " ".join(root.itertext())
    assert drawing.title in words and snapshot.name in words and "CC BY 4.0" in words
    assert not root.xpath("//*[local-name()='script' or local-name()='foreignObject' or local-name()='image']")


def test_without_a_browser_a_picture_is_refused_with_a_reason(published: Path, own_cache: Path) -> None:
    with serving(published, own_cache, browser="/nowhere/chromium") as client:
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


def test_a_live_answer_is_asked_about_and_a_named_one_never_changes(tmp_path: Path, cache: Path) -> None:
    data = copy_data(tmp_path / "data")
    with serving(data, cache) as client:
        name = client.get("/api/v1/bodies").json()["snapshot"]
        for path in ("charts/channels.csv", "charts/channels.plotly.json", "reports", "facts.xlsx", "data.zip"):
            live = client.get(f"/api/v1/{path}")
            whole = "&body=640000&year=2018&lang=zh" if path.startswith("charts") else ""
            named = client.get(f"/api/v1/{path}?snapshot={name}{whole}")
            if whole:  # what the address leaves to the server's settings may change with them
                bare = client.get(f"/api/v1/{path}?snapshot={name}")
                assert bare.headers["cache-control"] == "public, no-cache", path
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
