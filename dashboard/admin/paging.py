"""A long list in pages: what a page shows of it, and which pages there are. Knows no request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Item]):
    """Pages are counted from 1; `first` and `last` count the items shown, 0 where there are none."""

    items: Sequence[Item]
    number: int
    pages: int
    total: int
    first: int
    last: int


def paged(items: Sequence[Item], asked: str, size: int) -> Paged[Item]:
    """The page asked for; the nearest one where there is no such page."""
    pages = max(1, -(-len(items) // size))
    number = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1
    shown = items[(number - 1) * size : number * size]
    first = (number - 1) * size + 1 if shown else 0
    return Paged(shown, number, pages, len(items), first, first + len(shown) - 1 if shown else 0)
