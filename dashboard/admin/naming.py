"""A figure and its value in a visitor's words. Knows neither drafts nor requests."""

from __future__ import annotations

from decimal import Decimal

from dashboard.checks import telling
from dashboard.checks.finding import Cell, Side
from dashboard.messages import Language, percent_as_stated, quantity, text
from dashboard.schema import FRACTION, Absence, Correction, Fact


def name_of(row: Fact | Correction, language: Language) -> str:
    cell = Cell(Side.RIGHT, row.indicator, row.applicant, row.segment, row.measure)
    return telling.name(cell, language)


def value_of(fact: Fact, language: Language) -> str:
    return said_of(fact.value, fact.absence, fact.unit, language)


def said_of(value: Decimal | None, absence: Absence | None, unit: str, language: Language) -> str:
    if value is None:
        return text(f"absence.{absence or Absence.BLANK}", language)
    if unit == FRACTION:
        return percent_as_stated(value)
    return " ".join(quantity(value, unit, language)).strip()
