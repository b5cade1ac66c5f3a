"""Who gets through to the admin area: every route of it, every kind of visitor, every way to forge a request."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from dashboard import admin, settings
from dashboard.admin import csrf
from dashboard.admin.area import HEADERS, SMALL, Area, Declared
from dashboard.admin.assembly import area_of
from dashboard.admin.roles import OPEN, Role, require
from dashboard.admin.visit import Visit, safe_next
from dashboard.app import create_app
from dashboard.messages import UserError
from dashboard.parts import PAGES
from dashboard.snapshots import build
from tests.admin_area import ADDRESS, FROM_HERE, Clock, Site, Visitor, configured, site
from tests.conftest import ROOT, copy_data

READING, WRITING = ("GET", "HEAD"), ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def here(tmp_path: Path) -> Site:
    return site(configured(tmp_path), Clock())


def all_routes() -> list[Declared]:
    """Every route of the area as it is put together, also those that a provider adds."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        told = {"oidc_issuer": "https://login.example", "oidc_client_id": "x", "oidc_client_secret_file": Path(folder)}
        return area_of(configured(Path(folder), **told), str, Clock()).declared


ROUTES = all_routes()
CLOSED = [each for each in ROUTES if each.requirement.role]
CHANGING = [each for each in ROUTES if set(each.methods) & set(WRITING)]


def name_of(route: object) -> str:
    return f"{'/'.join(route.methods)} {route.path}" if isinstance(route, Declared) else str(route)


def address_of(route: Declared) -> str:
    return re.sub(r"\{\w+(:\w+)?\}", "1", route.path)


def ask(visitor: Visitor, route: Declared, method: str, **headers: str) -> int:
    answer = visitor.client.request(method, address_of(route), headers=headers)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    return answer.status_code


@dataclass
class Known:
    """One area with every route, and visitors that the tests of all of them share: a person of each role, nobody, and
    somebody whose session was ended. No test here gets as far as a handler."""

    by_role: dict[Role, Visitor]
    nobody: Visitor
    ended: Visitor
    replayed: dict[str, str]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    here = site(configured(tmp_path_factory.mktemp("known")), Clock())
    by_role = {role: here.signed_in(role, f"person-{role}") for role in Role}
    for visitor in by_role.values():
        visitor.get("/admin")
    ended = here.signed_in(Role.PUBLISHER, "ended")
    ended.get("/admin")
    replayed = {"Cookie": f"__Host-gongkai-admin={ended.cookie}", csrf.HEADER: ended.csrf} | FROM_HERE
    assert ended.post("/admin/logout").status_code == 303
    ended.client.cookies.clear()
    here.area.declared = ROUTES
    return Known(by_role, here.browser(), ended, replayed)


@pytest.mark.parametrize("route", CLOSED, ids=name_of)
def test_nobody_comes_in_unknown(known: Known, route: Declared) -> None:
    for method in route.methods:
        status = ask(known.nobody, route, method, **FROM_HERE)
        assert status == (303 if method in READING and not route.is_data else 401)


@pytest.mark.parametrize("route", CLOSED, ids=name_of)
def test_a_role_opens_nothing_above_it(known: Known, route: Declared) -> None:
    """With the right token, so that nothing else is what refuses."""
    for role, visitor in known.by_role.items():
        needed = route.requirement.role
        if needed and not role.may(needed):
            given = FROM_HERE | {csrf.HEADER: visitor.csrf}
            assert {ask(visitor, route, method, **given) for method in route.methods} == {403}


@pytest.mark.parametrize("route", CHANGING, ids=name_of)
@pytest.mark.parametrize("token", ["", "wrong", "of another session"])
def test_nothing_is_changed_without_the_token_of_the_session(known: Known, route: Declared, token: str) -> None:
    given = known.by_role[Role.EDITOR].csrf if token.startswith("of") else token
    for method in set(route.methods) & set(WRITING):
        assert ask(known.by_role[Role.PUBLISHER], route, method, **FROM_HERE, **{csrf.HEADER: given}) == 403


@pytest.mark.parametrize("route", CHANGING, ids=name_of)
@pytest.mark.parametrize(
    "where",
    [
        {},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://other.gongkai.example"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Origin": "http://gongkai.example"},
    ],
    ids=str,
)
def test_nothing_is_changed_from_elsewhere(known: Known, route: Declared, where: dict[str, str]) -> None:
    visitor = known.by_role[Role.PUBLISHER]
    for method in set(route.methods) & set(WRITING):
        assert ask(visitor, route, method, **where, **{csrf.HEADER: visitor.csrf}) == 403


@pytest.mark.parametrize("route", CLOSED, ids=name_of)
def test_a_session_that_was_ended_opens_nothing(known: Known, route: Declared) -> None:
    for method in route.methods:
        status = ask(known.ended, route, method, **known.replayed)
        assert status == (303 if method in READING and not route.is_data else 401)


