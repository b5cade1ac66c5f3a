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

    The rows `received`, `all_closed` and `answered` are the printed totals that the others pass through. The forms since
    2019 print no answers and no sum of refusals; their stages are `source` (new requests and those carried in), `handled`
    (their total) and `result`.
    """
    stages = _stages() if _tells_answers(engine, body, year) else _later_stages()
    return _together([choice.figures(engine, body, [year], codes).assign(stage=stage) for stage, codes in stages])


def _stages() -> list[tuple[str, list[str]]]:
    """Each stage's figures on the form before 2019, and the printed totals between them, in order."""
    totals = {"filed": "received", "closed": "all_closed", "outcome": "answered"}
    stages = []
    for stage, parent in STAGES.items():
        stages.append((stage, [each.code for each in definitions.parts(parent)]))
        if stage in totals:
            stages.append((totals[stage], [parent]))
    return stages


def _later_stages() -> list[tuple[str, list[str]]]:
    return [
        ("source", ["requests.received", "requests.carried_in"]),
        ("handled", ["requests.closed"]),
        ("result", _results()),
    ]


def _tells_answers(engine: Engine, body: str, year: int) -> bool:
    """Whether the report's form has the sum of answers, as the one before 2019 does."""
    return not choice.figures(engine, body, [year], ["requests.answered"]).empty


def _results() -> list[str]:
    """What can come of a request where the form has no sum of refusals: each ground of one is a result."""
    return [each.code for stage in ("outcome", "ground") for each in definitions.parts(STAGES[stage])]


def _together(frames: list[pd.DataFrame]) -> pd.DataFrame:
    held = [frame for frame in frames if not frame.empty]
    return pd.concat(held, ignore_index=True) if held else frames[0]


def parts(engine: Engine, body: str, year: int, stage: str) -> pd.DataFrame:
    """The figures of one stage, largest first, those without a value last; `whole` is the printed total."""
    parent = STAGES[stage]
    return _parts(engine, body, year, [each.code for each in definitions.parts(parent)], parent)


def _parts(engine: Engine, body: str, year: int, codes: list[str], total: str) -> pd.DataFrame:
    frame = choice.figures(engine, body, [year], codes)
    whole = choice.figures(engine, body, [year], [total])
    frame = frame.assign(whole=whole["value"].iloc[0] if len(whole) else None)
    return choice.largest_first(frame)


def filed(engine: Engine, body: str, year: int) -> pd.DataFrame:
    return parts(engine, body, year, "filed")


def outcomes(engine: Engine, body: str, year: int) -> pd.DataFrame:
    if _tells_answers(engine, body, year):
        return parts(engine, body, year, "outcome")
    return _parts(engine, body, year, _results(), "requests.closed")


def grounds(engine: Engine, body: str, year: int) -> pd.DataFrame:
    return parts(engine, body, year, "ground")


def receivers(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Requests received by departments and by localities, as the text states them, with the table's total."""
    return choice.figures(engine, body, [year], ["requests.received"], segments=("departments", "localities", "all"))
