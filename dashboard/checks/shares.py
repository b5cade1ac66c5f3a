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
from dashboard.checks.identities import TOTAL, Relation
from dashboard.checks.interval import Interval, quotient, stated, stated_rate, total
from dashboard.documents.document import Locator
from dashboard.schema import FRACTION, Fact, Measure, Mention, Segment

_DIGIT = re.compile(r"\d")
_RATE = re.compile(r"(\w{2,6})率$")
_NARROWER = re.compile("按[时期]|及时|延期|提前|限时")
# A rate belongs to the quantity right before it: 回复办结 82.27 万件，办结率 95.9%.
_NEAR = 12
# And what it is a rate of stands shortly before that; farther off it may be another matter.
_SHORTLY = 40
# What a figure may be a share of besides the indicator above it. Wholes of several indicators are added up.
_WHOLES: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("requests.outcome.", (("requests.closed",), ("requests.answered",), ("requests.received",))),
    ("requests.closed.", (("requests.closed",), ("requests.answered",), ("requests.received",))),
    ("requests.closed", (("requests.received",), ("requests.received", "requests.carried_in"))),
    ("requests.answered", (("requests.received",), ("requests.closed",))),
)
# Parts this close to their whole were meant to be all of it: above it two of them, below it, where others may go
# unnamed, no fewer than three.
_ABOVE, _BELOW, _MANY = Decimal("0.03"), Decimal("0.01"), 3


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
    part = parts[-1] if parts else None
    if part is None or not _is_rate_of(mention.counts, part.counts):
        return case.not_assessable("text.rate", Why.NO_FIGURE, left=left, cells=(here,), unit=FRACTION)
    wholes = [each for each in _before(case, part) if _gap(each, part) <= _SHORTLY]
    return _best(case, "text.rate", here, left, part, wholes)


def _is_rate_of(rate: str, counts: str) -> bool:
    """办结率 is a rate of 回复办结, not of 按时办结: what narrows the one must narrow the other."""
    word = _RATE.search(rate)
    if word is None or set(_NARROWER.findall(counts)) != set(_NARROWER.findall(rate)):
        return False
    return any(word[1][start:] in counts for start in range(len(word[1]) - 1))


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
    if not parts:
        return case.not_assessable(rule, Why.NO_FIGURE, left=left, cells=(here,), unit=FRACTION)
    tried = []
    for whole in _wholes(case, of):
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
    """What the share may be of: the figure of all for a segment's or an applicant's; else what stands above it."""
    if of.segment is not Segment.ALL:
        found = [_figure(case, of.indicator, of.applicant, Segment.ALL)]
    elif of.applicant:
        found = [_figure(case, of.indicator, TOTAL, Segment.ALL)]
    else:
        found = [
            [fact for code in codes for fact in _figure(case, code, "", Segment.ALL)] for codes in _above(of.indicator)
        ]
    return [facts for facts in found if facts]


def _above(indicator: str) -> list[tuple[str, ...]]:
    """The codes of each whole: the parent, for a channel all channels, and for requests those of `_WHOLES`."""
    own = definitions.indicators()[indicator]
    found: list[tuple[str, ...]] = [(own.parent,)] if own.parent else []
    if own.relation == "channel":
        found.append(tuple(each.code for each in definitions.parts(own.parent, "channel")))
    for code, wholes in _WHOLES:
        if indicator == code or (code.endswith(".") and indicator.startswith(code)):
            found += wholes
    return list(dict.fromkeys(found))


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
    if found.verdict is not Verdict.FAILS:
        return found
    if summed > whole.value:
        is_meant, why = summed - whole.value <= _ABOVE * whole.value, Why.PARTS_OVERLAP
    else:
        is_meant, why = len(parts) >= _MANY and whole.value - summed <= _BELOW * whole.value, Why.PARTS_NOT_ALL
    return found if is_meant else replace(found, verdict=Verdict.NOT_ASSESSABLE, why=why)


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
