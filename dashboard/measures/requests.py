"""Requests for information: how they came, how they were closed, what came of them, on which grounds refused."""

from __future__ import annotations

import pandas as pd

from dashboard import definitions
from dashboard.measures import choice
from dashboard.snapshots.engine import Engine

# The stages a request passes. The form has no table that crosses them, so each is known by its totals only.
STAGES = {
    "filed": "requests.received",
    "closed": "requests.closed",
    "outcome": "requests.answered",
    "ground": "requests.outcome.refused",
}


def flow(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Every figure of the way of a request, in order; `stage`: filed, received, closed, answered, outcome, ground.

    The rows `received`, `all_closed` and `answered` are the printed totals that the others pass through.
    """
    if choice.figures(engine, body, [year], ["requests.answered"]).empty:
        return _since_2019(engine, body, year)
    frames = []
    totals = {"filed": "received", "closed": "all_closed", "outcome": "answered"}
    for stage, parent in STAGES.items():
        parts = choice.figures(engine, body, [year], [each.code for each in definitions.parts(parent)])
        frames.append(parts.assign(stage=stage))
        if stage in totals:
            frames.append(choice.figures(engine, body, [year], [parent]).assign(stage=totals[stage]))
    held = [frame for frame in frames if not frame.empty]
    return pd.concat(held, ignore_index=True) if held else frames[0]


def _since_2019(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """The later editions count no answers: what came in this year and from the year before is closed, or carried out.

    They print no total of refusals either: it is derived, where no ground lacks its figure.
    """
    grounds = [each.code for each in definitions.parts(STAGES["ground"])]
    stages = {
        "closed": ["requests.received", "requests.carried_in"],
        "answered": ["requests.closed"],
        "outcome": [each.code for each in definitions.parts(STAGES["outcome"])],
        "ground": grounds,
    }
    frames = [choice.figures(engine, body, [year], codes).assign(stage=stage) for stage, codes in stages.items()]
    refused = frames[-1]["value"]
    if len(refused) and all(value is not None for value in refused):
        own = definitions.indicators()[STAGES["ground"]]
        told = choice.derived(indicator=own.code, segment="all", value=sum(refused), unit=own.unit)
        frames.append(pd.DataFrame([told | {"tone": own.tone, "parent": own.parent, "stage": "outcome"}], dtype=object))
    held = [frame for frame in frames if not frame.empty]
    return pd.concat(held, ignore_index=True) if held else frames[0]


def parts(engine: Engine, body: str, year: int, stage: str) -> pd.DataFrame:
    """The figures of one stage, largest first, those without a value last; `whole` is the printed total."""
    parent = STAGES[stage]
    frame = choice.figures(engine, body, [year], [each.code for each in definitions.parts(parent)])
    whole = choice.figures(engine, body, [year], [parent])
    frame = frame.assign(whole=whole["value"].iloc[0] if len(whole) else None)
    return choice.largest_first(frame)


def filed(engine: Engine, body: str, year: int) -> pd.DataFrame:
    return parts(engine, body, year, "filed")


def outcomes(engine: Engine, body: str, year: int) -> pd.DataFrame:
    return parts(engine, body, year, "outcome")


def grounds(engine: Engine, body: str, year: int) -> pd.DataFrame:
    return parts(engine, body, year, "ground")


def receivers(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Requests received by departments and by localities, as the text states them, with the table's total."""
    return choice.figures(engine, body, [year], ["requests.received"], segments=("departments", "localities", "all"))
