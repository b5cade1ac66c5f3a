"""The tables of one synthetic report as the text of CSV files, as `tables.records` writes them, only faster.

Figures in, text out. The lines of a form's cells are the same in every report but for the figures, so they are put
together once for each edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from dashboard import definitions
from dashboard.checks.identities import CellKey
from dashboard.demo.figures import MONEY
from dashboard.demo.prose import Statement, money, printed
from dashboard.schema import Absence, Fact, Mention, columns

_FACTS_HEAD, _MENTIONS_HEAD = (",".join(columns(record)) + "\n" for record in (Fact, Mention))
# Quantities of the text that no indicator exists for: how many, of what, in which area.
_MORE = (("场", "政务公开工作培训", "", "二（一）"), ("期", "重点领域信息公开专题", "财政信息", "二（二）"),
         ("条", "公开重点领域信息", "教育信息", "二（三）"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """An edition's cells in the order of the form. `keys` are what they are, `line` makes a cell's line of its figure."""

    keys: tuple[CellKey, ...]
    places: tuple[str, ...]
    whole: str

    def text(self, figures: Sequence[str]) -> str:
        """The lines of all cells."""
        return self.whole.format(*figures)

    def line(self, place: int, figure: str, absence: Absence | None = None) -> str:
        return _line(self.keys[place], figure, figure, self.places[place], absence)


@cache
def sheet(edition: str) -> Sheet:
    """For a year without a form, a sheet without cells."""
    keys, places = [], []
    form = definitions.forms().get(edition)
    for number, table in enumerate(form.tables if form else (), 1):
        rows = {row: place for place, row in enumerate(dict.fromkeys(row for row, _, _ in table.cells), 2)}
        across = {
            column: place for place, column in enumerate(dict.fromkeys(column for _, column, _ in table.cells), 2)
        }
        for row, column, cell in table.cells:
            keys.append(CellKey(cell.indicator, cell.applicant))
            places.append(f"table:{number}/row:{rows[row]}/col:{across[column]}")
    told = (_line(key, f"{{{n}}}", f"{{{n}}}", places[n]) for n, key in enumerate(keys))
    return Sheet(tuple(keys), tuple(places), "".join(told))


def _line(key: CellKey, value: str, as_printed: str, locator: str, absence: Absence | None = None) -> str:
    unit = definitions.indicators()[key.indicator].unit
    return f"{key.indicator},all,{key.applicant},value,{value},{unit},{absence or ''},{as_printed},{locator}\n"


def figure(key: CellKey, value: int) -> str:
    return money(value) if key.indicator in MONEY else str(value)


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as one report prints it."""

    statement: Statement
    value: str
    as_printed: str
    locator: str


def said(statements: Sequence[Statement], values: Sequence[int | None]) -> list[Said | None]:
    """The statements of one report with their places, a line each; None for one that it does not state."""
    listed: list[Said | None] = []
    for number, (statement, value) in enumerate(zip(statements, values, strict=True)):
        if value is None:
            listed.append(None)
            continue
        exact, as_printed = printed(statement, value)
        listed.append(Said(statement, exact, as_printed, f"line:{20 + number}/chars:12-{12 + len(as_printed)}"))
    return listed


def facts(table: str, listed: Iterable[Said | None]) -> str:
    """The file of a report's facts: the lines of its table, then what the text states."""
    lines = [
        f"{each.statement.indicator},{each.statement.segment},,{each.statement.measure},{each.value},"
        f"{each.statement.unit},,{each.as_printed},{each.locator}\n"
        for each in listed
        if each
    ]
    return "".join([_FACTS_HEAD, table, *lines])


def mentions(listed: Sequence[Said | None], more: Sequence[int]) -> str:
    """The file of a report's quantities; `more` are those of `_MORE`."""
    lines: list[str] = []
    for unit_told, count in zip(_MORE, more, strict=True):
        unit, counts, area, section = unit_told
        place = f"line:{5 + len(lines)}/chars:8-{8 + len(str(count)) + 1}"
        lines.append(f"{count},{unit},,{counts},{section},{place},,{area},value,{count}{unit},\n")
    for each in listed:
        if each:
            of = listed[each.statement.of] if each.statement.of >= 0 else None
            name = definitions.indicators()[each.statement.indicator].name_zh
            lines.append(
                f"{each.value},{each.statement.unit},,{name},三（一）,{each.locator},{each.statement.indicator},,"
                f"{each.statement.measure},{each.as_printed},{of.locator if of else ''}\n"
            )
    return "".join([_MENTIONS_HEAD, *lines])
