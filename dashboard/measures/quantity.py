"""What bodies are compared by: an indicator, or a rate of two, as each edition of the form counts it.

Facts of many reports come in, one exact figure a report goes out; missing where any part of it is, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard import definitions
from dashboard.definitions import Continuity
from dashboard.measures import choice, series
from dashboard.messages import Language, UserError
from dashboard.schema import FRACTION
from dashboard.tables.rows import records_of

NO_BASE = "no_base"
# A rate of fewer cases than this says more of chance than of a body.
LEAST_BASE = 20
Row = dict[str, Any]
Facts = Mapping[tuple[str, int, str], Row]
"""Body, year and code -> the row that counts."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An indicator, or a rate of `rates.csv`."""

    code: str

    @property
    def is_rate(self) -> bool:
        return self.code in definitions.rates()

    @property
    def unit(self) -> str:
        return FRACTION if self.is_rate else definitions.indicators()[self.code].unit

    def name(self, language: Language) -> str:
        if self.is_rate:
            return next(iter(definitions.rates()[self.code].values())).name(language)
        return definitions.indicators()[self.code].name(language)

    @property
    def codes(self) -> list[str]:
        """Every code of the form that it is made of in any edition."""
        if self.is_rate:
            made = [code for rate in definitions.rates()[self.code].values() for code in (*rate.part, *rate.whole)]
        else:
            made = [code for step in definitions.chain(self.code).values() for code in step.codes]
        return sorted(set(made))

    def made_of(self, edition: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The codes an edition has it of, and those of its base; none where it is not on the form, no base but of a rate."""
        if not self.is_rate:
            return definitions.chain(self.code)[edition or series.FIRST_FORM].codes, ()
        rate = definitions.rates()[self.code].get(edition)
        return (rate.part, rate.whole) if rate else ((), ())

    def is_same(self, before: str, after: str) -> bool:
        """Whether figures of two editions may be held against each other."""
        if before == after:
            return True
        if self.is_rate:
            made = definitions.rates()[self.code]
            return before in made and after in made and made[before] == made[after]
        return series.standing(before, after, definitions.chain(self.code)) is Continuity.SAME

    def figure(self, facts: Facts, body: str, year: int, edition: str | None) -> Row:
        """The report's figure in the columns of `choice.COLUMNS` and `base`, the whole of a rate; no edition, no report."""
        if not self.is_rate:
            editions = {} if edition is None else {year: edition}
            own = {(year, code): facts[body, year, code] for code in self.codes if (body, year, code) in facts}
            return series.figure(series.Held(editions, own), year, self.code) | {"base": None}
        row = choice.derived(indicator=self.code, segment="all", measure="share", value=None, unit=FRACTION)
        if edition is None:
            return row | {"absence": series.NO_REPORT, "base": None}
        rate = definitions.rates()[self.code].get(edition)
        if rate is None:
            return row | {"absence": series.NOT_ON_FORM, "base": None}
        part, whole = (_sum(facts, body, year, codes) for codes in (rate.part, rate.whole))
        return row | {"base": whole} | _quotient(part, whole)


def of(code: str) -> Quantity:
    """Raises UserError for a code that is neither an indicator nor a rate."""
    code = code or series.DEFAULT
    if code not in definitions.indicators() and code not in definitions.rates():
        raise UserError("chart.indicator_unknown", indicator=code[:80])
    return Quantity(code)


def divided(part: Decimal | None, base: Decimal | None) -> Decimal | None:
    """The rate of a part; None where either is missing, or the base is nothing."""
    return part / base if part is not None and base else None


def facts_of(frame: pd.DataFrame) -> dict[tuple[str, int, str], Row]:
    rows = records_of(choice.chosen(choice.whole(frame)))
    return {(row["body"], int(row["year"]), row["indicator"]): row for row in rows}


def _sum(facts: Facts, body: str, year: int, codes: Iterable[str]) -> Decimal | None:
    """None where a part has no figure: missing is not zero."""
    values = [facts.get((body, year, code), {}).get("value") for code in codes]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def _quotient(part: Decimal | None, whole: Decimal | None) -> Row:
    if part is None or whole is None:
        return {"value": None, "absence": series.INCOMPLETE}
    rate = divided(part, whole)
    return {"value": rate, "absence": NO_BASE if rate is None else None}
