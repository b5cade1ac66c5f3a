"""The pages of a draft: documents in, figures looked at, published or discarded; and what hostile ones come to."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest

from dashboard.admin import drafted
from dashboard.admin.roles import Role
from dashboard.documents import limits
from dashboard.drafts import building, work
from dashboard.drafts.shelf import Shelf
from dashboard.messages import Language
from dashboard.snapshots import build, pointer, releases
from dashboard.snapshots.releases import Wish
from dashboard.tables.package import Package
from tests import batches
from tests.admin_area import FROM_HERE, Clock, Site, Visitor, configured, site

REPORTS = "/admin/reports"
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Over a data folder without a report. Snapshots are built in this process, which is quicker."""
    monkeypatch.setattr(building, "_beside", lambda held, draft, shelf: building.tried(held, shelf.tables(draft), "li"))
    given = configured(tmp_path)
    batches.data_folder(given.data_dir)
    return site(given, Clock())


@pytest.fixture
def editor(here: Site) -> Visitor:
    visitor = here.signed_in(Role.EDITOR)
    visitor.get(REPORTS)
    return visitor


def document(tmp_path: Path, name: str = "2021.txt", **told: object) -> bytes:
    return batches.written(tmp_path / "sent", name, batches.report(2021, **told)).read_bytes()  # type: ignore[arg-type]  # options by their names


def send(visitor: Visitor, *sent: tuple[str, bytes], path: str = REPORTS) -> httpx.Response:
    files = [("files", (name, io.BytesIO(content), "application/octet-stream")) for name, content in sent]
    return visitor.client.post(path, data={"csrf": visitor.csrf}, files=files, headers=FROM_HERE)


def settled(here: Site) -> str:
    """The draft, when all that was asked of it is done."""
    shelf = Shelf(here.settings)
    while (draft := shelf.read()) and draft.has_work:
        work.wake(shelf)
        for thread in [*work._at_it.values()]:
            thread.join()
    return draft.id if draft else ""


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_report_goes_its_way_from_upload_to_the_public(here: Site, editor: Visitor, tmp_path: Path) -> None:
    answer = send(editor, ("2021.txt", document(tmp_path)), ("notes.txt", "随便写写".encode()))
    assert (answer.status_code, answer.headers["location"]) == (303, REPORTS)
    id_ = settled(here)
    shown = words(editor.get(REPORTS).text)
    assert "云岭市 990100 · 2021" in shown
    assert "云岭市2021年政府信息公开工作年度报告" in shown, "the evidence"
    assert "没有" in shown and "notes.txt" in shown
    assert editor.post(f"{REPORTS}/prepare", draft=id_).status_code == 303
    settled(here)
    ready = editor.get(REPORTS).text
    assert "990100" in words(ready)
    lines = re.findall(r'<li class="new">(.*?)</li>', ready)
    assert lines and len(lines) == len(set(lines)), "equal findings stand in one line, with their number"
    assert any("×" in line for line in lines)
    snapshot = re.findall(r'name="snapshot" value="([^"]+)"', ready)
    assert snapshot == [], "an editor does not publish"
    assert pointer.read(here.settings.snapshots_dir) is None
    publisher = here.signed_in(Role.PUBLISHER, "wang")
    [snapshot_] = re.findall(r'name="snapshot" value="([^"]+)"', publisher.get(REPORTS).text)
    told = {"draft": id_, "snapshot": snapshot_}
    refused = publisher.post(f"{REPORTS}/publish", **told, reason="")
    assert refused.status_code == 409 and "理由" in words(refused.text)
    assert (
        publisher.post(f"{REPORTS}/publish", **told, reason="年度更新").headers["location"]
        == f"{REPORTS}?done=published"
    )
    live = pointer.read(here.settings.snapshots_dir)
    assert live and live.snapshot == snapshot_
    assert [each.year for each in Package(here.settings.data_dir).reports()] == [2021]
    assert "已发布" in words(publisher.get(f"{REPORTS}?done=published").text)
    again = publisher.post(f"{REPORTS}/discard", draft=id_)
    assert again.status_code == 409 and "草稿已被他人发布或放弃" in words(again.text)


