"""A draft in a visitor's words: what its pages show of each document, and of what it would change. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dashboard import definitions
from dashboard.admin.naming import name_of, said_of
from dashboard.documents.limits import MEGABYTE
from dashboard.drafts import copies, publishing
from dashboard.drafts.record import Draft, Item, Prepared, Stage
from dashboard.drafts.shelf import Shelf
from dashboard.forms.recognise import Evidence
from dashboard.ingest.outcome import Outcome, Reason
from dashboard.kept import Kept
from dashboard.messages import Language, UserError, catalog, number, plural, tellable, text
from dashboard.schema import Body, Correction
from dashboard.snapshots import diff, pointer, releases, store
from dashboard.snapshots.diff import Change, Difference
from dashboard.snapshots.telling import figure_change
from dashboard.tables.package import Package

# Sentences that name options of the command line, and what is said in their place.
_SAID_HERE: Mapping[str, str] = {
    "recognise.body": "draft.recognise_body",
    "recognise.bodies": "draft.recognise_bodies",
    "recognise.body_given": "draft.recognise_body_given",
    "recognise.year": "draft.recognise_year",
    "recognise.year_given": "draft.recognise_year_given",
    "recognise.edition_year": "draft.recognise_edition_year",
    "ingest.no_code": "draft.no_code",
    "ingest.code_taken": "draft.code_taken",
}
_FIGURES, _FINDINGS = 100, 100
_differences: Kept[tuple[str, str], Difference] = Kept(4)
_corrections_of: Kept[tuple[Path, str], list[Correction]] = Kept(4)


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the document says of itself, and where."""

    about: str
    value: str
    printed: str
    place: str


@dataclass(frozen=True, slots=True)
class Row:
    """A document's line. `state` is a class of its look; `is_unsure`: it waits for somebody to say what it is."""

    item: Item
    state: str
    word: str
    said: str
    size: str
    body: str
    evidence: tuple[Told, ...] = ()
    notes: tuple[str, ...] = ()
    is_unsure: bool = False


def rows(draft: Draft, bodies: Mapping[str, Body], language: Language) -> list[Row]:
    return [_row(each, bodies, language) for each in draft.items]


def _row(item: Item, bodies: Mapping[str, Body], language: Language) -> Row:
    result, size = item.result, _size(item.size, language)
    if result is None:
        return Row(item, item.stage, text(f"draft.stage_{item.stage}", language), "", size, "")
    reason = result.reason
    return Row(
        item, result.outcome, text(f"ingest.outcome_{result.outcome}", language), _why(reason, language),
        size, body_of(result.body, bodies, language), tuple(_evidence(result.evidence, bodies, language)),
        tuple(each.say(language) for each in result.findings),
        result.outcome is Outcome.REFUSED and reason is not None and reason.message_id in _SAID_HERE,
    )  # fmt: skip


def _why(reason: Reason | None, language: Language) -> str:
    """As `say`, beside the document's name, which need not be told again."""
    if reason is None:
        return ""
    message = _SAID_HERE.get(reason.message_id, reason.message_id)
    values = reason.values if "{file}" in catalog(language)[message] else _without_file(reason.values)
    return say(Reason(reason.message_id, values), language)


def _without_file(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name != "file"}


def say(reason: Reason, language: Language) -> str:
    """Why, in words that fit a page."""
    message = _SAID_HERE.get(reason.message_id)
    return UserError(message or reason.message_id, **reason.values).say(language)


def _evidence(evidence: tuple[Evidence, ...], bodies: Mapping[str, Body], language: Language) -> Iterator[Told]:
    for each in dict.fromkeys(evidence):
        value = body_of(each.value, bodies, language) if each.about == "body" else each.value
        printed = tellable(" ".join(each.as_printed.split()), 80)
        yield Told(text(f"draft.about_{each.about}", language), tellable(value, 60), printed, each.place)


def body_of(code: str, bodies: Mapping[str, Body], language: Language) -> str:
    body = bodies.get(code)
    if body is None:
        return code
    return f"{body.name_en if language is Language.EN and body.name_en else body.name} {code}"


