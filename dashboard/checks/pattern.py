"""Findings of reports with the same cells: found once by the rules, then told again with each report's own figures.

Where every cell of a table holds a figure and every sum is right, what the rules find in two tables of one shape differs
in nothing but figures and places. A report that is not so is left to the rules. The rows are equal in either way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, count, pairwise
from operator import itemgetter
from typing import Any, TypeVar, cast

from dashboard.checks import arithmetic, rows
from dashboard.checks.case import Case, Reported
from dashboard.checks.finding import Cell, Finding, Side, Verdict
from dashboard.checks.identities import CellKey, Relation
from dashboard.checks.shape import Shape
from dashboard.schema import DECIMALS, EvidenceRow, FindingRow, Report, columns
from dashboard.tables.by_column import ByColumn

Rules = Callable[[Case], Iterable[Finding]]
Rows = tuple[ByColumn[FindingRow], ByColumn[EvidenceRow]]
Columns = dict[str, Sequence[Any]]
Sides = tuple[Decimal, Decimal]
Getter = Callable[[Sequence[Any]], tuple[Any, ...]]
Record = TypeVar("Record")
# Patterns known at a time; where every table has a shape of its own they help nobody.
_KNOWN = 256
_ZERO = Decimal(0)


class Patterns:
    """The rows of rules that look at the table alone, or at that of the year before as well."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Pattern] = {}

    def rows(self, rules: Rules, case: Case, *, with_last: bool = False) -> Rows:
        """As `rows.of` has the findings of these rules."""
        tables = [case.reported, *([case.last.reported] if with_last and case.last else [])]
        shapes = [table.shape for table in tables if table.shape and len(table.values) == table.shape.count]
        if len(shapes) < len(tables):  # a cell is empty, or there twice
            return rows.of(rules(case))
        key = (rules, case.report.edition, *shapes)
        pattern = self._known.get(key)
        found = pattern.rows(case, tables) if pattern else None
        return found or self._learned(rules, case, shapes, key)

    def _learned(self, rules: Rules, case: Case, shapes: list[Shape], key: tuple[Any, ...]) -> Rows:
        findings = list(rules(case))
        if key not in self._known and all(map(_is_told_again, findings)):
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[key] = Pattern.of(findings, shapes)
        return rows.of(findings)


