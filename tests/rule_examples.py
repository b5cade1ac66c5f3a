"""For every rule a report that keeps it and one that breaks it. A rule without examples fails the tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from dashboard import checks, definitions
from dashboard.checks import Below, Finding, Reported
from dashboard.checks.identities import CellKey, identities
from dashboard.schema import FRACTION, Absence, Body, Fact, Measure, Mention, Report, Segment
from tests import consistent


@dataclass(frozen=True)
class Given:
    """All that the checks are given for one report."""

    report: Report
    facts: Sequence[Fact]
    mentions: Sequence[Mention] = ()
    previous: Sequence[Reported] = ()
    below: Below | None = None
    body: Body | None = None

    def findings(self, rule: str) -> list[Finding]:
        found = checks.run(
            self.report, self.facts, self.mentions, previous=self.previous, below=self.below, body=self.body
        )
        return [each for each in found if each.rule == rule]


Examples = tuple[Given, Given]


def bare(edition: str, seed: int = 1, **values: int) -> Given:
    """A consistent report's table without its prose, some cells set: `requests__received=5`."""
    made = consistent.make(edition, Random(seed))
    table = [fact for fact in made.facts if consistent.is_cell(fact)]
    given = Given(made.report, table)
    return with_cells(given, {CellKey(code.replace("__", ".")): Decimal(value) for code, value in values.items()})


def with_cells(given: Given, values: dict[CellKey, Decimal | None]) -> Given:
    made = consistent.changed(consistent.Made(given.report, tuple(given.facts), ()), values)
    return replace(given, facts=made.facts)


def broken_sum(rule: str, edition: str) -> Examples:
    """A consistent table, and the same with the left side of the rule's first sum a thousand million too large."""
    clean = bare(edition)
    identity = next(each for each in identities(edition) if each.rule == rule)
    return clean, with_cells(clean, {identity.left[0]: Decimal(10**9)})


def one_cell(value: str) -> Examples:
    clean = bare("2014")
    return clean, with_cells(clean, {CellKey("requests.received.fax"): Decimal(value)})


def said(
    code: str, value: str, printed: str, *, segment: Segment = Segment.ALL, measure: Measure = Measure.VALUE,
    at: int = 0, line: int = 9,
) -> Fact:  # fmt: skip
    unit = definitions.indicators()[code].unit if measure is Measure.VALUE else FRACTION
    return Fact(
        code, segment, "", measure, Decimal(value), unit, None, printed, f"line:{line}/chars:{at}-{at + len(printed)}"
    )


def noted(
    value: str, unit: str, printed: str, counts: str, *, at: int, measure: Measure = Measure.VALUE, subject: str = "",
    indicator: str = "", bound: str = "",
) -> Mention:  # fmt: skip
    return Mention(
        value=Decimal(value), unit=unit, bound=bound, counts=counts, section="二", indicator=indicator, measure=measure,
        locator=f"line:9/chars:{at}-{at + len(printed)}", as_printed=printed, subject=subject,
    )  # fmt: skip


def prose(*pair: Sequence[Fact], **values: int) -> Examples:
    """The same table with the facts of a clean and of a broken text."""
    given = bare("2014", **values)
    clean, broken = (replace(given, facts=[*given.facts, *facts]) for facts in pair)
    return clean, broken


def quantities(*pair: Sequence[Mention], **values: int) -> Examples:
    clean, broken = (replace(bare("2014", **values), mentions=mentions) for mentions in pair)
    return clean, broken


def segments() -> Examples:
    def parts(localities: str) -> list[Fact]:
        return [
            said("requests.received", "750", "750件"),
            said("requests.received", "370", "370件", segment=Segment.DEPARTMENTS, at=20),
            said("requests.received", localities, f"{localities}件", segment=Segment.LOCALITIES, at=40),
        ]

    return prose(parts("380"), parts("390"), requests__received=750)


