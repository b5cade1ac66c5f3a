"""What the audit found: every rule tried on a report, the problems of all reports, what an officer said of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.checks import rows
from dashboard.checks.finding import Finding
from dashboard.checks.identities import CellKey
from dashboard.checks.repair import Repair, smallest_repair
from dashboard.schema import Ruling
from dashboard.snapshots.engine import Engine
from dashboard.tables.rows import records_of


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer's verdict; it has lapsed where the figures are not those it was given on."""

    ruling: Ruling
    reason: str
    name: str
    given: str
    has_lapsed: bool


@dataclass(frozen=True, slots=True)
class Audited:
    finding: Finding
    officer: Officer | None


def of_report(engine: Engine, body: str, year: int) -> list[Audited]:
    """Every rule tried on the report, in the order of the rules."""
    return _audited(engine, engine.findings(body, year))


def named(engine: Engine, ids: Sequence[str]) -> list[Audited]:
    """The findings with these ids, by report; those that the snapshot does not have are left out."""
    return _audited(engine, engine.named(ids)) if ids else []


def problems(engine: Engine, most: int) -> list[Audited]:
    """The rules that fail in any report, newest reports first; at most `most` of them."""
    return _audited(engine, engine.problems(most))


def repair(engine: Engine, body: str, year: int, edition: str) -> Repair:
    """The smallest correction of the report's table: worked out from the printed cells, never applied."""
    facts = engine.reported(body, year)
    cells = facts[facts["locator"].str.contains("table:", regex=False)]
    printed = zip(cells["indicator"], cells["applicant"], cells["value"], strict=True)
    return smallest_repair(
        edition, {CellKey(code, who): None if pd.isna(value) else value for code, who, value in printed}
    )


def at(engine: Engine, body: str, year: int, locator: str) -> list[Audited]:
    """The rules that fail with the figure at this place of the report."""
    places = engine.failing_at(body, year)
    wanted = set(places[places["locator"] == locator]["finding"])
    return [each for each in of_report(engine, body, year) if each.finding.id in wanted] if wanted else []


def _audited(engine: Engine, found: pd.DataFrame) -> list[Audited]:
    cells: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for cell in records_of(engine.evidence(list(found["id"]))):
        cells[cell["finding"]].append(cell)
    return [Audited(rows.finding(row, cells[row["id"]]), _officer(row)) for row in records_of(found)]


def _officer(row: dict[str, Any]) -> Officer | None:
    if row["ruling"] is None:
        return None
    return Officer(Ruling(row["ruling"]), row["reason"], row["name"], row["given"], not row["is_current"])
