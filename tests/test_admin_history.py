"""The history and the log of the admin area: what was published, the way back, who did what, and whether it is whole."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest

from dashboard.admin.roles import Role
from dashboard.snapshots import audit_log, build, history, pointer, previews, releases
from dashboard.snapshots.audit_log import Action, Entry
from dashboard.snapshots.releases import Wish
from tests.admin_area import Clock, Site, configured, site
from tests.folders import change_cells, folder, set_value

FACTS = "facts/990001-2021.csv"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two publications, the second by Wang, and a preview by Zhao."""
    held = configured(tmp_path_factory.mktemp("history"))
    folder(held.data_dir, 2, 2021, 2021)
    build.refresh(held, Wish("李明"))
    set_value(held.data_dir / FACTS, 2, "7")
    build.run(held, Wish("王芳", "=HYPERLINK(1) <b>订正</b>", force=True))
    set_value(held.data_dir / FACTS, 2, "8")
    build.preview(held, Wish("赵强"))
    return held.data_dir


@pytest.fixture
def here(made: Path, tmp_path: Path) -> Site:
    held = configured(tmp_path)
    shutil.copytree(made, held.data_dir)
    return site(held, Clock())


def names(here: Site) -> tuple[str, str, str]:
    """The first, the live one, the preview."""
    listed = releases.listing(here.settings)
    return listed[1].name, listed[0].name, listed[2].name


def live(here: Site) -> str:
    found = pointer.read(here.settings.snapshots_dir)
    assert found
    return found.snapshot


def test_the_history_tells_who_when_why_and_what_it_changed(here: Site) -> None:
    first, now, prepared = names(here)
    shown = here.signed_in(Role.VIEWER).get("/admin/history").text
    assert shown.index("王芳") < shown.index("李明"), "newest first"
    assert "&lt;b&gt;订正&lt;/b&gt;" in shown
    assert "<b>订正" not in shown
    assert f"/admin/changes?old={first}&amp;new={now}" in shown
    assert shown.count('class="live"') == 1
    assert "赵强" in shown and prepared in shown
    assert "/rollback" not in shown and "/discard" not in shown and "snapshot=" not in shown, "a viewer reads"


def test_a_preview_is_opened_from_the_history(here: Site) -> None:
    shown = here.signed_in(Role.EDITOR).get("/admin/history").text
    found = re.search(r'href="/\?snapshot=([^"]+)"', shown)
    assert found
    granted = previews.read(here.settings.snapshots_dir, found[1])
    assert granted and granted.snapshot == names(here)[2]


def test_a_rollback_is_one_form_and_so_is_its_undoing(here: Site) -> None:
    first, now, _ = names(here)
    publisher = here.signed_in(Role.PUBLISHER)
    publisher.get("/admin/history")
    done = publisher.post("/admin/history/rollback", live=now, snapshot=first, reason="数字有误")
    assert done.status_code == 303
    assert live(here) == first
    assert first in publisher.get(done.headers["location"]).text.split('role="status"')[1].split("</div>")[0]
    last = audit_log.entries(here.settings.data_dir)[-1]
    assert (last.action, last.by, last.reason, last.origin, last.target) == (
        Action.ROLLBACK,
        "li",
        "数字有误",
        now,
        first,
    )
    again = publisher.post("/admin/history/rollback", live=now, snapshot=first, reason="又按了一次")
    assert again.status_code == 409 and "已有人发布或恢复" in again.text
    assert audit_log.entries(here.settings.data_dir)[-1] == last, "sent twice, done once"
    back = {"live": first, "snapshot": now}
    for reason in ("", "  "):
        assert publisher.post("/admin/history/rollback", **back, reason=reason).status_code == 400
    assert live(here) == first
    assert publisher.post("/admin/history/rollback", **back, reason="数字无误").status_code == 303
    assert live(here) == now
    assert audit_log.verify(here.settings.data_dir).broken is None


def test_nothing_that_somebody_published_meanwhile_is_rolled_back_unseen(here: Site) -> None:
    first, now, prepared = names(here)
    publisher = here.signed_in(Role.PUBLISHER)
    [shown] = set(re.findall(r'name="live" value="([^"]+)"', publisher.get("/admin/history").text))
    assert shown == now
    releases.publish(here.settings, prepared, Wish("another", "x", force=True))
    stale = publisher.post("/admin/history/rollback", live=shown, snapshot=first, reason="数字有误")
    assert stale.status_code == 409
    assert live(here) == prepared


@pytest.mark.parametrize("asked", ["prepared", "../../etc", "", "none"])
def test_only_what_was_published_is_rolled_back_to(here: Site, asked: str) -> None:
    _, now, prepared = names(here)
    publisher = here.signed_in(Role.PUBLISHER)
    publisher.get("/admin/history")
    given = prepared if asked == "prepared" else asked
    assert publisher.post("/admin/history/rollback", live=now, snapshot=given, reason="x").status_code == 400
    assert live(here) == now


