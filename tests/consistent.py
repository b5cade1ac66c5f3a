"""Invented reports whose figures agree with each other: every sum of the edition solved from its parts upwards.

For tests and benchmarks alone; the same seed gives the same report. `make` a report, `following` the next year's,
`changed` one with other values in its table. The names are those of no place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from dashboard import definitions
from dashboard.checks.identities import TOTAL, CellKey, Identity, Relation, identities
from dashboard.schema import FRACTION, Absence, Fact, Measure, Mention, Report, Segment

BODY, NAME = "990000", "云岭市"
MONEY = ("fees.collected", "capacity.budget", "charges.amount", "procurement.amount")
Values = dict[CellKey, Decimal]


@dataclass(frozen=True, slots=True)
class Made:
    """A whole report as the data folder holds it; the table's facts come first, in the order of the form."""

    report: Report
    facts: tuple[Fact, ...]
    mentions: tuple[Mention, ...]

    @property
    def table(self) -> Values:
        """The cells of the table that hold a value."""
        return {
            CellKey(fact.indicator, fact.applicant): fact.value
            for fact in self.facts
            if is_cell(fact) and fact.value is not None
        }


def make(edition: str, random: Random, before: Made | None = None) -> Made:
    """A report of the edition; with `before`, the one of the next year, which carries on and grows from it."""
    form = definitions.forms()[edition]
    year = before.report.year + 1 if before else form.first_year
    values = solve(edition, random, before)
    prose = _Prose(random, values, before.table if before else {})
    prose.write(edition)
    report = _report(edition, year)
    return Made(report, (*_table(edition, values), *prose.facts), tuple(prose.mentions))


def following(edition: str, random: Random, years: int) -> list[Made]:
    """Reports of `years` years in a row, oldest first; no more than the edition held."""
    made = [make(edition, random)]
    while len(made) < years:
        made.append(make(edition, random, made[-1]))
    return made


def changed(made: Made, values: Mapping[CellKey, Decimal | None]) -> Made:
    """The report with other values in cells of its table; None empties a cell."""
    return replace(made, facts=tuple(_changed(fact, values) for fact in made.facts))


def is_cell(fact: Fact) -> bool:
    return "table:" in fact.locator


def solve(edition: str, random: Random, before: Made | None = None) -> Values:
    """A value for every cell of the edition: leaves by lot, everything else by its sum."""
    form, sums = definitions.forms()[edition], identities(edition)
    values = {
        CellKey(cell.indicator, cell.applicant): _leaf(cell.indicator, random)
        for cell in form.cells
        if cell.applicant != TOTAL
    }
    _add_up(values, sums, "arithmetic.total")
    _carry(values, sums, random, before.table if before else {})
    _go_on(values, edition, random, before)
    _count_once(values, sums, random)
    for each in sums:
        if each.rule == "arithmetic.of_which":
            values[each.left[0]] = Decimal(random.randint(0, int(values[each.right[0]])))
    _add_up(values, sums, "arithmetic.applicants")
    return {
        CellKey(cell.indicator, cell.applicant): values[CellKey(cell.indicator, cell.applicant)] for cell in form.cells
    }


def _leaf(indicator: str, random: Random) -> Decimal:
    if indicator in MONEY:
        return Decimal(random.randint(0, 900_000)).scaleb(-2)
    if indicator.endswith(".items_change"):
        return Decimal(random.randint(-9, 30))
    large = indicator.startswith("disclosure.channel")
    return Decimal(random.randint(1000, 400_000) if large else random.choice([0, 0, 1, 2, random.randint(3, 400)]))


def _add_up(values: Values, sums: Sequence[Identity], rule: str) -> None:
    """Totals from their items, the deepest first, so that a total of totals finds them summed."""
    wholes = [each for each in sums if each.rule == rule and all(part.applicant != TOTAL for part in each.right)]
    for each in sorted(wholes, key=lambda each: -each.left[0].indicator.count(".")):
        values[each.left[0]] = sum((values[part] for part in each.right), Decimal(0))


