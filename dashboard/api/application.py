"""The API put together: an application of its own under /api, with one shape of error and a limit for each client.

What an address asks for is found out and made in threads; what was made is kept. Knows neither Dash nor the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from dashboard import meters
from dashboard.api import charts, formats, listing
from dashboard.api.answers import GUARDS, LIVE, Envelope, KeptAnswers, Wanted
from dashboard.api.docs_page import DocsPage
from dashboard.api.errors import Problems, Refused
from dashboard.api.gate import Gate
from dashboard.api.limits import Limits
from dashboard.api.names import disposition
from dashboard.api.openapi import PACKAGE_PARAMETERS, Descriptions
from dashboard.api.package import Packages
from dashboard.api.parameters import read
from dashboard.api.tables import TABLES
from dashboard.delivery import Delivery
from dashboard.delivery.stored import FOREVER
from dashboard.messages import UserError
from dashboard.site import Site
from dashboard.stills import Stills

Result = TypeVar("Result")
_BLOCK = 1024 * 1024
# Answers made at a time, and waiting to be: pages must not wait for programs.
_QUESTIONS, _PICTURES, _ARCHIVES, _WAITING = 3, 2, 2, 64
# Finding out what an address asks for may open a snapshot of before.
_FINDING = 4


def create_api(site: Site, stills: Stills, delivery: Delivery) -> FastAPI:
    """To be mounted at /api."""
    settings = site.settings
    problems = Problems(settings.address, settings.language)
    answers = Answers(site, stills)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.router.routes.extend(
        [
            *(Route(f"/v1/{name}", answers.table) for name in TABLES),
            *(Route(f"/v1/{name}.{each.ending}", answers.table) for name in TABLES for each in formats.OF_TABLES),
            Route("/v1/charts/{name}", answers.chart),
            Route("/v1/data.zip", answers.package),
            Route("/v1/openapi.json", Descriptions(settings.language).answer),
            Route("/v1/docs", DocsPage(settings.language, delivery).answer),
        ]
    )
    app.add_exception_handler(UserError, problems.user_error)
    app.add_exception_handler(404, problems.http)
    app.add_exception_handler(405, problems.http)
    app.add_exception_handler(500, problems.unforeseen)
    app.add_middleware(Gate, limits=Limits(settings.api_limit, settings.workers), problems=problems)
    return app


class Answers:
    """Endpoints: each finds out what is wanted, and sends it from memory or makes it."""

    def __init__(self, site: Site, stills: Stills) -> None:
        self._site, self._stills = site, stills
        self._kept = KeptAnswers()
        self._packages = Packages(site.settings.cache_dir / "packages", site.settings.address)
        self._questions, self._pictures = CapacityLimiter(_QUESTIONS), CapacityLimiter(_PICTURES)
        self._archives, self._finding = CapacityLimiter(_ARCHIVES), CapacityLimiter(_FINDING)
        self._waiting = 0

    async def table(self, request: Request) -> Response:
        name, told = formats.split(request.url.path.rpartition("/")[2], formats.OF_TABLES)
        kind = told or formats.accepted(request.headers.get("accept", ""), formats.OF_TABLES)

        def find() -> Wanted:
            return listing.wanted(self._site, TABLES[name], kind, request.url.query, varies=told is None)

        return await self._sent(request, find)

    async def chart(self, request: Request) -> Response:
        name, told = formats.split(request.path_params["name"], formats.OF_CHARTS)
        kind = told or formats.accepted(request.headers.get("accept", ""), formats.ACCEPTED_OF_CHARTS)

        def find() -> Wanted:
            return charts.wanted(self._site, self._stills, name, kind, request.url.query, varies=told is None)

        return await self._sent(request, find)

    async def package(self, request: Request) -> Response:
        return await self._made(lambda: self._package(request), self._archives)

    async def _sent(self, request: Request, find: Callable[[], Wanted]) -> Response:
        wanted = await to_thread.run_sync(find, limiter=self._finding)
        found = self._kept.get(wanted.key)
        meters.counts.looked_up("api", found is not None)
        if found is None:
            found = await self._made(
                wanted.make, self._pictures if charts.is_picture(wanted.format) else self._questions
            )
            self._kept.put(wanted.key, found)
        return found.answer(request)

    async def _made(self, make: Callable[[], Result], room: CapacityLimiter) -> Result:
        if self._waiting >= _WAITING:
            raise Refused(503, "api.busy", {"Retry-After": "5"})
        self._waiting += 1
        try:
            return await to_thread.run_sync(make, limiter=room)
        finally:
            self._waiting -= 1

    def _package(self, request: Request) -> Response:
        given = read(request.url.query, PACKAGE_PARAMETERS)
        snapshot = self._site.asked(str(given.get("snapshot", ""))).snapshot
        tag = f'"{self._packages.name(snapshot)}"'
        address = f"{self._site.settings.address}/api/v1/data.zip?snapshot={snapshot.name}"
        name = f"gongkai-{snapshot.name}.zip"
        envelope = Envelope(formats.ZIP, disposition(name, name, is_attachment=True), "snapshot" in given)
        headers = GUARDS | {
            "Cache-Control": FOREVER if envelope.is_frozen else LIVE,
            "ETag": tag,
            "Link": f'<{address}>; rel="canonical"',
            "Content-Disposition": envelope.disposition,
        }
        if _is_known(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        _, file = self._packages.open(snapshot)
        size = file.seek(0, 2)
        headers["Content-Length"] = str(size)
        if request.method == "HEAD":
            file.close()
            return Response(headers=headers, media_type=formats.ZIP.media_type)
        file.seek(0)

        def blocks() -> Iterator[bytes]:
            with file:
                while block := file.read(_BLOCK):
                    yield block

        return StreamingResponse(blocks(), headers=headers, media_type=formats.ZIP.media_type)


def _is_known(none_match: str, tag: str) -> bool:
    tags = {each.strip().removeprefix("W/") for each in none_match.split(",")}
    return "*" in tags or tag in tags
