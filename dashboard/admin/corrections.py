"""Corrections to figures: the list of all, the form for a new one, and taking one back.

They change the data folder and the audit log; readers see them once the data is prepared and published. What is right
and what is wrong with one, `tables.corrections` knows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from dashboard import definitions
from dashboard.admin.area import Area
from dashboard.admin.roles import Role, require
from dashboard.admin.visit import Visit
from dashboard.messages import UserError, percent_as_stated, quantity
from dashboard.schema import FRACTION, Absence, Correction, Fact
from dashboard.snapshots import correcting, manifest, pointer
from dashboard.tables import corrections
from dashboard.tables.corrections import FILE, LONGEST, Chosen, Listed, State, Unfit, Wish, told
from dashboard.tables.package import Package

LIST, NEW, WITHDRAW = "/admin/corrections", "/admin/corrections/new", "/admin/corrections/withdraw"
# Where data is prepared for publication, if the area has that page.
_PREPARE = "/admin/reports"
_REPORT = re.compile(r"([0-9A-Za-z_.-]{1,40})-(\d{4})")
_MOST = 200  # figures of a report listed to choose from
_ORDER = (State.LAPSED, State.IN_FORCE, State.ENDED)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure of a report as the pages name it. `printed` is where the public page shows its cell."""

    fact: Fact
    name: str
    value: str
    printed: str
    choose: str


def routes(area: Area) -> None:
    @area.route(LIST, require(Role.VIEWER), menu="admin.menu_corrections")
    def listing(visit: Visit) -> Response:
        return _list(visit)

    @area.route(NEW, require(Role.EDITOR))
    def new(visit: Visit) -> Response:
        return _choose(visit)

    @area.route(NEW, require(Role.EDITOR), methods=("POST",))
    def give(visit: Visit) -> Response:
        return _give(visit)

    @area.route(WITHDRAW, require(Role.EDITOR))
    def ask(visit: Visit) -> Response:
        return _ask(visit, visit.request.query_params.get("id", "")[:80])

    @area.route(WITHDRAW, require(Role.EDITOR), methods=("POST",))
    def withdraw(visit: Visit) -> Response:
        return _withdraw(visit)


def _package(visit: Visit) -> Package:
    return Package(visit.area.settings.data_dir)


def _list(visit: Visit) -> Response:
    """Those that need a person first, then those in force, the newest first."""
    package = _package(visit)
    found = sorted(corrections.listed(package), key=lambda each: (_ORDER.index(each.state), -each.line))
    names = {each.body: each.name for each in package.bodies()}
    asked = visit.request.query_params
    return visit.page(
        "corrections.html",
        rows=[(each, _of(visit, each.correction), names.get(each.correction.body, "")) for each in found],
        written=asked.get("written", "")[:80],
        withdrawn=asked.get("withdrawn", "")[:80],
        is_unpublished=_is_unpublished(visit),
        prepare=_prepare(visit),
        may_edit=visit.actor.role.may(Role.EDITOR),
        told=told,
    )


def _is_unpublished(visit: Visit) -> bool:
    """Whether the table is not the one that the live snapshot was made of."""
    settings = visit.area.settings
    live = pointer.read_or_none(settings.snapshots_dir)
    try:
        held = manifest.read(settings.snapshots_dir / live.snapshot).inputs.get(FILE) if live else None
    except UserError:
        held = None
    path = settings.data_dir / FILE
    return held != (hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None)


def _prepare(visit: Visit) -> str:
    return _PREPARE if any(each.path == _PREPARE for each in visit.area.declared) else ""


