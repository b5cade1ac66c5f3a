"""Where a figure is stated more than once, which one is shown: the table's, as the more exact. Decided here alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import definitions
from dashboard.snapshots.engine import Engine
from dashboard.tables.records import written

TABLE, TEXT, DERIVED = "table", "text", "derived"

# One row a figure, wherever it came from; every measure gives at least these.
COLUMNS = (
    "indicator",
    "segment",
    "measure",
    "value",
    "unit",
    "absence",
    "as_printed",
    "locator",
    "section",
    "origin",
    # Where a correction holds: the value as printed (None where there was none), and what it says; else None.
    "printed_value",
    "printed_absence",
    "correction",
)
_KEY = ["year", "indicator", "segment", "applicant", "measure"]


def figures(
    engine: Engine,
    body: str,
    years: Sequence[int],
    indicators: Sequence[str],
    *,
    measure: str = "value",
    segments: Sequence[str] = ("all",),
) -> pd.DataFrame:
    """One row for each figure that the reports hold, in the order of `indicators`, then `segments`.

    Columns: `COLUMNS` and `year`, `tone`, `parent`. `value` is exact (Decimal) or None with its `absence`; a figure
    the report does not hold at all has no row.
    """
    return picked(engine.facts(body, years, indicators), indicators, measure=measure, segments=segments)


def picked(
    facts: pd.DataFrame, indicators: Sequence[str], *, measure: str = "value", segments: Sequence[str] = ("all",)
) -> pd.DataFrame:
    """As `figures`, of facts that have been asked for already, with others or without."""
    asked = facts["indicator"].isin(indicators) & (facts["measure"] == measure) & facts["segment"].isin(segments)
    frame = whole(facts[asked])
    frame = chosen(frame)
    order = {code: place for place, code in enumerate(indicators)}
    within = {segment: place for place, segment in enumerate(segments)}
    rows = zip(frame["year"], frame["indicator"], frame["segment"], strict=True)
    frame = _in_order(frame, [(year, order[code], within[segment]) for year, code, segment in rows])
    dictionary = definitions.indicators()
    return frame.assign(
        tone=[dictionary[code].tone for code in frame["indicator"]],
        parent=[dictionary[code].parent for code in frame["indicator"]],
    )[["year", *COLUMNS, "tone", "parent"]].reset_index(drop=True)


def whole(facts: pd.DataFrame) -> pd.DataFrame:
    """The figures of all applicants together: what the table has in its column of totals, the text tells of none."""
    return facts[facts["applicant"].isin(["", "total"])].assign(applicant="")


def chosen(facts: pd.DataFrame) -> pd.DataFrame:
    """Of several statements of one figure the table's, else the first of the text; `origin` tells which."""
    origin = [TABLE if "table:" in locator else TEXT for locator in facts["locator"]]
    key = [*(["body"] if "body" in facts else []), *_KEY]
    best: dict[tuple[Any, ...], tuple[bool, int, int]] = {}
    rows = zip(*(facts[name] for name in [*key, "position"]), strict=True)
    for place, (*figure, position) in enumerate(rows):
        ranked = (origin[place] == TEXT, position, place)
        best[tuple(figure)] = min(ranked, best.get(tuple(figure), ranked))
    return facts.assign(origin=origin).iloc[[best[figure][-1] for figure in sorted(best)]]


def _in_order(frame: pd.DataFrame, keys: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """The rows by rising key, equal ones as they came; pandas' own takes ten times as long for a report's few rows."""
    return frame.iloc[sorted(range(len(keys)), key=keys.__getitem__)]


def largest_first(frame: pd.DataFrame, column: str = "value") -> pd.DataFrame:
    """The rows by falling value, those without one last, equal ones in the order they came."""
    keys = pd.Series([float("-inf") if value is None else float(value) for value in frame[column]], index=frame.index)
    return frame.loc[keys.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def derived(**values: object) -> dict[str, object]:
    """A row of `COLUMNS` that no document prints; it says so, and has no place."""
    row: dict[str, object] = dict.fromkeys(COLUMNS, "") | {
        "absence": None,
        "printed_value": None,
        "printed_absence": None,
        "correction": None,
        "origin": DERIVED,
        "measure": "value",
    }
    return row | values


def figure_of(row: Mapping[str, object]) -> str:
    """The figure whose digits tell how exact the row's value is: as printed, or the one that stands in its place."""
    return str(row["as_printed"]) if row.get("correction") is None else written(row["value"])
