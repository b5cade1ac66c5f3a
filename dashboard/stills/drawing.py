"""The drawing process' side: keeps one browser with one page open and draws in it, one figure after another.

The only module that knows kaleido. Figures as plain dicts come in, the files that plotly makes go out. Runs in a
worker; what it starts or writes, the worker's parent ends or removes.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import MutableMapping, Sequence
from typing import Any

from choreographer.browsers import Chromium
from kaleido import Kaleido

from dashboard import worker
from dashboard.stills.launch import ALONE, NOWHERE, has_sandbox
from dashboard.stills.order import Order


class _Chromium(Chromium):
    """Without other hosts, and with its files where the worker's parent removes them."""

    def get_cli(self) -> Sequence[str]:
        return [*super().get_cli(), *ALONE]

    def get_env(self) -> MutableMapping[str, str]:
        folder = tempfile.gettempdir()
        return {**super().get_env(), "TMPDIR": folder, "XDG_CONFIG_HOME": folder, "GSETTINGS_BACKEND": "memory"}


class _Page(Kaleido):  # type: ignore[misc]  # it has no types
    """One page for all drawings. Kaleido would load it anew after each, which takes longer than to draw."""

    async def populate_targets(self) -> None:
        worker.own(self.subprocess.pid)
        await super().populate_targets()

    async def _return_kaleido_tab(self, tab: Any) -> None:
        await self.tabs_ready.put(tab)


_loop: asyncio.AbstractEventLoop | None = None
_page: _Page | None = None


def start(browser: str, script: str) -> None:
    """Opens the page with plotly's script."""
    global _loop, _page
    _loop = asyncio.new_event_loop()
    _page = _loop.run_until_complete(_opened(browser, script))


async def _opened(browser: str, script: str) -> _Page:
    page = _Page(
        n=1,
        timeout=None,  # the worker's parent holds the clock
        plotlyjs=script,
        mathjax=False,  # kaleido's default names another host
        path=browser,
        browser_cls=_Chromium,
        enable_sandbox=has_sandbox(),
        enable_extensions=False,
        proxy_server=NOWHERE,
    )
    await page.open()
    return page


def draw(orders: Sequence[Order]) -> list[bytes]:
    """The files, in the order of the orders."""
    if _loop is None or _page is None or _page.subprocess.poll() is not None:
        raise RuntimeError("no browser is running")
    return _loop.run_until_complete(_drawn(_page, orders))


async def _drawn(page: _Page, orders: Sequence[Order]) -> list[bytes]:
    return [
        await page.calc_fig(
            order.figure,
            opts={"format": order.kind, "width": order.width, "height": order.height, "scale": order.scale},
        )
        for order in orders
    ]
