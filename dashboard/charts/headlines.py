"""The finding of each chart in one sentence, computed from its rows. Without the figures for it, it says that."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import Any

import pandas as pd

from dashboard import definitions
from dashboard.figures.theme import Look
from dashboard.messages import brief, number, percent, percent_as_stated, plural
from dashboard.tables.rows import records_of

Headline = Callable[[pd.DataFrame, Look], str]


def _needs_figures(headline: Headline) -> Headline:
    """A finding that lacks one of its figures is not told in part."""

    @wraps(headline)
    def told(frame: pd.DataFrame, look: Look) -> str:
        try:
            return headline(frame, look)
        except (_MissingFigure, IndexError):
            return look.text("headline.incomplete")

    return told


class _MissingFigure(Exception):
    pass


def _value(frame: pd.DataFrame, indicator: str, segment: str = "all") -> Decimal:
    rows = frame[(frame["indicator"] == indicator) & (frame["segment"] == segment) & (frame["measure"] == "value")]
    if rows.empty or rows["value"].iloc[0] is None:
        raise _MissingFigure
    return Decimal(rows["value"].iloc[0])


def _known(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows, all of them with a value, largest first; a largest among missing ones is not told."""
    rows = records_of(frame)
    if not rows or any(row["value"] is None for row in rows):
        raise _MissingFigure
    return sorted(rows, key=lambda row: row["value"], reverse=True)


def _name(row: dict[str, Any], look: Look) -> str:
    return definitions.indicators()[row["indicator"]].name(look.language)


def _whole_of(row: dict[str, Any]) -> Decimal:
    if row["whole"] is None:
        raise _MissingFigure
    return Decimal(row["whole"])


def _whole(part: Decimal, whole: Decimal | None) -> str:
    if not whole:
        raise _MissingFigure
    return percent(part / whole)


@_needs_figures
def channels(frame: pd.DataFrame, look: Look) -> str:
    totals = _known(frame[frame["segment"] == "all"])
    together = sum((row["value"] for row in totals), Decimal(0))
    top = totals[0]
    return look.text(
        "headline.channels",
        channel=_name(top, look),
        value=brief(top["value"], look.language, 1),
        share=_whole(top["value"], together),
    )


@_needs_figures
def flow(frame: pd.DataFrame, look: Look) -> str:
    if "handled" in set(frame["stage"]):
        handled, granted = (_value(frame, f"requests.{each}") for each in ("closed", "outcome.granted"))
        return look.text("headline.flow_handled", granted=_whole(granted, handled))
    answered = _value(frame, "requests.answered")
    granted, refused = (_value(frame, f"requests.outcome.{each}") for each in ("granted", "refused"))
    return look.text("headline.flow", granted=_whole(granted, answered), refused=_whole(refused, answered))


@_needs_figures
def budget(frame: pd.DataFrame, look: Look) -> str:
    rows = [row for row in records_of(frame) if row["computed"] is not None]
    if not rows:
        raise _MissingFigure
    top = max(rows, key=lambda row: row["computed"])
    return look.text("headline.budget", share=percent(top["computed"]), segment=look.text(f"segment.{top['segment']}"))


@_needs_figures
def growth(frame: pd.DataFrame, look: Look) -> str:
    order = {code: place for place, code in enumerate(definitions.indicators())}
    rates = [
        look.text(
            "headline.rate_up" if row["rate"] >= 0 else "headline.rate_down",
            name=_name(row, look),
            rate=percent_as_stated(abs(row["rate"])),
        )
        for row in sorted(records_of(frame), key=lambda row: order.get(row["indicator"], 0))
        if not row["name"]
    ]
    if not rates:
        raise _MissingFigure
    return look.text("headline.growth", rates=look.text("word.comma").join(rates[:2]))


@_needs_figures
def disclosed(frame: pd.DataFrame, look: Look) -> str:
    total, localities = _value(frame, "disclosure.total"), _value(frame, "disclosure.total", "localities")
    return look.text("headline.disclosed", value=brief(total, look.language), share=_whole(localities, total))


@_needs_figures
def normative(frame: pd.DataFrame, look: Look) -> str:
    issued, disclosed_ = _value(frame, "normative.issued"), _value(frame, "disclosure.normative")
    return look.text("headline.normative", issued=number(issued), disclosed=number(disclosed_))


@_needs_figures
def responses(frame: pd.DataFrame, look: Look) -> str:
    top = _known(frame)[0]
    return look.text("headline.responses", way=_name(top, look), value=number(top["value"]))


@_needs_figures
def principals(frame: pd.DataFrame, look: Look) -> str:
    held, joined = (_value(frame, f"response.press_conferences{each}") for each in ("", ".principal"))
    return look.text("headline.principals", held=number(held), joined=number(joined), share=_whole(joined, held))


@_needs_figures
def filed(frame: pd.DataFrame, look: Look) -> str:
    top = _known(frame)[0]
    return look.text("headline.filed", way=_name(top, look), share=_whole(top["value"], top["whole"]))


@_needs_figures
def receivers(frame: pd.DataFrame, look: Look) -> str:
    departments, localities = (_value(frame, "requests.received", each) for each in ("departments", "localities"))
    return look.text("headline.receivers", departments=number(departments), localities=number(localities))


@_needs_figures
def outcomes(frame: pd.DataFrame, look: Look) -> str:
    first, second = _known(frame)[:2]
    return look.text(
        "headline.outcomes",
        first=_name(first, look),
        first_share=_whole(first["value"], first["whole"]),
        second=_name(second, look),
        second_share=_whole(second["value"], second["whole"]),
    )


@_needs_figures
def grounds(frame: pd.DataFrame, look: Look) -> str:
    rows = _known(frame)
    top = [row for row in rows if row["value"] == rows[0]["value"]]
    names = look.text("word.comma").join(_name(row, look) for row in top)
    message = "headline.grounds" if len(top) == 1 else "headline.grounds_equal"
    return look.text(message, total=number(_whole_of(rows[0])), grounds=names, value=number(rows[0]["value"]))


@_needs_figures
def results(frame: pd.DataFrame, look: Look) -> str:
    rates = []
    for procedure in ("review", "litigation"):
        rows = frame[frame["procedure"] == procedure]
        rates.append(_whole(_value(rows, f"{procedure}.corrected"), rows["whole"].iloc[0]))
    return look.text("headline.results", review=rates[0], litigation=rates[1])


@_needs_figures
def complaints(frame: pd.DataFrame, look: Look) -> str:
    reviews, lawsuits, told = (_value(frame, code) for code in ("review.total", "litigation.total", "complaints.total"))
    return plural(
        "headline.complaints",
        int(told),
        look.language,
        reviews=number(reviews),
        lawsuits=number(lawsuits),
        complaints=number(told),
    )


@_needs_figures
def staff(frame: pd.DataFrame, look: Look) -> str:
    full_time = _value(frame, "capacity.staff.full_time")
    return look.text("headline.staff", share=_whole(full_time, frame["whole"].iloc[0]), value=number(full_time))


@_needs_figures
def places(frame: pd.DataFrame, look: Look) -> str:
    points, offices = (_value(frame, f"capacity.{each}") for each in ("reading_points", "offices"))
    return look.text("headline.places", points=number(points), offices=number(offices))


@_needs_figures
def training(frame: pd.DataFrame, look: Look) -> str:
    meetings, sessions = _value(frame, "meetings.held"), _value(frame, "training.sessions")
    return look.text("headline.training", meetings=number(meetings), sessions=number(sessions))
