"""Sessions on the server's side: a random id in the browser's cookie, everything else here; the file holds hashes of ids.

A session begins when a password was right or a provider vouched for a person, gets another id with each step and
each change of role, and is gone when it ends: its cookie opens nothing any more.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from dashboard.admin.roles import Role, Way
from dashboard.admin.state import State

_STEP_SECONDS = 600  # from the password to the code
_TOUCH_SECONDS = 20  # a session in use is written this often


class Stage(StrEnum):
    """How far in a person is."""

    CODE = "code"
    ENROLLING = "enrolling"
    SIGNED_IN = "signed_in"


@dataclass(frozen=True, slots=True)
class Session:
    """`stamp` is the account's (or the provider's) at the time: another stamp there ends the session."""

    id: str = field(repr=False)
    actor: str
    name: str
    way: Way
    stage: Stage
    stamp: str
    role: Role | None = None
    groups: tuple[str, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict, repr=False)
    created: float = 0
    seen: float = 0


def new_id() -> str:
    """256 random bits, as a cookie carries them."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a random secret; it needs no slow hash, nobody can try them all."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Sessions:
    def __init__(self, state: State, idle: float, longest: float, clock: Callable[[], float] = time.time) -> None:
        self._state = state
        self._idle, self._longest, self._clock = idle, longest, clock

    def begin(self, session: Session, *, instead_of: str = "") -> Session:
        """Kept under an id of its own; the session of the browser's id before, if any, ends."""
        now = self._clock()
        begun = replace(session, id=new_id(), created=now, seen=now)
        with self._state.transaction() as transaction:
            transaction.do("delete from sessions where id = ?", digest(instead_of))
            self._clear(transaction.do, now)
            transaction.do("insert into sessions values (?, ?, ?, ?, ?)", *_written(begun))
        return begun

    def rotate(self, session: Session, **changes: Any) -> Session | None:
        """The session under another id; None where it has ended meanwhile. Its longest time runs on."""
        rotated = replace(session, id=new_id(), seen=self._clock(), **changes)
        with self._state.transaction() as transaction:
            if not transaction.do("delete from sessions where id = ?", digest(session.id)):
                return None
            transaction.do("insert into sessions values (?, ?, ?, ?, ?)", *_written(rotated))
        return rotated

    def find(self, session_id: str) -> Session | None:
        """The session of a cookie, unless it ended or ran out; a look at it is a use of it."""
        rows = self._state.rows("select created, seen, held from sessions where id = ?", digest(session_id))
        if not rows:
            return None
        created, seen, held = rows[0]
        session = _read(session_id, float(str(created)), float(str(seen)), str(held))
        now = self._clock()
        if self._is_over(session, now):
            self.end(session_id)
            return None
        if now - session.seen > _TOUCH_SECONDS:
            with self._state.transaction() as transaction:
                transaction.do("update sessions set seen = ? where id = ?", now, digest(session_id))
        return session

    def end(self, session_id: str) -> None:
        with self._state.transaction() as transaction:
            transaction.do("delete from sessions where id = ?", digest(session_id))

    def end_all(self, actor: str) -> int:
        """Every session of a person; how many there were."""
        with self._state.transaction() as transaction:
            return transaction.do("delete from sessions where actor = ?", actor)

    def _is_over(self, session: Session, now: float) -> bool:
        if session.stage is not Stage.SIGNED_IN and now - session.created > _STEP_SECONDS:
            return True
        return now - session.seen > self._idle or now - session.created > self._longest

    def _clear(self, do: Callable[..., int], now: float) -> None:
        do("delete from sessions where seen < ? or created < ?", now - self._idle, now - self._longest)


def _written(session: Session) -> tuple[object, ...]:
    held = {name: value for name, value in asdict(session).items() if name not in ("id", "created", "seen")}
    return digest(session.id), session.actor, session.created, session.seen, json.dumps(held)


def _read(session_id: str, created: float, seen: float, held: str) -> Session:
    read: dict[str, Any] = json.loads(held)
    return Session(
        **read
        | {
            "id": session_id,
            "created": created,
            "seen": seen,
            "way": Way(read["way"]),
            "stage": Stage(read["stage"]),
            "role": Role(read["role"]) if read["role"] else None,
            "groups": tuple(read["groups"]),
        }
    )
