"""What a check finds: a rule that was tried, what stood on both sides, the cells that prove it. Records only.

A finding tells no sentence itself; `telling` says it in a language from what it holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from dashboard.checks.identities import Relation
from dashboard.checks.interval import Interval
from dashboard.schema import Measure, Segment


class Verdict(StrEnum):
    """How a rule came out. Within rounding: the figures can agree as far as they are printed."""

    FAILS = "fails"
    NOT_ASSESSABLE = "not_assessable"
    HOLDS_WITHIN_ROUNDING = "holds_within_rounding"
    HOLDS = "holds"


class Severity(StrEnum):
    """What it means where a rule fails: the report contradicts itself, ought to be looked at, or is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Why(StrEnum):
    """Why a rule could not be assessed."""

    EMPTY_CELL = "empty_cell"
    NOT_IN_TABLE = "not_in_table"
    NO_PREVIOUS = "no_previous"
    OTHER_FORM = "other_form"
    NO_FIGURE = "no_figure"
    NO_WHOLE = "no_whole"
    FROM_NOTHING = "from_nothing"
    NO_INDICATOR = "no_indicator"
    SHORT_HISTORY = "short_history"
    PART_UNSTATED = "part_unstated"
    PARTS_OVERLAP = "parts_overlap"
    PARTS_NOT_ALL = "parts_not_all"
    NONE_BELOW = "none_below"
    BELOW_MISSING = "below_missing"
    OTHER_SCOPE = "other_scope"
    BELOW_EMPTY = "below_empty"
    NO_YEAR = "no_year"
    NO_PERIOD = "no_period"
    NO_DATE = "no_date"
    NO_LEVEL = "no_level"


class Side(StrEnum):
    """Where a cell stands in the comparison."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of evidence: what stands there, how it is printed, whose report it is in. `operator` joins it to the side.

    `indicator` is empty for a quantity of the prose that no indicator exists for; `counts` then says what it counts.
    """

    side: Side
    indicator: str = ""
    applicant: str = ""
    segment: Segment = Segment.ALL
    measure: Measure = Measure.VALUE
    counts: str = ""
    as_printed: str = ""
    locator: str = ""
    body: str = ""
    year: int = 0
    operator: str = "+"

    @property
    def key(self) -> str:
        """What the cell is, whatever it holds. Prose may state one figure twice: there the place tells them apart."""
        place = "" if "table:" in self.locator else self.locator
        what = self.indicator or self.counts
        return "/".join((self.side, self.body, str(self.year), what, self.applicant, self.segment, self.measure, place))


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule held against one set of cells. `why` is the reason where it could not be assessed.

    `inferred` is the value that an empty cell must have for the rule to hold: never a value of the report.
    `message` and `values` are the sentence; without one, both sides and the verdict are told.
    """

    body: str
    year: int
    rule: str
    verdict: Verdict
    severity: Severity
    cells: tuple[Cell, ...] = ()
    left: Interval | None = None
    relation: Relation = Relation.EQUAL
    right: Interval | None = None
    unit: str = ""
    why: Why | None = None
    inferred: Decimal | None = None
    message: str = ""
    values: tuple[tuple[str, str | int | Decimal], ...] = ()

    @property
    def id(self) -> str:
        """The same for the same body, year, rule and cells, whatever their values are."""
        told = "\n".join((self.body, str(self.year), self.rule, *(cell.key for cell in self.cells)))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def is_problem(self) -> bool:
        return self.verdict is Verdict.FAILS and self.severity is not Severity.NOTE


def has_error(findings: Iterable[Finding]) -> bool:
    return any(each.verdict is Verdict.FAILS and each.severity is Severity.ERROR for each in findings)


def judge(left: Interval, relation: Relation, right: Interval) -> Verdict:
    """Whether both sides can stand in the relation: for certain, as far as they are printed, or not at all."""
    if relation is Relation.AT_MOST:
        if left.is_above(right):
            return Verdict.FAILS
        is_certain = left.high is not None and right.low is not None and left.high <= right.low
        return Verdict.HOLDS if is_certain else Verdict.HOLDS_WITHIN_ROUNDING
    if not left.meets(right):
        return Verdict.FAILS
    return Verdict.HOLDS if left.is_exact and right.is_exact else Verdict.HOLDS_WITHIN_ROUNDING
