"""How well words fit the names of a thing: whole, as a beginning, by initials, in part, or with a slip of the hand.

Pure: plain words and names in, a rank out. What is plain is told by `tables.finding.plain`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

WHOLE, BEGINS, INITIALS, PART, NEAR = range(5)
# Nobody mistypes more than this of a name; what is longer would only take its time.
_LONGEST = 24
Rank = tuple[int, int, int]
"""How it fits, how many slips, how long the name is: the smaller, the better."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a thing is found by; `initials` are those of a name's syllables."""

    names: tuple[str, ...]
    initials: tuple[str, ...] = ()
    pairs: tuple[frozenset[str], ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, names: Iterable[str], initials: Iterable[str]) -> Names:
        held = tuple(dict.fromkeys(each for each in names if each))
        return cls(held, tuple(dict.fromkeys(each for each in initials if each)), tuple(_pairs(each) for each in held))


def fit(words: Sequence[str], names: Names) -> Rank | None:
    """None where a word is in none of the names. Several words may stand in any order, in names of the same thing."""
    joined = "".join(words)
    if not joined:
        return None
    found = [(kind, 0, len(name)) for name in names.names if (kind := _kind(joined, name)) is not None]
    if any(each.startswith(joined) for each in names.initials):
        found.append((INITIALS, 0, len(joined)))
    if not found and all(any(word in name for name in names.names) for word in words):
        found.append((PART, 0, len(names.names[0])))
    return min(found, default=None)


def fit_nearly(words: Sequence[str], names: Names) -> Rank | None:
    """As `fit`, with a slip in four letters or three characters, and two in twice as many; None where there are more."""
    joined = "".join(words)
    most = slips_allowed(joined)
    if not most or len(joined) > _LONGEST:
        return None
    own = _pairs(joined)
    least = max(len(own) - 3 * most, 1 if joined.isascii() else 0)
    found = []
    for name, pairs in zip(names.names, names.pairs, strict=True):
        # A slip spoils three pairs at the most; what shares fewer cannot be near, and need not be gone through.
        if len(own & pairs) >= least:
            slips = _slips(joined, name)
            if slips <= most:
                found.append((NEAR, slips, len(name)))
    return min(found, default=None)


def slips_allowed(words: str) -> int:
    """Characters weigh more than letters."""
    least = 4 if words.isascii() else 3
    return 0 if len(words) < least else 1 if len(words) < 2 * least else 2


def _kind(words: str, name: str) -> int | None:
    if name.startswith(words):
        return WHOLE if name == words else BEGINS
    return PART if words in name else None


def _pairs(words: str) -> frozenset[str]:
    return frozenset(words[place : place + 2] for place in range(len(words) - 1))


def _slips(words: str, name: str) -> int:
    """The fewest letters to change, add, leave out or swap with the next until the words stand somewhere in the name."""
    before, row = [0], [0] * (len(name) + 1)
    for place, letter in enumerate(words):
        above, row = row, [place + 1]
        for other, own in enumerate(name):
            least = min(above[other] + (letter != own), above[other + 1] + 1, row[other] + 1)
            if place and other and letter == name[other - 1] and own == words[place - 1]:
                least = min(least, before[other - 1] + 1)
            row.append(least)
        before = above
    return min(row)
