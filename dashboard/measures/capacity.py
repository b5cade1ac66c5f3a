"""What an office has for the work: money, staff, offices, reading points, meetings and training."""

from __future__ import annotations

import pandas as pd

from dashboard import definitions
from dashboard.measures import choice
from dashboard.snapshots.engine import Engine

REGIONS = ("departments", "localities")


def budget_shares(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """The budget of departments and of localities: `stated` and `computed` share side by side, each a fraction.

    `value` is the amount in 万元, `whole` the printed total; `computed` is None where an amount or the total is missing.
    """
    amounts = choice.figures(engine, body, [year], ["capacity.budget"], segments=REGIONS)
    shares = choice.figures(engine, body, [year], ["capacity.budget"], measure="share", segments=REGIONS)
    whole = choice.figures(engine, body, [year], ["capacity.budget"])
    total = whole["value"].iloc[0] if len(whole) else None
    stated = shares.set_index("segment")
    return amounts.assign(
        whole=total,
        computed=[value / total if value is not None and total else None for value in amounts["value"]],
        stated=[stated["value"].get(segment) for segment in amounts["segment"]],
        stated_locator=[stated["locator"].get(segment, "") for segment in amounts["segment"]],
        stated_as_printed=[stated["as_printed"].get(segment, "") for segment in amounts["segment"]],
    )


def staff(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Full-time and part-time staff, with the printed total in `whole`."""
    frame = choice.figures(engine, body, [year], [each.code for each in definitions.parts("capacity.staff")])
    whole = choice.figures(engine, body, [year], ["capacity.staff"])
    return frame.assign(whole=whole["value"].iloc[0] if len(whole) else None)


def places(engine: Engine, body: str, year: int) -> pd.DataFrame:
    return choice.figures(engine, body, [year], ["capacity.reading_points", "capacity.offices"])


def training(engine: Engine, body: str, year: int) -> pd.DataFrame:
    return choice.figures(engine, body, [year], ["meetings.held", "training.sessions"])
