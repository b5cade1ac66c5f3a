"""The way in by an OpenID Connect provider: a real one, over HTTP, which also does what it must not."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from dashboard.admin.roles import Role
from tests.admin_area import ADDRESS, HASH, Clock, Site, Visitor, configured, site
from tests.oidc_provider import CLIENT, SECRET, Provider, running

PEOPLE = {"wang": ["staff", "data"], "zhao": ["staff"], "qian": ["canteen"], "sun": []}
ROLES = "viewer=staff editor=data,more publisher=office"


@pytest.fixture(scope="module")
def shared() -> Iterator[Provider]:
    with running(PEOPLE) as provider:
        yield provider


@pytest.fixture
def provider(shared: Provider) -> Provider:
    shared.wrong, shared.claims, shared.ended = set(), {}, []
    shared.redirects = [f"{ADDRESS}/admin/login/provider/return"]
    return shared


@pytest.fixture
def here(tmp_path: Path, provider: Provider) -> Site:
    (tmp_path / "secret").write_text(f"{SECRET}\n", "utf-8")
    told: dict[str, Any] = {
        "oidc_issuer": provider.address,
        "oidc_client_id": CLIENT,
        "oidc_client_secret_file": tmp_path / "secret",
        "oidc_roles": ROLES,
    }
    return site(configured(tmp_path, **told), Clock(time.time()))


def leave(visitor: Visitor, **form: str) -> str:
    """The provider's address that the area sends a person to."""
    visitor.get("/admin/login")
    answer = visitor.post("/admin/login/provider", **form)
    assert answer.status_code == 200, answer.text
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)
    assert found
    return html.unescape(found[1])


def at_the_provider(address: str, name: str) -> str:
    """Signs in there, and tells the address that it sends the person back to."""
    assert "<form" in httpx.get(address).text
    return httpx.post(address, data={"name": name}).headers["location"]


def back(visitor: Visitor, address: str) -> httpx.Response:
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == ADDRESS
    return visitor.get(f"{parts.path}?{parts.query}", **{"Sec-Fetch-Site": "cross-site"})


def come_in(visitor: Visitor, name: str = "wang", **form: str) -> httpx.Response:
    return back(visitor, at_the_provider(leave(visitor, **form), name))


