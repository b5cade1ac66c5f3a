"""Corrections of figures: written down, shown beside what is printed, lapsed when the report reads otherwise, taken back."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dashboard import settings
from dashboard.charts import Filters, draw
from dashboard.cli import app
from dashboard.figures.marks import CORRECTED
from dashboard.messages import Language, UserError
from dashboard.parts import View
from dashboard.parts.evidence import evidence
from dashboard.schema import Fact
from dashboard.settings import Settings
from dashboard.snapshots import audit_log, build, correcting, diff, inputs
from dashboard.snapshots.audit_log import Action
from dashboard.snapshots.blocking import Blocked
from dashboard.snapshots.store import Snapshot
from dashboard.tables import corrections
from dashboard.tables.corrections import Chosen, State, Unfit, Wish
from dashboard.tables.package import Package
from tests.conftest import copy_data
from tests.folders import change_cells
from tests.programs import serving

BODY, YEAR, INDICATOR = "640000", 2018, "disclosure.normative"
AT = "line:214/table:1/row:4/col:3"
WISH = Wish("677", "", "两位数字颠倒", "https://www.example.cn/notice?a=1&b=2", "李明")
ARGUMENTS = ["--body", BODY, "--year", str(YEAR), "--reason", "digits swapped", "--evidence", "the letter of 3 March"]


def correct(folder: Path, wish: Wish = WISH, chosen: Chosen = Chosen(INDICATOR)) -> str:  # noqa: B008  # frozen, so that no test changes it
    return correcting.give(folder, folder, BODY, YEAR, chosen, wish).correction


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["correct", *arguments])
    return done.exit_code, done.output


def states(folder: Path) -> list[State]:
    return [each.state for each in corrections.listed(Package(folder))]


# The data folder


def test_a_correction_holds_the_printed_value_beside_the_new_one_and_touches_no_other_table(data_dir: Path) -> None:
    before = (data_dir / "facts" / f"{BODY}-{YEAR}.csv").read_bytes()
    assert correct(data_dir) == "640000-2018-1"
    [held] = Package(data_dir).corrections()
    assert (held.value, held.printed_value, held.as_printed, held.locator) == (Decimal(677), Decimal(667), "667", AT)
    assert (held.reason, held.evidence, held.name) == (WISH.reason, WISH.evidence, WISH.name)
    assert (data_dir / "facts" / f"{BODY}-{YEAR}.csv").read_bytes() == before
    assert '"corrections.csv"' in (data_dir / "datapackage.json").read_text("utf-8")


def test_a_second_correction_of_a_figure_ends_the_first_and_keeps_it(data_dir: Path) -> None:
    correct(data_dir)
    correct(data_dir, replace(WISH, value="676"))
    first, second = Package(data_dir).corrections()
    assert (first.value, first.ended_by, first.ended_reason) == (Decimal(677), "李明", "→ 640000-2018-2")
    assert first.ended
    assert not second.ended
    assert states(data_dir) == [State.ENDED, State.IN_FORCE]


def test_a_figure_can_be_corrected_to_none_but_never_by_an_empty_wish(data_dir: Path) -> None:
    correct(data_dir, replace(WISH, value="", absence="unreadable"))
    [held] = Package(data_dir).corrections()
    assert (held.value, held.absence) == (None, "unreadable")
    for wish in (replace(WISH, value=""), replace(WISH, absence="blank")):
        with pytest.raises(Unfit) as found:
            correct(data_dir, wish)
        assert found.value.fields["value"].message_id == "correction.value_or_absence"


def test_all_that_is_wrong_with_a_wish_is_told_at_once(data_dir: Path) -> None:
    with pytest.raises(Unfit) as found:
        correct(data_dir, Wish("six", "", " ", "http://a b", " "))
    told = {name: problem.message_id for name, problem in found.value.fields.items()}
    assert told == {
        "value": "correction.no_number", "reason": "correction.no_reason", "evidence": "correction.bad_evidence",
        "name": "correction.no_name",
    }  # fmt: skip
    for problem in found.value.fields.values():
        assert problem.say(Language.ZH) != problem.say(Language.EN)
    assert not (data_dir / "corrections.csv").exists()
    assert not (data_dir / "audit.jsonl").exists()


@pytest.mark.parametrize(
    ("value", "message"),
    [("667", "no_change"), ("1" * 21, "not_held"), ("0.123456789", "not_held"), ("6.7E+02", "shortened")],
)
def test_a_value_that_changes_nothing_or_has_no_room_is_refused(data_dir: Path, value: str, message: str) -> None:
    with pytest.raises(Unfit) as found:
        correct(data_dir, replace(WISH, value=value))
    assert found.value.fields["value"].message_id.endswith(message)


def test_a_rate_may_be_written_as_a_percentage(data_dir: Path) -> None:
    rate = next(each for each in Package(data_dir).facts(BODY, YEAR) if each.measure == "yoy_rate")
    chosen = Chosen(rate.indicator, rate.segment, rate.applicant, rate.measure, rate.locator)
    correct(data_dir, replace(WISH, value="12.5%"), chosen)
    assert Package(data_dir).corrections()[0].value == Decimal("0.125")


def test_what_steers_a_terminal_or_breaks_a_line_does_not_get_into_the_table(data_dir: Path) -> None:
    correct(data_dir, replace(WISH, reason="one\n\x1b[31mtwo\u202e"))
    assert Package(data_dir).corrections()[0].reason == "one \ufffd[31mtwo\ufffd"


def test_a_figure_of_several_places_has_to_be_told_by_its_place(data_dir: Path) -> None:
    facts = Package(data_dir).facts(BODY, YEAR)
    kinds = [(each.indicator, each.segment, each.applicant, each.measure) for each in facts]
    twice = next(each for each in kinds if kinds.count(each) > 1)
    with pytest.raises(UserError) as found:
        correct(data_dir, chosen=Chosen(*twice))
    assert found.value.message_id == "correction.several"
    with pytest.raises(UserError) as found:
        correct(data_dir, chosen=Chosen(INDICATOR, at="line:1"))
    assert found.value.message_id == "correction.no_figure"


def test_each_correction_and_its_end_stand_in_the_audit_log_with_all_that_was_said(data_dir: Path) -> None:
    given = correct(data_dir)
    correcting.withdraw(data_dir, data_dir, given, "王芳", "报告已更换")
    first, second = audit_log.entries(data_dir)
    assert (first.action, first.by, first.reason) == (Action.CORRECTION, "李明", WISH.reason)
    assert (first.told["printed"], first.told["value"], first.told["evidence"]) == ("667", "677", WISH.evidence)
    assert (second.action, second.by, second.reason) == (Action.CORRECTION_WITHDRAWN, "王芳", "报告已更换")
    assert audit_log.verify(data_dir).broken is None


def test_a_copy_of_the_folder_is_corrected_without_the_live_one(data_dir: Path, tmp_path: Path) -> None:
    draft = copy_data(tmp_path / "draft")
    correcting.give(draft, data_dir, BODY, YEAR, Chosen(INDICATOR), WISH)
    assert states(draft) == [State.IN_FORCE]
    assert states(data_dir) == []
    assert len(audit_log.entries(data_dir)) == 1


def test_a_correction_lapses_where_the_report_is_read_anew_with_another_value(data_dir: Path) -> None:
    correct(data_dir)
    table = data_dir / "facts" / f"{BODY}-{YEAR}.csv"
    line = next(n for n, row in enumerate(table.read_text("utf-8").splitlines(), 1) if row.startswith(INDICATOR))
    change_cells(table, line, {"value": "677", "as_printed": "677"})
    assert states(data_dir) == [State.LAPSED]
    [problem] = corrections.lapsed(Package(data_dir))
    assert "corrections.csv" in problem.say(Language.EN)
    assert "677" in problem.say(Language.EN)
    change_cells(table, line, {"locator": "line:999"})
    assert [each.message_id for each in corrections.lapsed(Package(data_dir))] == ["correction.figure_gone"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": ""}, "row.value_or_absence"),
        ({"indicator": "no.such"}, "row.unknown_indicator"),
        ({"evidence": ""}, "row.empty"),
        ({"given": "3/4"}, "row.no_date"),
        ({"value": "about six"}, "table.bad_cell"),
    ],
)
def test_a_row_that_breaks_the_schema_blocks_the_refresh_and_is_named(
    data_dir: Path, change: dict[str, str], message: str
) -> None:
    correct(data_dir)
    change_cells(data_dir / "corrections.csv", 2, change)
    with pytest.raises(Blocked) as found:
        inputs.read(Package(data_dir))
    assert found.value.problems[0].message_id == message
    assert "2" in found.value.problems[0].say(Language.EN)


def test_two_in_force_for_one_figure_block_the_refresh(data_dir: Path) -> None:
    correct(data_dir)
    path = data_dir / "corrections.csv"
    path.write_text(
        path.read_text("utf-8") + path.read_text("utf-8").splitlines()[1].replace("2018-1,", "2018-2,") + "\n"
    )
    with pytest.raises(Blocked) as found:
        inputs.read(Package(data_dir))
    assert [each.message_id for each in found.value.problems] == ["row.repeated"]


@given(st.decimals(min_value=0, max_value=10**15, places=4))
def test_a_value_comes_back_as_it_was_given(value: Decimal) -> None:
    fact = Fact(INDICATOR, value=Decimal(-1), unit="条", as_printed="667", locator=AT)
    wish = replace(WISH, value=f"{value:f}")
    assert corrections._value(wish, fact) == value


# The command


def test_the_command_adds_lists_and_withdraws(data_dir: Path) -> None:
    code, said = run("add", INDICATOR, *ARGUMENTS, "--value", "677", "--by", "Li Ming")
    assert (code, "640000-2018-1" in said, "667 → 677" in said) == (0, True, True)
    code, said = run("list", "--format", "json")
    assert code == 0
    [held] = json.loads(said)
    assert (held["state"], held["value"], held["printed_value"], held["absence"]) == ("in_force", "677", "667", None)
    assert run("withdraw", "640000-2018-1", "--reason", "the letter was wrong")[0] == 0
    assert json.loads(run("list", "--format", "json")[1])[0]["ended_reason"] == "the letter was wrong"
    assert run("withdraw", "640000-2018-1", "--reason", "again")[0] == 1


def test_the_command_refuses_with_a_sentence_and_ends_with_2_for_wrong_usage(data_dir: Path) -> None:
    assert run("add", "no.such", *ARGUMENTS, "--value", "1")[0] == 1
    assert run("add", INDICATOR, *ARGUMENTS)[0] == 2
    assert run("withdraw", "640000-2018-9", "--reason", " ")[0] == 2
    assert run("withdraw", "640000-2018-9", "--reason", "x")[0] == 1
    assert run("add", INDICATOR, "--value", "1")[0] == 2
    assert run("list", "--format", "xml")[0] == 2
    assert run("add", INDICATOR, *ARGUMENTS, "--value", "1", "--segment", "nobody")[0] == 2


def test_a_list_with_one_that_has_lapsed_ends_with_1(data_dir: Path) -> None:
    correct(data_dir)
    change_cells(data_dir / "corrections.csv", 2, {"as_printed": "666"})
    code, said = run("list")
    assert code == 1
    assert "corrections.csv" in said


# The snapshot


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A folder with one correction of a figure in the table; published before and after."""
    folder = copy_data(tmp_path_factory.mktemp("corrected") / "data")
    held = replace(settings.load({}), data_dir=folder)
    build.refresh(held)
    correct(folder)
    build.refresh(held)
    return held


