"""A measure's rows made ready to draw: names in the reader's language, series, colours. No value is changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from dashboard import definitions
from dashboard.figures.theme import Look, wrapped

# The series of a stacked bar that are told by the kind of staff; segments and tones name their own colours.
_STAFF = {"capacity.staff.full_time": "departments", "capacity.staff.part_time": "rest"}


def plain(frame: pd.DataFrame, look: Look) -> pd.DataFrame:
    """One bar an indicator, coloured by its tone."""
    return frame.assign(label=_names(frame, look), colour=[tone or "accent" for tone in frame["tone"]])


def by_segment(frame: pd.DataFrame, look: Look) -> pd.DataFrame:
    """One bar an indicator, one stretch a segment; the rows `all` become the bars' totals."""
    totals = frame[frame["segment"] == "all"].set_index("indicator")
    parts = frame[frame["segment"] != "all"]
    lone = totals.loc[[code for code in totals.index if code not in set(parts["indicator"])]].reset_index()
    rows = pd.concat([parts, lone.assign(segment="rest")]) if len(lone) else parts
    order = {code: place for place, code in enumerate(dict.fromkeys(frame["indicator"]))}
    series = {segment: place for place, segment in enumerate(("own", "departments", "localities", "rest"))}
    rows = rows.assign(
        label=_names(rows, look),
        series=rows["segment"],
        series_label=[look.text(f"segment.{segment}") for segment in rows["segment"]],
        colour=rows["segment"],
        total=_objects(totals["value"].get(code) for code in rows["indicator"]),
        total_locator=[totals["locator"].get(code, "") for code in rows["indicator"]],
        order=[order[code] for code in rows["indicator"]],
        rank=[series[segment] for segment in rows["segment"]],
    )
    return rows.sort_values(["order", "rank"], kind="stable").reset_index(drop=True)


def stages(frame: pd.DataFrame, look: Look) -> pd.DataFrame:
    """The stages of a request, by the short names that a flow has room for."""
    return frame.assign(
        label=[_short(code, look) for code in frame["indicator"]],
        colour=[tone or "accent" for tone in frame["tone"]],
    )


def regions(frame: pd.DataFrame, look: Look) -> pd.DataFrame:
    return frame.assign(
        label=_names(frame, look),
        series_label=[look.text(f"segment.{segment}") for segment in frame["segment"]],
        colour=frame["segment"],
    )


def procedures(frame: pd.DataFrame, look: Look) -> pd.DataFrame:
    """One bar for reviews, one for lawsuits; the results are the stretches, with one colour each in both."""
    result = [code.rsplit(".", maxsplit=1)[-1] for code in frame["indicator"]]
    return frame.assign(
        label=[wrapped(look.text(f"procedure.{each}"), look) for each in frame["procedure"]],
        series=result,
        series_label=[look.text(f"result.{each}") for each in result],
        colour=frame["tone"],
        total=frame["whole"],
        total_locator="",
    )


def whole(frame: pd.DataFrame, look: Look) -> pd.DataFrame:
    """One bar for a whole, a stretch for each part."""
    parent = definitions.indicators()[frame["parent"].iloc[0]] if len(frame) else None
    return frame.assign(
        label=wrapped(parent.name(look.language), look) if parent else "",
        series=frame["indicator"],
        series_label=_names(frame, look),
        colour=[_STAFF.get(code, "accent") for code in frame["indicator"]],
        total=frame["whole"],
        total_locator="",
    )


def rates(frame: pd.DataFrame, look: Look) -> pd.DataFrame:
    """Rates of indicators by the dictionary's name, rates of other quantities by what the narrative counts."""
    named = [name or _name(code, look) for name, code in zip(frame["name"], frame["indicator"], strict=True)]
    return frame.assign(label=[wrapped(name, look) for name in named])


def _names(frame: pd.DataFrame, look: Look) -> list[str]:
    return [wrapped(_name(code, look), look) for code in frame["indicator"]]


def _name(code: str, look: Look) -> str:
    return definitions.indicators()[code].name(look.language)


def _short(code: str, look: Look) -> str:
    try:
        return look.text(f"short.{code}")
    except KeyError:
        return _name(code, look)


def _objects(values: Iterable[Any]) -> Any:
    """A column that keeps exact values and None as they are."""
    return pd.Series(list(values), dtype=object).to_numpy()
