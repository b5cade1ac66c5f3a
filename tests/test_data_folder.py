"""The data folder, snapshots, the command line: what is written, read back, published, refused."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from frictionless import validate
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from dashboard import settings
from dashboard.cli import app
from dashboard.messages import UserError
from dashboard.schema import Fact, Mention, columns
from dashboard.snapshots import build, store
from dashboard.snapshots.blocking import Blocked
from dashboard.tables import package as package_module
from dashboard.tables import records
from dashboard.tables.package import Package
from tests.browser.test_reading import with_year_before
from tests.conftest import REAL_REPORT, ROOT

FACT_COLUMNS = "indicator,segment,applicant,measure,value,unit,absence,as_printed,locator"
MENTION_COLUMNS = "value,unit,bound,counts,section,locator,indicator"
REPORT = ["--body", "640000", "--year", "2018"]


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_the_committed_folder_is_a_valid_data_package() -> None:
    report = validate(str(ROOT / "data" / "datapackage.json"))
    assert report.valid, report.flatten(["title", "note", "rowNumber"])
    assert report.stats["tasks"] == 4


def test_a_folder_with_two_reports_is_a_valid_data_package(data_dir: Path) -> None:
    with_year_before(data_dir)
    assert validate(str(data_dir / "datapackage.json")).valid


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**12), max_value=10**12),
    st.text(max_size=40),
)
def test_a_record_written_reads_back_the_same(value: object, text: str) -> None:
    plain = text.replace("\0", "").replace("\r", "")
    fact = Fact(indicator="a", value=value, unit="条", as_printed=plain, locator="line:1")  # type: ignore[arg-type]  # the value of whatever kind is what is tried
    [read] = records.from_csv(records.to_csv([fact], columns(Fact)), Fact, "facts.csv")
    assert read == fact


def test_a_bad_cell_is_named_by_file_line_and_column(data_dir: Path) -> None:
    path = data_dir / "facts" / "640000-2018.csv"
    path.write_text(path.read_text("utf-8").replace(",706668,", ",viele,", 1), "utf-8")
    with pytest.raises(Blocked) as told:
        build.refresh(settings.load())
    [problem] = told.value.problems
    assert problem.values == {
        "file": "facts/640000-2018.csv",
        "line": 2,
        "column": "value",
        "value": "viele",
        "kind": "Decimal",
    }
    assert store.live_name(data_dir / "snapshots") is None


def test_a_missing_table_is_named(data_dir: Path) -> None:
    (data_dir / "mentions" / "640000-2018.csv").unlink()
    with pytest.raises(UserError) as told:
        build.refresh(settings.load())
    assert "640000-2018.csv" in str(told.value)


def test_a_write_that_fails_leaves_the_table_as_it_was(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = Package(data_dir)
    before = (data_dir / "bodies.csv").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(package_module.tempfile, "NamedTemporaryFile", full)
    with pytest.raises(UserError) as told:
        package.add_body(package.bodies()[0])
    assert "No space left" in str(told.value)
    assert (data_dir / "bodies.csv").read_bytes() == before


def test_the_same_tables_give_the_same_snapshot(data_dir: Path) -> None:
    first, second = build.refresh(settings.load()), build.refresh(settings.load())
    assert first.name == second.name
    assert store.names(data_dir / "snapshots") == [first.name]
    assert (first.manifest.facts, first.manifest.mentions, first.manifest.reports) == (115, 214, 1)


def test_a_publication_is_noticed_without_a_restart(data_dir: Path) -> None:
    live = store.Live(data_dir / "snapshots")
    first = build.refresh(settings.load())
    assert live.snapshot().name == first.name
    with_year_before(data_dir)
    second = build.refresh(settings.load())
    assert live.snapshot().name == second.name != first.name
    store.publish(data_dir / "snapshots", first.name)
    assert live.snapshot().name == first.name


def test_a_damaged_live_file_is_told(data_dir: Path) -> None:
    build.refresh(settings.load())
    (data_dir / "snapshots" / "live.json").write_text('{"snap', "utf-8")
    live = store.Live(data_dir / "snapshots")
    assert live.snapshot()
    assert live.problem
    assert live.problem.message_id == "snapshot.live_broken"
    assert run("refresh")[0] == 0
    assert live.snapshot()
    assert live.problem is None


@pytest.mark.parametrize(
    ("command", "header", "rows"), [("facts", FACT_COLUMNS, 115), ("mentions", MENTION_COLUMNS, 214)]
)
def test_figures_print_as_csv_json_and_table(data_dir: Path, command: str, header: str, rows: int) -> None:
    code, out, _ = run(command, *REPORT, "--format", "csv")
    assert code == 0
    assert out.splitlines()[0] == header
    assert len(list(csv.DictReader(io.StringIO(out)))) == rows
    listed = json.loads(run(command, *REPORT, "--format", "json")[1])
    assert len(listed) == rows
    assert list(listed[0]) == header.split(",")
    assert str(rows) in run(command, *REPORT)[1]


def test_a_report_that_is_not_held_is_refused_with_a_sentence(data_dir: Path) -> None:
    code, _, err = run("facts", "--body", "640000", "--year", "1999")
    assert code == 1
    assert "640000-2018" in err


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["facts"], ["facts", "--year", "x"], ["ingest"], ["facts", "--format", "xml", *REPORT]]
)
def test_wrong_usage_ends_with_two(arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2


@pytest.mark.parametrize("name", ["absent.txt", "empty.txt", "notes.xyz", "letter.txt", "binary.txt"])
def test_what_is_no_report_is_refused_and_no_table_is_written(data_dir: Path, tmp_path: Path, name: str) -> None:
    content = {
        "empty.txt": b"",
        "notes.xyz": b"x",
        "letter.txt": "亲爱的同志：你好。".encode(),
        "binary.txt": b"\0\1\2",
    }
    if name in content:
        (tmp_path / name).write_bytes(content[name])
    before = sorted((path, path.stat().st_mtime_ns) for path in data_dir.rglob("*"))
    kept = data_dir / "refused.jsonl"
    code, out, err = run("ingest", str(tmp_path / name))
    assert code == 1
    assert err.strip()
    assert "Traceback" not in out + err
    left = sorted((path, path.stat().st_mtime_ns) for path in data_dir.rglob("*") if path != kept)
    assert left == before


@pytest.mark.skipif(not REAL_REPORT.exists(), reason="the real report lies beside the project only where it is shared")
def test_reading_the_real_report_again_gives_the_committed_bytes(data_dir: Path) -> None:
    for path in ("facts/640000-2018.csv", "mentions/640000-2018.csv", "reports.csv", "datapackage.json"):
        (data_dir / path).unlink()
    code, _, err = run("ingest", str(REAL_REPORT))
    assert (code, err) == (0, "")
    for path in ("facts/640000-2018.csv", "mentions/640000-2018.csv", "reports.csv", "datapackage.json", "bodies.csv"):
        assert (data_dir / path).read_bytes() == (ROOT / "data" / path).read_bytes(), path
    assert (
        data_dir / "sources" / f"{Package(data_dir).reports()[0].sha256}.txt"
    ).read_bytes() == REAL_REPORT.read_bytes()


@pytest.mark.skipif(not REAL_REPORT.exists(), reason="the real report lies beside the project only where it is shared")
def test_a_dry_run_prints_the_facts_and_writes_nothing(data_dir: Path) -> None:
    before = sorted(data_dir.rglob("*"))
    code, out, _ = run("ingest", str(REAL_REPORT), "--dry-run", "--format", "csv")
    assert code == 0
    assert out == (ROOT / "data" / "facts" / "640000-2018.csv").read_text("utf-8")
    assert sorted(data_dir.rglob("*")) == before


def test_the_narrative_is_not_copied(data_dir: Path) -> None:
    """What a mention counts is a short name; no table holds a sentence."""
    for mention in Package(data_dir).mentions("640000", 2018):
        assert len(mention.counts) <= 40
        assert not set("。！？；") & set(mention.counts)
    assert columns(Mention)[:5] == ("value", "unit", "bound", "counts", "section")


def test_status_tells_what_is_live_and_whether_it_is_current(data_dir: Path) -> None:
    run("refresh")
    assert "数据目录没有更新的内容" in run("status")[1]
    with_year_before(data_dir)
    assert "gongkai refresh" in run("status")[1]


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "--version"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip()
