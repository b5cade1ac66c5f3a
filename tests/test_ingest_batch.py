"""Folders of documents into the data folder: what is read, passed over, refused, and how it is told."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pytest
from frictionless import validate
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.ingest import refusals
from dashboard.tables.package import Package
from tests.batches import BODIES, bytes_of, ingest, report, written


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Good documents of every format in nested folders, and all that lies about in such folders."""
    folder = tmp_path / "papers"
    for year, name in [(2016, "a.html"), (2019, "b/c.docx"), (2020, "b/d.xlsx"), (2021, "b/e/f.pdf"), (2022, "g.txt")]:
        written(folder, name, report(year))
    (folder / "~$c.docx").write_bytes(b"x" * 162)
    (folder / ".hidden.html").write_bytes(b"x")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.html").write_bytes(b"x")
    (folder / "b" / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "damaged.docx").write_bytes(b"PK\x03\x04 no archive")
    (folder / "empty.html").write_bytes(b"")
    (folder / "letter.txt").write_text("亲爱的同志：你好。", "utf-8")
    return folder


def test_a_folder_is_read_and_what_is_no_report_is_told_without_stopping(data: Path, papers: Path) -> None:
    done = ingest(papers)
    assert done.code == 1
    assert done.outcomes == {
        "a.html": "read", "c.docx": "read", "d.xlsx": "read", "f.pdf": "read", "g.txt": "read",
        "~$c.docx": "skipped", ".hidden.html": "skipped", ".git": "skipped", "photo.jpg": "skipped",
        "damaged.docx": "refused", "empty.html": "refused", "letter.txt": "refused",
    }  # fmt: skip
    assert [each.year for each in Package(data).reports()] == [2016, 2019, 2020, 2021, 2022]
    reasons = {Path(each["file"]).name: each["reason"] for each in done.documents}
    assert reasons["damaged.docx"] == "document.damaged"
    assert reasons["empty.html"] == "document.empty"
    assert reasons["letter.txt"] == "recognise.no_title"
    assert all(each["sentence"] for each in done.documents if each["outcome"] in ("refused", "skipped"))


def test_the_folder_written_is_a_valid_data_package(data: Path, papers: Path) -> None:
    written(papers, "a2.html", report(2016, seed=2), modified=2)
    ingest(papers)
    told = validate(str(data / "datapackage.json"))
    assert told.valid, told.flatten(["title", "note", "rowNumber"])
    assert told.stats["tasks"] == 3 + 2 * 5  # bodies, reports, history; facts and mentions of five reports


def test_each_document_tells_what_was_read_of_it(data: Path, papers: Path) -> None:
    [found] = [each for each in ingest(papers).documents if each["file"].endswith("a.html")]
    [held] = [each for each in Package(data).reports() if each.year == 2016]
    assert (found["body"], found["year"], found["edition"], found["sha256"]) == ("990100", 2016, "2014", held.sha256)
    assert found["facts"] == len(Package(data).facts("990100", 2016))
    assert found["mentions"] == len(Package(data).mentions("990100", 2016))
    assert found["findings"] == []
    assert found["reason"] is None