@pytest.fixture(scope="module")
def corrected(held: Settings) -> Snapshot:
    return build.refresh(held)


def test_a_chart_shows_the_corrected_value_with_the_printed_one_and_the_reason(corrected: Snapshot) -> None:
    for language in Language:
        drawing = draw(corrected, "normative", Filters(BODY, YEAR, language))
        [row] = [each for each in drawing.rows if each.locator == AT]
        assert (row.value, row.as_printed, row.is_corrected) == ("677", "667", True)
        assert WISH.reason in row.note
        assert "667" in row.note
        assert f"<b>{CORRECTED}</b>" in json.dumps(drawing.figure, ensure_ascii=False)
        assert [each for each in drawing.rows if each.is_corrected] == [row]
        assert "677" in drawing.headline


def test_a_chart_without_corrected_figures_has_no_such_sign(corrected: Snapshot) -> None:
    drawing = draw(corrected, "flow", Filters(BODY, YEAR))
    assert CORRECTED not in json.dumps(drawing.figure, ensure_ascii=False)
    assert not any(row.is_corrected for row in drawing.rows)


def test_what_adds_up_is_checked_on_the_report_as_printed(held: Settings, corrected: Snapshot) -> None:
    first, second = _both(held)
    assert diff.between(held.snapshots_dir, first, second).findings == ()
    assert (
        corrected.engine.reported(BODY, YEAR)["value"].tolist()
        != corrected.engine.facts(BODY, [YEAR])["value"].tolist()
    )
    rows = [row for row in corrected.engine.whole("facts", BODY) if INDICATOR in row and AT in row]
    assert [Decimal(667) in row for row in rows] == [True]


