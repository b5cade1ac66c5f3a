"""One body over the years: a quantity through the editions with its breaks, its growth, and what is carried over.

Every year from the first report to the last has its row; a year without a report or without the figure says so. What
is summed up is missing where a part of it is. Growth is told only where the meaning is that of the year before.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard import definitions
from dashboard.definitions import Continuity, Step
from dashboard.measures import choice
from dashboard.measures.growth import implied
from dashboard.messages import UserError
from dashboard.snapshots.engine import Engine
from dashboard.tables.precision import half_unit
from dashboard.tables.records import written
from dashboard.tables.rows import records_of

NO_REPORT, NO_FIGURE, NOT_ON_FORM, INCOMPLETE = "no_report", "no_figure", "not_on_form", "incomplete"
DEFAULT = "requests.received"
ABSOLUTE, INDEXED = "absolute", "indexed"
MANY = (
    "disclosure.total", "normative.issued", "requests.received", "requests.closed", "requests.outcome.granted",
    "requests.outcome.refused", "requests.outcome.unable.not_held", "review.total", "litigation.total",
    "licensing.decisions", "penalties.decisions", "charges.amount",
)  # fmt: skip
COLUMNS = (
    *choice.COLUMNS, "body", "year", "edition", "codes", "continuity", "reason_zh", "reason_en", "is_break",
    "stretch", "index", "previous", "computed", "rate", "rate_as_printed", "rate_locator", "differs",
    "implied", "implied_low", "implied_high", "cagr", "cagr_from",
)  # fmt: skip
FIRST_FORM, _FIRST_WITH_CARRIED = "2014", "2019"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What a body's reports hold: the edition of each year, and every figure of a whole by year and code."""

    editions: Mapping[int, str]
    figures: Mapping[tuple[int, str], Row]

    @property
    def years(self) -> range:
        return range(min(self.editions), max(self.editions) + 1) if self.editions else range(0)


def series(engine: Engine, body: str, _year: int, *, indicator: str = "", scale: str = "") -> pd.DataFrame:
    """One row a year; columns `COLUMNS`; `scale` (`indexed` or not) is passed on to the drawing.

    `continuity` is how the figure stands to that of the edition before, told where `is_break`; `stretch` counts the
    runs of years of one meaning; `index` is 100 in the first year of each that is not zero. `computed` is the growth on
    the year before, `rate` what the report states, `differs` where the two do not agree within their rounding.
    `implied*` is what the next report's rate tells of a year that has no figure.
    """
    code = known(indicator)
    return _frame(_series(held(engine, body, [code]), body, code, stated(engine, body, code)), scale)


def growth_of(engine: Engine, body: str, year: int, *, indicator: str = "") -> pd.DataFrame:
    """The years of the series that have a rate, stated or computed, and those where the form changed; else nothing."""
    frame = series(engine, body, year, indicator=indicator)
    has_rate = [row["rate"] is not None or row["computed"] is not None for row in records_of(frame)]
    is_told = [rate or row["is_break"] for rate, row in zip(has_rate, records_of(frame), strict=True)]
    return frame[is_told if any(has_rate) else [False] * len(frame)].reset_index(drop=True)


def known(indicator: str) -> str:
    """The indicator asked for, else the first. Raises UserError for a code of none; a rate has no growth."""
    code = indicator or DEFAULT
    if code in definitions.rates():
        return DEFAULT
    if code not in definitions.indicators():
        raise UserError("chart.indicator_unknown", indicator=code[:80])
    return code


def many(engine: Engine, body: str, _year: int, *, scale: str = "") -> pd.DataFrame:
    """The series of the indicators of `MANY` that the body has two figures of, else one; `cagr` with its first year."""
    figures = held(engine, body, MANY)
    found = [_series(figures, body, code, {}) for code in MANY]
    rows = [each for each in found if any(row["value"] is not None for row in each)]
    return _frame([row for each in rows for row in _with_cagr(each)], scale)


def held(engine: Engine, body: str, indicators: Sequence[str]) -> Held:
    steps = [step for code in indicators for step in definitions.chain(code).values()]
    codes = sorted({code for step in steps for code in step.codes})
    reports = engine.reports_of([body])
    facts = choice.chosen(choice.whole(engine.figures_of([body], codes)))
    editions = {int(row["year"]): str(row["edition"] or "") for row in records_of(reports)}
    return Held(editions, {(int(row["year"]), row["indicator"]): row for row in records_of(facts)})


