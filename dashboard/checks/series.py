"""A report against the body's own earlier ones: what is carried on, what goes on, stated growth, and sudden jumps.

Without the report of the year before there is nothing to hold it against, and the finding says so.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median

from dashboard.checks.case import Case, Reported, cell, interval, mention_cell
from dashboard.checks.finding import Cell, Finding, Side, Verdict, Why
from dashboard.checks.identities import TOTAL, CellKey, Relation
from dashboard.checks.interval import Interval, quotient, stated_rate, total
from dashboard.schema import FRACTION, Fact, Measure, Segment

# What this year's figure is made of: last year's figures (-1) and this year's (0), each with its sign.
_GOES_ON: tuple[tuple[str, str, tuple[tuple[int, str, int], ...]], ...] = (
    ("series.carried", "requests.carried_in", ((-1, "requests.carried_out", 1),)),
    *(
        ("series.in_force", f"{kind}.in_force",
         ((-1, f"{kind}.in_force", 1), (0, f"{kind}.issued", 1), (0, f"{kind}.repealed", -1)))
        for kind in ("regulations", "normative")
    ),
    *(
        ("series.published_total", f"{kind}.published_total",
         ((-1, f"{kind}.published_total", 1), (0, f"{kind}.published", 1)))
        for kind in ("regulations", "normative")
    ),
    *(
        ("series.items", f"{kind}.items_last_year",
         ((-1, f"{kind}.items_last_year", 1), (-1, f"{kind}.items_change", 1)))
        for kind in ("licensing", "other_services", "penalties", "coercion", "charges")
    ),
)  # fmt: skip

# A jump: at least this many changes are known, the larger figure is no trifle, and the change lies further from the
# usual one than three times the usual spread (median absolute deviation, scaled as a standard deviation) and a factor 2.
_CHANGES_NEEDED, _LEAST, _SPREADS, _SCALE = 4, Decimal(30), Decimal(3), Decimal("1.4826")
# Far more than what logarithms of the processor's own numbers are off by.
_NEAR = 1e-6


def check(case: Case) -> Iterator[Finding]:
    yield from goes_on(case)
    yield from beyond(case)


def goes_on(case: Case) -> Iterator[Finding]:
    """What follows from the two tables alone."""
    for rule, indicator, made_of in _GOES_ON:
        for key in case.table:
            if key.indicator == indicator:
                yield _goes_on(case, rule, key, made_of)


def beyond(case: Case) -> Iterator[Finding]:
    """What the text says, and all the years before."""
    yield from _growth(case)
    yield from _jumps(case)


def _goes_on(case: Case, rule: str, key: CellKey, made_of: tuple[tuple[int, str, int], ...]) -> Finding:
    own = case.table[key]
    left = (cell(own, Side.LEFT),)
    if case.last is None:
        return case.not_assessable(rule, Why.NO_PREVIOUS, cells=left, unit=own.unit)
    found = [
        (years, (case.last if years else case).table.get(CellKey(code, key.applicant))) for years, code, _ in made_of
    ]
    if any(fact is None for _, fact in found):
        return case.not_assessable(rule, Why.OTHER_FORM, cells=left, unit=own.unit)
    parts = [(fact, sign) for (_, fact), (_, _, sign) in zip(found, made_of, strict=True) if fact]
    cells = (*left, *_parts(case, [(fact, years) for years, fact in found if fact], made_of))
    if own.value is None or any(fact.value is None for fact, _ in parts):
        return case.not_assessable(rule, Why.EMPTY_CELL, cells=cells, unit=own.unit)
    right = total([Interval.of((fact.value or Decimal(0)) * sign) for fact, sign in parts])
    return case.compare(rule, Interval.of(own.value), Relation.EQUAL, right, cells=cells, unit=own.unit)


def _parts(case: Case, facts: list[tuple[Fact, int]], made_of: tuple[tuple[int, str, int], ...]) -> Iterator[Cell]:
    for (fact, years), (_, _, sign) in zip(facts, made_of, strict=True):
        report = case.last.report if years and case.last else None
        yield cell(fact, Side.RIGHT, report, "+" if sign > 0 else "−")


def _growth(case: Case) -> Iterator[Finding]:
    """Stated rates of growth against the two reports they compare."""
    for fact in case.prose:
        if fact.measure is Measure.YOY_RATE and fact.value is not None:
            yield _stated_growth(case, fact)
    for mention in case.mentions:
        if mention.measure is Measure.YOY_RATE and not mention.indicator:
            yield case.not_assessable(
                "series.growth", Why.NO_INDICATOR, cells=(mention_cell(mention, Side.LEFT),), unit=FRACTION,
                left=stated_rate(mention.value, mention.as_printed, mention.bound),
            )  # fmt: skip


def _stated_growth(case: Case, rate: Fact) -> Finding:
    left = stated_rate(rate.value or Decimal(0), rate.as_printed)
    cells = [cell(rate, Side.LEFT)]
    if case.last is None:
        return case.not_assessable("series.growth", Why.NO_PREVIOUS, left=left, cells=tuple(cells), unit=FRACTION)
    now, before = (_figure(each, rate) for each in (case, case.last))
    if not now or not before:
        return case.not_assessable("series.growth", Why.NO_FIGURE, left=left, cells=tuple(cells), unit=FRACTION)
    cells += [cell(fact, Side.RIGHT, operator="÷" if not number else "+") for number, fact in enumerate(now)]
    cells += [cell(fact, Side.RIGHT, case.last.report, "+" if number else "÷") for number, fact in enumerate(before)]
    factor = quotient(total([interval(fact) for fact in now]), total([interval(fact) for fact in before]))
    if factor is None:
        return case.not_assessable("series.growth", Why.FROM_NOTHING, left=left, cells=tuple(cells), unit=FRACTION)
    grown = factor - Interval.of(Decimal(1))
    return case.compare("series.growth", left, Relation.EQUAL, grown, cells=tuple(cells), unit=FRACTION)


def _figure(case: Case, rate: Fact) -> list[Fact]:
    """What the rate speaks of: the table's figure, being the more exact, else the prose's."""
    if rate.segment is Segment.ALL:
        found = case.whole(rate.indicator, rate.applicant)
        if found:
            return found
    told = case.told(rate.indicator, rate.applicant, rate.segment)
    return [told] if told else []


def _jumps(case: Case) -> Iterator[Finding]:
    """Changes that the body's own history makes implausible; one finding for all indicators whose change is usual."""
    earlier = [each for each in case.previous if each.report.year < case.report.year]
    history = sorted(earlier, key=lambda each: each.report.year)
    if len(history) < _CHANGES_NEEDED + 1:
        yield case.not_assessable("series.jump", Why.SHORT_HISTORY, values=(("needed", _CHANGES_NEEDED + 1),))
        return
    kept = 0
    for key in case.table:
        if key.applicant in ("", TOTAL):
            found = _jump(case, history, key) if _may_jump(case.reported, history, key) else None
            kept += found is None
            if found:
                yield found
    if kept:
        yield case.finding("series.jump", Verdict.HOLDS, message="finding.indicators", values=(("count", kept),))


