"""Stated percentages against the figures they are computed from, within their last printed digit, and 全部 and 均.

A share of an indicator is held against what it can be a share of; one of another quantity, against what its own
sentence states before it. Parts of a stated whole must fit into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from dashboard import definitions
from dashboard.checks.case import Case, cell, interval, mention_cell
from dashboard.checks.finding import Cell, Finding, Side, Verdict, Why
from dashboard.checks.identities import Relation
from dashboard.checks.interval import Interval, quotient, stated, stated_rate, total
from dashboard.documents.document import Locator
from dashboard.schema import FRACTION, Fact, Measure, Mention, Segment

_DIGIT = re.compile(r"\d")
_RATE = re.compile(r"(\w{2,6})率$")
# A rate belongs to the quantity right before it: 回复办结 82.27 万件，办结率 95.9%.
_NEAR = 12
# What a part of the requests may be a share of where the dictionary's own whole does not give the stated share.
_WHOLES = ("requests.closed", "requests.answered", "requests.received")
# Parts this close to their whole were meant to be all of it.
_CLOSE = Decimal("0.03")


def check(case: Case) -> Iterator[Finding]:
    shares = {fact.locator for fact in case.prose if fact.measure is Measure.SHARE}
    for fact in case.prose:
        if fact.measure is Measure.SHARE and fact.value is not None:
            left = stated_rate(fact.value, fact.as_printed)
            yield _of_indicator(case, fact, cell(fact, Side.LEFT), left, "text.share")
    for mention in case.mentions:
        if mention.measure is Measure.SHARE and mention.locator not in shares:
            yield _of_mention(case, mention)
        elif mention.unit == FRACTION and mention.measure is Measure.VALUE and _RATE.search(mention.counts):
            yield _rate(case, mention)
    yield from _parts(case)


def _of_mention(case: Case, mention: Mention) -> Finding:
    left = stated_rate(
        mention.value, mention.as_printed, "" if not _DIGIT.search(mention.as_printed) else mention.bound
    )
    here = mention_cell(mention, Side.LEFT)
    if mention.indicator:
        of = Fact(indicator=mention.indicator, unit=FRACTION, locator=mention.locator)
        rule = "text.share" if _DIGIT.search(mention.as_printed) else "text.claim"
        return _of_indicator(case, of, here, left, rule)
    part = case.by_place.get(mention.subject)
    if part is None:
        return case.not_assessable("text.part_share", Why.NO_FIGURE, left=left, cells=(here,), unit=FRACTION)
    return _best(case, "text.part_share", here, left, part, _before(case, part))


def _rate(case: Case, mention: Mention) -> Finding:
    """办结率 behind 办结 82.27 万件: that quantity over one that the sentence states before it."""
    left, here = stated_rate(mention.value, mention.as_printed, mention.bound), mention_cell(mention, Side.LEFT)
    parts = [each for each in _same_line(case, mention) if 0 <= _gap(each, mention) <= _NEAR]
    word = _RATE.search(mention.counts)
    part = parts[-1] if parts else None
    if part is None or word is None or not any(part.counts.endswith(word[1][i:]) for i in range(len(word[1]) - 1)):
        return case.not_assessable("text.rate", Why.NO_FIGURE, left=left, cells=(here,), unit=FRACTION)
    return _best(case, "text.rate", here, left, part, _before(case, part))


def _best(case: Case, rule: str, here: Cell, left: Interval, part: Mention, wholes: list[Mention]) -> Finding:
    """The finding with the whole that gives the stated share; where none does, with the nearest one."""
    tried = []
    for whole in wholes:
        right = quotient(_stated(part), _stated(whole))
        if right is not None:
            cells = (here, mention_cell(part, Side.RIGHT), mention_cell(whole, Side.RIGHT, "÷"))
            tried.append(case.compare(rule, left, Relation.EQUAL, right, cells=cells, unit=FRACTION))
    if not tried:
        return case.not_assessable(
            rule, Why.NO_WHOLE, left=left, cells=(here, mention_cell(part, Side.RIGHT)), unit=FRACTION
        )
    return next((each for each in tried if each.verdict is not Verdict.FAILS), tried[0])


def _of_indicator(case: Case, of: Fact, here: Cell, left: Interval, rule: str) -> Finding:
    parts = _figure(case, of.indicator, of.applicant, of.segment)
    tried = []
    for whole in _wholes(case, of) if parts else []:
        right = quotient(total([interval(each) for each in parts]), total([interval(each) for each in whole]))
        if right is not None:
            cells = (here, *_cells(parts, "+"), *_cells(whole, "÷"))
            tried.append(case.compare(rule, left, Relation.EQUAL, right, cells=cells, unit=FRACTION))
    if not tried:
        return case.not_assessable(rule, Why.NO_WHOLE, left=left, cells=(here, *_cells(parts, "+")), unit=FRACTION)
    return next((each for each in tried if each.verdict is not Verdict.FAILS), tried[0])


def _cells(facts: list[Fact], first: str) -> list[Cell]:
    return [cell(fact, Side.RIGHT, operator="+" if number else first) for number, fact in enumerate(facts)]


def _wholes(case: Case, of: Fact) -> list[list[Fact]]:
    """What the share may be of: the figure of all for a segment's; else the indicator above, or the requests in all."""
    if of.segment is not Segment.ALL:
        found = [_figure(case, of.indicator, of.applicant, Segment.ALL)]
    else:
        parent = definitions.indicators()[of.indicator].parent
        codes = dict.fromkeys(
            [*([parent] if parent else []), *(_WHOLES if of.indicator.startswith("requests.") else ())]
        )
        found = [_figure(case, code, of.applicant, Segment.ALL) for code in codes if code != of.indicator]
    return [facts for facts in found if facts]


