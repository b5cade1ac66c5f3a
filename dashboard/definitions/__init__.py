"""The data that ships with the program: the indicator dictionary, the forms, how prose names things.

Read once, as typed records. Adding an indicator, an edition or a wording is adding a row here.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

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
from dashboard.definitions.form import Form, FormCell, FormTable, Heading, Trail, forms, trails
from dashboard.definitions.prose import NarrativeRules, Term, narrative_rules
from dashboard.messages import Language

FOLDER = Path(__file__).parent

__all__ = [
    "Break",
    "Continuity",
    "Form",
    "FormCell",
    "FormTable",
    "Heading",
    "Indicator",
    "NarrativeRules",
    "Rate",
    "Step",
    "Term",
    "Trail",
    "breaks",
    "chain",
    "changes_of_form",
    "convert",
    "forms",
    "indicators",
    "is_money",
    "narrative_rules",
    "parts",
    "rates",
    "trails",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Indicator:
    """One code, one meaning. `relation` to its parent: item (adds up), of_which (part), channel (counted once above)."""

    code: str
    parent: str
    relation: str
    unit: str
    tone: str
    name_zh: str
    name_en: str
    clause: str
    places: dict[str, str]

    def name(self, language: Language) -> str:
        return self.name_zh if language is Language.ZH else self.name_en


@cache
def indicators() -> dict[str, Indicator]:
    """The dictionary by code, in the order of the form."""
    with (FOLDER / "indicators.csv").open(encoding="utf-8", newline="") as file:
        return {row["indicator"]: _indicator(row) for row in csv.DictReader(file)}


def _indicator(row: dict[str, str]) -> Indicator:
    places = {key.removeprefix("place_"): place for key, place in row.items() if key.startswith("place_") and place}
    return Indicator(
        row["indicator"], row["parent"], row["relation"], row["unit"], row["tone"],
        row["name_zh"], row["name_en"], row["clause"], places,
    )  # fmt: skip


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