@pytest.fixture(scope="module")
def working(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """A publisher in an area whose handlers work, over a data folder with nothing in it."""
    return site(configured(tmp_path_factory.mktemp("working")), Clock()).signed_in(Role.PUBLISHER)


@pytest.mark.parametrize("route", [each for each in CLOSED if "provider" not in each.path], ids=name_of)
def test_who_may_gets_through_and_hears_no_cause_of_an_error(working: Visitor, route: Declared) -> None:
    """Without data and without a form's fields: an answer, or a sentence, never a failure of the server's."""
    if route.path == "/admin/logout":
        return
    for method in route.methods:
        working.get("/admin")
        given = FROM_HERE | {csrf.HEADER: working.csrf}
        assert ask(working, route, method, **given) not in (401, 403, 405, 500)


def test_the_pages_that_lead_in_are_the_only_open_ones() -> None:
    opened = {each.path for each in ROUTES if each.requirement == OPEN}
    assert opened == {
        "/admin/login", "/admin/login/code", "/admin/login/recovery", "/admin/login/authenticator", "/admin/login/provider",
        "/admin/login/provider/return", "/admin/logout",
    }  # fmt: skip


def test_a_route_without_a_requirement_is_an_error(here: Site) -> None:
    with pytest.raises(TypeError):
        here.area.route("/admin/forgotten")  # type: ignore[call-arg]  # wrong on purpose
    with pytest.raises(TypeError):
        here.area.route("/admin/forgotten", None)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match="not below"):
        here.area.route("/elsewhere", OPEN)


def test_an_address_that_is_none_is_told_to_nobody_unknown(here: Site) -> None:
    assert here.browser().get("/admin/none").headers["location"] == "/admin/login?next=%2Fadmin%2Fnone"
    assert here.browser().client.get("/admin/none", headers={"Accept": "application/json"}).status_code == 401
    visitor = here.signed_in()
    assert visitor.get("/admin/none").status_code == 404
    assert visitor.client.delete("/admin").status_code == 405


def test_a_refusal_for_a_script_is_a_problem_in_its_language(here: Site) -> None:
    area_route(here.area, "/admin/rows", Role.PUBLISHER, is_data=True)
    answer = here.browser().get("/admin/rows?lang=en")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("Sign in first")
    assert here.signed_in().get("/admin/rows").json()["status"] == 403


def area_route(area: Area, path: str, role: Role, **options: object) -> None:
    @area.route(path, require(role), methods=["GET", "POST"], **options)  # type: ignore[arg-type]  # options by their names
    def answered(visit: Visit) -> PlainTextResponse:
        return PlainTextResponse(f"{visit.actor.name} {visit.field('what')}")


def test_a_form_and_a_script_send_the_token_each_in_their_way(here: Site) -> None:
    area_route(here.area, "/admin/what", Role.EDITOR)
    visitor = here.signed_in(Role.EDITOR)
    visitor.get("/admin")
    assert visitor.post("/admin/what", what="this").text == "li this"
    sent = {csrf.HEADER: visitor.csrf, "Sec-Fetch-Site": "same-origin", "Origin": ADDRESS}
    assert visitor.client.post("/admin/what", data={"what": "that"}, headers=sent).text == "li that"


def test_a_request_larger_than_its_route_takes_is_refused(here: Site) -> None:
    area_route(here.area, "/admin/small", Role.VIEWER)
    area_route(here.area, "/admin/large", Role.VIEWER, largest=4 * SMALL)
    visitor = here.signed_in()
    visitor.get("/admin")
    assert visitor.post("/admin/small", what="x" * (2 * SMALL)).status_code == 413
    visitor.get("/admin")
    assert visitor.post("/admin/large", what="x" * (2 * SMALL)).status_code == 200


def test_an_error_nobody_foresaw_is_told_without_its_cause_and_with_every_header(here: Site) -> None:
    @here.area.route("/admin/broken", require(Role.VIEWER))
    def broken(visit: Visit) -> PlainTextResponse:
        raise RuntimeError("the secret cause")

    answer = here.signed_in().get("/admin/broken")
    assert (answer.status_code, answer.headers["cache-control"]) == (500, "no-store")
    assert "secret cause" not in answer.text


def test_what_a_page_is_given_is_escaped(here: Site) -> None:
    visitor = here.browser()
    visitor.get("/admin/login")
    shown = visitor.post("/admin/login", name='"><script>x</script>', password="y").text
    assert "<script>x" not in shown
    assert "&lt;script&gt;x" in shown


def test_the_policy_allows_nothing_inline_and_no_other_host(here: Site) -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    for shown in (here.browser().get("/admin/login").text, here.signed_in().get("/admin").text):
        assert not re.search(r"<script(?![^>]* src=)|style=| on\w+=|https?://", shown)


def test_tokens_differ_on_every_page_and_hold_for_their_cookie_alone() -> None:
    one, other = csrf.token("cookie"), csrf.token("cookie")
    assert one != other
    assert csrf.is_right(one, "cookie")
    assert not csrf.is_right(one, "other")


