"""Every rule: a report that keeps it passes, one that breaks it is found, and both are told in both languages."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from dashboard import checks
from dashboard.checks import Finding, Interval, Reported, Severity, Verdict, telling
from dashboard.checks.identities import CellKey
from dashboard.messages import Language
from dashboard.schema import Absence, Body, Measure, Segment
from tests import consistent
from tests.rule_examples import EXAMPLES, Given, bare, growth, hierarchy, noted, prose, said, with_cells

HOLDING = (Verdict.HOLDS, Verdict.HOLDS_WITHIN_ROUNDING)


def failing(found: list[Finding]) -> list[Finding]:
    return [each for each in found if each.verdict is Verdict.FAILS]


def test_every_rule_has_its_examples() -> None:
    assert list(EXAMPLES) == list(checks.rules())


@pytest.mark.parametrize("rule", list(checks.rules()))
def test_a_report_that_keeps_the_rule_passes(rule: str) -> None:
    found = EXAMPLES[rule]()[0].findings(rule)
    assert failing(found) == []
    assert [each for each in found if each.verdict in HOLDING]


@pytest.mark.parametrize("rule", list(checks.rules()))
def test_a_report_that_breaks_the_rule_is_found(rule: str) -> None:
    assert failing(EXAMPLES[rule]()[1].findings(rule))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("rule", list(checks.rules()))
def test_what_is_found_is_told_without_gaps(rule: str, language: Language) -> None:
    for given in EXAMPLES[rule]():
        for finding in given.findings(rule):
            told = telling.say(finding, language)
            assert told
            assert "{" not in told
            assert "None" not in told


@pytest.mark.parametrize("rule", list(checks.rules()))
def test_ids_are_unique_in_a_report_and_the_same_when_run_again(rule: str) -> None:
    broken = EXAMPLES[rule]()[1]
    found = checks.run(broken.report, broken.facts, broken.mentions, previous=broken.previous, below=broken.below)
    assert len({each.id for each in found}) == len(found)
    again = checks.run(broken.report, broken.facts, broken.mentions, previous=broken.previous, below=broken.below)
    assert [each.id for each in found] == [each.id for each in again]


def test_an_id_stays_when_the_values_change() -> None:
    clean, broken = EXAMPLES["arithmetic.total"]()
    ids = [[each.id for each in given.findings("arithmetic.total")] for given in (clean, broken)]
    assert ids[0] == ids[1]


# ---- empty cells


def test_an_empty_cell_is_not_zero_and_its_value_is_inferred() -> None:
    table = with_cells(
        bare("2014"),
        {CellKey(f"review.{each}"): value for each, value in (("total", Decimal(9)), ("upheld", Decimal(5)),
                                                             ("corrected", None), ("other", Decimal(2)))},
    )  # fmt: skip
    [finding] = [each for each in table.findings("arithmetic.total") if each.cells[0].indicator == "review.total"]
    assert (finding.verdict, finding.inferred) == (Verdict.NOT_ASSESSABLE, Decimal(2))
    [blank] = failing(table.findings("completeness.blank"))
    assert blank.inferred == Decimal(2)


def test_a_sum_that_no_value_of_the_empty_cell_could_make_right_fails() -> None:
    values = {"total": Decimal(3), "upheld": Decimal(5), "corrected": None, "other": Decimal(2)}
    table = with_cells(bare("2014"), {CellKey(f"review.{each}"): value for each, value in values.items()})
    [finding] = [each for each in table.findings("arithmetic.total") if each.cells[0].indicator == "review.total"]
    assert finding.verdict is Verdict.FAILS


def test_two_sums_that_need_different_values_of_one_empty_cell_contradict_each_other() -> None:
    made = consistent.make("2021", Random(8))
    given = Given(made.report, made.facts)
    key, sibling = CellKey("requests.outcome.granted", "business"), CellKey("requests.outcome.granted", "research")
    moved = with_cells(
        given, {key: None, sibling: made.table[sibling] + 2, CellKey("requests.closed", "research"): None}
    )
    found = failing([each for rule in ("arithmetic.applicants", "arithmetic.total") for each in moved.findings(rule)])
    assert found


def test_several_empty_cells_in_a_sum_infer_nothing() -> None:
    table = with_cells(bare("2014"), {CellKey("review.upheld"): None, CellKey("review.other"): None})
    [finding] = [each for each in table.findings("arithmetic.total") if each.cells[0].indicator == "review.total"]
    assert finding.inferred is None


def test_an_empty_cell_in_one_sum_is_found_through_another() -> None:
    made = consistent.make("2021", Random(9))
    cells = [CellKey("requests.outcome.granted", "business"), CellKey("requests.outcome.partial", "business")]
    table = with_cells(Given(made.report, made.facts), dict.fromkeys(cells))
    inferred = {each.cells[0].indicator: each.inferred for each in failing(table.findings("completeness.blank"))}
    assert inferred == {key.indicator: made.table[key] for key in cells}


def test_a_change_in_the_number_of_items_may_be_negative_and_money_may_have_decimals() -> None:
    given = with_cells(
        bare("2019"), {CellKey("licensing.items_change"): Decimal(-7), CellKey("procurement.amount"): Decimal("1.5")}
    )
    assert failing(given.findings("arithmetic.not_negative")) == []
    assert failing(given.findings("arithmetic.whole")) == []


# ---- text


@pytest.mark.parametrize("printed", ["98.7%", "98.6%"])
def test_a_share_may_be_rounded_or_cut_off(printed: str) -> None:
    share = said("requests.closed.on_time", str(Decimal(printed[:-1]) / 100), printed, measure=Measure.SHARE)
    values = {"requests__closed__on_time": 740, "requests__closed": 750}
    given = prose([share], [], **values)[0]
    assert [each.verdict for each in given.findings("text.share")] == [Verdict.HOLDS_WITHIN_ROUNDING]


def test_the_office_itself_may_be_a_part_of_the_whole_beside_departments_and_localities() -> None:
    told = [
        said("disclosure.channel.weibo", "47324", "47324条"),
        said("disclosure.channel.weibo", "4269", "4269条", segment=Segment.OWN, at=20),
        said("disclosure.channel.weibo", "5474", "5474条", segment=Segment.DEPARTMENTS, at=40),
        said("disclosure.channel.weibo", "37581", "37581条", segment=Segment.LOCALITIES, at=60),
    ]
    [finding] = prose(told, [], disclosure__channel__weibo=47324)[0].findings("text.segments")
    assert (finding.verdict, len(finding.cells)) == (Verdict.HOLDS, 4)


def test_what_the_office_says_of_itself_is_never_an_error() -> None:
    broken = EXAMPLES["text.scope"]()[1]
    assert {each.severity for each in failing(broken.findings("text.scope"))} == {Severity.NOTE}
    assert broken.findings("text.table") == []


def test_lawsuits_told_as_one_figure_are_held_against_both_kinds() -> None:
    given = with_cells(
        bare("2021"),
        {CellKey("litigation.direct.total"): Decimal(3), CellKey("litigation.after_review.total"): Decimal(4)},
    )
    for value, verdict in (("7", Verdict.HOLDS), ("3", Verdict.FAILS)):
        told = replace(given, facts=[*given.facts, said("litigation.total", value, f"{value}件")])
        assert [each.verdict for each in told.findings("text.table")] == [verdict]


def test_requests_of_the_text_are_held_against_the_column_of_totals() -> None:
    made = consistent.make("2021", Random(2))
    value = made.table[CellKey("requests.received", "total")]
    given = Given(
        made.report,
        [*(f for f in made.facts if consistent.is_cell(f)), said("requests.received", f"{value}", f"{value}件")],
    )
    assert [each.verdict for each in given.findings("text.table")] == [Verdict.HOLDS]


def test_parts_that_overlap_are_not_held_against_their_whole() -> None:
    whole = noted("94", "件", "94件", "诉求", at=0)
    parts = [
        noted(value, "件", f"{value}件", "其中", at=20 + i, subject=whole.locator)
        for i, value in enumerate(("86", "82"))
    ]
    [finding] = Given(bare("2014").report, [], [whole, *parts]).findings("text.parts")
    assert (finding.verdict, finding.why) == (Verdict.NOT_ASSESSABLE, checks.Why.PARTS_OVERLAP)


def test_few_parts_that_fall_short_may_not_be_all() -> None:
    whole = noted("100", "条", "100条", "信息", at=0)
    parts = [noted(v, "条", f"{v}条", "其中", at=20 + i, subject=whole.locator) for i, v in enumerate(("50", "49"))]
    [finding] = Given(bare("2014").report, [], [whole, *parts]).findings("text.parts")
    assert (finding.verdict, finding.why) == (Verdict.NOT_ASSESSABLE, checks.Why.PARTS_NOT_ALL)


def test_segments_that_fall_short_may_leave_out_the_office_itself() -> None:
    told = [
        said("review.total", "9", "9件"),
        said("review.total", "4", "4件", segment=Segment.DEPARTMENTS, at=20),
        said("review.total", "3", "3件", segment=Segment.LOCALITIES, at=40),
    ]
    [finding] = prose(told, [], review__total=9)[0].findings("text.segments")
    assert (finding.verdict, finding.severity) == (Verdict.FAILS, Severity.WARNING)


def test_a_rate_is_not_held_against_a_quantity_far_before_it() -> None:
    far = noted("200", "项", "200项", "问题", at=0)
    near = [
        noted("57", "项", "57项", "整改问题", at=90),
        noted("0.965", "fraction", "96.5%", "整改率", at=97),
    ]
    [finding] = Given(bare("2014").report, [], [far, *near]).findings("text.rate")
    assert finding.why is checks.Why.NO_WHOLE


def test_a_rate_of_all_is_not_held_against_those_done_in_time() -> None:
    told = [
        noted("100", "件", "100件", "受理", at=0),
        noted("82", "件", "82件", "按时办结", at=10),
        noted("0.95", "fraction", "95%", "办结率", at=17),
    ]
    [finding] = Given(bare("2014").report, [], told).findings("text.rate")
    assert finding.why is checks.Why.NO_FIGURE


def test_the_share_of_a_channel_may_be_of_all_channels() -> None:
    values = {"gazette": 10, "website": 60, "weibo": 10, "wechat": 10, "other": 10}
    cells = {f"disclosure__channel__{code}": value for code, value in values.items()} | {"disclosure__total": 80}
    for share, verdict in (("60%", True), ("75%", True), ("70%", False)):
        told = said("disclosure.channel.website", str(Decimal(share[:-1]) / 100), share, measure=Measure.SHARE)
        [finding] = prose([told], [], **cells)[0].findings("text.share")
        assert (finding.verdict is not Verdict.FAILS) is verdict


def test_requests_in_all_are_a_share_of_nothing_the_report_states() -> None:
    told = said("requests.received", "0.02", "2%", measure=Measure.SHARE)
    [finding] = prose([told], [], requests__received=750, requests__closed=750)[0].findings("text.share")
    assert finding.why is checks.Why.NO_WHOLE


def test_nothing_is_inferred_for_a_cell_that_does_not_apply() -> None:
    given = bare("2014", review__total=9, review__upheld=5, review__other=2)
    facts = [
        replace(fact, value=None, absence=Absence.NOT_APPLICABLE) if fact.indicator == "review.corrected" else fact
        for fact in given.facts
    ]
    found = replace(given, facts=facts).findings("arithmetic.total")
    [finding] = [each for each in found if each.cells[0].indicator == "review.total"]
    assert (finding.verdict, finding.inferred) == (Verdict.NOT_ASSESSABLE, None)


# ---- series, hierarchy, completeness


def test_without_the_year_before_nothing_is_carried_from_it() -> None:
    found = bare("2021").findings("series.carried")
    assert {(each.verdict, each.why) for each in found} == {(Verdict.NOT_ASSESSABLE, checks.Why.NO_PREVIOUS)}


def test_each_kind_of_applicant_is_carried_on_its_own() -> None:
    assert len(EXAMPLES["series.carried"]()[0].findings("series.carried")) == 7


def test_a_fall_is_stated_as_a_negative_rate() -> None:
    given = growth()[0]
    before = with_cells(
        Given(given.previous[0].report, given.previous[0].facts), {CellKey("requests.received"): Decimal(400)}
    )
    rate = said("requests.received", "-0.375", "37.5%", measure=Measure.YOY_RATE)
    facts = [fact for fact in given.facts if consistent.is_cell(fact)]
    now = replace(given, facts=[*facts, rate], previous=[Reported(before.report, before.facts)])
    assert [each.verdict for each in now.findings("series.growth")] == [Verdict.HOLDS_WITHIN_ROUNDING]


def test_a_report_of_other_bodies_than_those_below_is_not_summed() -> None:
    given = hierarchy()[1]
    other = replace(given, report=replace(given.report, localities=9))
    assert [each.why for each in other.findings("hierarchy.sum")] == [checks.Why.OTHER_SCOPE]


def test_a_body_below_that_has_not_reported_leaves_the_sum_open() -> None:
    given = hierarchy()[1]
    assert given.below
    fewer = replace(given, below=replace(given.below, reports=given.below.reports[:1]))
    assert [each.why for each in fewer.findings("hierarchy.sum")] == [checks.Why.BELOW_MISSING]


@pytest.mark.parametrize(
    ("year", "level", "published", "verdict"),
    [
        (2021, "prefecture", "2022-03-31", Verdict.HOLDS), (2021, "prefecture", "2022-04-01", Verdict.FAILS),
        (2021, "department", "2022-01-31", Verdict.HOLDS), (2021, "department", "2022-02-01", Verdict.FAILS),
        (2021, "", "2022-02-01", Verdict.NOT_ASSESSABLE), (2021, "", "2022-01-31", Verdict.HOLDS),
        (2021, "", "2022-04-01", Verdict.FAILS), (2018, "department", "2019-03-31", Verdict.HOLDS),
        (2021, "prefecture", "", Verdict.NOT_ASSESSABLE),
    ],
)  # fmt: skip
def test_the_date_is_that_of_the_law_in_force(year: int, level: str, published: str, verdict: Verdict) -> None:
    given = bare("2014" if year < 2019 else "2021")
    body = Body("990000", "云岭市", "Yunling", level) if level else None
    given = replace(given, report=replace(given.report, year=year, published=published), body=body)
    assert [each.verdict for each in given.findings("completeness.late")] == [verdict]


def test_an_interval_with_an_open_end_is_above_nothing() -> None:
    assert not Interval(Decimal(3), None).is_above(Interval(Decimal(5), None))
