"""What the data folder holds while documents come in, one after another in a fixed order: what each of them changes.

Decisions are made here, from what is held and what was read; tables are written in groups, so that a folder of
thousands is not written anew for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard.forms import bodies as names
from dashboard.ingest.outcome import Outcome, Reason, Result
from dashboard.ingest.reading import Read, figures
from dashboard.ingest.sources import Source
from dashboard.messages import UserError
from dashboard.schema import Because, Report, Superseded
from dashboard.tables.package import Package, ReportTables

# What a kill may cost. Each group rewrites reports.csv, some milliseconds for thousands of rows.
GROUP = 50
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Given:
    """A document that has been read, with its bytes."""

    source: Source
    content: bytes
    read: Read


class Ledger:
    """`batch` is what is ingested together, by hash: only there are the files' own times comparable."""

    def __init__(self, package: Package, batch: Mapping[str, Source], *, writes: bool) -> None:
        self._package = package
        self._batch = batch
        self._writes = writes
        self._bodies = package.bodies()
        self._reports: dict[Key, Report] = {(each.body, each.year): each for each in package.reports()}
        self._history = {(each.body, each.year, each.sha256): each for each in package.history()}
        self._figures: dict[Key, str] = {}
        self._group: dict[Key, ReportTables] = {}
        self._waiting = 0
        self._has_new_bodies = False
        self._by_hash = {each.sha256: each for each in self._reports.values()}
        self._set_aside = {each.sha256: each for each in self._history.values()}

    def held(self, sha256: str) -> Report | None:
        """The report that was read from this document."""
        return self._by_hash.get(sha256)

    def set_aside(self, sha256: str) -> Superseded | None:
        """The history's row where another document stands for this one."""
        return self._set_aside.get(sha256)

    def is_nameless(self, read: Read) -> bool:
        """Whether it brings a body that has no code yet: a later document may tell it."""
        return bool(read.proposed and not read.proposed.body and names.match(read.proposed.name, self._bodies) is None)

    def take(self, given: Given, url: str = "") -> Result:
        """Takes a document in, or sets it aside for another one of the same body and year, or refuses its body.

        Raises UserError where the folder cannot be written.
        """
        try:
            report = self._with_body(given.read)
        except UserError as error:
            reason = Reason.of(error, given.source.path.name)
            return replace(_result(given, given.read.report), outcome=Outcome.REFUSED, reason=reason)
        before = self._by_hash.get(report.sha256)
        report = replace(report, url=url or (before.url if before else ""))
        result = self._decide(given, report)
        if self._writes:
            self._package.keep_source(given.content, report.sha256, given.source.path.suffix.lower())
        self._waiting += 1
        if self._waiting >= GROUP:
            self.flush()
        return result

    def flush(self) -> None:
        """Writes what has come in since the last time."""
        if self._writes and self._waiting:
            bodies = self._bodies if self._has_new_bodies else ()
            self._package.write_group(self._group.values(), self._reports.values(), bodies, self._history.values())
        self._group.clear()
        self._waiting = 0

    def close(self) -> None:
        self.flush()
        if self._writes and self._reports:
            self._package.write_description()

    def _with_body(self, read: Read) -> Report:
        """The report under the code of its body; a body that nobody knew is listed."""
        proposed = read.proposed
        if proposed is None:
            return read.report
        named = names.match(proposed.name, self._bodies)
        coded = next((each for each in self._bodies if proposed.body and each.body == proposed.body), None)
        if named and proposed.body in ("", named.body):
            return replace(read.report, body=named.body)
        if named or coded:
            other = named or coded
            raise UserError(
                "ingest.code_taken", name=proposed.name, code=proposed.body,
                other=other.name if other else "", other_code=other.body if other else "",
            )  # fmt: skip
        if not proposed.body:
            raise UserError("ingest.no_code", name=proposed.name)
        self._bodies.append(proposed)
        self._has_new_bodies = True
        return read.report

    def _decide(self, given: Given, report: Report) -> Result:
        key = (report.body, report.year)
        held = self._reports.get(key)
        result = _result(given, report)
        if held is None or held.sha256 == report.sha256:
            self._hold(key, report, given.read)
            return result
        values = {"file": given.source.path.name, "body": report.body, "year": report.year}
        if self._figures_of(key) == given.read.figures:
            self._put_aside(report, Because.SAME_FIGURES, held)
            return replace(result, outcome=Outcome.SAME_FIGURES, reason=Reason("ingest.same_figures", values))
        if self._is_newer(given.source, report, held):
            self._put_aside(held, Because.NEWER, report)
            self._hold(key, report, given.read)
            return replace(result, outcome=Outcome.REPLACED, reason=Reason("ingest.replaced", values))
        self._put_aside(report, Because.NEWER, held)
        return replace(result, outcome=Outcome.OLDER, reason=Reason("ingest.older", values))

    def _hold(self, key: Key, report: Report, read: Read) -> None:
        self._reports[key] = self._by_hash[report.sha256] = report
        self._figures[key] = read.figures
        self._group[key] = ReportTables(report, read.facts, read.mentions)
        self._set_aside.pop(report.sha256, None)
        self._history.pop((report.body, report.year, report.sha256), None)

    def _put_aside(self, report: Report, because: Because, by: Report) -> None:
        row = Superseded(
            body=report.body, year=report.year, sha256=report.sha256, because=because, by=by.sha256, title=report.title,
            published=report.published, url=report.url, format=report.format, tool_version=report.tool_version,
        )  # fmt: skip
        self._by_hash.pop(report.sha256, None)
        self._set_aside[report.sha256] = self._history[report.body, report.year, report.sha256] = row

    def _figures_of(self, key: Key) -> str:
        if key not in self._figures:
            self._figures[key] = figures(self._package.facts(*key))
        return self._figures[key]

    def _is_newer(self, source: Source, report: Report, held: Report) -> bool:
        """By the date of publication, where told; in one batch then by the file's time and path.

        What is held from an earlier batch gives way, unless both tell their dates and its own is later.
        """
        other = self._batch.get(held.sha256)
        if other:
            return _age(source, report) > _age(other, held)
        return not (report.published and held.published) or report.published >= held.published


def _age(source: Source, report: Report) -> tuple[str, int, str]:
    """The greater, the newer. A document that tells its date counts as newer than one that does not."""
    return report.published, source.modified, str(source.path)


def _result(given: Given, report: Report) -> Result:
    read = given.read
    return Result(
        file=str(given.source.path), outcome=Outcome.READ, body=report.body, year=report.year, edition=report.edition,
        title=report.title, facts=read.fact_count, mentions=read.mention_count, sha256=report.sha256,
        findings=read.findings, evidence=read.evidence,
    )  # fmt: skip
