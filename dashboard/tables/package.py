"""The data folder: reads and writes its tables, and the datapackage.json that describes them.

A file is replaced in one step, so that a reader never sees half of one; the same records give the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

import orjson

from dashboard.messages import UserError
from dashboard.schema import SYNTHETIC, Body, Correction, Fact, Mention, OfficerVerdict, Report, Superseded, columns
from dashboard.tables import edited, form, records, writing

Record = TypeVar("Record")

LICENCE = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}
KEYS = {
    Body: ["body"],
    Report: ["body", "year"],
    Fact: ["locator", "indicator", "applicant"],
    Mention: ["locator"],
    Superseded: ["body", "year", "sha256"],
    OfficerVerdict: ["finding"],
    Correction: ["correction"],
}
# Tables that a folder has once there is something to write in them.
_WHERE_THERE: dict[str, type] = {"history": Superseded, "verdicts": OfficerVerdict, "corrections": Correction}
_OF_REPORTS: dict[str, type] = {"facts": Fact, "mentions": Mention}
_TITLE = "Figures of government information disclosure annual reports (政府信息公开工作年度报告)"
_ABOUT = "Every figure as reported, with the place in the document where it is printed."
_SYNTHETIC_TITLE = "SYNTHETIC DATA (合成数据): figures of a made-up country, not of any real government"
_SYNTHETIC_ABOUT = (
    "Made up by chance for trying and measuring the program; no document and no government stands behind any figure. "
    "本数据由程序随机生成，仅供试用和测试，与任何真实机关无关。"
)
# With more reports than this, the tables' columns are described once beside the description, not in each resource.
_MANY = 500


@dataclass(frozen=True, slots=True)
class ReportTables:
    """A report and its tables as they are written: facts and mentions as CSV."""

    report: Report
    facts: str
    mentions: str


class Package:
    """The tables of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def bodies(self) -> list[Body]:
        return self._read("bodies.csv", Body, self.codes_of_files())

    def reports(self) -> list[Report]:
        """Sorted by body and year; empty where no report has been read yet."""
        if not (self.folder / "reports.csv").exists():
            return []
        return sorted(self._read("reports.csv", Report, self.codes_of_files()), key=lambda each: (each.body, each.year))

    @property
    def is_synthetic(self) -> bool:
        """Whether the folder holds a made-up country, as its description or a row of its reports says."""
        try:
            described = orjson.loads((self.folder / "datapackage.json").read_bytes())
        except (OSError, orjson.JSONDecodeError):
            described = {}
        if isinstance(described, dict) and described.get("synthetic") is True:
            return True
        return (self.folder / "reports.csv").exists() and f",{SYNTHETIC}," in self._text("reports.csv")

    def mark_synthetic(self) -> None:
        """Describes a folder without a report yet as one that a made-up country is written to."""
        described = describe([], is_synthetic=True)
        self._write_bytes("datapackage.json", orjson.dumps(described, option=orjson.OPT_INDENT_2) + b"\n")

    def facts(self, body: str, year: int) -> list[Fact]:
        return self._read(f"facts/{body}-{year}.csv", Fact)

    def mentions(self, body: str, year: int) -> list[Mention]:
        return self._read(f"mentions/{body}-{year}.csv", Mention)

    def codes_of_files(self) -> records.Codes:
        """The codes by which reports' tables are named: no spreadsheet rewrites the name of a file."""
        found = {path.stem.rpartition("-")[0] for path in (self.folder / "facts").glob("[!.~]*-*.csv")}
        return {"body": found, "parent": found}

    def text(self, path: str) -> str:
        """A table as it stands, whatever program saved it. Raises UserError where it is not there, or no text."""
        return self._text(path)

    def history(self) -> list[Superseded]:
        """The documents that were read and are not held, sorted; empty where there have been none."""
        return self._read("history.csv", Superseded) if (self.folder / "history.csv").exists() else []

    def bodies_text(self) -> str:
        """bodies.csv as it stands."""
        return self._text("bodies.csv")

    def verdicts(self) -> list[OfficerVerdict]:
        """What officers said of findings, sorted by report and finding; empty where none has been given."""
        return self._read("verdicts.csv", OfficerVerdict) if (self.folder / "verdicts.csv").exists() else []

    def corrections(self) -> list[Correction]:
        """Every correction of a figure ever given, also those that are ended; empty where none has been."""
        return self._read("corrections.csv", Correction) if (self.folder / "corrections.csv").exists() else []

    def write_corrections(self, corrections: Iterable[Correction]) -> None:
        """Writes the table anew; `corrections` are all rows there are, in their order."""
        self._write("corrections.csv", records.to_csv(corrections, columns(Correction)))
        self.write_description()

    def give_verdict(self, verdict: OfficerVerdict) -> None:
        """Adds an officer's verdict or replaces the one on the same finding."""
        kept = [each for each in self.verdicts() if each.finding != verdict.finding]
        listed = sorted([*kept, verdict], key=lambda each: (each.body, each.year, each.finding))
        self._write("verdicts.csv", records.to_csv(listed, columns(OfficerVerdict)))
        self.write_description()

    def write(self, report: Report, facts: list[Fact], mentions: list[Mention]) -> None:
        """Adds a report or replaces the one of the same body and year."""
        kept = [each for each in self.reports() if (each.body, each.year) != (report.body, report.year)]
        mentioned = records.to_csv(mentions, columns(Mention))
        tables = ReportTables(report, records.to_csv(facts, columns(Fact)), mentioned)
        self.write_group([tables], [*kept, report])
        self.write_description()

    def write_group(
        self,
        group: Iterable[ReportTables],
        reports: Iterable[Report],
        bodies: Iterable[Body] = (),
        history: Iterable[Superseded] = (),
    ) -> None:
        """Writes the tables of several reports in one step; `reports`, `bodies` and `history` are all rows there are.

        Empty `bodies` or `history` leave their table as it is.
        """
        files: dict[str, str] = {}
        for each in group:
            stem = f"{each.report.body}-{each.report.year}.csv"
            files |= {f"facts/{stem}": each.facts, f"mentions/{stem}": each.mentions}
        for path, record, rows in (("bodies.csv", Body, bodies), ("history.csv", Superseded, history)):
            listed = sorted(rows, key=_key)
            if listed:
                files[path] = records.to_csv(listed, columns(record))
        files["reports.csv"] = records.to_csv(sorted(reports, key=_key), columns(Report))
        try:
            writing.replace_together(self.folder, {path: text.encode() for path, text in files.items()})
        except OSError as error:
            raise _not_writable("reports.csv", self.folder, error) from error

    def write_description(self) -> None:
        """Writes datapackage.json anew where the tables have moved on; with many reports it costs seconds."""
        more = [name for name in _WHERE_THERE if (self.folder / f"{name}.csv").exists()]
        reports = self.reports()
        told = describe(reports, more, is_synthetic=self.is_synthetic)
        described = orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n"
        for name, content in schema_files(reports).items():
            self._write_bytes(name, content)
        path = self.folder / "datapackage.json"
        if not path.exists() or path.read_bytes() != described:
            self._write_bytes("datapackage.json", described)

    def add_body(self, body: Body) -> None:
        """Adds a row to bodies.csv, which stays sorted by code."""
        listed = sorted([*self.bodies(), body], key=lambda each: each.body)
        self._write("bodies.csv", records.to_csv(listed, columns(Body)))

    def keep_source(self, content: bytes, sha256: str, suffix: str) -> None:
        """The document as received, named by its hash, so that a figure's place can be opened."""
        path = f"sources/{sha256}{suffix}"
        if not (self.folder / path).exists():
            self._write_bytes(path, content)

    def _read(self, path: str, record: type[Record], codes: records.Codes | None = None) -> list[Record]:
        return records.from_csv(self._text(path), record, path, codes)

    def _text(self, path: str) -> str:
        try:
            # Joined as text, and read in one go: of a country's tables there are a hundred thousand.
            with open(f"{self.folder}/{path}", "rb", buffering=0) as file:  # noqa: PTH123  # a path object for each of thousands would take longer than reading
                content = file.read()
        except FileNotFoundError as error:
            raise UserError("table.not_found", file=path, folder=str(self.folder)) from error
        except OSError as error:
            raise UserError(
                "table.not_readable", file=path, folder=str(self.folder), reason=str(error.strerror)
            ) from error
        return edited.decoded(content, path)

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
            raise _not_writable(path, self.folder, error) from error


