"""The data folder: reads and writes its tables, and the datapackage.json that describes them.

A file is replaced in one step, so that a reader never sees half of one; the same records give the same bytes.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from dashboard.messages import UserError
from dashboard.schema import Body, Fact, Mention, OfficerVerdict, Report, columns
from dashboard.tables import records

Record = TypeVar("Record")

LICENCE = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}
_KEYS = {
    Body: ["body"],
    Report: ["body", "year"],
    Fact: ["locator", "indicator", "applicant"],
    Mention: ["locator"],
    OfficerVerdict: ["finding"],
}


class Package:
    """The tables of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def bodies(self) -> list[Body]:
        return self._read("bodies.csv", Body)

    def reports(self) -> list[Report]:
        """Sorted by body and year; empty where no report has been read yet."""
        return self._read("reports.csv", Report) if (self.folder / "reports.csv").exists() else []

    def facts(self, body: str, year: int) -> list[Fact]:
        return self._read(f"facts/{body}-{year}.csv", Fact)

    def mentions(self, body: str, year: int) -> list[Mention]:
        return self._read(f"mentions/{body}-{year}.csv", Mention)

    def verdicts(self) -> list[OfficerVerdict]:
        """What officers said of findings, sorted by report and finding; empty where none has been given."""
        return self._read("verdicts.csv", OfficerVerdict) if (self.folder / "verdicts.csv").exists() else []

    def give_verdict(self, verdict: OfficerVerdict) -> None:
        """Adds an officer's verdict or replaces the one on the same finding."""
        kept = [each for each in self.verdicts() if each.finding != verdict.finding]
        listed = sorted([*kept, verdict], key=lambda each: (each.body, each.year, each.finding))
        self._write("verdicts.csv", records.to_csv(listed, columns(OfficerVerdict)))
        self._describe(self.reports())

    def write(self, report: Report, facts: list[Fact], mentions: list[Mention]) -> None:
        """Adds a report or replaces the one of the same body and year; reports.csv comes last and makes it count."""
        stem = f"{report.body}-{report.year}.csv"
        self._write(f"facts/{stem}", records.to_csv(facts, columns(Fact)))
        self._write(f"mentions/{stem}", records.to_csv(mentions, columns(Mention)))
        kept = [each for each in self.reports() if (each.body, each.year) != (report.body, report.year)]
        listed = sorted([*kept, report], key=lambda each: (each.body, each.year))
        self._write("reports.csv", records.to_csv(listed, columns(Report)))
        self._describe(listed)

    def _describe(self, reports: list[Report]) -> None:
        has_verdicts = (self.folder / "verdicts.csv").exists()
        described = describe(reports, has_verdicts=has_verdicts)
        self._write("datapackage.json", json.dumps(described, ensure_ascii=False, indent=2) + "\n")

    def add_body(self, body: Body) -> None:
        """Adds a row to bodies.csv, which stays sorted by code."""
        listed = sorted([*self.bodies(), body], key=lambda each: each.body)
        self._write("bodies.csv", records.to_csv(listed, columns(Body)))

    def keep_source(self, content: bytes, sha256: str, suffix: str) -> None:
        """The document as received, named by its hash, so that a figure's place can be opened."""
        path = f"sources/{sha256}{suffix}"
        if not (self.folder / path).exists():
            self._write_bytes(path, content)

    def _read(self, path: str, record: type[Record]) -> list[Record]:
        try:
            text = (self.folder / path).read_text("utf-8")
        except FileNotFoundError as error:
            raise UserError("table.not_found", file=path, folder=str(self.folder)) from error
        except UnicodeDecodeError as error:
            raise UserError("table.not_utf8", file=path) from error
        return records.from_csv(text, record, path)

    def _write(self, path: str, text: str) -> None:
        self._write_bytes(path, text.encode())

    def _write_bytes(self, path: str, content: bytes) -> None:
        target = self.folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".writing-", delete=False) as file:
                file.write(content)
            Path(file.name).chmod(0o644)
            Path(file.name).replace(target)
        except OSError as error:
            raise UserError(
                "table.not_writable", file=path, folder=str(self.folder), reason=str(error.strerror)
            ) from error


def describe(reports: list[Report], *, has_verdicts: bool = False) -> dict[str, Any]:
    """The folder as a Frictionless data package: every table with its columns, types, keys and sources."""
    return {
        "profile": "tabular-data-package",
        "name": "gongkai-disclosure-reports",
        "title": "Figures of government information disclosure annual reports (政府信息公开工作年度报告)",
        "description": "Every figure as reported, with the place in the document where it is printed.",
        "licenses": [LICENCE],
        "sources": [_source(report) for report in reports],
        "resources": [
            *_resources(reports),
            *([_resource("verdicts", "verdicts.csv", OfficerVerdict)] if has_verdicts else []),
        ],
    }


def _source(report: Report) -> dict[str, str]:
    return {"title": report.title} | ({"path": report.url} if report.url else {})


def _resources(reports: list[Report]) -> Iterator[dict[str, Any]]:
    yield _resource("bodies", "bodies.csv", Body)
    listed = _resource("reports", "reports.csv", Report)
    listed["schema"]["foreignKeys"] = [{"fields": ["body"], "reference": {"resource": "bodies", "fields": ["body"]}}]
    yield listed
    for report in reports:
        stem = f"{report.body}-{report.year}"
        yield _resource(f"facts-{stem}", f"facts/{stem}.csv", Fact)
        yield _resource(f"mentions-{stem}", f"mentions/{stem}.csv", Mention)


def _resource(name: str, path: str, record: type) -> dict[str, Any]:
    return {
        "name": name,
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": list(_fields(record)),
            "primaryKey": _KEYS[record],
            "missingValues": [""],
        },
    }


def _fields(record: type) -> Iterator[dict[str, Any]]:
    hints = get_type_hints(record)
    for part in fields(record):
        kinds = [kind for kind in get_args(hints[part.name]) if kind is not type(None)] or [hints[part.name]]
        constraints = dict(part.metadata["constraints"])
        if issubclass(kinds[0], StrEnum):
            constraints["enum"] = [str(choice) for choice in kinds[0]]
        type_name = {Decimal: "number", int: "integer"}.get(kinds[0], "string")
        described = {"name": part.name, "type": type_name, "description": part.metadata["about"]}
        yield described | ({"constraints": constraints} if constraints else {})