@given(st.text())
def test_a_token_of_any_text_is_wrong_and_no_error(text: str) -> None:
    assert not csrf.is_right(text, "cookie")


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example", "//evil.example", "/admin//evil.example", "/\\evil.example", "/admin\\..\\x", "/adminx", "/",
        "javascript:alert(1)", "/admin/../x", "/admin\n/x", "/admin/login", "/admin/login/code?x", "/admin/logout", "",
        " /admin/x", "/admin/é", "/%2f%2fevil.example", "@evil.example", "/admin@evil.example", "?next=//evil.example",
    ],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(asked: str) -> None:
    assert safe_next(asked) == "/admin"


@pytest.mark.parametrize("asked", ["/admin/uploads", "/admin/uploads/3?lang=en&x=%2F", "/admin?theme=dark"])
def test_signing_in_leads_back_to_the_page_asked_for(asked: str) -> None:
    assert safe_next(asked) == asked


@given(st.text())
def test_whatever_is_asked_for_it_is_an_address_of_the_area(asked: str) -> None:
    assert re.fullmatch(r"/admin(/[^/\\].*|\?.*)?", safe_next(asked))


# Off, unless configured


@contextmanager
def whole(folder: Path, cache: Path, **environment: str) -> Iterator[TestClient]:
    """The dashboard with everything in it, as `create_app` makes it from these settings."""
    held = settings.load({"GONGKAI_DATA_DIR": str(folder / "data"), "GONGKAI_CACHE_DIR": str(cache)} | environment)
    copy_data(held.data_dir)
    build.refresh(held)
    with TestClient(create_app(held), held.address, raise_server_exceptions=False) as client:
        yield client


def test_where_it_is_off_its_addresses_answer_as_any_unknown_one(tmp_path: Path, cache: Path) -> None:
    with whole(tmp_path, cache) as public:
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            unknown = public.request(method, "/nowhere")
            assert unknown.status_code == (404 if method in ("GET", "HEAD") else 405)
            for path in ("/admin", "/admin/", *sorted({address_of(each) for each in ROUTES})):
                answer = public.request(method, path)
                assert answer.status_code == unknown.status_code, f"{method} {path}"
                assert answer.content.replace(path.encode(), b"/nowhere") == unknown.content, f"{method} {path}"
                assert _told(answer) == _told(unknown)


def _told(answer: httpx.Response) -> dict[str, str]:
    """The headers, but for the number that each request has of its own."""
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


def test_public_pages_set_no_cookie_and_never_lead_to_it(tmp_path: Path, cache: Path) -> None:
    with whole(tmp_path, cache, GONGKAI_ADMIN_DIR=str(tmp_path / "admin")) as client:
        assert client.get("/admin/login").status_code == 403, "on, and refused to a browser elsewhere"
        more = (
            "/nowhere",
            "/document",
            "/healthz",
            "/_dash-dependencies",
            "/embed/channels",
            "/api/v1/docs",
            "/api/v1/openapi.json",
        )
        for path in (*PAGES, *more):
            layout = client.get("/_dash-layout", headers={"Referer": f"{client.base_url}{path}"})
            for answer in (client.get(path), layout):
                assert "set-cookie" not in answer.headers
                assert "/admin" not in answer.text
        scripts = re.findall(r'(?:src|href)="(/assets/[^"]+)"', client.get("/").text)
        assert scripts
        assert not [path for path in scripts if "/admin" in client.get(path).text.replace("/administrative", "")]


def test_a_public_server_loads_none_of_it() -> None:
    code = (
        "import sys; from dashboard import settings; from dashboard.app import create_app; create_app(settings.load());"
        "print([m for m in sys.modules if m.split('.')[0] in ('authlib', 'argon2', 'pyotp', 'joserfc', 'sqlite3')"
        " or m.startswith('dashboard.admin.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_settings_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    plain = configured(tmp_path, admin_dir=None)
    assert not admin.is_on(plain)
    cases = [
        configured(tmp_path, admin_dir=None, oidc_issuer="https://login.example"),
        configured(tmp_path, admin_dir=tmp_path / "data" / "admin"),
        configured(tmp_path, oidc_issuer="https://login.example"),
    ]
    for each in cases:
        with pytest.raises(UserError):
            admin.is_on(each)


@pytest.mark.parametrize("value", ["http://login.example", "login.example", "https://x y", "ftp://login.example"])
def test_an_issuer_that_is_not_encrypted_is_refused(value: str) -> None:
    with pytest.raises(UserError):
        settings.load({"GONGKAI_OIDC_ISSUER": value})


def test_settings_tell_where_the_secret_is_and_not_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret")
    rows = settings.table(settings.load({"GONGKAI_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret")}))
    assert "s3cret" not in str(rows)
    assert str(tmp_path / "secret") in str(rows)
