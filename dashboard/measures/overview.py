"""The key figures of a report, each with the figures that qualify it."""

from __future__ import annotations

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


def key_figures(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """The figures of the first row of the overview, for the year and the one before where it is there."""
    return choice.figures(engine, body, [year - 1, year], KEY_INDICATORS)


def stated_rates(engine: Engine, body: str, year: int) -> pd.DataFrame:
    return choice.figures(engine, body, [year], KEY_INDICATORS, measure="yoy_rate")


def stated_shares(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Shares that the report itself states, such as the on-time rate and the localities' part of the budget."""
    return choice.figures(
        engine, body, [year], KEY_INDICATORS, measure="share", segments=("all", "departments", "localities")
    )
