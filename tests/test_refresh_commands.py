"""The commands of a refresh as a person uses them: what changes, what speaks against it, who did what."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard import settings
from dashboard.cli import app
from dashboard.messages import UserError
from dashboard.snapshots import audit_log, build, diff, releases, store
from dashboard.snapshots.audit_log import Action, Entry
from dashboard.snapshots.diff import Change
from dashboard.snapshots.releases import Wish
from tests.conftest import ROOT
from tests.folders import change_cells, drop_report, folder, set_value, without_lines

FACTS = "facts/990001-2021.csv"


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("GONGKAI_LANGUAGE", "en")
    return folder(tmp_path / "data", 2, 2020, 2021)


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def live(held: Path) -> str | None:
    return store.live_name(held / "snapshots")


def test_a_refresh_tells_what_it_changes(held: Path) -> None:
    assert "Published" in run("refresh")
    set_value(held / FACTS, 2, "4711")
    told = run("refresh", "--by", "Li Ming", "--reason", "misprint")
    assert "0 added, 1 changed, 0 gone" in told
    assert "4,711" in told
    assert "live already" in run("refresh")
    [_, second] = audit_log.entries(held)
    assert (second.by, second.reason, second.target) == ("Li Ming", "misprint", live(held))
    assert "Li Ming" in run("audit", "list")


def test_a_preview_is_not_live_until_it_is_published(held: Path) -> None:
    run("refresh")
    before = live(held)
    set_value(held / FACTS, 2, "4711")
    told = run("refresh", "--preview")
    [preview] = [name for name in store.names(held / "snapshots") if name != before]
    assert f"gongkai publish {preview}" in told
    assert live(held) == before
    assert preview in run("status")
    assert "preview" in next(line for line in run("snapshots").splitlines() if preview in line)
    run("publish", preview)
    assert live(held) == preview
    assert [each.action for each in audit_log.entries(held)] == ["refresh", "preview", "publish"]


def test_a_fall_in_figures_needs_force_and_a_reason(held: Path) -> None:
    run("refresh")
    before = live(held)
    without_lines(held / FACTS, 60)
    told = run("refresh", code=1)
    assert "990001, 2021" in told
    assert "--force" in told
    assert live(held) == before
    assert "--reason" in run("refresh", "--force", code=2)
    run("refresh", "--force", "--reason", "the annex was withdrawn")
    last = audit_log.entries(held)[-1]
    assert (last.is_forced, last.reason, last.origin) == (True, "the annex was withdrawn", before)
    assert "past a fall" in run("audit", "list")


def test_a_snapshot_of_one_report_is_told_in_the_singular(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(folder(tmp_path / "data", 1, 2021, 2021)))
    monkeypatch.setenv("GONGKAI_LANGUAGE", "en")
    run("refresh")
    assert ", 1 report, " in run("status") and "1 report, " in run("snapshots")


def test_a_report_that_is_gone_counts_as_a_fall(held: Path) -> None:
    run("refresh")
    drop_report(held, "990001", 2021)
    assert "990001, 2021: the report is gone" in run("refresh", code=1)


@pytest.mark.parametrize(("limit", "code"), [("0", 1), ("1", 1), ("99", 0)])
def test_the_limit_of_a_fall_is_a_setting(held: Path, monkeypatch: pytest.MonkeyPatch, limit: str, code: int) -> None:
    run("refresh")
    without_lines(held / FACTS, 5)
    monkeypatch.setenv("GONGKAI_FALL_LIMIT", limit)
    run("refresh", code=code)


def test_values_that_became_blank_are_figures_lost(held: Path) -> None:
    run("refresh")
    path = held / FACTS
    first, *rows = csv.reader(io.StringIO(path.read_text("utf-8")))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [first, *([*row[:4], "", row[5], "blank", "", row[8]] for row in rows)]
        )
    assert f"990001, 2021: 0 figures; {len(rows)} are live" in run("refresh", code=1)


def test_a_preview_with_too_few_figures_is_not_published_without_force(held: Path) -> None:
    run("refresh")
    without_lines(held / FACTS, 60)
    preview = build.preview(settings.load())
    assert preview.falls.count
    run("publish", preview.name, code=1)
    run("publish", preview.name, "--force", "--reason", " ", code=2)
    run("publish", preview.name, "--force", "--reason", "so it is")
    assert live(held) == preview.name


def test_a_rollback_shows_what_was_live_before_and_can_be_undone(held: Path) -> None:
    assert "Nothing was live before" in run("rollback", "--reason", "x", code=1)
    made = []
    for value in ("1", "2", "3"):
        set_value(held / FACTS, 2, value)
        run("refresh")
        made.append(live(held))
    run("rollback", "--reason", "wrong table")
    assert live(held) == made[1]
    assert "gongkai refresh" in run("status")
    run("rollback", "--reason", "it was right")
    assert live(held) == made[2]
    run("rollback", str(made[0]), "--reason", "older")
    assert live(held) == made[0]
    assert "--reason" in run("rollback", code=2) + run("rollback", str(made[1]), "--reason", " ", code=2)
    assert live(held) == made[0]
    assert [each.action for each in audit_log.entries(held)[3:]] == ["rollback"] * 3
    for nonsense in ("x", "../data", "-", "."):
        assert "Traceback" not in run("rollback", nonsense, "--reason", "x", code=1) + run("publish", nonsense, code=1)


def test_a_difference_tells_figures_and_findings(held: Path) -> None:
    first = build.refresh(settings.load()).name
    set_value(held / FACTS, 2, "4711")
    without_lines(held / "facts/990000-2020.csv", 1)
    second = build.preview(settings.load()).name
    found = diff.between(held / "snapshots", first, second)
    assert [(each.body, each.year, each.change, each.count) for each in found.counts] == [
        ("990000", 2020, "gone", 1), ("990001", 2021, "changed", 1)
    ]  # fmt: skip
    changed = found.figures[1]
    assert (changed.old_value != changed.new_value, int(changed.new_value or 0)) == (True, 4711)
    assert {each.change for each in found.findings} == {"new"}
    back = diff.between(held / "snapshots", second, first)
    assert [back.total(each) for each in Change] == [1, 1, 0, 0, found.total(Change.NEW)]
    told = json.loads(run("diff", "live", second, "--format", "json"))
    assert (told["old"], told["totals"]["gone"], told["figures"][1]["new_value"]) == (first, 1, "4711")
    rows = list(csv.DictReader(io.StringIO(run("diff", first, second, "--format", "csv"))))
    assert [row["what"] for row in rows] == ["figure"] * 2 + ["finding"] * len(found.findings)
    assert "4,711" in run("diff", first, second)
    assert "No figure" in run("diff", first, first)
    run("diff", first, second, "--format", "xml", code=2)
    run("diff", first, "gone", code=1)


def test_a_figure_that_only_moved_in_its_document_has_not_changed(held: Path) -> None:
    first = build.refresh(settings.load()).name
    path = held / FACTS
    path.write_text(path.read_text("utf-8").replace("line:1", "line:2"), "utf-8")
    second = build.preview(settings.load()).name
    assert first != second
    assert diff.between(held / "snapshots", first, second).counts == ()


def test_prune_and_snapshots_list_what_is_there(held: Path) -> None:
    for value in ("1", "2", "3", "4"):
        set_value(held / FACTS, 2, value)
        run("refresh")
    assert len(run("snapshots").splitlines()) == 4
    assert run("snapshots").splitlines()[0].startswith(f"{live(held)}  live")
    assert "0 snapshots removed" in run("prune", "--keep", "1")
    assert "2 snapshots removed" in run("prune", "--keep", "1", "--grace", "0")
    assert run("prune", code=2)


def test_status_tells_damage_with_exit_code_one(held: Path) -> None:
    assert "Nothing has been published" in run("status")
    run("refresh")
    assert "as it was written" in run("status")
    first = live(held)
    set_value(held / FACTS, 2, "4711")
    assert "has changed since" in run("status")
    run("refresh")
    (held / "snapshots" / str(live(held)) / "facts.parquet").write_bytes(b"x")
    told = run("status", code=1)
    assert "facts.parquet" in told and f"Live: {first}, 4 reports" in told
    assert "has changed since" not in told, "the folder holds what was published, though that is damaged"
    run("refresh")
    assert "as it was written" in run("status")


def test_all_errors_of_the_tables_are_printed(held: Path) -> None:
    set_value(held / FACTS, 2, "x")
    set_value(held / FACTS, 4, "y")
    told = run("refresh", code=1)
    assert f"{FACTS}, line 2" in told
    assert f"{FACTS}, line 4" in told
    assert not (held / "snapshots" / "live.json").exists()
    change_cells(held / "reports.csv", 2, {"year": "x"})
    assert "reports.csv, line 2" in run("status")


def log(folder: Path, count: int) -> list[str]:
    for number in range(count):
        audit_log.append(folder, Entry(Action.PUBLISH, "admin", target=f"s{number}", reason="因为"))
    return (folder / audit_log.FILE).read_text("utf-8").splitlines()


def rewrite(folder: Path, lines: list[str]) -> None:
    (folder / audit_log.FILE).write_text("".join(f"{line}\n" for line in lines), "utf-8")


TAMPERED = {
    "a changed word": (lambda lines: [*lines[:2], lines[2].replace("admin", "nobody"), *lines[3:]], 4),
    "a line taken out": (lambda lines: [*lines[:2], *lines[3:]], 3),
    "a line put in": (lambda lines: [*lines[:3], lines[0], *lines[3:]], 4),
    "lines swapped": (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2),
    "no JSON": (lambda lines: [*lines[:2], "x", *lines[3:]], 3),
    "the first line taken out": (lambda lines: lines[1:], 1),
    "the last line spoilt": (lambda lines: [*lines[:-1], lines[-1][:-9]], 6),
}


@pytest.mark.parametrize("way", TAMPERED)
def test_the_first_line_of_the_log_that_is_not_as_written_is_told(held: Path, way: str) -> None:
    change, first = TAMPERED[way]
    rewrite(held, change(log(held, 6)))
    found = audit_log.verify(held)
    assert found.broken
    assert found.broken.line == first
    assert str(first) in run("audit", "verify", code=1)


def test_a_line_torn_by_a_crash_is_told_and_the_log_goes_on(held: Path) -> None:
    log(held, 3)
    path = held / audit_log.FILE
    path.write_bytes(path.read_bytes() + b'{"number": 4, "at": "2026')
    assert audit_log.verify(held) == audit_log.Verified(4, None, (4,))
    log(held, 2)
    assert audit_log.verify(held) == audit_log.Verified(6, None, (4,))
    assert len(audit_log.entries(held)) == 5
    assert "Line 4" in run("audit", "verify")
    run("refresh")
    lines = path.read_text("utf-8").splitlines()
    rewrite(held, [*lines[:3], lines[3] + "7", *lines[4:]])  # a torn line counts like any other
    assert audit_log.verify(held).broken == audit_log.Fault(5, "chain")


def test_a_line_that_lost_only_its_end_is_whole(held: Path) -> None:
    log(held, 2)
    path = held / audit_log.FILE
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    log(held, 1)
    assert audit_log.verify(held) == audit_log.Verified(3, None, ())


def test_who_does_it_is_the_systems_user_unless_told(held: Path) -> None:
    run("refresh")
    assert audit_log.entries(held)[0].by == releases.machine_user() != ""
    set_value(held / FACTS, 2, "1")
    build.run(settings.load(), Wish(by="web:zhang\u202e\n", reason="x\ty"))
    last = audit_log.entries(held)[-1]
    assert last.by.startswith("web:zhang")
    assert not {"\u202e", "\n", "\t"} & {*last.by, *last.reason}


def test_a_publication_that_was_interrupted_is_told_in_the_log(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("refresh")
    before = live(held)
    set_value(held / FACTS, 2, "1")

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(releases.pointer, "finish", cut_off)
        with pytest.raises(KeyboardInterrupt):
            build.run(settings.load())
    attempted = audit_log.entries(held)[-1].target
    with releases.alone(settings.load()):
        pass
    last = audit_log.entries(held)[-1]
    assert (last.action, last.origin, last.target) == (Action.INTERRUPTED, attempted, before)
    assert not store.is_published(held / "snapshots", attempted)
    assert live(held) == before


@pytest.fixture
def watching(held: Path) -> Iterator[subprocess.Popen[str]]:
    run("refresh")
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "watch", "--settle", "0.3"], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    yield process
    process.kill()
    process.wait()


def told_until(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if word in line:
            return "".join(lines)
    raise AssertionError(f"ended without “{word}”: {lines}")


def test_a_change_in_the_folder_prepares_a_preview_and_publishes_nothing(
    held: Path, watching: subprocess.Popen[str]
) -> None:
    before = live(held)
    told_until(watching, "live already")
    set_value(held / FACTS, 2, "4711")
    assert "1 changed" in told_until(watching, "Prepared, not published")
    [preview] = {*store.names(held / "snapshots")} - {before}
    assert f"?snapshot={preview}" in told_until(watching, "Preview (for")
    set_value(held / FACTS, 2, "x")
    assert f"{FACTS}, line 2" in told_until(watching, "line 2")
    set_value(held / FACTS, 2, "4712")
    told_until(watching, "Prepared, not published")
    assert live(held) == before
    assert len(store.names(held / "snapshots")) == 3
    watching.send_signal(signal.SIGINT)
    assert watching.wait(60) == 0


def test_a_refused_refresh_names_nothing_twice(held: Path) -> None:
    set_value(held / FACTS, 2, "x")
    with pytest.raises(UserError) as told:
        build.refresh(settings.load())
    assert str(told.value).count(FACTS) == 1
