"""Local accounts: password and code, recovery, limits on tries, the file, the command line."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from typer.testing import CliRunner, Result

from dashboard.admin import passwords, second_factor
from dashboard.admin.accounts import Accounts
from dashboard.admin.desk import Desk
from dashboard.admin.roles import Role
from dashboard.cli import app
from dashboard.messages import UserError
from tests.admin_area import ADDRESS, HASH, PASSWORD, Clock, Site, Visitor, configured, site
from tests.conftest import ROOT


@pytest.fixture
def here(tmp_path: Path) -> Site:
    return site(configured(tmp_path), Clock())


def log(here: Site) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (here.folder / "audit.jsonl").read_text("utf-8").splitlines()]


# The way in


def test_the_first_sign_in_sets_up_the_authenticator_and_tells_recovery_codes_once(here: Site) -> None:
    here.accounts.add("li", Role.EDITOR, HASH)
    visitor = here.browser()
    shown = visitor.enrol()
    assert shown.status_code == 200
    assert len(set(re.findall(r"<code>([a-z2-7-]{19})</code>", shown.text))) == 10
    assert visitor.is_in()
    assert visitor.get("/admin/login/authenticator").status_code == 303
    account = here.accounts.find("li")
    assert account
    assert account.secret == visitor.secret
    assert not any(
        code in (here.folder / "accounts.json").read_text() for code in re.findall(r"<code>([a-z2-7-]{19})", shown.text)
    )


def test_a_password_alone_opens_nothing(here: Site) -> None:
    here.accounts.add("li", Role.EDITOR, HASH)
    visitor = here.browser()
    visitor.say_password()
    assert not visitor.is_in()
    visitor.enrol()
    visitor.post("/admin/logout")
    visitor.say_password()
    assert visitor.get("/admin").headers["location"] == "/admin/login"
    assert visitor.get("/admin/login/authenticator").headers["location"] == "/admin/login", "no second authenticator"


def test_the_second_sign_in_takes_password_and_code_and_leads_to_the_page_asked_for(here: Site) -> None:
    visitor = here.signed_in()
    visitor.post("/admin/logout")
    here.clock.now += 60
    assert visitor.get("/admin/none?x=1").headers["location"] == "/admin/login?next=%2Fadmin%2Fnone%3Fx%3D1"
    assert 'value="/admin/none?x=1"' in visitor.get("/admin/login?next=%2Fadmin%2Fnone%3Fx%3D1").text
    visitor.post("/admin/login", name=" LI ", password=PASSWORD, next="/admin/none?x=1")
    assert visitor.say_code().headers["location"] == "/admin/none?x=1"
    assert visitor.is_in()


def test_signing_in_never_leads_to_another_site(here: Site) -> None:
    visitor = here.signed_in()
    visitor.post("/admin/logout")
    here.clock.now += 60
    visitor.say_password(next="https://evil.example")
    assert visitor.say_code().headers["location"] == "/admin"
    assert visitor.get("/admin/login?next=//evil.example").headers["location"] == "/admin"


def test_a_code_opens_once_also_for_two_workers_at_the_same_time(here: Site) -> None:
    visitor = here.signed_in()
    here.clock.now += 60
    rivals = []
    for _ in range(4):
        rival = here.worker().browser()
        rival.secret = visitor.secret
        rival.say_password()
        rival.get("/admin/login/code")
        rivals.append(rival)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: each.post("/admin/login/code", code=each.code()), rivals))
    assert sorted(each.status_code for each in answers) == [303, 403, 403, 403]


@pytest.mark.parametrize(("periods", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_period_off(here: Site, periods: int, is_right: bool) -> None:
    visitor = here.signed_in()
    visitor.post("/admin/logout")
    here.clock.now += 300
    visitor.say_password()
    assert visitor.say_code(visitor.code(periods)).status_code == (303 if is_right else 403)


def test_a_code_older_than_one_used_opens_nothing(here: Site) -> None:
    visitor = here.signed_in()
    visitor.post("/admin/logout")
    here.clock.now += 300
    visitor.say_password()
    visitor.say_code(visitor.code(1))
    visitor.post("/admin/logout")
    visitor.say_password()
    assert visitor.say_code(visitor.code(0)).status_code == 403


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "0" * 60])
def test_what_is_no_code_is_wrong_and_no_error(here: Site, code: str) -> None:
    visitor = here.signed_in()
    visitor.post("/admin/logout")
    visitor.say_password()
    assert visitor.say_code(code).status_code == 403


def test_a_recovery_code_opens_once(here: Site) -> None:
    here.accounts.add("li", Role.VIEWER, HASH)
    visitor = here.browser()
    code = re.findall(r"<code>([a-z2-7-]{19})</code>", visitor.enrol().text)[3]
    for expected in (303, 403):
        visitor.post("/admin/logout")
        visitor.say_password()
        visitor.get("/admin/login/recovery")
        assert visitor.post("/admin/login/recovery", code=code.upper().replace("-", " ")).status_code == expected
    account = here.accounts.find("li")
    assert account
    assert len(account.recovery) == 9
    used = [(each["by"], each["told"]) for each in log(here) if each["action"] == "recovery_code_used"]
    assert used == [("li", {"left": 9})]


def test_a_wrong_name_and_a_wrong_password_are_told_alike(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    here.accounts.add("li", Role.VIEWER, HASH)
    worked: list[str] = []
    verify = passwords._verify

    def counted(kept: str, password: str) -> bool:
        worked.append(kept[:60])
        return verify(kept, password)

    monkeypatch.setattr(passwords, "_verify", counted)
    told = []
    for name in ("li", "nobody"):
        visitor = here.browser()
        answer = visitor.say_password(name, "a wrong password")
        told.append((answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)))
    assert told[0] == told[1]
    assert len(worked) == 2, "one hash is worked out for either"
    parameters = {re.match(r"\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+", each)[0] for each in worked}  # type: ignore[index]  # no match is a failure of the test
    assert len(parameters) == 1, "at the same cost"


def test_a_hash_with_other_parameters_is_made_anew_at_the_next_sign_in(here: Site) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
    before = here.accounts.add("li", Role.VIEWER, old)
    here.browser().say_password()
    account = here.accounts.find("li")
    assert account
    assert account.password != old
    assert account.stamp == before.stamp
    assert passwords.is_right(PASSWORD, account.password)
    assert not passwords.is_outdated(account.password)


# Limits on tries


def fail(visitor: Visitor, times: int, name: str = "li") -> list[int]:
    return [visitor.say_password(name, "a wrong password").status_code for _ in range(times)]


@pytest.mark.parametrize("name", ["li", "nobody"])
def test_after_five_failures_a_name_waits_whether_it_exists_or_not(here: Site, name: str) -> None:
    here.accounts.add("li", Role.VIEWER, HASH)
    visitor = here.browser()
    assert fail(visitor, 7, name) == [403] * 5 + [429] * 2
    answer = visitor.say_password(name)
    assert answer.status_code == 429, "also with the right password"
    assert answer.headers["Retry-After"] == str(15 * 60)
    here.clock.now += 15 * 60
    assert fail(visitor, 1, name) == [403]


def test_tries_of_all_workers_count_together_also_at_the_same_time(here: Site) -> None:
    here.accounts.add("li", Role.VIEWER, HASH)
    visitors = [here.worker().browser() for _ in range(3)] * 3
    for each in visitors:
        each.get("/admin/login")
    with ThreadPoolExecutor(3) as pool:
        statuses = list(
            pool.map(lambda each: each.post("/admin/login", name="li", password="wrong wrong").status_code, visitors)
        )
    assert sorted(statuses) == [403] * 5 + [429] * 4


def test_an_address_that_tries_many_names_waits(here: Site) -> None:
    visitor = here.browser("2001:db8::1")
    assert [fail(visitor, 1, f"name{number}")[0] for number in range(20)] == [403] * 20
    assert fail(here.browser("2001:db8::2"), 1, "another") == [429], "the same network"
    assert fail(here.browser("192.0.2.8"), 1, "another") == [403]


def test_who_came_in_before_is_not_kept_out_by_failures_elsewhere(here: Site) -> None:
    owner = here.signed_in()
    owner.post("/admin/logout")
    for number in range(10):
        fail(here.browser(f"198.51.100.{number}"), 5)
    assert fail(here.browser("203.0.113.1"), 1) == [429], "the name is held back"
    here.clock.now += 60
    owner.say_password()
    assert owner.say_code().status_code == 303
    assert owner.is_in()
    owner.post("/admin/logout")
    assert fail(owner, 6) == [403] * 5 + [429], "its own failures count"


def test_wrong_codes_count_and_the_right_password_does_not_forgive_them(here: Site) -> None:
    visitor = here.signed_in()
    thief = here.browser("198.51.100.1")
    statuses = []
    for _ in range(6):
        thief.say_password()
        statuses.append(thief.say_code("000000").status_code)
    assert statuses == [403] * 5 + [429]
    assert thief.say_password().status_code == 429
    assert visitor.is_in()


def test_the_log_tells_failures_without_names_that_do_not_exist(here: Site) -> None:
    here.accounts.add("li", Role.VIEWER, HASH)
    visitor = here.browser()
    visitor.say_password("hunter2 my password", "x")
    visitor.say_password("li", "wrong wrong")
    told = [(each["action"], each["target"], each["told"]["client"]) for each in log(here)]
    assert told == [("login_failed", "", "192.0.2.7"), ("login_failed", "li", "192.0.2.7")]
    kept = b"".join(path.read_bytes() for path in here.folder.iterdir())
    assert b"hunter2" not in kept
    assert b"wrong wrong" not in kept


# The file


def test_the_files_are_their_owners_alone_and_stay_out_of_git(here: Site) -> None:
    here.signed_in()
    for path in here.folder.iterdir():
        if path.name != ".gitignore":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    assert stat.S_IMODE(here.folder.stat().st_mode) == 0o700
    assert (here.folder / ".gitignore").read_text() == "*\n"


def test_changes_of_several_processes_are_all_kept(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from dashboard.admin.accounts import Accounts; from dashboard.admin.roles import Role;"
        "[Accounts(Path(sys.argv[1])).add(f'{sys.argv[2]}{n}', Role.VIEWER, 'x') for n in range(20)]"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), each], cwd=ROOT) for each in "abc"]
    assert [each.wait() for each in started] == [0, 0, 0]
    assert len(Accounts(tmp_path).all()) == 60
    assert [path.name for path in tmp_path.glob(".accounts-*")] == []


def test_an_accounts_file_that_is_broken_is_told_and_lets_nobody_in(here: Site) -> None:
    visitor = here.signed_in()
    (here.folder / "accounts.json").write_text("{")
    answer = visitor.get("/admin")
    assert answer.status_code == 400
    assert "accounts.json" in answer.text


# The command line


def run(here: Site, *arguments: str, typed: str = "") -> Result:
    environment = {"GONGKAI_ADMIN_DIR": str(here.folder), "GONGKAI_LANGUAGE": "en"}
    return CliRunner().invoke(app, ["admin", *arguments], input=typed, env=environment)


def test_an_account_is_added_with_a_password_from_a_pipe_and_the_least_role(here: Site) -> None:
    done = run(here, "add", "wang", typed="a long enough secret\n")
    assert done.exit_code == 0, done.output
    assert "secret" not in done.output
    account = here.accounts.find("wang")
    assert account
    assert account.role is Role.VIEWER
    assert account.password.startswith("$argon2id$")
    assert passwords.is_right("a long enough secret", account.password)
    assert "wang\tviewer\tno authenticator yet" in run(here, "list").output
    assert "secret" not in (here.folder / "audit.jsonl").read_text()


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [("wang", "short", "12 to 256"), ("wang", "x" * 300, "12 to 256"), ("wang", "my name is Wang", "too simple"),
     ("wang", "aaaaaaaaaaaaaa", "too simple"), ("Wang Li", "a long enough secret", "cannot be a name"),
     ("../x", "a long enough secret", "cannot be a name"), ("li", "a long enough secret", "already")],
)  # fmt: skip
def test_an_account_that_cannot_be_is_refused(here: Site, name: str, password: str, told: str) -> None:
    here.accounts.add("li", Role.VIEWER, HASH)
    done = run(here, "add", name, typed=f"{password}\n")
    assert done.exit_code == 1
    assert told in done.output
    assert [each.name for each in here.accounts.all()] == ["li"]


def test_a_password_is_no_argument(here: Site) -> None:
    assert run(here, "add", "wang", "a long enough secret").exit_code == 2
    assert "--password" not in run(here, "add", "--help").output


def test_the_other_commands_do_what_they_say(here: Site) -> None:
    visitor = here.signed_in()
    assert "recovery codes left: 10" in run(here, "totp", "status", "li").output
    assert run(here, "role", "li", "publisher").exit_code == 0
    assert run(here, "totp", "reset", "li").exit_code == 0
    assert "no authenticator yet" in run(here, "totp", "status", "li").output
    assert run(here, "password", "li", typed="another long password\n").exit_code == 0
    assert visitor.say_password("li", "another long password").headers["location"] == "/admin/login/authenticator"
    assert "Ended the sessions of li: 1" in run(here, "sign-out", "li").output
    assert run(here, "remove", "li").exit_code == 0
    assert run(here, "list").output == ""
    told = [each["action"] for each in log(here)][2:]
    assert told == [
        "account_role_changed",
        "second_factor_reset",
        "account_password_changed",
        "signed_out",
        "account_removed",
    ]


@pytest.mark.parametrize("command", [["role", "li", "editor"], ["password", "li"], ["remove", "li"], ["totp", "reset", "li"], ["totp", "status", "li"]])  # fmt: skip
def test_a_name_that_is_none_is_told(here: Site, command: list[str]) -> None:
    done = run(here, *command, typed="a long enough secret\n")
    assert done.exit_code == 1
    assert "no account li" in done.output


def test_a_role_that_is_none_is_wrong_usage_and_told_which_there_are(here: Site) -> None:
    for command in (["role", "li", "boss"], ["add", "li", "--role", "boss"]):
        done = run(here, *command)
        assert done.exit_code == 2
        assert "no role “boss”" in done.output and "viewer, editor, publisher" in done.output
        assert "Value error" not in done.output


def test_where_it_is_off_the_commands_say_how_to_switch_it_on() -> None:
    done = CliRunner().invoke(app, ["admin", "list"], env={"GONGKAI_ADMIN_DIR": "", "GONGKAI_LANGUAGE": "en"})
    assert done.exit_code == 1
    assert "GONGKAI_ADMIN_DIR" in done.output


def test_the_log_is_told_and_a_line_changed_in_it_shows(here: Site) -> None:
    here.signed_in()
    run(here, "role", "li", "editor")
    done = run(here, "log")
    assert done.exit_code == 0
    assert "li: signed in  way=local role=viewer client=192.0.2.7" in done.output
    assert "changed the role of li  before=viewer role=editor" in done.output
    path = here.folder / "audit.jsonl"
    path.write_text(path.read_text("utf-8").replace("192.0.2.7", "192.0.2.8"), "utf-8")
    assert run(here, "log").exit_code == 1


def test_a_password_set_anew_opens_a_name_that_was_held_back(here: Site) -> None:
    here.accounts.add("li", Role.VIEWER, HASH)
    visitor = here.browser()
    fail(visitor, 6)
    run(here, "password", "li", typed="another long password\n")
    assert visitor.say_password("li", "another long password").status_code == 303


def test_the_codes_are_those_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for at, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        assert second_factor.step_of(secret, code, at) == at // 30


def test_the_address_for_the_app_tells_name_and_server() -> None:
    address = second_factor.address("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "li", "gongkai.example")
    assert address.startswith("otpauth://totp/Gongkai%20gongkai.example:li?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")


def test_an_unknown_name_raises_for_who_asks_the_desk(here: Site) -> None:
    with pytest.raises(UserError):
        Desk(here.settings).remove("nobody")
    assert ADDRESS.startswith("https")