def test_what_a_rollback_left_in_the_data_folder_is_told_and_taken_out(
    here: Site, editor: Visitor, tmp_path: Path
) -> None:
    publisher = here.signed_in(Role.PUBLISHER, "wang")

    def publish(id_: str) -> httpx.Response:
        publisher.post(f"{REPORTS}/prepare", draft=id_)
        settled(here)
        [snapshot] = re.findall(r'name="snapshot" value="([^"]+)"', publisher.get(REPORTS).text)
        return publisher.post(f"{REPORTS}/publish", draft=id_, snapshot=snapshot, reason="年度更新")

    for year in (2020, 2021):
        sent = batches.written(tmp_path, f"{year}.txt", batches.report(year))
        send(editor, (sent.name, sent.read_bytes()))
        assert publish(settled(here)).status_code == 303
    assert 'id="folder"' not in editor.get(REPORTS).text
    releases.rollback(here.settings, None, Wish("zhao", "数字有误"))
    shown = words(editor.get(REPORTS).text)
    assert "报告 1 份" in shown and "zhao" in shown and "数字有误" in shown
    editor.post(f"{REPORTS}/prepare")
    id_ = settled(here)
    assert "不属于本草稿" in words(editor.get(REPORTS).text)
    assert editor.post(f"{REPORTS}/folder", draft=id_, report="990100-2020").status_code == 409
    assert editor.post(f"{REPORTS}/folder", draft=id_, report="990100-2021").status_code == 303
    assert publish(id_).status_code == 303
    assert [each.year for each in Package(here.settings.data_dir).reports()] == [2020]
    publisher.post(f"{REPORTS}/prepare")
    settled(here)
    page = publisher.get(REPORTS).text
    assert "没有可发布的变化" in words(page)
    assert f"{REPORTS}/publish" not in page


def test_figures_stand_beside_the_document_and_lead_into_it(here: Site, editor: Visitor, tmp_path: Path) -> None:
    send(editor, ("2021.html", document(tmp_path, "2021.html")))
    settled(here)
    [item] = Shelf(here.settings).require().items
    page = editor.get(f"{REPORTS}/{item.id}").text
    targets = set(re.findall(r'<mark id="([^"]+)"', page))
    assert len(targets) == page.count("<mark id="), "an id stands once"
    links = set(re.findall(r'class="place" href="#([^"]+)"', page))
    assert links and links <= targets
    rows = re.findall(r'<tr class="(doubtful)?">', page[: page.index('id="paper-title"')])
    assert rows[0] == "doubtful" and rows == sorted(rows, reverse=True)
    viewer = here.signed_in(Role.VIEWER, "zhao")
    assert viewer.get(f"{REPORTS}/{item.id}").status_code == 200
    assert viewer.get(f"{REPORTS}/{'0' * 64}").status_code == 404
    assert 'type="file"' not in viewer.get(REPORTS).text


def test_a_figure_is_corrected_before_it_is_published(here: Site, editor: Visitor, tmp_path: Path) -> None:
    send(editor, ("2021.txt", document(tmp_path)))
    id_ = settled(here)
    [item] = Shelf(here.settings).require().items
    page = f"{REPORTS}/{item.id}"
    [form, *_] = re.findall(r'class="correct" href="([^"]+)"', editor.get(page).text)
    shown = editor.get(unescape(form)).text
    told = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown)}
    del told["csrf"]
    wrong = editor.post(f"{page}/correct", **told | {"value": "many", "reason": EVIL})
    assert wrong.status_code == 400 and 'id="wrong-value"' in wrong.text and "<img" not in wrong.text
    given = told | {"value": "12", "reason": EVIL, "evidence": "the office's letter"}
    assert editor.post(f"{page}/correct", **given).headers["location"] == page
    settled(here)
    corrected = editor.get(page).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in corrected and "<img" not in corrected
    editor.post(f"{REPORTS}/prepare", draft=id_)
    settled(here)
    told_of = words(editor.get(REPORTS).text).partition("更正（1）")[2]
    assert "12" in told_of and EVIL in told_of, "what it was and is, and why"
    [number] = re.findall(r'name="correction" value="([^"]+)"', editor.get(page).text)
    assert (
        editor.post(f"{REPORTS}/withdraw", draft=id_, document=item.id, correction=number).headers["location"] == page
    )
    settled(here)
    assert 'name="correction"' not in editor.get(page).text
    assert not (here.settings.data_dir / "corrections.csv").exists()


def test_nothing_of_a_document_or_its_name_becomes_markup(here: Site, editor: Visitor, tmp_path: Path) -> None:
    told = (f"{EVIL} 全年共受理申请 5 件。", "<script>alert(2)</script>")
    send(editor, (f"{EVIL}.txt", document(tmp_path, prose=told)), ('"><script>.exe', b"MZ"))
    settled(here)
    items = Shelf(here.settings).require().items
    pages = [editor.get(REPORTS).text, *(editor.get(f"{REPORTS}/{each.id}").text for each in items)]
    for page in pages:
        assert "<img" not in page
        assert re.findall(r"<script(?! defer src=)", page) == []
    assert "&lt;img" in pages[1] and "&lt;script&gt;alert(2)" in pages[1]


