"""Comparison: like with like, ranks and shares that keep their promises, everything chosen in the address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from dashboard import dialogs, pages, settings
from dashboard.charts import CHARTS, Filters, draw, places
from dashboard.measures import parts_of, quantity, standing
from dashboard.messages import Language, UserError
from dashboard.parts import View
from dashboard.site import Site
from dashboard.snapshots import build
from dashboard.snapshots.store import Snapshot
from dashboard.tables.rows import records_of
from tests.countries import country
from tests.programs import rows_of, serving

NUMBERS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.decimals(0, 10**6, places=2), min_size=1)
COUNTY, OTHER = "900101", "900102"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("compare")
    country(made, bodies=30, first=2017, last=2022)
    return made / "data"


@pytest.fixture(scope="module")
def client(folder: Path, cache: Path) -> Iterator[TestClient]:
    with serving(folder, cache) as made:
        yield made


@pytest.fixture(scope="module")
def snapshot(client: TestClient, folder: Path) -> Snapshot:
    return Site(settings.load({"GONGKAI_DATA_DIR": str(folder)})).snapshot()


@given(NUMBERS)
def test_a_ranking_is_a_permutation(values: dict[str, Decimal]) -> None:
    """Every body once, none before one with more; those that share a place take up as many."""
    places_ = standing.rank(values)
    assert set(places_) == set(values)
    ordered = sorted(places_, key=places_.__getitem__)
    assert [values[body] for body in ordered] == sorted(values.values(), reverse=True)
    for body, place in places_.items():
        assert place == 1 + sum(value > values[body] for value in values.values())


@given(st.lists(st.decimals(0, 10**6, places=1), min_size=1, max_size=60))
def test_every_value_is_in_one_step_of_the_spread_and_the_quartiles_are_in_order(values: list[Decimal]) -> None:
    steps = standing.steps_of(values)
    assert sum(count for _, _, count in steps) == len(values)
    for low, high, count in steps:
        assert count == sum(low <= value < high for value in values)
    low, middle, high = standing.quartiles(values) or ()
    assert min(values) <= low <= middle <= high <= max(values)


@given(st.lists(st.one_of(st.none(), st.decimals(0, 10**6, places=0)), min_size=1, max_size=20))
def test_shares_add_up_to_one_or_say_what_is_missing(values: list[Decimal | None]) -> None:
    made = parts_of._shared([{"value": value, "body": str(place)} for place, value in enumerate(values)], "9", None)
    known = [value for value in values if value is not None]
    if not known:
        assert made == []
        return
    assert len(made) == len(values)
    for row in made:
        assert row["missing"] == values.count(None)
        assert (row["share"] is None) == (row["value"] is None or not sum(known))
    if sum(known):
        assert abs(sum(row["share"] for row in made if row["share"] is not None) - 1) < Decimal("1e-20")


@given(st.one_of(st.none(), st.just(Decimal(3))), st.one_of(st.none(), st.just(Decimal(0)), st.just(Decimal(40))))
def test_a_rate_of_what_is_missing_is_missing_and_of_nothing_is_none(
    part: Decimal | None, whole: Decimal | None
) -> None:
    facts = {("9", 2018, "review.corrected"): {"value": part}, ("9", 2018, "review.total"): {"value": whole}}
    row = quantity.of("rate.review_corrected").figure(facts, "9", 2018, "2014")
    if part is None or whole is None:
        assert (row["value"], row["absence"]) == (None, "incomplete")
    elif whole == 0:
        assert (row["value"], row["absence"]) == (None, "no_base")
    else:
        assert (row["value"], row["base"]) == (part / whole, whole)


def test_like_is_held_against_like_and_others_are_shown_without_a_rank(snapshot: Snapshot) -> None:
    frame = standing.ranked(snapshot.engine, COUNTY, 2022, bodies=f"{COUNTY},900000")
    rows = {row["body"]: row for row in records_of(frame)}
    level = {row["body"]: row["level"] for row in records_of(snapshot.engine.listing_of(list(rows)))}
    assert {level[body] for body, row in rows.items() if row["is_peer"]} == {"county"}
    assert rows["900000"]["is_peer"] is False and rows["900000"]["rank"] is None
    assert rows["900000"]["value"] is not None
    drawing = draw(snapshot, "ranked", Filters(COUNTY, 2022, more=(("bodies", f"{COUNTY},900000"),)))
    assert any("层级或统计表不同" in row.note for row in drawing.rows)


def test_a_rate_tells_its_base_and_one_of_few_cases_is_not_ranked(snapshot: Snapshot) -> None:
    frame = standing.ranked(snapshot.engine, COUNTY, 2022, indicator="rate.granted")
    rows = [row for row in records_of(frame) if row["is_peer"]]
    small = [row for row in rows if row["base"] < quantity.LEAST_BASE]
    assert small and len(small) < len(rows), "the country has bodies of both kinds"
    assert all(row["rank"] is None and row["is_small"] for row in small)
    assert {row["ranked"] for row in rows} == {len(rows) - len(small)}
    drawing = draw(snapshot, "ranked", Filters(COUNTY, 2022, more=(("indicator", "rate.granted"),)))
    assert f"另有 {len(small)} 个缺数或基数太小" in drawing.headline
    assert sum("n=" in row.note for row in drawing.rows) == len(rows)
    assert sum("不排名" in row.note for row in drawing.rows) == len(small)


def test_a_change_of_rank_is_told_only_where_both_years_count_the_same(snapshot: Snapshot) -> None:
    same = standing.ranked(snapshot.engine, COUNTY, 2022)
    assert any(row["rank_before"] is not None for row in records_of(same))
    across = standing.ranked(snapshot.engine, COUNTY, 2019, indicator="review.total")
    assert all(row["rank_before"] is None for row in records_of(across))


def test_years_side_by_side_keep_holes_and_changes_of_form(snapshot: Snapshot) -> None:
    frame = standing.over_years(snapshot.engine, COUNTY, 2022, bodies=f"{COUNTY},{OTHER}", indicator="rate.on_time")
    rows = {(row["body"], row["year"]): row for row in records_of(frame)}
    assert len(rows) == 12
    assert (rows[COUNTY, 2017]["value"], rows[COUNTY, 2017]["absence"]) == (None, "no_report")
    assert rows[OTHER, 2018]["value"] is not None
    assert (rows[OTHER, 2019]["value"], rows[OTHER, 2019]["absence"]) == (None, "not_on_form")
    assert rows[OTHER, 2019]["is_break"] and not rows[OTHER, 2019]["is_same"]


def test_shares_of_a_prefecture_are_those_of_its_counties_and_the_rest_is_told_over_the_years(
    snapshot: Snapshot,
) -> None:
    rows = records_of(parts_of.shares(snapshot.engine, "900100", 2022))
    assert {row["body"][:4] for row in rows} == {"9001"}
    assert sum(row["share"] for row in rows) == pytest.approx(Decimal(1))
    assert parts_of.shares(snapshot.engine, "900101001", 2022)["parent_body"].iloc[0] == COUNTY
    for year, group in parts_of.over_years(snapshot.engine, "900100", 2022).groupby("year"):
        assert sum(each for each in group["share"] if each is not None) == pytest.approx(Decimal(1)), year


def test_a_place_in_another_report_names_it_and_opens_its_evidence(snapshot: Snapshot, folder: Path) -> None:
    drawing = draw(snapshot, "series", Filters(COUNTY, 2022))
    own = [row.locator for row in drawing.rows if row.locator and "@" not in row.locator]
    other = next(row.locator for row in drawing.rows if row.locator.startswith(f"{COUNTY}/2019@"))
    assert len(own) == 1
    assert places.read(other)[0] == (COUNTY, 2019)
    site = Site(settings.load({"GONGKAI_DATA_DIR": str(folder)}))
    shown = dialogs.dialog(site, f"/growth?body={COUNTY}&year=2022#at={other}")
    assert shown.kind == "evidence"
    said = json.dumps([each.to_plotly_json() for each in shown.children], default=str, ensure_ascii=False)
    assert str(snapshot.engine.report(COUNTY, 2019)["title"].iloc[0]) in said
    assert str(snapshot.engine.report(COUNTY, 2022)["title"].iloc[0]) not in said


def test_all_that_is_chosen_stands_in_the_address_of_embed_download_and_citation(client: TestClient) -> None:
    chosen = {"body": COUNTY, "year": "2022", "lang": "en", "bodies": f"{COUNTY},{OTHER}", "indicator": "rate.granted"}
    told = client.get("/api/v1/charts/dots.json", params=chosen).json()
    assert {row["body"] for row in told["data"]} == {COUNTY, OTHER}
    assert {row["indicator"] for row in told["data"]} == {"rate.granted"}
    assert f"bodies={COUNTY}%2C{OTHER}&indicator=rate.granted" in told["link"]
    rows = rows_of(client.get("/api/v1/charts/dots.csv", params=chosen).content)
    assert {(row["body"], row["year"]) for row in rows} == {(each["body"], each["year"]) for each in told["data"]}
    embed = client.get("/embed/dots", params=chosen).text
    assert f"bodies={COUNTY}%2C{OTHER}" in embed and "Granted in full or in part" in embed
    assert client.get("/embed/dots", params=chosen | {"indicator": ""}).text != embed


@pytest.mark.parametrize(
    ("query", "status"),
    [("bodies=1;2", 400), ("bodies=nowhere", 404), ("indicator=pie", 404), ("scale=log", 400),
     ("bodies=" + ",".join(str(each) for each in range(30)), 404)],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_with_a_reason(client: TestClient, query: str, status: int) -> None:
    for address in (f"/api/v1/charts/series.json?{query}", f"/embed/ranked?{query}"):
        if "bodies" in query and "series" in address and status == 404:
            continue  # which takes no bodies
        assert client.get(address).status_code == status, address


def test_a_chart_leaves_aside_what_is_not_its_own(client: TestClient) -> None:
    plain, more = (client.get(f"/api/v1/charts/staff.json{query}").json() for query in ("", "?indicator=review.total"))
    assert plain == more


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("path", ["/compare", "/growth", "/coverage"])
def test_the_pages_show_a_country_and_a_single_report(
    snapshot: Snapshot, data_dir: Path, path: str, language: Language
) -> None:
    assert pages.content(View(path, Filters(COUNTY, 2022, language), snapshot))
    single = build.refresh(settings.load())
    said = json.dumps(
        [each.to_plotly_json() for each in pages.content(View(path, Filters("640000", 2018, language), single))],
        default=lambda each: each.to_plotly_json(),
        ensure_ascii=False,
    )
    told = {"/compare": ("没有同一层级", "no other report"), "/growth": ("只有 2018 年", "one report only"),
            "/coverage": ("2014 版统计表", "form 2014")}  # fmt: skip
    assert told[path][language is Language.EN] in said


def test_a_body_is_added_by_words_and_left_out_by_its_link(snapshot: Snapshot) -> None:
    more = (("bodies", COUNTY), ("add", OTHER), ("indicator", "rate.granted"))
    content = pages.content(View("/compare", Filters(COUNTY, 2022, more=more), snapshot))
    said = json.dumps([each.to_plotly_json() for each in content[:4]], default=lambda each: each.to_plotly_json())
    assert f"bodies={COUNTY}%2C{OTHER}&indicator=rate.granted" in said


def test_too_many_bodies_are_refused(snapshot: Snapshot) -> None:
    with pytest.raises(UserError) as told:
        standing.ranked(snapshot.engine, COUNTY, 2022, bodies=",".join(f"9{each:05d}" for each in range(25)))
    assert told.value.message_id == "chart.too_many_bodies"


def test_charts_of_several_reports_are_in_the_catalogue_with_their_options() -> None:
    assert {chart.id: chart.options for chart in CHARTS.values() if chart.table and "bodies" in chart.options}.keys() == {
        "ranked", "spread", "dots", "matrix",
    }  # fmt: skip
