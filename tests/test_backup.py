"""Backup and restore: the same site to the byte, or a sentence and nothing changed."""

from __future__ import annotations

import io
import json
import stat
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard import backup, settings
from dashboard.backup import listing
from dashboard.cli import app
from dashboard.messages import UserError
from dashboard.settings import Settings
from dashboard.site import Site
from dashboard.snapshots import audit_log, build, store
from dashboard.tables import form

DOCUMENT = b"\x00\x01 a document as received"


@pytest.fixture(scope="module")
def site(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A published site with a document, an account, and what a backup leaves out."""
    admin = tmp_path_factory.mktemp("admin")
    (admin / "accounts.json").write_text('{"accounts": []}', "utf-8")
    (admin / "state.sqlite").write_bytes(b"sessions")
    (published / "sources").mkdir(exist_ok=True)
    (published / "sources" / "甲.pdf").write_bytes(DOCUMENT)
    (published / "drafts" / "d1").mkdir(parents=True)
    (published / "drafts" / "d1" / "draft.json").write_text("{}", "utf-8")
    (published / ".secret-key").write_bytes(b"key")
    return replace(settings.load({}), data_dir=published, admin_dir=admin)


@pytest.fixture(scope="module")
def archive(site: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backups") / "gongkai.tar.gz"
    backup.write(site, path)
    return path


def elsewhere(site: Settings, folder: Path) -> Settings:
    return replace(site, data_dir=folder / "data", admin_dir=folder / "admin")


def held(folder: Path) -> dict[str, bytes]:
    """Every file that counts; the log has one line more after a restore."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in listing.files("data", folder)}
    return {name: content for name, content in found.items() if name != "audit.jsonl"}


def test_a_restored_site_is_the_same_to_the_byte_and_serves_the_same_snapshot(
    site: Settings, archive: Path, tmp_path: Path
) -> None:
    there = elsewhere(site, tmp_path)
    restored = backup.restore(there, archive, "admin", may_replace=False)
    assert held(there.data_dir) == held(site.data_dir)
    assert (there.data_dir / "sources" / "甲.pdf").read_bytes() == DOCUMENT
    name = store.live_name(site.snapshots_dir)
    assert restored.contents.snapshot == name
    assert store.verify(there.snapshots_dir, str(name)) == store.verify(site.snapshots_dir, str(name))
    assert Site(there).snapshot().name == name


def test_a_restore_is_in_the_audit_log_which_stays_whole(site: Settings, archive: Path, tmp_path: Path) -> None:
    there = elsewhere(site, tmp_path)
    backup.restore(there, archive, "li", may_replace=False)
    last = list(audit_log.entries(there.data_dir))[-1]
    assert (last.action, last.by) == (audit_log.Action.RESTORE, "li")
    assert audit_log.verify(there.data_dir).broken is None


def test_a_backup_and_its_accounts_are_readable_by_their_owner_alone(
    site: Settings, archive: Path, tmp_path: Path
) -> None:
    there = elsewhere(site, tmp_path)
    backup.restore(there, archive, "", may_replace=False)
    assert there.admin_dir
    for path in (archive, there.admin_dir / "accounts.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_sessions_drafts_locks_and_keys_are_left_out(archive: Path) -> None:
    with tarfile.open(archive) as opened:
        names = opened.getnames()
    assert "admin/accounts.json" in names
    assert not [each for each in names if "sqlite" in each or "drafts" in each or "/." in each]


def test_a_site_that_stands_there_is_kept_aside_and_only_if_told(site: Settings, archive: Path, tmp_path: Path) -> None:
    there = elsewhere(site, tmp_path)
    there.data_dir.mkdir()
    (there.data_dir / "bodies.csv").write_text("mine", "utf-8")
    with pytest.raises(UserError) as refused:
        backup.restore(there, archive, "", may_replace=False)
    assert refused.value.message_id == "backup.in_the_way"
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    [aside] = backup.restore(there, archive, "", may_replace=True).aside
    assert (aside / "bodies.csv").read_text("utf-8") == "mine"
    assert held(there.data_dir) == held(site.data_dir)


Change = Callable[[list[tuple[tarfile.TarInfo, bytes]]], list[tuple[tarfile.TarInfo, bytes]]]


def _added(name: str, kind: bytes = tarfile.REGTYPE) -> Change:
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, "/etc/passwd", 1 if kind == tarfile.REGTYPE else 0
    return lambda members: [*members, (member, b"x")]


def _listed(name: str) -> Change:
    """A file that the list names too."""

    def change(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
        told = json.loads(members[0][1])
        told["files"].append({"path": name, "size": 1, "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"})  # fmt: skip
        content = json.dumps(told).encode()
        members[0][0].size = len(content)
        return _added(name)([(members[0][0], content), *members[1:]])

    return change


def _swapped(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
    return [(member, body[:-1] + b"?" if member.name.endswith("bodies.csv") else body) for member, body in members]


@pytest.mark.parametrize(
    "change",
    [_added("data/unlisted.csv"), _added("../escaped"), _added("data/link", tarfile.SYMTYPE), _listed("data/../../escaped"),
     _listed("/escaped"), _listed("data/.hidden"), _listed("elsewhere/x"), _swapped, lambda members: members[:-1], lambda members: members[1:],
     lambda members: [*members, members[-1]]],
    ids=["unlisted", "up", "link", "listed up", "listed root", "hidden", "other folder", "changed", "missing", "no list", "twice"],
)  # fmt: skip
def test_a_backup_that_is_not_as_it_was_written_is_refused_whole(
    site: Settings, archive: Path, tmp_path: Path, change: Change
) -> None:
    with tarfile.open(archive) as opened:
        members = [(each, file.read()) for each in opened if (file := opened.extractfile(each))]
    broken = tmp_path / "broken.tar.gz"
    with tarfile.open(broken, "w:gz", compresslevel=1) as written:
        for member, body in change(members):
            written.addfile(member, io.BytesIO(body))
    there = tmp_path / "there"
    with pytest.raises(UserError) as refused:
        backup.restore(elsewhere(site, there), broken, "", may_replace=False)
    assert refused.value.message_id == "backup.damaged"
    assert not there.exists() or not list(there.iterdir())
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("keep", [0, 100, 20_000])
def test_a_backup_that_is_cut_short_is_refused(site: Settings, archive: Path, tmp_path: Path, keep: int) -> None:
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(archive.read_bytes()[:keep])
    with pytest.raises(UserError, match=r"cut\.tar\.gz"):
        backup.restore(elsewhere(site, tmp_path), cut, "", may_replace=False)
    assert not (tmp_path / "data").exists()


def test_the_two_commands_say_what_they_did(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_LANGUAGE", "en")
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(published))
    file = tmp_path / "b.tar.gz"
    run = CliRunner().invoke
    first = run(app, ["backup", str(file)])
    assert first.exit_code == 0, first.output
    assert str(store.live_name(published / "snapshots")) in first.output
    again = run(app, ["backup", str(file)])
    assert (again.exit_code, "is there already" in again.output) == (1, True)
    inside = run(app, ["backup", str(published / "b.tar.gz")])
    assert (inside.exit_code, "inside a folder" in inside.output) == (1, True)
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "new"))
    back = run(app, ["restore", str(file)])
    assert (back.exit_code, "is restored" in back.output) == (0, True), back.output


def renamed(folder: Path) -> None:
    """A step as a later version may need: a column has another name."""
    path = folder / "bodies.csv"
    path.write_text(path.read_text("utf-8").replace("name_en", "english"), "utf-8")


def marked(folder: Path) -> None:
    (folder / "bodies.csv").write_text((folder / "bodies.csv").read_text("utf-8") + "# third\n", "utf-8")


def test_an_upgrade_makes_a_backup_first_and_the_backup_is_the_way_back(data_dir: Path, tmp_path: Path) -> None:
    chosen = replace(settings.load({}), data_dir=data_dir)
    before = held(data_dir)
    done = backup.upgrade(chosen, tmp_path, {1: renamed, 2: marked}, 3)
    assert (done.before, done.after) == (1, 3)
    table = (data_dir / "bodies.csv").read_text("utf-8")
    assert ("english" in table, table.endswith("# third\n")) == (True, True)
    assert form.of(data_dir) == 3
    again = backup.upgrade(chosen, tmp_path, {1: renamed, 2: marked}, 3)
    assert again.backup is None
    assert done.backup
    backup.restore(chosen, done.backup, "", may_replace=True)
    assert held(data_dir) == before


def test_a_step_that_fails_leaves_the_number_of_the_one_before_and_the_backup(data_dir: Path, tmp_path: Path) -> None:
    chosen = replace(settings.load({}), data_dir=data_dir)

    def fails(folder: Path) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        backup.upgrade(chosen, tmp_path, {1: renamed, 2: fails}, 3)
    assert form.of(data_dir) == 2
    assert len(list(tmp_path.glob("gongkai-before-upgrade-1-*.tar.gz"))) == 1


def test_data_of_another_form_is_neither_published_nor_added_to(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = replace(settings.load({}), data_dir=data_dir)
    monkeypatch.setattr(form, "CURRENT", 2)
    with pytest.raises(UserError) as older:
        build.refresh(chosen)
    assert older.value.message_id == "upgrade.needed"
    monkeypatch.setattr(form, "CURRENT", 1)
    path = data_dir / "datapackage.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"format": 9}), "utf-8")
    monkeypatch.setenv("GONGKAI_LANGUAGE", "en")
    report = tmp_path / "report.txt"
    report.write_text("政府信息公开工作年度报告", "utf-8")
    for command in (["refresh"], ["ingest", str(report)], ["upgrade"]):
        told = CliRunner().invoke(app, command)
        assert (told.exit_code, "newer version" in told.output) == (1, True), command


def test_an_upgrade_says_when_there_is_nothing_to_do(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_LANGUAGE", "en")
    told = CliRunner().invoke(app, ["upgrade"])
    assert (told.exit_code, "nothing to do" in told.output) == (0, True)
    assert [path.name for path in data_dir.parent.iterdir()] == ["data"]
