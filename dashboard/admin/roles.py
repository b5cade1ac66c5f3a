"""Who acts in the admin area, and what each role may do. Knows no request and no file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """From the least to the most; each may do what those before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    PUBLISHER = "publisher"

    def may(self, needed: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(needed)


class Way(StrEnum):
    """How a person came in."""

    LOCAL = "local"
    OIDC = "oidc"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person signed in. `id` stays the same when `name`, which pages and the log show, does not."""

    id: str
    name: str
    role: Role
    way: Way

    @property
    def signature(self) -> str:
        """As the log names them: one that a provider vouches for is not taken for a local account of the same name."""
        return self.name if self.way is Way.LOCAL else f"{self.name} ({self.id})"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a route asks of its visitor; `role` None: nothing, anybody may come."""

    role: Role | None


def require(role: Role) -> Requirement:
    """A route for those who have `role` or more."""
    return Requirement(role)


# The pages that lead in.
OPEN = Requirement(None)
