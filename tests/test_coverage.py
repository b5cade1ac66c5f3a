"""The coverage wall: who filed what and when, what is missing, and why a document was refused."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from dashboard import settings
from dashboard.admin.paging import paged
from dashboard.admin.roles import Role
from dashboard.ingest import refusals
from dashboard.measures.coverage import Coverage, Standing, coverage
from dashboard.schema import Body
from dashboard.snapshots import build
from dashboard.tables.package import Package
from tests.admin_area import Clock, Visitor, configured, site
from tests.batches import ingest, report, written
from tests.folders import PROVINCE, drop_report, folder

BODIES = [
    Body("990000", "云岭省", "Yunling", "province"),
    Body("990100", "云岭甲市", "Jia", "prefecture", "990000", "甲市|甲城"),
    Body("990101", "云岭甲县", "", "county", "990100"),
    Body("990200", "云岭乙市", "", "prefecture", "990000"),
]
FILED = {"990000": {2019: "2020-03-31", 2020: "2021-04-01", 2021: ""}}
WALL = Coverage(BODIES, (2024, 2023, 2021, 2020, 2019), FILED, date(2025, 3, 31), frozenset({("990000", 2023)}))


def test_what_a_day_makes_of_a_report() -> None:
    stand = {cell.year: cell.standing for cell in WALL.cells("990000")}
    assert stand == {
        2019: Standing.FILED, 2020: Standing.LATE, 2021: Standing.FILED, 2023: Standing.REFUSED, 2024: Standing.NOT_DUE,
    }  # fmt: skip
    after = Coverage(BODIES, (2024,), FILED, date(2025, 4, 1))
    assert [cell.standing for cell in after.cells("990000")] == [Standing.MISSING]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("甲", ["990100", "990101"]), ("甲城", ["990100"]), ("9901", ["990100", "990101"]), ("９９０２", ["990200"]), ("YUN", ["990000"]),
        ("云岭 乙", ["990200"]), ("0100", []), ("", [each.body for each in BODIES]), ("(", []), ("%", []),
    ],
)  # fmt: skip
def test_a_body_is_found_by_name_code_or_another_name(words: str, codes: list[str]) -> None:
    assert [each.body for each in WALL.find(words)] == codes


def test_a_choice_of_level_parent_and_standing_narrows_what_is_shown() -> None:
    assert [each.body for each in WALL.find(parent="990100")] == ["990100", "990101"]
    assert len(WALL.find(parent="990000")) == 4, "however deep"
    assert [each.body for each in WALL.find(level="prefecture", parent="990100")] == ["990100"]
    assert [each.body for each in WALL.find(standing="late")] == ["990000"]
    assert [each.body for each in WALL.parents()] == ["990000", "990100"]
    looped = Coverage(
        [Body("1", "a", level="x", parent="2"), Body("2", "b", level="x", parent="1")], (), {}, date.today()
    )
    assert looped.below("1") == {"1", "2"}


def test_totals_are_of_what_is_chosen() -> None:
    standings, years = WALL.count(WALL.find("云岭省"))
    assert (standings[Standing.FILED], standings[Standing.LATE], standings[Standing.MISSING]) == (2, 1, 0)
    assert (years[2019], years[2023]) == (1, 0)


@pytest.mark.parametrize(
    ("asked", "number", "first", "last"),
    [
        ("", 1, 1, 100),
        ("2", 2, 101, 200),
        ("99", 33, 3201, 3210),
        ("x", 1, 1, 100),
        ("-1", 1, 1, 100),
        ("９", 1, 1, 100),
    ],
)
def test_a_list_of_thousands_is_shown_in_pages(asked: str, number: int, first: int, last: int) -> None:
    page = paged(range(3210), asked, 100)
    assert (page.number, page.first, page.last, page.pages, page.total) == (number, first, last, 33, 3210)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """A viewer of three bodies and three years, one report missing."""
    tmp = tmp_path_factory.mktemp("coverage")
    held = configured(tmp)
    drop_report(folder(tmp / "data", 3, 2019, 2021), "990001", 2020)
    Package(held.data_dir).add_body(Body("990009", "<b>云岭</b>", level="county", parent=PROVINCE))
    build.refresh(held)
    return site(held, Clock()).signed_in(Role.VIEWER)


def test_the_wall_leads_to_each_report_and_tells_what_is_missing(visitor: Visitor) -> None:
    shown = visitor.get("/admin/coverage").text
    assert 'href="/?body=990000&amp;year=2021"' in shown
    assert 'aria-label="云岭1市 2020 年度：缺失"' in shown
    assert "body=990001&amp;year=2020" not in shown
    assert "&lt;b&gt;云岭" in shown
    assert "<b>云岭" not in shown
    assert not re.search(r"style=| on\w+=", shown)


def test_the_wall_is_searched_by_its_form_alone(visitor: Visitor) -> None:
    shown = visitor.get("/admin/coverage?q=云岭1市&level=prefecture&lang=en").text
    assert re.findall(r'<th scope="row">([^<]+)', shown) == ["云岭1市"]
    assert 'value="云岭1市"' in shown
    assert '<input type="hidden" name="lang" value="en">' in shown
    assert "No body fits" in visitor.get('/admin/coverage?q="><script>&lang=en').text
    assert "<script>" not in visitor.page.replace("<script defer", "")


def test_a_document_that_was_refused_is_told_until_another_stands_there(data: Path, tmp_path: Path) -> None:
    good = written(tmp_path / "in", "a.html", report(2016))
    bad = tmp_path / "in" / "<i>b<i>.html"
    bad.write_text(
        re.sub(
            r"(?s)<tr>(?:(?!<tr>).)*</tr>(?!.*<tr>)", "", written(tmp_path, "x.html", report(2017)).read_text("utf-8")
        ),
        "utf-8",
    )
    none = tmp_path / "in" / "c.html"
    none.write_text("<p>not a report</p>", "utf-8")
    assert ingest(tmp_path / "in").code == 1
    told = {each.file: (each.body, each.year) for each in refusals.held(data)}
    assert told == {bad.name: ("990100", 2017), none.name: ("", 0)}
    build.refresh(settings.load())
    visitor = site(configured(tmp_path, data_dir=data), Clock()).signed_in(Role.VIEWER)
    shown = visitor.get("/admin/coverage?lang=en").text
    [anchor] = re.findall(r'<td class="refused"><a href="#(refused-\w+)"', shown)
    assert f'id="{anchor}"' in shown
    assert "&lt;i&gt;b&lt;i&gt;.html" in shown
    assert "<i>b" not in shown
    written(tmp_path / "in", "e.html", report(2018, body="海城市"))
    assert "--add-body" in ingest(tmp_path / "in" / "e.html").out
    shown = visitor.get("/admin/coverage?lang=en").text
    assert "海城市" in shown and "--" not in shown.split('id="refused"')[1], "no option of the command line"
    ingest(written(tmp_path, "d.html", report(2017)), good)
    assert {each.file for each in refusals.held(data)} == {none.name, "e.html"}
    (data / refusals.FILE).write_text(
        '{"file": 1}\n[]\nx\n{"file":"a","sha256":"b","body":"","year":0,"reason":"no.such","values":{}}\n'
    )
    assert refusals.held(data) == []


def test_nothing_is_said_of_refusals_where_nothing_is_to_be_written(data: Path, tmp_path: Path) -> None:
    (tmp_path / "c.html").write_text("<p>not a report</p>", "utf-8")
    ingest(tmp_path / "c.html", "--dry-run")
    assert not (data / refusals.FILE).exists()


def test_the_years_go_from_the_first_report_to_the_last_year_that_is_over(visitor: Visitor) -> None:
    from dashboard.snapshots.store import Live

    engine = Live(visitor.site.settings.snapshots_dir).snapshot().engine
    assert coverage(engine, date(2024, 1, 1)).years == (2023, 2022, 2021, 2020, 2019)
    assert coverage(engine, date(2020, 1, 1)).years == (2021, 2020, 2019)
