"""Growth on the year before: the rates a report states, what they imply, and what two reports compute to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from dashboard.measures import choice
from dashboard.snapshots.engine import Engine
from dashboard.tables.precision import half_unit
from dashboard.tables.rows import records_of

COLUMNS = (
    *choice.COLUMNS,
    "name",
    "bound",
    "rate",
    "rate_as_printed",
    "rate_locator",
    "implied",
    "implied_low",
    "implied_high",
    "previous",
    "previous_locator",
    "computed",
)


# 170余万 is at least 1,700,000: what it implies has no upper end.
_AT_LEAST = frozenset(["余", "多", "以上", "超过", "超", "不低于", "不少于", "至少", "突破", "逾", "高于"])


@dataclass(frozen=True, slots=True)
class Implied:
    """The year before that a stated rate implies, and the interval that the rounding of rate and value leaves."""

    value: Decimal
    low: Decimal
    high: Decimal


def implied(value: Decimal, value_rounding: Decimal, rate: Decimal, rate_rounding: Decimal) -> Implied | None:
    """value / (1 + rate) with its interval; None for a fall of 100 % or more, which has no base."""
    if rate - rate_rounding <= -1:
        return None
    return Implied(
        value / (1 + rate),
        (value - value_rounding) / (1 + rate + rate_rounding),
        (value + value_rounding) / (1 + rate - rate_rounding),
    )


def stated(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """One row for each stated rate, largest first; `name` is what a mention counts, empty for an indicator.

    `implied*` are derived from the rate; `previous` and `computed` come from the previous year's report where there
    is one, so that stated and computed growth stand side by side. A zero or missing base has no computed rate.
    """
    rows = [*_from_facts(engine, body, year), *_from_mentions(engine, body, year)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(object)
    frame = frame.where(frame.notna(), None)
    return choice.largest_first(frame, "rate")


def _from_facts(engine: Engine, body: str, year: int) -> list[dict[str, object]]:
    facts = choice.whole(engine.facts(body, [year - 1, year]))
    rates = choice.chosen(facts[(facts["measure"] == "yoy_rate") & (facts["year"] == year)])
    values = choice.chosen(facts[facts["measure"] == "value"])
    rows = []
    for rate in records_of(rates):
        same = values[(values["indicator"] == rate["indicator"]) & (values["segment"] == rate["segment"])]
        current = records_of(same[same["year"] == year])
        previous = records_of(same[same["year"] == year - 1])
        if current:
            rows.append(_row(current[0], rate, previous[0] if previous else None))
    return rows


def _stated(rate: dict) -> str:  # type: ignore[type-arg]  # rows of a frame
    """A rate as its report writes it: a percentage."""
    return str(rate["as_printed"]) if rate.get("correction") is None else f"{(rate['value'] * 100).normalize():f}%"


def _from_mentions(engine: Engine, body: str, year: int) -> list[dict[str, object]]:
    """Rates of quantities that no indicator exists for; a fact's rate is not told twice."""
    mentions = engine.mentions(body, year)
    by_place = {each["locator"]: each for each in records_of(mentions)}
    rows = []
    for rate in records_of(mentions[mentions["measure"] == "yoy_rate"]):
        subject = by_place.get(rate["subject"])
        if not rate["indicator"] and subject:
            current = subject | {"segment": "", "absence": None, "origin": choice.TEXT, "measure": "value"}
            rows.append(_row(current, rate, None) | {"name": subject["counts"], "bound": subject["bound"]})
    return rows


def _row(current: dict, rate: dict, previous: dict | None) -> dict[str, object]:  # type: ignore[type-arg]  # rows of a frame
    row: dict[str, object] = {name: current.get(name) for name in choice.COLUMNS}
    row |= {"name": "", "bound": "", "rate": rate["value"], "rate_as_printed": rate["as_printed"]}
    row |= {"rate_locator": rate["locator"], "previous": None, "previous_locator": "", "computed": None}
    if current["value"] is None or rate["value"] is None:
        return row | {"implied": None, "implied_low": None, "implied_high": None}
    is_least = current.get("bound", "") in _AT_LEAST
    rounding = Decimal(0) if is_least else half_unit(choice.figure_of(current), current["unit"])
    base = implied(current["value"], rounding, rate["value"], half_unit(_stated(rate)))
    if base:
        row |= {
            "implied": base.value,
            "implied_low": base.low,
            "implied_high": None if is_least else base.high,
        }
    if previous is not None:
        row |= {"previous": previous["value"], "previous_locator": previous["locator"]}
        row["computed"] = current["value"] / previous["value"] - 1 if previous["value"] else None
    return row
