"""Sessions and cookies of the admin area: who came in stays in as long as the session lives, and nobody else comes in with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.admin.desk import Desk
from dashboard.admin.roles import Role
from tests.admin_area import HASH, PASSWORD, Clock, Site, configured, site


@pytest.fixture
def here(tmp_path: Path) -> Site:
    return site(configured(tmp_path), Clock())


def test_the_cookies_of_an_encrypted_site_are_guarded(here: Site) -> None:
    here.accounts.add("li", Role.VIEWER, HASH)
    visitor = here.browser()
    visitor.get("/admin/login")
    given = visitor.enrol().headers.get_list("set-cookie")
    assert len(given) == 2
    for each in given:
        assert each.startswith("__Host-gongkai-")
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=strict"} <= set(each.split("; "))
        assert "Domain" not in each
        assert re.fullmatch(r"[\w-]{43}\.[\w-]{43}", each.split(";")[0].split("=", 1)[1]), "256 bits, signed"


def test_on_this_machine_it_may_be_tried_without_encryption(tmp_path: Path) -> None:
    here = site(configured(tmp_path, public_url=""), Clock())
    given = here.browser("127.0.0.1", "http://localhost:8050").get("/admin/login").headers["set-cookie"]
    assert given.startswith("gongkai-admin=")
    assert "Path=/admin" in given
    assert "Secure" not in given
    assert here.browser("192.0.2.7", "http://localhost:8050").get("/admin/login").status_code == 403


def test_a_proxy_that_encrypts_is_enough_for_guarded_cookies(tmp_path: Path) -> None:
    here = site(configured(tmp_path, public_url=""), Clock())
    given = here.browser(address="https://gongkai.example").get("/admin/login").headers["set-cookie"]
    assert given.startswith("__Host-gongkai-admin=")
    assert "Secure" in given


def test_nobody_comes_in_where_the_log_cannot_be_written(here: Site) -> None:
    visitor = here.signed_in()
    visitor.post("/admin/logout")
    here.clock.now += 60
    visitor.say_password()
    (here.folder / "audit.jsonl").unlink()
    (here.folder / "audit.jsonl").mkdir()
    assert visitor.say_code().status_code == 400
    assert not visitor.is_in()


def test_elsewhere_it_is_refused_without_encryption_and_sets_no_cookie(tmp_path: Path) -> None:
    here = site(configured(tmp_path, public_url="http://gongkai.example"), Clock())
    answer = here.browser(address="http://gongkai.example").get("/admin/login")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_provider_needs_cookies_that_come_along_on_the_way_back(tmp_path: Path) -> None:
    here = site(
        configured(tmp_path, oidc_issuer="https://x", oidc_client_id="y", oidc_client_secret_file=tmp_path), Clock()
    )
    assert "SameSite=lax" in here.browser().get("/admin/login").headers["set-cookie"]


def test_each_step_has_another_id_and_one_set_from_outside_is_never_kept(here: Site) -> None:
    planted = f"{'A' * 43}.{'A' * 43}"
    here.accounts.add("li", Role.VIEWER, HASH)
    visitor = here.browser()
    visitor.client.cookies.set("__Host-gongkai-admin", planted, domain="gongkai.example")
    seen = [planted]
    visitor.get("/admin/login")
    visitor.enrol()
    seen.append(visitor.cookie)
    other = here.browser()
    other.client.cookies.set("__Host-gongkai-admin", planted)
    assert not other.is_in()
    assert visitor.is_in()
    visitor.post("/admin/logout")
    seen.append(visitor.cookie)
    here.clock.now += 60
    visitor.say_password()
    seen.append(visitor.cookie)
    visitor.say_code()
    seen.append(visitor.cookie)
    assert len(set(seen)) == len(seen)


def test_a_cookie_opens_nothing_once_a_letter_of_its_signature_or_its_secret_is_another(here: Site) -> None:
    visitor = here.signed_in()
    secret, mark = visitor.cookie.split(".")
    for changed in (f"{_other(secret)}.{mark}", f"{secret}.{_other(mark)}", secret, f"{mark}.{secret}"):
        other = here.browser()
        other.client.cookies.set("__Host-gongkai-admin", changed)
        assert not other.is_in(), changed
    assert visitor.is_in()


def _other(text: str) -> str:
    return ("B" if text[0] == "A" else "A") + text[1:]


def test_the_id_between_password_and_code_opens_nothing_afterwards(here: Site) -> None:
    visitor = here.signed_in()
    visitor.post("/admin/logout")
    here.clock.now += 60
    visitor.say_password()
    half = visitor.cookie
    visitor.say_code()
    other = here.browser()
    other.client.cookies.set("__Host-gongkai-admin", half)
    assert not other.is_in()
    assert other.get("/admin/login/code").status_code == 303


@pytest.mark.parametrize(("steps", "is_in"), [([29] * 20, True), ([31], False), ([29] * 24 + [25], False)])
def test_a_session_ends_when_idle_and_when_old(here: Site, steps: list[int], is_in: bool) -> None:
    visitor = here.signed_in()
    for minutes in steps:
        here.clock.now += minutes * 60
        still = visitor.is_in()
    assert still is is_in


def test_the_step_after_the_password_is_open_for_ten_minutes(here: Site) -> None:
    here.signed_in()
    visitor = here.browser()
    visitor.say_password()
    here.clock.now += 601
    assert visitor.get("/admin/login/code").status_code == 303


def test_sessions_outlive_a_restart_and_hold_in_every_worker(here: Site) -> None:
    visitor = here.signed_in()
    other = here.worker().browser()
    other.client.cookies.update(visitor.client.cookies)
    assert other.is_in()
    other.get("/admin")
    other.post("/admin/logout")
    assert not visitor.is_in()


def test_sessions_that_ran_out_are_cleared_and_ids_are_kept_as_hashes(here: Site) -> None:
    visitor = here.signed_in()
    assert visitor.cookie.partition(".")[0].encode() not in (here.folder / "state.sqlite").read_bytes()
    here.clock.now += 3600
    here.browser().say_password()
    [(count,)] = here.area.state.rows("select count(*) from sessions")
    assert count == 1


def test_a_change_of_role_holds_at_once_and_gives_the_session_another_id(here: Site) -> None:
    visitor = here.signed_in(Role.EDITOR)
    before = visitor.cookie
    Desk(here.settings).change_role("li", Role.PUBLISHER)
    assert "发布" in visitor.get("/admin").text
    assert visitor.cookie != before
    old = here.browser()
    old.client.cookies.set("__Host-gongkai-admin", before)
    assert not old.is_in()
    assert visitor.is_in()


@pytest.mark.parametrize(
    "change",
    [
        lambda desk: desk.remove("li"),
        lambda desk: desk.change_password("li", lambda: "another long password"),
        lambda desk: desk.reset_second_factor("li"),
        lambda desk: desk.sign_out("li"),
        lambda desk: (desk.remove("li"), desk.add("li", Role.PUBLISHER, lambda: PASSWORD)),
    ],
    ids=["removed", "password", "second factor", "signed out", "removed and added"],
)
def test_a_session_ends_at_once_with_what_it_rests_on(here: Site, change: Callable[[Desk], object]) -> None:
    visitor = here.signed_in()
    assert visitor.is_in()
    change(Desk(here.settings))
    assert not visitor.is_in()


def test_a_session_whose_account_was_edited_by_hand_ends_too(here: Site) -> None:
    visitor = here.signed_in()
    here.accounts.change("li", lambda account: replace(account, stamp="another"))
    assert not visitor.is_in()