def _figure(case: Case, indicator: str, applicant: str, segment: Segment) -> list[Fact]:
    """The figure as exact as the report tells it: from the table for all, else from the prose."""
    table = case.whole(indicator, applicant) if segment is Segment.ALL else []
    told = case.told(indicator, applicant, segment)
    return table or ([told] if told else [])


def _parts(case: Case) -> Iterator[Finding]:
    """Quantities that the prose states as parts of another: none above it, and all of them together not just beside it."""
    of: dict[str, list[Mention]] = {}
    for mention in case.mentions:
        if mention.subject and mention.measure is Measure.VALUE:
            of.setdefault(mention.subject, []).append(mention)
    for place, parts in of.items():
        whole = case.by_place.get(place)
        if whole is None:
            continue
        for part in parts:
            yield case.compare(
                "text.part", _stated(part), Relation.AT_MOST, _stated(whole), unit=whole.unit,
                cells=(mention_cell(part, Side.LEFT), mention_cell(whole, Side.RIGHT)),
            )  # fmt: skip
        if len(parts) > 1:
            yield _together(case, parts, whole)


def _together(case: Case, parts: list[Mention], whole: Mention) -> Finding:
    left, right = total([_stated(part) for part in parts]), _stated(whole)
    cells = (*(mention_cell(part, Side.LEFT) for part in parts), mention_cell(whole, Side.RIGHT))
    found = case.compare("text.parts", left, Relation.EQUAL, right, cells=cells, unit=whole.unit)
    summed = sum((part.value for part in parts), Decimal(0))
    if found.verdict is Verdict.FAILS and abs(summed - whole.value) > _CLOSE * whole.value:
        why = Why.PARTS_OVERLAP if summed > whole.value else Why.PARTS_NOT_ALL
        return replace(found, verdict=Verdict.NOT_ASSESSABLE, why=why)
    return found


def _stated(mention: Mention) -> Interval:
    return stated(mention.value, mention.unit, mention.as_printed, mention.bound)


def _before(case: Case, part: Mention) -> list[Mention]:
    """The quantities of the same line and kind that stand before it, the nearest first."""
    found = [each for each in _same_line(case, part) if _gap(each, part) >= 0 and each.unit == part.unit]
    return [each for each in reversed(found) if each.value >= part.value]


def _same_line(case: Case, mention: Mention) -> list[Mention]:
    line = _line(mention)
    return [
        each for each in case.mentions if each.measure is Measure.VALUE and each is not mention and _line(each) == line
    ]


def _line(mention: Mention) -> str:
    return mention.locator.partition("/chars:")[0]


def _gap(first: Mention, second: Mention) -> int:
    """How many characters stand between the two; negative where the second comes first."""
    start, end = Locator.parse(second.locator).start, Locator.parse(first.locator).end
    return -1 if start is None or end is None else start - end