def _size(size: int, language: Language) -> str:
    if size >= MEGABYTE:
        return text("draft.megabytes", language, size=number(round(size / MEGABYTE, 1)))
    return text("draft.kilobytes", language, size=number(-(-size // 1024)))


def bodies(shelf: Shelf, draft: Draft | None) -> dict[str, Body]:
    """By code, those that the draft adds among them; none where the list cannot be read now."""
    folder = shelf.settings.data_dir
    if draft and copies.is_made(shelf.place(draft)):
        folder = shelf.tables(draft)
    try:
        return {each.body: each for each in Package(folder).bodies()}
    except UserError:
        return {}


@dataclass(frozen=True, slots=True)
class OfReport:
    """How many figures of a report change, and which document it was read from, where that is of the draft."""

    body: str
    year: int
    added: str
    changed: str
    gone: str
    document: str


@dataclass(frozen=True, slots=True)
class OfIndicator:
    name: str
    added: str
    changed: str
    gone: str


@dataclass(frozen=True, slots=True)
class OfFinding:
    """`change`: new or settled; `body` and `year` tell the report."""

    change: str
    word: str
    severity: str
    rule: str
    body: str
    year: int


@dataclass(frozen=True, slots=True)
class OfCorrection:
    """A correction that comes with the draft: the value as printed, the one in its place, and why."""

    report: str
    name: str
    old: str
    new: str
    reason: str


@dataclass(frozen=True)
class Changes:
    """What publishing would change; `is_nothing` where it would change nothing at all. `against` speaks against it."""

    snapshot: str
    is_same: bool
    is_first: bool
    figures: str
    findings: str
    by_report: tuple[OfReport, ...] = ()
    by_indicator: tuple[OfIndicator, ...] = ()
    one_by_one: tuple[str, ...] = ()
    more: str = ""
    finding_rows: tuple[OfFinding, ...] = ()
    more_findings: str = ""
    against: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())
    is_moved: bool = False
    is_nothing: bool = False
    corrections: tuple[OfCorrection, ...] = ()


def changes(shelf: Shelf, draft: Draft, names: Mapping[str, Body], language: Language) -> Changes | None:
    """None where nothing has been prepared. Raises UserError where a snapshot is not whole any more."""
    prepared = draft.prepared
    if prepared is None:
        return None
    if not prepared.snapshot:
        return Changes("", False, False, "", "", problems=tuple(_problems(prepared.problems, prepared.count, language)))
    folder = shelf.settings.snapshots_dir
    found = _difference(shelf, prepared.old, prepared.snapshot)
    live = pointer.read_or_none(folder)
    falls = releases.falls_of(shelf.settings, prepared.snapshot)
    totals = {str(each): number(found.total(each)) for each in Change}
    is_moved = (live.snapshot if live else "") != prepared.old
    return Changes(
        prepared.snapshot,
        prepared.snapshot == prepared.old,
        not found.old,
        text("diff.figures", language, **totals),
        text("diff.findings", language, **totals),
        tuple(_by_report(found, draft, names, language)),
        tuple(_by_indicator(found, language)),
        tuple(figure_change(each, language) for each in _telling(found)),
        _more(sum(found.total(each) for each in (Change.CHANGED, Change.GONE)), _FIGURES, language),
        tuple(_findings(found, names, language)),
        _more(len(found.findings), _FINDINGS, language),
        tuple(_problems([Reason(each.message_id, each.values) for each in falls.kept], falls.count, language)),
        is_moved=is_moved or not copies.is_current(shelf.settings.data_dir, shelf.place(draft)),
        is_nothing=publishing.is_nothing(shelf, draft, prepared),
        corrections=tuple(_corrections(folder, prepared, names, language)),
    )


def _corrections(
    folder: Path, prepared: Prepared, names: Mapping[str, Body], language: Language
) -> Iterator[OfCorrection]:
    """Those in force that what is live does not hold."""
    known = set(_given(folder, prepared.old))
    for each in _given(folder, prepared.snapshot):
        if each not in known and not each.ended:
            old = said_of(each.printed_value, each.printed_absence, each.unit, language)
            new = said_of(each.value, each.absence, each.unit, language)
            report = f"{body_of(each.body, names, language)} · {each.year}"
            yield OfCorrection(report, name_of(each, language), old, new, each.reason)


def _given(folder: Path, snapshot: str) -> list[Correction]:
    """None where the snapshot is not there, or has other columns. A snapshot never changes: it is read once."""
    found = _corrections_of.get((folder, snapshot))
    if found is None:
        try:
            opened = store.open_snapshot(folder, snapshot)
        except UserError:
            return []
        try:
            found = [Correction(*row) for row in opened.engine.rows("corrections")]
        finally:
            opened.engine.close()
        _corrections_of.put((folder, snapshot), found)
    return found


def _difference(shelf: Shelf, old: str, new: str) -> Difference:
    """Of two snapshots, which never change."""
    found = _differences.get((old, new))
    if found is None:
        folder = shelf.settings.snapshots_dir
        try:
            found = diff.between(folder, old, new)
        except UserError:  # what was live is not whole, or another version's: nothing to hold it against
            found = diff.between(folder, "", new, 0)
        _differences.put((old, new), found)
    return found


def _telling(found: Difference) -> Iterator[diff.FigureChange]:
    """Those that changed or went, one by one; what is added stands beside its document."""
    listed = (each for each in found.figures if each.change != Change.ADDED)
    for each, _ in zip(listed, range(_FIGURES), strict=False):
        yield each


def _problems(problems: tuple[Reason, ...] | list[Reason], count: int, language: Language) -> Iterator[str]:
    for each in problems:
        yield say(each, language)
    if count > len(problems):
        yield plural("refresh.more", count - len(problems), language)


def _more(count: int, most: int, language: Language) -> str:
    return plural("refresh.more", count - most, language) if count > most else ""


def _by_report(found: Difference, draft: Draft, names: Mapping[str, Body], language: Language) -> Iterator[OfReport]:
    documents = {(each.result.body, each.result.year): each.id for each in draft.items if each.result and each.is_taken}
    for (body, year), counts in found.by_report().items():
        told = _counts(counts)
        yield OfReport(body_of(body, names, language), year, *told, documents.get((body, year), ""))


def _by_indicator(found: Difference, language: Language) -> Iterator[OfIndicator]:
    """In the order of the dictionary."""
    by_code: dict[str, Counter[str]] = {}
    for each in found.counts:
        by_code.setdefault(each.indicator, Counter())[each.change] += each.count
    known = definitions.indicators()
    for code in sorted(by_code, key=lambda each: list(known).index(each) if each in known else len(known)):
        name = known[code].name(language) if code in known else code
        yield OfIndicator(name, *_counts(by_code[code]))


def _counts(counts: Mapping[str, int]) -> tuple[str, str, str]:
    """Added, changed, gone; nothing where there is none."""
    added, changed, gone = (counts.get(each, 0) for each in (Change.ADDED, Change.CHANGED, Change.GONE))
    return tuple(number(each) if each else "" for each in (added, changed, gone))  # type: ignore[return-value]  # three in, three out


def _findings(found: Difference, names: Mapping[str, Body], language: Language) -> Iterator[OfFinding]:
    for each in found.findings[:_FINDINGS]:
        yield OfFinding(
            each.change, text(f"draft.finding_{each.change}", language), text(f"severity.{each.severity}", language),
            text(f"rule.{each.rule}", language), body_of(each.body, names, language), each.year,
        )  # fmt: skip


def is_busy(draft: Draft | None) -> bool:
    return draft is not None and draft.has_work


def progress(draft: Draft) -> tuple[int, int]:
    """How many documents are done, of how many."""
    return sum(each.stage is Stage.DONE for each in draft.items), len(draft.items)
