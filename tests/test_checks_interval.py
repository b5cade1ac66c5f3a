"""What a printed figure stands for, and sides that are intervals: rounding, bounds and open ends."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.checks.finding import Verdict, judge
from dashboard.checks.identities import Relation
from dashboard.checks.interval import Interval, quotient, stated, stated_rate

COUNTS = st.integers(1, 10**8).map(Decimal)


def interval(low: str, high: str) -> Interval:
    return Interval(Decimal(low) if low else None, Decimal(high) if high else None)


@given(COUNTS)
def test_a_count_rounded_to_myriads_stands_for_itself(count: Decimal) -> None:
    printed = (count / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    told = stated(printed * 10_000, "条", f"{printed}万条")
    assert told.meets(Interval.of(count))


@given(COUNTS, COUNTS, st.sampled_from([ROUND_DOWN, ROUND_HALF_UP]), st.integers(0, 3))
def test_a_share_rounded_or_cut_off_stands_for_its_quotient(
    part: Decimal, more: Decimal, how: str, digits: int
) -> None:
    whole = part + more
    percent = (part / whole * 100).quantize(Decimal(1).scaleb(-digits), how)
    found = quotient(Interval.of(part), Interval.of(whole))
    assert found
    assert stated_rate(percent / 100, f"{percent:f}%").meets(found)


@given(COUNTS, COUNTS, st.sampled_from([ROUND_DOWN, ROUND_HALF_UP]))
def test_a_fall_rounded_or_cut_off_stands_for_itself(now: Decimal, more: Decimal, how: str) -> None:
    growth = now / (now + more) - 1
    percent = (growth * 100).quantize(Decimal("0.1"), how)
    assert stated_rate(percent / 100, f"{abs(percent):f}%").meets(Interval.of(growth))


@pytest.mark.parametrize(
    ("bound", "value", "low", "high"),
    [
        ("近", "3000000", "2000000", "3000000"), ("余", "340000", "340000", "350000"), ("多", "60", "60", "70"),
        ("超过", "300", "300", ""), ("不足", "300", "0", "300"), ("约", "300", "200", "400"), ("以上", "0.4", "0.4", ""),
    ],
)  # fmt: skip
def test_a_word_makes_a_figure_a_bound(bound: str, value: str, low: str, high: str) -> None:
    assert stated(Decimal(value), "件", value, bound) == interval(low, high)


@pytest.mark.parametrize(
    ("left", "relation", "right", "verdict"),
    [
        (("3", "3"), Relation.EQUAL, ("3", "3"), Verdict.HOLDS),
        (("3", "5"), Relation.EQUAL, ("5", "5"), Verdict.HOLDS_WITHIN_ROUNDING),
        (("3", "4"), Relation.EQUAL, ("5", "5"), Verdict.FAILS),
        (("3", ""), Relation.EQUAL, ("2", "2"), Verdict.FAILS),
        (("3", "3"), Relation.AT_MOST, ("3", "9"), Verdict.HOLDS),
        (("3", "5"), Relation.AT_MOST, ("4", "4"), Verdict.HOLDS_WITHIN_ROUNDING),
        (("5", "6"), Relation.AT_MOST, ("4", "4"), Verdict.FAILS),
        (("5", "6"), Relation.AT_MOST, ("0", ""), Verdict.HOLDS_WITHIN_ROUNDING),
    ],
)
def test_sides_are_judged_by_what_they_can_be(
    left: tuple[str, str], relation: Relation, right: tuple[str, str], verdict: Verdict
) -> None:
    assert judge(interval(*left), relation, interval(*right)) is verdict


def test_nothing_is_divided_by_what_may_be_nothing() -> None:
    assert quotient(interval("1", "1"), interval("0", "5")) is None
    assert quotient(interval("1", "1"), interval("1", "")) is None
