"""What a printed figure says, told without the program's help: what its readers are held against.

Knows the spellings that the documents of the tests use, and no others: a spelling it does not know is an error here,
while the program has to call it unreadable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from dashboard.schema import Absence
from tests.documents import templates
from tests.documents.description import Description

NOT_APPLICABLE = ("/", "-", "—", "——", "无", "不适用")
UNREADABLE = ("若干", "见附表", "约20", "3—5")
_TIMES = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_ASCII = str.maketrans("０１２３４５６７８９，．", "0123456789,.")
_MONEY = {"fees.collected", "capacity.budget", "charges.amount", "procurement.amount"}
_ITEMS = (".items_last_year", ".items_change", ".projects")
Key = tuple[str, str]


@dataclass(frozen=True)
class Meaning:
    """A figure as the tables of the data folder hold it."""

    value: Decimal | None
    unit: str
    absence: Absence | None
    as_printed: str


def expected(report: Description) -> dict[Key, Meaning]:
    """Every figure of the report's tables."""
    return {
        (code, applicant): _meant(printed, unit_of(code, report.edition), report.style.money)
        for (code, applicant), printed in report.figures.items()
    }


def unit_of(code: str, edition: str) -> str:
    """万元 for amounts; 项 for items and projects, 件 for all else since 2019; in 2014 as the form prints it."""
    if code in _MONEY:
        return "万元"
    if edition == "2014":
        return next(unit for _, unit, listed in templates.LIST_2014 if listed == code)
    return "项" if code.endswith(_ITEMS) else "件"


def _meant(printed: str, unit: str, money: str) -> Meaning:
    plain = printed.translate(_ASCII).replace(" ", "").replace(",", "")
    if not plain:
        return Meaning(None, unit, Absence.BLANK, printed)
    if plain in NOT_APPLICABLE:
        return Meaning(None, unit, Absence.NOT_APPLICABLE, printed)
    if plain in UNREADABLE:
        return Meaning(None, unit, Absence.UNREADABLE, printed)
    match = re.fullmatch(r"(增加|减少)?([+-]?\d+(?:\.\d+)?)([万亿]?)(人次|[元件条项])?", plain)
    if match is None:
        raise ValueError(f"the tests do not know how to read {printed!r}")
    turn, digits, times, counted = match.groups("")
    number = Decimal(digits) * (-1 if turn == "减少" else 1)
    if unit != "万元":
        return Meaning(number * _TIMES[times], unit, None, printed)
    own = times + counted or money or ("万元" if number == 0 else "")
    return Meaning(number * _TIMES[own[:-1]] / _TIMES["万"], unit, None, printed)
