"""Snapshots, differences and the audit log as people and programs read them: lines on a terminal, JSON, CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from dashboard import definitions
from dashboard.messages import Language, number, plural, text
from dashboard.schema import Measure, Segment
from dashboard.settings import Settings
from dashboard.snapshots import pointer, previews
from dashboard.snapshots.audit_log import Entry
from dashboard.snapshots.blocking import Blocked
from dashboard.snapshots.diff import Change, Difference, FigureChange
from dashboard.snapshots.manifest import Manifest
from dashboard.snapshots.releases import Listed
from dashboard.tables import records

if TYPE_CHECKING:
    from dashboard.snapshots.build import Prepared

FORMATS = ("table", "csv", "json")
_FIGURES = (Change.ADDED, Change.CHANGED, Change.GONE)
_FINDINGS = (Change.NEW, Change.SETTLED)
CSV_COLUMNS = (
    "what", "change", "body", "year", "indicator", "segment", "applicant", "measure", "old_value", "old_absence",
    "new_value", "new_absence", "unit", "locator", "rule", "severity", "finding",
)  # fmt: skip
# Lines of each kind that a difference is told in, where no more are asked for.
_LINES = 20


def lines(found: Difference, language: Language, most: int | None = _LINES) -> Iterator[str]:
    """A difference in sentences: in all, by report, figure by figure, finding by finding."""
    if found.is_empty:
        yield text("diff.nothing", language)
        return
    totals = {str(change): number(found.total(change)) for change in Change}
    yield text("diff.figures", language, **totals)
    yield text("diff.findings", language, **totals)
    by_report = found.by_report()
    for (body, year), counts in islice(by_report.items(), most):
        told = {str(change): number(counts[change]) for change in _FIGURES}
        yield "  " + text("diff.report", language, body=body, year=year, **told)
    yield from _more(len(by_report), most, language)
    if not found.old:  # everything is new
        return
    for figure in found.figures[:most]:
        yield "  " + figure_change(figure, language)
    yield from _more(sum(found.total(change) for change in _FIGURES), most, language)
    for each in found.findings[:most]:
        rule = text(f"rule.{each.rule}", language)
        yield "  " + text(f"diff.{each.change}", language, body=each.body, year=each.year, rule=rule, id=each.id)
    yield from _more(len(found.findings), most, language)


def prepared(found: Prepared, settings: Settings, *, is_wanted: bool) -> tuple[list[str], list[str]]:
    """What a refresh changes and came to, where it can be looked at if it is not published; and what speaks against it.

    `is_wanted`: it was to be published. Raises UserError where no address can be given.
    """
    language = settings.language
    against = [each.say(language) for each in found.lapsed]
    if found.falls.count:
        message = "refresh.falls" if is_wanted and not found.is_published else "refresh.falls_told"
        against.append(Blocked(message, found.falls.kept, found.falls.count).say(language))
    if found.is_published:
        message = "refresh.live_already" if found.was_live else "cli.published"
    else:
        message = "refresh.live_already" if found.was_live else "refresh.prepared"
    said = [*lines(found.difference, language), text(message, language, snapshot=found.name)]
    if not pointer.is_published(settings.snapshots_dir, found.name):
        address = previews.address(settings, found.name)
        said.append(text("preview.address", language, address=address, hours=previews.HOURS))
    return said, against


def _more(count: int, most: int | None, language: Language) -> Iterator[str]:
    if most is not None and count > most:
        yield "  " + plural("refresh.more", count - most, language)


def figure_change(figure: FigureChange, language: Language) -> str:
    """A figure before and after, in one sentence."""
    indicator = definitions.indicators().get(figure.indicator)
    name = indicator.name(language) if indicator else figure.indicator
    parts = [text(f"applicant.{figure.applicant}", language)] if figure.applicant else []
    parts += [text(f"segment.{figure.segment}", language)] if figure.segment != Segment.ALL else []
    parts += [text(f"measure.{figure.measure}", language)] if figure.measure != Measure.VALUE else []
    more = " · ".join(parts)
    return text(
        f"diff.{figure.change}", language, body=figure.body, year=figure.year, indicator=name + (f" ({more})" if more else ""),
        old=_told(figure.old_value, figure.old_absence, language),
        new=_told(figure.new_value, figure.new_absence, language), locator=figure.locator,
    )  # fmt: skip


def _told(value: Decimal | None, absence: str | None, language: Language) -> str:
    if absence:
        return text(f"absence.{absence}", language)
    return number(value) if value is not None else "–"


def as_json(found: Difference) -> str:
    """`{"old", "new", "totals", "counts", "figures", "findings"}`; values are exact, as text, what is absent is null."""
    told = {
        "old": found.old,
        "new": found.new,
        "totals": {str(change): found.total(change) for change in Change},
        "counts": [asdict(each) for each in found.counts],
        "figures": [_plain(asdict(each)) for each in found.figures],
        "findings": [asdict(each) for each in found.findings],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: records.written(_short(value)) if isinstance(value, Decimal) else value for name, value in row.items()
    }


def _short(value: Decimal) -> Decimal:
    """Without the column's tail of zeros."""
    return Decimal(f"{value.normalize():f}")


def as_csv(found: Difference) -> str:
    """One row a figure or finding; lines ended by a single line feed."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({"what": "figure", **_plain(asdict(each))} for each in found.figures)
    for each in found.findings:
        row = asdict(each)
        writer.writerow({"what": "finding", "finding": row.pop("id"), **row})
    return out.getvalue()


def listed(found: Sequence[Listed], language: Language) -> Iterator[str]:
    """One line a snapshot."""
    if not found:
        yield text("snapshots.none", language)
    for each in found:
        state = "live" if each.is_live else "published" if each.is_published else "preview"
        held = each.manifest
        counts = text("snapshots.counts", language, **extent(held, language)) if held else ""
        when = text("snapshots.live_at", language, at=each.at[:19].replace("T", " ")) if each.at else ""
        problem = each.problem.say(language) if each.problem else ""
        yield "  ".join(
            part for part in (each.name, text(f"snapshots.{state}", language), counts, when, problem) if part
        )


def extent(held: Manifest, language: Language) -> dict[str, str]:
    """How many reports and figures a snapshot holds, as words of a sentence: 1 report, 57 figures."""
    return {
        "reports": plural("count.reports", held.reports, language),
        "facts": plural("count.figures", held.facts, language),
    }


def logged(entry: Entry, language: Language) -> str:
    """A line of the audit log in one sentence."""
    told = text(
        f"log.{entry.action}", language, by=entry.by or "–", at=entry.at[:19].replace("T", " "), origin=entry.origin or "–",
        target=entry.target or "–", removed="、".join(map(str, entry.told.get("removed", []))),
        **{name: entry.told.get(name, "–") for name in ("correction", "body", "year", "indicator", "printed", "value")},
    )  # fmt: skip
    forced = text("log.forced", language) if entry.is_forced else ""
    reason = text("log.reason", language, reason=entry.reason) if entry.reason else ""
    return told + forced + reason
