"""The audit of a data folder: each report held against its rules, the body's other years, and the bodies below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from dashboard.checks import Patterns, pattern, rows_of, run
from dashboard.checks.case import Below, Case, Reported
from dashboard.checks.finding import Finding
from dashboard.messages import UserError
from dashboard.schema import Body, Report
from dashboard.tables.package import Package


def audit(package: Package) -> Iterator[Finding]:
    """Every rule tried on every report of the folder, body by body and year by year."""
    folder = Folder(package)
    for body in folder.reporting:
        reported = folder.reports_of(body)
        for each in reported:
            yield from folder.findings(each, reported)


def audit_one(package: Package, body: str, year: int) -> list[Finding]:
    """Every rule tried on one report of the folder. Raises UserError where the folder does not hold it."""
    folder = Folder(package)
    return folder.findings(folder.report(body, year), folder.reports_of(body))


class Folder:
    """The tables of a data folder: what a report of it, or a draft beside it, is held against."""

    def __init__(self, package: Package) -> None:
        self._package = package
        # A draft can be checked where there is no data folder yet.
        has_bodies = (package.folder / "bodies.csv").exists()
        self.bodies = {body.body: body for body in package.bodies()} if has_bodies else {}
        self._reports: dict[str, list[Report]] = defaultdict(list)
        for report in package.reports():
            self._reports[report.body].append(report)
        self._patterns = Patterns()
        self._below: dict[str, list[Body]] = defaultdict(list)
        for body in self.bodies.values():
            self._below[body.parent].append(body)

    @property
    def reporting(self) -> list[str]:
        return list(self._reports)

    def reports_of(self, body: str) -> list[Reported]:
        return [self._read(report) for report in self._reports.get(body, [])]

    def report(self, body: str, year: int) -> Reported:
        """Raises UserError, which names the reports that are there, where this one is not."""
        found = [each for each in self._reports.get(body, []) if each.year == year]
        if not found:
            known = "、".join(f"{each.body}-{each.year}" for all_of in self._reports.values() for each in all_of) or "–"
            raise UserError("report.unknown", body=body, year=year, known=known)
        return self._read(found[0])

    def findings(self, one: Reported, reported: Sequence[Reported], body: Body | None = None) -> list[Finding]:
        """Every rule tried on a report that need not be of the folder; `body` is its own where the folder knows none."""
        report = one.report
        return run(
            report, one.facts, one.mentions, previous=[each for each in reported if each.report.year < report.year],
            below=self._below_of(report), body=self.bodies.get(report.body, body),
        )  # fmt: skip

    def rows(self, one: Reported, reported: Sequence[Reported]) -> list[pattern.Rows]:
        """What `findings` finds, as rows in their order."""
        report = one.report
        previous = [each for each in reported if each.report.year < report.year]
        return rows_of(Case(one, previous, self._below_of(report), self.bodies.get(report.body)), self._patterns)

    def _below_of(self, report: Report) -> Below | None:
        """The bodies directly below, for a report that says it compiles theirs."""
        if not (report.body and (report.localities or report.departments)):
            return None
        bodies = self._below.get(report.body, [])
        found = [each for body in bodies for each in self._reports.get(body.body, []) if each.year == report.year]
        return Below(bodies, [self._read(each) for each in found])

    def _read(self, report: Report) -> Reported:
        facts = self._package.facts(report.body, report.year)
        return Reported(report, facts, self._package.mentions(report.body, report.year))
