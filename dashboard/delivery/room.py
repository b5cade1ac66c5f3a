"""How much is made at a time: a few answers in threads, some waiting, and no more; who comes then is told to come again.

So that whatever a few addresses cost, what is kept ready goes out as ever.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard.messages import Language, UserError, text

Result = TypeVar("Result")


class Full(UserError):
    """Too many wait already."""

    def __init__(self) -> None:
        super().__init__("api.busy")


class Room:
    """`making` at a time, each in a thread; `waiting` at most, those that are being made among them."""

    def __init__(self, making: int, waiting: int) -> None:
        self._limiter, self._most, self._inside = CapacityLimiter(making), waiting, 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[CapacityLimiter]:
        """A place in the queue. Raises Full at once where there is none."""
        if self._inside >= self._most:
            raise Full
        self._inside += 1
        try:
            yield self._limiter
        finally:
            self._inside -= 1

    async def make(self, function: Callable[[], Result]) -> Result:
        """What a thread makes of it. Raises Full, and whatever the function raises."""
        async with self.place() as limiter:
            return await to_thread.run_sync(function, limiter=limiter)

    async def answer(self, function: Callable[[], Response], language: Language) -> Response:
        """An answer that a thread makes, or a sentence in that language that says to come again."""
        try:
            return await self.make(function)
        except Full:
            return full(language)

    def serving(
        self, make: Callable[[Request], Response], language: Language
    ) -> Callable[[Request], Awaitable[Response]]:
        """As `answer`, for a route."""

        async def serve(request: Request) -> Response:
            return await self.answer(lambda: make(request), language)

        return serve


def full(language: Language) -> Response:
    headers = {"Retry-After": "5", "Cache-Control": "no-store"}
    return PlainTextResponse(text("api.busy", language), 503, headers)