def rates(counts: str, measure: Measure) -> Callable[[], Examples]:
    """Received 94.05 万, closed 82.27 万, and a share of it: 87.5% is right, 95.9% is not."""

    def given(rate: str) -> list[Mention]:
        closed = noted("822700", "件", "82.27万件", "回复办结", at=20)
        subject = closed.locator if measure is Measure.SHARE else ""
        value = str(Decimal(rate.rstrip("%")) / 100)
        return [
            noted("940500", "件", "94.05万件", "受理诉求", at=0), closed,
            noted(value, FRACTION, rate, counts, at=33, measure=measure, subject=subject),
        ]  # fmt: skip

    return lambda: quantities(given("87.5%"), given("95.9%"))


def parts_of(*pair: Sequence[str]) -> Callable[[], Examples]:
    def given(values: Sequence[str]) -> list[Mention]:
        whole = noted("8249", "条", "8249条", "项目信息", at=0)
        return [
            whole,
            *(noted(v, "个", f"{v}个", "审批", at=20 * i, subject=whole.locator) for i, v in enumerate(values, 1)),
        ]

    return lambda: quantities(*(given(values) for values in pair))


def years(edition: str, code: str) -> Callable[[], Examples]:
    """Two years in a row that go on from each other; then with one more than what is carried on."""

    def given() -> Examples:
        first, second = consistent.following(edition, Random(4), 2)
        clean = Given(second.report, second.facts, previous=[Reported(first.report, first.facts)])
        key = next(key for key in second.table if key.indicator == code)
        return clean, with_cells(clean, {key: second.table[key] + 1})

    return given


def growth() -> Examples:
    def given(rate: str) -> Given:
        before, now = bare("2014", requests__received=200), bare("2014", requests__received=250)
        now = replace(now, report=replace(now.report, year=2015))
        fact = said("requests.received", str(Decimal(rate) / 100), f"{rate}%", measure=Measure.YOY_RATE)
        return replace(now, facts=[*now.facts, fact], previous=[Reported(before.report, before.facts)])

    return given("25"), given("27.5")


def jump() -> Examples:
    def given(last: int) -> Given:
        past = [bare("2014", requests__received=value) for value in (200, 210, 230, 220, 240)]
        reports = [Reported(replace(each.report, year=2014 + n), each.facts) for n, each in enumerate(past)]
        now = bare("2014", requests__received=last)
        return replace(now, report=replace(now.report, year=2019, edition="2014"), previous=reports)

    return given(250), given(2500)


def hierarchy() -> Examples:
    bodies = [Body("990100", "甲县", "Jia", "county", "990000"), Body("990200", "乙县", "Yi", "county", "990000")]

    def given(received: int) -> Given:
        whole = bare("2014")
        small = {key: Decimal(0) for key in identities_of("2014")} | {CellKey("requests.received"): Decimal(received)}
        below = [with_cells(bare("2014"), dict(small)) for _ in bodies]
        reports = [Reported(replace(g.report, body=b.body), g.facts) for g, b in zip(below, bodies, strict=True)]
        report = replace(whole.report, localities=2)
        whole = with_cells(whole, {CellKey("requests.received"): Decimal(100)})
        return replace(whole, report=report, below=Below(bodies, reports))

    return given(40), given(60)


def identities_of(edition: str) -> list[CellKey]:
    return [CellKey(cell.indicator, cell.applicant) for cell in definitions.forms()[edition].cells]


def lacking(absence: Absence | None) -> Examples:
    clean = bare("2021")
    key = CellKey("review.upheld")
    facts = [
        replace(fact, value=None, absence=absence) if fact.indicator == key.indicator else fact
        for fact in clean.facts
        if absence or fact.indicator != key.indicator
    ]
    return clean, replace(clean, facts=facts)


def empty_table() -> Examples:
    clean = bare("2021")
    return clean, with_cells(clean, {CellKey("charges.amount"): None})


def report(**changes: object) -> Callable[[], Examples]:
    def given() -> Examples:
        clean = replace(bare("2021"), body=Body("990000", "云岭市", "Yunling", "prefecture"))
        return clean, replace(clean, report=replace(clean.report, **changes))

    return given


def gap() -> Examples:
    before, now = bare("2021"), bare("2021")
    earlier = Reported(replace(before.report, year=now.report.year - 1), before.facts)
    older = Reported(replace(before.report, year=now.report.year - 3), before.facts)
    return replace(now, previous=[earlier]), replace(now, previous=[older])


