"""One cell: a value in the form's unit, or the reason why it has none; never one for the other."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.forms import cells
from dashboard.schema import Absence


@pytest.mark.parametrize(
    ("printed", "absence"),
    [
        ("", Absence.BLANK), (" \u3000\u00a0", Absence.BLANK),
        ("/", Absence.NOT_APPLICABLE), ("／", Absence.NOT_APPLICABLE), ("-", Absence.NOT_APPLICABLE),
        ("—", Absence.NOT_APPLICABLE), ("——", Absence.NOT_APPLICABLE), ("无", Absence.NOT_APPLICABLE),
        ("不适用", Absence.NOT_APPLICABLE), ("约12", Absence.UNREADABLE), ("见附件", Absence.UNREADABLE),
        ("1O", Absence.UNREADABLE), ("12元", Absence.UNREADABLE), ("12/3", Absence.UNREADABLE), ("1.2.3", Absence.UNREADABLE),
        ("1,23", Absence.UNREADABLE), ("12-15", Absence.UNREADABLE), ("#REF!", Absence.UNREADABLE),
    ],
)  # fmt: skip
def test_a_cell_without_a_figure_tells_why(printed: str, absence: Absence) -> None:
    assert cells.read(printed, "件", "件") == cells.CellValue(None, absence)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("0", "0"), ("750", "750"), ("７５０", "750"), ("1,864", "1864"), ("1，864", "1864"), ("1 864", "1864"),
        ("48 210", "48210"), ("-3", "-3"), ("－3", "-3"), ("750件", "750"), ("1.2万件", "12000"), ("1.2 万", "12000"),
        ("750条", "750"), ("增5", "5"), ("减少 3", "-3"), ("+5", "5"), ("0750", "750"),
    ],
)  # fmt: skip
def test_a_figure_reads_the_same_however_it_is_written(printed: str, value: str) -> None:
    read = cells.read(printed, "件", "件")
    assert (f"{read.value:f}", read.absence) == (value, None)


@pytest.mark.parametrize(
    ("printed", "printed_unit", "value"),
    [
        ("2602.76", "万元", "2602.76"), ("26027600", "元", "2602.76"), ("0.260276", "亿元", "2602.76"),
        ("26027600元", "", "2602.76"), ("2602.76万元", "元", "2602.76"), ("0.1元", "", "0.00001"), ("0", "元", "0"),
    ],
)  # fmt: skip
def test_money_is_converted_once_and_exactly(printed: str, printed_unit: str, value: str) -> None:
    found = cells.read(printed, printed_unit, "万元").value
    assert found == Decimal(value)
    assert f"{found:f}" == value


def test_a_unit_of_the_column_counts_unless_the_cell_has_its_own() -> None:
    assert cells.read("1.2", "万件", "件").value == 12000
    assert cells.read("12件", "万件", "件").value == 12


def test_a_bare_ten_thousand_of_money_is_not_guessed() -> None:
    assert cells.read("1.2万", "万元", "万元").absence is Absence.UNREADABLE


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False), st.sampled_from(["元", "万元", "亿元"]))
def test_a_conversion_loses_nothing(value: Decimal, unit: str) -> None:
    read = cells.read(str(value), unit, "万元").value
    assert read is not None
    assert read * 10000 == value * {"元": 1, "万元": 10**4, "亿元": 10**8}[unit]


@given(st.text("0123456789.,/-—无 万亿元件不适用约\u3000", max_size=12))
def test_a_cell_has_either_a_value_or_an_absence(printed: str) -> None:
    read = cells.read(printed, "件", "件")
    assert (read.value is None) != (read.absence is None)


@pytest.mark.parametrize("printed", ["9" * 21, "9" * 5_000, f"{'9' * 15}亿", f"-{'9' * 21}"])
def test_a_number_too_large_for_any_table_is_unreadable(printed: str) -> None:
    assert cells.read(printed, "", "件").absence is Absence.UNREADABLE
    assert cells.read("9" * 20, "", "件").value == Decimal("9" * 20)
