"""Findings of reports with the same cells: found once by the rules, then told again with each report's own figures.

Where every cell of a table holds a figure and every sum is right, what the rules find in two tables of one shape differs
in nothing but figures and places. A report that is not so is left to the rules. The rows are equal in either way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from operator import itemgetter
from typing import Any, TypeVar

from dashboard.checks import arithmetic, rows
from dashboard.checks.case import Case, Reported
from dashboard.checks.finding import Cell, Finding, Side, Verdict
from dashboard.checks.identities import CellKey, Relation
from dashboard.checks.shape import Shape
from dashboard.schema import EvidenceRow, FindingRow, columns
from dashboard.tables.by_column import ByColumn

Rules = Callable[[Case], Iterable[Finding]]
Rows = tuple[ByColumn[FindingRow], ByColumn[EvidenceRow]]
Getter = Callable[[Sequence[Any]], tuple[Any, ...]]
Record = TypeVar("Record")
# Patterns known at a time; where every table has a shape of its own they help nobody.
_KNOWN = 256
# Decimals that a column holds: figures with more of them are rounded one by one, in `rows`.
_DECIMALS = 8


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
    """The place of a finding, and the rows that are added up and taken away on each side of it."""

    place: int
    relation: Relation
    left: Getter
    right: Getter
    less: Getter

    def sides(self, values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
        zero = Decimal(0)
        return sum(self.left(values), zero), sum(self.right(values), zero) - sum(self.less(values), zero)


@dataclass(frozen=True)
class Pattern:
    """Rows without their figures. A row of evidence takes its own from `places`: of the report, then of the year before,
    then of `constant`, for what is no cell of a table.

    `keys` are what the id of each finding is made of, in pieces between which the year before is named.
    """

    findings: dict[str, Sequence[Any]]
    evidence: dict[str, Sequence[Any]]
    keys: Sequence[Sequence[bytes]]
    ends: Sequence[int]
    finding_of: Getter
    places: Getter
    constant: Sequence[tuple[str, str]]
    is_last: Sequence[bool]
    comparisons: Sequence[_Comparison]
    whole: Getter
    not_negative: Getter

    @classmethod
    def of(cls, findings: Sequence[Finding], shapes: Sequence[Shape]) -> Pattern:
        found, cells = rows.of(findings)
        listed = [cell for finding in findings for cell in finding.cells]
        count = sum(shape.count for shape in shapes)
        constant = [(cell.as_printed, cell.locator) for cell in listed if not cell.indicator]
        numbers = iter(range(count, count + len(constant)))
        places = [_place(cell, shapes) if cell.indicator else next(numbers) for cell in listed]
        ends = _ends(findings)
        own, keys = shapes[0], list(shapes[0].places)
        is_checked = any(finding.rule == "arithmetic.whole" for finding in findings)
        return cls(
            findings=_kept(FindingRow, found), evidence=_kept(EvidenceRow, cells), keys=[_keys(each) for each in findings],
            ends=ends, finding_of=_getter([number for number, each in enumerate(findings) for _ in each.cells]),
            places=_getter(places), constant=constant, is_last=[bool(cell.year) for cell in listed],
            comparisons=[_comparison(number, each, shapes) for number, each in enumerate(findings) if each.left],
            whole=_getter([own.places[key] for key in keys if is_checked and arithmetic.is_count(own.units[own.places[key]])]),
            not_negative=_getter([own.places[key] for key in keys if is_checked and not arithmetic.may_fall(key.indicator)]),
        )  # fmt: skip

    def rows(self, case: Case, tables: Sequence[Reported]) -> Rows | None:
        """The rows of a report of the same shape; None where a sum is not right, and the rules have to say what is wrong."""
        values = [value for table in tables for value in _first(table, "value")]
        sides = self._sides(values)
        if sides is None:
            return None
        printed = [cell for table in tables for cell in _first(table, "as_printed")]
        locators = [cell for table in tables for cell in _first(table, "locator")]
        printed += [cell for cell, _ in self.constant]
        locators += [locator for _, locator in self.constant]
        return self._told(case, sides, self.places(printed), self.places(locators))

    def _sides(self, values: list[Decimal]) -> list[tuple[Decimal, Decimal]] | None:
        exponent = sum(values, Decimal(0)).as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -_DECIMALS:
            return None
        if exponent < 0 and any(value != value.to_integral_value() for value in self.whole(values)):
            return None
        if min(self.not_negative(values), default=0) < 0:
            return None
        sides = []
        for each in self.comparisons:
            left, right = each.sides(values)
            if left > right or (left < right and each.relation is Relation.EQUAL):
                return None
            sides.append((left, right))
        return sides

    def _told(
        self, case: Case, sides: list[tuple[Decimal, Decimal]], printed: tuple[str, ...], locators: tuple[str, ...]
    ) -> Rows:
        body, year = case.report.body, case.report.year
        begun, last = f"{body}\n{year}\n".encode(), f"/{body}/{year - 1}/".encode()
        ids = [hashlib.sha256(begun + last.join(keys)).hexdigest()[:16] for keys in self.keys]
        left: list[Decimal | None] = [None] * len(ids)
        right = left.copy()
        for each, (one, other) in zip(self.comparisons, sides, strict=True):
            left[each.place], right[each.place] = one, other
        figures, start = [], 0
        for end in self.ends:
            figures.append("|".join(printed[start:end]))
            start = end
        found = {
            "id": ids,
            "left_low": left,
            "left_high": left,
            "right_low": right,
            "right_high": right,
            "figures": figures,
        }
        cells: dict[str, Sequence[Any]] = {"finding": self.finding_of(ids), "as_printed": printed, "locator": locators}
        if any(self.is_last):
            cells["source_body"] = [body if each else "" for each in self.is_last]
            cells["source_year"] = [year - 1 if each else 0 for each in self.is_last]
        return _with(FindingRow, self.findings, found), _with(EvidenceRow, self.evidence, cells)


def _first(table: Reported, name: str) -> Sequence[Any]:
    """The rows of the table itself, of a column of facts."""
    if not isinstance(table.facts, ByColumn) or table.shape is None:
        raise TypeError("a report with a shape is held by column")
    held: Sequence[Any] = table.facts.column(name)[: table.shape.count]
    return held


def _with(record: type[Record], held: dict[str, Sequence[Any]], changed: dict[str, Sequence[Any]]) -> ByColumn[Record]:
    told = held | changed
    return ByColumn(record, [told[name] for name in columns(record)])


def _kept(record: type, found: ByColumn[Any]) -> dict[str, Sequence[Any]]:
    return {name: found.column(name) for name in columns(record)}


def _place(cell: Cell, shapes: Sequence[Shape]) -> int:
    key = CellKey(cell.indicator, cell.applicant)
    return shapes[0].count + shapes[1].places[key] if cell.year else shapes[0].places[key]


def _keys(finding: Finding) -> list[bytes]:
    """What its id is made of after body and year, where the cells of the year before name theirs in between."""
    pieces = [[finding.rule]]
    for cell in finding.cells:
        head, mark, rest = cell.key.partition(f"/{cell.body}/{cell.year}/" if cell.year else "\n")
        pieces[-1] += ["\n", head]
        if mark:
            pieces.append([rest])
    return ["".join(each).encode() for each in pieces]


def _comparison(place: int, finding: Finding, shapes: Sequence[Shape]) -> _Comparison:
    left = [_place(cell, shapes) for cell in finding.cells if cell.side is Side.LEFT]
    right = [(cell.operator, _place(cell, shapes)) for cell in finding.cells if cell.side is Side.RIGHT]
    more, less = ([each for operator, each in right if operator == mark] for mark in ("+", "−"))
    return _Comparison(place, finding.relation, _getter(left), _getter(more), _getter(less))


def _ends(findings: Sequence[Finding]) -> list[int]:
    return list(accumulate(len(finding.cells) for finding in findings))


def _getter(places: Sequence[int]) -> Getter:
    """These items of a row, always as a tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple([row[place] for place in places])
