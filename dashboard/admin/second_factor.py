"""The second factor of local accounts: codes of an authenticator (TOTP, RFC 6238), and recovery codes for its loss.

Each code opens once: the caller decides within the lock of the accounts file, and writes what was used up.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import replace

import pyotp

from dashboard.admin.accounts import Account, new_stamp
from dashboard.admin.sessions import digest

_PERIOD, _DRIFT = 30, 1
_RECOVERY_CODES = 10


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, name: str, host: str) -> str:
    """The otpauth address that an authenticator takes."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=f"Gongkai {host}")


def step_of(secret: str, code: str, now: float, last_step: int = 0) -> int | None:
    """The period that the code is of: this one or a neighbour, and later than the last one used."""
    given = "".join(code.split())
    if len(given) != 6 or not (given.isascii() and given.isdigit()):
        return None
    this = int(now // _PERIOD)
    for step in range(this - _DRIFT, this + _DRIFT + 1):
        if step > last_step and hmac.compare_digest(pyotp.TOTP(secret).at(step * _PERIOD), given):
            return step
    return None


def with_code(account: Account, code: str, now: float) -> Account | None:
    """The account after the code was used; None where it is not right."""
    step = step_of(account.secret, code, now, account.last_step) if account.secret else None
    return replace(account, last_step=step) if step is not None else None


def with_recovery_code(account: Account, code: str) -> Account | None:
    """The account without the code; None where it has none like it."""
    used = digest(_plain(code))
    left = tuple(each for each in account.recovery if not hmac.compare_digest(each, used))
    return replace(account, recovery=left) if len(left) < len(account.recovery) else None


def enrolled(account: Account, secret: str, step: int) -> tuple[Account, list[str]]:
    """The account with its second factor, and the recovery codes, which nobody can tell again."""
    codes = [_new_code() for _ in range(_RECOVERY_CODES)]
    kept = tuple(digest(_plain(code)) for code in codes)
    return replace(account, secret=secret, last_step=step, recovery=kept, stamp=new_stamp()), codes


def _new_code() -> str:
    """Eighty random bits in four groups of letters and digits."""
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def _plain(code: str) -> str:
    return "".join(code.lower().split()).replace("-", "")