def _key(row: Any) -> tuple[str, ...]:
    """The order of a table's rows."""
    return tuple(records.written(getattr(row, name)) for name in KEYS[type(row)])


def _not_writable(path: str, folder: Path, error: OSError) -> UserError:
    return UserError("table.not_writable", file=path, folder=str(folder), reason=str(error.strerror))


def describe(reports: list[Report], more: Iterable[str] = (), *, is_synthetic: bool = False) -> dict[str, Any]:
    """The folder as a Frictionless data package: every table with its columns, types, keys and sources.

    That of a made-up country says so: `is_synthetic`, or a report that says it of itself.
    """
    is_synthetic = is_synthetic or any(report.format == SYNTHETIC for report in reports)
    return {
        "profile": "tabular-data-package",
        "name": "gongkai-synthetic-country" if is_synthetic else "gongkai-disclosure-reports",
        "title": _SYNTHETIC_TITLE if is_synthetic else _TITLE,
        "description": _SYNTHETIC_ABOUT if is_synthetic else _ABOUT,
        **({"synthetic": True} if is_synthetic else {}),
        **({form.KEY: form.CURRENT} if form.CURRENT > 1 else {}),
        "licenses": [LICENCE],
        "sources": [] if is_synthetic else [_source(report) for report in reports],
        "resources": list(_resources(reports, more)),
    }