def test_several_processes_give_the_bytes_that_one_gives(data: Path, papers: Path, tmp_path: Path) -> None:
    ingest(papers, "--jobs", "1")
    alone = bytes_of(data)
    for path in sorted(data.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (data / "bodies.csv").write_text(BODIES, "utf-8")
    ingest(papers, "--jobs", "3")
    assert bytes_of(data) == alone


def test_nothing_is_left_beside_the_tables(data: Path, papers: Path) -> None:
    ingest(papers)
    assert [path for path in data.rglob("*") if path.name.startswith(".")] == []


def test_a_second_time_changes_nothing_and_reads_nothing(data: Path, papers: Path) -> None:
    for name in ("damaged.docx", "empty.html", "letter.txt"):
        (papers / name).unlink()
    assert ingest(papers).code == 0
    before = bytes_of(data)
    done = ingest(papers)
    assert done.code == 0
    assert set(done.outcomes.values()) == {"unchanged", "skipped"}
    assert all(each["facts"] is None for each in done.documents)
    assert bytes_of(data) == before


def test_a_document_named_twice_and_a_copy_are_read_once(data: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "in", "a.html", report(2016))
    written(tmp_path / "in", "copy.html", report(2016))
    done = ingest(path, tmp_path / "in", path)
    assert done.outcomes == {"a.html": "read", "copy.html": "unchanged"}
    assert len(list((data / "sources").iterdir())) == 1


def test_a_named_file_of_an_unknown_ending_is_refused(data: Path, papers: Path) -> None:
    done = ingest(papers / "a.html", papers / "b" / "photo.jpg", papers / "absent.pdf")
    assert done.code == 1
    assert done.outcomes == {"a.html": "read", "photo.jpg": "refused", "absent.pdf": "refused"}


def test_an_empty_folder_is_fine(data: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert ingest(tmp_path / "none").documents == []
    assert ingest(tmp_path / "none", form="table").code == 0


@pytest.mark.parametrize(
    "options",
    [["--body", "990100"], ["--year", "2016"], ["--url", "https://example.org"], ["--jobs", "0"],
     ["--jobs", "2", "--scheduler", "tcp://127.0.0.1:1"]],
)  # fmt: skip
def test_options_that_do_not_fit_several_documents_are_wrong_usage(
    data: Path, papers: Path, options: list[str]
) -> None:
    before = bytes_of(data)
    assert ingest(papers, *options).code == 2
    assert bytes_of(data) == before


def test_a_dry_run_of_several_tells_and_writes_nothing(data: Path, papers: Path) -> None:
    before = bytes_of(data)
    done = ingest(papers, "--dry-run")
    assert done.code == 1
    assert done.outcomes["f.pdf"] == "read"
    assert done.outcomes["damaged.docx"] == "refused"
    assert bytes_of(data) == before


def test_contradictions_and_cells_that_are_not_on_the_form_are_findings(data: Path, tmp_path: Path) -> None:
    page = written(tmp_path / "in", "a.html", report(2016))
    text = page.read_text("utf-8").replace("2016年度政府信息公开情况统计表", "2015年度政府信息公开情况统计表")
    row = "<tr><td>云岭特色指标</td><td>件</td><td>7</td></tr></table>"
    page.write_text(text.replace("</table>", row, 1), "utf-8")
    written(tmp_path / "in", "b.html", report(2020))
    assert "recognise.year" in {each["reason"] for each in ingest(page).documents}
    done = ingest(page, "--year", "2016")
    assert done.code == 0
    [found] = done.documents
    kinds = {each["kind"] for each in found["findings"]}
    assert kinds == {"contradiction", "unmapped"}
    assert any("2015年度" in each["printed"] and each["place"] for each in found["findings"])
    again = ingest(page, "--year", "2016", "--again", form="table")
    assert "云岭特色指标" in again.err
    assert "2015年度" in again.err


def test_findings_of_a_batch_stand_below_the_table(data: Path, tmp_path: Path) -> None:
    page = written(tmp_path / "in", "a.html", report(2016))
    row = "<tr><td>云岭特色指标</td><td>件</td><td>7</td></tr></table>"
    page.write_text(page.read_text("utf-8").replace("</table>", row, 1), "utf-8")
    written(tmp_path / "in", "b.html", report(2020))
    done = ingest(tmp_path / "in", form="table")
    assert done.code == 0
    assert "a.html" in done.err
    assert "云岭特色指标" in done.err


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ["文件", "结果", "已读入", "被拒绝", "跳过", "办公软件"]),
     ("en", ["file", "outcome", "read", "refused", "skipped", "office software"])],
)  # fmt: skip
def test_the_table_speaks_both_languages(
    data: Path, papers: Path, monkeypatch: pytest.MonkeyPatch, language: str, words: list[str]
) -> None:
    monkeypatch.setenv("GONGKAI_LANGUAGE", language)
    done = ingest(papers, form="table")
    assert done.code == 1
    assert [word for word in words if word not in done.out] == []
    assert done.err == ""  # no bar, since this is no terminal


