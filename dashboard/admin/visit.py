"""One request as the pages of the admin area see it: who asks, in which language, what was sent, how to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from dashboard.admin import csrf
from dashboard.admin.roles import Actor
from dashboard.admin.sessions import Session, new_id
from dashboard.charts.filters import language_of, theme_of
from dashboard.figures.theme import Theme
from dashboard.messages import Language, plural, text

if TYPE_CHECKING:
    from dashboard.admin.area import Area

HOME, LOGIN = "/admin", "/admin/login"


@dataclass
class Visit:
    """`who` is None for anybody not signed in; `secret` is what the browser's cookie holds, or will after this answer."""

    request: Request
    area: Area
    session: Session | None = None
    who: Actor | None = None
    secret: str = ""
    is_data: bool = False
    form: FormData = field(default_factory=FormData)

    @property
    def actor(self) -> Actor:
        """The person signed in; on a route that requires a role there is one."""
        if self.who is None:
            raise RuntimeError("this route is open to anybody")
        return self.who

    @property
    def client(self) -> str:
        """The browser's address, as far as the proxies in front are trusted."""
        return self.request.client.host if self.request.client else ""

    @property
    def language(self) -> Language:
        return language_of(self.request.url.query, self.area.settings.language)

    @property
    def theme(self) -> Theme:
        return theme_of(self.request.url.query)

    @property
    def csrf(self) -> str:
        """For the form of one page. A browser without a cookie gets one with the answer."""
        self.secret = self.secret or new_id()
        return csrf.token(self.secret)

    def text(self, message_id: str, **values: object) -> str:
        return text(message_id, self.language, **values)

    def plural(self, message_id: str, count: int, **values: object) -> str:
        return plural(message_id, count, self.language, **values)

    def field(self, name: str, longest: int = 1000) -> str:
        """A text field as sent; empty where it is missing or a file."""
        value = self.form.get(name, "")
        return value[:longest] if isinstance(value, str) else ""

    def href(self, path: str, **query: str) -> str:
        """An address in the visitor's language and look."""
        return with_look(path, query, self.language, self.theme, self.area.settings.language)

    @property
    def look(self) -> dict[str, str]:
        """What a form that asks with GET passes on of the visitor's language and look."""
        return look_of(self.language, self.theme, self.area.settings.language)

    @property
    def other_language(self) -> str:
        """This page in the other language."""
        return self._here(Language.EN if self.language is Language.ZH else Language.ZH, self.theme)

    @property
    def other_theme(self) -> str:
        return self._here(self.language, Theme.LIGHT if self.theme is Theme.DARK else Theme.DARK)

    def _here(self, language: Language, theme: Theme) -> str:
        query = {name: value for name, value in self.request.query_params.items() if name not in ("lang", "theme")}
        return with_look(self.request.url.path, query, language, theme, self.area.settings.language)

    def page(self, template: str, /, status: int = 200, **values: Any) -> Response:
        """A template of `templates/`, with `visit` and the values; everything in them is escaped."""
        return HTMLResponse(self.area.templates.render(template, visit=self, **values), status)

    def to(self, path: str, **query: str) -> Response:
        """On to another page, which is asked for with GET whatever this request was."""
        return RedirectResponse(self.href(path, **query), 303)

    def refused(self, status: int, said: str) -> Response:
        """A page with the sentence; for scripts a problem as JSON."""
        if self.is_data:
            problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": said}
            return JSONResponse(problem, status, media_type="application/problem+json")
        return self.page("error.html", status, problem=said)

    def record(self, action: str, *, account: str = "", **details: object) -> None:
        """Into the log, as the person signed in."""
        self.area.trail.record(self.actor.signature, action, account=account, **details)


def with_look(path: str, query: Mapping[str, str], language: Language, theme: Theme, default: Language) -> str:
    look = look_of(language, theme, default)
    path, _, asked = path.partition("?")
    pairs = {**dict(parse_qsl(asked)), **query, **look}
    return f"{path}?{urlencode(pairs)}" if pairs else path


def look_of(language: Language, theme: Theme, default: Language) -> dict[str, str]:
    look = {"lang": str(language)} if language is not default else {}
    return look | ({"theme": str(theme)} if theme is not Theme.LIGHT else {})


def safe_next(asked: str) -> str:
    """Where to go after signing in: a page of the admin area, and never another site or a page that only leads in."""
    path = asked.partition("?")[0]
    is_ours = path == HOME or path.startswith(f"{HOME}/")
    is_plain = asked.isascii() and asked.isprintable() and "\\" not in asked and "//" not in path
    is_way_in = path == LOGIN or path.startswith(f"{LOGIN}/") or path == f"{HOME}/logout"
    return asked if is_ours and is_plain and ".." not in path and not is_way_in else HOME
