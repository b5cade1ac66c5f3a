"""Data folders with invented reports of many bodies and years, for tests and measurements of refreshing.

The bodies are a province and prefectures below it; the same arguments give the same folder.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from dashboard.schema import Body, Fact, Mention, Report, columns
from dashboard.tables import records
from dashboard.tables.package import Package, ReportTables
from tests import consistent

PROVINCE = "990000"


def edition_of(year: int) -> str:
    return "2014" if year < 2019 else "2019" if year < 2021 else "2021"


def folder(path: Path, bodies: int, first: int, last: int) -> Path:
    """Writes a data folder of `bodies` bodies with a report for each year from `first` to `last`."""
    path.mkdir(parents=True, exist_ok=True)
    listed = [Body(PROVINCE, "云岭省", level="province")]
    listed += [Body(str(990000 + n), f"云岭{n}市", level="prefecture", parent=PROVINCE) for n in range(1, bodies)]
    made = [each for number, body in enumerate(listed) for each in _reports(body, number, first, last, bodies - 1)]
    package = Package(path)
    package.write_group(made, [each.report for each in made], listed)
    package.write_description()
    return path


def _reports(body: Body, seed: int, first: int, last: int, localities: int) -> Iterator[ReportTables]:
    random, before = Random(seed), None
    for year in range(first, last + 1):
        made = consistent.make(edition_of(year), random, before)
        report = replace(
            made.report, body=body.body, year=year, title=f"{body.name}{year}年政府信息公开工作年度报告",
            sha256=hashlib.sha256(f"{body.body}{year}".encode()).hexdigest(),
            localities=localities if body.body == PROVINCE and localities else None,
        )  # fmt: skip
        before = replace(made, report=report)
        facts = records.to_csv(made.facts, columns(Fact))
        yield ReportTables(report, facts, records.to_csv(made.mentions, columns(Mention)))


def set_value(path: Path, line: int, value: str) -> None:
    """Another figure in a line (from 2) of a table of facts."""
    change_cells(path, line, {"value": value, "as_printed": value})


def change_cells(path: Path, line: int, cells: dict[str, str]) -> None:
    """Other cells in a line of a table, by column."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    for name, cell in cells.items():
        rows[line - 1][rows[0].index(name)] = cell
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    path.write_text(out.getvalue(), "utf-8")


def without_lines(path: Path, lines: int) -> None:
    """Takes the last lines of a table away."""
    kept = path.read_text("utf-8").splitlines(keepends=True)[:-lines]
    path.write_text("".join(kept), "utf-8")


def drop_report(path: Path, body: str, year: int) -> None:
    """Takes a report with its tables out of a folder."""
    package = Package(path)
    kept: list[Report] = [each for each in package.reports() if (each.body, each.year) != (body, year)]
    package.write_group([], kept)
    for kind in ("facts", "mentions"):
        (path / kind / f"{body}-{year}.csv").unlink()