def _both(held: Settings) -> tuple[str, str]:
    first, second = [each.target for each in audit_log.entries(held.data_dir) if each.action is Action.REFRESH][:2]
    return first, second


def test_a_correction_is_a_change_of_one_figure_in_the_difference(held: Settings) -> None:
    first, second = _both(held)
    [change] = diff.between(held.snapshots_dir, first, second).figures
    assert (change.indicator, change.old_value, change.new_value, change.change) == (INDICATOR, 667, 677, "changed")
    [change] = diff.between(held.snapshots_dir, second, first).figures
    assert (change.old_value, change.new_value) == (677, 667)


def test_the_same_correction_gives_the_same_snapshot_and_another_another(held: Settings, tmp_path: Path) -> None:
    folder = copy_data(tmp_path / "data")
    (folder / "corrections.csv").write_bytes((held.data_dir / "corrections.csv").read_bytes())
    other = replace(held, data_dir=folder)
    second = _both(held)[1]
    assert build.refresh(other).manifest.files == build.refresh(held).manifest.files
    assert build.refresh(other).manifest.hash == second.rpartition("-")[2]
    change_cells(folder / "corrections.csv", 2, {"value": "678"})
    assert build.refresh(other).manifest.hash != second.rpartition("-")[2]


def test_a_lapsed_correction_is_told_by_refresh_and_not_applied(data_dir: Path) -> None:
    correct(data_dir)
    change_cells(data_dir / "corrections.csv", 2, {"printed_value": "666"})
    done = CliRunner().invoke(app, ["refresh"])
    assert done.exit_code == 0
    assert "corrections.csv" in done.stderr
    engine = build.refresh(settings.load()).engine
    assert engine.corrected(BODY, YEAR).empty
    assert set(engine.facts(BODY, [YEAR])["correction"]) == {None}


