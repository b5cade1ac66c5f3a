"""What people do to corrections: give one, take one back. One writer at a time, each with a line in the audit log.

What readers see changes with the next refresh. `folder` is the data folder that is changed, the live one or a copy of
it; `log` is the folder of the audit log. As with every change, the line is written before the change comes into effect.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from dashboard.schema import Correction
from dashboard.snapshots import audit_log
from dashboard.snapshots.audit_log import Action, Entry
from dashboard.tables import corrections, writing
from dashboard.tables.corrections import Chosen, Wish
from dashboard.tables.package import Package


def give(folder: Path, log: Path, body: str, year: int, chosen: Chosen, wish: Wish) -> Correction:
    """Writes a correction down; one in force for the same figure is ended by it.

    Raises Unfit with what is wrong with the wish, UserError where the report has no such figure.
    """
    package = Package(folder)
    with writing.sole_writer(folder):
        fact = corrections.figure(package, body, year, chosen)
        correction = corrections.proposed(package, body, year, fact, wish, _today())
        _log(log, Action.CORRECTION, correction, wish.name, correction.reason)
        corrections.give(package, correction)
    return correction


def withdraw(folder: Path, log: Path, correction_id: str, by: str, reason: str) -> Correction:
    """Takes a correction back: the figure counts again as the report has it. Raises UserError where none is in force."""
    package = Package(folder)
    with writing.sole_writer(folder):
        correction = corrections.withdrawn(package, correction_id, by, reason, _today())
        _log(log, Action.CORRECTION_WITHDRAWN, correction, by, correction.ended_reason)
        corrections.put(package, correction)
    return correction


def record(log: Path, correction: Correction) -> None:
    """The line of one that was written elsewhere, and counts from now on."""
    _log(log, Action.CORRECTION, correction, correction.name, correction.reason)


def _log(log: Path, action: Action, correction: Correction, by: str, reason: str) -> None:
    printed = corrections.told(correction.printed_value, correction.printed_absence)
    details = {
        "correction": correction.correction, "body": correction.body, "year": correction.year,
        "indicator": correction.indicator, "segment": str(correction.segment), "applicant": correction.applicant,
        "measure": str(correction.measure), "locator": correction.locator, "as_printed": correction.as_printed,
        "printed": printed, "value": corrections.told(correction.value, correction.absence), "unit": correction.unit,
        "evidence": correction.evidence,
    }  # fmt: skip
    audit_log.append(log, Entry(action, corrections.plain(by), reason=reason, told=details))


def _today() -> date:
    return datetime.now(UTC).date()
