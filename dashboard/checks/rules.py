"""Every rule there is: its id, how much it weighs where it fails, and what it rests on. The ids never change.

What a rule says stands in the catalogs as `rule.<id>`; how it is tried, in the module its id begins with.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from dashboard.checks.finding import Severity

_OF_2007 = ("", "2014")  # no form yet, and the edition in force while the Regulations of 2007 were


class Basis(StrEnum):
    """What a rule rests on: the form itself, or a duty that the Regulations state."""

    FORM = "form"
    ACCURACY = "accuracy"
    CONTENTS = "contents"
    DATES = "dates"


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    severity: Severity
    basis: Basis


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

RULES = (
    Rule("arithmetic.total", _ERROR, Basis.FORM),
    Rule("arithmetic.applicants", _ERROR, Basis.FORM),
    Rule("arithmetic.closing", _ERROR, Basis.FORM),
    Rule("arithmetic.of_which", _ERROR, Basis.FORM),
    Rule("arithmetic.counted_once", _ERROR, Basis.FORM),
    Rule("arithmetic.largest_channel", _ERROR, Basis.FORM),
    Rule("arithmetic.whole", _ERROR, Basis.FORM),
    Rule("arithmetic.not_negative", _ERROR, Basis.FORM),
    Rule("text.table", _ERROR, Basis.ACCURACY),
    Rule("text.zero", _ERROR, Basis.ACCURACY),
    Rule("text.bound", _WARNING, Basis.ACCURACY),
    Rule("text.repeated", _ERROR, Basis.ACCURACY),
    Rule("text.scope", _NOTE, Basis.ACCURACY),
    Rule("text.segments", _ERROR, Basis.ACCURACY),
    Rule("text.sum", _WARNING, Basis.ACCURACY),
    Rule("text.share", _ERROR, Basis.ACCURACY),
    Rule("text.claim", _ERROR, Basis.ACCURACY),
    Rule("text.rate", _ERROR, Basis.ACCURACY),
    Rule("text.part_share", _WARNING, Basis.ACCURACY),
    Rule("text.part", _ERROR, Basis.ACCURACY),
    Rule("text.parts", _WARNING, Basis.ACCURACY),
    Rule("series.carried", _ERROR, Basis.FORM),
    Rule("series.in_force", _ERROR, Basis.FORM),
    Rule("series.published_total", _ERROR, Basis.FORM),
    Rule("series.items", _WARNING, Basis.FORM),
    Rule("series.growth", _ERROR, Basis.ACCURACY),
    Rule("series.jump", _NOTE, Basis.ACCURACY),
    Rule("hierarchy.sum", _ERROR, Basis.FORM),
    Rule("completeness.blank", _WARNING, Basis.FORM),
    Rule("completeness.missing", _ERROR, Basis.FORM),
    Rule("completeness.unreadable", _WARNING, Basis.FORM),
    Rule("completeness.table", _ERROR, Basis.CONTENTS),
    Rule("completeness.narrative", _NOTE, Basis.CONTENTS),
    Rule("completeness.year", _ERROR, Basis.ACCURACY),
    Rule("completeness.period", _WARNING, Basis.ACCURACY),
    Rule("completeness.late", _WARNING, Basis.DATES),
    Rule("completeness.years", _WARNING, Basis.DATES),
)


@cache
def rules() -> dict[str, Rule]:
    """The rules by id, in the order in which a report is read."""
    return {rule.id: rule for rule in RULES}


def severity(rule: str) -> Severity:
    return rules()[rule].severity


def basis(rule: str, edition: str) -> str:
    """The id of the sentence that names the clause, as it stood for the edition's years."""
    kind = rules()[rule].basis
    if kind is Basis.FORM:
        return f"basis.form_{edition}"
    return f"basis.{kind}_{'2007' if edition in _OF_2007 else '2019'}"
