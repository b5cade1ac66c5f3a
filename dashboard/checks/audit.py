"""The audit of a data folder: each report held against its rules, the body's other years, and the bodies below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from dashboard.checks import run
from dashboard.checks.case import Below, Reported
from dashboard.checks.finding import Finding
from dashboard.schema import Body, Report
from dashboard.tables.package import Package


def audit(package: Package) -> Iterator[Finding]:
    """Every rule tried on every report of the folder, body by body and year by year."""
    folder = _Folder(package)
    for body in folder.reporting:
        reported = folder.reports_of(body)
        for each in reported:
            yield from _findings(folder, each, reported)


def audit_one(package: Package, body: str, year: int) -> list[Finding]:
    """Every rule tried on one report of the folder. Raises UserError where the folder does not hold it."""
    folder = _Folder(package)
    reported = folder.reports_of(body)
    [one] = [each for each in reported if each.report.year == year]
    return _findings(folder, one, reported)


def _findings(folder: _Folder, one: Reported, reported: Sequence[Reported]) -> list[Finding]:
    others = [each for each in reported if each is not one]
    report = one.report
    return run(
        report, one.facts, one.mentions,
        previous=others, below=folder.below(report), body=folder.bodies.get(report.body),
    )  # fmt: skip


class _Folder:
    """The tables of a data folder, a body's reports read once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.bodies = {body.body: body for body in package.bodies()}
        self._reports: dict[str, list[Report]] = defaultdict(list)
        for report in package.reports():
            self._reports[report.body].append(report)
        self._below: dict[str, list[Body]] = defaultdict(list)
        for body in self.bodies.values():
            self._below[body.parent].append(body)

    @property
    def reporting(self) -> list[str]:
        return list(self._reports)

    def reports_of(self, body: str) -> list[Reported]:
        return [self._read(report) for report in self._reports.get(body, [])]

    def below(self, report: Report) -> Below | None:
        """The bodies directly below, for a report that says it compiles theirs."""
        if not (report.localities or report.departments):
            return None
        bodies = self._below.get(report.body, [])
        found = [each for body in bodies for each in self._reports.get(body.body, []) if each.year == report.year]
        return Below(bodies, [self._read(each) for each in found])

    def _read(self, report: Report) -> Reported:
        facts = self._package.facts(report.body, report.year)
        return Reported(report, facts, self._package.mentions(report.body, report.year))
