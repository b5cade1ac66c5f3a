"""Bodies held against each other: rank among like ones, spread, years side by side, parts of what a parent has in all.

Like is held against like: bodies of one level, reports of one edition. A rate of few cases is shown and not ranked. What
is missing has no rank and no share, and is counted, so that it can be told.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd

from dashboard.measures import choice, quantity
from dashboard.measures.quantity import LEAST_BASE, Quantity, Row
from dashboard.messages import UserError
from dashboard.snapshots.engine import Engine
from dashboard.tables.rows import records_of

MOST_BODIES, SHOWN, FIRST = 24, 30, 10
COLUMNS = (
    *choice.COLUMNS, "body", "year", "edition", "body_name", "body_name_en", "base", "is_chosen", "is_peer", "is_small",
    "rank", "ranked", "rank_before", "share_below", "low", "middle", "high", "left_out", "is_break", "is_same",
)  # fmt: skip


def ranked(engine: Engine, body: str, year: int, *, bodies: str = "", indicator: str = "") -> pd.DataFrame:
    """The chosen bodies among their peers by falling value: all of up to `SHOWN` peers, else the first ones and the chosen.

    `rank` of `ranked` bodies, equal values sharing one; `rank_before` a year earlier among those of then; `share_below`
    is the part of the others that has less. `low`, `middle`, `high` are the quartiles of all ranked. `left_out` counts
    peers without a rank.
    """
    told = quantity.of(indicator)
    wanted = _chosen(engine, body, bodies)
    rows = _placed(_peers(engine, body, year, told), _before(engine, body, year, told))
    unlike = [each for each in wanted if each not in {row["body"] for row in rows}]
    return _frame(
        [*_told(engine, year, told, _shown(rows, {*wanted, body})), *_others(engine, year, told, unlike)], wanted
    )


def spread(engine: Engine, body: str, year: int, *, bodies: str = "", indicator: str = "") -> pd.DataFrame:
    """How many peers have a value in each of some equal steps (`low` up to `high`), then the chosen bodies' own values.

    The rows of steps have no body, and count bodies.
    """
    told = quantity.of(indicator)
    wanted = _chosen(engine, body, bodies)
    rows = _placed(_peers(engine, body, year, told), {})
    values = [row["value"] for row in rows if row["rank"] is not None]
    own = _told(engine, year, told, [row for row in rows if row["body"] in wanted])
    steps = [
        choice.derived(indicator=told.code, segment="all", value=Decimal(count), unit="个")
        | {"body": "", "year": year, "low": low, "high": high, "ranked": len(values)}
        for low, high, count in steps_of(values)
    ]
    return _frame([*steps, *own], wanted)


def over_years(engine: Engine, body: str, _year: int, *, bodies: str = "", indicator: str = "") -> pd.DataFrame:
    """Each chosen body in each year that any of them has reported on; without a choice, the body and those beside it.

    `is_break`: another edition than the body's year before; `is_same`: and it still counts the same.
    """
    told = quantity.of(indicator)
    wanted = _chosen(engine, body, bodies) if bodies else list(engine.beside(body, 12)["body"])
    reports = {
        (row["body"], int(row["year"])): str(row["edition"] or "") for row in records_of(engine.reports_of(wanted))
    }
    facts = quantity.facts_of(engine.figures_of(wanted, told.codes))
    years = [year for _, year in reports]
    rows: list[Row] = []
    for each in _named(engine, wanted):
        before = None
        for year in range(min(years), max(years) + 1) if years else ():
            edition = reports.get((each["body"], year))
            row = told.figure(facts, each["body"], year, edition) | each | {"year": year, "edition": edition or ""}
            row |= {"is_break": edition is not None and before is not None and edition != before}
            row |= {
                "is_same": not row["is_break"] or told.is_same(before or "", edition or ""),
                "is_small": _small(row),
            }
            rows.append(row)
            before = edition if edition is not None else before
    return _frame(rows, wanted)


def rank(values: Mapping[str, Decimal]) -> dict[str, int]:
    """Place by falling value, from 1; equal values share the first of their places."""
    ordered = sorted(values.values(), reverse=True)
    first: dict[Decimal, int] = {}
    for place, value in enumerate(ordered, 1):
        first.setdefault(value, place)
    return {body: first[value] for body, value in values.items()}


def quartiles(values: Sequence[Decimal]) -> tuple[Decimal, Decimal, Decimal] | None:
    """The values that a quarter, a half and three quarters are at most, between two neighbours in proportion."""
    if not values:
        return None
    ordered = sorted(values)

    def at(part: Decimal) -> Decimal:
        place = part * (len(ordered) - 1)
        lower = int(place)
        upper = min(lower + 1, len(ordered) - 1)
        return ordered[lower] + (ordered[upper] - ordered[lower]) * (place - lower)

    return at(Decimal("0.25")), at(Decimal("0.5")), at(Decimal("0.75"))


def steps_of(values: Sequence[Decimal]) -> list[tuple[Decimal, Decimal, int]]:
    """Up to a dozen steps of a round width from the least to the most, each with how many values are in it."""
    if not values:
        return []
    least, most = min(values), max(values)
    width = _round_width((most - least) / 10)
    start = (least / width).to_integral_value(rounding="ROUND_FLOOR") * width
    counts: dict[int, int] = {}
    for value in values:
        place = int((value - start) / width)
        counts[place] = counts.get(place, 0) + 1
    return [
        (start + width * place, start + width * (place + 1), counts.get(place, 0)) for place in range(max(counts) + 1)
    ]


def _round_width(raw: Decimal) -> Decimal:
    if raw <= 0:
        return Decimal(1)
    size = Decimal(10) ** math.floor(raw.log10())
    return next(size * each for each in (1, 2, 5, 10) if size * each >= raw)


def _chosen(engine: Engine, body: str, bodies: str) -> list[str]:
    """Raises UserError for a body that is not known, and for too many."""
    wanted = list(dict.fromkeys(each for each in bodies.split(",") if each)) or [body]
    if len(wanted) > MOST_BODIES:
        raise UserError("chart.too_many_bodies", most=MOST_BODIES)
    known = set(engine.listing_of(wanted)["body"])
    for each in wanted:
        if each not in known:
            raise UserError("view.body_unknown", body=each[:40])
    return wanted


def _named(engine: Engine, bodies: Sequence[str]) -> list[Row]:
    rows = records_of(engine.listing_of(bodies))
    return [{"body": row["body"], "body_name": row["name"], "body_name_en": row["name_en"]} for row in rows]


def _peers(engine: Engine, body: str, year: int, told: Quantity) -> list[Row]:
    """Each body of the same level that reported on the year in the same edition as the body: its value and its base.

    However many they are, only what they are ranked by is read of each.
    """
    report = engine.report(body, year)
    if report.empty:
        return []
    edition = str(report["edition"].iloc[0] or "")
    parts, whole = told.made_of(edition)
    found = records_of(engine.sums_beside(body, year, edition, parts, whole))
    return [
        {name: row[name] for name in ("body", "body_name", "body_name_en")}
        | {"value": quantity.divided(row["part"], row["base"]) if told.is_rate else row["part"]}
        | {"base": row["base"] if told.is_rate else None}
        | {"year": year, "edition": edition, "is_peer": True}
        for row in found
    ]


def _told(engine: Engine, year: int, told: Quantity, rows: Sequence[Row]) -> list[Row]:
    """The same rows with what is printed of each, and where; or why there is nothing."""
    facts = quantity.facts_of(engine.figures_of([row["body"] for row in rows], told.codes, [year]))
    return [told.figure(facts, row["body"], year, row["edition"]) | row for row in rows]


def _before(engine: Engine, body: str, year: int, told: Quantity) -> dict[str, int]:
    """The ranks of a year earlier; none where that form counts something else, or there was no report."""
    editions = {int(row["year"]): str(row["edition"] or "") for row in records_of(engine.reports_of([body]))}
    if year - 1 not in editions or not told.is_same(editions[year - 1], editions.get(year, "")):
        return {}
    rows = _peers(engine, body, year - 1, told)
    return rank({row["body"]: row["value"] for row in rows if row["value"] is not None and not _small(row)})


def _placed(rows: list[Row], before: Mapping[str, int]) -> list[Row]:
    """The rows by falling value with their ranks, then those without one."""
    own = {row["body"]: row["value"] for row in rows if row["value"] is not None and not _small(row)}
    places, band = rank(own), quartiles(list(own.values()))
    low, middle, high = band or (None, None, None)
    values = sorted(own.values())
    for row in rows:
        place = places.get(row["body"])
        below = bisect_left(values, row["value"]) if place is not None else None
        row |= {"rank": place, "ranked": len(own), "rank_before": before.get(row["body"]), "is_small": _small(row)}
        row |= {"low": low, "middle": middle, "high": high, "left_out": len(rows) - len(own)}
        row |= {"share_below": Decimal(below) / (len(own) - 1) if below is not None and len(own) > 1 else None}
    return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["body"]))


def _small(row: Row) -> bool:
    return row["base"] is not None and row["base"] < LEAST_BASE


def _shown(rows: list[Row], always: set[str]) -> list[Row]:
    if len(rows) <= SHOWN:
        return rows
    return [row for place, row in enumerate(rows) if place < FIRST or row["body"] in always]


def _others(engine: Engine, year: int, told: Quantity, bodies: Sequence[str]) -> list[Row]:
    """Chosen bodies that are not like the others: of another level, on another form, or without a report."""
    if not bodies:
        return []
    reports = {
        row["body"]: str(row["edition"] or "") for row in records_of(engine.reports_of(bodies)) if row["year"] == year
    }
    facts = quantity.facts_of(engine.figures_of(bodies, told.codes, [year]))
    rows = []
    for each in _named(engine, bodies):
        edition = reports.get(each["body"])
        row = told.figure(facts, each["body"], year, edition) | each | {"year": year, "edition": edition or ""}
        rows.append(row | {"is_peer": False, "is_small": _small(row)})
    return rows


def _frame(rows: Sequence[Row], chosen: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS), dtype=object)
    frame = frame.assign(is_chosen=[each in chosen for each in frame["body"]])
    return frame.where(frame.notna(), None)
