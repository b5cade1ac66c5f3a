"""The table against itself: every sum the edition promises, and counts that are whole and not negative.

An empty cell counts as anything from nothing upwards, never as zero. Where a sum settles it, the finding tells the
value it must have, as inferred; a sum that no value could make right fails even so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from dashboard import definitions
from dashboard.checks.case import Case, cell
from dashboard.checks.finding import Cell, Finding, Side, Verdict, Why, judge
from dashboard.checks.identities import CellKey, Identity, Relation, identities
from dashboard.checks.interval import NOT_NEGATIVE, Interval, total
from dashboard.schema import Absence, Fact

Values = Mapping[CellKey, Decimal]


def check(case: Case) -> Iterator[Finding]:
    values = _values(case)
    filled = inferred(case)
    for identity in identities(case.report.edition):
        yield _sum(case, identity, values, filled)
    yield from _each_cell(case, "arithmetic.whole", lambda fact: not is_count(fact.unit) or _is_whole(fact))
    yield from _each_cell(case, "arithmetic.not_negative", _is_not_negative)


def inferred(case: Case) -> Values:
    """What cells without a value must hold, each the only one missing in a sum once those before it are known."""
    known, found = dict(_values(case)), dict[CellKey, Decimal]()
    sums = [each for each in identities(case.report.edition) if each.relation is Relation.EQUAL]
    open_sums = [each for each in sums if any(key not in known for key in each.cells)]
    while True:
        news = {}
        for identity in open_sums:
            missing = [key for key in identity.cells if key not in known]
            value = _only_value(case, identity, missing, known)
            if value is not None:
                news[missing[0]] = value
        if not news:
            return found
        found |= news
        known |= news


def _only_value(case: Case, identity: Identity, missing: list[CellKey], known: Values) -> Decimal | None:
    """The value of the one missing cell; None where several are missing, or it would have to be negative.

    Nothing is inferred for a cell that says it does not apply: that is an answer, not a gap.
    """
    if len(missing) != 1 or _does_not_apply(case.table.get(missing[0])):
        return None
    left, right = (sum((known.get(key, Decimal(0)) for key in side), Decimal(0)) for side in _sides(identity))
    value = right - left if missing[0] in identity.left else left - right
    return value if value >= 0 else None


def _does_not_apply(fact: Fact | None) -> bool:
    return fact is not None and fact.absence is Absence.NOT_APPLICABLE


def _sides(identity: Identity) -> tuple[tuple[CellKey, ...], tuple[CellKey, ...]]:
    return identity.left, identity.right


def _values(case: Case) -> Values:
    return case.reported.values


def _sum(case: Case, identity: Identity, values: Values, filled: Values) -> Finding:
    evidence = (*_cells(case, identity.left, Side.LEFT), *_cells(case, identity.right, Side.RIGHT))
    missing = [key for key in identity.cells if key not in values]
    left, right = (_side(side, values, is_whole=not missing) for side in _sides(identity))
    unit = definitions.indicators()[identity.left[0].indicator].unit
    if not missing or judge(left, identity.relation, right) is Verdict.FAILS:
        return case.compare(identity.rule, left, identity.relation, right, cells=evidence, unit=unit)
    completed = {**values, **filled}
    sides = [total([_interval(key, completed) for key in side]) for side in _sides(identity)]
    if judge(sides[0], identity.relation, sides[1]) is Verdict.FAILS:
        # The other sums leave its empty cells one value each, and with these it is broken.
        return case.compare(identity.rule, sides[0], identity.relation, sides[1], cells=evidence, unit=unit)
    value = _only_value(case, identity, missing, values) if identity.relation is Relation.EQUAL else None
    return case.not_assessable(
        identity.rule, Why.EMPTY_CELL, left=left, relation=identity.relation, right=right, cells=evidence, unit=unit,
        inferred=value,
    )  # fmt: skip


def _side(keys: tuple[CellKey, ...], values: Values, *, is_whole: bool) -> Interval:
    if is_whole:
        return Interval.of(sum([values[key] for key in keys], Decimal(0)))
    return total([_interval(key, values) for key in keys])


def _interval(key: CellKey, values: Values) -> Interval:
    return Interval.of(values[key]) if key in values else NOT_NEGATIVE


def _cells(case: Case, keys: tuple[CellKey, ...], side: Side) -> Iterator[Cell]:
    for key in keys:
        fact = case.table.get(key)
        yield cell(fact, side) if fact else Cell(side, key.indicator, key.applicant)


def _each_cell(case: Case, rule: str, is_right: Callable[[Fact], bool]) -> Iterator[Finding]:
    """A finding for each cell that breaks the rule, and one for all that keep it."""
    facts = [fact for fact in case.table.values() if fact.value is not None]
    wrong = [fact for fact in facts if not is_right(fact)]
    for fact in wrong:
        unit = fact.unit
        yield case.finding(
            rule, Verdict.FAILS, left=Interval.of(fact.value or Decimal(0)), cells=(cell(fact, Side.LEFT),),
            unit=unit, message="finding.cell",
        )  # fmt: skip
    kept = len(facts) - len(wrong)
    if kept:
        yield case.finding(rule, Verdict.HOLDS, message="finding.cells", values=(("count", kept),))


def _is_whole(fact: Fact) -> bool:
    return fact.value is None or fact.value == fact.value.to_integral_value()


def _is_not_negative(fact: Fact) -> bool:
    return fact.value is None or fact.value >= 0 or may_fall(fact.indicator)


def is_count(unit: str) -> bool:
    """Whether what is told in this unit is counted, and so whole."""
    return not definitions.is_money(unit)


def may_fall(indicator: str) -> bool:
    """Whether it tells a change, and so may be less than nothing."""
    return indicator.endswith(".items_change")
