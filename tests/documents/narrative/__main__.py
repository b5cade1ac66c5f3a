"""Prints precision and recall of the narrative reader over the invented reports, as the table of docs/accuracy-narrative.md."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from tests.documents.narrative import Report, reports


def main() -> None:
    print(table())
    if "--differences" in sys.argv:
        for report in reports():
            _print_differences(report)


def table() -> str:
    rows = [
        "| edition | documents | facts expected | precision | recall | mentions expected | precision | recall |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows += [_row(edition, list(group)) for edition, group in groupby(reports(), key=lambda report: report.edition)]
    return "\n".join([*rows, _row("all", reports())])


def _row(name: str, group: Iterable[Report]) -> str:
    group = list(group)
    cells = [name, str(len(group))]
    for kind in ("facts", "mentions"):
        expected = sum(len(report.expected(kind)) for report in group)
        found = sum(len(report.found(kind)) for report in group)
        right = sum(_shared(report, kind) for report in group)
        cells += [str(expected), _percent(right, found), _percent(right, expected)]
    return f"| {' | '.join(cells)} |"


def _shared(report: Report, kind: str) -> int:
    return (Counter(report.expected(kind)) & Counter(report.found(kind))).total()


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _print_differences(report: Report) -> None:
    for kind in ("facts", "mentions"):
        expected, found = Counter(report.expected(kind)), Counter(report.found(kind))
        for row in (expected - found).elements():
            print(report.name, kind, "missing", *row)
        for row in (found - expected).elements():
            print(report.name, kind, "wrong", *row)


if __name__ == "__main__":
    main()