EXAMPLES: dict[str, Callable[[], Examples]] = {
    "arithmetic.total": lambda: broken_sum("arithmetic.total", "2014"),
    "arithmetic.applicants": lambda: broken_sum("arithmetic.applicants", "2021"),
    "arithmetic.closing": lambda: broken_sum("arithmetic.closing", "2019"),
    "arithmetic.of_which": lambda: broken_sum("arithmetic.of_which", "2014"),
    "arithmetic.counted_once": lambda: broken_sum("arithmetic.counted_once", "2014"),
    "arithmetic.largest_channel": lambda: broken_sum("arithmetic.largest_channel", "2014"),
    "arithmetic.whole": lambda: one_cell("2.5"),
    "arithmetic.not_negative": lambda: one_cell("-1"),
    "text.table": lambda: prose(
        [said("disclosure.total", "706700", "70.67万条")], [said("disclosure.total", "706800", "70.68万条")],
        disclosure__total=706668,
    ),
    "text.zero": lambda: prose(
        [said("complaints.total", "0", "未收到举报投诉")], [said("review.total", "0", "未收到行政复议")],
        complaints__total=0, review__total=3,
    ),
    "text.bound": lambda: quantities(
        [noted("300", "件", "近300件", "申请", at=0, indicator="requests.received", bound="近")],
        [noted("300", "件", "300余件", "申请", at=0, indicator="requests.received", bound="余")],
        requests__received=296,
    ),
    "text.repeated": lambda: prose(
        [said("meetings.held", "12000", "1.2万次"), said("meetings.held", "11980", "11980次", at=30)],
        [said("meetings.held", "12000", "1.2万次"), said("meetings.held", "12980", "12980次", at=30)],
    ),
    "text.scope": lambda: prose(
        [said("normative.issued", "29", "29件", segment=Segment.OWN)],
        [said("normative.issued", "31", "31件", segment=Segment.OWN)],
        normative__issued=30,
    ),
    "text.segments": segments,
    "text.sum": lambda: prose(
        [said("review.total", "9", "9件"), *(said(f"review.{r}", "3", "3件", at=20) for r in ("upheld", "corrected", "other"))],
        [said("review.total", "8", "8件"), *(said(f"review.{r}", "3", "3件", at=20) for r in ("upheld", "corrected", "other"))],
    ),
    "text.share": lambda: prose(
        [said("requests.closed.on_time", "0.986", "98.6%", measure=Measure.SHARE)],  # 98.666…% cut off
        [said("requests.closed.on_time", "0.985", "98.5%", measure=Measure.SHARE)],
        requests__closed__on_time=740, requests__closed=750, requests__received=750, requests__answered=750,
    ),
    "text.claim": lambda: (
        replace(bare("2014", review__total=3, review__upheld=3), mentions=[all_upheld()]),
        replace(bare("2014", review__total=3, review__upheld=2), mentions=[all_upheld()]),
    ),
    "text.rate": rates("办结率", Measure.VALUE),
    "text.part_share": rates("回复办结占比", Measure.SHARE),
    "text.part": parts_of(["4522", "190"], ["9522", "190"]),
    "text.parts": parts_of(["4522", "190", "3537"], ["4522", "190", "3573"]),
    "series.carried": years("2021", "requests.carried_in"),
    "series.in_force": years("2021", "normative.in_force"),
    "series.published_total": years("2019", "normative.published_total"),
    "series.items": years("2019", "licensing.items_last_year"),
    "series.growth": growth,
    "series.jump": jump,
    "hierarchy.sum": hierarchy,
    "completeness.blank": lambda: lacking(Absence.BLANK),
    "completeness.missing": lambda: lacking(None),
    "completeness.unreadable": lambda: lacking(Absence.UNREADABLE),
    "completeness.table": empty_table,
    "completeness.narrative": lambda: quantities([noted("3", "次", "3次", "会议", at=0)], []),
    "completeness.year": report(title="云岭市2020年政府信息公开工作年度报告"),
    "completeness.period": report(period_start="2021-03-01"),
    "completeness.late": report(published="2022-04-01"),
    "completeness.years": gap,
}  # fmt: skip


def all_upheld() -> Mention:
    return noted("1", FRACTION, "均获维持", "维持", at=0, measure=Measure.SHARE, indicator="review.upheld")