# What the public sees


@pytest.fixture(scope="module")
def public(held: Settings, cache: Path, corrected: Snapshot) -> Iterator[TestClient]:
    with serving(held.data_dir, cache) as client:
        yield client


QUERY = f"body={BODY}&year={YEAR}&lang=en"


def test_programs_get_the_value_that_counts_the_printed_one_and_the_correction(public: TestClient) -> None:
    [fact] = [
        each
        for each in public.get(f"/api/v1/facts?body={BODY}&indicator={INDICATOR}&lang=en").json()["items"]
        if each["locator"] == AT
    ]
    assert (fact["value"], fact["printed_value"], fact["as_printed"]) == ("677", "667", "667")
    assert WISH.reason in fact["correction"]
    assert WISH.evidence in fact["correction"]
    others = public.get(f"/api/v1/facts?body={BODY}&lang=en").json()["items"]
    assert [each["locator"] for each in others if each["correction"] is not None] == [AT]
    [listed] = public.get("/api/v1/corrections").json()["items"]
    assert (listed["value"], listed["printed_value"], listed["is_current"], listed["ended"]) == ("677", "667", True, "")


def test_a_chart_as_a_file_tells_the_printed_value_and_the_correction(public: TestClient) -> None:
    told = public.get(f"/api/v1/charts/normative.csv?{QUERY}").text.lstrip("\ufeff")
    [row] = [row for row in csv.DictReader(io.StringIO(told)) if row["locator"] == AT]
    assert (row["value"], row["printed_value"]) == ("677", "667")
    assert WISH.reason in row["correction"]


