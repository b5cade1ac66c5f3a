"""The data that ships with the program: the indicator dictionary, the glossary, the forms, how prose names things.

Read once, as typed records. Adding an indicator, an edition or a wording is adding a row here.
"""

from __future__ import annotations

from decimal import Decimal

from dashboard.definitions.continuity import (
    Break,
    Continuity,
    Rate,
    Step,
    breaks,
    chain,
    changes_of_form,
    rates,
)
from dashboard.definitions.dictionary import Indicator, indicators
from dashboard.definitions.form import Form, FormCell, FormTable, Heading, Trail, forms, trails
from dashboard.definitions.glossary import Entry, Subject, glossary, term_of
from dashboard.definitions.prose import NarrativeRules, Term, narrative_rules

__all__ = [
    "Break",
    "Continuity",
    "Entry",
    "Form",
    "FormCell",
    "FormTable",
    "Heading",
    "Indicator",
    "NarrativeRules",
    "Rate",
    "Step",
    "Subject",
    "Term",
    "Trail",
    "breaks",
    "chain",
    "changes_of_form",
    "convert",
    "forms",
    "glossary",
    "indicators",
    "is_money",
    "narrative_rules",
    "parts",
    "rates",
    "term_of",
    "trails",
]  # fmt: skip


def parts(parent: str, relation: str = "item", edition: str = "") -> list[Indicator]:
    """The indicators directly below `parent`, in the order of the form; of one edition only where it is named."""
    return [
        each
        for each in indicators().values()
        if each.parent == parent and each.relation == relation and (not edition or edition in each.places)
    ]


_SIZES = {"万": Decimal(10) ** 4, "亿": Decimal(10) ** 8}


def is_money(unit: str) -> bool:
    return unit.lstrip("百千万亿") == "元"


def convert(value: Decimal, printed: str, wanted: str) -> Decimal:
    """`value` in the unit `wanted`: 26027600 元 is 2602.76 万元, 1.2 万件 is 12000 件. Measure words are not compared."""
    return Decimal(f"{(value * _size(printed) / _size(wanted)).normalize():f}")


def _size(unit: str) -> Decimal:
    return _SIZES.get(unit[:1], Decimal(1)) if len(unit) > 1 else Decimal(1)
