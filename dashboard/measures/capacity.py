"""What an office has for the work: money, staff, offices, reading points, meetings and training."""

from __future__ import annotations

import pandas as pd

from dashboard import definitions
from dashboard.measures import choice
from dashboard.snapshots.engine import Engine
from dashboard.tables.rows import records_of

REGIONS = ("departments", "localities")


def budget_shares(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """The budget of departments and of localities: `stated` and `computed` share side by side, each a fraction.

    `value` is the amount in 万元, `whole` the printed total; `computed` is None where one of them is missing.
    """
    amounts = choice.figures(engine, body, [year], ["capacity.budget"], segments=REGIONS)
    shares = choice.figures(engine, body, [year], ["capacity.budget"], measure="share", segments=REGIONS)
    whole = choice.figures(engine, body, [year], ["capacity.budget"])
    total = whole["value"].iloc[0] if len(whole) else None
    stated = {row["segment"]: row for row in records_of(shares)}
    rows = [
        row
        | {
            "whole": total,
            "computed": row["value"] / total if row["value"] is not None and total else None,
            "stated": stated.get(row["segment"], {}).get("value"),
            "stated_locator": stated.get(row["segment"], {}).get("locator", ""),
            "stated_as_printed": stated.get(row["segment"], {}).get("as_printed", ""),
        }
        for row in records_of(amounts)
    ]
    added = ["whole", "computed", "stated", "stated_locator", "stated_as_printed"]
    return pd.DataFrame(rows, columns=[*amounts.columns, *added], dtype=object)


def staff(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Full-time and part-time staff, with the printed total in `whole`."""
    frame = choice.figures(engine, body, [year], [each.code for each in definitions.parts("capacity.staff")])
    whole = choice.figures(engine, body, [year], ["capacity.staff"])
    return frame.assign(whole=whole["value"].iloc[0] if len(whole) else None)


def places(engine: Engine, body: str, year: int) -> pd.DataFrame:
    return choice.figures(engine, body, [year], ["capacity.reading_points", "capacity.offices"])


def training(engine: Engine, body: str, year: int) -> pd.DataFrame:
    return choice.figures(engine, body, [year], ["meetings.held", "training.sessions"])
