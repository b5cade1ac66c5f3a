"""Series through the editions: what goes on, what is close, what ends; growth, chains, and what stays missing."""

from __future__ import annotations

import itertools
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from dashboard import definitions, settings
from dashboard.charts import CHARTS, Filters, draw
from dashboard.definitions import Continuity
from dashboard.figures import years
from dashboard.figures.theme import Look, Theme
from dashboard.measures import series
from dashboard.messages import Language, UserError
from dashboard.snapshots import build
from dashboard.snapshots.store import Snapshot
from dashboard.tables.rows import records_of
from tests.countries import country

EDITIONS = list(definitions.forms())


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A country of three editions; a county lacks a year, and its chain of requests breaks once."""
    return country(tmp_path_factory.mktemp("series"), bodies=30, first=2012, last=2022)


def rows(snapshot: Snapshot, indicator: str = "", body: str = "900000") -> dict[int, dict[str, object]]:
    frame = series.series(snapshot.engine, body, 2022, indicator=indicator)
    return {row["year"]: row for row in records_of(frame)}


def test_every_line_of_breaks_names_codes_of_the_forms_it_stands_between() -> None:
    held = {edition: set(form.indicators) for edition, form in definitions.forms().items()}
    for each in definitions.breaks():
        assert each.reason_zh and each.reason_en
        if each.kind == "form":
            continue
        before = held[EDITIONS[EDITIONS.index(each.edition) - 1]]
        assert set(each.later) <= held[each.edition], each
        assert "*" in each.earlier or set(each.earlier.split("+")) <= before, each
        assert bool(each.later) == (each.kind != Continuity.ENDS), each


@pytest.mark.parametrize("code", definitions.indicators())
def test_every_indicator_has_a_step_in_every_edition_and_growth_only_where_the_codes_mean_the_same(code: str) -> None:
    steps = definitions.chain(code)
    assert list(steps) == EDITIONS
    assert any(step.codes for step in steps.values())
    for before, step in itertools.pairwise(steps.values()):
        assert set(step.codes) <= set(definitions.forms()[step.edition].indicators)
        if step.continuity in (Continuity.SAME, Continuity.CLOSE):
            assert step.codes and before.codes
        if step.codes != before.codes and step.codes and before.codes:
            assert step.told is not None, "other codes without a reason"


@pytest.mark.parametrize("rate", definitions.rates())
def test_every_rate_is_made_of_codes_of_its_edition(rate: str) -> None:
    for edition, made in definitions.rates()[rate].items():
        assert set(made.part) | set(made.whole) <= set(definitions.forms()[edition].indicators)


def test_an_indicator_that_means_the_same_goes_on_and_its_break_is_told(snapshot: Snapshot) -> None:
    told = rows(snapshot)
    assert [year for year, row in told.items() if row["is_break"]] == [2014, 2019, 2021]
    assert told[2019]["continuity"] == told[2021]["continuity"] == Continuity.SAME
    assert told[2019]["computed"] == told[2019]["value"] / told[2018]["value"] - 1  # type: ignore[operator]  # rows of the chart, whose cells have many types
    assert told[2014]["computed"] is None, "before the first form everybody counted as they saw fit"


def test_what_is_only_close_has_no_growth_across_the_break_and_no_index_in_common(snapshot: Snapshot) -> None:
    told = rows(snapshot, "litigation.total")
    assert told[2019]["continuity"] == Continuity.CLOSE
    assert (told[2019]["computed"], told[2019]["previous"]) == (None, None)
    assert told[2019]["codes"] == "litigation.direct.total+litigation.after_review.total"
    assert told[2019]["origin"] == "derived"
    assert told[2019]["index"] == 100
    assert told[2020]["computed"] is not None


def test_what_ends_is_not_on_the_form_afterwards(snapshot: Snapshot) -> None:
    told = rows(snapshot, "disclosure.total")
    assert told[2018]["value"] is not None
    assert (told[2019]["value"], told[2019]["absence"]) == (None, "not_on_form")
    assert told[2019]["continuity"] == Continuity.ENDS


def test_a_sum_with_a_missing_part_is_missing_and_a_year_without_a_report_says_so(snapshot: Snapshot) -> None:
    told = rows(snapshot, "requests.outcome.refused", body="900101")
    assert (told[2020]["value"], told[2020]["absence"]) == (None, "incomplete")
    assert (told[2017]["value"], told[2017]["absence"]) == (None, "no_report")
    assert told[2021]["computed"] is None, "there is no growth from what is missing"


def test_a_stated_rate_implies_the_missing_year_before_as_an_interval(snapshot: Snapshot) -> None:
    told = rows(snapshot, body="900101")
    assert told[2017]["value"] is None
    low, high = told[2017]["implied_low"], told[2017]["implied_high"]
    assert low is not None and high is not None
    assert low < told[2017]["implied"] < high  # type: ignore[operator]  # rows of the chart, whose cells have many types


def test_a_chain_of_requests_is_broken_where_what_came_in_is_not_what_had_gone_out(snapshot: Snapshot) -> None:
    frame = series.carried(snapshot.engine, "900101", 2022)
    assert {row["year"] for row in records_of(frame) if row["differs"]} == {2022}
    assert set(frame["year"]) == {2019, 2020, 2021, 2022}
    whole = series.carried(snapshot.engine, "900000", 2022)
    assert not whole["differs"].any()
    drawing = draw(snapshot, "carried", Filters("900101", 2022))
    assert "2022" in drawing.headline
    assert any("结转下年度" in row.note for row in drawing.rows)


def test_growth_that_differs_from_the_stated_one_is_marked(snapshot: Snapshot) -> None:
    told = rows(snapshot, body="900102")
    assert told[2020]["differs"] is True
    assert not any(row["differs"] for year, row in told.items() if year != 2020)
    drawing = draw(snapshot, "rates", Filters("900102", 2022))
    assert "2020" in drawing.headline
    assert [row.label for row in drawing.rows if "不符" in row.note] == ["2020 · 比上年（原文）"]
    assert any(row.is_marked for row in drawing.rows), "the audit found it too"


def test_many_indicators_tell_average_growth_with_its_years_within_one_meaning(snapshot: Snapshot) -> None:
    frame = series.many(snapshot.engine, "900000", 2022)
    last = {row["indicator"]: row for row in records_of(frame) if row["cagr"] is not None}
    held = {row["year"]: row for row in records_of(frame) if row["indicator"] == "disclosure.total"}
    total = last["disclosure.total"]
    assert (total["cagr_from"], total["year"]) == (2014, 2018)
    assert abs(held[2014]["value"] * (1 + total["cagr"]) ** 4 - held[2018]["value"]) < Decimal("0.001")


@pytest.mark.parametrize("first", [Decimal(0), Decimal(-1)])
def test_from_nothing_there_is_no_average_growth(first: Decimal) -> None:
    assert series.cagr(first, Decimal(5), 3) is None
    assert series.cagr(Decimal(5), Decimal(5), 0) is None
    assert series.cagr(Decimal(5), Decimal(0), 3) == -1


VALUES = st.one_of(st.none(), st.decimals(min_value=0, max_value=10**9, places=0))


@tried(max_examples=50)
@given(st.lists(VALUES, min_size=1, max_size=9), st.integers(min_value=0, max_value=2))
def test_missing_stays_missing_in_every_sum(values: list[Decimal | None], absent: int) -> None:
    told = series.summed([{"value": value} for value in values], len(values) + absent)
    if absent or None in values:
        assert told == {"value": None, "absence": "incomplete"}
    else:
        assert told["value"] == sum(value for value in values if value is not None)


REPORTS = st.lists(st.tuples(st.sampled_from(["none", "", "form"]), VALUES), min_size=2, max_size=12)


@tried(max_examples=50)
@given(REPORTS, st.sampled_from(list(definitions.indicators())), st.booleans())
def test_a_series_never_crosses_a_break_unmarked(
    reports: list[tuple[str, Decimal | None]], code: str, is_indexed: bool
) -> None:
    """Whatever years have a report: a drawn line over a change of form is marked, and solid only for one meaning."""
    editions, figures = {}, {}
    for year, (kind, value) in enumerate(reports, 2013):
        if kind == "none":
            continue
        form = next(
            (name for name, form in definitions.forms().items() if form.first_year <= year <= form.last_year), "2021"
        )
        editions[year] = form if kind == "form" and year >= 2014 else ""
        for each in definitions.chain(code)[editions[year] or "2014"].codes:
            figures[year, each] = _fact(each, value)
    made = series._series(series.Held(editions, figures), "1", code, {})
    for row in made:
        assert (row["value"] is None) == bool(row["absence"])
    _holds(made, editions, code, is_indexed)


def _fact(code: str, value: Decimal | None) -> dict[str, object]:
    empty: dict[str, object] = dict.fromkeys(series.COLUMNS, "")
    return empty | {
        "indicator": code, "segment": "all", "value": value, "unit": "件", "absence": None if value is not None else "blank",
        "correction": None, "origin": "table",
    }  # fmt: skip


def _holds(made: list[dict[str, object]], editions: dict[int, str], code: str, is_indexed: bool) -> None:
    steps = definitions.chain(code)
    for before, row in itertools.pairwise(made):
        if row["computed"] is None:
            continue
        pair = editions[before["year"]], editions[row["year"]]  # type: ignore[index]  # rows of the chart, whose cells have many types
        assert pair[0] == pair[1] or (row["is_break"] and series.standing(*pair, steps) is Continuity.SAME)
        assert before["value"]
    if not any(row["value"] is not None for row in made):
        return
    frame = series._frame(made, "indexed" if is_indexed else "").assign(label="", place="")
    fig = years.series(frame, Look(Theme.LIGHT, Language.EN))
    marked = {at for trace in fig.data if trace.get("name") == "breaks" for at in trace["x"]}
    stretch = {row["year"]: row["stretch"] for row in made}
    for trace in fig.data:
        if trace["mode"] != "lines":
            continue
        for start, end in itertools.pairwise(trace["x"]):
            if start is None or end is None:  # between two lines
                continue
            crossed = {
                year for year in range(start + 1, end + 1) if next(r for r in made if r["year"] == year)["is_break"]
            }
            assert {year - 0.5 for year in crossed} <= marked
            assert trace["line"]["dash"] == ("solid" if stretch[start] == stretch[end] else "dot")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("chart", [each for each in CHARTS.values() if each.table], ids=lambda each: each.id)
def test_every_chart_of_several_reports_tells_all_it_shows_in_its_table(
    snapshot: Snapshot, chart: object, language: Language
) -> None:
    for body, year, more in (
        ("900000", 2022, ()),
        ("900101", 2020, (("indicator", "rate.granted"), ("scale", "indexed"))),
    ):
        drawing = draw(snapshot, chart.id, Filters(body, year, language, Theme.AUTO, more))  # type: ignore[attr-defined]  # rows of the chart, whose cells have many types
        assert drawing.headline and drawing.note and drawing.rows
        assert drawing.figure and drawing.figure["layout"]["meta"]["narrow"]["data"]
        assert {row["absence"] for row in records_of(drawing.data) if row["value"] is None} <= {
            "no_report", "no_figure", "not_on_form", "incomplete", "no_base", "blank",
        }  # fmt: skip
        shown = drawing.data["rate_place" if chart.id == "rates" else "place"]  # type: ignore[attr-defined]  # rows of the chart, whose cells have many types
        assert {row.locator for row in drawing.rows if row.locator} == {each for each in shown if each}


def test_an_indicator_that_is_not_known_is_refused_with_what_to_do(snapshot: Snapshot) -> None:
    with pytest.raises(UserError) as told:
        draw(snapshot, "series", Filters("900000", 2022, more=(("indicator", "pie"),)))
    assert told.value.message_id == "chart.indicator_unknown"


def test_real_data_of_one_year_is_one_point_and_says_so(data_dir: Path) -> None:
    snapshot = build.refresh(settings.load())
    drawing = draw(snapshot, "series", Filters("640000", 2018))
    assert drawing.headline == "收到申请数只有 2018 年一个数：750"
    assert draw(snapshot, "carried", Filters("640000", 2018)).figure is None
    frame: pd.DataFrame = drawing.data
    assert list(frame["computed"]) == [None]