def _choose(visit: Visit) -> Response:
    """The form for the figure that the address names; without one, what there is to choose from."""
    package, asked = _package(visit), visit.request.query_params
    report = asked.get("report", "")[:60]
    if not report and asked.get("body"):
        report = f"{asked['body'].strip()[:40]}-{asked.get('year', '').strip()[:4]}"
    if not report:
        return _page_of_reports(visit, package, "")
    body, year = _report(report)
    if not any((each.body, each.year) == (body, year) for each in package.reports()):
        return _page_of_reports(visit, package, visit.text("correction.no_report", body=body, year=year))
    if not asked.get("indicator"):
        return _page_of_figures(visit, package, body, year, "")
    try:
        fact = corrections.figure(package, body, year, chosen_of(asked))
    except UserError as problem:
        said = "admin.correction_several" if problem.message_id == "correction.several" else ""
        return _page_of_figures(visit, package, body, year, visit.text(said) if said else problem.say(visit.language))
    return _form(visit, body, year, fact, Wish("", "", "", "", ""), {})


def _report(told: str) -> tuple[str, int]:
    match = _REPORT.fullmatch(told)
    return (match[1], int(match[2])) if match else (told, 0)


def chosen_of(asked: Mapping[str, str]) -> Chosen:
    longest = {"indicator": 80, "segment": 20, "applicant": 40, "measure": 20, "at": 200}
    given = {name: asked.get(name, "")[:most] for name, most in longest.items()}
    return Chosen(
        given["indicator"], given["segment"] or "all", given["applicant"], given["measure"] or "value", given["at"]
    )


def _page_of_reports(visit: Visit, package: Package, said: str) -> Response:
    reported = {each.body for each in package.reports()}
    bodies = [each for each in package.bodies() if each.body in reported]
    asked = visit.request.query_params
    given = {name: asked.get(name, "")[:40] for name in ("body", "year")}
    return visit.page("correction_reports.html", 404 if said else 200, bodies=bodies, given=given, said=said)


def _page_of_figures(visit: Visit, package: Package, body: str, year: int, said: str) -> Response:
    word = visit.request.query_params.get("q", "").strip()[:80]
    rows = [_shown(visit, body, year, fact) for fact in package.facts(body, year)]
    if word:
        rows = [each for each in rows if any(word.lower() in told.lower() for told in _words(each))]
    return visit.page(
        "correction_figures.html", 404 if said else 200, rows=rows[:_MOST], count=len(rows), word=word, said=said,
        report=_title(visit, body, year), key=f"{body}-{year}",
    )  # fmt: skip


def _words(shown: Shown) -> tuple[str, ...]:
    return shown.name, shown.fact.indicator, shown.fact.as_printed, shown.value


def _title(visit: Visit, body: str, year: int) -> str:
    name = next((each.name for each in _package(visit).bodies() if each.body == body), body)
    return visit.text("title.report", name=name, year=year)


def _shown(visit: Visit, body: str, year: int, fact: Fact) -> Shown:
    chosen = {"report": f"{body}-{year}", "indicator": fact.indicator, "segment": str(fact.segment)}
    chosen |= {"applicant": fact.applicant, "measure": str(fact.measure), "at": fact.locator}
    at = {"body": body, "year": str(year), "lang": str(visit.language), "at": fact.locator}
    return Shown(
        fact, _of(visit, fact), _said(visit, fact.value, fact.absence, fact.unit),
        f"/document?{urlencode(at)}#here", visit.href(NEW, **chosen),
    )  # fmt: skip


def _of(visit: Visit, row: Fact | Correction) -> str:
    """The indicator's name, and of what it is where that is not the whole."""
    indicator = definitions.indicators().get(row.indicator)
    parts = [indicator.name(visit.language) if indicator else row.indicator]
    parts += [visit.text(f"applicant.{row.applicant}")] if row.applicant else []
    parts += [visit.text(f"segment.{row.segment}")] if row.segment != "all" else []
    parts += [visit.text(f"measure.{row.measure}")] if row.measure != "value" else []
    return " · ".join(parts)


def _said(visit: Visit, value: object, absence: object, unit: str) -> str:
    if value is None:
        return visit.text(f"absence.{absence}")
    if unit == FRACTION:
        return percent_as_stated(value)  # type: ignore[arg-type]  # a Decimal, as every value
    return " ".join(quantity(value, unit, visit.language))  # type: ignore[arg-type]  # a column's None is a number to pandas


