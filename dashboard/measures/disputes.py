"""Administrative reviews and lawsuits over disclosure: how many, with which result; and complaints."""

from __future__ import annotations

import pandas as pd

from dashboard import definitions
from dashboard.measures import choice
from dashboard.snapshots.engine import Engine

PROCEDURES = ("review", "litigation")


def results(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Cases by procedure and result, with the printed total in `whole`; `procedure` is review or litigation."""
    frames = []
    for procedure in PROCEDURES:
        total = f"{procedure}.total"
        frame = choice.figures(engine, body, [year], [each.code for each in definitions.parts(total)])
        whole = choice.figures(engine, body, [year], [total])
        frames.append(frame.assign(procedure=procedure, whole=whole["value"].iloc[0] if len(whole) else None))
    return pd.concat(frames, ignore_index=True)


def correction_rates(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Corrected cases over all cases, by procedure: derived, a fraction; None without a case or with a part missing."""
    frame = results(engine, body, year)
    rows = []
    for procedure in PROCEDURES:
        corrected = frame[(frame["procedure"] == procedure) & frame["indicator"].str.endswith(".corrected")]
        if corrected.empty:
            continue
        part, whole = corrected["value"].iloc[0], corrected["whole"].iloc[0]
        rate = part / whole if part is not None and whole else None
        rows.append(
            choice.derived(
                indicator=f"{procedure}.corrected",
                segment="all",
                measure="share",
                value=rate,
                unit="fraction",
                locator=corrected["locator"].iloc[0],
            )
            | {"procedure": procedure, "part": part, "whole": whole}
        )
    return pd.DataFrame(rows, columns=[*choice.COLUMNS, "procedure", "part", "whole"])


def complaints(engine: Engine, body: str, year: int) -> pd.DataFrame:
    return choice.figures(engine, body, [year], ["review.total", "litigation.total", "complaints.total"])
