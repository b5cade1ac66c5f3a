"""`python -m tests.accuracy`: how many cells of the statutory tables are read right, by edition and format.

Counts the cells of the named reports and of reports by chance (`--random`, so many for each edition and format), and, where
the document lies beside the repository, those of a real report against the committed facts. Exit code 1 where one is not right.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from random import Random

from dashboard import documents, forms
from dashboard.messages import UserError
from dashboard.schema import Absence, Body
from tests.conftest import REAL_REPORT, ROOT
from tests.documents import chance, named, printed
from tests.documents.printed import Key
from tests.documents.writers import WRITERS

_HEADINGS = ("Reports", "Edition", "Format", "Documents", "Cells", "Right", "Wrong", "Missing")
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
    parser.add_argument(
        "--random", type=int, default=100, metavar="N", help="reports by chance, for each edition and format"
    )
    counts = _counted(chain(_real(), _named(), _by_chance(parser.parse_args().random)))
    print(f"| {' | '.join(_HEADINGS)} |\n|{'---|' * 3}{'---:|' * 5}")
    for place, count in counts.items():
        cells = count["right"] + count["wrong"] + count["missing"]
        row = [
            *place,
            *(f"{n:,}" for n in (count["documents"], cells, count["right"], count["wrong"], count["missing"])),
        ]
        print(f"| {' | '.join(row)} |")
    return int(any(count["wrong"] + count["missing"] for count in counts.values()))


def _counted(cases: Iterable[Case]) -> dict[tuple[str, str, str], Counter[str]]:
    counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for case in cases:
        count, found = counts[case.reports, case.edition, case.suffix], _read(case)
        count["documents"] += 1
        for key, value in case.expected.items():
            count["missing" if key not in found else "right" if found[key] == value else "wrong"] += 1
        count["wrong"] += len(set(found) - set(case.expected))
    return counts


def _read(case: Case) -> Values:
    """What the tables of the file give; nothing where it is refused, since nothing would be written."""
    try:
        reading = forms.read(documents.parse(case.content, case.suffix), [case.body])
    except UserError as error:
        print(f"{case.edition}{case.suffix}: {error}", file=sys.stderr)
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


def _by_chance(count: int) -> Iterator[Case]:
    for edition in chance.YEARS:
        for suffix, write in WRITERS.items():
            for seed in range(count):
                report = chance.report(Random(f"{edition}{suffix}{seed}"), edition)
                expected = {key: (each.value, each.absence) for key, each in printed.expected(report).items()}
                body = Body("990100", report.body, "", "prefecture")
                yield Case("by chance", edition, suffix, write(report), body, expected)


if __name__ == "__main__":
    sys.exit(main())
