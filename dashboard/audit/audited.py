"""What is checked: documents as they are, or reports of the data folder with those before and below them. Writes nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dashboard import __version__, documents, forms
from dashboard.checks import Finding, Reported
from dashboard.checks.audit import Folder
from dashboard.checks.case import table_of
from dashboard.checks.repair import Repair, smallest_repair
from dashboard.schema import Body, Report
from dashboard.tables.package import Package


@dataclass(frozen=True, slots=True)
class Audited:
    """A report with every rule tried on it; `name` is its body's as people know it, `repair` what would settle its sums."""

    report: Report
    name: str
    findings: tuple[Finding, ...]
    repair: Repair


def held(package: Package, body: str, year: int) -> Audited:
    """The report of the data folder. Raises UserError where it holds none of that body and year."""
    folder = Folder(package)
    return _audited(folder, folder.report(body, year), folder.bodies.get(body))


def document(package: Package, path: Path, *, body: str = "", year: int | None = None) -> Audited:
    """The report that a file holds, of a body that need not be known. Raises UserError for what is no report."""
    folder = Folder(package)
    content, read = documents.read(path)
    reading = forms.read(read, list(folder.bodies.values()), body=body, year=year, new_body=True)
    told = reading.recognition
    report = Report(
        body=told.body, year=told.year, edition=told.form.edition, title=told.title, publisher=told.publisher,
        period_start=told.period_start, period_end=told.period_end, localities=told.localities,
        departments=told.departments, format=read.format, sha256=hashlib.sha256(content).hexdigest(),
        tool_version=__version__,
    )  # fmt: skip
    one = Reported(report, reading.facts, reading.mentions)
    return _audited(folder, one, folder.bodies.get(told.body, told.proposed))


def _audited(folder: Folder, one: Reported, body: Body | None) -> Audited:
    report = one.report
    findings = folder.findings(one, folder.reports_of(report.body), body)
    cells = {key: fact.value for key, fact in table_of(one.facts).items()}
    return Audited(report, body.name if body else report.body, tuple(findings), smallest_repair(report.edition, cells))