def test_the_result_prints_as_csv(data: Path, papers: Path) -> None:
    listed = list(csv.DictReader(io.StringIO(ingest(papers, form="csv").out)))
    assert list(listed[0])[:5] == ["file", "outcome", "body", "year", "edition"]
    assert {Path(each["file"]).name for each in listed if each["outcome"] == "refused"} == {
        "damaged.docx", "empty.html", "letter.txt",
    }  # fmt: skip


def test_one_document_is_told_in_a_sentence(data: Path, papers: Path) -> None:
    assert "已读入《云岭市2016年" in ingest(papers / "a.html", form="table").out
    assert "没有变化" in ingest(papers / "a.html", form="table").out
    refused = ingest(papers / "damaged.docx", form="table")
    assert (refused.code, refused.out) == (1, "")
    assert "damaged.docx" in refused.err


def test_bodies_that_tell_their_code_are_added_once(data: Path, tmp_path: Path) -> None:
    code = ("本机关行政区划代码：990200。",)
    for year, prose in [(2015, ()), (2016, code), (2017, code), (2018, ())]:
        written(tmp_path / "in", f"{year}.html", report(year, body="望江市", prose=prose))
    assert set(ingest(tmp_path / "in").outcomes.values()) == {"refused"}
    assert (data / "bodies.csv").read_text("utf-8") == BODIES
    done = ingest(tmp_path / "in", "--add-body")
    assert set(done.outcomes.values()) == {"read"}
    assert [(each.body, each.name) for each in Package(data).bodies()] == [("990100", "云岭市"), ("990200", "望江市")]
    assert [(each.body, each.year) for each in Package(data).reports()] == [("990200", y) for y in range(2015, 2019)]


def test_a_body_without_a_code_is_refused_with_what_to_do(data: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "in", "a.html", report(2016, body="望江市"))
    done = ingest(path, "--add-body", form="table")
    assert done.code == 1
    assert "--body" in done.err
    assert "望江市" in done.err
    assert bytes_of(data) == {"bodies.csv": BODIES.encode()}
    assert (data / refusals.FILE).is_file(), "that it was refused, and why"
    assert ingest(path, "--add-body", "--body", "990200").outcomes == {"a.html": "read"}


def test_a_code_that_another_body_has_is_refused(data: Path, tmp_path: Path) -> None:
    for name, body in [("a", "望江市"), ("b", "临海市")]:
        prose = ("本机关行政区划代码：990200。",)
        written(tmp_path / "in", f"{name}.html", report(2016, body=body, prose=prose))
    done = ingest(tmp_path / "in", "--add-body")
    assert done.outcomes == {"a.html": "read", "b.html": "refused"}
    assert done.documents[1]["reason"] == "ingest.code_taken"


def test_an_address_stays_with_its_document(data: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "in", "a.html", report(2016))
    ingest(path)
    assert ingest(path, "--url", "https://example.org/a").outcomes == {"a.html": "read"}
    ingest(path, "--again")
    assert Package(data).reports()[0].url == "https://example.org/a"


def test_a_bar_is_shown_on_a_terminal_only(data: Path, papers: Path) -> None:
    import os
    import pty
    import subprocess

    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "ingest", str(papers)], stdout=subprocess.DEVNULL, stderr=child
    )
    os.close(child)
    shown = b""
    try:
        while part := os.read(parent, 65536):
            shown += part
    except OSError:  # the terminal's other end has closed
        pass
    assert process.wait() == 1
    assert "读入".encode() in shown


def test_help_names_every_option() -> None:
    told = CliRunner().invoke(app, ["ingest", "--help"]).stdout
    for option in ("PATH...", "--jobs", "--scheduler", "--again", "--dry-run", "--add-body"):
        assert option in told
