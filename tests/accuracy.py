"""`python -m tests.accuracy`: how many cells of the statutory tables are read right, by edition and format.

Counts the cells of the named reports and of reports by chance (`--random`, so many for each edition and format), and, where
the document lies beside the repository, those of a real report against the committed facts. A document that is refused gives
no cell: all of its cells are missing. Exit code 1 where a cell is wrong, or missing from any but a PDF without lines.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from random import Random

from dashboard import documents, forms
from dashboard.messages import UserError
from dashboard.schema import Absence, Body
from tests.conftest import REAL_REPORT, ROOT
from tests.documents import chance, named, printed
from tests.documents.description import Description
from tests.documents.printed import Key
from tests.documents.writers import WRITERS

_HEADINGS = ("Reports", "Edition", "Format", "Documents", "Refused", "Cells", "Right", "Wrong", "Missing")
_COUNTED = ("documents", "refused", "cells", "right", "wrong", "missing")
_NO_LINES = "by chance, no lines"
Values = dict[Key, tuple[Decimal | None, Absence | None]]


@dataclass(frozen=True)
class Case:
    """A file and the figures that its tables hold."""

    reports: str
    edition: str
    suffix: str
    content: bytes
    body: Body
    expected: Values


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("--random", type=int, default=100, metavar="N", help="reports by chance of each kind")
    number = parser.parse_args().random
    counts = _counted(chain(_real(), _named(), _by_chance(number), _without_lines(number)))
    print(f"| {' | '.join(_HEADINGS)} |\n|{'---|' * 3}{'---:|' * 6}")
    for place, count in counts.items():
        print(f"| {' | '.join([*place, *(f'{count[each]:,}' for each in _COUNTED)])} |")
    return int(
        any(count["wrong"] or (count["missing"] and kind != _NO_LINES) for (kind, _, _), count in counts.items())
    )


def _counted(cases: Iterable[Case]) -> dict[tuple[str, str, str], Counter[str]]:
    counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for case in cases:
        found, count = _read(case), counts[case.reports, case.edition, case.suffix]
        count["documents"] += 1
        count["refused"] += not found
        count["cells"] += len(case.expected)
        for key, value in case.expected.items():
            count["missing" if key not in found else "right" if found[key] == value else "wrong"] += 1
        count["wrong"] += len(set(found) - set(case.expected))
    return counts


def _read(case: Case) -> Values:
    """What the tables of the file give; nothing where it is refused, since nothing would be written."""
    try:
        reading = forms.read(documents.parse(case.content, case.suffix), [case.body])
    except UserError:
        return {}
    facts = [fact for fact in reading.facts if "table:" in fact.locator]
    return {(fact.indicator, fact.applicant): (fact.value, fact.absence) for fact in facts}


def _real() -> Iterator[Case]:
    if not REAL_REPORT.is_file():
        return
    with (ROOT / "data" / "facts" / "640000-2018.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "table:" in row["locator"]]
    expected: Values = {
        (row["indicator"], row["applicant"]): (
            Decimal(row["value"]) if row["value"] else None,
            Absence(row["absence"]) if row["absence"] else None,
        )
        for row in rows
    }
    body = Body("640000", "宁夏回族自治区", "Ningxia", "province")
    yield Case("real", "2014", REAL_REPORT.suffix, REAL_REPORT.read_bytes(), body, expected)


def _named() -> Iterator[Case]:
    for each in named.reports():
        expected = {key: (meaning.value, meaning.absence) for key, meaning in each.expected().items()}
        for suffix in WRITERS:
            yield Case("named", each.edition, suffix, each.file(suffix).read_bytes(), each.body, expected)


def _by_chance(number: int) -> Iterator[Case]:
    for edition in chance.YEARS:
        for suffix in WRITERS:
            for seed in range(number):
                yield _drawn("by chance", chance.report(Random(f"{edition}{suffix}{seed}"), edition), suffix)


def _without_lines(number: int) -> Iterator[Case]:
    """PDFs whose tables have no lines around the cells: the hardest to read, and rare."""
    for edition in chance.YEARS:
        for seed in range(number):
            report = chance.report(Random(f"{edition}{seed}"), edition)
            yield _drawn(_NO_LINES, replace(report, dress=replace(report.dress, is_unruled=True)), ".pdf")


def _drawn(kind: str, report: Description, suffix: str) -> Case:
    expected = {key: (each.value, each.absence) for key, each in printed.expected(report).items()}
    body = Body("990100", report.body, "", "prefecture")
    return Case(kind, report.edition, suffix, WRITERS[suffix](report), body, expected)


if __name__ == "__main__":
    sys.exit(main())
