"""Passwords into argon2id hashes and back to yes or no. An unknown name takes as long as a wrong password."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dashboard.messages import UserError

SHORTEST, LONGEST = 12, 256
_hasher = PasswordHasher()  # the library's parameters follow RFC 9106: argon2id, 64 MiB
# Each takes 64 MiB: a crowd at the door waits here instead of filling the memory.
_few = threading.BoundedSemaphore(2)


def require_good(password: str, name: str) -> None:
    """Raises UserError for one that is too short or too long, says the name, or repeats a few characters."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UserError("admin.password_length", shortest=SHORTEST, longest=LONGEST)
    if name.lower() in password.lower() or len(set(password)) < 5:
        raise UserError("admin.password_simple")


def hashed(password: str) -> str:
    with _few:
        return _hasher.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Whether it is the password of the hash; without a hash never, after the same work."""
    if kept is None:
        _verify(_nobodys(), password)
        return False
    return _verify(kept, password)


def prepare() -> None:
    """Makes what a name without account is held against, so that the first such name takes no longer."""
    _nobodys()


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with parameters that no longer hold."""
    return _hasher.check_needs_rehash(kept)


def _verify(kept: str, password: str) -> bool:
    try:
        with _few:
            return _hasher.verify(kept, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return hashed("a password that opens nothing")
