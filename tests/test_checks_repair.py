"""The smallest correction of a table: what it names, what explains it, and what it leaves open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import definitions
from dashboard.checks.identities import CellKey, identities
from dashboard.checks.repair import Correction, Group, Repair, Slip, program, slips, smallest_repair, telling
from dashboard.checks.repair.smallest import MOST_SHOWN
from dashboard.checks.repair.sums import broken_sums
from dashboard.messages import Language
from tests import consistent, misprints

NEVER = 60.0  # seconds that no case comes near: what is told must not depend on the machine
EDITIONS = sorted(definitions.forms())
CLOSED, ON_TIME, EXTENDED = (CellKey(f"requests.closed{each}") for each in ("", ".on_time", ".extended"))
ISSUED, TOTAL = "disclosure.normative", CellKey("disclosure.total")
CHANNELS = [CellKey(f"disclosure.channel.{each}") for each in ("gazette", "website", "weibo", "wechat", "other")]


def repaired(edition: str, cells: Mapping[CellKey, Decimal | None]) -> Repair:
    return smallest_repair(edition, cells, seconds=NEVER)


def numbers(cells: Mapping[CellKey, int | None]) -> dict[CellKey, Decimal | None]:
    return {cell: None if value is None else Decimal(value) for cell, value in cells.items()}


def closed(total: int | None, on_time: int | None, extended: int | None) -> Group:
    """The one group of a table that states nothing but the requests closed."""
    (group,) = repaired("2014", numbers({CLOSED: total, ON_TIME: on_time, EXTENDED: extended})).groups
    return group


def told(correction: Correction) -> dict[CellKey, tuple[Decimal | None, Slip | None]]:
    return {edit.cell: (edit.suggested, edit.slip) for edit in correction.edits}


def large(edition: str = "2021") -> dict[CellKey, Decimal | None]:
    """A table whose columns and rows tell each misprint of the requests from every other."""
    values = count(11)
    table: dict[CellKey, Decimal | None] = dict.fromkeys(consistent.solve(edition, Random(1)), Decimal(0))
    leaves = [cell for cell in table if cell.applicant not in ("", "total") and "outcome" in cell.indicator]
    table |= {cell: Decimal(next(values) ** 2) for cell in leaves}
    return _summed(edition, table)


def _summed(edition: str, table: dict[CellKey, Decimal | None]) -> dict[CellKey, Decimal | None]:
    sums = [each for each in identities(edition) if "requests.closed" in each.left[0].indicator]
    for each in sums:
        table[each.left[0]] = sum((table[cell] or Decimal(0) for cell in each.right), Decimal(0))
    for each in identities(edition):
        if each.rule == "arithmetic.closing":
            table[each.left[0]] = table[each.right[0]]
    for each in identities(edition):
        if each.rule == "arithmetic.applicants":
            table[each.left[0]] = sum((table[cell] or Decimal(0) for cell in each.right), Decimal(0))
    return table


def granted(applicant: str) -> CellKey:
    return CellKey("requests.outcome.granted", applicant)


def test_a_table_that_keeps_its_sums_needs_nothing() -> None:
    for edition in EDITIONS:
        assert repaired(edition, consistent.solve(edition, Random(5))).groups == ()


@pytest.mark.parametrize(
    ("printed", "meant", "slip"),
    [
        (12, 102, Slip.LEFT_OUT),
        (1200, 102, None),
        (123, 987, None),
        (201, 210, Slip.SWAPPED),
        (2201, 201, Slip.DOUBLED),
        (2031, 201, Slip.ADDED),
        (251, 201, Slip.MISTYPED),
        (201000, 201, Slip.DECIMAL_POINT),
        (2010000, 201, Slip.MYRIAD),
        (0, 201, None),
    ],
)
def test_a_slip_is_told_from_the_digits(printed: int, meant: int, slip: Slip | None) -> None:
    assert slips.slip(Decimal(printed), Decimal(meant)) is slip


def test_a_printed_decimal_is_a_misplaced_point() -> None:
    assert slips.slip(Decimal("20.1"), Decimal(201)) is Slip.DECIMAL_POINT


@given(st.integers(0, 10**7), st.data())
def test_a_digit_less_is_a_digit_left_out_or_a_likelier_slip(meant: int, data: st.DataObject) -> None:
    digits = f"{meant}0"
    place = data.draw(st.integers(0, len(digits) - 1))
    printed = Decimal(digits[:place] + digits[place + 1 :] or "0")
    if printed and printed != int(digits) and f"{printed}" == digits[:place] + digits[place + 1 :]:
        assert slips.slip(printed, Decimal(int(digits))) is Slip.LEFT_OUT or meant == 0


def test_all_equally_small_corrections_are_shown_those_a_slip_explains_first() -> None:
    group = closed(120, 100, 2)
    assert (group.size, group.is_proven, group.is_complete) == (1, True, True)
    assert [told(each) for each in group.corrections] == [
        {CLOSED: (102, Slip.SWAPPED)},
        {EXTENDED: (20, Slip.LEFT_OUT)},
        {ON_TIME: (118, None)},
    ]


def test_a_cell_that_would_have_to_be_negative_is_no_correction() -> None:
    group = closed(12, 100, 20)
    assert [told(each) for each in group.corrections] == [{CLOSED: (120, Slip.LEFT_OUT)}]


def test_a_correction_names_the_sums_it_settles() -> None:
    group = closed(12, 100, 20)
    (settled,) = group.corrections[0].settles
    assert (settled.rule, settled.left) == ("arithmetic.total", (CLOSED,))
    assert group.broken == group.corrections[0].settles


def test_a_blank_is_never_zero_and_costs_nothing() -> None:
    assert repaired("2014", numbers({CLOSED: 120, ON_TIME: 100, EXTENDED: None})).groups == ()
    assert repaired("2014", numbers({CLOSED: None, ON_TIME: 100, EXTENDED: 20})).groups == ()
    assert repaired("2014", {}).groups == ()


def test_a_part_above_its_total_is_broken_whatever_the_blank_holds() -> None:
    group = closed(100, 570, None)
    room = {each.edits[0].cell: (each.edits[0].low, each.edits[0].high) for each in group.corrections}
    assert room == {CLOSED: (570, None), ON_TIME: (0, 100)}


def test_where_no_slip_settles_it_the_room_is_told() -> None:
    on_time = next(each.edits[0] for each in closed(40, 57, None).corrections if each.edits[0].cell == ON_TIME)
    assert (on_time.suggested, on_time.low, on_time.high, on_time.slip) == (None, 0, 40, None)


def test_the_one_value_that_a_slip_explains_is_suggested_within_the_room() -> None:
    on_time = next(each.edits[0] for each in closed(40, 100, None).corrections if each.edits[0].cell == ON_TIME)
    assert (on_time.suggested, on_time.low, on_time.high, on_time.slip) == (10, 0, 40, Slip.DOUBLED)


def test_a_value_that_no_cell_can_hold_must_change() -> None:
    (group,) = repaired("2014", {CLOSED: Decimal(120), ON_TIME: Decimal("10.5"), EXTENDED: Decimal(15)}).groups
    assert [told(each) for each in group.corrections] == [{ON_TIME: (105, Slip.DECIMAL_POINT)}]


def test_a_total_counted_once_is_at_least_its_largest_channel() -> None:
    cells = numbers(dict.fromkeys(CHANNELS, 300) | {TOTAL: 40, CellKey(ISSUED): 30})
    (group,) = repaired("2014", cells).groups
    assert [set(told(each)) for each in group.corrections] == [{TOTAL}]
    edit = group.corrections[0].edits[0]
    assert (edit.low, edit.high, group.size) == (300, 1500, 1)
    assert edit.suggested == 400 or edit.suggested is None
    assert {each.rule for each in group.broken} == {"arithmetic.largest_channel"}


def test_a_part_of_which_is_at_most_its_whole() -> None:
    cells = numbers(dict.fromkeys(CHANNELS, 300) | {TOTAL: 1200, CellKey(ISSUED): 2100})
    (group,) = repaired("2014", cells).groups
    (only,) = group.corrections
    assert told(only).keys() == {CellKey(ISSUED)}
    assert (only.edits[0].low, only.edits[0].high) == (0, 1200)


def test_broken_sums_that_share_no_cell_are_groups_of_their_own() -> None:
    review = {CellKey(f"review.{each}"): 5 for each in ("upheld", "corrected", "other")} | {CellKey("review.total"): 51}
    repair = repaired("2014", numbers({CLOSED: 12, ON_TIME: 100, EXTENDED: 20} | review))
    assert sorted(group.size or 0 for group in repair.groups) == [1, 1]
    assert len(repair.first) == 2


def test_a_cell_in_a_row_and_a_column_is_named_alone() -> None:
    table = large()
    cell = granted("business")
    repair = repaired("2021", {**table, cell: (table[cell] or Decimal(0)) + 7})
    (group,) = repair.groups
    assert [each.edits[0].cell for each in group.corrections] == [cell]
    assert repair.first[0].suggested == table[cell]


def test_two_wrong_cells_are_both_named() -> None:
    table = large()
    wrong = {granted("business"): Decimal(7000), CellKey("requests.carried_out", "research"): Decimal(31)}
    (group,) = repaired("2021", {**table, **wrong}).groups
    assert group.size == 2
    first = {cell: suggested for cell, (suggested, _) in told(group.corrections[0]).items()}
    assert first == {cell: table[cell] for cell in wrong}


def test_a_value_in_the_next_column_is_told_as_moved_before_other_corrections() -> None:
    table = {**large(), granted("research"): Decimal(0)}
    table = _summed("2021", table)
    moved = {granted("business"): Decimal(0), granted("research"): table[granted("business")]}
    (group,) = repaired("2021", {**table, **moved}).groups
    assert {cell: slip for cell, (_, slip) in told(group.corrections[0]).items()} == dict.fromkeys(moved, Slip.MOVED)
    assert len(group.corrections) > 1, "any other row of these columns could make good the same difference"


def test_the_value_of_the_next_cell_is_told_as_copied() -> None:
    table = large()
    (group,) = repaired("2021", {**table, granted("business"): table[granted("research")]}).groups
    (correction,) = group.corrections
    assert told(correction)[granted("business")][0] == table[granted("business")]
    assert correction.edits[0].slip in (Slip.COPIED, Slip.MISTYPED)


def test_a_row_shifted_by_one_comes_before_what_is_equally_small() -> None:
    table = large()
    row = [cell for cell in table if cell.indicator == "requests.outcome.granted"]
    shifted = dict(zip(row, [Decimal(3), *(table[cell] for cell in row[:-1])], strict=True))
    (group,) = repaired("2021", {**table, **shifted}).groups
    assert told(group.corrections[0]) == {cell: (table[cell], Slip.LINE_SHIFTED) for cell in row}
    assert group.size == len(row) and group.is_proven


def test_what_search_leaves_the_integer_program_proves() -> None:
    table = large()
    wrong = {granted("business"): Decimal(7000), CellKey("requests.carried_out", "research"): Decimal(31)}
    (sums,) = broken_sums("2021", {**table, **wrong})
    answer = program.smallest(sums, (), NEVER)
    assert (answer.cells, answer.is_smallest) == (frozenset(wrong), True)
    assert program.smallest(sums, [answer.cells], NEVER).cells != answer.cells


def test_the_solver_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    (sums,) = broken_sums("2014", numbers({CLOSED: 12, ON_TIME: 100, EXTENDED: 20}))
    assert program.smallest(sums, (), NEVER).cells == {CLOSED}
    assert capfd.readouterr() == ("", "")


def test_when_time_is_up_nothing_is_claimed() -> None:
    clock = count(step=1.0)
    table = {**large(), granted("business"): Decimal(7000), granted("social"): Decimal(1)}
    repair = smallest_repair("2021", table, seconds=1.0, clock=lambda: next(clock))
    assert not repair.is_proven and not repair.is_complete
    assert repair.first == () and repair.groups[0].size is None
    assert telling.say_size(repair.groups[0], Language.EN) == "Time ran out before a correction was found."


def test_no_more_than_a_few_corrections_are_shown_and_that_is_said() -> None:
    table = large()
    held = [table[granted(each)] or Decimal(0) for each in ("business", "research")]
    more = {granted("business"): held[0] + 1, granted("research"): held[1] - 1}
    (group,) = repaired("2021", {**table, **more}).groups
    assert group.size == 2 and group.is_proven
    assert len(group.corrections) == MOST_SHOWN and not group.is_complete
    assert str(MOST_SHOWN) in telling.say_choice(group, Language.EN)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_same_table_gives_the_same_repair(edition: str) -> None:
    made = misprints.misprint("two cells", edition, Random(8))
    assert made is not None
    assert repaired(edition, made[1]) == repaired(edition, dict(reversed(made[1].items())))


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(EDITIONS), st.integers(0, 10**6), st.integers(1, 3), st.sampled_from([0.0, 0.1, 0.4]))
def test_a_correction_makes_every_sum_hold_and_is_no_larger_than_what_was_changed(
    edition: str, seed: int, wrong: int, blank: float
) -> None:
    random = Random(seed)
    table: misprints.Table = dict(consistent.solve(edition, random))
    for cell in random.sample(misprints.cells(edition), wrong):
        table[cell] = (table[cell] or Decimal(0)) + random.randint(-9, 400)
    table = {cell: None if random.random() < blank else value for cell, value in table.items()}
    repair = repaired(edition, table)
    assert len(repair.first) <= wrong
    for group in repair.groups:
        for correction in group.corrections:
            _makes_hold(edition, table, correction, repair)


def _makes_hold(edition: str, table: misprints.Table, correction: Correction, repair: Repair) -> None:
    """With the suggestions in, and both ends of one that is left open, no sum of the group is broken any longer."""
    mended = {**table, **{edit.cell: edit.suggested for edit in correction.edits}}
    cells = {edit.cell for edit in correction.edits}
    for sums in broken_sums(edition, mended):
        assert not cells & set(sums.cells), correction
    open_ = [edit for edit in correction.edits if edit.suggested is None]
    if len(open_) == 1:
        for end in (open_[0].low, open_[0].high):
            if end is not None:
                for sums in broken_sums(edition, {**mended, open_[0].cell: end}):
                    assert not cells & set(sums.cells), correction


def test_the_misprinted_cell_is_named_where_the_sums_determine_it() -> None:
    named, determined, among, tried = Counter[str](), Counter[str](), 0, 0
    for number in range(240):
        kind, edition = list(misprints.SINGLE)[number % len(misprints.SINGLE)], EDITIONS[number % len(EDITIONS)]
        made = misprints.misprint(kind, edition, Random(number))
        if made is None:
            continue
        before, after = made
        repair, wanted = repaired(edition, after), set(misprints.changes(before, after))
        tried += 1
        among += any({edit.cell for edit in each.edits} == wanted for each in repair.groups[0].corrections)
        if len(misprints.alone(edition, after)) == 1:
            determined[edition] += 1
            named[edition] += {edit.cell for edit in repair.first} == wanted
    assert tried > 150 and min(determined.values()) > 0
    assert all(named[each] >= 0.9 * determined[each] for each in EDITIONS)
    assert among == tried


@pytest.mark.parametrize("language", list(Language))
def test_an_edit_is_said_with_its_slip(language: Language) -> None:
    (edit,) = closed(12, 100, 20).corrections[0].edits
    said = telling.say(edit, language)
    assert ("12 " in said) and ("120" in said)
    assert ("a digit left out" if language is Language.EN else "漏写一位数字") in said


def test_an_edit_without_a_value_says_its_room() -> None:
    group = closed(40, 57, None)
    said = [telling.say(each.edits[0], Language.EN) for each in group.corrections]
    assert any("0–40" in each for each in said), said