def stated(engine: Engine, body: str, code: str) -> dict[int, Row]:
    """The rate that each year's report states of the indicator, by year."""
    facts = engine.rates_of(body)
    steps = definitions.chain(code)
    found: dict[int, Row] = {}
    for row in records_of(choice.chosen(choice.whole(facts))):
        if any(step.codes == (row["indicator"],) for step in steps.values()):
            found.setdefault(int(row["year"]), row)
    return found


def figure(held: Held, year: int, code: str) -> Row:
    """The figure of one year as its edition counts it: as printed, or the sum of several, missing where one is."""
    edition = held.editions.get(year)
    name = definitions.indicators()[code]
    absent = choice.derived(indicator=code, segment="all", value=None, unit=name.unit)
    if edition is None:
        return absent | {"absence": NO_REPORT}
    codes = definitions.chain(code)[edition or FIRST_FORM].codes
    found = [held.figures.get((year, each)) for each in codes]
    if not codes:
        return absent | {"absence": NOT_ON_FORM}
    if not any(found):
        return absent | {"absence": NO_FIGURE}
    if len(codes) == 1 and found[0]:
        return {name: found[0].get(name) for name in choice.COLUMNS}
    return absent | summed([row for row in found if row], len(codes))


def summed(rows: Sequence[Row], parts: int) -> Row:
    """The sum of figures as a derived one; missing where one of the parts is."""
    is_whole = len(rows) == parts and all(row["value"] is not None for row in rows)
    if not is_whole:
        return {"value": None, "absence": INCOMPLETE}
    return {"value": sum((row["value"] for row in rows), Decimal(0)), "absence": None}


def _series(held: Held, body: str, code: str, rates: Mapping[int, Row]) -> list[Row]:
    steps = definitions.chain(code)
    rows: list[Row] = []
    for year in held.years:
        edition = held.editions.get(year, "")
        row = figure(held, year, code) | {"body": body, "year": year, "edition": edition, "indicator": code}
        row |= {"codes": "+".join(steps[edition or FIRST_FORM].codes) if year in held.editions else ""}
        rows.append(row | _break(held, year, steps) | _told(rates.get(year)))
    _stretches(rows)
    for before, row in itertools.pairwise(rows):
        row |= _growth(before, row)
        if before["value"] is None and row["value"] is not None:
            before |= _implied(row)
    return rows


def _told(rate: Row | None) -> Row:
    if rate is None:
        return {"rate": None, "rate_as_printed": "", "rate_locator": ""}
    return {"rate": rate["value"], "rate_as_printed": as_stated(rate), "rate_locator": rate["locator"]}


def as_stated(rate: Row) -> str:
    """A rate as its report writes it: a percentage."""
    return str(rate["as_printed"]) if rate.get("correction") is None else f"{written(rate['value'] * 100)}%"


def _break(held: Held, year: int, steps: Mapping[str, Step]) -> Row:
    """Whether another edition begins with this report, and what that means for the figure."""
    none = {"is_break": False, "continuity": "", "reason_zh": "", "reason_en": ""}
    earlier = [each for each in held.editions if each < year]
    if year not in held.editions or not earlier:
        return none
    edition, before = held.editions[year], held.editions[max(earlier)]
    if edition == before:
        return none
    told = [why for why in crossed(before, edition, steps) if why is not None]
    changes = [definitions.changes_of_form()[edition]] if edition in definitions.changes_of_form() else []
    reasons = told or changes
    return {
        "is_break": True,
        "continuity": str(standing(before, edition, steps)),
        "reason_zh": "；".join(dict.fromkeys(each.reason_zh for each in reasons)),
        "reason_en": "; ".join(dict.fromkeys(each.reason_en for each in reasons)),
    }


def standing(before: str, after: str, steps: Mapping[str, Step]) -> Continuity:
    """How the figures of one edition stand to those of an earlier one, whatever lies between them."""
    if not before or not after or before > after:
        return Continuity.CLOSE  # before the first form everybody counted as they saw fit
    own, last = steps[after].codes, steps[before].codes
    if not own or not last:
        return Continuity.BEGINS if own else Continuity.ENDS
    kinds = {each.continuity for each in _between(before, after, steps)}
    return Continuity.SAME if kinds == {Continuity.SAME} else Continuity.CLOSE


