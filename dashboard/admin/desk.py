"""What is done to local accounts from the command line, and the log's word on it."""

from __future__ import annotations

import getpass
from collections.abc import Callable

from dashboard.admin import accounts, passwords
from dashboard.admin.accounts import Account, Accounts
from dashboard.admin.attempts import Attempts
from dashboard.admin.roles import Role
from dashboard.admin.sessions import Sessions
from dashboard.admin.state import State
from dashboard.admin.trail import Trail
from dashboard.messages import UserError
from dashboard.settings import Settings

AskPassword = Callable[[], str]


class Desk:
    """The accounts of the admin folder, their sessions and failed tries. Raises UserError for an unknown name."""

    def __init__(self, settings: Settings) -> None:
        if settings.admin_dir is None:
            raise UserError("admin.off")
        accounts.prepare(settings.admin_dir)
        state = State(settings.admin_dir)
        idle, longest = settings.admin_idle_minutes * 60, settings.admin_session_hours * 3600
        self.accounts = Accounts(settings.admin_dir)
        self._sessions, self._attempts = Sessions(state, idle, longest), Attempts(state)
        self._trail = Trail(settings.admin_dir)

    def require(self, name: str) -> Account:
        account = self.accounts.find(name)
        if account is None:
            raise UserError("admin.name_unknown", name=name)
        return account

    def add(self, name: str, role: Role, ask: AskPassword) -> None:
        """A name that cannot be is told before anybody types a password."""
        self.accounts.require_free(name)
        self.accounts.add(name, role, _hashed(ask(), name))
        self._record("account_added", name, role=role)

    def change_role(self, name: str, role: Role) -> None:
        before = self.require(name).role
        self.accounts.change(name, accounts.with_role(role))
        self._record("account_role_changed", name, before=before, role=role)

    def change_password(self, name: str, ask: AskPassword) -> None:
        self.require(name)
        self.accounts.change(name, accounts.with_password(_hashed(ask(), name)))
        self._sessions.end_all(name)
        self._attempts.clear(name)
        self._attempts.forget(name)
        self._record("account_password_changed", name)

    def reset_second_factor(self, name: str) -> None:
        self.accounts.change(name, accounts.without_second_factor)
        self._sessions.end_all(name)
        self._record("second_factor_reset", name)

    def remove(self, name: str) -> None:
        self.accounts.remove(name)
        self._sessions.end_all(name)
        self._attempts.forget(name)
        self._record("account_removed", name)

    def sign_out(self, name: str) -> int:
        """How many sessions there were."""
        ended = self._sessions.end_all(name)
        self._record("signed_out", name, sessions=ended)
        return ended

    def _record(self, action: str, account: str, **details: object) -> None:
        self._trail.record(_who(), action, account=account, **details)


def _hashed(password: str, name: str) -> str:
    passwords.require_good(password, name)
    return passwords.hashed(password)


def _who() -> str:
    """The machine's user, who needs no account of ours."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return "command line"
