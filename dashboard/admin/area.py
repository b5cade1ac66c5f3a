"""The admin area as one application: every request passes here, and only what a route declares gets through.

A route cannot be added without saying which role it takes (`require(role)`, or `OPEN` for the pages that lead in). What
stands at none is told to nobody who is not signed in. GET and HEAD change nothing; anything else needs the token.
"""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import FormData, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, compile_path
from starlette.types import Message, Receive, Scope, Send

from dashboard.admin import csrf
from dashboard.admin.cookies import Cookies
from dashboard.admin.entry import Entry
from dashboard.admin.roles import Requirement, Role
from dashboard.admin.state import State
from dashboard.admin.templating import Templates
from dashboard.admin.trail import Trail
from dashboard.admin.visit import HOME, LOGIN, Visit
from dashboard.messages import UserError
from dashboard.settings import Settings

_log = logging.getLogger("gongkai.admin")
Handler = Callable[[Visit], Response] | Callable[[Visit], Awaitable[Response]]

Result = TypeVar("Result")

SMALL = 64 * 1024  # bytes of a form without a file
_THREADS = 8
_READING = ("GET", "HEAD")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True)
class Declared:
    """A route. `menu` is the id of its words in the menu; `largest` the bytes that its requests may hold."""

    path: str
    requirement: Requirement
    methods: tuple[str, ...]
    handler: Handler
    is_data: bool
    menu: str
    largest: int

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return compile_path(self.path)[0]


class _Refused(Exception):
    def __init__(self, status: int, message_id: str) -> None:
        super().__init__(message_id)
        self.status, self.message_id = status, message_id


class Area(BaseRoute):
    """Everything at and below /admin."""

    def __init__(
        self, settings: Settings, state: State, entry: Entry, templates: Templates, trail: Trail, cookies: Cookies
    ) -> None:
        self.settings, self.state, self.entry = settings, state, entry
        self.templates, self.trail, self.cookies = templates, trail, cookies
        self.declared: list[Declared] = []
        self._threads: CapacityLimiter | None = None

    def route(
        self,
        path: str,
        requirement: Requirement,
        *,
        methods: Collection[str] = ("GET",),
        is_data: bool = False,
        menu: str = "",
        largest: int = SMALL,
    ) -> Callable[[Handler], Handler]:
        """Declares a handler, sync or async; a path below /admin, which may hold {name}s: `visit.request.path_params`.

        `is_data`: for scripts, so that who may not come gets a problem as JSON in place of a page.
        """
        if not isinstance(requirement, Requirement):
            raise TypeError(f"{path}: a route states what it requires")
        if path != HOME and not path.startswith(f"{HOME}/"):
            raise ValueError(f"{path} is not below {HOME}")
        allowed = (*methods, "HEAD") if "GET" in methods else tuple(methods)

        def declare(handler: Handler) -> Handler:
            self.declared.append(Declared(path, requirement, allowed, handler, is_data, menu, largest))
            return handler

        return declare

    def menu(self, visit: Visit) -> list[Declared]:
        """The pages that the visitor's role opens."""
        return [each for each in self.declared if each.menu and _may(visit, each.requirement)]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        is_ours = scope["type"] == "http" and (scope["path"] == HOME or scope["path"].startswith(f"{HOME}/"))
        return (Match.FULL, {}) if is_ours else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        limited = _Limited(receive)
        request = Request(scope, limited)
        visit = Visit(request, self, is_data="json" in request.headers.get("accept", ""))
        try:
            response = await self._answer(visit, limited)
        except _Refused as refused:
            response = self._refusal(visit, refused)
        except ClientDisconnect:
            return
        except UserError as problem:
            response = visit.refused(400, problem.say(visit.language))
        except Exception:  # noqa: BLE001  # whatever happens, the answer carries our headers; the log has the traceback
            _log.exception("%s %s", request.method, request.url.path)
            response = self._refusal(visit, _Refused(500, "admin.internal"))
        if visit.secret and visit.secret != self.cookies.session(request):
            self.cookies.give_session(request, response, visit.secret)
        await response(scope, receive, _guarded(send))

    async def _answer(self, visit: Visit, limited: _Limited) -> Response:
        if not self.cookies.is_safe(visit.request):
            raise _Refused(403, "admin.needs_encryption")
        await self._beside(self._recognise, visit)
        declared, is_allowed = self._find(visit.request)
        if declared is None:
            if visit.who is None:
                return self._not_entitled(visit)
            raise _Refused(404, "admin.nowhere")
        visit.is_data = declared.is_data
        if not _may(visit, declared.requirement):
            return self._not_entitled(visit)
        if not is_allowed:
            raise _Refused(405, "admin.wrong_method")
        if visit.request.method not in _READING:
            limited.most = declared.largest
            await self._require_token(visit)
        if inspect.iscoroutinefunction(declared.handler):
            answer: Response = await declared.handler(visit)
            return answer
        return await self._beside(declared.handler, visit)  # type: ignore[arg-type]  # the other half of Handler

    async def _beside(self, work: Callable[[Visit], Result], visit: Visit) -> Result:
        """In a thread of the few that are the admin area's own: a crowd at its door takes none from the public pages."""
        if self._threads is None:
            self._threads = CapacityLimiter(_THREADS)
        return await to_thread.run_sync(work, visit, limiter=self._threads)

    def _recognise(self, visit: Visit) -> None:
        visit.secret = self.cookies.session(visit.request)
        visit.session, visit.who = self.entry.recognise(visit.secret)
        if visit.session:
            visit.secret = visit.session.id

    def _find(self, request: Request) -> tuple[Declared | None, bool]:
        """The route at the address, and whether it takes the method."""
        other: Declared | None = None
        for declared in self.declared:
            found = declared.pattern.match(request.scope["path"])
            if not found:
                continue
            if request.method in declared.methods:
                request.scope["path_params"] = found.groupdict()
                return declared, True
            other = other or declared
        return other, False

    def _not_entitled(self, visit: Visit) -> Response:
        if visit.who is not None:
            raise _Refused(403, "admin.not_your_role")
        if visit.is_data or visit.request.method not in _READING:
            raise _Refused(401, "admin.sign_in_first")
        path = visit.request.url.path
        asked = f"{path}?{visit.request.url.query}" if visit.request.url.query else path
        return visit.to(LOGIN, **({} if path == HOME else {"next": asked}))

    async def _require_token(self, visit: Visit) -> None:
        """Where the request comes from first, for that needs nothing of its body."""
        request = visit.request
        if not csrf.is_from_here(request.headers, self.cookies.origins):
            raise _Refused(403, "admin.from_elsewhere")
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
            visit.form = await _form(request)
        given = request.headers.get(csrf.HEADER) or visit.field(csrf.FIELD)
        if not visit.secret or not csrf.is_right(given, visit.secret):
            raise _Refused(403, "admin.form_expired")

    def _refusal(self, visit: Visit, refused: _Refused) -> Response:
        return visit.refused(refused.status, visit.text(refused.message_id))


async def _form(request: Request) -> FormData:
    try:
        return await request.form()
    except (HTTPException, MultiPartException) as error:
        raise _Refused(400, "admin.form_broken") from error


def _may(visit: Visit, requirement: Requirement) -> bool:
    needed: Role | None = requirement.role
    return needed is None or (visit.who is not None and visit.who.role.may(needed))


class _Limited:
    """The body of a request, cut off where it becomes larger than its route takes."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._read = 0
        self.most = SMALL

    async def __call__(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self._read > self.most:
            raise _Refused(413, "admin.too_large")
        return message


def _guarded(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sending


__all__ = ["Area", "Declared", "FormData", "Handler"]