def _form(visit: Visit, body: str, year: int, fact: Fact, wish: Wish, wrong: Mapping[str, UserError]) -> Response:
    held = [each for each in corrections.listed(_package(visit)) if _is_of(each, body, year, fact)]
    return visit.page(
        "correction_form.html", 400 if wrong else 200, shown=_shown(visit, body, year, fact), wish=wish,
        wrong={name: problem.say(visit.language) for name, problem in wrong.items()}, longest=LONGEST,
        report=_title(visit, body, year), key=f"{body}-{year}", seen=seen_of(fact), absences=list(Absence),
        held=[(each.correction, _said(visit, each.correction.value, each.correction.absence, fact.unit)) for each in held],
        unit=unit_of(visit, fact), to_list=visit.href(LIST), post_to=visit.href(NEW),
    )  # fmt: skip


def _is_of(each: Listed, body: str, year: int, fact: Fact) -> bool:
    one = each.correction
    return each.state is State.IN_FORCE and (one.body, one.year, one.locator, one.indicator, one.applicant) == (
        body, year, fact.locator, fact.indicator, fact.applicant,
    )  # fmt: skip


def unit_of(visit: Visit, fact: Fact) -> str:
    """In the unit of the table, whatever the language makes of it for readers."""
    return visit.text("admin.correction_percent") if fact.unit == FRACTION else fact.unit


def seen_of(fact: Fact) -> str:
    """What the figure read when the form was shown: nobody corrects a reading that they have not seen."""
    read = f"{told(fact.value, fact.absence)} {fact.unit} {fact.as_printed}"
    return hashlib.sha256(read.encode()).hexdigest()[:16]


def _give(visit: Visit) -> Response:
    fields = {name: visit.field(name, 200) for name in ("report", "indicator", "segment", "applicant", "measure", "at")}
    body, year = _report(fields["report"])
    chosen, package = chosen_of(fields), _package(visit)
    wish = Wish(
        visit.field("value", 60), visit.field("absence", 40), visit.field("reason", LONGEST + 1),
        visit.field("evidence", LONGEST + 1), visit.actor.signature,
    )  # fmt: skip
    fact = corrections.figure(package, body, year, chosen)
    if visit.field("seen") != seen_of(fact):
        return _form(visit, body, year, fact, wish, {"figure": UserError("correction.changed_meanwhile")})
    folder = visit.area.settings.data_dir
    try:
        given = correcting.give(folder, folder, body, year, chosen, wish)
    except Unfit as unfit:
        return _form(visit, body, year, fact, wish, unfit.fields)
    except UserError as problem:  # another one writes, or the folder cannot be written
        return _form(visit, body, year, fact, wish, {"figure": problem})
    return visit.to(LIST, written=given.correction)


def _ask(visit: Visit, correction_id: str, wrong: UserError | None = None, reason: str = "") -> Response:
    found = next(
        (each for each in corrections.listed(_package(visit)) if each.correction.correction == correction_id), None
    )
    if found is None or found.state is State.ENDED:
        missing = "correction.unknown" if found is None else "correction.ended_already"
        date = found.correction.ended if found else ""
        return visit.refused(404, visit.text(missing, correction=correction_id, date=date))
    one = found.correction
    return visit.page(
        "correction_withdraw.html", 400 if wrong else 200, one=one, name=_of(visit, one), reason=reason,
        wrong=wrong.say(visit.language) if wrong else "", report=_title(visit, one.body, one.year), longest=LONGEST,
        printed=_said(visit, one.printed_value, one.printed_absence, one.unit),
        value=_said(visit, one.value, one.absence, one.unit), to_list=visit.href(LIST),
    )  # fmt: skip


def _withdraw(visit: Visit) -> Response:
    folder, correction_id = visit.area.settings.data_dir, visit.field("id", 80)
    reason = visit.field("reason", LONGEST + 1)
    try:
        correcting.withdraw(folder, folder, correction_id, visit.actor.signature, reason)
    except UserError as problem:
        return _ask(visit, correction_id, problem, reason)
    return visit.to(LIST, withdrawn=correction_id)
