"""Whom a session stands for at this moment: roles are asked for with each request, so that a change holds at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from dashboard.admin.accounts import Accounts
from dashboard.admin.attempts import Attempts
from dashboard.admin.roles import Actor, Role, Way
from dashboard.admin.sessions import Session, Sessions, Stage
from dashboard.settings import Settings


class Entry:
    """Accounts, sessions and attempts together; `settings` map a provider's groups to roles."""

    def __init__(
        self,
        settings: Settings,
        accounts: Accounts,
        sessions: Sessions,
        attempts: Attempts,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.settings, self.accounts, self.sessions, self.attempts = settings, accounts, sessions, attempts
        self.clock = clock

    def recognise(self, secret: str) -> tuple[Session | None, Actor | None]:
        """The session of a cookie, and the person once all the way in. One whose account changed has ended."""
        session = self.sessions.find(secret) if secret else None
        if session is None:
            return None, None
        role = self.role_now(session)
        if role is None:
            self.sessions.end(session.id)
            return None, None
        if session.stage is not Stage.SIGNED_IN:
            return session, None
        if role is not session.role:
            rotated = self.sessions.rotate(session, role=role)
            if rotated is None:
                return None, None
            session = rotated
        return session, Actor(session.actor, session.name, role, session.way)

    def role_now(self, session: Session) -> Role | None:
        """None where the account is gone or changed, or the provider and its groups no longer open anything."""
        if session.way is Way.OIDC:
            return self.role_of(session.groups) if session.stamp == self.provider_stamp else None
        account = self.accounts.find(session.actor)
        return account.role if account and account.stamp == session.stamp else None

    def role_of(self, groups: Iterable[str]) -> Role | None:
        """The highest role that one of a person's groups has."""
        held = set(groups)
        pairs = (each.split("=", 1) for each in self.settings.oidc_roles.split())
        roles = [Role(role) for role, names in pairs if held & set(names.split(","))]
        return max(roles, key=list(Role).index, default=None)

    @property
    def provider_stamp(self) -> str:
        return f"{self.settings.oidc_issuer} {self.settings.oidc_client_id}"