def schema_files(reports: Sequence[Report]) -> dict[str, bytes]:
    """What a description of many reports refers to, by path beside it; none for one of few."""
    if len(reports) <= _MANY:
        return {}
    return {
        f"schemas/{kind}.json": orjson.dumps(_schema(record), option=orjson.OPT_INDENT_2) + b"\n"
        for kind, record in _OF_REPORTS.items()
    }


def _source(report: Report) -> dict[str, str]:
    return {"title": report.title} | ({"path": report.url} if report.url else {})


def _resources(reports: list[Report], more: Iterable[str]) -> Iterator[dict[str, Any]]:
    yield _resource("bodies", "bodies.csv", Body)
    listed = _resource("reports", "reports.csv", Report)
    listed["schema"]["foreignKeys"] = [{"fields": ["body"], "reference": {"resource": "bodies", "fields": ["body"]}}]
    yield listed
    for name in more:
        yield _resource(name, f"{name}.csv", _WHERE_THERE[name])
    are_many = len(reports) > _MANY
    for report in reports:
        stem = f"{report.body}-{report.year}"
        for kind, record in _OF_REPORTS.items():
            schema = f"schemas/{kind}.json" if are_many else None
            yield _resource(f"{kind}-{stem}", f"{kind}/{stem}.csv", record, schema)


def _resource(name: str, path: str, record: type, schema: str | None = None) -> dict[str, Any]:
    """`schema` is where the columns are described, if not here."""
    return {
        "name": name,
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema or _schema(record),
    }


def _schema(record: type) -> dict[str, Any]:
    return {
        "fields": _fields(record),
        "primaryKey": KEYS[record],
        "missingValues": [""],
    }


@cache
def _fields(record: type) -> tuple[dict[str, Any], ...]:
    hints = get_type_hints(record)
    described = []
    for part in fields(record):
        kinds = [kind for kind in get_args(hints[part.name]) if kind is not type(None)] or [hints[part.name]]
        constraints = dict(part.metadata["constraints"])
        if issubclass(kinds[0], StrEnum):
            constraints["enum"] = [str(choice) for choice in kinds[0]]
        type_name = {Decimal: "number", int: "integer"}.get(kinds[0], "string")
        told = {"name": part.name, "type": type_name, "description": part.metadata["about"]}
        described.append(told | ({"constraints": constraints} if constraints else {}))
    return tuple(described)
