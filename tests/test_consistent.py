"""The invented reports that other tests change one figure of: they must agree with themselves before."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from dashboard import definitions
from dashboard.checks.identities import CellKey, identities
from tests import consistent

EDITIONS = sorted(definitions.forms())


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_invented_report_keeps_every_sum_of_its_edition(edition: str) -> None:
    for seed in range(40):
        table = consistent.make(edition, Random(seed)).table
        assert [each for each in identities(edition) if not consistent.holds(each, table)] == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_count_of_an_invented_report_is_negative(edition: str) -> None:
    for made in consistent.following(edition, Random(7), 2):
        negative = [key.indicator for key, value in made.table.items() if value < 0]
        assert [code for code in negative if not code.endswith(".items_change")] == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_it_fills_every_cell_of_the_form(edition: str) -> None:
    cells = {CellKey(cell.indicator, cell.applicant) for cell in definitions.forms()[edition].cells}
    assert set(consistent.make(edition, Random(1)).table) == cells


def test_the_next_year_carries_in_what_was_carried_out() -> None:
    first, second = consistent.following("2021", Random(3), 2)
    for kind in ("natural_person", "business", "total"):
        carried = second.table[CellKey("requests.carried_in", kind)]
        assert carried == first.table[CellKey("requests.carried_out", kind)]


def test_the_same_seed_gives_the_same_report() -> None:
    assert consistent.make("2019", Random(5)) == consistent.make("2019", Random(5))


def test_a_changed_cell_is_the_only_one_that_differs() -> None:
    made, key = consistent.make("2014", Random(2)), CellKey("requests.received")
    other = consistent.changed(made, {key: Decimal(9999)})
    assert {k for k, value in other.table.items() if made.table[k] != value} == {key}
