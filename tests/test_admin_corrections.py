"""The admin area's pages of corrections: who may, what is refused beside which field, what is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.admin.roles import Role
from dashboard.snapshots import audit_log, build
from dashboard.tables.package import Package
from tests.admin_area import FROM_HERE, Clock, Site, Visitor, configured, site
from tests.conftest import copy_data
from tests.folders import change_cells

REPORT, INDICATOR, AT = "640000-2018", "disclosure.normative", "line:214/table:1/row:4/col:3"
NEW = f"/admin/corrections/new?report={REPORT}&indicator={INDICATOR}&at={AT}&lang=en"
FIELDS = {"value": "677", "reason": "digits swapped in print", "evidence": "https://www.example.cn/notice"}


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("area")
    copy_data(folder / "data")
    held = configured(folder)
    build.refresh(held)
    return site(held, Clock())


@pytest.fixture(scope="module")
def people(area: Site) -> dict[Role, Visitor]:
    return {role: area.signed_in(role, str(role)) for role in (Role.VIEWER, Role.EDITOR)}


@pytest.fixture
def editor(area: Site, people: dict[Role, Visitor]) -> Iterator[Visitor]:
    """With a folder that has no corrections, whatever the test before left."""
    yield people[Role.EDITOR]
    (area.settings.data_dir / "corrections.csv").unlink(missing_ok=True)


@pytest.fixture
def folder(area: Site) -> Path:
    return area.settings.data_dir


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)">', page))


def sent(editor: Visitor, **fields: str) -> str:
    """The form filled in and sent; the page that comes of it."""
    form = hidden(editor.get(NEW).text) | FIELDS | fields
    answer = editor.post("/admin/corrections/new?lang=en", **form)
    if answer.status_code == 303:
        return editor.get(answer.headers["location"]).text
    assert answer.status_code == 400
    return answer.text


def test_the_form_shows_the_printed_figure_and_leads_to_its_cell(editor: Visitor) -> None:
    page = editor.get(NEW).text
    assert "667" in page
    assert (
        f'href="/document?body=640000&amp;year=2018&amp;lang=en&amp;at={AT.replace(":", "%3A").replace("/", "%2F")}#here"'
        in page
    )


def test_a_correction_is_written_down_under_the_account_and_told_to_wait_for_publication(
    editor: Visitor, folder: Path
) -> None:
    page = sent(editor)
    [held] = Package(folder).corrections()
    assert (str(held.value), held.name, held.evidence) == ("677", "editor", FIELDS["evidence"])
    assert audit_log.entries(folder)[-1].by == "editor"
    assert "640000-2018-1 is written down" in page
    assert "What stands here is not what is published" in page
    assert FIELDS["reason"] in page


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost_or_written(editor: Visitor, folder: Path) -> None:
    page = sent(editor, value="a lot", reason="", evidence="https://a b")
    for name in ("value", "reason", "evidence"):
        said = re.search(rf'<p class="wrong" id="wrong-{name}">([^<]+)</p>', page)
        assert said, name
        field = re.search(rf'<(?:input|textarea) id="{name}"[^>]*>', page)
        assert field
        assert f"wrong-{name}" in field[0]
        assert 'aria-invalid="true"' in field[0]
    assert 'value="a lot"' in page
    assert "https://a b" in page
    assert Package(folder).corrections() == []


def test_words_are_shown_as_text(editor: Visitor) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    page = sent(editor, reason=hostile, evidence=f"javascript:{hostile}")
    assert hostile not in page
    assert "&lt;img" in page
    assert 'href="javascript' not in page


def test_a_figure_read_anew_since_the_form_was_shown_is_not_corrected_unseen(editor: Visitor, folder: Path) -> None:
    form = hidden(editor.get(NEW).text) | FIELDS
    table = folder / "facts" / "640000-2018.csv"
    before = table.read_bytes()
    line = next(n for n, row in enumerate(before.decode().splitlines(), 1) if AT in row)
    change_cells(table, line, {"value": "668", "as_printed": "668"})
    answer = editor.post("/admin/corrections/new?lang=en", **form)
    table.write_bytes(before)
    assert answer.status_code == 400
    assert "668" in answer.text
    assert FIELDS["reason"] in answer.text
    assert Package(folder).corrections() == []


def test_a_correction_is_taken_back_with_a_reason_and_stays_in_the_list(editor: Visitor, folder: Path) -> None:
    sent(editor)
    asked = editor.get("/admin/corrections/withdraw?id=640000-2018-1&lang=en").text
    assert "677" in asked
    assert "667" in asked
    refused = editor.post("/admin/corrections/withdraw?lang=en", id="640000-2018-1", reason=" ")
    assert (refused.status_code, Package(folder).corrections()[0].ended) == (400, "")
    done = editor.post("/admin/corrections/withdraw?lang=en", id="640000-2018-1", reason="the letter was wrong")
    page = editor.get(done.headers["location"]).text
    assert Package(folder).corrections()[0].ended_by == "editor"
    assert "the letter was wrong" in page
    assert "Withdraw the correction" not in page
    assert editor.get("/admin/corrections/withdraw?id=640000-2018-1").status_code == 404


def test_one_that_has_lapsed_stands_first_and_says_what_the_report_reads(editor: Visitor, folder: Path) -> None:
    sent(editor)
    change_cells(folder / "corrections.csv", 2, {"as_printed": "666"})
    page = editor.get("/admin/corrections?lang=en").text
    assert "the report reads 667, and the correction has lapsed" in page


def test_the_way_to_a_figure_leads_over_its_report(editor: Visitor) -> None:
    assert "640000" in editor.get("/admin/corrections/new").text
    assert editor.get("/admin/corrections/new?body=640000&year=1999").status_code == 404
    listed = editor.get(f"/admin/corrections/new?report={REPORT}&q=667&lang=en").text
    found = re.search(r'href="([^"]*at=line%3A214[^"]*)"', listed)
    assert found
    assert editor.get(found[1].replace("&amp;", "&")).status_code == 200
    assert editor.get(f"/admin/corrections/new?report={REPORT}&indicator=no.such").status_code == 404
    assert editor.get("/admin/corrections/new?report=../../etc&indicator=x").status_code == 404


def test_a_viewer_reads_the_list_and_can_do_no_more(editor: Visitor, people: dict[Role, Visitor], folder: Path) -> None:
    sent(editor)
    viewer = people[Role.VIEWER]
    page = viewer.get("/admin/corrections?lang=en").text
    assert FIELDS["reason"] in page
    assert "/admin/corrections/new" not in page
    assert "/admin/corrections/withdraw" not in page
    for path in (NEW, "/admin/corrections/withdraw?id=640000-2018-1"):
        assert viewer.get(path).status_code == 403
        assert viewer.post(path.partition("?")[0], **FIELDS).status_code == 403
    assert len(Package(folder).corrections()) == 1


def test_without_the_forms_token_nothing_is_written(editor: Visitor, folder: Path) -> None:
    form = hidden(editor.get(NEW).text) | FIELDS | {"csrf": "x"}
    assert editor.post("/admin/corrections/new", headers=FROM_HERE, **form).status_code == 403
    assert Package(folder).corrections() == []