def _may_jump(reported: Reported, history: Sequence[Reported], key: CellKey) -> bool:
    """Whether it is worth the exact reckoning of `_jump`, which takes twenty times as long; near a limit it always is."""
    now = reported.logarithms.get(key)
    known = [each.logarithms[key] for each in history if key in each.logarithms]
    if now is None or len(known) <= _CHANGES_NEEDED or max(now, known[-1]) < math.log(_LEAST) - _NEAR:
        return False
    usual = [after - before for before, after in itertools.pairwise(known)]
    middle = median(usual)
    spread = median([abs(change - middle) for change in usual]) * float(_SCALE)
    return abs(now - known[-1] - middle) > max(float(_SPREADS) * spread, math.log(2)) - _NEAR


def _jump(case: Case, history: Sequence[Reported], key: CellKey) -> Finding | None:
    fact = case.table[key]
    held = [(each.report, each.table[key]) for each in history if key in each.table and each.table[key].value]
    values = [each.value for _, each in held if each.value and each.value > 0]
    if not fact.value or fact.value < 0 or len(values) <= _CHANGES_NEEDED or max(fact.value, values[-1]) < _LEAST:
        return None
    usual = [(after / before).ln() for before, after in itertools.pairwise(values)]
    middle = median(usual)
    spread = median([abs(change - middle) for change in usual]) * _SCALE
    change = (fact.value / values[-1]).ln()
    if abs(change - middle) <= max(_SPREADS * spread, Decimal(2).ln()):
        return None
    report, last = held[-1]
    return case.finding(
        "series.jump", Verdict.FAILS, left=Interval.of(fact.value), right=Interval.of(values[-1]),
        cells=(cell(fact, Side.LEFT), cell(last, Side.RIGHT, report)), unit=fact.unit, message="finding.jump",
        values=(("factor", round(fact.value / values[-1], 2)), ("usual", round(middle.exp(), 2)),
                ("changes", len(usual))),
    )  # fmt: skip
