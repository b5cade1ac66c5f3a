"""The finding of each chart of several reports in one sentence; where there is nothing to hold against, it says that."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import definitions
from dashboard.charts.spanning import body_name, quantity_name
from dashboard.figures.theme import Look
from dashboard.figures.years import signed
from dashboard.messages import brief, number, percent, plural
from dashboard.schema import FRACTION
from dashboard.tables.rows import records_of

Row = dict[str, Any]


def _known(frame: pd.DataFrame) -> list[Row]:
    return [row for row in records_of(frame) if row["value"] is not None]


def _amount(row: Row, look: Look) -> str:
    return percent(row["value"]) if row["unit"] == FRACTION else brief(row["value"], look.language)


def series(frame: pd.DataFrame, look: Look) -> str:
    """From the first to the last figure of the newest stretch of one meaning."""
    known = _known(frame)
    name = definitions.indicators()[known[0]["indicator"]].name(look.language)
    last = known[-1]
    same = [row for row in known if row["stretch"] == last["stretch"]]
    if len(known) == 1:
        return look.text("headline.series_one", name=name, year=last["year"], value=_amount(last, look))
    if len(same) == 1 or not same[0]["value"]:
        return look.text("headline.series_new", name=name, year=last["year"], value=_amount(last, look))
    change = last["value"] / same[0]["value"] - 1
    return look.text(
        "headline.series", name=name, first=same[0]["year"], last=last["year"],
        before=_amount(same[0], look), value=_amount(last, look), change=signed(change),
    )  # fmt: skip


def rates(frame: pd.DataFrame, look: Look) -> str:
    rows = records_of(frame)
    both = [row for row in rows if row["rate"] is not None and row["computed"] is not None]
    differing = [str(row["year"]) for row in both if row["differs"]]
    if differing:
        listed = look.text("word.comma").join(differing)
        return look.text("headline.rates_differ", years=listed, count=len(differing), both=len(both))
    if both:
        return look.text("headline.rates_agree", both=len(both))
    computed = sum(row["computed"] is not None for row in rows)
    return look.text("headline.rates_apart", computed=computed, stated=sum(row["rate"] is not None for row in rows))


def many(frame: pd.DataFrame, look: Look) -> str:
    rows = [row for row in records_of(frame) if row["cagr"] is not None]
    indicators = len(set(frame["indicator"]))
    if not rows:
        return plural("headline.many_one", indicators, look.language)
    rising = sum(row["cagr"] > 0 for row in rows)
    return look.text("headline.many", rising=rising, count=len(rows), indicators=indicators)


def carried(frame: pd.DataFrame, look: Look) -> str:
    rows = [row for row in records_of(frame) if row["previous"] is not None and row["value"] is not None]
    broken = [str(row["year"]) for row in rows if row["differs"]]
    if broken:
        return look.text("headline.carried_broken", years=look.text("word.comma").join(broken), links=len(rows))
    return look.text("headline.carried" if rows else "headline.carried_none", links=len(rows))


def ranked(frame: pd.DataFrame, look: Look) -> str:
    rows = records_of(frame)
    name = quantity_name(rows[0]["indicator"], look)
    placed = [row for row in rows if row["rank"] is not None]
    own = next((row for row in placed if row["is_chosen"]), None)
    ranked_ = placed[0]["ranked"] if placed else 0
    left_out = max((row["left_out"] or 0 for row in rows), default=0)
    if ranked_ < 2:
        return look.text("headline.ranked_alone", name=name)
    if own is None:
        told = look.text("headline.ranked_none", name=name, ranked=ranked_)
    else:
        told = look.text(
            "headline.ranked", body=body_name(own, look), name=name, rank=own["rank"], ranked=ranked_,
            value=_amount(own, look),
        )  # fmt: skip
    return told + (plural("headline.left_out", left_out, look.language) if left_out else "")


def spread(frame: pd.DataFrame, look: Look) -> str:
    own = [row for row in records_of(frame) if row["body"]]
    if not own or (own[0]["ranked"] or 0) < 2:
        name = quantity_name(frame["indicator"].iloc[0], look)
        return look.text("headline.ranked_alone", name=name)
    first = own[0]
    low, middle, high = (_amount(first | {"value": first[each]}, look) for each in ("low", "middle", "high"))
    return look.text("headline.spread", low=low, middle=middle, high=high, ranked=first["ranked"])


def over_years(frame: pd.DataFrame, look: Look) -> str:
    known = _known(frame)
    bodies, years = {row["body"] for row in known}, sorted({row["year"] for row in known})
    name = quantity_name(known[0]["indicator"], look)
    missing = len(frame) - len(known)
    told = plural("headline.years", len(bodies), look.language, name=name, years=_span(years))
    return told + (look.text("headline.years_missing", missing=missing, cells=len(frame)) if missing else "")


def matrix(frame: pd.DataFrame, look: Look) -> str:
    """No two cards of a page may have one heading."""
    return look.text("headline.matrix", told=over_years(frame, look))


def _span(years: list[int]) -> str:
    return str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"


def shares(frame: pd.DataFrame, look: Look) -> str:
    known = _known(frame)
    top = known[0]
    told = look.text("headline.shares", body=body_name(top, look), name=quantity_name(top["indicator"], look),
                     share=percent(top["share"]) if top["share"] is not None else "–", parts=len(known))  # fmt: skip
    return told + _missing(top, look)


def areas(frame: pd.DataFrame, look: Look) -> str:
    return look.text("headline.areas", told=shares(frame, look))


def shares_over_years(frame: pd.DataFrame, look: Look) -> str:
    known = _known(frame)
    years = sorted({row["year"] for row in known})
    partial = sorted({row["year"] for row in known if row["missing"]})
    name = quantity_name(known[0]["indicator"], look)
    told = look.text("headline.shares_years", name=name, years=_span(years))
    return told + (plural("headline.shares_partial", len(partial), look.language) if partial else "")


def _missing(row: Row, look: Look) -> str:
    if not row["missing"]:
        return ""
    return look.text("headline.shares_missing", missing=number(row["missing"]), parts=row["parts"])
