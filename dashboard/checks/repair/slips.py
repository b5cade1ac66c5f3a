"""The slips of a hand that explain how one value came to be printed for another. Pure arithmetic on digits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from dashboard.checks.repair.record import Slip

_DIGITS = "0123456789"
_MYRIAD = 4  # 万: ten thousand


def slip(printed: Decimal, meant: Decimal) -> Slip | None:
    """The most telling slip that turns `meant` into `printed`; none where no single one does."""
    return next((kind for kind, values in meanings(printed) if meant in values), None)


@lru_cache(maxsize=4096)
def meanings(printed: Decimal) -> tuple[tuple[Slip, frozenset[Decimal]], ...]:
    """For each kind of slip, the most telling first, all that can have been meant where `printed` stands."""
    digits = f"{abs(printed):f}"
    if printed < 0 or not digits.isdecimal():
        return _moved_point(printed)
    found = (
        (Slip.SWAPPED, _swapped(digits)),
        (Slip.DOUBLED, _single(digits)),
        (Slip.LEFT_OUT, _longer(digits)),
        (Slip.ADDED, _shorter(digits)),
        *_moved_point(printed),
        (Slip.MISTYPED, _mistyped(digits)),
    )
    return tuple((kind, values - {printed}) for kind, values in ((kind, frozenset(values)) for kind, values in found))


def _swapped(digits: str) -> Iterator[Decimal]:
    for place in range(len(digits) - 1):
        yield from _number(digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :])


def _single(digits: str) -> Iterator[Decimal]:
    for place in range(len(digits) - 1):
        if digits[place] == digits[place + 1]:
            yield from _number(digits[:place] + digits[place + 1 :])


def _longer(digits: str) -> Iterator[Decimal]:
    if digits != "0":
        for place in range(len(digits) + 1):
            for digit in _DIGITS:
                yield from _number(digits[:place] + digit + digits[place:])


def _shorter(digits: str) -> Iterator[Decimal]:
    for place in range(len(digits)):
        yield from _number(digits[:place] + digits[place + 1 :])


def _mistyped(digits: str) -> Iterator[Decimal]:
    for place in range(len(digits)):
        for digit in _DIGITS:
            yield from _number(digits[:place] + digit + digits[place + 1 :])


def _moved_point(printed: Decimal) -> tuple[tuple[Slip, frozenset[Decimal]], ...]:
    if not printed:
        return ()
    point = frozenset(printed.scaleb(places) for places in (-3, -2, -1, 1, 2, 3))
    return (Slip.DECIMAL_POINT, point), (
        Slip.MYRIAD,
        frozenset(printed.scaleb(places) for places in (-_MYRIAD, _MYRIAD)),
    )


def _number(digits: str) -> Iterator[Decimal]:
    """A number as it is written: no digits are none, and none begins with a zero it does not need."""
    if digits and (digits == "0" or digits[0] != "0"):
        yield Decimal(digits)
