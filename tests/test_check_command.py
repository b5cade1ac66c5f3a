"""`gongkai check`: files and reports of the data folder, every format, exit codes; nothing is written, nothing unescaped."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from dashboard import checks
from dashboard.audit import account, markdown, page, record, sheet
from dashboard.audit.audited import Audited
from dashboard.checks import Cell, Finding, Interval, Severity, Side, Verdict
from dashboard.checks.identities import CellKey
from dashboard.checks.repair import Repair
from dashboard.cli import app
from dashboard.documents import xlsx
from dashboard.messages import Language
from dashboard.schema import Body, Report
from dashboard.tables.package import Package
from tests import consistent
from tests.conftest import ROOT
from tests.documents.description import Description
from tests.documents.writers import WRITERS

HELD = ["--body", "640000", "--year", "2018"]
CLEAN = ROOT / "tests" / "documents" / "2014" / "yunling-2016.txt"
EVIL = '<script>alert("x")</script> =1+1 | `a`'


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["check", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A document whose total of requests is not the sum of its ways."""
    file = tmp_path / "broken.txt"
    file.write_text(CLEAN.read_text("utf-8").replace("（一）收到申请数\t件\t241", "（一）收到申请数\t件\t251"), "utf-8")
    return file


def test_a_document_without_errors_ends_with_nought(data_dir: Path) -> None:
    code, out, _ = run(str(CLEAN))
    assert code == 0
    assert "没有发现问题" in out


def test_the_smallest_correction_is_told_as_a_suggestion(data_dir: Path, broken: Path) -> None:
    _, out, _ = run(str(broken))
    section = out[out.index("最小更正") :]
    assert "未改动任何数字" in section
    assert "收到申请数：原为 251 件；改为 241 件，则各项关系成立（可能是写错一位数字）" in section
    assert "可消除：总数等于各分项之和" in section
    for output in ("html", "markdown"):
        assert "改为 241 件" in run(str(broken), "--format", output)[1]
        assert "最小更正" not in run(str(CLEAN), "--format", output)[1]


def test_the_smallest_correction_names_cells_values_and_findings(data_dir: Path, broken: Path) -> None:
    told = json.loads(run(str(broken), "--format", "json")[1])
    (group,) = told["smallest_correction"]
    failing = {each["id"] for each in told["findings"] if each["verdict"] == "fails"}
    assert set(group["settles"]) <= failing and len(group["settles"]) == 1
    assert (group["is_proven"], group["is_complete"]) == (True, True)
    received = next(edit for (edit,) in group["corrections"] if edit["indicator"] == "requests.received")
    assert (received["printed"], received["suggested"], received["slip"]) == ("251", "241", "mistyped")
    assert "table:" in received["locator"]
    assert json.loads(run(str(CLEAN), "--format", "json")[1])["smallest_correction"] == []


def test_a_document_with_an_error_ends_with_one_and_tells_it_first(data_dir: Path, broken: Path) -> None:
    code, out, _ = run(str(broken))
    assert code == 1
    assert "错误 · 违反：总数等于各分项之和" in out
    assert out.index("错误 · 违反") < out.index("无法判断\n")


def test_checking_writes_nothing(data_dir: Path, broken: Path) -> None:
    before = {path: path.read_bytes() for path in data_dir.rglob("*") if path.is_file()}
    run(str(broken))
    run(*HELD)
    assert {path: path.read_bytes() for path in data_dir.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "arguments",
    [[], ["--body", "640000"], ["--year", "2018"], [*HELD, "--format", "xlsx"], [*HELD, "--format", "pdf"],
     ["a.txt", "b.txt", "--year", "2018"]],
)  # fmt: skip
def test_wrong_usage_ends_with_two(data_dir: Path, arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2


def test_a_report_that_is_not_held_and_a_file_that_is_none_end_with_one(data_dir: Path, tmp_path: Path) -> None:
    assert run("--body", "640000", "--year", "1999")[0] == 1
    other = tmp_path / "letter.txt"
    other.write_text("你好", "utf-8")
    code, out, err = run(str(other), str(CLEAN))
    assert code == 1
    assert "letter.txt" in err
    assert "云岭市" in out


def test_json_holds_every_rule_tried_with_its_cells(data_dir: Path) -> None:
    code, out, _ = run(*HELD, "--format", "json")
    told = json.loads(out)
    assert code == 1
    assert set(told) == {"report", "findings", "smallest_correction"}
    assert (told["report"]["body"], told["report"]["year"]) == ("640000", 2018)
    assert {"id", "rule", "verdict", "severity", "left", "right", "cells", "message"} <= set(told["findings"][0])
    [budget] = [
        f for f in told["findings"] if f["rule"] == "text.table" and f["cells"][0]["indicator"] == "capacity.budget"
    ]
    assert budget["right"] == {"low": "2602.76", "high": "2602.76"}
    assert budget["cells"][0]["locator"] == "line:183/chars:43-52"


def test_json_of_several_files_is_a_list_of_such_objects(data_dir: Path, broken: Path) -> None:
    told = json.loads(run(str(CLEAN), str(broken), "--format", "json")[1])
    assert [set(each) for each in told["reports"]] == [{"report", "findings", "smallest_correction"}] * 2


def test_csv_holds_one_row_a_finding(data_dir: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(*HELD, "--format", "csv")[1])))
    listed = json.loads(run(*HELD, "--format", "json")[1])["findings"]
    assert [row["id"] for row in rows] == [each["id"] for each in listed]