def test_a_preview_is_discarded_and_what_was_published_is_not(here: Site) -> None:
    first, now, prepared = names(here)
    editor = here.signed_in(Role.EDITOR)
    editor.get("/admin/history")
    assert editor.post("/admin/history/discard", snapshot=first).status_code == 400
    editor.get("/admin/history")
    assert editor.post("/admin/history/discard", snapshot=prepared).status_code == 303
    assert {each.name for each in releases.listing(here.settings)} == {first, now}
    last = audit_log.entries(here.settings.data_dir)[-1]
    assert (last.action, last.by, last.told["removed"]) == (Action.DISCARD, "li", [prepared])


def test_a_publication_that_a_crash_kept_from_effect_is_none(here: Site) -> None:
    first, now, _ = names(here)
    before = len(history.read(here.settings).publications)
    told = [Entry(Action.PUBLISH, "x", now, first), Entry(Action.INTERRUPTED, "x", first, now)]
    for each in told:
        audit_log.append(here.settings.data_dir, each)
    found = history.read(here.settings)
    assert len(found.publications) == before
    assert [each.entry.target for each in found.publications if each.is_live] == [now]


def test_without_its_log_the_history_still_leads_back(here: Site) -> None:
    (here.settings.data_dir / audit_log.FILE).unlink()
    first, now, _ = names(here)
    found = history.read(here.settings).publications
    assert [(each.entry.target, each.is_live) for each in found] == [(now, True), (first, False)]


def test_the_changes_are_told_by_report_and_figure(here: Site) -> None:
    first, now, _ = names(here)
    viewer = here.signed_in(Role.VIEWER)
    shown = viewer.get(f"/admin/changes?old={first}&new={now}&lang=en").text
    assert '<details class="of-report" open><summary>云岭1市 2021: 1 figure</summary>' in shown
    assert re.search(r'<td class="number">7</td>', shown)
    assert viewer.get(f"/admin/changes?new={names(here)[2]}").status_code == 200
    for asked in ("", "?new=../../etc", f"?old=x&new={now}"):
        assert viewer.get(f"/admin/changes{asked}").status_code == 400


def test_many_changes_of_one_report_are_folded(here: Site) -> None:
    """Its figures behind one line, its failures of one rule in another, with what each says."""
    path = here.settings.data_dir / FACTS
    for line in range(2, 40):
        change_cells(path, line, {"value": "", "as_printed": "", "absence": "blank"})
    blank = build.preview(here.settings).name
    shown = here.signed_in(Role.VIEWER).get(f"/admin/changes?new={blank}&lang=en").text
    assert re.search(r'<details class="of-report"><summary>云岭1市 2021: \d\d figures</summary>', shown)
    folded = re.findall(r"<details><summary>([^<]+) × (\d+)</summary>\s*<ul>(.*?)</ul></details>", shown, re.DOTALL)
    assert folded
    for rule, count, said in folded:
        assert rule and said.count("<li>") == int(count) > 1


def test_the_log_is_filtered_and_told_whole(here: Site) -> None:
    viewer = here.signed_in(Role.VIEWER)
    shown = viewer.get("/admin/log?lang=en").text
    assert "The log is whole" in shown
    assert shown.index("<b>赵强") < shown.index("<b>王芳") < shown.index("<b>李明")
    only = viewer.get("/admin/log?lang=en&by=王芳&action=refresh").text
    assert "<b>王芳" in only and "<b>李明" not in only
    assert "No entry fits" in viewer.get("/admin/log?lang=en&by=nobody").text


def test_a_line_that_was_changed_shows(here: Site) -> None:
    path = here.settings.data_dir / audit_log.FILE
    path.write_text(path.read_text("utf-8").replace("李明", "别人"), "utf-8")
    shown = here.signed_in(Role.VIEWER).get("/admin/log?lang=en").text
    assert "The log has been changed" in shown
    assert "chain broken" in shown


def test_the_log_is_taken_away_with_no_cell_that_runs(here: Site) -> None:
    viewer = here.signed_in(Role.VIEWER)
    taken = viewer.get("/admin/log.csv")
    assert taken.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(taken.content.decode("utf-8-sig"), newline="")))
    assert [row["by"] for row in rows] == ["李明", "王芳", "赵强"]
    assert rows[1]["reason"].startswith("'=HYPERLINK")
    assert viewer.get("/admin/log.jsonl").content == (here.settings.data_dir / audit_log.FILE).read_bytes()
    assert viewer.get("/admin/log.jsonl?by=王芳").content.count(b"\n") == 1


def test_who_came_in_is_told_to_publishers_alone(here: Site) -> None:
    viewer, publisher = here.signed_in(Role.VIEWER), here.signed_in(Role.PUBLISHER, "wang")
    assert "/admin/log/access" not in viewer.get("/admin/log").text
    for path in ("/admin/log/access", "/admin/log/access.csv", "/admin/log/access.jsonl"):
        assert viewer.get(path).status_code == 403
        assert "192.0.2.7" in publisher.get(path).text
