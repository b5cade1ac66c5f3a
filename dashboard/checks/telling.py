"""A finding in words: both sides with their names and printed figures, the verdict, the reason, in either language.

Pure: a finding and a language in, plain text out. Whoever shows it escapes it.
"""

from __future__ import annotations

from decimal import Decimal

from dashboard import definitions
from dashboard.checks.finding import Cell, Finding, Side, Verdict
from dashboard.checks.identities import Relation
from dashboard.checks.interval import Interval
from dashboard.messages import Language, number, quantity, text
from dashboard.schema import FRACTION, Measure, Segment

_MOST_CELLS = 8
_TEXT_AND_TABLE, _PAIR = frozenset(["text.table", "text.zero", "text.bound"]), 2


def say(finding: Finding, language: Language) -> str:
    """The sentence of a finding: what stands on both sides and how they compare, or why that cannot be told."""
    sentence = _sentence(finding, language)
    if finding.inferred is None:
        return sentence
    inferred = text("finding.inferred", language, inferred=number(finding.inferred))
    return f"{sentence} {inferred}" if language is Language.EN else sentence + inferred


def _sentence(finding: Finding, language: Language) -> str:
    left, right = (side(finding, each, language) for each in Side)
    values = {key: number(value) if isinstance(value, Decimal) else value for key, value in finding.values}
    if finding.why:
        why = text(f"why.{finding.why}", language, **values)
        told = text("finding.compared_with", language, left=left, right=right) if right else left
        message = "finding.not_assessable" if told else "finding.not_assessable_alone"
        return text(message, language, left=told, why=why)
    if finding.message:
        return text(finding.message, language, left=left, right=right, **values)
    return _comparison(finding, left, right, language)


def _comparison(finding: Finding, left: str, right: str, language: Language) -> str:
    if finding.rule in _TEXT_AND_TABLE and len(finding.cells) == _PAIR:
        told, held = (" ".join(cell.as_printed.split()) for cell in finding.cells)
        subject = name(finding.cells[-1], language)
        return text(f"finding.stated_{finding.verdict}", language, name=subject, told=told, held=held)
    kind = "finding.at_most_" if finding.relation is Relation.AT_MOST else "finding."
    sides = {"left": left, "right": right}
    if finding.verdict is Verdict.FAILS and finding.left and finding.right:
        sides |= {
            "left_value": amount(finding.left, finding.unit, language),
            "right_value": amount(finding.right, finding.unit, language),
            "difference": _difference(finding.left, finding.right, finding.unit, language),
        }
    return text(f"{kind}{finding.verdict}", language, **sides)


def side(finding: Finding, which: Side, language: Language) -> str:
    """The cells of one side as they are printed, joined by their operators; long sums by their number of cells."""
    cells = [cell for cell in finding.cells if cell.side is which]
    if len(cells) > _MOST_CELLS:
        return text("finding.many", language, count=len(cells))
    told = [printed(cell, language) for cell in cells]
    joined = [
        each if not place else f" {cell.operator} {each}"
        for place, (cell, each) in enumerate(zip(cells, told, strict=True))
    ]
    return "".join(joined)


def printed(cell: Cell, language: Language) -> str:
    """A cell by its name and what is printed there."""
    words = " ".join(cell.as_printed.split())
    if words:
        return text("finding.cell_name", language, name=name(cell, language), printed=words)
    return text("finding.cell_empty", language, name=name(cell, language)) if cell.indicator else name(cell, language)


def name(cell: Cell, language: Language) -> str:
    """What a cell is: its indicator and whom it speaks of, or what the prose says it counts."""
    if not cell.indicator:
        return text("finding.quoted", language, words=cell.counts) if cell.counts else ""
    told = definitions.indicators()[cell.indicator].name(language)
    if cell.applicant:
        told = text("finding.of_segment", language, name=told, segment=text(f"applicant.{cell.applicant}", language))
    if cell.segment is not Segment.ALL:
        told = text("finding.of_segment", language, name=told, segment=text(f"segment.{cell.segment}", language))
    if cell.measure is not Measure.VALUE:
        kind = "finding.share_of" if cell.measure is Measure.SHARE else "finding.rate_of"
        told = text(kind, language, name=told)
    if cell.body and cell.side is Side.LEFT:
        return text("finding.of_body", language, name=told, body=cell.body)
    return text("finding.of_year", language, name=told, year=cell.year) if cell.year else told


def amount(interval: Interval | None, unit: str, language: Language) -> str:
    """An interval as a person reads it: one value, from to, at least, at most; percentages for fractions."""
    if interval is None or (interval.low is None and interval.high is None):
        return ""
    low, high = (None if end is None else _figure(end, unit, language) for end in (interval.low, interval.high))
    if high is None:
        return text("finding.at_least", language, low=low)
    if low is None:
        return text("finding.at_most", language, high=high)
    if low == high:
        return low
    digits = low.removesuffix("%").partition(" ")[0]
    return text("finding.range", language, low=digits, high=high)


def _figure(value: Decimal, unit: str, language: Language) -> str:
    if unit == FRACTION:
        return f"{number(round(value * 100, 2))}%"
    digits, word = quantity(value, unit, language)
    return f"{digits} {word}".strip()


def _difference(left: Interval, right: Interval, unit: str, language: Language) -> str:
    """How far the two sides lie apart at the least."""
    low, high = (left, right) if right.is_above(left) else (right, left)
    gap = (high.low or Decimal(0)) - (low.high or Decimal(0))
    if unit == FRACTION:
        return text("finding.percentage_points", language, value=number(round(gap * 100, 2)))
    return _figure(gap, unit, language)
