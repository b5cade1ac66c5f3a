"""A compiled report against the reports of the bodies directly below it, where all of them are there.

The office that compiles adds figures of its own, which no report tells apart: the sum of those below may be less than
the compiled figure, never more.
"""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.checks.case import Below, Case, cell
from dashboard.checks.finding import Finding, Side, Why
from dashboard.checks.identities import TOTAL, Relation
from dashboard.checks.interval import Interval, total

_RULE = "hierarchy.sum"
_DEPARTMENT = "department"


def check(case: Case) -> Iterator[Finding]:
    report = case.report
    if case.below is None or not case.below.bodies:
        if report.localities or report.departments:
            yield case.not_assessable(_RULE, Why.NONE_BELOW)
        return
    missing = {body.body for body in case.below.bodies} - {each.report.body for each in case.below.reports}
    if missing:
        yield case.not_assessable(_RULE, Why.BELOW_MISSING, values=(("missing", "、".join(sorted(missing))),))
    elif not _is_compiled_from(case, case.below):
        yield case.not_assessable(_RULE, Why.OTHER_SCOPE)
    else:
        yield from _sums(case, case.below)


def _is_compiled_from(case: Case, below: Below) -> bool:
    """The report says that it compiles just as many localities and departments as stand below it."""
    departments = sum(body.level == _DEPARTMENT for body in below.bodies)
    told = (case.report.localities or 0, case.report.departments or 0)
    return told == (len(below.bodies) - departments, departments)


def _sums(case: Case, below: Below) -> Iterator[Finding]:
    tables = [(each.report, each.table) for each in below.reports]
    for key, fact in case.table.items():
        if fact.value is None or key.applicant not in ("", TOTAL) or fact.value < 0:
            continue
        cells = [cell(fact, Side.RIGHT)]
        parts = []
        for report, table in tables:
            found = table.get(key)
            if found is not None:
                cells.append(cell(found, Side.LEFT, report))
            parts.append(None if found is None else found.value)
        known = [Interval.of(value) for value in parts if value is not None]
        right = Interval.of(fact.value)
        if len(known) < len(parts):
            yield case.not_assessable(_RULE, Why.BELOW_EMPTY, cells=tuple(cells), right=right, unit=fact.unit)
        else:
            yield case.compare(_RULE, total(known), Relation.AT_MOST, right, cells=tuple(cells), unit=fact.unit)
