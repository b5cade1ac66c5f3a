"""One document's bytes into its tables: the whole of reading, as a child process or a worker of a cluster does it.

A task in, what was read or the reason out; both go through pickle. Knows no data folder and writes nothing: the list
of bodies comes with the task.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from dashboard import __version__, documents, forms
from dashboard.documents import limits
from dashboard.forms.recognise import Evidence, Recognition
from dashboard.ingest.outcome import Finding, FindingKind, Reason
from dashboard.messages import UserError
from dashboard.schema import Body, Fact, Mention, Report, columns
from dashboard.tables import records


@dataclass(frozen=True, slots=True)
class Task:
    """A document to read: its bytes, not its path, since who reads it may share no disk. `bodies` is bodies.csv."""

    file: str
    content: bytes
    suffix: str
    bodies: str
    body: str = ""
    year: int | None = None
    new_body: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What a document holds: its report, facts and mentions as CSV. `figures` is equal where all figures are."""

    report: Report
    facts: str
    mentions: str
    fact_count: int
    mention_count: int
    figures: str
    findings: tuple[Finding, ...]
    proposed: Body | None
    evidence: tuple[Evidence, ...] = ()


def read_limited(task: Task) -> Read | Reason:
    """`read` in a child process of bounded time and memory; a document that cannot be read gives the reason."""
    try:
        return limits.run_limited(read, task)
    except UserError as error:
        return Reason.of(error, task.file)


def read(task: Task) -> Read:
    """Raises UserError where the document is damaged, or no report, or lacks figures that the form requires."""
    document = documents.parse(task.content, task.suffix)
    bodies = _bodies(task.bodies)
    reading = forms.read(document, bodies, body=task.body, year=task.year, new_body=task.new_body)
    unmapped = [Finding(FindingKind.UNMAPPED, cell) for cell in reading.unmapped]
    ambiguous = [Finding(FindingKind.AMBIGUOUS, cell) for cell in reading.ambiguous]
    return Read(
        report=_report(reading.recognition, document.format, task.content),
        facts=records.to_csv(reading.facts, columns(Fact)),
        mentions=records.to_csv(reading.mentions, columns(Mention)),
        fact_count=len(reading.facts),
        mention_count=len(reading.mentions),
        figures=figures(reading.facts),
        findings=(*_contradictions(reading.recognition), *unmapped, *ambiguous),
        proposed=reading.recognition.proposed,
        evidence=reading.recognition.evidence,
    )


def figures(facts: Iterable[Fact]) -> str:
    """A hash of what the facts say, not of how and where it is printed: equal for the PDF and the web page of a report."""
    said = sorted(
        f"{fact.indicator} {fact.segment} {fact.applicant} {fact.measure} {_plain(fact)} {fact.unit} {fact.absence}"
        for fact in facts
    )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _plain(fact: Fact) -> str:
    """12.50 and 12.5 are one figure."""
    return "" if fact.value is None else f"{fact.value.normalize():f}"


@lru_cache(maxsize=2)
def _bodies(text: str) -> list[Body]:
    """A child reads one document after another against the same list."""
    return records.from_csv(text, Body, "bodies.csv")


def _report(told: Recognition, format_: str, content: bytes) -> Report:
    return Report(
        body=told.body,
        year=told.year,
        edition=told.form.edition,
        title=told.title,
        publisher=told.publisher,
        published=told.published,
        period_start=told.period_start,
        period_end=told.period_end,
        localities=told.localities,
        departments=told.departments,
        format=format_,
        sha256=hashlib.sha256(content).hexdigest(),
        tool_version=__version__,
    )


def _contradictions(told: Recognition) -> list[Finding]:
    return [Finding(FindingKind.CONTRADICTION, each.as_printed, each.place) for each in told.contradictions]
