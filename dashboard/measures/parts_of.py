"""What each body below a parent has of what all of them have together, in one year and over the years.

The whole is the sum of what is known; which of the parts are missing is told with it, and they have no share. The
parent's own figure is beside it where it has one, as a compiled report counts by rules of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from dashboard import definitions
from dashboard.measures import choice, quantity, series
from dashboard.measures.quantity import Quantity, Row
from dashboard.snapshots.engine import Engine
from dashboard.tables.rows import records_of

LARGEST = 7
REST = "rest"
COLUMNS = (
    *choice.COLUMNS, "body", "year", "edition", "body_name", "body_name_en",
    "share", "whole", "missing", "parts", "of_parent", "parent_body",
)  # fmt: skip


def shares(engine: Engine, body: str, year: int, *, indicator: str = "") -> pd.DataFrame:
    """One row a part, the largest first, those without a figure last; empty where no body stands below.

    `whole` is the sum of the `parts` less `missing` that have a figure; `of_parent` is what the parent itself reports.
    """
    return _frame(_year(engine, body, [year], _summable(indicator)))


def over_years(engine: Engine, body: str, year: int, *, indicator: str = "") -> pd.DataFrame:
    """The same for every year: the largest parts of `year` by name, the others together as the body `rest`."""
    told = _summable(indicator)
    parent, parts = _below(engine, body)
    years = sorted({int(each) for each in engine.reports_of([row["body"] for row in parts])["year"]}) if parent else []
    rows = _year(engine, body, years, told)
    at = {row["body"]: row["value"] for row in rows if row["year"] == year and row["value"] is not None}
    largest = sorted(at, key=lambda each: (-at[each], each))[:LARGEST]
    named = [row for row in rows if row["body"] in largest]
    others = [row for row in rows if row["body"] not in largest]
    within = sorted({row["year"] for row in others})
    return _frame([*named, *(_rest(told, [row for row in others if row["year"] == each]) for each in within)])


def share(value: Decimal | None, whole: Decimal) -> Decimal | None:
    return value / whole if value is not None and whole else None


def _summable(indicator: str) -> Quantity:
    """Rates are no parts of anything; without an indicator of its own the chart shows the first."""
    told = quantity.of(indicator)
    return quantity.of("") if told.is_rate else told


def _below(engine: Engine, body: str) -> tuple[str, list[Row]]:
    """The body and what stands below it; where nothing does, the body above and those beside this one.

    Places and departments do not add up with each other: places, where there are any.
    """
    for parent in (body, str(engine.body(body)["parent"].iloc[0] or "")):
        found = records_of(engine.parts_of(parent)) if parent else []
        places = [row for row in found if row["level"] != "department"]
        if found:
            return parent, places or found
    return "", []


def _year(engine: Engine, body: str, years: Sequence[int], told: Quantity) -> list[Row]:
    parent, parts = _below(engine, body)
    codes = [row["body"] for row in parts]
    if not parent:
        return []
    reports = {
        (row["body"], int(row["year"])): str(row["edition"] or "")
        for row in records_of(engine.reports_of([*codes, parent]))
    }
    facts = quantity.facts_of(engine.figures_of([*codes, parent], told.codes))
    rows: list[Row] = []
    for year in years:
        found = [
            told.figure(facts, row["body"], year, reports.get((row["body"], year)))
            | {"body": row["body"], "body_name": row["name"], "body_name_en": row["name_en"], "year": year}
            | {"edition": reports.get((row["body"], year), "")}
            for row in parts
        ]
        own = told.figure(facts, parent, year, reports.get((parent, year)))["value"]
        rows += _shared(found, parent, own)
    return rows


def _shared(rows: list[Row], parent: str, of_parent: Decimal | None) -> list[Row]:
    known = [row["value"] for row in rows if row["value"] is not None]
    whole = sum(known, Decimal(0))
    for row in rows:
        row |= {"share": share(row["value"], whole), "whole": whole if known else None, "parts": len(rows)}
        row |= {"missing": len(rows) - len(known), "of_parent": of_parent, "parent_body": parent}
    return sorted(rows, key=lambda row: (row["value"] is None, -(row["value"] or 0), row["body"])) if known else []


def _rest(told: Quantity, rows: Sequence[Row]) -> Row:
    """The smaller parts together; missing where none of them has a figure, and without those that have none."""
    known = [row["value"] for row in rows if row["value"] is not None]
    first = rows[0]
    row = choice.derived(indicator=told.code, segment="all", value=None, unit=definitions.indicators()[told.code].unit)
    row |= {
        name: first.get(name) for name in ("year", "edition", "whole", "missing", "parts", "of_parent", "parent_body")
    }
    row |= {"body": REST, "body_name": "", "body_name_en": ""}
    value = sum(known, Decimal(0)) if known else None
    row |= {
        "value": value,
        "absence": None if known else series.NO_REPORT,
        "share": share(value, first.get("whole") or Decimal(0)),
    }
    return row


def _frame(rows: Sequence[Row]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS), dtype=object)
    return frame.where(frame.notna(), None)
