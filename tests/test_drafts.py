"""Drafts: documents read beside the data folder, prepared, and made to count all together or not at all."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard import settings
from dashboard.documents import limits
from dashboard.drafts import (
    amending,
    building,
    changes,
    copies,
    publishing,
    reading,
    receiving,
    record,
    setting_back,
    work,
)
from dashboard.drafts.reading import Doubt
from dashboard.drafts.record import Draft, Stage, Told
from dashboard.drafts.shelf import Shelf
from dashboard.ingest import refusals
from dashboard.ingest.outcome import Outcome, Reason, Result
from dashboard.messages import Language, UserError
from dashboard.settings import Settings
from dashboard.snapshots import audit_log, build, pointer, releases, store, unpublished
from dashboard.snapshots.audit_log import Action
from dashboard.snapshots.blocking import Blocked
from dashboard.snapshots.diff import Change
from dashboard.snapshots.releases import Wish
from dashboard.tables import corrections
from dashboard.tables.corrections import Chosen
from dashboard.tables.package import Package
from tests import batches
from tests.folders import set_value

WHY = Wish("li", "the report of 2021")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Documents by name."""
    folder = tmp_path_factory.mktemp("files")
    described = {
        "2020.txt": batches.report(2020),
        "2021.txt": batches.report(2021),
        "nobody.txt": batches.report(2021, body="海城市"),
    }
    described["2021-later.txt"] = batches.report(2021, seed=2)
    return {name: batches.written(folder, name, each).read_bytes() for name, each in described.items()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> Path:
    """A data folder with the report of 2020, published."""
    given = replace(settings.load({}), data_dir=batches.data_folder(tmp_path_factory.mktemp("first") / "data"))
    shelf = Shelf(given)
    add(shelf, files, "2020.txt")
    publishing.publish(shelf, *prepared(shelf), Wish("wang", "the first"))
    return given.data_dir


@pytest.fixture
def held(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Snapshots are built in this process, which is quicker; in one of their own only for the fixture above."""
    monkeypatch.setattr(building, "_beside", lambda held, draft, shelf: building.tried(held, shelf.tables(draft), "li"))
    return replace(settings.load({}), data_dir=Path(shutil.copytree(first, tmp_path / "data")))


@pytest.fixture
def shelf(held: Settings) -> Shelf:
    return Shelf(held)


def add(shelf: Shelf, files: dict[str, bytes], *names: str) -> Draft:
    for name in names:
        receiving.receive(shelf, name, io.BytesIO(files[name]), "li")
    work.run(shelf)
    return shelf.require()


def prepared(shelf: Shelf) -> tuple[str, str]:
    """The draft and its snapshot."""
    changes.prepare(shelf, shelf.require().id, "li")
    work.run(shelf)
    draft = shelf.require()
    assert draft.prepared and draft.trouble is None, draft.trouble
    return draft.id, draft.prepared.snapshot


def outcomes(shelf: Shelf) -> dict[str, Outcome]:
    return {each.name: each.result.outcome for each in shelf.require().items if each.result}


def live(held: Settings) -> str:
    found = pointer.read(held.snapshots_dir)
    return found.snapshot if found else ""


def state_of(held: Settings) -> dict[str, bytes]:
    """What counts: the tables, the documents, and what is live."""
    left_out = ("drafts/", "snapshots/", "audit.jsonl", ".ingest.lock")
    found = {
        path: content for path, content in batches.bytes_of(held.data_dir).items() if not path.startswith(left_out)
    }
    return found | {"live": live(held).encode()}


def left_over(held: Settings) -> list[str]:
    """Files of drafts, and snapshots that were never published."""
    drafts = [each.name for each in (held.data_dir / "drafts").iterdir() if each.is_dir()]
    previews = [each for each in store.names(held.snapshots_dir) if not pointer.is_published(held.snapshots_dir, each)]
    return drafts + previews


def test_nothing_counts_before_it_is_published_and_then_just_what_was_shown(
    shelf: Shelf, held: Settings, files: dict[str, bytes]
) -> None:
    before = state_of(held)
    draft = add(shelf, files, "2021.txt")
    [item] = draft.items
    assert item.result and (item.result.outcome, item.result.body, item.result.year) == (Outcome.READ, "990100", 2021)
    assert {each.about for each in item.result.evidence} >= {"body", "year", "edition"}
    id_, snapshot = prepared(shelf)
    assert state_of(held) == before
    publishing.publish(shelf, id_, snapshot, WHY)
    assert live(held) == snapshot
    assert [each.year for each in Package(held.data_dir).reports()] == [2020, 2021]
    assert (held.sources_dir / f"{item.id}.txt").read_bytes() == files["2021.txt"]
    assert build.state(held).is_newer is False, "the data folder holds what is shown"
    assert left_over(held) == []
    logged = audit_log.entries(held.data_dir)[-1]
    assert (logged.action, logged.by, logged.reason) == (Action.PUBLISH, "li", WHY.reason)
    assert logged.told["documents"] == [item.id]


def test_discarding_leaves_nothing(shelf: Shelf, held: Settings, files: dict[str, bytes]) -> None:
    before = state_of(held)
    add(shelf, files, "2021.txt")
    id_, _ = prepared(shelf)
    changes.discard(shelf, id_, "li")
    assert (state_of(held), left_over(held)) == (before, [])
    with pytest.raises(UserError, match="published or discarded"):
        publishing.publish(shelf, id_, "any", WHY)


def test_writing_into_a_draft_never_touches_the_tables_it_links_to(
    shelf: Shelf, held: Settings, files: dict[str, bytes]
) -> None:
    before = state_of(held)
    add(shelf, files, "2021.txt")
    own, data = shelf.tables(shelf.require()), held.data_dir
    assert own.joinpath("facts/990100-2020.csv").samefile(data / "facts/990100-2020.csv"), "not copied, linked"
    assert not own.joinpath("reports.csv").samefile(data / "reports.csv")
    assert state_of(held) == before


def test_a_document_that_is_here_already_is_not_read_again(shelf: Shelf, files: dict[str, bytes]) -> None:
    add(shelf, files, "2020.txt", "2021.txt")
    add(shelf, files, "2021.txt")
    assert outcomes(shelf) == {"2020.txt": Outcome.UNCHANGED, "2021.txt": Outcome.READ}


def test_one_taken_out_leaves_no_figure_behind(shelf: Shelf, files: dict[str, bytes]) -> None:
    draft = add(shelf, files, "2021.txt", "2021-later.txt")
    assert set(outcomes(shelf).values()) == {Outcome.READ, Outcome.REPLACED}
    [taken] = [each for each in draft.items if each.name == "2021-later.txt"]
    changes.remove(shelf, draft.id, taken.id)
    work.run(shelf)
    assert outcomes(shelf) == {"2021.txt": Outcome.READ}
    assert taken.id not in {each.sha256 for each in Package(shelf.tables(shelf.require())).reports()}
    assert not (shelf.documents(draft) / taken.file).exists()


def test_what_was_refused_is_listed_as_the_draft_has_it_when_it_is_prepared(
    shelf: Shelf, held: Settings, files: dict[str, bytes]
) -> None:
    """Whether at the door or after reading; of one that was taken out nothing is left."""
    before = [
        Result(
            "earlier.txt", Outcome.REFUSED, sha256="f" * 64, reason=Reason("document.empty", {"file": "earlier.txt"})
        )
    ]
    refusals.keep(held.data_dir, before)
    receiving.receive(shelf, "program.exe", io.BytesIO(b"MZ"), "li")
    receiving.receive(shelf, "late.txt", io.BytesIO("随便写写".encode()), "li")
    draft = add(shelf, files, "nobody.txt", "2021.txt")
    prepared(shelf)
    [late] = [each for each in draft.items if each.name == "late.txt"]
    changes.remove(shelf, draft.id, late.id)
    publishing.publish(shelf, *prepared(shelf), WHY)
    assert {each.file for each in refusals.held(held.data_dir)} == {"earlier.txt", "program.exe", "nobody.txt"}


def test_a_draft_whose_refused_documents_were_all_taken_out_lists_none(
    shelf: Shelf, held: Settings, files: dict[str, bytes]
) -> None:
    draft = add(shelf, files, "nobody.txt", "2021.txt")
    prepared(shelf)
    [refused] = [each for each in draft.items if each.name == "nobody.txt"]
    changes.remove(shelf, draft.id, refused.id)
    publishing.publish(shelf, *prepared(shelf), WHY)
    assert not (held.data_dir / refusals.FILE).exists()


def test_a_body_that_nobody_knows_is_told_and_listed(shelf: Shelf, files: dict[str, bytes]) -> None:
    draft = add(shelf, files, "nobody.txt")
    assert outcomes(shelf) == {"nobody.txt": Outcome.REFUSED}
    changes.tell(shelf, draft.id, draft.items[0].id, Told("990200", url="https://example.cn/2021", add_body=True))
    work.run(shelf)
    [item] = shelf.require().items
    assert item.result and (item.result.outcome, item.result.body) == (Outcome.READ, "990200")
    tables = Package(shelf.tables(shelf.require()))
    assert [each.name for each in tables.bodies() if each.body == "990200"] == ["海城市"]
    assert [each.url for each in tables.reports() if each.body == "990200"] == ["https://example.cn/2021"]


@pytest.mark.parametrize("moved", ["live", "data"])
def test_what_moved_on_meanwhile_is_not_overwritten(
    shelf: Shelf, held: Settings, files: dict[str, bytes], moved: str
) -> None:
    add(shelf, files, "2021.txt")
    id_, snapshot = prepared(shelf)
    set_value(held.data_dir / "facts/990100-2020.csv", 2, "77777")
    if moved == "live":
        build.refresh(held)
    before = state_of(held)
    with pytest.raises(UserError) as told:
        publishing.publish(shelf, id_, snapshot, WHY)
    assert told.value.message_id == f"draft.{moved}_moved"
    assert state_of(held) == before
    again, other = prepared(shelf)
    assert (again, other != snapshot) == (id_, True)
    publishing.publish(shelf, id_, other, WHY)
    assert live(held) == other
    assert "77777" in (held.data_dir / "facts/990100-2020.csv").read_text("utf-8"), "the other's change stays"
    assert [each.year for each in Package(held.data_dir).reports()] == [2020, 2021]
    assert left_over(held) == []


def test_a_draft_changed_since_it_was_shown_is_not_published(
    shelf: Shelf, held: Settings, files: dict[str, bytes]
) -> None:
    add(shelf, files, "2021.txt")
    id_, snapshot = prepared(shelf)
    add(shelf, files, "nobody.txt")
    before = state_of(held)
    with pytest.raises(UserError, match="changed since this page was shown"):
        publishing.publish(shelf, id_, snapshot, WHY)
    with pytest.raises(UserError, match="Tell the reason"):
        publishing.publish(shelf, id_, prepared(shelf)[1], Wish("li", " "))
    assert state_of(held) == before


def test_a_fall_is_published_by_force_alone(shelf: Shelf, held: Settings, files: dict[str, bytes]) -> None:
    table = held.data_dir / "facts/990100-2020.csv"
    kept = table.read_text("utf-8").splitlines(keepends=True)
    table.write_text("".join(kept[: len(kept) // 2]), "utf-8")
    draft = changes.start(shelf, "li")
    id_, snapshot = prepared(shelf)
    assert id_ == draft.id
    with pytest.raises(Blocked):
        publishing.publish(shelf, id_, snapshot, WHY)
    publishing.publish(shelf, id_, snapshot, replace(WHY, force=True))
    assert live(held) == snapshot
    assert audit_log.entries(held.data_dir)[-1].is_forced


def test_errors_of_the_tables_are_told_with_their_place(shelf: Shelf, held: Settings, files: dict[str, bytes]) -> None:
    set_value(held.data_dir / "facts/990100-2020.csv", 2, "many")
    changes.prepare(shelf, add(shelf, files, "2021.txt").id, "li")
    work.run(shelf)
    found = shelf.require().prepared
    assert found and found.snapshot == ""
    assert "facts/990100-2020.csv" in found.problems[0].error().say(Language.EN)
    assert record.from_json(record.to_json(shelf.require())) == shelf.require()


STEPS = {
    "before anything": "dashboard.drafts.publishing._files",
    "the intent is written": "dashboard.drafts.publishing._bring_documents",
    "the documents are there": "dashboard.tables.writing._write_down",
    "the tables count": "dashboard.drafts.publishing._go_live",
    "it is logged": "dashboard.snapshots.pointer.finish",
    "it is live": "dashboard.drafts.changes.leave",
}


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_leaves_all_of_it_or_nothing(shelf: Shelf, held: Settings, files: dict[str, bytes], step: str) -> None:
    add(shelf, files, "2021.txt")
    id_, snapshot = prepared(shelf)
    before, was = state_of(held), live(held)
    kill_at(STEPS[step], lambda: publishing.publish(shelf, id_, snapshot, WHY))
    assert live(held) in (was, snapshot)
    publishing.recover(shelf)
    if shelf.read():  # as it was, and still to be published
        assert state_of(held) == {**before, **added_documents(held, before)}
        publishing.publish(shelf, id_, snapshot, WHY)
    assert live(held) == snapshot
    assert build.state(held).is_newer is False
    assert left_over(held) == []
    assert audit_log.verify(held.data_dir).broken is None
    assert [each.year for each in Package(held.data_dir).reports()] == [2020, 2021]


def added_documents(held: Settings, before: dict[str, bytes]) -> dict[str, bytes]:
    """Documents that came into the folder: named by their content, and of no effect without a table that names them."""
    now = state_of(held)
    return {path: now[path] for path in now.keys() - before.keys() if path.startswith("sources/")}


def kill_at(name: str, act: Callable[[], object]) -> None:
    """A process of its own, killed as it comes to the function."""
    module, _, function = name.rpartition(".")
    child = os.fork()
    if child == 0:
        import importlib
        import signal

        setattr(importlib.import_module(module), function, lambda *_a, **_k: os.kill(os.getpid(), signal.SIGKILL))
        try:
            act()
        finally:
            os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1]), f"it never came to {name}"


def test_one_process_at_a_time_does_the_work(shelf: Shelf, files: dict[str, bytes]) -> None:
    add(shelf, files, "2021.txt")
    id_, snapshot = prepared(shelf)
    receiving.receive(shelf, "nobody.txt", io.BytesIO(files["nobody.txt"]), "li")
    with shelf.at_work() as is_alone:
        assert is_alone
        work.run(shelf)
        assert len(shelf.require().waiting) == 1, "left to who is at it"
        with pytest.raises(UserError) as told:
            publishing.publish(shelf, id_, snapshot, WHY)
        assert told.value.message_id == "draft.busy"


def test_a_snapshot_whose_builder_was_killed_goes_with_its_draft(
    shelf: Shelf, held: Settings, files: dict[str, bytes]
) -> None:
    draft = add(shelf, files, "2021.txt")
    assert building.tried(held, shelf.tables(draft), "li").is_new
    assert shelf.require().built == (), "nobody came to write it down"
    changes.discard(shelf, draft.id, "li")
    assert left_over(held) == []


def test_a_batch_that_was_broken_off_is_read_from_the_start(
    shelf: Shelf, held: Settings, files: dict[str, bytes]
) -> None:
    receiving.receive(shelf, "2021.txt", io.BytesIO(files["2021.txt"]), "li")
    receiving.receive(shelf, "2021-later.txt", io.BytesIO(files["2021-later.txt"]), "li")
    child = os.fork()
    if child == 0:
        from dashboard.ingest.ledger import Ledger

        Ledger.flush = lambda _self: os._exit(9)  # type: ignore[method-assign]  # killed in place of it
        work.run(shelf)
    os.waitpid(child, 0)
    draft = shelf.require()
    assert draft.is_in_hand and {each.stage for each in draft.items} == {Stage.DONE}
    work.run(shelf)
    assert set(outcomes(shelf).values()) == {Outcome.READ, Outcome.REPLACED}
    assert 2021 in {each.year for each in Package(shelf.tables(draft)).reports()}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("virus.exe", b"MZ\x90", "document.unknown_format"),
        ("no ending", b"some text", "document.unknown_format"),
        ("empty.txt", b" \n", "document.empty"),
        ("large.txt", b"x" * 2000, "document.too_large"),
    ],
)
def test_what_cannot_be_a_document_is_refused_at_the_door(
    shelf: Shelf, name: str, content: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 1000)
    monkeypatch.setattr(limits.check_size, "__defaults__", (1000,))
    item = receiving.receive(shelf, name, io.BytesIO(content), "li")
    assert item.result and item.result.reason and item.result.reason.message_id == said
    assert list(shelf.documents(shelf.require()).iterdir()) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\reports\\2021.txt", "2021.txt"),
        ("a\0b.txt", "a\ufffdb.txt"),
        ("\u202etxt.exe.txt", "\ufffdtxt.exe.txt"),
        ("", "–"),
        ("..", ".."),
        ("x" * 400 + ".docx", "x" * 114 + "….docx"),
    ],
)
def test_a_name_is_a_word_to_show_and_never_a_path(shelf: Shelf, held: Settings, name: str, shown: str) -> None:
    before = set(batches.bytes_of(held.data_dir.parent))
    item = receiving.receive(shelf, name, io.BytesIO(name.encode() + b"text"), "li")
    assert item.name == shown
    new = {each for each in set(batches.bytes_of(held.data_dir.parent)) - before if "/documents/" in each}
    assert {Path(each).name for each in new} <= {f"{item.id}{ending}" for ending in (".txt", ".docx")}


def test_the_doubtful_figures_come_first(shelf: Shelf, held: Settings, files: dict[str, bytes]) -> None:
    draft = add(shelf, files, "2021.txt")
    sheet = reading.sheet(shelf.tables(draft), held.data_dir, draft.items[0].id)
    ranks = [list(Doubt).index(each.doubts[0]) if each.doubts else len(Doubt) for each in sheet.figures]
    assert ranks == sorted(ranks)
    assert sheet.findings, "figures by chance contradict each other"
    first = sheet.figures[0]
    assert first.doubts[0] is Doubt.ERROR
    assert any(first.fact.locator == cell.locator for each in first.findings for cell in each.cells)
    assert not sheet.had


def test_a_correction_given_in_a_draft_comes_with_it_and_only_once(
    shelf: Shelf, held: Settings, files: dict[str, bytes]
) -> None:
    draft = add(shelf, files, "2021.txt")
    figure = reading.sheet(shelf.tables(draft), held.data_dir, draft.items[0].id).figures[0].fact
    chosen = Chosen(figure.indicator, figure.segment, figure.applicant, figure.measure, figure.locator)
    wish = corrections.Wish("12", "", "a slip of the hand", "the office's letter", "li")
    with pytest.raises(corrections.Unfit):
        amending.give(shelf, draft.id, "990100", 2021, chosen, replace(wish, reason=""))
    amending.give(shelf, draft.id, "990100", 2021, chosen, wish)
    work.run(shelf)
    add(shelf, files, "nobody.txt")  # read into tables that hold it already
    [kept] = Package(shelf.tables(shelf.require())).corrections()
    assert (kept.value, kept.printed_value, kept.ended) == (12, figure.value, "")
    shown = reading.sheet(shelf.tables(draft), held.data_dir, draft.items[0].id).figures
    assert [each.fact.locator for each in shown if each.correction] == [figure.locator]
    looked_at = [bool(each.doubts) and not each.correction for each in shown]
    assert shown[0].fact.locator != figure.locator and looked_at == sorted(looked_at, reverse=True)
    assert not (held.data_dir / "corrections.csv").exists()
    publishing.publish(shelf, *prepared(shelf), WHY)
    assert Package(held.data_dir).corrections() == [kept]
    logged = [each.action for each in audit_log.entries(held.data_dir)]
    assert logged[-3:-1] == [Action.PREVIEW, Action.CORRECTION] and logged[-1] is Action.PUBLISH
    assert build.state(held).is_newer is False


def test_a_correction_goes_with_the_document_it_is_of(shelf: Shelf, held: Settings, files: dict[str, bytes]) -> None:
    draft = add(shelf, files, "2021.txt")
    figure = reading.sheet(shelf.tables(draft), held.data_dir, draft.items[0].id).figures[0].fact
    chosen = Chosen(figure.indicator, figure.segment, figure.applicant, figure.measure, figure.locator)
    amending.give(shelf, draft.id, "990100", 2021, chosen, corrections.Wish("", "unreadable", "a blot", "seen", "li"))
    work.run(shelf)
    [kept] = amending.held(shelf, shelf.require())
    with pytest.raises(UserError):
        amending.withdraw(shelf, draft.id, "none")
    add(shelf, files, "2021-later.txt")  # stands for the first one now, and says something else there
    assert amending.held(shelf, shelf.require()) == []
    assert kept.absence == "unreadable"
    prepared(shelf)


def rolled_back(shelf: Shelf, files: dict[str, bytes], *names: str) -> None:
    """Documents published, and what they changed taken back; the data folder keeps them."""
    add(shelf, files, *names)
    publishing.publish(shelf, *prepared(shelf), WHY)
    releases.rollback(shelf.settings, None, Wish("wang", "too early"))


@pytest.mark.parametrize("killed", [False, True])
def test_what_was_rolled_back_is_told_and_a_report_of_it_is_taken_out_of_the_data_folder(
    shelf: Shelf, held: Settings, files: dict[str, bytes], killed: bool
) -> None:
    tables = {path: content for path, content in state_of(held).items() if not path.startswith("sources/")}
    assert unpublished.read(held) is None
    rolled_back(shelf, files, "2021.txt")
    found = unpublished.read(held)
    assert found and found.since
    [one] = found.reports
    assert (one.key, one.change, one.figures > 0) == ("990100-2021", Change.ADDED, True)
    assert (found.since.action, found.since.by, found.since.reason) == (Action.ROLLBACK, "wang", "too early")
    id_ = changes.start(shelf, "li").id
    with pytest.raises(UserError, match="990100-2020"):
        setting_back.choose(shelf, id_, ["990100-2020"])
    setting_back.choose(shelf, id_, [one.key])
    assert record.from_json(record.to_json(shelf.require())) == shelf.require()
    _, snapshot = prepared(shelf)
    assert snapshot == live(held), "what is live, to the byte"
    if killed:
        kill_at("dashboard.drafts.publishing._go_live", lambda: publishing.publish(shelf, id_, snapshot, WHY))
        publishing.recover(shelf)
    else:
        publishing.publish(shelf, id_, snapshot, WHY)
    now = state_of(held)
    assert {path: content for path, content in now.items() if not path.startswith("sources/")} == tables
    assert unpublished.read(held) is None and left_over(held) == []
    logged = audit_log.entries(held.data_dir)[-1]
    assert (logged.action, logged.by, logged.reason) == (Action.SET_BACK, "li", WHY.reason)
    assert logged.told["removed"] == [one.key]
    add(shelf, files, "2021.txt")
    assert outcomes(shelf) == {"2021.txt": Outcome.READ}, "it may come again"


def test_a_report_that_another_document_stood_for_is_the_first_one_again(
    shelf: Shelf, held: Settings, files: dict[str, bytes]
) -> None:
    add(shelf, files, "2021.txt")
    publishing.publish(shelf, *prepared(shelf), WHY)
    before = state_of(held)
    rolled_back(shelf, files, "2021-later.txt")
    assert [each.because for each in Package(held.data_dir).history()] == ["newer"]
    setting_back.choose(shelf, changes.start(shelf, "li").id, ["990100-2021"])
    publishing.publish(shelf, *prepared(shelf), WHY)
    after = state_of(held)
    assert {path: after.get(path) for path in before} == before
    assert Package(held.data_dir).history() == [], "no document stands for it any more"


def test_a_draft_that_changes_nothing_is_not_told_as_published(
    shelf: Shelf, held: Settings, files: dict[str, bytes]
) -> None:
    add(shelf, files, "nobody.txt")
    id_, snapshot = prepared(shelf)
    assert snapshot == live(held)
    logged = audit_log.entries(held.data_dir)
    with pytest.raises(UserError, match="nothing to publish"):
        publishing.publish(shelf, id_, snapshot, WHY)
    assert audit_log.entries(held.data_dir) == logged and shelf.require().id == id_


def test_a_copy_follows_every_change_of_either_side(held: Settings, tmp_path: Path) -> None:
    place = tmp_path / "place"
    copies.make(held.data_dir, place, lambda _: None)
    assert copies.is_current(held.data_dir, place)
    assert copies.changed(place) == []
    table = held.data_dir / "bodies.csv"
    table.write_text(table.read_text("utf-8") + "990300,某市,,prefecture,,\n", "utf-8")  # where it lies
    assert not copies.is_current(held.data_dir, place)
    copies.make(held.data_dir, place, lambda _: None)
    (place / copies.TABLES / "facts" / "new.csv").write_text("x", "utf-8")
    assert copies.changed(place) == ["facts/new.csv"]
