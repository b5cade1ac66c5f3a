"""An admin area to knock at: the application in this process, and a browser that sends what a browser would."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pyotp
from fastapi import FastAPI
from starlette.testclient import TestClient

from dashboard import settings
from dashboard.admin import passwords
from dashboard.admin.accounts import Accounts
from dashboard.admin.area import Area
from dashboard.admin.assembly import area_of
from dashboard.admin.roles import Role
from dashboard.settings import Settings

ADDRESS = "https://gongkai.example"
PASSWORD = "correct horse battery"
HASH = passwords.hashed(PASSWORD)
FROM_HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}


@dataclass
class Clock:
    """Time that stands still until a test moves it."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Site:
    """The area alone; `worker()` is another process's view of the same folder."""

    settings: Settings
    clock: Clock
    area: Area

    @property
    def folder(self) -> Path:
        assert self.settings.admin_dir
        return self.settings.admin_dir

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.folder)

    def worker(self) -> Site:
        return site(self.settings, self.clock)

    def browser(self, client: str = "192.0.2.7", address: str = ADDRESS) -> Visitor:
        server = FastAPI()
        server.router.routes.append(self.area)
        return Visitor(self, TestClient(server, address, client=(client, 5000), follow_redirects=False))

    def signed_in(self, role: Role = Role.VIEWER, name: str = "li") -> Visitor:
        visitor = self.browser()
        self.accounts.add(name, role, HASH)
        visitor.enrol(name)
        return visitor


@dataclass
class Visitor:
    site: Site
    client: TestClient
    page: str = ""
    secret: str = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self._seen(self.client.get(path, headers=headers))

    def post(self, path: str, headers: dict[str, str] | None = None, **form: Any) -> httpx.Response:
        """With the token of the page seen last, unless the form has another."""
        given = {"csrf": self.csrf} | form
        return self._seen(self.client.post(path, data=given, headers=FROM_HERE if headers is None else headers))

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" (?:value|content)="([^"]+)"', self.page)
        return found[1] if found else ""

    @property
    def cookie(self) -> str:
        return next((each.value or "" for each in self.client.cookies.jar if each.name.endswith("gongkai-admin")), "")

    def say_password(self, name: str = "li", password: str = PASSWORD, **form: str) -> httpx.Response:
        self.get("/admin/login")
        return self.post("/admin/login", name=name, password=password, **form)

    def say_code(self, code: str | None = None) -> httpx.Response:
        self.get("/admin/login/code")
        return self.post("/admin/login/code", code=self.code() if code is None else code)

    def enrol(self, name: str = "li") -> httpx.Response:
        assert self.say_password(name).headers["location"].endswith("/admin/login/authenticator")
        shown = self.get("/admin/login/authenticator").text
        found = re.search(r'id="secret">([^<]+)<', shown)
        assert found
        self.secret = found[1].replace(" ", "")
        return self.post("/admin/login/authenticator", code=self.code())

    def code(self, periods: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(int(self.site.clock.now) + periods * 30)

    def is_in(self) -> bool:
        return self.get("/admin").status_code == 200

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        if answer.headers.get("content-type", "").startswith("text/html") and answer.text:
            self.page = answer.text
        return answer


def site(held: Settings, clock: Clock) -> Site:
    return Site(held, clock, area_of(held, lambda name: f"/assets/{name}", clock))


def configured(folder: Path, **values: Any) -> Settings:
    given = {"admin_dir": folder / "admin", "data_dir": folder / "data", "public_url": ADDRESS} | values
    return replace(settings.load({}), **given)