def test_a_workbook_holds_one_row_a_finding(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "audit.xlsx"
    code, out, err = run(*HELD, "--format", "xlsx", "--output", str(file))
    assert (code, out) == (1, "")
    assert str(file) in err
    [grid] = xlsx.read(file.read_bytes()).grids
    assert len(grid.rows) == 1 + len(json.loads(run(*HELD, "--format", "json")[1])["findings"])


def test_the_same_audit_gives_the_same_workbook(data_dir: Path, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.xlsx", "b.xlsx")]
    for file in files:
        run(*HELD, "--format", "xlsx", "--output", str(file))
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_file_that_cannot_be_written_is_told(data_dir: Path, tmp_path: Path) -> None:
    code, _, err = run(*HELD, "--format", "html", "--output", str(tmp_path / "no" / "a.html"))
    assert code == 1
    assert "a.html" in err


def test_the_report_before_and_those_below_are_found_in_the_data_folder(data_dir: Path) -> None:
    package = Package(data_dir)
    first, second = consistent.following("2021", Random(5), 2)
    for made in (first, second):
        package.write(made.report, list(made.facts), list(made.mentions))
    package.add_body(Body("990000", "云岭市", "Yunling", "prefecture"))
    told = json.loads(run("--body", "990000", "--year", str(second.report.year), "--format", "json")[1])
    carried = [each for each in told["findings"] if each["rule"] == "series.carried"]
    assert {each["verdict"] for each in carried} == {"holds"}
    assert len(carried) == 7


@pytest.mark.parametrize("edition", ["2014", "2019", "2021"])
@pytest.mark.parametrize("suffix", [".txt", ".html"])
def test_a_document_of_every_edition_passes_until_one_cell_is_changed(
    data_dir: Path, tmp_path: Path, edition: str, suffix: str
) -> None:
    made = consistent.make(edition, Random(3))
    codes = []
    for table in (made.table, made.table | {CellKey("review.total"): Decimal(98765)}):
        figures = {(key.indicator, key.applicant): f"{value:f}" for key, value in table.items()}
        file = tmp_path / f"report{suffix}"
        file.write_bytes(WRITERS[suffix](Description(edition, made.report.year, "云岭市", figures)))
        codes.append(run(str(file))[0])
    assert codes == [0, 1]


# ---- what a document says is never markup


def evil(language: Language) -> account.Account:
    cell = Cell(Side.LEFT, counts=EVIL, as_printed=EVIL, locator="line:1")
    finding = Finding(
        "1", 2021, "text.part", Verdict.FAILS, Severity.ERROR, (cell,), Interval.of(Decimal(2)),
        right=Interval.of(Decimal(1)), message="finding.cell",
    )  # fmt: skip
    report = Report(body="1", year=2021, edition="2021", title=EVIL, format="txt")
    return account.account(Audited(report, EVIL, (finding,), Repair(())), language)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action")]


@pytest.mark.parametrize("language", list(Language))
def test_the_page_has_no_script_asks_no_host_and_escapes_everything(language: Language) -> None:
    told = page.to_html([evil(language)], language)
    tags = Tags()
    tags.feed(told)
    assert "script" not in tags.seen
    assert tags.addresses == []
    assert "url(" not in told and "@import" not in told
    assert "&lt;script&gt;" in told
    assert f'lang="{language.tag}"' in told


def test_markdown_holds_words_of_a_document_as_words() -> None:
    told = markdown.to_markdown(evil(Language.EN), Language.EN)
    assert "<script>" not in told
    assert all(line.count(" | ") == 3 for line in told.splitlines() if line.startswith("| fails"))


def test_no_cell_is_a_formula() -> None:
    assert record.defused("=1+1") == "'=1+1"
    assert record.defused("+ 政府公报") == "'+ 政府公报"
    assert record.defused("政府公报") == "政府公报"
    [grid] = xlsx.read(sheet.to_xlsx([evil(Language.ZH)], Language.ZH)).grids
    assert [cell.text for row in grid.rows for cell in row if cell.text.startswith(("=", "+", "-", "@"))] == []


@pytest.mark.parametrize("language", list(Language))
def test_the_page_tells_summary_problems_and_every_rule(
    data_dir: Path, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_LANGUAGE", language)
    told = run(*HELD, "--format", "html")[1]
    findings = json.loads(run(*HELD, "--format", "json")[1])["findings"]
    assert len(re.findall(r"<tr><td class=", told)) == len(findings)
    failing = [each for each in findings if each["verdict"] == "fails"]
    assert told.count('<section class="problem') == len(failing)
    assert {each["rule"].partition(".")[0] for each in findings} <= {rule.partition(".")[0] for rule in checks.rules()}
