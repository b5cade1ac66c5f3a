"""The whole catalogue: each chart draws for each language and theme, from whole and from wanting reports."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard import pages, settings
from dashboard.charts import CHARTS, Filters, draw
from dashboard.figures.theme import Theme
from dashboard.messages import Language, UserError, text
from dashboard.parts import PAGES, View
from dashboard.snapshots import build
from dashboard.snapshots.store import Snapshot
from tests import folders
from tests.conftest import DRAWN

HEADLINES = {
    "channels": "政府网站公开 34 万条，占各渠道之和的 47.5%",
    "flow": "42.4% 的答复同意公开，4.1% 不同意公开",
    "budget": "专项经费 83.1% 用在市、县（区）",
    "growth": "主动公开政府信息数比上年多 7.82%，政务微信比上年多 16.8%",
    "disclosed": "主动公开 70.67 万条，市、县（区）占 81.8%",
    "results": "复议纠错率 18.2%，诉讼纠错率 5.0%",
    "grounds": "不同意公开 31 件，最多的理由：涉及国家秘密，不是《条例》所指政府信息（各 11 件）",
}


@pytest.fixture
def snapshot(data_dir: Path) -> Snapshot:
    return build.refresh(settings.load())


def changed(data_dir: Path, *replacements: tuple[str, str]) -> Snapshot:
    """The committed report with some of its lines changed."""
    path = data_dir / "facts" / "640000-2018.csv"
    text = path.read_text("utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return build.refresh(settings.load())


@pytest.mark.parametrize("chart", DRAWN)
def test_a_chart_draws_in_each_language_and_theme(snapshot: Snapshot, chart: str) -> None:
    for language in Language:
        for theme in Theme:
            drawing = draw(snapshot, chart, Filters("640000", 2018, language, theme))
            assert drawing.figure
            assert drawing.headline
            assert drawing.rows
            assert drawing.figure["layout"]["meta"]["narrow"]["data"]
            json.dumps(drawing.figure)


@pytest.mark.parametrize("chart", HEADLINES)
def test_a_headline_is_computed_from_the_report(snapshot: Snapshot, chart: str) -> None:
    assert draw(snapshot, chart, Filters("640000", 2018)).headline == HEADLINES[chart]


def test_a_chart_that_is_not_in_the_catalogue_is_refused(snapshot: Snapshot) -> None:
    with pytest.raises(UserError) as told:
        draw(snapshot, "pie", Filters("640000", 2018))
    assert told.value.message_id == "chart.unknown"


def test_the_table_states_the_figure_as_printed_and_where(snapshot: Snapshot) -> None:
    rows = draw(snapshot, "channels", Filters("640000", 2018)).rows
    own = next(row for row in rows if row.label == "政府公报 · 本机关账号（刊）")
    assert (own.value, own.unit, own.as_printed) == ("295", "条", "295 条")
    assert own.locator.startswith("line:159/chars:")
    rest = next(row for row in rows if row.label == "政府公报 · 未分列")
    assert (rest.value, rest.is_derived, rest.locator) == ("1,925", True, "")


def test_money_is_said_in_yuan_in_english(snapshot: Snapshot) -> None:
    rows = draw(snapshot, "budget", Filters("640000", 2018, Language.EN)).rows
    assert (rows[0].value, rows[0].unit) == ("4,395,000", "yuan")


def test_a_blank_cell_is_left_blank_and_never_zero(data_dir: Path) -> None:
    snapshot = changed(
        data_dir, ("requests.outcome.granted,all,,value,318,件,,318", "requests.outcome.granted,all,,value,,件,blank,")
    )
    drawing = draw(snapshot, "outcomes", Filters("640000", 2018))
    granted = next(row for row in drawing.rows if row.label == "同意公开")
    assert (granted.value, granted.unit) == ("未填", "")
    assert drawing.figure
    bar = next(trace for trace in drawing.figure["data"] if trace["type"] == "bar")
    assert bar["x"][list(bar["y"]).index("同意公开")] is None
    assert drawing.headline == "部分数字未填，不作结论"
    assert draw(snapshot, "flow", Filters("640000", 2018)).headline == "部分数字未填，不作结论"


def test_a_finding_without_its_total_is_not_drawn(data_dir: Path) -> None:
    snapshot = changed(
        data_dir, ("requests.outcome.refused,all,,value,31,件,,31", "requests.outcome.refused,all,,value,,件,blank,")
    )
    assert draw(snapshot, "grounds", Filters("640000", 2018)).headline == "部分数字未填，不作结论"


def test_a_cell_that_does_not_apply_says_so(data_dir: Path) -> None:
    snapshot = changed(
        data_dir, ("complaints.total,all,,value,1,件,,1", "complaints.total,all,,value,,件,not_applicable,/")
    )
    row = draw(snapshot, "complaints", Filters("640000", 2018)).rows[2]
    assert (row.value, row.as_printed) == ("不适用", "/")


def test_a_zero_total_gives_no_share(data_dir: Path) -> None:
    snapshot = changed(
        data_dir,
        ("capacity.budget,all,,value,2602.76,万元,,2602.76,", "capacity.budget,all,,value,0,万元,,0,"),
        ("litigation.total,all,,value,20,件,,20,", "litigation.total,all,,value,0,件,,0,"),
    )
    data = draw(snapshot, "budget", Filters("640000", 2018)).data
    assert list(data["computed"]) == [None, None]
    assert draw(snapshot, "results", Filters("640000", 2018)).headline == "部分数字未填，不作结论"


def test_every_page_shows_a_report_without_narrative_and_with_blanks(data_dir: Path) -> None:
    facts = data_dir / "facts" / "640000-2018.csv"
    lines = [line for line in facts.read_text("utf-8").splitlines() if "table:" in line or line.startswith("indicator")]
    blank = [
        line if "requests" not in line else ",".join([*line.split(",")[:4], "", "件", "blank", "", line.split(",")[8]])
        for line in lines
    ]
    facts.write_text("\n".join(blank) + "\n", "utf-8")
    mentions = data_dir / "mentions" / "640000-2018.csv"
    mentions.write_text(mentions.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    snapshot = build.refresh(settings.load())
    for language in Language:
        for path in PAGES:
            content = pages.content(View(path, Filters("640000", 2018, language), snapshot))
            assert content


def test_a_snapshot_without_any_fact_of_a_chart_says_so(data_dir: Path) -> None:
    facts = data_dir / "facts" / "640000-2018.csv"
    facts.write_text("\n".join(facts.read_text("utf-8").splitlines()[:2]) + "\n", "utf-8")
    snapshot = build.refresh(settings.load())
    for chart in CHARTS:
        drawing = draw(snapshot, chart, Filters("640000", 2018))
        if drawing.figure is None:
            told = f"headline.{chart}_empty" if CHARTS[chart].table else "headline.empty"
            assert drawing.headline == text(told, Language.ZH)
    for path in PAGES:
        assert pages.content(View(path, Filters("640000", 2018), snapshot))


def test_filters_come_from_the_address_and_go_back_to_it(snapshot: Snapshot) -> None:
    filters = Filters.from_query("?body=640000&year=2018&lang=en&theme=dark&q=a%26b", snapshot.engine)
    assert filters == Filters("640000", 2018, Language.EN, Theme.DARK, (("q", "a&b"),))
    assert filters.query(more=filters.more) == "?body=640000&year=2018&lang=en&theme=dark&q=a%26b"
    assert Filters.from_query("", snapshot.engine) == Filters("640000", 2018)


@pytest.mark.parametrize(
    "query", ["?body=1", "?year=0", "?year=-1", "?year=²", "?year=99999999999999999999", "?body=%00"]
)
def test_a_report_that_is_not_there_is_refused(snapshot: Snapshot, query: str) -> None:
    with pytest.raises(UserError) as told:
        Filters.from_query(query, snapshot.engine)
    for language in Language:
        assert told.value.say(language)


def test_values_stay_exact_to_the_end(snapshot: Snapshot) -> None:
    data = draw(snapshot, "budget", Filters("640000", 2018)).data
    assert list(data["value"]) == [Decimal("439.5"), Decimal("2163.26")]


def test_every_chart_is_drawn_for_reports_of_every_edition_whose_text_repeats_the_table(tmp_path: Path) -> None:
    """The later forms count applicants apart; the text states their sum a second time."""
    held = replace(settings.load({}), data_dir=folders.folder(tmp_path / "data", 2, 2018, 2022))
    snapshot = build.refresh(held)
    for year in (2018, 2020, 2022):
        for chart in CHARTS:
            drawing = draw(snapshot, chart, Filters("990001", year))
            places = [(row.label, row.locator) for row in drawing.rows if row.locator and not row.is_derived]
            assert len(places) == len(set(places)), chart
            assert all(each.get("link", {}).get("value", [1]) for each in (drawing.figure or {"data": []})["data"]), (
                chart
            )
    facts = snapshot.engine.facts("990001", [2022], ["requests.received"])
    received = facts[facts["segment"] == "all"]
    assert set(received["applicant"]) >= {"", "total"}, "the invented reports say nothing twice any more"
    later = draw(snapshot, "flow", Filters("990001", 2022))
    assert later.figure
    [sankey] = later.figure["data"]
    data = later.data
    is_refusal = data["indicator"].str.startswith("requests.outcome.refused.") & data["value"].map(bool)
    refused = list(data[is_refusal]["locator"])
    assert refused
    assert sankey["type"] == "sankey"
    assert set(refused) <= set(sankey["link"]["customdata"]), "each ground of a refusal is a result there"
