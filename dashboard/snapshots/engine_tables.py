"""The tables of a snapshot as the engines know them: columns with their types, order, and what a correction replaces.

Records of `schema` in, names and pieces of SQL out, in words that every engine understands. Asks nothing itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from decimal import Decimal
from typing import Any, get_args, get_type_hints

from dashboard.schema import (
    DECIMALS,
    DIGITS,
    Body,
    BodyName,
    Correction,
    EvidenceRow,
    Fact,
    FindingRow,
    Mention,
    OfficerVerdict,
    Report,
)

_REPORT_KEY = (("body", "VARCHAR"), ("year", "INTEGER"))
TABLES: dict[str, tuple[type, tuple[tuple[str, str], ...], str]] = {
    "bodies": (Body, (), "body"),
    "names": (BodyName, (), "key, body, kind"),
    "reports": (Report, (), "body, year"),
    # Sorted for the questions that pages ask, which are of one body: they read one row group however many bodies there are.
    "facts": (Fact, _REPORT_KEY, "body, year"),
    "mentions": (Mention, _REPORT_KEY, "body, year"),
    "findings": (FindingRow, _REPORT_KEY, "body, year"),
    "evidence": (EvidenceRow, _REPORT_KEY, "body, year"),
    "verdicts": (OfficerVerdict, (), "body, year"),
    "corrections": (Correction, (), "body, year"),
}
# What a correction adds to the figure it holds for; null everywhere else.
CORRECTED = ("printed_value", "printed_absence", "correction")


# The figure of a whole report: of everybody, and of all applicants together.
WHOLE = "f.measure = 'value' AND f.segment = 'all' AND f.applicant IN ('', 'total')"
# What bodies are compared by: one figure a body, year and indicator. Of several statements a table's counts, else the
# first, as `measures.choice` has it. `{facts}` is the relation it is made of.
_COMPARED = f"""
    SELECT indicator, year, body, value FROM (
        SELECT f.indicator, f.year, f.body, f.value, row_number() OVER (
            PARTITION BY f.body, f.year, f.indicator
            ORDER BY CASE WHEN f.locator LIKE '%table:%' THEN 0 ELSE 1 END, f.position
        ) AS place
        FROM {{facts}} f WHERE {WHOLE}
    ) told WHERE place = 1 AND value IS NOT NULL
"""
# Rows that are read together at least.
ROW_GROUP = 8_192


def stored(table: str) -> list[tuple[str, str]]:
    """The columns of a table's file with their types; `position` counts its rows, by report and place in it."""
    return [("position", "INTEGER"), *_columns(table)]


def layout() -> str:
    """What tells files with other columns, another order or other tables apart."""
    told = [f"{table} {order}: {stored(table)}" for table, (_, _, order) in TABLES.items()]
    told.append(compared("facts"))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def columns_of(table: str) -> tuple[str, ...]:
    return tuple(name for name, _ in _columns(table))


def _columns(table: str) -> list[tuple[str, str]]:
    record, key, _ = TABLES[table]
    hints = get_type_hints(record)
    return [*key, *((part.name, _type(hints[part.name])) for part in fields(record))]


def _type(hint: Any) -> str:
    kinds = [kind for kind in get_args(hint) if kind is not type(None)] or [hint]
    return {Decimal: f"DECIMAL({DIGITS}, {DECIMALS})", int: "INTEGER"}.get(kinds[0], "VARCHAR")


# A correction holds for the figure as it was read when it was given, and for no other reading of it.
HOLDS = (
    "c.ended = '' AND c.body = f.body AND c.year = f.year AND c.locator = f.locator AND c.indicator = f.indicator "
    "AND c.applicant = f.applicant AND c.segment = f.segment AND c.measure = f.measure AND c.unit = f.unit "
    "AND c.as_printed = f.as_printed AND c.printed_value IS NOT DISTINCT FROM f.value "
    "AND c.printed_absence IS NOT DISTINCT FROM f.absence"
)


def corrected_facts(reported: str, corrections: str) -> str:
    """A query for the facts of one relation as the corrections of another have them; with the columns of `CORRECTED`."""
    replaced = ("value", "absence")
    own = ", ".join(
        f"CASE WHEN c.correction IS NULL THEN f.{name} ELSE c.{name} END AS {name}" if name in replaced else f"f.{name}"
        for name, _ in stored("facts")
    )
    return (
        f"SELECT {own}, c.printed_value, c.printed_absence, "
        "c.given || ': ' || c.reason || ' (' || c.evidence || ')' AS correction "
        f"FROM {reported} f LEFT JOIN {corrections} c ON {HOLDS}"
    )


def uncorrected_facts(reported: str) -> str:
    """As `corrected_facts`, where nothing is corrected."""
    return (
        f"SELECT *, NULL::DECIMAL({DIGITS}, {DECIMALS}) AS printed_value, NULL::VARCHAR AS printed_absence, "
        f"NULL::VARCHAR AS correction FROM {reported}"
    )


def compared(facts: str) -> str:
    """A query for what bodies are compared by, of a relation of facts as they count."""
    return _COMPARED.format(facts=facts)


def as_reported(table: str) -> str:
    """The relation with a table's rows as they were written: facts without what has been corrected."""
    return "reported" if table == "facts" else table
