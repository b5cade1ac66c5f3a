"""One document into the data folder: read, recognised, extracted, written; or refused with nothing written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dashboard import __version__, documents, forms
from dashboard.forms import Reading
from dashboard.schema import Report
from dashboard.tables.package import Package


@dataclass(frozen=True, slots=True)
class Ingested:
    report: Report
    reading: Reading


def ingest(
    path: Path,
    package: Package,
    *,
    body: str = "",
    year: int | None = None,
    url: str = "",
    dry_run: bool = False,
    add_body: bool = False,
) -> Ingested:
    """Reads `path` and, unless `dry_run`, writes its tables and keeps the document; `add_body` lists an unknown body.

    Raises UserError; then nothing was written.
    """
    content, document = documents.read(path)
    reading = forms.read(document, package.bodies(), body=body, year=year, new_body=dry_run or add_body)
    sha256 = hashlib.sha256(content).hexdigest()
    told = reading.recognition
    report = Report(
        body=told.body,
        year=told.year,
        edition=told.form.edition,
        title=told.title,
        publisher=told.publisher,
        period_start=told.period_start,
        period_end=told.period_end,
        localities=told.localities,
        departments=told.departments,
        url=url,
        format=document.format,
        sha256=sha256,
        tool_version=__version__,
    )
    if not dry_run:
        if told.proposed:
            package.add_body(told.proposed)
        package.keep_source(content, sha256, path.suffix.lower())
        package.write(report, reading.facts, reading.mentions)
    return Ingested(report, reading)
