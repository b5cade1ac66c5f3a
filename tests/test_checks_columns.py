"""Reports read by column: the same findings as by row, whether found by the rules or told after a pattern, and the same errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import demo
from dashboard.checks import audit, rows, series
from dashboard.checks.case import Case, Reported
from dashboard.checks.identities import CellKey
from dashboard.schema import Absence, Fact, Mention, Report, columns
from dashboard.tables import constraints, records
from dashboard.tables.by_column import ByColumn
from dashboard.tables.package import Package

Change = Callable[[list[list[Any]], Random], None]
"""Of the columns of a table of facts."""
_PLACE = {name: place for place, name in enumerate(columns(Fact))}
_VALUE, _UNIT = _PLACE["value"], _PLACE["unit"]


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("country")
    demo.write(folder, demo.Wishes(bodies=4, first=2010, last=2025, seed=11, errors=0.2), lambda _done, _total: None)
    return Package(folder)


def test_findings_after_a_pattern_are_those_of_the_rules(country: Package) -> None:
    folder = audit.Folder(country)
    for reported in _bodies(country):
        for one in reported:
            assert _told(folder, one, reported) == _found(folder, one, reported)
    assert len(folder._patterns._known) < 30  # of some 200 tries


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_wrong_with_a_table_is_found_as_by_the_rules(country: Package, seed: int) -> None:
    folder, chance = audit.Folder(country), Random(seed)
    for reported in _bodies(country):
        _tell(folder, reported)  # the patterns are known
        changed = [_changed(one, chance) for one in reported]
        for one in changed:
            assert _told(folder, one, changed) == _found(folder, one, changed)


def _bodies(country: Package) -> Iterator[list[Reported]]:
    for _, reports in groupby(country.reports(), lambda report: report.body):
        yield [_read(country, report) for report in reports]


def _read(country: Package, report: Report) -> Reported:
    tables = [
        records.by_column(country.text(f"{name}/{report.body}-{report.year}.csv"), record)
        for name, record in (("facts", Fact), ("mentions", Mention))
    ]
    assert all(table is not None and constraints.keeps(table, record) for table, record in zip(tables, (Fact, Mention), strict=True))  # fmt: skip
    return Reported(report, *tables)  # type: ignore[arg-type]  # held by column, as the build has them


def _by_row(one: Reported) -> Reported:
    return Reported(one.report, list(one.facts), list(one.mentions))


def _tell(folder: audit.Folder, reported: Sequence[Reported]) -> None:
    for one in reported:
        folder.rows(one, reported)


def _told(folder: audit.Folder, one: Reported, reported: Sequence[Reported]) -> tuple[list[Any], list[Any]]:
    parts = folder.rows(one, reported)
    return [row for part, _ in parts for row in part], [row for _, part in parts for row in part]


def _found(folder: audit.Folder, one: Reported, reported: Sequence[Reported]) -> tuple[list[Any], list[Any]]:
    """By row, as a command checks a single report."""
    found, cells = rows.of(folder.findings(_by_row(one), [_by_row(each) for each in reported]))
    return list(found), list(cells)


def _changed(one: Reported, chance: Random) -> Reported:
    assert isinstance(one.facts, ByColumn)
    held = [list(column) for column in one.facts.held]
    chance.choice(_CHANGES)(held, chance)
    return Reported(one.report, ByColumn(Fact, held), one.mentions)


def _any(held: list[list[Any]], chance: Random) -> int:
    return chance.randrange(len(held[0]))


def _no_figure(held: list[list[Any]], chance: Random) -> None:
    place = _any(held, chance)
    held[_VALUE][place], held[_PLACE["absence"]][place] = None, chance.choice(list(Absence))


def _figure(held: list[list[Any]], chance: Random) -> None:
    held[_VALUE][_any(held, chance)] = Decimal(chance.choice(["-3", "0", "17", "2.5", "0.123456789", "99999999999999"]))  # fmt: skip


def _lost(held: list[list[Any]], chance: Random) -> None:
    place = _any(held, chance)
    for column in held:
        del column[place]


def _twice(held: list[list[Any]], chance: Random) -> None:
    place, other = _any(held, chance), chance.choice(["1", "2"])
    for column in held:
        column.insert(place, column[place])
    held[_VALUE][place] = Decimal(other)


def _elsewhere(held: list[list[Any]], chance: Random) -> None:
    """The rows of the table do not come first any more, or stand in another order."""
    order = list(range(len(held[0])))
    chance.shuffle(order)
    for column in held:
        column[:] = [column[place] for place in order]


def _fractions(held: list[list[Any]], chance: Random) -> None:
    """Every figure of money with decimals: nothing is wrong with that."""
    for place, unit in enumerate(held[_UNIT]):
        if "元" in unit:
            held[_VALUE][place] += Decimal(chance.choice(["0.5", "0.25"]))


def _none(_held: list[list[Any]], _chance: Random) -> None:
    """Left as it is."""


_CHANGES: tuple[Change, ...] = (_no_figure, _figure, _lost, _twice, _elsewhere, _fractions, _none)


def test_no_unusual_change_is_overlooked_for_a_quick_look() -> None:
    """`_may_jump` spares the exact reckoning where it can: where that finds something, it must not."""

    @given(st.lists(_VALUES, min_size=6, max_size=12))
    def tried(values: list[Decimal]) -> None:
        reported = [_of_value(year, value) for year, value in enumerate(values, 2008)]
        case, history, key = Case(reported[-1]), reported[:-1], CellKey("requests.received")
        if series._jump(case, history, key):
            assert series._may_jump(case.reported, history, key)

    tried()


_VALUES = st.one_of(st.integers(25, 130).map(Decimal), st.integers(-2, 10**6).map(Decimal))


@pytest.mark.parametrize("value", ["1e400", "1e-400", "30"])
def test_the_logarithm_of_a_figure_that_no_processor_holds_is_known(value: str) -> None:
    assert float(Decimal(value).ln()) == pytest.approx(*_of_value(2020, Decimal(value)).logarithms.values())


def _of_value(year: int, value: Decimal) -> Reported:
    fact = Fact("requests.received", unit="件", value=value, as_printed=f"{value}", locator="table:1/row:1/col:1")
    return Reported(Report("990000", year, edition="2021"), [fact])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(",", ";"),
        lambda text: text.replace("indicator,segment", "segment,indicator", 1),
        lambda text: text.replace(",件,", ',"件\n",', 1),
        lambda text: text.replace(",件,", ",,", 1) + ",,,\n",
        lambda text: text.replace(",value,", ",value,１", 1),
        lambda text: text.replace(",value,", ",value,1e", 1),
        lambda text: text.replace(",all,", ",everybody,", 1),
        lambda text: "\ufeff" + text,
    ],
)
def test_a_table_that_does_not_stand_as_we_write_it_is_read_row_by_row(
    country: Package, change: Callable[[str], str]
) -> None:
    text = country.text("facts/900000-2024.csv")
    assert list(records.by_column(text, Fact) or []) == records.from_csv(text, Fact, "")
    assert records.by_column(change(text), Fact) is None


def test_a_table_keeps_its_schema_by_column_where_no_row_breaks_it(country: Package) -> None:
    chance, broken = Random(5), 0
    for reported in _bodies(country):
        for one in reported:
            facts = _changed(one, chance).facts
            assert isinstance(facts, ByColumn)
            numbered = list(enumerate(facts, 2))
            is_broken = any(True for _ in constraints.broken(numbered, Fact, "facts.csv"))
            assert constraints.keeps(facts, Fact) != is_broken
            broken += is_broken
    assert broken > 5
