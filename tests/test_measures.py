"""Growth, rounding, and which statement of a figure counts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import settings
from dashboard.charts import CHARTS, draw
from dashboard.measures import choice, disputes, growth
from dashboard.site import Site
from dashboard.snapshots import build
from dashboard.tables.precision import half_unit
from dashboard.tables.rows import records_of
from tests.browser.test_reading import with_year_before
from tests.folders import PROVINCE, folder


@pytest.mark.parametrize(
    ("printed", "unit", "half"),
    [
        ("70.67 万条", "条", "50"), ("12万条", "条", "5000"), ("750", "件", "0"), ("98.7%", "", "0.0005"), ("50%", "", "0.005"),
        ("439.5万元", "万元", "0.05"), ("0.5 亿元", "万元", "500"), ("1,234", "条", "0"), ("１２．５％", "", "0.0005"), ("无", "", "0"),
    ],
)  # fmt: skip
def test_a_printed_figure_is_exact_to_half_its_last_digit(printed: str, unit: str, half: str) -> None:
    assert half_unit(printed, unit) == Decimal(half)


@given(
    base=st.integers(min_value=1, max_value=10**7),
    percent=st.integers(min_value=-9000, max_value=50000),
)
def test_the_implied_interval_holds_the_year_before(base: int, percent: int) -> None:
    rate = Decimal(percent) / 10000
    value = Decimal(base) * (1 + rate)
    implied = growth.implied(value, Decimal(0), rate, Decimal("0.00005"))
    assert implied
    assert implied.low <= base <= implied.high
    assert round(implied.value, 6) == base


def test_a_fall_of_a_hundred_per_cent_implies_nothing() -> None:
    assert growth.implied(Decimal(0), Decimal(0), Decimal(-1), Decimal("0.005")) is None


def test_computed_growth_stands_beside_stated_where_two_years_are_there(data_dir: Path) -> None:
    with_year_before(data_dir)
    engine = build.refresh(settings.load()).engine
    rows = {row["indicator"]: row for row in records_of(growth.stated(engine, "640000", 2018)) if row["indicator"]}
    total = rows["disclosure.total"]
    assert total["previous"] == 655000
    assert total["computed"] == Decimal(706668) / 655000 - 1
    assert total["rate"] == Decimal("0.0782")


def test_a_base_of_zero_has_no_rate(data_dir: Path) -> None:
    with_year_before(data_dir)
    path = data_dir / "facts" / "640000-2017.csv"
    path.write_text(path.read_text("utf-8").replace(",655000,", ",0,", 1), "utf-8")
    engine = build.refresh(settings.load()).engine
    rows = {row["indicator"]: row for row in records_of(growth.stated(engine, "640000", 2018))}
    assert rows["disclosure.total"]["previous"] == 0
    assert rows["disclosure.total"]["computed"] is None


def test_a_bound_implies_a_bound(data_dir: Path) -> None:
    engine = build.refresh(settings.load()).engine
    [row] = [row for row in records_of(growth.stated(engine, "640000", 2018)) if row["name"]]
    assert (row["value"], row["bound"], row["implied_high"]) == (1700000, "余", None)
    assert row["implied_low"] == Decimal(1700000) / Decimal("1.505")


def test_the_table_counts_before_the_text(data_dir: Path) -> None:
    engine = build.refresh(settings.load()).engine
    [row] = records_of(choice.figures(engine, "640000", [2018], ["disclosure.total"]))
    assert (row["value"], row["origin"]) == (706668, "table")
    [share] = records_of(choice.figures(engine, "640000", [2018], ["requests.closed.on_time"], measure="share"))
    assert (share["value"], share["origin"], share["section"]) == (Decimal("0.987"), "text", "四（二）")


def test_largest_first_leaves_missing_ones_last() -> None:
    frame = pd.DataFrame({"value": [Decimal(1), None, Decimal(3), Decimal(3)], "name": list("abcd")}, dtype=object)
    assert list(choice.largest_first(frame)["name"]) == ["c", "d", "a", "b"]


def test_a_correction_rate_without_cases_is_missing(data_dir: Path) -> None:
    path = data_dir / "facts" / "640000-2018.csv"
    path.write_text(
        path.read_text("utf-8").replace("review.total,all,,value,22,", "review.total,all,,value,0,"), "utf-8"
    )
    engine = build.refresh(settings.load()).engine
    rates = {row["procedure"]: row["value"] for row in records_of(disputes.correction_rates(engine, "640000", 2018))}
    assert rates == {"review": None, "litigation": Decimal("0.05")}


def test_a_total_of_all_applicants_counts_once_with_the_same_figure_of_the_text(tmp_path: Path) -> None:
    """Editions since 2019 print it in a column of its own, and reports say it again in their prose."""
    held = replace(settings.load({}), data_dir=folder(tmp_path / "data", 1, 2021, 2021))
    engine = build.refresh(held).engine
    stated = engine.facts(PROVINCE, [2021], ["requests.received"])
    assert {"", "total"} <= set(stated["applicant"])
    [row] = records_of(choice.figures(engine, PROVINCE, [2021], ["requests.received"]))
    assert "table:" in row["locator"]
    site = Site(held)
    for chart in CHARTS:
        view = site.view("/", f"?body={PROVINCE}&year=2021")
        draw(view.snapshot, chart, view.filters)
