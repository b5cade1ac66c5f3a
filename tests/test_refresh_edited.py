"""Tables that a person opened and saved in a spreadsheet: understood where one reading is possible, else told by cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard import settings
from dashboard.messages import Language
from dashboard.snapshots import build
from dashboard.snapshots.blocking import MOST, Blocked
from dashboard.tables.package import Package
from tests.folders import change_cells, folder

FACTS = "facts/990001-2021.csv"
REPORTS = "reports.csv"


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "data"))
    return folder(tmp_path / "data", 2, 2020, 2021)


def delimited(text: str, mark: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\r\n").writerows(csv.reader(io.StringIO(text)))
    return out.getvalue()


def widened(text: str) -> str:
    return "".join(f"{line},,,\r\n" for line in text.splitlines())


SAVED: dict[str, Callable[[str], bytes]] = {
    "with a byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "in GB18030": lambda text: text.encode("gb18030"),
    "in UTF-16 with tabs": lambda text: delimited(text, "\t").encode("utf-16"),
    "with CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "with lone CR": lambda text: text.replace("\n", "\r").encode(),
    "with semicolons": lambda text: delimited(text, ";").encode(),
    "with semicolons and a hint": lambda text: b"sep=;\r\n" + delimited(text, ";").encode("gb18030"),
    "with tabs": lambda text: delimited(text, "\t").encode(),
    "with empty columns at the end": lambda text: widened(text).encode(),
    "with empty lines at the end": lambda text: (text + ",,,\n\n").encode(),
}


@pytest.mark.parametrize("way", SAVED)
def test_tables_saved_in_another_way_hold_the_same(held: Path, way: str) -> None:
    package = Package(held)
    before = package.bodies(), package.reports(), package.facts("990001", 2021), package.mentions("990001", 2021)
    for path in ("bodies.csv", REPORTS, FACTS, "mentions/990001-2021.csv"):
        content = SAVED[way]((held / path).read_text("utf-8"))
        (held / path).write_bytes(content)
    after = package.bodies(), package.reports(), package.facts("990001", 2021), package.mentions("990001", 2021)
    assert after == before
    assert build.refresh(settings.load()).manifest.reports == 4


@pytest.mark.parametrize(
    ("path", "line", "column", "cell"),
    [
        (REPORTS, 5, "published", "2022/1/20"),
        (REPORTS, 5, "published", "2022/1/20 0:00"),
        (REPORTS, 5, "published", "2022年1月20日"),
        (REPORTS, 5, "published", "2022.1.20"),
        (REPORTS, 5, "published", "20/1/2022"),
        (REPORTS, 5, "published", "44581"),
        (REPORTS, 5, "period_start", "1/1/2021"),
        (REPORTS, 5, "year", "2021.0"),
        (REPORTS, 5, "year", "2,021"),
        (REPORTS, 5, "body", "990001.0"),
        (REPORTS, 5, "body", "9.90001E+05"),
        (REPORTS, 5, "body", "990,001"),
        ("bodies.csv", 3, "body", "9.90001E+05"),
        ("bodies.csv", 3, "parent", "990000.0"),
    ],
)
def test_a_cell_that_a_spreadsheet_rewrote_is_understood(
    held: Path, path: str, line: int, column: str, cell: str
) -> None:
    package = Package(held)
    before = package.bodies(), package.reports()
    change_cells(held / path, line, {column: cell})
    assert (package.bodies(), package.reports()) == before


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1234567.0", "1234567"), ("1,234,567", "1234567"), ("1 234 567", "1234567"), ("１２", "12"), ("-1,234.50", "-1234.5"),
     (" 7 ", "7"), ("−7", "-7"), ("007", "7")],
)  # fmt: skip
def test_a_number_with_separators_keeps_its_value(held: Path, cell: str, value: str) -> None:
    change_cells(held / FACTS, 2, {"value": cell})
    found = Package(held).facts("990001", 2021)[0].value
    assert found is not None
    assert f"{found.normalize():f}" == value


def test_a_code_that_lost_its_leading_zeros_is_known_by_its_tables(held: Path) -> None:
    for kind in ("facts", "mentions"):
        for year in (2020, 2021):
            (held / kind / f"990001-{year}.csv").rename(held / kind / f"00101-{year}.csv")
    change_cells(held / "bodies.csv", 3, {"body": "101"})
    change_cells(held / REPORTS, 4, {"body": "101"})
    change_cells(held / REPORTS, 5, {"body": "00101"})
    assert {each.body for each in Package(held).reports()} == {"990000", "00101"}
    assert [each.body for each in Package(held).bodies()] == ["990000", "00101"]
    assert build.refresh(settings.load()).manifest.reports == 4


BAD = [
    (FACTS, 2, "value", "6.4E+05", "cell.shortened"),
    (FACTS, 2, "value", "viele", "table.bad_cell"),
    (FACTS, 2, "value", "NaN", "table.bad_cell"),
    (FACTS, 2, "value", "Infinity", "table.bad_cell"),
    (FACTS, 2, "value", "12,34", "table.bad_cell"),
    (FACTS, 2, "value", "5%", "table.bad_cell"),
    (FACTS, 2, "value", "1" * 25, "row.too_large"),
    (FACTS, 2, "value", "", "row.value_or_absence"),
    (FACTS, 2, "absence", "blank", "row.value_or_absence"),
    (FACTS, 2, "absence", "gone", "table.bad_cell"),
    (FACTS, 2, "segment", "some", "table.bad_cell"),
    (FACTS, 2, "indicator", "no.such", "row.unknown_indicator"),
    (FACTS, 2, "indicator", "", "row.empty"),
    (FACTS, 2, "unit", "", "row.empty"),
    (REPORTS, 5, "published", "3/4/2022", "cell.day_or_month"),
    (REPORTS, 5, "published", "40000", "cell.serial"),
    (REPORTS, 5, "published", "2022-13-40", "row.no_date"),
    (REPORTS, 5, "published", "20-Jan-22", "row.no_date"),
    (REPORTS, 5, "year", "21", "row.too_small"),
    (REPORTS, 5, "year", "2021.5", "table.bad_cell"),
    (REPORTS, 5, "body", "9.9E+05", "cell.code_lost"),
    (REPORTS, 5, "body", "110000", "row.unknown_body"),
    (REPORTS, 5, "edition", "2008", "row.unknown_edition"),
    (REPORTS, 5, "sha256", "1.23E+63", "row.pattern"),
    ("bodies.csv", 3, "name", "", "row.empty"),
    ("bodies.csv", 3, "body", "990000", "row.repeated"),
]


@pytest.mark.parametrize(("path", "line", "column", "cell", "expected"), BAD)
def test_what_cannot_be_understood_is_told_by_file_line_and_column(
    held: Path, path: str, line: int, column: str, cell: str, expected: str
) -> None:
    live = build.refresh(settings.load()).name
    change_cells(held / path, line, {column: cell})
    with pytest.raises(Blocked) as told:
        build.refresh(settings.load())
    [problem] = [each for each in told.value.problems if each.message_id == expected]
    assert problem.values["file"] == path
    assert problem.values["line"] == line
    said = problem.say(Language.ZH)
    assert path in said
    assert f"第 {line} 行" in said
    assert column in said or expected == "row.value_or_absence"
    assert build.state(settings.load()).shown.name == live  # type: ignore[union-attr]  # there is one


def test_a_line_with_a_cell_too_many_is_told(held: Path) -> None:
    lines = (held / FACTS).read_text("utf-8").splitlines()
    lines[3] += ",more"
    (held / FACTS).write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(Blocked) as told:
        build.refresh(settings.load())
    [problem] = told.value.problems
    assert (problem.message_id, problem.values["line"]) == ("table.too_many_cells", 4)


def test_a_decimal_comma_is_not_taken_for_a_separator(held: Path) -> None:
    change_cells(held / FACTS, 2, {"value": "12,345"})
    (held / FACTS).write_bytes(delimited((held / FACTS).read_text("utf-8"), ";").encode())
    with pytest.raises(Blocked) as told:
        build.refresh(settings.load())
    assert [each.message_id for each in told.value.problems] == ["cell.comma"]


def test_a_spoilt_byte_is_not_taken_for_another_encoding(held: Path) -> None:
    content = bytearray((held / REPORTS).read_bytes())
    at = content.rindex("云".encode())
    content[at + 1] = 0x20
    (held / REPORTS).write_bytes(content)
    with pytest.raises(Blocked) as told:
        build.refresh(settings.load())
    [problem] = told.value.problems
    assert (problem.message_id, problem.values["line"]) == ("table.damaged_text", 5)


def test_every_error_is_told_and_no_more_than_a_person_reads(held: Path) -> None:
    for body in ("990000", "990001"):
        path = held / "facts" / f"{body}-2021.csv"
        path.write_text(path.read_text("utf-8").replace(",all,", ",some,"), "utf-8")
    change_cells(held / "facts" / "990001-2020.csv", 2, {"value": "x"})
    with pytest.raises(Blocked) as told:
        build.refresh(settings.load())
    assert told.value.count > MOST == len(told.value.problems)
    assert {each.values["file"] for each in told.value.problems} >= {"facts/990000-2021.csv"}
    assert str(told.value.count - MOST) in told.value.say(Language.EN).splitlines()[-1]


def test_tables_and_reports_that_do_not_belong_together_are_told_together(held: Path) -> None:
    (held / "facts" / "990001-2021.csv").rename(held / "facts" / "990001-2021 - 副本.csv")
    (held / "facts" / "~$990001-2021.csv").write_bytes(b"\0")  # what a spreadsheet keeps beside an open file
    with pytest.raises(Blocked) as told:
        build.refresh(settings.load())
    assert {(each.message_id, each.values["file"]) for each in told.value.problems} == {
        ("table.not_found", "facts/990001-2021.csv"),
        ("table.no_report", "facts/990001-2021 - 副本.csv"),
    }


def test_the_same_figure_twice_names_both_lines(held: Path) -> None:
    lines = (held / FACTS).read_text("utf-8").splitlines()
    lines.append(lines[4])
    (held / FACTS).write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(Blocked) as told:
        build.refresh(settings.load())
    [problem] = told.value.problems
    assert (problem.message_id, problem.values["line"], problem.values["first"]) == ("row.repeated", len(lines), 5)