def test_the_package_holds_the_tables_as_reported_and_the_corrections_beside_them(public: TestClient) -> None:
    archive = zipfile.ZipFile(io.BytesIO(public.get("/api/v1/data.zip").content))
    facts = archive.read(f"facts/{BODY}-{YEAR}.csv").decode()
    assert f"{INDICATOR},all,,value,667," in facts
    assert "677" in archive.read("corrections.csv").decode()
    assert "corrections" in [each["name"] for each in json.loads(archive.read("datapackage.json"))["resources"]]


def test_an_embed_tells_the_correction_in_its_table(public: TestClient) -> None:
    page = public.get(f"/embed/normative?{QUERY}").text
    assert WISH.reason in page
    assert f'<b class="d">{CORRECTED}</b>' in page
    assert "the report has 667 items" in page


def test_the_evidence_of_the_figure_tells_both_values_why_and_what_shows_it(corrected: Snapshot) -> None:
    view = View("/disclosure", Filters(BODY, YEAR, Language.EN), corrected)
    told = json.dumps(evidence(view, AT, has_document=False), cls=PlotlyJSONEncoder, ensure_ascii=False)
    for words in (
        "677",
        "667",
        WISH.reason,
        f'"href": "{WISH.evidence}"',
        Package(_folder(corrected)).corrections()[0].given,
    ):
        assert words in told, words
    other = next(each for each in corrected.engine.facts(BODY, [YEAR])["locator"] if each != AT)
    assert WISH.reason not in json.dumps(evidence(view, other, has_document=False), cls=PlotlyJSONEncoder)


def _folder(snapshot: Snapshot) -> Path:
    return snapshot.folder.parents[1]


def test_the_documents_page_tells_it_at_the_cell_and_nowhere_else(public: TestClient, held: Settings) -> None:
    sha256 = Package(held.data_dir).reports()[0].sha256
    held.sources_dir.mkdir(exist_ok=True)
    (held.sources_dir / f"{sha256}.txt").write_text("a line\n" * 3, "utf-8")
    assert WISH.reason in public.get(f"/document?{QUERY}&at={AT}").text
    assert WISH.reason not in public.get(f"/document?{QUERY}&at=line:1").text


def test_the_words_of_a_correction_are_never_markup_link_or_formula(data_dir: Path, cache: Path) -> None:
    hostile = "=<script>alert(1)</script>"
    correct(data_dir, replace(WISH, reason=hostile, evidence=f"javascript:{hostile}"))
    build.refresh(settings.load())
    with serving(data_dir, cache) as client:
        page = client.get(f"/embed/normative?{QUERY}").text
        table = client.get(f"/api/v1/corrections.csv?body={BODY}").text
    assert hostile not in page
    assert "&lt;script&gt;" in page
    assert f"'{hostile}" in table
    view = View("/disclosure", Filters(BODY, YEAR), build.refresh(settings.load()))
    assert '"href": "javascript' not in json.dumps(evidence(view, AT, has_document=False), cls=PlotlyJSONEncoder)