def _carry(values: Values, sums: Sequence[Identity], random: Random, last: Values) -> None:
    """Carried in is last year's carried out; received is what then closes the balance."""
    for each in sums:
        if each.rule != "arithmetic.closing" or each.left[0].applicant == TOTAL:
            continue
        (received, carried_in), (closed, carried_out) = each.left, each.right
        most = values[closed]
        values[carried_in] = last.get(carried_out, Decimal(random.randint(0, int(most) // 4)))
        values[carried_out] = max(Decimal(random.randint(0, 9)), values[carried_in] - most)
        values[received] = most + values[carried_out] - values[carried_in]


def _go_on(values: Values, edition: str, random: Random, before: Made | None) -> None:
    """What goes on from year to year: documents in force, documents published in all, items of a kind."""
    last = before.table if before else {}
    for kind in ("regulations", "normative"):
        force, issued, gone = (CellKey(f"{kind}.{each}") for each in ("in_force", "issued", "repealed"))
        total, published = CellKey(f"{kind}.published_total"), CellKey(f"{kind}.published")
        if edition == "2021":
            held = last.get(force, Decimal(random.randint(100, 900)))
            values[gone] = Decimal(random.randint(0, int(held)))
            values[force] = held + values[issued] - values[gone]
        elif edition == "2019":
            values[total] = last.get(total, Decimal(random.randint(0, 900))) + values[published]
    for key in [each for each in values if each.indicator.endswith(".items_last_year")]:
        change = CellKey(key.indicator.replace("items_last_year", "items_change"))
        values[key] = last.get(key, Decimal(100)) + last.get(change, Decimal(0))


def _count_once(values: Values, sums: Sequence[Identity], random: Random) -> None:
    """A total that counts once what stands in several channels: from the largest channel up to their sum."""
    for each in sums:
        if each.rule == "arithmetic.counted_once":
            least = [i.left[0] for i in sums if i.rule == "arithmetic.largest_channel" and i.right == each.left]
            low, high = max(values[key] for key in least), sum(values[key] for key in each.right)
            values[each.left[0]] = Decimal(random.randint(int(low), int(high)))


def _report(edition: str, year: int) -> Report:
    return Report(
        body=BODY, year=year, edition=edition, title=f"{NAME}{year}年政府信息公开工作年度报告",
        published=f"{year + 1}-01-20", period_start=f"{year}-01-01", period_end=f"{year}-12-31",
        format="txt", sha256="0" * 64, tool_version="0",
    )  # fmt: skip


def _table(edition: str, values: Values) -> list[Fact]:
    return [_cell(key, values[key], row) for row, key in enumerate(values, 1)]


def _cell(key: CellKey, value: Decimal, row: int) -> Fact:
    unit = definitions.indicators()[key.indicator].unit
    return Fact(
        indicator=key.indicator, applicant=key.applicant, value=value, unit=unit, as_printed=f"{value:f}",
        locator=f"line:{100 + row}/table:1/row:{row}/col:2",
    )  # fmt: skip


def _changed(fact: Fact, values: Mapping[CellKey, Decimal | None]) -> Fact:
    key = CellKey(fact.indicator, fact.applicant)
    if not is_cell(fact) or key not in values:
        return fact
    value = values[key]
    if value is None:
        return replace(fact, value=None, absence=Absence.BLANK, as_printed="")
    return replace(fact, value=value, absence=None, as_printed=f"{value:f}")


class _Prose:
    """The sentences of a report as what is read from them: facts with their mentions, a line a sentence."""

    def __init__(self, random: Random, values: Values, last: Values) -> None:
        self.facts: list[Fact] = []
        self.mentions: list[Mention] = []
        self._random, self._values, self._last = random, values, last
        self._line, self._column = 9, 0

    def write(self, edition: str) -> None:
        if edition == "2014":
            for code, departments in self._departments().items():
                self._with_segments(code, departments)
            self._value("requests.closed.on_time")
            self._share("requests.closed.on_time", "requests.closed")
            for result in ("total", "upheld", "corrected", "other"):
                self._value(f"review.{result}")
            return
        for code in ("normative.issued", "requests.received", "requests.carried_in", "requests.closed"):
            if CellKey(code) in self._values or CellKey(code, TOTAL) in self._values:
                self._value(code)
                self._growth(code)

    def _departments(self) -> dict[str, Decimal]:
        """What the departments have of each whole; neither they nor the localities publish more than in all."""
        total, website = self._of("disclosure.total"), self._of("disclosure.channel.website")
        on_website = self._random.randint(0, int(website))
        in_all = self._random.randint(on_website, on_website + int(total - website))
        received = self._random.randint(0, int(self._of("requests.received")))
        told = {"disclosure.total": in_all, "disclosure.channel.website": on_website, "requests.received": received}
        return {code: Decimal(value) for code, value in told.items()}

    def _with_segments(self, code: str, departments: Decimal) -> None:
        """The whole, its growth, and the two segments it is made of, all of them rounded where they are large."""
        self._line += 1
        value = self._of(code)
        whole = self._value(code)
        self._growth(code, whole)
        self._value(code, Segment.DEPARTMENTS, departments)
        self._value(code, Segment.LOCALITIES, value - departments)

    def _of(self, code: str, values: Values | None = None) -> Decimal:
        held = self._values if values is None else values
        return held.get(CellKey(code, TOTAL), held.get(CellKey(code), Decimal(0)))

    def _value(self, code: str, segment: Segment = Segment.ALL, value: Decimal | None = None) -> str:
        exact = self._of(code) if value is None else value
        unit = definitions.indicators()[code].unit
        stated, printed = _printed(exact, unit)
        return self._say(code, segment, Measure.VALUE, stated, unit, printed)

    def _share(self, part: str, whole: str) -> None:
        if self._of(whole):
            stated, printed = _percent(self._of(part) / self._of(whole), self._random)
            self._say(part, Segment.ALL, Measure.SHARE, stated, FRACTION, printed)

    def _growth(self, code: str, subject: str = "") -> None:
        last = self._of(code, self._last)
        if last and self._of(code) >= last:
            stated, printed = _percent(self._of(code) / last - 1, self._random)
            self._say(code, Segment.ALL, Measure.YOY_RATE, stated, FRACTION, printed, subject)

    def _say(
        self, code: str, segment: Segment, measure: Measure, value: Decimal, unit: str, printed: str, subject: str = ""
    ) -> str:
        self._column += 20
        locator = f"line:{self._line}/chars:{self._column}-{self._column + len(printed)}"
        self.facts.append(Fact(code, segment, "", measure, value, unit, None, printed, locator))
        self.mentions.append(
            Mention(
                value=value, unit=unit, counts=definitions.indicators()[code].name_zh, section="二", locator=locator,
                indicator=code, measure=measure, as_printed=printed, subject=subject,
            )
        )  # fmt: skip
        return locator


def _printed(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """A large count as prose prints it: 706668 as 70.67 万条; what it then says, and how."""
    if value < 10_000 or unit == "万元":
        return value, f"{value:f}{unit}"
    in_myriads = (value / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return in_myriads * 10_000, f"{in_myriads:f}万{unit}"


def _percent(fraction: Decimal, random: Random) -> tuple[Decimal, str]:
    digits = Decimal(1).scaleb(-random.randint(1, 2))
    percent = (fraction * 100).quantize(digits, ROUND_HALF_UP)
    return percent / 100, f"{percent:f}%"


def holds(identity: Identity, values: Mapping[CellKey, Decimal]) -> bool:
    """Whether a sum is kept, told without the checks that this is there to test."""
    left, right = (sum(values[key] for key in side) for side in (identity.left, identity.right))
    return left == right if identity.relation is Relation.EQUAL else left <= right
