"""The log of who came in, who was turned away, and which accounts changed: the one place that writes it.

Its lines are chained as those of the audit log of the data. It is in the admin folder and not beside the data, for it
names people and the addresses of their computers.
"""

from __future__ import annotations

import os
from pathlib import Path

from dashboard.messages import UserError
from dashboard.snapshots import audit_log
from dashboard.snapshots.audit_log import Action, Entry


class Trail:
    """The log of an admin folder. Raises UserError where it cannot be written: what is not recorded is not done."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            os.close(os.open(folder / audit_log.FILE, os.O_WRONLY | os.O_CREAT, 0o600))
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError("admin.not_writable", folder=str(folder), reason=reason) from error

    def record(self, actor: str, action: str, *, account: str = "", **details: object) -> None:
        """`actor` is the person signed in, empty where nobody known acted; `account` whom it is about.

        `action` is one of `Action`. Never given a password, a code or a token.
        """
        audit_log.append(self._folder, Entry(Action(action), actor, target=account, told=details))
