"""Errors put into consistent reports are found, and consistent reports raise no alarm. The bench runs many more."""

from __future__ import annotations

from random import Random

import pytest

from dashboard import definitions
from tests import consistent, seeded

EDITIONS = sorted(definitions.forms())
SAMPLE = 25


@pytest.mark.parametrize("edition", EDITIONS)
def test_consistent_reports_raise_no_alarm(edition: str) -> None:
    for number in range(SAMPLE):
        first, second = consistent.following(edition, Random(number), 2)
        assert seeded.failing(seeded.audit(first)) == []
        assert seeded.failing(seeded.audit(second, first)) == []


@pytest.mark.parametrize("kind", list(seeded.KINDS))
@pytest.mark.parametrize("edition", EDITIONS)
def test_seeded_errors_are_found(edition: str, kind: str) -> None:
    missed = 0
    for number in range(SAMPLE):
        random = Random(1000 + number)
        first, second = consistent.following(edition, random, 2)
        wrong = seeded.seed(kind, second, first, random)
        missed += wrong is not None and not seeded.is_found(wrong) and not seeded.cancels_out(wrong)
    # A count or share of the text may be hidden by the rounding of what it is held against; a sum never is.
    assert missed <= (0 if kind in seeded.ARITHMETIC else 1)


def test_an_error_in_one_cell_is_named_by_a_sum_that_holds_the_cell() -> None:
    for number in range(SAMPLE):
        random = Random(2000 + number)
        first, second = consistent.following("2021", random, 2)
        wrong = seeded.seed("one cell", second, first, random)
        assert wrong
        changed = {key for key, value in wrong.made.table.items() if second.table[key] != value}
        for finding in seeded.failing(seeded.audit(wrong.made, first)):
            told = {(cell.indicator, cell.applicant) for cell in finding.cells}
            assert any((key.indicator, key.applicant or "") in told for key in changed) or finding.rule.startswith(
                "text."
            )
