"""Batches that are interrupted or killed, in real processes: what counts is whole, and the next run goes on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard import settings
from dashboard.messages import UserError
from dashboard.snapshots import build
from dashboard.tables import writing
from dashboard.tables.package import Package
from tests.batches import bytes_of, data_folder, ingest, report, written
from tests.conftest import ROOT

BODIES = 130


@pytest.fixture
def papers(tmp_path: Path, data: Path) -> Path:
    """A report each of so many bodies that they are written in several groups."""
    rows = []
    for number in range(BODIES):
        name = f"云{chr(0x4E00 + number)}岭市"
        rows.append(f"{990100 + number},{name},,prefecture,,\n")
        written(tmp_path / "in", f"{number:03}.html", report(2016, body=name, seed=number))
    (data / "bodies.csv").write_text("body,name,name_en,level,parent,aliases\n" + "".join(rows), "utf-8")
    return tmp_path / "in"


def started(papers: Path) -> subprocess.Popen[str]:
    # Who watches it goes first, however busy the machine is.
    command = [
        "nice",
        "-n",
        "19",
        sys.executable,
        "-m",
        "dashboard",
        "ingest",
        str(papers),
        "--jobs",
        "1",
        "--format",
        "json",
    ]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # what runs in the background ignores it
    )  # fmt: skip


def until_a_group_is_written(process: subprocess.Popen[str], folder: Path) -> None:
    while not (folder / "reports.csv").exists():
        try:
            process.wait(0.01)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"the batch ended too early: {process.communicate()}")


def require_whole(folder: Path) -> int:
    """Every report that counts has the tables that were read from its document; how many there are."""
    package = Package(folder)
    for each in package.reports():
        assert package.facts(each.body, each.year)
        package.mentions(each.body, each.year)
        assert (folder / "sources" / f"{each.sha256}.html").exists()
    return len(package.reports())


def test_a_killed_batch_leaves_whole_reports_and_goes_on(data: Path, papers: Path, tmp_path: Path) -> None:
    process = started(papers)
    until_a_group_is_written(process, data)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    (data / "facts" / ".writing-left").write_bytes(b"half")
    held = require_whole(data)
    assert 0 < held < BODIES
    done = ingest(papers)
    outcomes = list(done.outcomes.values())
    assert done.code == 0
    assert outcomes.count("unchanged") >= held
    assert outcomes.count("read") == BODIES - outcomes.count("unchanged") > 0
    assert require_whole(data) == BODIES
    assert [path for path in data.rglob("*") if path.name.startswith(".")] == []
    killed = bytes_of(data)
    whole = data_folder(tmp_path / "whole")
    (whole / "bodies.csv").write_bytes(killed["bodies.csv"])
    subprocess.run(
        [sys.executable, "-m", "dashboard", "ingest", str(papers)], cwd=ROOT, check=True, capture_output=True,
        env=os.environ | {"GONGKAI_DATA_DIR": str(whole)},
    )  # fmt: skip
    assert bytes_of(whole) == killed


def test_ctrl_c_saves_what_was_read_and_says_so(data: Path, papers: Path) -> None:
    process = started(papers)
    until_a_group_is_written(process, data)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 1
    assert "已中断" in err
    assert "Traceback" not in err
    held = require_whole(data)
    [done] = re.findall(f"{BODIES} 份文件中处理了 ([0-9]+) 份", err)
    assert held - int(done) in (0, 1)  # the one under way when the word came may be in
    assert list(ingest(papers).outcomes.values()).count("unchanged") == held


def test_a_second_ingest_says_that_another_is_writing(data: Path, papers: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", "import sys; from pathlib import Path; from dashboard.tables import writing\n"
         "with writing.sole_writer(Path(sys.argv[1])):\n print('held', flush=True); sys.stdin.read()", str(data)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    done = ingest(papers)
    assert done.code == 1
    assert "另一个 gongkai ingest" in done.err
    assert not (data / "reports.csv").exists()
    assert ingest(papers, "--dry-run").code == 0  # which writes nothing
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    assert (data / ".ingest.lock").exists()  # a crash leaves the file, which locks nobody out
    assert ingest(papers).code == 0
    assert not (data / ".ingest.lock").exists()


KILLED_AT = """
import os, pathlib, signal, sys
from dashboard.tables import writing
count, real = 0, pathlib.Path.replace
def replace(self, target):
    global count
    count += 1
    if count == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, target)
pathlib.Path.replace = replace
with writing.sole_writer(pathlib.Path(sys.argv[1])):
    files = {name: b"new" for name in ("facts/a", "mentions/a", "reports")}
    writing.replace_together(pathlib.Path(sys.argv[1]), files, sys.argv[3:])
"""


@pytest.mark.parametrize(
    ("step", "gone"), [*((step, "") for step in range(1, 6)), *((step, "gone") for step in (2, 3, 5))]
)
def test_a_kill_at_any_step_of_a_group_leaves_all_of_it_or_nothing(tmp_path: Path, step: int, gone: str) -> None:
    names = ("facts/a", "mentions/a", "reports")
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"old")
    if gone:
        (tmp_path / gone).write_bytes(b"old")
    command = [sys.executable, "-c", KILLED_AT, str(tmp_path), str(step), *([gone] if gone else [])]
    ended = subprocess.run(command, cwd=ROOT, check=False).returncode
    assert ended == (-signal.SIGKILL if step < 5 or gone else 0)
    with writing.sole_writer(tmp_path):
        assert not writing.is_unfinished(tmp_path)
    is_old = step == 1 or (step == 2 and gone)  # one step more, before it counts
    expected = b"old" if is_old else b"new"
    assert {(tmp_path / name).read_bytes() for name in names} == {expected}
    left = {"a", "facts", "mentions", "reports"} | ({gone} if gone and is_old else set())
    assert {path.name for path in tmp_path.rglob("*")} == left


def test_a_publication_completes_what_a_killed_ingest_left(data: Path, tmp_path: Path) -> None:
    ingest(written(tmp_path, "a.html", report(2016)))
    finished = bytes_of(data)
    stage = data / ".writing-group"
    stage.mkdir()
    (data / "facts" / "990100-2016.csv").rename(stage / "0")  # a group that was being put in its place
    (stage / "journal.json").write_text('["facts/990100-2016.csv"]', "utf-8")
    assert build.refresh(settings.load()).manifest.facts > 0
    assert finished.items() <= bytes_of(data).items()


def test_a_publication_while_another_process_writes_is_refused(data: Path, tmp_path: Path) -> None:
    ingest(written(tmp_path, "a.html", report(2016)))
    with writing.sole_writer(data):
        (data / ".writing-group").mkdir()
        (data / ".writing-group" / "journal.json").write_text("[]", "utf-8")
        with pytest.raises(UserError) as told:
            build.refresh(settings.load())
    assert told.value.message_id == "table.locked"
