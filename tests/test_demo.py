"""The synthetic country: the same for the same seed, true to its forms, marked wherever it is shown, never among real reports."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dashboard import demo, settings
from dashboard.charts import CHARTS
from dashboard.checks import Finding, Severity, Verdict, audit
from dashboard.cli import app
from dashboard.export import Wishes as Export
from dashboard.export import export
from dashboard.messages import Language, UserError, both, text
from dashboard.parts import PAGES
from dashboard.schema import SYNTHETIC
from dashboard.snapshots import build
from dashboard.snapshots.blocking import Blocked
from dashboard.tables import records
from dashboard.tables.package import Package
from tests.batches import report as described
from tests.batches import written as document
from tests.conftest import ROOT
from tests.programs import rows_of, serving

MARK = both("synthetic.mark")
SMALL = demo.Wishes(bodies=24, first=2012, last=2022, seed=5)


def make(folder: Path, wishes: demo.Wishes = SMALL) -> demo.Written:
    return demo.write(folder, wishes, lambda _done, _total: None)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def failing(folder: Path) -> Iterator[Finding]:
    for each in audit.audit(Package(folder)):
        if each.verdict is Verdict.FAILS and each.severity is not Severity.NOTE:
            yield each


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    few = replace(SMALL, bodies=6, errors=0.3)
    for name, wishes in (("one", few), ("two", few), ("other", replace(few, seed=6))):
        make(tmp_path / name, wishes)
    assert files(tmp_path / "one") == files(tmp_path / "two") != files(tmp_path / "other")
    make(tmp_path / "other", few)  # over an earlier country, of which nothing is left
    assert files(tmp_path / "one") == files(tmp_path / "other")


def test_reports_without_an_error_keep_every_promise_of_every_edition(tmp_path: Path) -> None:
    made = make(tmp_path / "country")
    reports = Package(tmp_path / "country").reports()
    assert {each.edition for each in reports} == {"", "2014", "2019", "2021"}
    assert (made.reports, made.errors) == (len(reports), 0)
    assert [(each.body, each.year, each.rule) for each in failing(tmp_path / "country")] == []


def test_every_seeded_error_is_found_by_a_rule_that_it_names(tmp_path: Path) -> None:
    folder = tmp_path / "country"
    made = make(folder, replace(SMALL, errors=0.5))
    seeded = list(csv.DictReader(io.StringIO((folder / "seeded.csv").read_text("utf-8"))))
    found: dict[tuple[str, str], set[str]] = {}
    for each in failing(folder):
        found.setdefault((each.body, str(each.year)), set()).add(each.rule)
    assert made.errors == len(seeded)
    assert {each["kind"] for each in seeded} == {"cell", "blank", "text", "growth", "carried"}
    missed = [row for row in seeded if not found.get((row["body"], row["year"]), set()) & {*row["rules"].split("|")}]
    assert missed == []
    facts = {(row["body"], row["year"]): (folder / "facts" / f"{row['body']}-{row['year']}.csv") for row in seeded}
    assert all(row["locator"] in facts[row["body"], row["year"]].read_text("utf-8") for row in seeded)


@pytest.mark.parametrize("count", [1, 2, 75, 3200])
def test_a_country_of_any_size_has_a_hierarchy_of_fictional_bodies(count: int) -> None:
    listed = demo.country.bodies(count, 1)
    above = {"province": {""}, "prefecture": {"province"}, "county": {"prefecture"}}
    above["department"] = {"province", "prefecture", "county"}
    level = {"": ""} | {each.body: each.level for each in listed}
    assert len(listed) == len({each.body for each in listed}) == len({each.name for each in listed}) == count
    assert all(each.name.endswith("（虚构）") and each.name_en.endswith("(fictional)") for each in listed)
    assert all(each.body.startswith("9") for each in listed), "no code of GB/T 2260 begins so"
    assert all(level[each.parent] in above[each.level] for each in listed)
    assert count < 75 or {each.level for each in listed} == set(above)


def test_a_synthetic_country_is_written_only_where_no_real_report_is(tmp_path: Path, data_dir: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", "utf-8")
    real = ROOT / "data"
    for folder, told in (
        (real, "demo.real_folder"), (real / "demo", "demo.real_folder"), (data_dir, "demo.folder_not_empty"),
        (data_dir / "below", "demo.real_folder"), (tmp_path / "mine", "demo.folder_not_empty"),
    ):  # fmt: skip
        before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
        with pytest.raises(UserError) as refused:
            make(folder)
        assert refused.value.message_id == told
        assert before == {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_a_real_document_is_not_read_into_a_synthetic_country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "country", replace(SMALL, bodies=1))
    before = files(tmp_path / "country")
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "country"))
    paper = document(tmp_path, "report.txt", described(2016))
    told = CliRunner().invoke(app, ["ingest", str(paper)])
    assert told.exit_code == 1
    assert text("ingest.into_synthetic", Language.ZH, folder=tmp_path / "country") in told.output
    assert files(tmp_path / "country") == before


def test_real_and_synthetic_reports_in_one_folder_are_not_published(data_dir: Path, tmp_path: Path) -> None:
    make(tmp_path / "country", replace(SMALL, bodies=1, first=2021, last=2021))
    made_up, real = Package(tmp_path / "country"), Package(data_dir)
    [report] = made_up.reports()
    real.add_body(made_up.bodies()[0])
    real.write(report, made_up.facts(report.body, 2021), made_up.mentions(report.body, 2021))
    with pytest.raises(Blocked) as refused:
        build.refresh(settings.load())
    assert [each.message_id for each in refused.value.problems] == ["row.mixed_synthetic"]


def test_a_wrong_span_of_years_is_wrong_usage(tmp_path: Path) -> None:
    for years in ("2025:2008", "1999:2010", "soon"):
        told = CliRunner().invoke(app, ["demo", "--out", str(tmp_path / "country"), "--years", years])
        assert told.exit_code == 2
    assert not (tmp_path / "country").exists()


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marked") / "country"
    told = CliRunner().invoke(app, ["demo", "--bodies", "4", "--years", "2017:2018", "--out", str(folder)])
    assert told.exit_code == 0, told.output
    build.refresh(replace(settings.load({}), data_dir=folder))
    return folder


@pytest.fixture(scope="module")
def client(country: Path, cache: Path) -> Iterator[TestClient]:
    with serving(country, cache) as client:
        yield client


def test_the_tables_say_that_they_are_synthetic(country: Path) -> None:
    package = Package(country)
    assert json.loads((country / "datapackage.json").read_text("utf-8"))["synthetic"] is True
    assert {each.format for each in package.reports()} == {SYNTHETIC}
    assert all("合成数据" in each.title and "synthetic" in each.title for each in package.reports())
    [manifest] = [json.loads(path.read_text("utf-8")) for path in country.glob("snapshots/*/manifest.json")]
    assert manifest["synthetic"] is True


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", Language)
def test_every_page_says_so_in_both_languages(client: TestClient, path: str, language: Language) -> None:
    address = f"http://testserver{path}?lang={language}"
    head = client.get(address).text
    page = json.dumps(client.get("/_dash-layout", headers={"referer": address}).json(), ensure_ascii=False)
    assert f"<title>{MARK}" in head
    for each in Language:
        assert text("synthetic.banner", each) in page


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_says_so_as_embed_as_figure_and_as_data(client: TestClient, chart: str) -> None:
    data = client.get(f"/api/v1/charts/{chart}").json()
    embed = client.get(f"/embed/{chart}").text
    csv_rows = rows_of(client.get(f"/api/v1/charts/{chart}.csv").content)
    assert data["synthetic"] is True
    assert MARK in data["source"]
    assert MARK in data["citation"]
    assert embed.count(MARK) >= 3, "title, scope and source"
    assert all(MARK in row["title"] for row in csv_rows)
    figure = client.get(f"/api/v1/charts/{chart}.plotly.json")
    if figure.status_code == 404:  # a chart of figures that no report of the country states
        return
    layout = figure.json()["layout"]
    for each in (layout, layout["meta"]["narrow"]["layout"]):
        assert MARK in each["annotations"][-1]["text"]


def test_pictures_say_so(client: TestClient) -> None:
    drawn = client.get("/api/v1/charts/channels.svg").text
    assert drawn.count("合成数据") >= 4, "metadata, heading, plot and source"


def test_lists_and_the_package_say_so(client: TestClient) -> None:
    for table in ("bodies", "reports", "facts", "mentions", "findings"):
        assert client.get(f"/api/v1/{table}?limit=1").json()["synthetic"] is True
        row = rows_of(client.get(f"/api/v1/{table}.csv?limit=1").content)[0]
        assert "合成数据" in row["source"]
    with zipfile.ZipFile(io.BytesIO(client.get("/api/v1/data.zip").content)) as package:
        assert json.loads(package.read("datapackage.json"))["synthetic"] is True
        assert package.read("README.md").decode().startswith(f"# {both('synthetic.banner')}")
    assert client.get("/healthz").json()["data"] == "synthetic"
    address = "http://127.0.0.1:8050/embed/channels"
    assert MARK in client.get("/oembed", params={"url": address}).json()["title"]


def test_the_export_says_so_on_every_page(cache: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["demo", "--bodies", "1", "--years", "2018:2018", "--out", str(tmp_path / "one")])
    assert told.exit_code == 0, told.output
    held = replace(settings.load({}), data_dir=tmp_path / "one", cache_dir=cache, browser="/nowhere")
    build.refresh(held)
    export(held, tmp_path / "out", Export(without=frozenset({"png", "svg", "xlsx"})))
    pages = sorted((tmp_path / "out").rglob("*.html"))
    assert len(pages) > 10
    assert [path for path in pages if "合成数据" not in path.read_text("utf-8")] == []
    assert json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["synthetic"] is True


def test_real_data_are_not_called_synthetic(api: TestClient) -> None:
    answer = api.get("/api/v1/charts/channels").json()
    page = api.get("/_dash-layout", headers={"referer": "http://testserver/"}).json()
    assert answer["synthetic"] is False
    assert MARK not in json.dumps(answer, ensure_ascii=False)
    assert text("synthetic.banner", Language.ZH) not in json.dumps(page, ensure_ascii=False)


def test_records_are_read_back_as_they_were_written(country: Path) -> None:
    """The lines put together by hand are those that the program writes."""
    package = Package(country)
    for report in package.reports():
        path = country / "facts" / f"{report.body}-{report.year}.csv"
        facts = package.facts(report.body, report.year)
        names = path.read_text("utf-8").splitlines()[0].split(",")
        assert records.to_csv(facts, names) == path.read_text("utf-8")
