"""A line of a chart's table, and how a figure is written for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.figures.theme import Look
from dashboard.messages import percent_as_stated, quantity
from dashboard.schema import FRACTION


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a chart's table. `value` is written for the reader, absences in words.

    `indicator` is set where the label is the name of one.
    """

    label: str
    value: str
    unit: str
    as_printed: str
    locator: str
    is_derived: bool
    note: str = ""
    is_marked: bool = False
    is_corrected: bool = False
    indicator: str = ""


def written(value: Any, unit: str, absence: str | None, look: Look) -> tuple[str, str]:
    """Value and unit for the reader: full digits, a fraction as a percentage, an absence in words without a unit."""
    if value is None:
        return look.text(f"absence.{absence or 'blank'}"), ""
    if unit == FRACTION:
        return percent_as_stated(value), ""
    return quantity(value, unit, look.language)