def _is_told_again(finding: Finding) -> bool:
    """Whether it follows from the cells there are, and that two sums of them agree."""
    if finding.inferred is not None or (finding.left is None and finding.verdict is Verdict.FAILS):
        return False
    return finding.left is None or finding.verdict is Verdict.HOLDS


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The place of a finding, and the cells that are added up and taken away on each side of it."""

    place: int
    relation: Relation
    left: Getter
    right: Getter
    less: Getter

    @classmethod
    def of(cls, place: int, finding: Finding, shapes: Sequence[Shape]) -> _Comparison:
        left = [_row(cell, shapes) for cell in finding.cells if cell.side is Side.LEFT]
        right = [(cell.operator, _row(cell, shapes)) for cell in finding.cells if cell.side is Side.RIGHT]
        more, less = ([row for operator, row in right if operator == mark] for mark in ("+", "−"))
        return cls(place, finding.relation, _getter(left), _getter(more), _getter(less))

    def sides(self, values: Sequence[Decimal]) -> Sides | None:
        """What stands on both sides; None where that is not right."""
        left, right = sum(self.left(values), _ZERO), sum(self.right(values), _ZERO) - sum(self.less(values), _ZERO)
        is_right = left == right if self.relation is Relation.EQUAL else left <= right
        return (left, right) if is_right else None


@dataclass(frozen=True, slots=True)
class _Figures:
    """Which figures the findings are about, and what has to be true of them for the findings to be these."""

    whole: Getter
    not_negative: Getter
    comparisons: Sequence[_Comparison]

    @classmethod
    def of(cls, findings: Sequence[Finding], shapes: Sequence[Shape]) -> _Figures:
        """Whole and not negative have to be a report's own cells, where these are rules among those tried."""
        own = shapes[0]
        cells = own.places.items() if any(finding.rule == "arithmetic.whole" for finding in findings) else ()
        return cls(
            _getter([row for _, row in cells if arithmetic.is_count(own.units[row])]),
            _getter([row for key, row in cells if not arithmetic.may_fall(key.indicator)]),
            [_Comparison.of(place, finding, shapes) for place, finding in enumerate(findings) if finding.left],
        )

    def sides(self, values: Sequence[Decimal]) -> list[Sides] | None:
        """Of each comparison; None where a figure is not what it has to be, and the rules have to say what is wrong."""
        exponent = sum(values, _ZERO).as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -DECIMALS:  # such figures are rounded one by one, in `rows`
            return None
        if exponent < 0 and any(value != value.to_integral_value() for value in self.whole(values)):
            return None
        if min(self.not_negative(values), default=0) < 0:
            return None
        found = [each.sides(values) for each in self.comparisons]
        return None if None in found else cast("list[Sides]", found)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The rows of findings, with the figures of the first report they were found in.

    What a row of evidence has of its own, it takes by `cells`: from the rows of the report's table, then those of the year
    before, then `constant`, for what is no cell of a table. `keys` are what each finding's id is made of, in pieces
    between which the year before is named.
    """

    findings: Columns
    evidence: Columns
    figures: _Figures
    keys: Sequence[Sequence[bytes]]
    ends: Sequence[int]
    finding_of: Getter
    cells: Getter
    constant: Sequence[tuple[str, str]]
    is_of_last: Sequence[bool]

    @classmethod
    def of(cls, findings: Sequence[Finding], shapes: Sequence[Shape]) -> Pattern:
        found, evidence = rows.of(findings)
        cells = [cell for finding in findings for cell in finding.cells]
        constant = [(cell.as_printed, cell.locator) for cell in cells if not cell.indicator]
        behind = count(sum(shape.count for shape in shapes))
        return cls(
            findings=_columns(FindingRow, found),
            evidence=_columns(EvidenceRow, evidence),
            figures=_Figures.of(findings, shapes),
            keys=[_key(finding) for finding in findings],
            ends=list(accumulate(len(finding.cells) for finding in findings)),
            finding_of=_getter([place for place, finding in enumerate(findings) for _ in finding.cells]),
            cells=_getter([_row(cell, shapes) if cell.indicator else next(behind) for cell in cells]),
            constant=constant,
            is_of_last=[bool(cell.year) for cell in cells],
        )

    def rows(self, case: Case, tables: Sequence[Reported]) -> Rows | None:
        """The rows of a report of the same shape; None where the rules have to say what is wrong with its figures."""
        sides = self.figures.sides(_of_tables(tables, "value"))
        if sides is None:
            return None
        printed = self.cells([*_of_tables(tables, "as_printed"), *(printed for printed, _ in self.constant)])
        locators = self.cells([*_of_tables(tables, "locator"), *(locator for _, locator in self.constant)])
        ids = self._ids(case.report)
        return self._found(ids, sides, printed), self._evidence(case.report, ids, printed, locators)

    def _ids(self, report: Report) -> list[str]:
        """As `Finding.id` makes them."""
        begun, last = f"{report.body}\n{report.year}\n".encode(), _of_last(report.body, report.year - 1).encode()
        return [hashlib.sha256(begun + last.join(pieces)).hexdigest()[:16] for pieces in self.keys]

    def _found(self, ids: list[str], sides: list[Sides], printed: Sequence[str]) -> ByColumn[FindingRow]:
        left: list[Decimal | None] = [None] * len(ids)
        right = left.copy()
        for each, (one, other) in zip(self.figures.comparisons, sides, strict=True):
            left[each.place], right[each.place] = one, other
        figures = ["|".join(printed[start:end]) for start, end in pairwise([0, *self.ends])]
        own: Columns = {
            "id": ids, "left_low": left, "left_high": left, "right_low": right, "right_high": right, "figures": figures,
        }  # fmt: skip
        return _rows(FindingRow, self.findings | own)

    def _evidence(
        self, report: Report, ids: list[str], printed: Sequence[str], locators: Sequence[str]
    ) -> ByColumn[EvidenceRow]:
        own: Columns = {"finding": self.finding_of(ids), "as_printed": printed, "locator": locators}
        if any(self.is_of_last):
            own["source_body"] = [report.body if is_of_last else "" for is_of_last in self.is_of_last]
            own["source_year"] = [report.year - 1 if is_of_last else 0 for is_of_last in self.is_of_last]
        return _rows(EvidenceRow, self.evidence | own)


def _of_tables(tables: Sequence[Reported], name: str) -> list[Any]:
    """A column of facts, of the rows of each report's table itself."""
    found: list[Any] = []
    for table in tables:
        if not isinstance(table.facts, ByColumn) or table.shape is None:
            raise TypeError("a report with a shape is held by column")
        found += table.facts.column(name)[: table.shape.count]
    return found


def _columns(record: type, held: ByColumn[Any]) -> Columns:
    return {name: held.column(name) for name in columns(record)}


def _rows(record: type[Record], held: Columns) -> ByColumn[Record]:
    return ByColumn(record, [held[name] for name in columns(record)])


def _row(cell: Cell, shapes: Sequence[Shape]) -> int:
    """Where the cell stands among the rows of the report's table and, behind them, those of the year before."""
    key = CellKey(cell.indicator, cell.applicant)
    return shapes[0].count + shapes[1].places[key] if cell.year else shapes[0].places[key]


def _of_last(body: str, year: int) -> str:
    """How the key of a cell of another report names it."""
    return f"/{body}/{year}/"


def _key(finding: Finding) -> list[bytes]:
    """What its id is made of after body and year, cut where its cells name the year before."""
    pieces = [finding.rule]
    for cell in finding.cells:
        head, mark, rest = cell.key.partition(_of_last(cell.body, cell.year) if cell.year else "\n")
        pieces[-1] += f"\n{head}"
        if mark:
            pieces.append(rest)
    return [each.encode() for each in pieces]


def _getter(places: Sequence[int]) -> Getter:
    """These items of a row, always as a tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple([row[place] for place in places])
