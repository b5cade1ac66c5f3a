"""What a printed figure stands for: an interval. Rounding, 近 and 余, and an empty cell are all told in this one way.

Exact arithmetic on Decimals; knows neither rules nor reports.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from dashboard.tables.precision import half_unit

_ZERO = Decimal(0)
_DIGIT = re.compile(r"\d")
# The words that make a figure a bound: from the figure upwards, a little above it, up to it, just below it, around it.
_AT_LEAST = frozenset(["超过", "超", "以上", "不低于", "不少于", "至少", "突破", "逾", "高于"])
_LITTLE_MORE = frozenset(["余", "多"])
_AT_MOST = frozenset(["不足", "不到", "不超过", "不高于", "最多", "低于", "以下", "内"])
_JUST_BELOW = frozenset(["近", "将近", "接近"])
_AROUND = frozenset(["约", "大约", "左右"])


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included; None where that end is open."""

    low: Decimal | None
    high: Decimal | None

    @classmethod
    def of(cls, value: Decimal) -> Interval:
        return cls(value, value)

    @property
    def is_exact(self) -> bool:
        return self.low is not None and self.low == self.high

    def __add__(self, other: Interval) -> Interval:
        return Interval(_add(self.low, other.low), _add(self.high, other.high))

    def __sub__(self, other: Interval) -> Interval:
        return Interval(
            None if self.low is None or other.high is None else self.low - other.high,
            None if self.high is None or other.low is None else self.high - other.low,
        )

    def is_above(self, other: Interval) -> bool:
        """Every value of this one is larger than every value of the other."""
        return self.low is not None and other.high is not None and self.low > other.high

    def meets(self, other: Interval) -> bool:
        return not self.is_above(other) and not other.is_above(self)


NOTHING = Interval(_ZERO, _ZERO)
NOT_NEGATIVE = Interval(_ZERO, None)


def total(parts: list[Interval]) -> Interval:
    return sum(parts, NOTHING)


def quotient(part: Interval, whole: Interval) -> Interval | None:
    """What part / whole can be; None where the whole may be nothing or has no end. Neither may be negative."""
    if not whole.low or whole.low <= 0 or whole.high is None or part.low is None or part.high is None:
        return None
    return Interval(part.low / whole.high, part.high / whole.low)


def stated(value: Decimal, unit: str, as_printed: str, bound: str = "") -> Interval:
    """What a figure printed in prose stands for: 70.67 万 is 706,650 to 706,750, 近 300 is 200 to 300."""
    if bound:
        return _bounded(value, bound)
    half = half_unit(as_printed, unit) if _DIGIT.search(as_printed) else _ZERO
    return Interval(value - half, value + half)


def stated_rate(value: Decimal, as_printed: str, bound: str = "") -> Interval:
    """What a stated percentage stands for, whether it was rounded or cut off: 94.7% is 94.65% to 94.8%."""
    if bound:
        return _bounded(value, bound)
    half = half_unit(as_printed) if _DIGIT.search(as_printed) else _ZERO
    return Interval(value - half * (1 if value > 0 else 2), value + half * (2 if value >= 0 else 1))


def _bounded(value: Decimal, bound: str) -> Interval:
    """Where a word says no more than `about`, its figure is good for one unit of its last digit that is not nought."""
    step = _last_digit(value)
    if bound in _AT_LEAST:
        return Interval(value, None)
    if bound in _AT_MOST:
        return Interval(_ZERO, value)
    if bound in _LITTLE_MORE:
        return Interval(value, value + step)
    if bound in _JUST_BELOW:
        return Interval(value - step, value)
    return Interval(value - step, value + step) if bound in _AROUND else Interval(None, None)


def _last_digit(value: Decimal) -> Decimal:
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if value and isinstance(exponent, int) else _ZERO


def _add(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other
