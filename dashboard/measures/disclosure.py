"""Proactive disclosure: how much, through which channel, by whom; and how public concerns were answered."""

from __future__ import annotations

import pandas as pd

from dashboard import definitions
from dashboard.measures import choice
from dashboard.snapshots.engine import Engine
from dashboard.tables.precision import half_unit
from dashboard.tables.rows import records_of

SEGMENTS = ("own", "departments", "localities")


def channels(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Items by channel and segment, largest channel first; columns of `choice.figures` and `channel_total`.

    Each channel has a row for the stated segments, a derived row `rest` for what the report does not break down, and
    a row `all` with the total. Items published through several channels count in each, so channels do not add up.
    """
    codes = [each.code for each in definitions.parts("disclosure.total", "channel")]
    totals = choice.figures(engine, body, [year], codes)
    stated = choice.figures(engine, body, [year], codes, segments=SEGMENTS)
    rows: list[dict[str, object]] = []
    for total in records_of(totals):
        parts = records_of(stated[stated["indicator"] == total["indicator"]])
        rest = _rest(total, parts)
        rows += [each | {"channel_total": total["value"]} for each in [*parts, *rest, total]]
    frame = pd.DataFrame(rows, columns=[*totals.columns, "channel_total"])
    return choice.largest_first(frame, "channel_total")


def _rest(total: dict, parts: list[dict]) -> list[dict[str, object]]:  # type: ignore[type-arg]  # rows of a frame
    """What the stated segments leave of the total, where that is more than their rounding."""
    if total["value"] is None or any(part["value"] is None for part in parts):
        return []
    rest = total["value"] - sum(part["value"] for part in parts)
    rounding = sum(half_unit(choice.figure_of(part), part["unit"]) for part in parts)
    if rest <= rounding:
        return []
    return [
        {
            **total,
            **choice.derived(indicator=total["indicator"], segment="rest", value=rest, unit=total["unit"]),
        }
    ]


def by_segment(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Items disclosed and normative documents: the total, and departments and localities as the text states them."""
    codes = ["disclosure.total", "disclosure.normative"]
    return choice.figures(engine, body, [year], codes, segments=("departments", "localities", "all"))


def normative(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Normative documents issued, and how many were disclosed."""
    return choice.figures(engine, body, [year], ["normative.issued", "disclosure.normative"])


def responses(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Answers to public concerns by way; the ways count one event each time, so they do not add up."""
    codes = [each.code for each in definitions.parts("response.events", "channel")]
    return choice.figures(engine, body, [year], codes)


def principals(engine: Engine, body: str, year: int) -> pd.DataFrame:
    """Press conferences and interviews, and those that the principal joined."""
    codes = ["response.press_conferences", "response.interviews"]
    return choice.figures(engine, body, [year], [code for each in codes for code in (each, f"{each}.principal")])
