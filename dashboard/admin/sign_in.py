"""The way in by a local account: password, then the code of an authenticator; and the way out.

A wrong name, a wrong password and a wrong code are told in one sentence each, which says nothing of what exists.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from starlette.responses import Response

from dashboard.admin import passwords, second_factor
from dashboard.admin.accounts import Account
from dashboard.admin.area import Area
from dashboard.admin.attempts import TooOften
from dashboard.admin.roles import OPEN, Actor, Way
from dashboard.admin.sessions import Session, Stage, new_id
from dashboard.admin.visit import HOME, LOGIN, Visit, safe_next
from dashboard.messages import plural

CODE, RECOVERY, ENROL = f"{LOGIN}/code", f"{LOGIN}/recovery", f"{LOGIN}/authenticator"
LOGOUT = f"{HOME}/logout"


def routes(area: Area) -> None:
    area.route(LOGIN, OPEN)(_form)
    area.route(LOGIN, OPEN, methods=["POST"])(_password)
    area.route(CODE, OPEN)(_code_form)
    area.route(CODE, OPEN, methods=["POST"])(_code)
    area.route(RECOVERY, OPEN)(_code_form)
    area.route(RECOVERY, OPEN, methods=["POST"])(_code)
    area.route(ENROL, OPEN)(_enrol_form)
    area.route(ENROL, OPEN, methods=["POST"])(_enrol)
    area.route(LOGOUT, OPEN, methods=["POST"])(_logout)


def _form(visit: Visit) -> Response:
    onward = safe_next(visit.request.query_params.get("next", ""))
    return visit.to(onward) if visit.who else _shown(visit, onward)


def _shown(visit: Visit, onward: str, status: int = 200, said: str = "", name: str = "") -> Response:
    has_provider = bool(visit.area.settings.oidc_issuer)
    has_accounts = not has_provider or bool(visit.area.entry.accounts.all())
    given = {"next": onward, "said": said, "name": name, "has_provider": has_provider, "has_accounts": has_accounts}
    return visit.page("login.html", status, **given)


def _password(visit: Visit) -> Response:
    onward, name = safe_next(visit.field("next")), visit.field("name", 64).strip().lower()
    entry = visit.area.entry
    try:
        taken = entry.attempts.take(name, visit.client, visit.area.cookies.device(visit.request))
    except TooOften as often:
        return _wait(often, _shown(visit, onward, 429, _wait_told(visit, often), name))
    account, password = entry.accounts.find(name), visit.field("password", passwords.LONGEST + 1)
    if not passwords.is_right(password, account.password if account else None) or account is None:
        _record_failure(visit, account, "password")
        return _shown(visit, onward, 403, visit.text("admin.login_wrong"), name)
    if passwords.is_outdated(account.password):
        fresh = passwords.hashed(password)
        entry.accounts.change(name, lambda held: replace(held, password=fresh))
    entry.attempts.forgive(taken)
    stage = Stage.CODE if account.is_enrolled else Stage.ENROLLING
    told = {"next": onward} | ({} if account.is_enrolled else {"secret": second_factor.new_secret()})
    session = Session("", name, name, Way.LOCAL, stage, account.stamp, told=told)
    visit.secret = entry.sessions.begin(session, instead_of=visit.secret).id
    return visit.to(CODE if account.is_enrolled else ENROL)


def _code_form(visit: Visit) -> Response:
    return _code_shown(visit) if _at(visit, Stage.CODE) else visit.to(LOGIN)


def _code_shown(visit: Visit, status: int = 200, said: str = "") -> Response:
    return visit.page("code.html", status, is_recovery=visit.request.url.path == RECOVERY, said=said)


def _code(visit: Visit) -> Response:
    session, entry = _at(visit, Stage.CODE), visit.area.entry
    if session is None:
        return visit.to(LOGIN)
    try:
        taken = entry.attempts.take(session.actor, visit.client, visit.area.cookies.device(visit.request))
    except TooOften as often:
        return _wait(often, _code_shown(visit, 429, _wait_told(visit, often)))
    is_recovery, code, used = visit.request.url.path == RECOVERY, visit.field("code", 64), []

    def use(account: Account) -> Account:
        with_it = second_factor.with_recovery_code(account, code) if is_recovery else _with_code(visit, account, code)
        used.extend([with_it] if with_it else [])
        return with_it or account

    account = entry.accounts.change(session.actor, use)
    if not used:
        _record_failure(visit, account, "recovery code" if is_recovery else "code")
        return _code_shown(visit, 403, visit.text("admin.code_wrong"))
    entry.attempts.forgive(taken)
    if is_recovery:
        visit.area.trail.record(account.name, "recovery_code_used", left=len(account.recovery))
    if not _come_in(visit, session, account):
        return visit.to(LOGIN)
    return _remember_browser(visit, account, visit.to(session.told.get("next", HOME)))


def _with_code(visit: Visit, account: Account, code: str) -> Account | None:
    return second_factor.with_code(account, code, visit.area.entry.clock())


def _enrol_form(visit: Visit) -> Response:
    session = _at(visit, Stage.ENROLLING)
    return _enrol_shown(visit, session) if session else visit.to(LOGIN)


def _enrol_shown(visit: Visit, session: Session, status: int = 200, said: str = "") -> Response:
    secret = session.told["secret"]
    host = urlsplit(visit.area.settings.address).hostname or ""
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    address = second_factor.address(secret, session.actor, host)
    return visit.page("enrol.html", status, secret=grouped, address=address, said=said)


def _enrol(visit: Visit) -> Response:
    session, entry = _at(visit, Stage.ENROLLING), visit.area.entry
    if session is None:
        return visit.to(LOGIN)
    secret = session.told["secret"]
    step = second_factor.step_of(secret, visit.field("code", 64), entry.clock())
    if step is None:
        return _enrol_shown(visit, session, 403, visit.text("admin.code_wrong"))
    codes: list[str] = []

    def enrol(account: Account) -> Account:
        # Another browser may have been quicker with the same password.
        if account.is_enrolled or account.stamp != session.stamp:
            return account
        after, new_codes = second_factor.enrolled(account, secret, step)
        codes.extend(new_codes)
        return after

    account = entry.accounts.change(session.actor, enrol)
    if not codes:
        return visit.to(LOGIN)
    visit.area.trail.record(account.name, "second_factor_enrolled")
    if not _come_in(visit, session, account):
        return visit.to(LOGIN)
    shown = visit.page("recovery.html", codes=codes, next=session.told.get("next", HOME))
    return _remember_browser(visit, account, shown)


def _come_in(visit: Visit, session: Session, account: Account) -> bool:
    """All the way in, under another id; False where the session ended meanwhile. Nobody comes in unrecorded."""
    entry = visit.area.entry
    who = Actor(account.name, account.name, account.role, Way.LOCAL)
    visit.area.trail.record(who.signature, "login", way=who.way, role=who.role, client=visit.client)
    rotated = entry.sessions.rotate(
        session, stage=Stage.SIGNED_IN, role=account.role, stamp=account.stamp, told={}, created=entry.clock()
    )
    if rotated is None:
        return False
    visit.session, visit.who, visit.secret = rotated, who, rotated.id
    return True


def _remember_browser(visit: Visit, account: Account, answer: Response) -> Response:
    """Failures elsewhere will not count against it."""
    cookies, attempts = visit.area.cookies, visit.area.entry.attempts
    if not attempts.knows(account.name, cookies.device(visit.request)):
        cookies.give_device(visit.request, answer, attempts.know(account.name))
    return answer


def _logout(visit: Visit) -> Response:
    session = visit.session
    if session:
        visit.area.entry.sessions.end(session.id)
        if visit.who:
            visit.record("logout")
            visit.who = None
    visit.secret = new_id()
    onward = session.told.get("sign_out", "") if session else ""
    if onward:
        return visit.page("onward.html", title=visit.text("admin.onward_out"), target=onward)
    return visit.to(LOGIN)


def _at(visit: Visit, stage: Stage) -> Session | None:
    """The session of somebody who is that far in."""
    return visit.session if visit.session and visit.session.stage is stage else None


def _record_failure(visit: Visit, account: Account | None, step: str) -> None:
    """A name that is no account's is not written down: people type passwords there."""
    visit.area.trail.record(
        "", "login_failed", account=account.name if account else None, step=step, client=visit.client
    )


def _wait_told(visit: Visit, often: TooOften) -> str:
    return plural("admin.too_often", -(-often.seconds // 60), visit.language)


def _wait(often: TooOften, answer: Response) -> Response:
    answer.headers["Retry-After"] = str(often.seconds)
    return answer
