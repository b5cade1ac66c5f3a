"""What the API refuses, in one shape: hostile addresses, wrong methods, too many questions."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from dashboard import settings
from dashboard.api.answers import KeptAnswers
from dashboard.api.docs_page import PROBLEMS
from dashboard.api.limits import Limits
from dashboard.api.limits import client as client_of
from dashboard.app import create_app
from dashboard.delivery import Cache, Stored
from dashboard.messages import UserError
from tests.programs import problem, serving

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
    problem(answer)
    assert answer.headers["x-content-type-options"] == "nosniff"
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
    assert len(limits._counts.storage.storage) <= 50  # type: ignore[attr-defined]  # what the library keeps inside


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
