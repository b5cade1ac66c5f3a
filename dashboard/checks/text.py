"""The prose against the table and against itself: one figure stated in several places, wholes and their segments.

A figure of the prose stands for what it can be as printed. What one office says of itself is not the compiled figure:
that is told as scope, never as an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from dashboard import definitions
from dashboard.checks.case import Case, cell, interval, mention_cell
from dashboard.checks.finding import Finding, Severity, Side, Verdict, Why
from dashboard.checks.identities import TOTAL, CellKey, Identity, Relation, identities
from dashboard.checks.interval import Interval, stated, total
from dashboard.schema import Fact, Measure, Mention, Segment

_DIGIT = re.compile(r"\d")
_PARTS = (Segment.DEPARTMENTS, Segment.LOCALITIES)


def check(case: Case) -> Iterator[Finding]:
    figures = [fact for fact in case.prose if fact.measure is Measure.VALUE and fact.value is not None]
    for fact in figures:
        if fact.segment is Segment.ALL:
            yield _against_table(case, fact, "text.table" if _DIGIT.search(fact.as_printed) else "text.zero")
        elif fact.segment is Segment.OWN:
            yield from _scope(case, fact)
    facts = {fact.locator for fact in case.prose}
    for mention in case.mentions:
        if mention.indicator and mention.measure is Measure.VALUE and mention.locator not in facts:
            yield _bound(case, mention)
    yield from _repeated(case, figures)
    yield from _segments(case, figures)
    yield from _sums(case, figures)


def _against_table(case: Case, fact: Fact, rule: str) -> Finding:
    left, unit = interval(fact), fact.unit
    table = case.whole(fact.indicator, fact.applicant)
    if not table:
        return case.not_assessable(rule, Why.NOT_IN_TABLE, left=left, cells=(cell(fact, Side.LEFT),), unit=unit)
    right = total([interval(each) for each in table])
    cells = (cell(fact, Side.LEFT), *(cell(each, Side.RIGHT) for each in table))
    return case.compare(rule, left, Relation.EQUAL, right, cells=cells, unit=unit)


def _bound(case: Case, mention: Mention) -> Finding:
    """A quantity with 近 or 余, or a nought in words, which is no fact: whom it speaks of is not certain."""
    unit = definitions.indicators()[mention.indicator].unit
    value = definitions.convert(mention.value, mention.unit, unit)
    left = stated(value, unit, mention.as_printed, mention.bound)
    rule = "text.bound" if mention.value else "text.zero"
    table = case.whole(mention.indicator)
    cells = (mention_cell(mention, Side.LEFT), *(cell(each, Side.RIGHT) for each in table))
    if not table:
        return case.not_assessable(rule, Why.NOT_IN_TABLE, left=left, cells=cells, unit=unit)
    right = total([interval(each) for each in table])
    return case.compare(rule, left, Relation.EQUAL, right, cells=cells, unit=unit)


def _scope(case: Case, fact: Fact) -> Iterator[Finding]:
    """What the office says of itself beside what the table says of all: at most as much, and not the same figure."""
    table = case.whole(fact.indicator, fact.applicant)
    if table:
        right = total([interval(each) for each in table])
        cells = (cell(fact, Side.LEFT), *(cell(each, Side.RIGHT) for each in table))
        yield case.compare("text.scope", interval(fact), Relation.AT_MOST, right, cells=cells, unit=fact.unit)


def _repeated(case: Case, figures: list[Fact]) -> Iterator[Finding]:
    """A figure stated again must be able to be the one stated first. Offices of their own may be different ones."""
    first: dict[tuple[str, str, Segment], Fact] = {}
    for fact in figures:
        before = first.setdefault((fact.indicator, fact.applicant, fact.segment), fact)
        if before is not fact and fact.segment is not Segment.OWN:
            yield case.compare(
                "text.repeated", interval(fact), Relation.EQUAL, interval(before), unit=fact.unit,
                cells=(cell(fact, Side.LEFT), cell(before, Side.RIGHT)),
            )  # fmt: skip


def _segments(case: Case, figures: list[Fact]) -> Iterator[Finding]:
    """Departments and localities, told in one line, are the whole; or they and the office itself are."""
    lines: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in figures:
        line = fact.locator.partition("/chars:")[0]
        lines.setdefault((fact.indicator, fact.applicant, line), []).append(fact)
    for (indicator, applicant, _), facts in lines.items():
        told: dict[Segment, Fact] = {}
        for fact in facts:
            told.setdefault(fact.segment, fact)
        if any(segment in told for segment in _PARTS):
            yield _whole_of(case, told, case.whole(indicator, applicant))


def _whole_of(case: Case, told: dict[Segment, Fact], table: list[Fact]) -> Finding:
    whole = [told[Segment.ALL]] if Segment.ALL in told else table
    parts = [told[segment] for segment in _PARTS if segment in told]
    unit = parts[0].unit
    if not whole:
        cells = tuple(cell(part, Side.LEFT) for part in parts)
        return case.not_assessable("text.segments", Why.NOT_IN_TABLE, cells=cells, unit=unit)
    right = total([interval(fact) for fact in whole])
    ways = [parts]
    if Segment.OWN in told:
        ways.append([told[Segment.OWN], *parts])
    relation = Relation.EQUAL if len(parts) == len(_PARTS) else Relation.AT_MOST
    tried = [
        case.compare(
            "text.segments", total([interval(fact) for fact in way]), relation, right, unit=unit,
            cells=(*(cell(fact, Side.LEFT) for fact in way), *(cell(fact, Side.RIGHT) for fact in whole)),
        )
        for way in ways
    ]  # fmt: skip
    found = next((each for each in tried if each.verdict is not Verdict.FAILS), tried[-1])
    if found.verdict is Verdict.FAILS and found.right and found.left and found.right.is_above(found.left):
        return replace(found, severity=Severity.WARNING)  # what is left may be the office's own, which is not stated
    return found


def _sums(case: Case, figures: list[Fact]) -> Iterator[Finding]:
    """The edition's sums among the figures that the prose states of one segment."""
    columns = {key.indicator for key in case.table if key.applicant == TOTAL}
    for segment in (Segment.ALL, *_PARTS):
        told: dict[CellKey, Fact] = {}
        for fact in figures:
            if fact.segment is segment:
                applicant = fact.applicant or (TOTAL if fact.indicator in columns else "")
                told.setdefault(CellKey(fact.indicator, applicant), fact)
        if len(told) < 2:  # no sum has its two sides there
            continue
        for identity in identities(case.report.edition):
            if (
                identity.left[0] in told
                and all(key in told for key in identity.left)
                and any(key in told for key in identity.right)
            ):
                yield _sum(case, identity, told, segment)


