"""What one snapshot changes against another: in all, report by report, figure by figure, finding by finding.

Two names come in, a page goes out; the comparison is that of `snapshots.diff`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from starlette.responses import Response

from dashboard import definitions
from dashboard.admin.area import Area
from dashboard.admin.roles import Role, require
from dashboard.admin.visit import HOME, Visit
from dashboard.checks.telling import say
from dashboard.measures.findings import named
from dashboard.messages import Language, UserError, number
from dashboard.schema import Body, Measure, Segment
from dashboard.snapshots import diff, store
from dashboard.snapshots.diff import Change, Difference, FigureChange
from dashboard.snapshots.engine import FileEngine

PATH = f"{HOME}/changes"
# Told one by one; the counts are complete.
_MOST = 200
# What a page shows of one report without being asked to unfold it.
_OPEN = 20
_FIGURES, _FINDINGS = (Change.ADDED, Change.CHANGED, Change.GONE), (Change.NEW, Change.SETTLED)


@dataclass(frozen=True, slots=True)
class OfReport:
    """Figures of one report: how many changed, and those that are told, each with its name, before and after."""

    body: str
    year: int
    count: int
    rows: list[tuple[FigureChange, str, str, str]]


@dataclass(frozen=True, slots=True)
class OfRule:
    """Findings of one rule in one report that are new, or settled."""

    body: str
    year: int
    rule: str
    change: str
    ids: tuple[str, ...]


def routes(area: Area) -> None:
    @area.route(PATH, require(Role.VIEWER))
    def show(visit: Visit) -> Response:
        """`?old=NAME&new=NAME`; an empty `old` stands for what is live."""
        folder, asked = visit.area.settings.snapshots_dir, visit.request.query_params
        old, new = asked.get("old", "") or store.live_name(folder) or "", asked.get("new", "")
        for name in (old, new):
            if name and name not in store.names(folder):
                raise UserError("snapshot.not_complete", snapshot=name[:80], folder=folder.name)
        if not new:
            raise UserError("changes.none_asked")
        found = diff.between(folder, old, new, _MOST)
        findings = _by_rule(found)
        return visit.page(
            "changes.html",
            found=found,
            totals=[(each, found.total(each)) for each in (*_FIGURES, *_FINDINGS)],
            reports=_by_report(found),
            figures=_figures(found, visit),
            more=sum(found.total(each) for each in _FIGURES) - len(found.figures),
            findings=findings[:_MOST],
            sentences=_sentences(folder, found, findings[:_MOST], visit),
            most_open=_OPEN,
            more_findings=max(0, len(findings) - _MOST),
            names=_names(folder / new, visit),
        )


def _names(snapshot: Path, visit: Visit) -> dict[str, str]:
    """The bodies of a snapshot by code."""
    engine = FileEngine(snapshot)
    try:
        bodies = [Body(*row) for row in engine.rows("bodies")]
    finally:
        engine.close()
    return {each.body: (visit.language is Language.EN and each.name_en) or each.name for each in bodies}


def _by_report(found: Difference) -> list[tuple[str, int, list[int]]]:
    """Body, year, and how many of each change, for figures and findings alike."""
    counts = {key: Counter(told) for key, told in found.by_report().items()}
    for each in found.findings:
        counts.setdefault((each.body, each.year), Counter())[each.change] += 1
    return [(*key, [told[each] for each in (*_FIGURES, *_FINDINGS)]) for key, told in sorted(counts.items())]


def _figures(found: Difference, visit: Visit) -> list[OfReport]:
    """Those that are told one by one, report by report; how many there are of each is complete."""
    counts = found.by_report()
    return [
        OfReport(
            body,
            year,
            counts[body, year].total(),
            [(each, _named(each, visit), *_values(each, visit)) for each in of_it],
        )
        for (body, year), of_it in groupby(found.figures, lambda each: (each.body, each.year))
    ]


def _by_rule(found: Difference) -> list[OfRule]:
    """Findings of one rule and report together: an empty table is one thing to know, not fifty."""
    ids: dict[tuple[str, int, str, str], list[str]] = {}
    for each in found.findings:
        ids.setdefault((each.body, each.year, each.rule, each.change), []).append(each.id)
    return [OfRule(*key, tuple(of_it)) for key, of_it in ids.items()]


def _sentences(folder: Path, found: Difference, rules: list[OfRule], visit: Visit) -> dict[str, str]:
    """What those findings say that stand together in one line; at most so many of them."""
    said: dict[str, str] = {}
    for change, name in ((Change.NEW, found.new), (Change.SETTLED, found.old)):
        ids = [id_ for each in rules if each.change == change and len(each.ids) > 1 for id_ in each.ids][:_MOST]
        if ids:
            engine = FileEngine(folder / name)
            try:
                said |= {each.finding.id: say(each.finding, visit.language) for each in named(engine, ids)}
            finally:
                engine.close()
    return said


def _named(figure: FigureChange, visit: Visit) -> str:
    indicator = definitions.indicators().get(figure.indicator)
    parts = [indicator.name(visit.language) if indicator else figure.indicator]
    parts += [visit.text(f"applicant.{figure.applicant}")] if figure.applicant else []
    parts += [visit.text(f"segment.{figure.segment}")] if figure.segment != Segment.ALL else []
    parts += [visit.text(f"measure.{figure.measure}")] if figure.measure != Measure.VALUE else []
    return " · ".join(parts)


def _values(figure: FigureChange, visit: Visit) -> tuple[str, str]:
    return (
        _said(figure.old_value, figure.old_absence, visit),
        _said(figure.new_value, figure.new_absence, visit),
    )


def _said(value: Decimal | None, absence: str | None, visit: Visit) -> str:
    """Nothing where the figure is not there at all, which is not the same as one without a value."""
    if absence:
        return visit.text(f"absence.{absence}")
    return number(value) if value is not None else ""
