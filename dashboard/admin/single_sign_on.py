"""The way in by an OpenID Connect provider, and the pages that lead to it.

A person is sent on by a page of ours, not by the answer to a form: the policy lets forms go nowhere else, and a
provider may hand on to others. The way back is bound to the browser that left, and opens once.
"""

from __future__ import annotations

import json

from starlette.responses import Response

from dashboard.admin.area import Area
from dashboard.admin.provider import Asked, Provider
from dashboard.admin.roles import OPEN, Actor, Way
from dashboard.admin.sessions import Session, Stage, digest
from dashboard.admin.visit import LOGIN, Visit, safe_next
from dashboard.messages import UserError, tellable

START, RETURN = f"{LOGIN}/provider", f"{LOGIN}/provider/return"
_PENDING_SECONDS, _MOST_PENDING = 600, 5000
_FORGET_OLDEST = "delete from pending where id in (select id from pending order by expires desc limit -1 offset ?)"


def routes(area: Area) -> None:
    if not area.settings.oidc_issuer:
        return
    provider = Provider(area.settings, RETURN)

    @area.route(START, OPEN, methods=["POST"])
    def start(visit: Visit) -> Response:
        asked = provider.ask()
        _keep(visit, asked)
        return visit.page("onward.html", title=visit.text("admin.onward_in"), target=asked.address)

    @area.route(RETURN, OPEN)
    def come_back(visit: Visit) -> Response:
        held = _taken(visit)
        if held is None:
            return _failed(visit, visit.text("admin.form_expired"), "state")
        try:
            vouched = provider.vouch(visit.request.query_params, held["nonce"], held["verifier"])
        except UserError as problem:
            return _failed(visit, problem.say(visit.language), "provider")
        name = tellable(vouched.name)
        role = visit.area.entry.role_of(vouched.groups)
        if role is None:
            return _failed(visit, visit.text("admin.no_role", name=name), "no role", subject=vouched.subject)
        session = Session(
            "", f"oidc:{vouched.subject}", name, Way.OIDC, Stage.SIGNED_IN, visit.area.entry.provider_stamp, role,
            vouched.groups, {"sign_out": vouched.sign_out},
        )  # fmt: skip
        who = Actor(session.actor, name, role, Way.OIDC)
        visit.area.trail.record(who.signature, "login", way=who.way, role=role, client=visit.client)
        visit.session = visit.area.entry.sessions.begin(session, instead_of=visit.secret)
        visit.who, visit.secret = who, visit.session.id
        return visit.to(held["next"])


def _keep(visit: Visit, asked: Asked) -> None:
    """Until the person comes back. A crowd that never does fills no disk: the oldest go first."""
    now = visit.area.entry.clock()
    held = {
        "browser": digest(visit.secret),
        "nonce": asked.nonce,
        "verifier": asked.verifier,
        "next": safe_next(visit.field("next")),
    }
    with visit.area.state.transaction() as transaction:
        transaction.do("delete from pending where expires < ?", now)
        transaction.do(_FORGET_OLDEST, _MOST_PENDING)
        transaction.do(
            "insert into pending values (?, ?, ?)", digest(asked.state), now + _PENDING_SECONDS, json.dumps(held)
        )


def _taken(visit: Visit) -> dict[str, str] | None:
    """What was kept of the sign-in that comes back to the browser that left for it; the second time nothing."""
    state = digest(visit.request.query_params.get("state", ""))
    with visit.area.state.transaction() as transaction:
        rows = transaction.rows("select held, expires from pending where id = ?", state)
        if not rows:
            return None
        held: dict[str, str] = json.loads(str(rows[0][0]))
        if not visit.secret or held["browser"] != digest(visit.secret):
            return None
        transaction.do("delete from pending where id = ?", state)
    return held if float(str(rows[0][1])) > visit.area.entry.clock() else None


def _failed(visit: Visit, said: str, step: str, **details: object) -> Response:
    visit.area.trail.record("", "login_failed", way=Way.OIDC, step=step, client=visit.client, **details)
    return visit.refused(403, said)
