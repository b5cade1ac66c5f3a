"""For those who run it: the number of a request, what the log tells and what it keeps to itself, how the server is."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dashboard import settings, web_pages
from dashboard.operation import Health, log
from dashboard.operation.families import family
from dashboard.site import Site
from tests.programs import serving

TYPED = "张三丰的秘密"


@pytest.fixture(scope="module")
def client(published: Path, cache: Path) -> Iterator[TestClient]:
    """Logs every request."""
    with serving(published, cache, log_slow_ms=0) as client:
        yield client


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What would stand on standard error, as JSON."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(log.AsJson())
    logger = logging.getLogger("gongkai")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.mark.parametrize("given", ["0123456789abcdef", "proxy-1.request_7"])
def test_a_request_keeps_the_number_a_proxy_gave_it(client: TestClient, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["short", "x" * 65, "two words", "'; drop--------", "<script>alert"])
def test_a_number_that_is_none_is_replaced(client: TestClient, given: str) -> None:
    made = client.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{16}", made)


def test_a_kept_answer_carries_the_number_of_each_request(client: TestClient) -> None:
    numbers = {client.get("/embed.js").headers["x-request-id"] for _ in range(3)}
    assert len(numbers) == 3


def test_the_log_tells_route_status_and_time_of_a_request(client: TestClient, logged: io.StringIO) -> None:
    client.get("/api/v1/facts?limit=1", headers={"X-Request-ID": "request-of-mine"})
    [told] = [json.loads(line) for line in logged.getvalue().splitlines() if "milliseconds" in line]
    expected = {"request": "request-of-mine", "route": "/api/v1", "method": "GET", "status": 200, "level": "INFO"}
    assert told.items() >= expected.items()
    assert isinstance(told["milliseconds"], int)


def test_the_log_keeps_to_itself_who_asked_and_what_was_typed(
    client: TestClient, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/bodies", params={"q": TYPED})
    client.get(f"/{TYPED}")
    client.get("/disclosure", params={"body": TYPED})
    monkeypatch.setattr(web_pages, "_told", _broken)
    client.get("/disclosure", params={"body": TYPED})
    written = logged.getvalue()
    assert written.count('"milliseconds"') == 4
    assert "RuntimeError" in written
    assert TYPED not in written
    assert "testclient" not in written, "the client's address"


def _broken(*_: object) -> None:
    raise RuntimeError("broken")


def test_what_breaks_within_is_answered_with_its_number_and_the_guards_of_any_page(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_pages, "_told", _broken)
    answer = client.get("/capacity?lang=en")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"


def test_addresses_are_named_by_a_closed_set_of_kinds() -> None:
    asked = ["/", "/disclosure", "/healthz", "/embed/flow", "/snapshot/x/embed/flow", "/api", "/api/v1/charts/flow.svg"]
    asked += ["/assets/a.css", "/_dash-layout", "/_dash-component-suites/x", "/admin/login", "/wp-login.php", ""]
    named = ["/", "/disclosure", "/healthz", "/embed", "/snapshot/embed", "/api/v1", "/api/v1/charts"]
    named += ["/assets", "/_dash-layout", "/_dash", "/admin", "other", "other"]
    assert [family(each) for each in asked] == named


def test_health_tells_the_snapshot_its_hash_and_when_its_files_were_found_good(client: TestClient) -> None:
    answer = client.get("/healthz")
    told = answer.json()
    assert told["status"] == "ok"
    assert told["hash"].startswith(told["snapshot"].rpartition("-")[2])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", told["verified"])
    assert answer.headers["cache-control"] == "no-store"


def test_health_says_when_a_file_is_damaged_while_it_is_shown(data_dir: Path) -> None:
    from dashboard.snapshots import build

    chosen = replace(settings.load({}), data_dir=data_dir)
    name = build.refresh(chosen).name
    site = Site(chosen)
    health, patient = Health(site, seconds=0), Health(site)
    assert [each.told()[1]["status"] for each in (health, patient)] == ["ok", "ok"]
    file = chosen.snapshots_dir / name / "facts.parquet"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    status, told = health.told()
    assert (status, told["status"]) == (200, "degraded")
    assert "facts.parquet" in told["reason"]
    assert patient.told()[1]["status"] == "ok", "who asks often makes nothing be read again"
