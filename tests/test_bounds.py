"""What one request, or many at once, may cost: bounded, and what is ready goes out as ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from dashboard.delivery import Full, Room
from dashboard.delivery.asked import Asked
from dashboard.delivery.encoding import preferred
from dashboard.messages import Language
from dashboard.parts import PAGES
from tests.programs import serving

Made = TypeVar("Made")

LONG = "很" * 3000


@pytest.fixture(scope="module")
def client(published: Path, cache: Path) -> Iterator[TestClient]:
    with serving(published, cache) as client:
        yield client


@pytest.mark.parametrize("path", ["/?x=", "/bodies?q=", "/embed/channels?", "/api/v1/facts?q=", "/_dash-layout?"])
def test_an_address_longer_than_any_of_ours_is_refused_unread(client: TestClient, path: str) -> None:
    assert client.get(path + LONG).status_code == 414


def test_headers_larger_than_any_browsers_are_refused(client: TestClient) -> None:
    assert client.get("/", headers={"X-Filler": "x" * 33_000}).status_code == 431


def test_the_longest_addresses_that_we_write_are_answered(client: TestClient) -> None:
    url = "http://127.0.0.1:8050/embed/channels?body=640000&year=2018&lang=en&theme=auto"
    assert client.get("/oembed", params={"url": url, "filler": "x" * 1900}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/v1/facts?limit=1000000", "/api/v1/facts?offset=999999999999", "/api/v1/facts?limit=-1"]
)
def test_a_list_has_a_largest_page_and_a_farthest_place(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_a_search_reads_no_more_words_and_codes_than_a_person_types(client: TestClient) -> None:
    words, codes = "宁" * 600, ",".join(["640000"] * 600)
    assert (
        client.get("/bodies.json", params={"q": words[:80]}).json()
        == client.get("/bodies.json", params={"q": words}).json()
    )
    assert len(client.get("/bodies.json", params={"codes": codes}).json()["hits"]) <= 24


def test_an_encoding_longer_than_any_browsers_is_not_remembered() -> None:
    from dashboard.delivery import encoding

    before = encoding._preferred.cache_info().currsize
    assert preferred("br, " + "x" * 10_000) == "identity"
    assert encoding._preferred.cache_info().currsize == before


def test_no_page_answers_a_method_that_changes_something(client: TestClient) -> None:
    for path in (
        *PAGES,
        "/bodies",
        "/search",
        "/search.json",
        "/document",
        "/healthz",
        "/_dash-layout",
        "/embed/channels",
        "/api/v1/facts",
    ):
        assert {client.request(method, path).status_code for method in ("POST", "PUT", "DELETE", "PATCH")} == {405}, (
            path
        )


class Gate:
    """Work that lasts until it is let go; counts how much of it goes on at a time."""

    def __init__(self) -> None:
        self.opened, self.begun = threading.Event(), threading.Semaphore(0)
        self.now = self.most = 0
        self._lock = threading.Lock()

    def work(self) -> str:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.begun.release()
        assert self.opened.wait(30)
        with self._lock:
            self.now -= 1
        return "made"


def test_a_room_makes_a_few_at_a_time_and_turns_away_who_finds_it_full() -> None:
    async def tried() -> tuple[list[object], int]:
        room, gate = Room(2, 5), Gate()
        inside = [asyncio.create_task(room.make(gate.work)) for _ in range(5)]
        await asyncio.to_thread(gate.begun.acquire)
        with pytest.raises(Full):
            await room.make(gate.work)
        refused = await room.answer(lambda: PlainTextResponse("made"), Language.EN)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        gate.opened.set()
        made: list[object] = list(await asyncio.gather(*inside))
        assert await room.make(gate.work) == "made", "there is room again"
        return made, gate.most

    made, most = _alone(tried())
    assert made == ["made"] * 5
    assert most <= 2


def test_what_is_kept_is_answered_while_hostile_addresses_fill_the_room(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Layouts that nobody has asked for wait; one that is ready goes out, and so do health and assets."""
    from dashboard.web_pages import WebPages

    page = {"Referer": f"{client.base_url}/disclosure?lang=en"}
    client.get("/disclosure?lang=en")
    ready = client.get("/_dash-layout", headers=page)
    assert ready.status_code == 200
    gate, whole = Gate(), WebPages._whole
    monkeypatch.setattr(WebPages, "_whole", lambda *given: (gate.work(), whole(*given))[1])
    statuses: list[int] = []

    def hostile(number: int) -> None:
        referrer = {"Referer": f"{client.base_url}/disclosure?lang=en&x={number}"}
        statuses.append(client.get("/_dash-layout", headers=referrer).status_code)

    asking = [threading.Thread(target=hostile, args=(number,)) for number in range(80)]
    for each in asking:
        each.start()
    try:
        gate.begun.acquire()
        while 503 not in statuses:
            assert client.get("/_dash-layout", headers=page).content == ready.content
        assert client.get("/healthz").status_code == 200
    finally:
        gate.opened.set()
        for each in asking:
            each.join()
    assert statuses.count(503) + statuses.count(200) == 80
    assert gate.most <= 3


def test_callbacks_wait_in_a_queue_that_ends() -> None:
    async def tried() -> list[int]:
        held = asyncio.Event()

        async def slow(scope: object, receive: object, send: Callable[[dict[str, object]], Awaitable[None]]) -> None:
            await held.wait()
            await PlainTextResponse("made")(scope, receive, send)  # type: ignore[arg-type]  # a message of the test's own

        asked = Asked(slow, ["page.children"], most=2)  # type: ignore[arg-type]  # a message of the test's own
        asking = [asyncio.create_task(_posted(asked)) for _ in range(4)]
        await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        held.set()
        return sorted(await asyncio.gather(*asking))

    assert _alone(tried()) == [200, 200, 503, 503]


def _alone(tried: Coroutine[Any, Any, Made]) -> Made:
    """In a thread of its own: a test with a browser leaves its loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, tried).result()


async def _posted(app: Asked) -> int:
    statuses: list[int] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b'{"output":"page.children","inputs":[]}', "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(str(message["status"])))

    scope = {"type": "http", "path": "/_dash-update-component", "method": "POST", "headers": []}
    await app(scope, receive, send)  # type: ignore[arg-type]  # a message of the test's own
    return statuses[0]
