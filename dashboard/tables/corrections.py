"""Corrections of single figures: given, replaced, ended. A data folder's tables in, its `corrections.csv` out.

The report's own tables never change. Nothing here locks, logs or knows who may do it; the folder may be the live one or
a copy of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from dashboard.messages import UserError, tellable
from dashboard.schema import FRACTION, Absence, Correction, Fact, Measure, Segment, is_held
from dashboard.tables import edited, records
from dashboard.tables.constraints import CORRECTED
from dashboard.tables.package import Package

FILE = "corrections.csv"
LONGEST = 1000  # characters of a reason, and of its evidence
_ADDRESS = re.compile(r"https?://\S+")
_DOCUMENT = re.compile(r"sha256:[0-9a-f]{64}(?:#\S+)?")


class State(StrEnum):
    """In force; lapsed, as the report reads otherwise by now; or ended by a person."""

    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which figure of a report: what a person tells of it. `at` is its locator, where there are several."""

    indicator: str
    segment: str = Segment.ALL
    applicant: str = ""
    measure: str = Measure.VALUE
    at: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants in its place, as they write it. Of `value` and `absence` one is told."""

    value: str
    absence: str
    reason: str
    evidence: str
    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A correction with its line in the table, how it stands, and the figure it is of, if the report still has it."""

    correction: Correction
    line: int
    state: State
    figure: Fact | None


class Unfit(UserError):
    """A wish that cannot be written down: `fields` tells what is wrong with each field, in their order on the form."""

    def __init__(self, fields: Mapping[str, UserError]) -> None:
        self.fields = dict(fields)
        first = next(iter(fields.values()))
        super().__init__(first.message_id, **first.values)


def figure(package: Package, body: str, year: int, chosen: Chosen) -> Fact:
    """The one figure of the report that is meant. Raises UserError where the report has none, or several."""
    if not any((each.body, each.year) == (body, year) for each in package.reports()):
        raise UserError("correction.no_report", body=body, year=year)
    asked = (chosen.indicator, chosen.segment, chosen.applicant, chosen.measure)
    alike = [each for each in package.facts(body, year) if _kind(each) == asked]
    found = [each for each in alike if chosen.at in ("", each.locator)]
    if not found:
        raise UserError("correction.no_figure", indicator=chosen.indicator, body=body, year=year)
    if len(found) > 1:
        places = "、".join(each.locator for each in found)
        raise UserError("correction.several", indicator=chosen.indicator, places=places)
    return found[0]


def _kind(row: Fact | Correction) -> tuple[str, str, str, str]:
    return row.indicator, row.segment, row.applicant, row.measure


def proposed(package: Package, body: str, year: int, fact: Fact, wish: Wish, given: date) -> Correction:
    """The correction that the wish comes to; nothing is written. Raises Unfit with all that is wrong with it."""
    wrong: dict[str, UserError] = {}
    value: Decimal | None = None
    try:
        value = _value(wish, fact)
    except UserError as error:
        wrong["value"] = error
    told = {"reason": plain(wish.reason), "evidence": plain(wish.evidence), "name": plain(wish.name)}
    for name, words in told.items():
        if not words:
            wrong[name] = UserError(f"correction.no_{name}")
        elif len(words) > LONGEST:
            wrong[name] = UserError("correction.too_long", longest=LONGEST)
    if "evidence" not in wrong and not _is_evidence(told["evidence"]):
        wrong["evidence"] = UserError("correction.bad_evidence")
    if wrong:
        raise Unfit(wrong)
    return Correction(
        correction=_next_id(package.corrections(), body, year), body=body, year=year, indicator=fact.indicator,
        segment=fact.segment, applicant=fact.applicant, measure=fact.measure, locator=fact.locator,
        as_printed=fact.as_printed, printed_value=fact.value, printed_absence=fact.absence, value=value,
        absence=Absence(wish.absence) if wish.absence else None, unit=fact.unit, **told,
        given=given.isoformat(),
    )  # fmt: skip


def plain(words: str) -> str:
    """Words as they are written down: one line, and nothing in it that steers a terminal or hides text."""
    return tellable(" ".join(words.split()), len(words) + 1)


