"""The tables that programs list: their columns, what they are filtered and sorted by, and their rows of a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import checks, definitions
from dashboard.api.parameters import BODY, YEAR, Given, Parameter
from dashboard.charts import CHARTS
from dashboard.messages import Language, UserError, text
from dashboard.schema import (
    Absence,
    Body,
    Correction,
    Fact,
    FindingRow,
    Measure,
    Mention,
    Report,
    Ruling,
    Segment,
    columns,
)
from dashboard.snapshots.engine import Engine
from dashboard.snapshots.engine_tables import CORRECTED
from dashboard.tables import finding
from dashboard.tables.rows import records_of

_CODE = "^[0-9A-Za-z_.-]{1,80}$"
_EDITION = Parameter("edition", choices=tuple(definitions.forms()))
_LEVEL = Parameter("level", choices=("province", "prefecture", "county", "department"))
_PARENT = Parameter("parent", pattern="^[0-9A-Za-z_.-]{1,40}$")
# A name, or part of one, in any of the ways that a body is found by.
_WORDS = Parameter("q", pattern="^.{0,80}$", longest=80)
_MOST_FOUND = 10_000
_INDICATOR = Parameter("indicator", pattern=_CODE, longest=80)
_SEGMENT = Parameter("segment", choices=tuple(map(str, Segment)))
_MEASURE = Parameter("measure", choices=tuple(map(str, Measure)))
_OF_REPORTS = (BODY, YEAR, _EDITION, _LEVEL, _PARENT)
MOST, MOST_IN_FILES, FARTHEST = 1_000, 10_000, 1_000_000
_OFFICER = ("ruling", "reason", "name", "given", "is_current")


@dataclass(frozen=True, slots=True)
class Table:
    """`record` describes its columns where the schema holds them; `listed` gives the rows that no database holds."""

    name: str
    columns: tuple[str, ...]
    filters: tuple[Parameter, ...]
    record: type | None = None
    listed: Callable[[], list[dict[str, Any]]] | None = None
    unsorted: frozenset[str] = frozenset()

    @property
    def sort(self) -> Parameter:
        names = "|".join(name for name in self.columns if name not in self.unsorted)
        return Parameter("sort", pattern=f"^-?({names})(,-?({names})){{0,7}}$", longest=200)

    @property
    def is_of_reports(self) -> bool:
        return "year" in self.columns

    def title(self, language: Language) -> str:
        return text(f"api.table_{self.name}", language)


def _indicators() -> list[dict[str, Any]]:
    return [
        {
            "indicator": each.code,
            "parent": each.parent,
            "relation": each.relation,
            "unit": each.unit,
            "name_zh": each.name_zh,
            "name_en": each.name_en,
            **{f"place_{edition}": each.places.get(edition, "") for edition in definitions.forms()},
        }
        for each in definitions.indicators().values()
    ]


def _charts() -> list[dict[str, Any]]:
    return [
        {
            "id": chart,
            **{f"title_{language}": text(f"chart.{chart}.title", language) for language in Language},
            **{f"note_{language}": text(f"chart.{chart}.note", language) for language in Language},
        }
        for chart in CHARTS
    ]


def _key(record: type, *more: str) -> tuple[str, ...]:
    return ("body", "year", *columns(record), *more)


TABLES = {
    table.name: table
    for table in (
        Table("bodies", (*columns(Body), "years"), (BODY, _LEVEL, _PARENT, _WORDS), Body, unsorted=frozenset({"years"})),
        Table("reports", columns(Report), _OF_REPORTS, Report),
        Table(
            "facts",
            _key(Fact, *CORRECTED),
            (*_OF_REPORTS, _INDICATOR, _SEGMENT, Parameter("applicant", pattern="^[0-9A-Za-z_.-]{1,40}$"), _MEASURE,
             Parameter("absence", choices=tuple(map(str, Absence)))),
            Fact,
        ),
        Table(
            "corrections", (*columns(Correction), "is_current"),
            (*_OF_REPORTS, _INDICATOR, _SEGMENT, _MEASURE), Correction,
        ),
        Table("mentions", _key(Mention), (*_OF_REPORTS, _INDICATOR, _MEASURE), Mention),
        Table(
            "findings",
            _key(FindingRow, *_OFFICER),
            (*_OF_REPORTS, Parameter("rule", choices=tuple(checks.rules())),
             Parameter("verdict", choices=tuple(map(str, checks.Verdict))),
             Parameter("severity", choices=tuple(map(str, checks.Severity))),
             Parameter("ruling", choices=tuple(map(str, Ruling)))),
            FindingRow,
        ),
        Table(
            "indicators",
            tuple(_indicators()[0]),
            (_INDICATOR, Parameter("parent", pattern=_CODE, longest=80),
             Parameter("unit", choices=tuple(sorted({each.unit for each in definitions.indicators().values()}))), _EDITION),
            listed=_indicators,
        ),
        Table("charts", tuple(_charts()[0]), (), listed=_charts),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table, as mappings by column, and how many there are in all."""

    items: list[dict[str, Any]]
    total: int


def rows(table: Table, engine: Engine, where: Given, sort: str, limit: int, offset: int) -> Rows:
    """Raises UserError for a body, a year or an indicator that is nowhere."""
    _known(engine, where)
    order = sort.split(",") if sort else []
    if table.listed is not None:
        chosen = _sorted([row for row in table.listed() if _has(row, where)], order)
        return Rows(chosen[offset : offset + limit], len(chosen))
    if "q" in where:
        return _found(engine, where, order, limit, offset)
    found = records_of(engine.listed(table.name, where, order, limit, offset))
    return Rows([{name: row[name] for name in table.columns} for row in found], engine.count(table.name, where))


def _found(engine: Engine, where: Given, order: Sequence[str], limit: int, offset: int) -> Rows:
    """The bodies that words find, best first unless another order is wished."""
    key = finding.plain(str(where["q"]))
    rest = {name: value for name, value in where.items() if name != "q"}
    codes = engine.found(key, _MOST_FOUND, rest)
    if order:
        chosen = _sorted(records_of(engine.listing_of(codes)), order)[offset : offset + limit]
    else:
        chosen = records_of(engine.listing_of(codes[offset : offset + limit]))
    columns = (*TABLES["bodies"].columns,)
    return Rows([{name: row[name] for name in columns} for row in chosen], len(codes))


def _known(engine: Engine, where: Given) -> None:
    """What is named exists, though it need not have rows of this table."""
    body, year, indicator = where.get("body"), where.get("year"), where.get("indicator")
    if body is not None and not engine.count("bodies", {"body": body}):
        raise UserError("view.body_unknown", body=body)
    if year is not None and not engine.count("reports", {"year": int(year)} | ({"body": body} if body else {})):
        raise UserError("view.year_nowhere", year=year)
    if indicator is not None and indicator not in definitions.indicators():
        raise UserError("view.indicator_unknown", indicator=indicator)


def _has(row: Mapping[str, Any], where: Given) -> bool:
    return all(
        bool(row[f"place_{value}"]) if name == "edition" else row[name] == value for name, value in where.items()
    )


def _sorted(listed: list[dict[str, Any]], order: Sequence[str]) -> list[dict[str, Any]]:
    """By the last name first, so that the first one rules; equal rows stay as they stand."""
    for name in reversed(order):
        listed = sorted(listed, key=lambda row: str(row[name.removeprefix("-")]), reverse=name.startswith("-"))
    return listed