def log(here: Site) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (here.folder / "audit.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("how", ["basic", "post"])  # the ways in which the client tells its secret
def test_a_person_comes_in_with_the_highest_role_of_their_groups(here: Site, provider: Provider, how: str) -> None:
    provider.wrong = {how}
    visitor = here.browser()
    assert come_in(visitor, next="/admin?theme=dark").headers["location"] == "/admin?theme=dark"
    shown = visitor.get("/admin").text
    assert "wang" in shown
    assert "编辑" in shown
    last = log(here)[-1]
    assert (last["action"], last["by"], last["told"]["role"]) == ("login", "wang (oidc:id of wang)", "editor")


def test_state_nonce_and_challenge_are_new_each_time_and_the_address_is_the_settings(here: Site) -> None:
    asked = [parse_qs(urlsplit(leave(here.browser())).query) for _ in range(2)]
    for each in ("state", "nonce", "code_challenge"):
        assert asked[0][each] != asked[1][each]
    assert asked[0]["redirect_uri"] == [f"{ADDRESS}/admin/login/provider/return"]
    assert asked[0]["code_challenge_method"] == ["S256"]


def test_the_host_a_request_names_changes_nothing(here: Site) -> None:
    visitor = here.browser()
    visitor.get("/admin/login")
    sent = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Sec-Fetch-Site": "same-origin"}
    cookie = {"Cookie": f"__Host-gongkai-admin={visitor.cookie}"}
    answer = visitor.post("/admin/login/provider", headers=sent | cookie)
    assert answer.status_code == 200
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": "another", "azp": "gongkai"}, {"aud": ["gongkai", "another"]}, {"aud": None},
        {"iss": "https://other.example"}, {"iss": None}, {"exp": 1_000_000_000}, {"exp": None}, {"iat": None}, {"sub": None},
        {"sub": 7}, {"at_hash": "another"}, {"azp": "another"}, {"iat": 9_000_000_000}, {"nbf": 9_000_000_000},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_says_something_else_opens_nothing(here: Site, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    refused(here, provider)


@pytest.mark.parametrize("wrong", ["signature", "none", "hmac", "no token", "iss", "state", "discovery"])
def test_a_provider_that_does_what_it_must_not_opens_nothing(here: Site, provider: Provider, wrong: str) -> None:
    visitor = here.browser()
    address = leave(visitor)
    provider.wrong = {wrong}
    is_refused(here, visitor, back(visitor, at_the_provider(address, "wang")))


def refused(here: Site, provider: Provider) -> None:
    visitor = here.browser()
    is_refused(here, visitor, come_in(visitor))


def is_refused(here: Site, visitor: Visitor, answer: httpx.Response) -> None:
    assert answer.status_code == 403
    assert not visitor.is_in()
    assert log(here)[-1]["action"] == "login_failed"
    assert here.area.state.rows("select count(*) from sessions") == [(0,)]


@pytest.mark.parametrize("name", ["nobody", "qian", "sun"])
def test_who_is_unknown_there_or_has_no_role_here_stays_outside(here: Site, name: str) -> None:
    visitor = here.browser()
    is_refused(here, visitor, come_in(visitor, name))


def test_groups_may_stand_deep_in_the_token_or_in_userinfo(here: Site, provider: Provider, tmp_path: Path) -> None:
    provider.claims = {"realm_access": {"roles": ["office"]}}
    deep = site(replace(here.settings, oidc_claim="realm_access.roles", admin_dir=tmp_path / "deep"), here.clock)
    visitor = deep.browser()
    come_in(visitor, "zhao")
    assert "发布" in visitor.get("/admin").text
    provider.claims, provider.wrong = {}, {"groups in userinfo"}
    assert come_in(here.browser(), "wang").status_code == 303
    provider.wrong |= {"userinfo"}
    assert come_in(here.browser(), "wang").status_code == 403, "userinfo of somebody else"


def test_the_way_back_opens_once_and_only_for_the_browser_that_left(here: Site) -> None:
    visitor, thief = here.browser(), here.browser()
    thief.get("/admin/login")
    address = at_the_provider(leave(visitor), "wang")
    assert back(thief, address).status_code == 403
    assert back(visitor, address).status_code == 303
    assert visitor.is_in()
    assert back(visitor, address).status_code == 403
    assert visitor.is_in(), "the session that came of it stays"


def test_the_way_back_opens_once_also_with_the_cookie_that_it_left_with(here: Site) -> None:
    visitor = here.browser()
    address, left_with = at_the_provider(leave(visitor), "wang"), visitor.cookie
    assert back(visitor, address).status_code == 303
    again = here.browser()
    again.client.cookies.set("__Host-gongkai-admin", left_with)
    assert back(again, address).status_code == 403
    assert log(here)[-1]["told"]["step"] == "state", "the provider is not even asked"


def test_somebody_elses_way_back_signs_nobody_in(here: Site) -> None:
    """An attacker's own sign-in, forced on a browser that left for another."""
    attacker, victim = here.browser(), here.browser()
    address = at_the_provider(leave(attacker), "zhao")
    leave(victim)
    assert back(victim, address).status_code == 403
    assert not victim.is_in()


def test_the_way_back_is_open_for_ten_minutes(here: Site) -> None:
    visitor = here.browser()
    address = at_the_provider(leave(visitor), "wang")
    here.clock.now += 601
    assert back(visitor, address).status_code == 403


def test_coming_in_gives_another_id(here: Site) -> None:
    visitor = here.browser()
    visitor.get("/admin/login")
    before = visitor.cookie
    come_in(visitor)
    assert visitor.cookie != before
    other = here.browser()
    other.client.cookies.set("__Host-gongkai-admin", before)
    assert not other.is_in()


def test_signing_out_ends_the_session_here_and_leads_to_the_end_there(here: Site, provider: Provider) -> None:
    visitor = here.browser()
    come_in(visitor)
    visitor.get("/admin")
    cookie = visitor.cookie
    shown = visitor.post("/admin/logout").text
    found = re.search(r'content="0;url=([^"]+)"', shown)
    assert found
    assert httpx.get(html.unescape(found[1])).status_code == 200
    [ended] = provider.ended
    assert ended["post_logout_redirect_uri"] == f"{ADDRESS}/admin/login"
    assert ended["id_token_hint"].count(".") == 2
    replayed = here.browser()
    replayed.client.cookies.set("__Host-gongkai-admin", cookie)
    assert not replayed.is_in()


def test_where_the_provider_has_no_end_signing_out_leads_to_the_login(here: Site, provider: Provider) -> None:
    provider.wrong = {"no end"}
    visitor = here.browser()
    come_in(visitor)
    visitor.get("/admin")
    assert visitor.post("/admin/logout").headers["location"] == "/admin/login"


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"oidc_roles": "publisher=data"}, "发布"),
        ({"oidc_roles": "editor=office"}, None),
        ({"oidc_client_id": "another"}, None),
    ],
)
def test_other_settings_hold_for_open_sessions_at_once(here: Site, change: dict[str, str], shown: str | None) -> None:
    visitor = here.browser()
    come_in(visitor)
    later = site(replace(here.settings, **change), here.clock).browser()  # type: ignore[arg-type]  # changes by their names
    later.client.cookies.update(visitor.client.cookies)
    assert later.is_in() is (shown is not None)
    if shown:
        assert shown in later.get("/admin").text


def test_a_person_of_the_provider_is_not_a_local_account_of_the_same_name(here: Site) -> None:
    here.accounts.add("wang", Role.PUBLISHER, HASH)
    visitor = here.browser()
    come_in(visitor)
    assert "编辑" in visitor.get("/admin").text
    here.accounts.remove("wang")
    assert visitor.is_in()


def test_a_provider_that_cannot_be_reached_is_told(here: Site, tmp_path: Path) -> None:
    down = site(replace(here.settings, oidc_issuer="http://127.0.0.1:9", admin_dir=tmp_path / "down"), here.clock)
    visitor = down.browser()
    visitor.get("/admin/login?lang=en")
    answer = visitor.post("/admin/login/provider?lang=en")
    assert answer.status_code == 400
    assert "cannot be reached" in answer.text


def test_the_login_page_shows_the_ways_that_there_are(here: Site) -> None:
    alone = here.browser().get("/admin/login").text
    assert "统一身份" in alone
    assert 'name="password"' not in alone
    here.accounts.add("li", Role.VIEWER, HASH)
    assert 'name="password"' in here.browser().get("/admin/login").text


def test_the_policy_lets_forms_go_nowhere_else_for_a_provider_either(here: Site, provider: Provider) -> None:
    assert provider.address not in here.browser().get("/admin/login").headers["content-security-policy"]