def crossed(before: str, after: str, steps: Mapping[str, Step]) -> list[definitions.Break | None]:
    return [each.told for each in _between(before, after, steps)] if before and after else []


def _between(before: str, after: str, steps: Mapping[str, Step]) -> list[Step]:
    return [step for edition, step in steps.items() if before < edition <= after]


def _stretches(rows: Sequence[Row]) -> None:
    """Numbers the runs of one meaning, and sets the first figure of each that is not zero to 100."""
    stretch, base = 0, None
    for row in rows:
        if row["is_break"] and row["continuity"] != Continuity.SAME:
            stretch, base = stretch + 1, None
        if base is None and row["value"]:
            base = row["value"]
        row |= {"stretch": stretch, "index": row["value"] / base * 100 if base and row["value"] is not None else None}


def _growth(before: Row, row: Row) -> Row:
    """Growth on the year before, where both mean the same; no base, no rate."""
    told = {"previous": before["value"], "computed": None, "differs": False}
    if row["stretch"] != before["stretch"]:
        return told | {"previous": None}
    if row["value"] is None or not before["value"]:
        return told
    told["computed"] = row["value"] / before["value"] - 1
    if row["rate"] is not None:
        told["differs"] = not _agree(before, row)
    return told


def _agree(before: Row, row: Row) -> bool:
    """Whether the stated rate and the one of both figures have a value in common, within the digits printed."""
    now, last = (half_unit(choice.figure_of(each), each["unit"]) for each in (row, before))
    rounding = half_unit(row["rate_as_printed"])
    if before["value"] - last <= 0:
        return True
    least = (row["value"] - now) / (before["value"] + last) - 1
    most = (row["value"] + now) / (before["value"] - last) - 1
    return bool(least <= row["rate"] + rounding and row["rate"] - rounding <= most)


def _implied(row: Row) -> Row:
    """What this year's stated rate tells of the year before, which has no figure."""
    if row["rate"] is None:
        return {}
    base = implied(
        row["value"], half_unit(choice.figure_of(row), row["unit"]), row["rate"], half_unit(row["rate_as_printed"])
    )
    return {"implied": base.value, "implied_low": base.low, "implied_high": base.high} if base else {}


def _with_cagr(rows: list[Row]) -> list[Row]:
    """The average growth a year over the last stretch of one meaning, on its last figure; told with its first year."""
    known = [row for row in rows if row["value"] is not None]
    last = known[-1]
    firsts = [row for row in known if row["stretch"] == last["stretch"] and row["value"] > 0]
    if firsts and firsts[0]["year"] < last["year"]:
        last |= {"cagr": cagr(firsts[0]["value"], last["value"], last["year"] - firsts[0]["year"])}
        last |= {"cagr_from": firsts[0]["year"]}
    return rows


def cagr(first: Decimal, last: Decimal, years: int) -> Decimal | None:
    """The constant yearly rate that leads from one figure to the other; none from zero, or over no year at all."""
    if first <= 0 or last < 0 or years < 1:
        return None
    return Decimal(0) - 1 if last == 0 else (last / first) ** (Decimal(1) / years) - 1


def carried(engine: Engine, body: str, _year: int) -> pd.DataFrame:
    """Requests carried out of each year and into the next, one row each; `previous` is what the year before left.

    `differs` where what came in is not what had gone out: the chain is broken there. Years before 2019 have neither.
    """
    figures = held(engine, body, ["requests.carried_in", "requests.carried_out"])
    counted = [year for year, edition in figures.editions.items() if edition >= _FIRST_WITH_CARRIED]
    rows: list[Row] = [
        figure(figures, year, code) | {"body": body, "year": year, "edition": figures.editions.get(year, "")}
        for year in figures.years
        if counted and year >= min(counted)
        for code in ("requests.carried_in", "requests.carried_out")
    ]
    out = {row["year"]: row for row in rows if row["indicator"] == "requests.carried_out"}
    for row in rows:
        before = out.get(row["year"] - 1)
        if row["indicator"] == "requests.carried_in" and before:
            row |= {"previous": before["value"], "differs": _is_broken(before["value"], row["value"])}
    return _frame(rows)


def _is_broken(before: Decimal | None, after: Decimal | None) -> bool:
    return before is not None and after is not None and before != after


def _frame(rows: Sequence[Row], scale: str = "") -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS), dtype=object)
    return frame.where(frame.notna(), None).assign(scale=scale or ABSOLUTE)
