"""What answers hold, as JSON Schema: made from the same records and tables that the answers are made from."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from dashboard.api.charts import COLUMNS
from dashboard.api.errors import STATUSES
from dashboard.api.tables import TABLES, Table
from dashboard.charts import CHARTS
from dashboard.definitions import forms
from dashboard.messages import Language
from dashboard.schema import Absence, Ruling

_EXACT = r"^-?[0-9]+(\.[0-9]+)?$"
_TEXT: dict[str, Any] = {"type": "string"}
_ADDRESS: dict[str, Any] = {"type": "string", "format": "uri"}
_MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
_SYNTHETIC: dict[str, Any] = {"type": "boolean", "description": "Whether the data is that of a made-up country"}
_TEXT_OR_NULL: dict[str, Any] = {"type": ["string", "null"]}


def schemas() -> dict[str, Any]:
    """Every schema by its name."""
    return {
        **{name(table): _item(table) for table in TABLES.values()},
        **{f"{name(table)}List": _list(table) for table in TABLES.values()},
        "ChartData": _chart(),
        "Figure": _object({"data": {"type": "array", "items": {"type": "object"}}, "layout": {"type": "object"}}),
        "Problem": problem(),
    }


def name(table: Table) -> str:
    """`facts` -> `Fact`"""
    singular = f"{table.name[:-3]}y" if table.name.endswith("ies") else table.name[:-1]
    return singular.capitalize()


def problem() -> dict[str, Any]:
    """RFC 9457."""
    return _object({
        "type": _ADDRESS,
        "title": _TEXT,
        "status": {"type": "integer", "enum": list(STATUSES)},
        "detail": _TEXT,
    })  # fmt: skip


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(table: Table) -> dict[str, Any]:
    return _object({
        "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{name(table)}"}},
        "total": {"type": "integer", "minimum": 0},
        "next": {"type": ["string", "null"], "format": "uri"},
        "snapshot": _TEXT,
        "built": _MOMENT,
        "synthetic": _SYNTHETIC,
        "licence": _TEXT,
    })  # fmt: skip


def _item(table: Table) -> dict[str, Any]:
    described = _described(table.record) if table.record else {}
    return _object({column: described.get(column) or _OTHERS.get(column, _TEXT) for column in table.columns})


_OTHERS: dict[str, dict[str, Any]] = {
    "body": _TEXT | {"description": "Code of the reporting body"},
    "year": {"type": "integer", "description": "The year reported on"},
    "years": {"type": "array", "items": {"type": "integer"}, "description": "The years that reports are held of"},
    "id": {"type": "string", "enum": list(CHARTS)},
    "ruling": {"type": ["string", "null"], "enum": [*map(str, Ruling), None], "description": "An officer's verdict"},
    "reason": _TEXT_OR_NULL | {"description": "Why, in the officer's words"},
    "name": _TEXT_OR_NULL | {"description": "Who says so"},
    "given": _TEXT_OR_NULL | {"description": "Date of the verdict, ISO 8601"},
    "is_current": {
        "type": ["boolean", "null"],
        "description": "Whether it still holds: the figures are those it was given on",
    },
    "printed_value": {
        "type": ["string", "null"],
        "pattern": _EXACT,
        "description": "Where the figure is corrected: the value as printed, in `unit`",
    },
    "printed_absence": {
        "type": ["string", "null"],
        "enum": [*map(str, Absence), None],
        "description": "Where the figure is corrected: why none was printed",
    },
    "correction": _TEXT_OR_NULL | {"description": "Where the figure is corrected: since when, why, and what shows it"},
    **{f"place_{edition}": _TEXT | {"description": f"Place on the form of edition {edition}"} for edition in forms()},
}


def _described(record: type) -> dict[str, dict[str, Any]]:
    hints = get_type_hints(record)
    return {part.name: _typed(hints[part.name]) | {"description": part.metadata["about"]} for part in fields(record)}


def _typed(hint: Any) -> dict[str, Any]:
    """Exact values are texts; what may be missing may be null."""
    kinds = [kind for kind in get_args(hint) if kind is not type(None)] or [hint]
    kind, is_optional = kinds[0], bool(get_args(hint))
    base = {int: "integer"}.get(kind, "string")
    told: dict[str, Any] = {"type": [base, "null"] if is_optional else base}
    if kind is Decimal:
        told["pattern"] = _EXACT
    elif issubclass(kind, StrEnum):
        told["enum"] = [*map(str, kind), *([None] if is_optional else [])]
    return told


def _chart() -> dict[str, Any]:
    row = dict.fromkeys(("label", "value", "unit", "as_printed", "locator", "note"), _TEXT)
    marks = {each: {"type": "boolean"} for each in ("is_derived", "is_marked", "is_corrected")}
    told = dict.fromkeys(("title", "headline", "note", "body", "body_name", "source", "snapshot", "licence"), _TEXT)
    data = {
        "type": "object",
        "properties": dict.fromkeys(("body", "year", *COLUMNS), _TEXT_OR_NULL),
        "required": ["indicator", "name", "value", "unit", "absence"],
        "additionalProperties": False,
    }
    return _object({
        "id": _OTHERS["id"],
        **told,
        "year": {"type": "integer"},
        "language": {"type": "string", "enum": [str(each) for each in Language]},
        "built": _MOMENT,
        "synthetic": _SYNTHETIC,
        "link": _ADDRESS,
        "citation": _TEXT,
        "rows": {"type": "array", "items": _object(row | marks)},
        "data": {"type": "array", "items": data},
    })  # fmt: skip
