"""The sums an edition of the form promises, as data: which cells together must equal, or not exceed, which others.

An edition in, identities out, made from the indicator dictionary and the form. Knows no report and judges none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from dashboard import definitions
from dashboard.definitions import Form

TOTAL = "total"
_CLOSED, _ANSWERED = "requests.closed", "requests.answered"
_OUTCOMES = "requests.outcome."


class Relation(StrEnum):
    """How the left sum stands to the right one where the form is kept."""

    EQUAL = "equal"
    AT_MOST = "at_most"


class CellKey(NamedTuple):
    """One cell of the form: an indicator, and the kind of applicant where the table has that direction.

    A tuple, for its hash is asked for more often than anything else in a check.
    """

    indicator: str
    applicant: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """`sum(left)` stands in `relation` to `sum(right)`. `rule` names the kind of promise, the same in all editions."""

    rule: str
    left: tuple[CellKey, ...]
    relation: Relation
    right: tuple[CellKey, ...]

    @property
    def cells(self) -> tuple[CellKey, ...]:
        return (*self.left, *self.right)


@cache
def identities(edition: str) -> tuple[Identity, ...]:
    """Every sum the edition promises, in the order of the form; none for a report of the years before there was one.

    Raises KeyError for an edition there is none of.
    """
    if not edition:
        return ()
    form = definitions.forms()[edition]
    return (*_totals(form), *_closings(form), *_applicants(form))


def _totals(form: Form) -> Iterator[Identity]:
    """Totals and their items, 其中 parts, and totals that count an item once across channels; for each applicant."""
    for indicator in form.indicators:
        for applicant in _applicants_of(form, indicator):
            whole = (CellKey(indicator, applicant),)
            items = _cells(form, _items(form, indicator), applicant)
            if items:
                yield Identity("arithmetic.total", whole, Relation.EQUAL, items)
            for part in _cells(form, _codes(form, indicator, "of_which"), applicant):
                yield Identity("arithmetic.of_which", (part,), Relation.AT_MOST, whole)
            channels = _cells(form, _codes(form, indicator, "channel"), applicant)
            if channels:
                yield Identity("arithmetic.counted_once", whole, Relation.AT_MOST, channels)
            for channel in channels:
                if _unit(channel.indicator) == _unit(indicator):  # an event may have several articles to explain it
                    yield Identity("arithmetic.largest_channel", (channel,), Relation.AT_MOST, whole)


def _items(form: Form, indicator: str) -> list[str]:
    """The items that add up to an indicator. Without a number of answers, the requests closed are all outcomes."""
    if indicator == _CLOSED and _ANSWERED not in form.indicators:
        return [code for code in form.indicators if code.startswith(_OUTCOMES)]
    return _codes(form, indicator, "item")


def _codes(form: Form, indicator: str, relation: str) -> list[str]:
    return [part.code for part in definitions.parts(indicator, relation, form.edition)]


def _unit(indicator: str) -> str:
    return definitions.indicators()[indicator].unit


def _closings(form: Form) -> Iterator[Identity]:
    """Requests received and carried in are closed or carried out."""
    if "requests.carried_in" not in form.indicators:
        return
    for applicant in _applicants_of(form, _CLOSED):
        came = _cells(form, ["requests.received", "requests.carried_in"], applicant)
        went = _cells(form, [_CLOSED, "requests.carried_out"], applicant)
        yield Identity("arithmetic.closing", came, Relation.EQUAL, went)


def _applicants(form: Form) -> Iterator[Identity]:
    """The column 总计 is the sum of the six kinds of applicant, row by row."""
    for indicator in form.indicators:
        kinds = [each for each in _applicants_of(form, indicator) if each not in ("", TOTAL)]
        if kinds:
            parts = tuple(CellKey(indicator, kind) for kind in kinds)
            yield Identity("arithmetic.applicants", (CellKey(indicator, TOTAL),), Relation.EQUAL, parts)


def _applicants_of(form: Form, indicator: str) -> list[str]:
    return list(_by_indicator(form.edition).get(indicator, ()))


@cache
def _by_indicator(edition: str) -> dict[str, tuple[str, ...]]:
    """Indicator -> its applicants in the order of the form, whose cells are put together anew at each reading."""
    found: dict[str, tuple[str, ...]] = {}
    for cell in definitions.forms()[edition].cells:
        found[cell.indicator] = (*found.get(cell.indicator, ()), cell.applicant)
    return found


def _cells(form: Form, codes: list[str], applicant: str) -> tuple[CellKey, ...]:
    return tuple(CellKey(code, applicant) for code in codes if applicant in _applicants_of(form, code))
