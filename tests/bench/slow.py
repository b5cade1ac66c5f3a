"""A slow line and a slow processor, and a count of what goes over the line: how pages are loaded to compare them.

4 times CPU throttling, 1.6 Mbit/s, 150 ms round trip, gzip alone, no cache. Knows no page.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.conftest import CHROMIUM, QUIET

LONGEST = 180.0
_QUIET = 0.7

_PLAIN: list[tuple[str, dict[str, Any]]] = [
    ("Network.enable", {}),
    ("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "gzip"}}),
]
_SLOW: list[tuple[str, dict[str, Any]]] = [
    (
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 1.6e6 / 8},
    ),
    ("Emulation.setCPUThrottlingRate", {"rate": 4}),
]


@dataclass
class Wire:
    """What the browser asked for and what came, as its network layer counts it: bodies and headers."""

    origin: str
    is_alone: bool = True  # asks no other host
    asked: int = 0
    pending: set[str] = field(default_factory=set)
    size: float = 0
    last: float = field(default_factory=time.monotonic)

    def watch(self, session: CDPSession) -> None:
        session.on("Network.requestWillBeSent", self._ask)
        session.on("Network.responseReceived", self._receive)
        session.on("Network.loadingFinished", self._finish)
        session.on("Network.loadingFailed", self._fail)
        session.on("Network.webSocketCreated", self._open)
        session.on("Network.webSocketFrameReceived", self._frame)

    def is_quiet(self) -> bool:
        return not self.pending and time.monotonic() - self.last > _QUIET

    def _ask(self, event: dict[str, Any]) -> None:
        address: str = event["request"]["url"]
        if address.startswith(("data:", "blob:")):
            return
        assert address.startswith(self.origin) or not self.is_alone, f"asks another host: {address}"
        self.asked += 1
        self.pending.add(event["requestId"])
        self.last = time.monotonic()

    def _receive(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        assert headers.get("content-encoding", "gzip") == "gzip", f"not gzip: {event['response']['url']}"

    def _finish(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.pending:
            self.size += event["encodedDataLength"]
        self._end(event)

    def _fail(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.pending and self.is_alone:
            print(f"  a request failed: {event.get('errorText')}", file=sys.stderr)
        self._end(event)

    def _end(self, event: dict[str, Any]) -> None:
        self.pending.discard(event["requestId"])
        self.last = time.monotonic()

    def _open(self, _event: dict[str, Any]) -> None:
        self.asked += 1
        self.last = time.monotonic()

    def _frame(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        # What is not text comes told in base64.
        self.size += len(answer["payloadData"].encode()) * (1.0 if answer["opcode"] == 1 else 0.75)
        self.last = time.monotonic()


@contextmanager
def browsing() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def visit(
    browser: Browser,
    address: str,
    size: tuple[int, int],
    *watching: str,
    origin: str = "",
    is_alone: bool = True,
    is_slow: bool = True,
    keeps: bool = False,
) -> Iterator[tuple[Page, Wire]]:
    """A page that has just been asked for, with nothing kept from before. `watching` runs in it before its own scripts.

    `keeps`: what may be kept for the next visit in it is.
    """
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    for script in watching:
        page.add_init_script(script)
    session = context.new_cdp_session(page)
    wire = Wire(origin or "/".join(address.split("/", 3)[:3]), is_alone)
    wire.watch(session)
    session.send("Network.setCacheDisabled", {"cacheDisabled": not keeps})
    for command, arguments in [*_PLAIN, *(_SLOW if is_slow else [])]:
        session.send(command, arguments)
    page.goto(address, wait_until="commit", timeout=LONGEST * 1000)
    yield page, wire
    context.close()


def until(page: Page, expression: str, what: str) -> Any:
    """What the expression gives in the page, once it gives anything."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        found = page.evaluate(expression)
        if found:
            return found
        page.wait_for_timeout(20)
    raise TimeoutError(f"{page.url}: {what} within {LONGEST:.0f} s")


def until_quiet(page: Page, wire: Wire) -> None:
    """What a page still asks for once its charts stand belongs to the visit, as does a late paint."""
    while not wire.is_quiet():
        page.wait_for_timeout(50)
