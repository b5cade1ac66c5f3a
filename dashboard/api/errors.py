"""The one shape of what cannot be answered: RFC 9457, in the reader's language, under every address of the API.

What was asked wrongly is a UserError of whoever noticed it; here it becomes a status and `application/problem+json`.
"""

from __future__ import annotations

import logging
from http import HTTPStatus

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dashboard.charts.filters import LONGEST, language_of
from dashboard.messages import Language, UserError, text
from dashboard.site import status_of

MEDIA_TYPE = "application/problem+json"
STATUSES = (400, 404, 405, 406, 429, 500, 503)
# Reading is open to the pages of any site; no answer depends on who asks.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Content-Disposition, RateLimit, RateLimit-Policy, Retry-After",
}
_GUARDS = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "X-Content-Type-Options": "nosniff"}
_BY_STATUS = {404: "api.not_found", 405: "api.not_allowed"}
_log = logging.getLogger("gongkai.api")


class Refused(UserError):
    """A UserError whose status follows from more than its id."""

    def __init__(self, status: int, message_id: str, headers: dict[str, str] | None = None, **values: object) -> None:
        super().__init__(message_id, **values)
        self.status = status
        self.headers = headers or {}


class Problems:
    """Exception handlers; `base` is the site's address, `default` the language of who asks for none."""

    def __init__(self, base: str, default: Language) -> None:
        self._base, self._default = base, default

    def user_error(self, request: Request, error: Exception) -> Response:
        if isinstance(error, Refused):
            return self.answer(request, error.status, error, error.headers)
        if not isinstance(error, UserError):
            return self.unforeseen(request, error)
        status = status_of(error)
        if status == 503 and not error.message_id.startswith("still."):
            # A server's folders are its own business.
            _log.error("%s", error)
            error = UserError("api.no_data")
        return self.answer(request, status, error, {"Retry-After": "30"} if status == 503 else {})

    def http(self, request: Request, error: Exception) -> Response:
        """What the router refuses."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        return self.answer(request, status, UserError(_BY_STATUS.get(status, "api.bad_request")), headers)

    def unforeseen(self, request: Request, error: Exception) -> Response:
        _log.error("%s", request.url.path, exc_info=error)
        return self.answer(request, 500, UserError("api.internal"), {})

    def answer(self, request: Request, status: int, problem: UserError, headers: dict[str, str]) -> Response:
        language = wanted_language(request, self._default)
        told = {
            "type": f"{self._base}/api/v1/docs#{problem.message_id}",
            "title": title(status, language),
            "status": status,
            "detail": problem.say(language),
        }
        own = {"Cache-Control": "no-store", "Vary": "Accept-Language", "Content-Language": language.tag}
        body = b"" if request.method == "HEAD" else orjson.dumps(told)
        return Response(body, status, OPEN | _GUARDS | own | headers, MEDIA_TYPE)


def title(status: int, language: Language) -> str:
    """The status in words."""
    return text(f"api.status_{status}", language) if status in STATUSES else HTTPStatus(status).phrase


def wanted_language(request: Request, default: Language) -> Language:
    """What the address asks for, or else what the client prefers."""
    return language_of(request.url.query[:LONGEST], _preferred(request.headers.get("accept-language", ""), default))


def _preferred(accept: str, default: Language) -> Language:
    best, most = default, 0.0
    for part in accept[:200].split(","):
        tag, _, weight = part.strip().partition(";q=")
        known = tag.strip().lower()[:2]
        try:
            weighs = float(weight) if weight else 1.0
        except ValueError:
            continue
        if known in tuple(Language) and most < weighs <= 1:
            best, most = Language(known), weighs
    return best
