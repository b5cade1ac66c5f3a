"""Corrections to figures of the draft: the form for one, and taking one back. They are published with the draft.

A request comes in, a page goes out. What a correction is, `drafts.amending` and `tables.corrections` know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.responses import Response

from dashboard.admin import intake
from dashboard.admin.area import Area
from dashboard.admin.corrections import Shown, chosen_of, seen_of, unit_of
from dashboard.admin.naming import name_of, said_of, value_of
from dashboard.admin.roles import Role, require
from dashboard.admin.sheets import id_of
from dashboard.admin.visit import Visit
from dashboard.drafts import amending, work
from dashboard.drafts.record import Draft
from dashboard.messages import UserError
from dashboard.schema import Absence, Correction, Fact, Report
from dashboard.tables import corrections
from dashboard.tables.corrections import LONGEST, Chosen, Unfit, Wish
from dashboard.tables.package import Package

_FIELDS = ("indicator", "segment", "applicant", "measure", "at")


def routes(area: Area) -> None:
    path = f"{intake.PATH}/{{document}}/correct"

    @area.route(path, require(Role.EDITOR))
    def ask(visit: Visit) -> Response:
        asked = visit.request.query_params
        draft, report, fact = _found(visit, chosen_of(asked))
        return _form(visit, draft, report, fact, Wish("", "", "", "", ""), {})

    @area.route(path, require(Role.EDITOR), methods=["POST"])
    def give(visit: Visit) -> Response:
        return _give(visit)

    @area.route(f"{intake.PATH}/withdraw", require(Role.EDITOR), methods=["POST"])
    def withdraw(visit: Visit) -> Response:
        shelf = intake.shelf_of(visit)
        amending.withdraw(shelf, visit.field("draft", 40), visit.field("correction", 80))
        work.wake(shelf)
        document = visit.field("document", 64)
        return visit.to(f"{intake.PATH}/{document}" if re.fullmatch("[0-9a-f]{64}", document) else intake.PATH)


def _found(visit: Visit, chosen: Chosen) -> tuple[Draft, Report, Fact]:
    """Raises UserError where the draft has no such document, or that has no such figure."""
    shelf = intake.shelf_of(visit)
    draft, document = shelf.require(), visit.request.path_params["document"]
    package = Package(shelf.tables(draft))
    report = next((each for each in package.reports() if each.sha256 == document), None)
    if report is None or draft.item(document) is None:
        raise UserError("draft.no_document")
    return draft, report, corrections.figure(package, report.body, report.year, chosen)


def _give(visit: Visit) -> Response:
    chosen = chosen_of({name: visit.field(name, 200) for name in _FIELDS})
    draft, report, fact = _found(visit, chosen)
    wish = Wish(
        visit.field("value", 60), visit.field("absence", 40), visit.field("reason", LONGEST + 1),
        visit.field("evidence", LONGEST + 1), visit.actor.signature,
    )  # fmt: skip
    if visit.field("seen") != seen_of(fact):
        return _form(visit, draft, report, fact, wish, {"figure": UserError("correction.changed_meanwhile")})
    shelf = intake.shelf_of(visit)
    try:
        amending.give(shelf, draft.id, report.body, report.year, chosen, wish)
    except Unfit as unfit:
        return _form(visit, draft, report, fact, wish, unfit.fields)
    except UserError as problem:  # the draft is being worked on, or went away
        return _form(visit, draft, report, fact, wish, {"figure": problem})
    work.wake(shelf)
    return visit.to(f"{intake.PATH}/{report.sha256}")


def _is_of(correction: Correction, fact: Fact) -> bool:
    names = ("locator", "indicator", "applicant")
    return all(getattr(correction, name) == getattr(fact, name) for name in names)


def _form(
    visit: Visit, draft: Draft, report: Report, fact: Fact, wish: Wish, wrong: Mapping[str, UserError]
) -> Response:
    language, page = visit.language, f"{intake.PATH}/{report.sha256}"
    shown = Shown(
        fact, name_of(fact, language), value_of(fact, language), f"{visit.href(page)}#{id_of(fact.locator)}", ""
    )
    held = amending.held(intake.shelf_of(visit), draft)
    return visit.page(
        "correction_form.html", 400 if wrong else 200, shown=shown, wish=wish,
        wrong={name: problem.say(language) for name, problem in wrong.items()}, longest=LONGEST,
        report=report.title, key=f"{report.body}-{report.year}", seen=seen_of(fact), absences=list(Absence),
        held=[(each, said_of(each.value, each.absence, each.unit, language)) for each in held if _is_of(each, fact)],
        unit=unit_of(visit, fact), to_list=visit.href(page), post_to=visit.href(f"{page}/correct"),
    )  # fmt: skip
