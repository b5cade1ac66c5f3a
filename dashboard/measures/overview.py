"""The key figures of a report, each with the figures that qualify it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.measures import choice
from dashboard.snapshots.engine import Engine

KEY_INDICATORS = (
    "disclosure.total",
    "requests.received",
    "requests.received.online",
    "requests.closed",
    "requests.closed.on_time",
    "requests.closed.extended",
    "review.total",
    "review.corrected",
    "litigation.total",
    "litigation.corrected",
    "capacity.budget",
    "capacity.staff",
    "capacity.staff.full_time",
    "capacity.staff.part_time",
)


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Three tables as `choice.figures` gives them."""

    values: pd.DataFrame  # of the year, and of the one before where it is there
    rates: pd.DataFrame  # changes on last year that the report itself states
    shares: pd.DataFrame  # shares that it states, such as the on-time rate and the localities' part of the budget


def key_figures(engine: Engine, body: str, year: int) -> KeyFigures:
    """What the first row of the overview tells, from one question."""
    facts = engine.facts(body, [year - 1, year], KEY_INDICATORS)
    now = facts[facts["year"] == year]
    return KeyFigures(
        choice.picked(facts, KEY_INDICATORS),
        choice.picked(now, KEY_INDICATORS, measure="yoy_rate"),
        choice.picked(now, KEY_INDICATORS, measure="share", segments=("all", "departments", "localities")),
    )
