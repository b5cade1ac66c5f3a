"""An officer's verdict on a finding, written down with the figures it was given on."""

from __future__ import annotations

from datetime import date

from dashboard.checks import rows
from dashboard.checks.audit import audit_one
from dashboard.messages import UserError
from dashboard.schema import OfficerVerdict, Ruling
from dashboard.tables.package import Package


def give(
    package: Package, body: str, year: int, finding: str, ruling: Ruling, *, reason: str, name: str, given: date
) -> OfficerVerdict:
    """Writes the verdict into the data folder; one given before on the same finding is replaced.

    Raises UserError where the report has no such finding, or an explanation has no reason.
    """
    if ruling is Ruling.EXPLAINED and not reason.strip():
        raise UserError("officer.no_reason", finding=finding)
    found = [each for each in audit_one(package, body, year) if each.id == finding]
    if not found:
        raise UserError("officer.unknown", finding=finding, body=body, year=year)
    verdict = OfficerVerdict(
        finding, body, year, ruling, reason.strip(), name.strip(), given.isoformat(), rows.figures(found[0])
    )
    package.give_verdict(verdict)
    return verdict
