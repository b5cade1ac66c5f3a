"""Several documents of one body and year: which is held, which the history lists, the same whatever the order."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from dashboard import settings
from dashboard.ingest.ledger import Given, Ledger
from dashboard.ingest.outcome import Outcome
from dashboard.ingest.reading import Read, Task, read
from dashboard.ingest.sources import look
from dashboard.snapshots import build
from dashboard.tables.package import Package
from tests.batches import BODIES, bytes_of, ingest, report, written


def test_a_newer_document_replaces_the_older_which_stays_in_the_history(data: Path, tmp_path: Path) -> None:
    old = written(tmp_path, "old.html", report(2016, seed=1))
    new = written(tmp_path, "new.html", report(2016, seed=2))
    ingest(old)
    [first] = Package(data).reports()
    done = ingest(new)
    assert done.outcomes == {"new.html": "replaced"}
    [held] = Package(data).reports()
    [former] = Package(data).history()
    assert (former.sha256, former.by, former.because) == (first.sha256, held.sha256, "newer")
    assert held.sha256 == done.documents[0]["sha256"] != first.sha256
    assert {path.stem for path in (data / "sources").iterdir()} == {first.sha256, held.sha256}


@pytest.mark.parametrize("names", list(permutations(["a.html", "b.html", "c.html"])))
def test_in_a_batch_the_files_time_decides_whatever_their_names(
    data: Path, tmp_path: Path, names: tuple[str, ...]
) -> None:
    for age, name in enumerate(names):
        written(tmp_path / "in", name, report(2016, seed=age + 1), modified=age + 1)
    ingest(tmp_path / "in")
    newest = look(tmp_path / "in" / names[2])
    assert [each.sha256 for each in Package(data).reports()] == [newest.sha256]
    older = {look(tmp_path / "in" / name).sha256 for name in names[:2]}
    assert {each.sha256 for each in Package(data).history()} == older
    expected = [each.value for each in read_alone(tmp_path / "in" / names[2])]
    assert [each.value for each in Package(data).facts("990100", 2016)] == expected


def read_alone(path: Path) -> list[object]:
    from dashboard.schema import Fact
    from dashboard.tables import records

    done = read(Task(path.name, path.read_bytes(), path.suffix, BODIES))
    return list(records.from_csv(done.facts, Fact, "facts"))


def test_at_the_same_time_the_path_decides(data: Path, tmp_path: Path) -> None:
    for seed, name in enumerate(["b.html", "a.html"]):
        written(tmp_path / "in", name, report(2016, seed=seed))
    ingest(tmp_path / "in")
    assert [each.sha256 for each in Package(data).reports()] == [look(tmp_path / "in" / "b.html").sha256]


def test_a_folder_that_holds_both_changes_nothing_the_next_time(data: Path, tmp_path: Path) -> None:
    written(tmp_path / "in", "a.html", report(2016, seed=1), modified=2)
    written(tmp_path / "in", "b.html", report(2016, seed=2), modified=1)
    assert ingest(tmp_path / "in").outcomes == {"a.html": "read", "b.html": "older"}
    before = bytes_of(data)
    done = ingest(tmp_path / "in")
    assert done.outcomes == {"a.html": "unchanged", "b.html": "older"}
    assert done.code == 0
    assert bytes_of(data) == before
    assert ingest(tmp_path / "in" / "b.html").outcomes == {"b.html": "older"}  # alone too
    assert bytes_of(data) == before


def test_a_batch_read_bit_by_bit_ends_as_one_read_at_once(data: Path, tmp_path: Path) -> None:
    names = ["a.html", "b.html", "c.html"]
    for age, name in enumerate(["b.html", "c.html", "a.html"]):
        written(tmp_path / "in", name, report(2016, seed=age + 1), modified=age + 1)
    ingest(tmp_path / "in")
    at_once = (data / "reports.csv").read_bytes(), (data / "history.csv").read_bytes()
    for name in ("reports.csv", "history.csv", "datapackage.json"):
        (data / name).unlink()
    ingest(tmp_path / "in" / names[0])  # as a batch that was killed after its first document
    ingest(tmp_path / "in")
    assert ((data / "reports.csv").read_bytes(), (data / "history.csv").read_bytes()) == at_once


def test_again_takes_a_replaced_document_back(data: Path, tmp_path: Path) -> None:
    old = written(tmp_path, "old.html", report(2016, seed=1))
    new = written(tmp_path, "new.html", report(2016, seed=2))
    ingest(old)
    before = bytes_of(data)
    ingest(new)
    assert ingest(old, "--again").outcomes == {"old.html": "replaced"}
    assert [each.sha256 for each in Package(data).history()] == [look(new).sha256]
    after = bytes_of(data)
    assert {path: after[path] for path in before if path != "datapackage.json"} == {
        path: content for path, content in before.items() if path != "datapackage.json"
    }


@pytest.mark.parametrize("first", [".html", ".pdf", ".docx", ".xlsx"])
def test_another_format_of_a_report_with_the_same_figures_leaves_the_first(
    data: Path, tmp_path: Path, first: str
) -> None:
    endings = [first, *({".html", ".docx"} - {first})]
    paths = [written(tmp_path, f"r{ending}", report(2021), modified=age) for age, ending in enumerate(endings)]
    ingest(paths[0])
    for path in paths[1:]:
        done = ingest(path)
        assert (done.code, done.outcomes) == (0, {path.name: "same_figures"})
    [held] = Package(data).reports()
    assert held.format == first[1:]
    assert {each.because for each in Package(data).history()} == {"same_figures"}
    before = bytes_of(data)
    assert set(ingest(*paths).outcomes.values()) == {"unchanged", "same_figures"}
    assert bytes_of(data) == before


def test_a_blank_and_a_zero_are_not_the_same_figure(data: Path, tmp_path: Path) -> None:
    zero, blank = report(2016), report(2016)
    key = ("fees.collected", "")
    ingest(written(tmp_path, "a.html", replace(zero, figures={**zero.figures, key: "0"})))
    blank = replace(blank, figures={**blank.figures, key: ""})
    assert ingest(written(tmp_path, "b.html", blank)).outcomes == {"b.html": "replaced"}


def test_a_date_that_the_page_tells_goes_before_the_files_time(data: Path, tmp_path: Path) -> None:
    for seed, (name, day) in enumerate([("a.html", "2017-03-02"), ("b.html", "2017-02-02")]):
        told = report(2016, seed=seed, prose=(f"发布时间：{day}　来源：市政府办公室",))
        written(tmp_path / "in", name, told, modified=seed + 1)
    assert ingest(tmp_path / "in").outcomes == {"a.html": "read", "b.html": "older"}
    assert [each.published for each in Package(data).reports()] == ["2017-03-02"]
    assert [each.published for each in Package(data).history()] == ["2017-02-02"]


def _given(path: Path, published: str) -> Given:
    done: Read = read(Task(path.name, path.read_bytes(), path.suffix, BODIES))
    return Given(look(path), path.read_bytes(), replace(done, report=replace(done.report, published=published)))


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ("2017-03-01", "2017-02-01", Outcome.OLDER), ("2017-02-01", "2017-03-01", Outcome.REPLACED),
        ("", "2017-02-01", Outcome.REPLACED), ("2017-02-01", "", Outcome.REPLACED),
    ],
)  # fmt: skip
def test_a_document_given_later_is_newer_unless_both_tell_their_dates(
    data: Path, tmp_path: Path, first: str, second: str, outcome: Outcome
) -> None:
    package = Package(data)
    old, new = (written(tmp_path, f"{seed}.html", report(2016, seed=seed)) for seed in (1, 2))
    for path, published in ((old, first), (new, second)):
        ledger = Ledger(package, {}, writes=True)
        result = ledger.take(_given(path, published))
        ledger.close()
    assert result.outcome is outcome


def test_in_a_batch_a_told_date_goes_before_the_files_time(data: Path, tmp_path: Path) -> None:
    early = written(tmp_path, "early.html", report(2016, seed=1), modified=2)
    late = written(tmp_path, "late.html", report(2016, seed=2), modified=1)
    batch = {look(path).sha256: look(path) for path in (early, late)}
    ledger = Ledger(Package(data), batch, writes=True)
    ledger.take(_given(late, "2017-03-01"))
    assert ledger.take(_given(early, "2017-02-01")).outcome is Outcome.OLDER


def test_what_another_version_read_is_read_again(data: Path, tmp_path: Path) -> None:
    path = written(tmp_path, "a.html", report(2016))
    ingest(path)
    before = bytes_of(data)
    reports = data / "reports.csv"
    reports.write_text(reports.read_text("utf-8").replace(",0.1.0", ",0.0.9"), "utf-8")
    assert ingest(path).outcomes == {"a.html": "read"}
    assert bytes_of(data) == before


def test_a_folder_with_history_gives_a_snapshot(data: Path, tmp_path: Path) -> None:
    for seed in (1, 2):
        ingest(written(tmp_path, f"{seed}.html", report(2016, seed=seed)))
    assert build.refresh(settings.load()).manifest.reports == 1
    assert (data / "history.csv").exists()