def test_a_script_sends_one_document_a_request_and_is_told_in_json(here: Site, editor: Visitor, tmp_path: Path) -> None:
    answer = send(editor, ("2021.txt", document(tmp_path)), path=f"{REPORTS}/files")
    assert (answer.status_code, answer.json()["name"]) == (201, "2021.txt")
    empty = send(editor, path=f"{REPORTS}/files")
    assert (empty.status_code, empty.headers["content-type"]) == (400, "application/problem+json")
    settled(here)


def test_a_body_that_is_not_listed_is_told_on_the_page(here: Site, editor: Visitor, tmp_path: Path) -> None:
    send(editor, ("new.txt", document(tmp_path, body="海城市")))
    id_ = settled(here)
    page = editor.get(REPORTS).text
    assert "--body" not in page and '<details id="tell-' in page
    [item] = Shelf(here.settings).require().items
    told = {"draft": id_, "document": item.id, "body": "990200", "add_body": "yes"}
    assert editor.post(f"{REPORTS}/document", **told, year="20x1").status_code == 409
    assert editor.post(f"{REPORTS}/document", **told, url="javascript:alert(1)").status_code == 409
    assert editor.post(f"{REPORTS}/document", **told, year="2021").status_code == 303
    settled(here)
    assert "海城市 990200 · 2021" in words(editor.get(REPORTS).text)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:document>" + b"\0" * (400 * limits.MEGABYTE))
    return out.getvalue()


def test_hostile_documents_are_refused_with_a_sentence_each(here: Site, editor: Visitor, tmp_path: Path) -> None:
    hostile = {
        "../../../data/reports.csv": b"body,year\n",
        "report.pdf": b"MZ\x90\0" * 100,
        "polyglot.pdf": b"%PDF-1.4\n<script>alert(1)</script>PK\x03\x04",
        "bomb.docx": bomb(),
        "a\0\u202eb.html": b"<html><script>alert(1)</script></html>",
        "x" * 300 + ".txt": "没有标题的文字".encode(),
        "~.docx": b"PK\x03\x04 broken",
    }
    before = batches.bytes_of(here.settings.data_dir)
    send(editor, *hostile.items())
    settled(here)
    rows = Shelf(here.settings).require().items
    assert len(rows) == len(hostile)
    assert {each.result.outcome for each in rows if each.result} == {"refused"}
    page = words(editor.get(REPORTS).text)
    for each in rows:
        assert each.result and each.result.reason
        assert each.name in page
        assert re.fullmatch(r"[0-9a-f]{64}(\.\w+)?", each.file)
    after = {
        path: content for path, content in batches.bytes_of(here.settings.data_dir).items() if "drafts/" not in path
    }
    assert after == before


@pytest.mark.parametrize(("size", "said"), [(0, "0 KB"), (1, "1 KB"), (1024, "1 KB"), (1025, "2 KB")])
def test_nothing_is_not_a_kilobyte(size: int, said: str) -> None:
    assert drafted._size(size, Language.EN) == said


def test_what_is_larger_than_a_request_may_be_or_no_form_at_all_is_refused(here: Site, editor: Visitor) -> None:
    here.area.declared = [replace(each, largest=1000) if each.path == REPORTS else each for each in here.area.declared]
    assert send(editor, ("large.txt", b"x" * 2000)).status_code == 413
    headers = FROM_HERE | {"Content-Type": "multipart/form-data; boundary=x", "X-CSRF-Token": editor.csrf}
    assert editor.client.post(REPORTS, content=b"--x\r\nno header", headers=headers).status_code == 400
    assert (
        editor.client.post(REPORTS, content=b"nothing", headers=FROM_HERE | {"X-CSRF-Token": editor.csrf}).status_code
        == 400
    )
    assert Shelf(here.settings).read() is None


def test_a_publication_that_was_killed_is_completed_by_who_looks_next(
    here: Site, editor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(editor, ("2021.txt", document(tmp_path)))
    id_ = settled(here)
    editor.post(f"{REPORTS}/prepare", draft=id_)
    settled(here)
    publisher = here.signed_in(Role.PUBLISHER, "wang")
    [snapshot] = re.findall(r'name="snapshot" value="([^"]+)"', publisher.get(REPORTS).text)
    with monkeypatch.context() as broken:
        broken.setattr("dashboard.drafts.publishing._go_live", lambda *_: 1 / 0)
        answer = publisher.post(f"{REPORTS}/publish", draft=id_, snapshot=snapshot, reason="年度更新")
        assert answer.status_code == 500
    assert pointer.read(here.settings.snapshots_dir) is None
    assert editor.get(REPORTS).status_code == 200
    live = pointer.read(here.settings.snapshots_dir)
    assert live and live.snapshot == snapshot
    assert build.state(here.settings).is_newer is False
