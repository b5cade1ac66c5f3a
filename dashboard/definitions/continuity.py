"""What goes on from one edition of the form to the next, what is only close to it, what ends; and the rates, by edition.

Comes in: `breaks.csv` and `rates.csv`. A code that stands on two editions in a row and is not told of there means the
same in both. A quantity may be several codes of an edition, which are added up.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from dashboard.definitions.form import forms
from dashboard.messages import Language

_FOLDER = Path(__file__).parent
Codes = tuple[str, ...]


class Continuity(StrEnum):
    """How a quantity stands to the same one of the edition before; growth is told of `same` alone."""

    SAME = "same"
    CLOSE = "close"
    BEGINS = "begins"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Break:
    """One line of `breaks.csv`: the edition that begins, and what becomes of a quantity of the edition before."""

    edition: str
    earlier: str
    later: Codes
    kind: str
    reason_zh: str
    reason_en: str

    def reason(self, language: Language) -> str:
        return self.reason_zh if language is Language.ZH else self.reason_en


@dataclass(frozen=True, slots=True)
class Step:
    """A quantity in one edition: the codes it is the sum of, none where the form has no such figure.

    `told` is the line that says how it stands to the edition before; None where only the form changed.
    """

    edition: str
    codes: Codes
    continuity: Continuity
    told: Break | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of a whole, each the sum of codes of one edition's form."""

    code: str
    part: Codes
    whole: Codes
    name_zh: str
    name_en: str
    base_zh: str
    base_en: str

    def name(self, language: Language) -> str:
        return self.name_zh if language is Language.ZH else self.name_en

    def base(self, language: Language) -> str:
        return self.base_zh if language is Language.ZH else self.base_en


@cache
def breaks() -> tuple[Break, ...]:
    return tuple(
        Break(row["edition"], row["earlier"], _codes(row["later"]), row["kind"], row["reason_zh"], row["reason_en"])
        for row in _rows("breaks.csv")
    )


@cache
def changes_of_form() -> dict[str, Break]:
    """By edition: why a series breaks where it begins, whatever is counted."""
    return {each.edition: each for each in breaks() if each.kind == "form"}


@cache
def rates() -> dict[str, dict[str, Rate]]:
    """By code and edition. An edition that does not have a rate's figures has no entry."""
    found: dict[str, dict[str, Rate]] = {}
    for row in _rows("rates.csv"):
        rate = Rate(
            row["rate"], _codes(row["part"]), _codes(row["whole"]),
            row["name_zh"], row["name_en"], row["base_zh"], row["base_en"],
        )  # fmt: skip
        found.setdefault(rate.code, {})[row["edition"]] = rate
    return found


@cache
def chain(code: str) -> dict[str, Step]:
    """What an indicator is in each edition, oldest first; the first edition that has it has nothing before it."""
    editions = list(forms())
    held = {edition: set(form.indicators) for edition, form in forms().items()}
    start = next(place for place, edition in enumerate(editions) if code in held[edition])
    steps = {editions[start]: Step(editions[start], (code,), Continuity.BEGINS)}
    for edition, last in zip(editions[start + 1 :], editions[start:], strict=False):
        step = _onward(edition, steps[last].codes, held[edition])
        is_back = not step.codes and code in held[edition]  # the edition before had no such figure
        steps[edition] = Step(edition, (code,), Continuity.BEGINS) if is_back else step
    for place in range(start, 0, -1):
        edition, last = editions[place], editions[place - 1]
        before, steps[edition] = _back(edition, steps[edition].codes, held[last])
        steps[last] = Step(last, before, Continuity.BEGINS)
    return {edition: steps[edition] for edition in editions}


def _onward(edition: str, before: Codes, held: set[str]) -> Step:
    """What the codes of the edition before become."""
    told = _telling(edition, before) if before else None
    if told:
        return Step(edition, told.later, Continuity(told.kind), told)
    if before and set(before) <= held:
        return Step(edition, before, Continuity.SAME)
    return Step(edition, (), Continuity.ENDS)


def _telling(edition: str, before: Codes) -> Break | None:
    """The line of `breaks.csv`, an exact one before a pattern; a pattern speaks of what ends."""
    lines = [each for each in breaks() if each.edition == edition and each.kind != "form"]
    joined = "+".join(before)
    exact = [each for each in lines if each.earlier == joined]
    held = set(forms()[edition].indicators)
    broad = [
        each
        for each in lines
        if "*" in each.earlier and all(fnmatchcase(code, each.earlier) and code not in held for code in before)
    ]
    return next(iter([*exact, *broad]), None)


def _back(edition: str, after: Codes, held: set[str]) -> tuple[Codes, Step]:
    """What the codes were in the edition before, and how they stand to it."""
    told = next((each for each in breaks() if each.edition == edition and after and each.later == after), None)
    if told:
        return _codes(told.earlier), Step(edition, after, Continuity(told.kind), told)
    if after and set(after) <= held:
        return after, Step(edition, after, Continuity.SAME)
    return (), Step(edition, after, Continuity.BEGINS)


def _codes(told: str) -> Codes:
    return tuple(code for code in told.split("+") if code)


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
