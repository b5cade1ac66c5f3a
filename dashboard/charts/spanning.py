"""Charts of several reports: their rows made ready to draw, and their tables. No value is changed.

What is told of a figure beside its value - a change of form, growth, base and rank, what is missing - is in the table's
notes as it is on hover.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import definitions
from dashboard.charts.row import Row, written
from dashboard.figures import years
from dashboard.figures.theme import Look
from dashboard.measures.parts_of import REST
from dashboard.measures.quantity import Quantity
from dashboard.messages import Language, number, percent, percent_as_stated
from dashboard.schema import FRACTION
from dashboard.tables.rows import records_of

Record = dict[str, Any]


def by_indicator(frame: pd.DataFrame, look: Look) -> pd.DataFrame:
    """Rows of one body, named by what is counted."""
    return frame.assign(label=[definitions.indicators()[code].name(look.language) for code in frame["indicator"]])


def by_body(frame: pd.DataFrame, look: Look) -> pd.DataFrame:
    """Rows of several bodies, named by body. Hollow dots are those of another meaning than the body's last."""
    frame = frame.assign(label=[body_name(row, look) for row in records_of(frame)])
    if "is_same" not in frame:
        return frame
    return frame.assign(is_like_last=_like_last(frame))


def _like_last(frame: pd.DataFrame) -> list[bool]:
    """Whether nothing changed its meaning between this row and the last of the same body."""
    found: dict[str, bool] = {}
    told: list[bool] = []
    for row in reversed(records_of(frame)):
        told.append(found.setdefault(row["body"], True))
        if row["is_break"] and not row["is_same"]:
            found[row["body"]] = False
    return told[::-1]


def body_name(row: Record, look: Look) -> str:
    if row["body"] == REST:
        return look.text("shares.rest")
    return str((look.language is Language.EN and row["body_name_en"]) or row["body_name"] or row["body"])


def series_rows(frame: pd.DataFrame, look: Look) -> list[Row]:
    rows: list[Row] = []
    for row in records_of(by_indicator(frame, look)):
        label = f"{row['year']} · {row['label']}"
        rows.append(_row(row, label, look, _told_series(row, look)))
        if row["implied"] is not None:
            rows.append(_derived(f"{row['year']} · {look.text('series.implied')}", years.interval(row, look), look))
        if row["rate"] is not None and row["computed"] is not None and row["differs"]:
            told = look.text(
                "series.differs", stated=percent_as_stated(row["rate"]), computed=percent(row["computed"], 2)
            )
            rows.append(_derived(f"{row['year']} · {look.text('growth.differs')}", told, look))
    return rows


def _told_series(row: Record, look: Look) -> list[str]:
    told = []
    if row["is_break"]:
        told.append(years.told_break(row, look).replace("<br>", " · ").partition(" · ")[2])
    if row["computed"] is not None:
        told.append(f"{look.text('growth.computed')} {years.signed(row['computed'])}")
    if row["rate"] is not None:
        told.append(f"{look.text('word.stated_rate')} {percent_as_stated(row['rate'])}")
    if row["cagr"] is not None:
        told.append(look.text("series.cagr", rate=years.signed(row["cagr"]), first=row["cagr_from"], last=row["year"]))
    return told


def growth_rows(frame: pd.DataFrame, look: Look) -> list[Row]:
    """Stated and computed rates, each on a line of its own."""
    rows: list[Row] = []
    for row in records_of(frame):
        if row["rate"] is not None:
            rows.append(
                Row(
                    f"{row['year']} · {look.text('word.stated_rate')}", percent_as_stated(row["rate"]), "",
                    row["rate_as_printed"], row["rate_place"], False, look.text("growth.differs") if row["differs"] else "",
                )
            )  # fmt: skip
        if row["computed"] is not None:
            rows.append(_derived(f"{row['year']} · {look.text('growth.computed')}", percent(row["computed"], 2), look))
        elif row["is_break"]:
            told = years.told_break(row, look).replace("<br>", " · ").partition(" · ")[2]
            rows.append(Row(f"{row['year']} · {look.text('growth.computed')}", "–", "", "", "", True, told))
    return rows


def carried_rows(frame: pd.DataFrame, look: Look) -> list[Row]:
    rows = []
    for row in records_of(by_indicator(frame, look)):
        told = [look.text("carried.was", value=number(row["previous"]), year=row["year"] - 1)] if row["differs"] else []
        rows.append(_row(row, f"{row['year']} · {row['label']}", look, told))
    return rows


def standing_rows(frame: pd.DataFrame, look: Look) -> list[Row]:
    rows = []
    for row in records_of(by_body(frame, look)):
        if not row["body"]:
            unit = look.text("compare.unit_bodies")
            rows.append(Row(_step(row), number(row["value"]), unit, "", "", True, ""))
        else:
            rows.append(_row(row, f"{row['label']} · {row['year']}", look, _told_standing(row, look)))
    return rows


def _step(row: Record) -> str:
    is_rate = row["indicator"] in definitions.rates()
    low, high = (percent(row[end]) if is_rate else number(row[end]) for end in ("low", "high"))
    return f"{low} – {high}"


def _told_standing(row: Record, look: Look) -> list[str]:
    told = []
    if row["base"] is not None:
        told.append(f"n={number(row['base'])}")
    if row["is_small"]:
        told.append(look.text("compare.small"))
    elif row["rank"] is not None:
        told.append(look.text("compare.rank", rank=row["rank"], ranked=row["ranked"]))
        if row["share_below"] is not None:
            told.append(look.text("compare.below_share", share=percent(row["share_below"], 0)))
        if row["rank_before"] is not None:
            told.append(look.text("compare.before", rank=row["rank_before"], year=row["year"] - 1))
    if row["is_peer"] is False:
        told.append(look.text("compare.unlike"))
    if row["is_break"]:
        told.append(look.text("compare.same_form" if row["is_same"] else "compare.other_form"))
    return told


def share_rows(frame: pd.DataFrame, look: Look) -> list[Row]:
    rows = []
    for row in records_of(by_body(frame, look)):
        told = [percent(row["share"], 2)] if row["share"] is not None else []
        if row["missing"]:
            told.append(look.text("shares.missing", missing=row["missing"], parts=row["parts"]))
        rows.append(_row(row, f"{row['label']} · {row['year']}", look, told))
    return rows


def _row(row: Record, label: str, look: Look, told: list[str]) -> Row:
    if row["value"] is not None and row["unit"] == FRACTION:
        value, unit = percent(row["value"], 2), ""
    else:
        value, unit = written(row["value"], row["unit"], row["absence"], look)
    is_derived = row["origin"] == "derived" and row["value"] is not None
    is_corrected = row["correction"] is not None
    notes = [
        *told,
        *([look.text("word.derived")] if is_derived else []),
        *([row["correction"]] if is_corrected else []),
    ]
    return Row(
        label, value, unit, row["as_printed"] or "", row["place"], is_derived, look.text("word.semicolon").join(notes),
        is_corrected=is_corrected,
    )  # fmt: skip


def _derived(label: str, value: str, look: Look) -> Row:
    return Row(label, value, "", "", "", True, look.text("word.derived"))


def quantity_name(code: str, look: Look) -> str:
    return Quantity(code).name(look.language)