def _sum(case: Case, identity: Identity, told: dict[CellKey, Fact], segment: Segment) -> Finding:
    """What a segment does not state is at most what the table says of all; for all it is not assumed at all."""
    unstated = [key for key in identity.cells if key not in told]
    sides = []
    for side in (identity.left, identity.right):
        sides.append(total([interval(told[key]) if key in told else _at_most(case, key, segment) for key in side]))
    cells = (
        *(cell(told[key], Side.LEFT) for key in identity.left),
        *(cell(told[key], Side.RIGHT) for key in identity.right if key in told),
        *(
            replace(cell(case.table[key], Side.RIGHT), operator="+ ≤")
            for key in unstated
            if key in case.table and segment is not Segment.ALL
        ),
    )
    unit = told[identity.left[0]].unit
    found = case.compare("text.sum", sides[0], identity.relation, sides[1], cells=cells, unit=unit)
    if unstated and found.verdict is Verdict.HOLDS_WITHIN_ROUNDING:
        return replace(found, verdict=Verdict.NOT_ASSESSABLE, why=Why.PART_UNSTATED)
    return found


def _at_most(case: Case, key: CellKey, segment: Segment) -> Interval:
    fact = case.table.get(key)
    is_known = fact is not None and fact.value is not None and segment is not Segment.ALL
    return Interval(Decimal(0), fact.value if fact and is_known else None)