def _value(wish: Wish, fact: Fact) -> Decimal | None:
    """The value in the figure's unit; None where an absence is told. Missing is never taken for zero."""
    told = wish.value.strip()
    if bool(told) == bool(wish.absence):
        raise UserError("correction.value_or_absence")
    if wish.absence:
        if wish.absence not in {str(each) for each in Absence}:
            raise UserError("correction.unknown_absence", value=wish.absence, known="、".join(Absence))
        if fact.absence == wish.absence:
            raise UserError("correction.no_change")
        return None
    is_percentage = fact.unit == FRACTION and told.endswith(("%", "％"))
    value = edited.number(told[:-1] if is_percentage else told)
    if value is None:
        raise UserError("correction.no_number", value=told)
    value = value / 100 if is_percentage else value
    if not is_held(value) or _places(value) > 8:
        raise UserError("correction.not_held", value=told)
    if value == fact.value:
        raise UserError("correction.no_change")
    return value


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _is_evidence(told: str) -> bool:
    """Words; what begins as an address or a document's hash is a whole one."""
    if told.startswith(("http:", "https:")):
        return bool(_ADDRESS.fullmatch(told))
    if told.startswith("sha256:"):
        return bool(_DOCUMENT.fullmatch(told))
    return True


def _next_id(held: Sequence[Correction], body: str, year: int) -> str:
    """`640000-2018-3` is the third that was ever given for the report."""
    stem = f"{body}-{year}-"
    numbers = [each.correction.removeprefix(stem) for each in held if each.correction.startswith(stem)]
    return f"{stem}{max((int(each) for each in numbers if each.isdecimal()), default=0) + 1}"


def give(package: Package, correction: Correction) -> None:
    """Adds it. One in force for the same figure is ended by it, and stays in the table."""
    reason = f"→ {correction.correction}"
    held = [
        _ended(each, correction.given, correction.name, reason) if _is_same(each, correction) else each
        for each in package.corrections()
    ]
    package.write_corrections([*held, correction])


def _is_same(one: Correction, other: Correction) -> bool:
    return not one.ended and all(getattr(one, name) == getattr(other, name) for name in CORRECTED)


def _ended(correction: Correction, ended: str, by: str, reason: str) -> Correction:
    return replace(correction, ended=ended, ended_by=by, ended_reason=reason)


def withdrawn(package: Package, correction_id: str, by: str, reason: str, ended: date) -> Correction:
    """The correction as it is once it is taken back; nothing is written. Raises UserError where there is none in force."""
    found = next((each for each in package.corrections() if each.correction == correction_id), None)
    if found is None:
        raise UserError("correction.unknown", correction=correction_id)
    if found.ended:
        raise UserError("correction.ended_already", correction=correction_id, date=found.ended)
    why = plain(reason)
    if not why or len(why) > LONGEST:
        wrong = UserError("correction.too_long", longest=LONGEST) if why else UserError("correction.no_reason")
        raise Unfit({"reason": wrong})
    return _ended(found, ended.isoformat(), plain(by), why)


def put(package: Package, correction: Correction) -> None:
    """Writes a correction in the place of the one of its id."""
    held = package.corrections()
    package.write_corrections([correction if each.correction == correction.correction else each for each in held])


def told(value: object, absence: object) -> str:
    """A value with all its digits, or the name of what it lacks."""
    return records.written(value) if value is not None else str(absence)


def listed(package: Package) -> list[Listed]:
    """Every correction in the order of the table, with how it stands."""
    facts: dict[tuple[str, int], dict[tuple[str, str, str], Fact]] = {}
    reports = {(each.body, each.year) for each in package.reports()}
    found = []
    for line, each in enumerate(package.corrections(), 2):
        key = (each.body, each.year)
        if key not in facts:
            held = package.facts(*key) if key in reports else []
            facts[key] = {(fact.locator, fact.indicator, fact.applicant): fact for fact in held}
        fact = facts[key].get((each.locator, each.indicator, each.applicant))
        state = State.ENDED if each.ended else State.IN_FORCE if fact and _holds(each, fact) else State.LAPSED
        found.append(Listed(each, line, state, fact))
    return found


def _holds(correction: Correction, fact: Fact) -> bool:
    """Whether the figure still reads as it did when the correction was given."""
    return (
        _kind(correction) == _kind(fact)
        and (correction.as_printed, correction.unit) == (fact.as_printed, fact.unit)
        and (correction.printed_value, correction.printed_absence) == (fact.value, fact.absence)
    )


def lapsed(package: Package) -> Iterator[UserError]:
    """A sentence for each that no longer fits its figure: file, line, and what to do."""
    for each in listed(package):
        if each.state is State.LAPSED:
            told = {"file": FILE, "line": each.line, "correction": each.correction.correction}
            if each.figure is None:
                yield UserError("correction.figure_gone", **told)
            else:
                now = records.written(each.figure.value) or str(each.figure.absence)
                yield UserError("correction.lapsed", **told, now=now, locator=each.figure.locator)
