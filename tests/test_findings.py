"""Findings in the data folder, the snapshot and the pages: kept as they are, marked where they stand, judged by officers."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dashboard import settings
from dashboard.app import create_app
from dashboard.charts import CHARTS, Filters, draw
from dashboard.checks import Verdict, rows
from dashboard.checks.audit import audit, audit_one
from dashboard.checks.officer import give
from dashboard.cli import app
from dashboard.figures.marks import SIGN
from dashboard.measures import findings
from dashboard.messages import Language, UserError
from dashboard.schema import Ruling, columns
from dashboard.snapshots import build
from dashboard.snapshots.store import Snapshot
from dashboard.tables.package import Package

BODY, YEAR = "640000", 2018
DAY = date(2026, 11, 23)


@pytest.fixture
def snapshot(data_dir: Path, cache: Path) -> Snapshot:
    return build.refresh(settings.load())


def test_a_snapshot_holds_every_finding_as_it_was_found(snapshot: Snapshot, data_dir: Path) -> None:
    found = list(audit(Package(data_dir)))
    held = [each.finding for each in findings.of_report(snapshot.engine, BODY, YEAR)]
    assert [list(table) for table in rows.of(held)] == [list(table) for table in rows.of(found)]
    assert {each.verdict for each in held} == set(Verdict)


def test_ids_are_one_to_a_finding(data_dir: Path) -> None:
    ids = [each.id for each in audit(Package(data_dir))]
    assert len(ids) == len(set(ids))


def test_every_figure_of_a_failing_rule_is_found_at_its_place(snapshot: Snapshot) -> None:
    failing = [
        each for each in findings.of_report(snapshot.engine, BODY, YEAR) if each.finding.verdict is Verdict.FAILS
    ]
    assert failing
    for each in failing:
        for cell in each.finding.cells:
            if cell.locator and not cell.year:
                assert each in findings.at(snapshot.engine, BODY, YEAR, cell.locator)
    assert findings.at(snapshot.engine, BODY, YEAR, "line:1") == []


def test_charts_sign_the_figures_that_do_not_add_up_and_no_others(snapshot: Snapshot) -> None:
    failing = set(snapshot.engine.failing_at(BODY, YEAR)["locator"])
    for chart in CHARTS:
        drawing = draw(snapshot, chart, Filters(BODY, YEAR))
        assert {row.locator for row in drawing.rows if row.is_marked} == {row.locator for row in drawing.rows} & failing
        has_sign = SIGN in str(drawing.figure)
        assert has_sign == bool(failing & _drawn(drawing.figure)), chart


def _drawn(figure: dict[str, object] | None) -> set[str]:
    """The places that the marks of a figure stand for."""
    traces = figure["data"] if figure else []
    assert isinstance(traces, list)
    return {place for trace in traces for place in (trace.get("node", trace).get("customdata") or []) if place}


def test_an_officers_verdict_survives_a_run_and_lapses_when_a_figure_changes(data_dir: Path, cache: Path) -> None:
    package = Package(data_dir)
    finding = next(each for each in audit_one(package, BODY, YEAR) if each.verdict is Verdict.FAILS)
    give(package, BODY, YEAR, finding.id, Ruling.EXPLAINED, reason="口径不同", name="李明", given=DAY)
    assert _officer(finding.id).reason == "口径不同"
    assert not _officer(finding.id).has_lapsed
    assert not _officer(finding.id).has_lapsed
    [report], facts = package.reports(), package.facts(BODY, YEAR)
    changed = [
        dataclasses.replace(fact, as_printed=f"{fact.as_printed}0", value=(fact.value or 0) * 10)
        if fact.locator == finding.cells[0].locator else fact
        for fact in facts
    ]  # fmt: skip
    package.write(report, changed, package.mentions(BODY, YEAR))
    assert _officer(finding.id).has_lapsed


def _officer(finding: str) -> findings.Officer:
    engine = build.refresh(settings.load()).engine
    [found] = [each.officer for each in findings.of_report(engine, BODY, YEAR) if each.finding.id == finding]
    assert found
    return found


def test_a_verdict_needs_a_finding_and_an_explanation_a_reason(data_dir: Path) -> None:
    package = Package(data_dir)
    finding = audit_one(package, BODY, YEAR)[0].id
    with pytest.raises(UserError, match="has no finding"):
        give(package, BODY, YEAR, "0" * 16, Ruling.CONFIRMED, reason="", name="李明", given=DAY)
    with pytest.raises(UserError, match="needs a reason"):
        give(package, BODY, YEAR, finding, Ruling.EXPLAINED, reason=" ", name="李明", given=DAY)
    assert package.verdicts() == []


def test_a_second_verdict_on_a_finding_replaces_the_first(data_dir: Path) -> None:
    package = Package(data_dir)
    finding = audit_one(package, BODY, YEAR)[0]
    for ruling in (Ruling.CONFIRMED, Ruling.EXPLAINED):
        give(package, BODY, YEAR, finding.id, ruling, reason="一", name="李明", given=DAY)
    [verdict] = package.verdicts()
    assert verdict.ruling is Ruling.EXPLAINED
    assert verdict.figures == rows.figures(finding)
    assert "verdicts.csv" in (data_dir / "datapackage.json").read_text("utf-8")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "query", ["", "&scope=all", "&severity=error", "&rule=text.rate", "&table=text", "&severity=no"]
)
def test_the_findings_page_answers_every_filter(snapshot: Snapshot, language: Language, query: str) -> None:
    with TestClient(create_app(settings.load())) as client:
        address = f"http://testserver/findings?body={BODY}&year={YEAR}&lang={language}{query}"
        layout = client.get("/_dash-layout", headers={"Referer": address}).text
    failing = [
        each.finding
        for each in findings.of_report(snapshot.engine, BODY, YEAR)
        if each.finding.verdict is Verdict.FAILS
    ]
    shown = {each.rule for each in failing if f"finding-{each.id}" in layout}
    expected = {
        "": {each.rule for each in failing}, "&scope=all": {each.rule for each in failing},
        "&severity=error": {each.rule for each in failing if each.severity == "error"}, "&rule=text.rate": {"text.rate"},
        "&table=text": {each.rule for each in failing if not any(cell.indicator for cell in each.cells)}, "&severity=no": set(),
    }  # fmt: skip
    assert shown == expected[query]


def test_words_of_a_document_are_text_on_the_findings_page(data_dir: Path, cache: Path) -> None:
    package = Package(data_dir)
    [report] = package.reports()
    mentions = [
        dataclasses.replace(each, counts="<img src=x onerror=alert(1)>") for each in package.mentions(BODY, YEAR)
    ]
    package.write(report, package.facts(BODY, YEAR), mentions)
    build.refresh(settings.load())
    with TestClient(create_app(settings.load())) as client:
        layout = client.get("/_dash-layout", headers={"Referer": "http://testserver/findings"}).json()
    assert "<img" in str(layout)
    assert '"type":"Img"' not in str(layout)


def _layout(query: str = "") -> str:
    with TestClient(create_app(settings.load())) as client:
        address = f"http://testserver/findings?body={BODY}&year={YEAR}{query}"
        return client.get("/_dash-layout", headers={"Referer": address}).text.replace("\\u002f", "/")


def test_the_page_tells_the_smallest_correction_that_the_command_tells(data_dir: Path, cache: Path) -> None:
    package = Package(data_dir)
    [report] = package.reports()
    facts = [
        dataclasses.replace(fact, as_printed="760", value=Decimal(760))
        if (fact.indicator, fact.applicant) == ("requests.received", "") and "table:" in fact.locator else fact
        for fact in package.facts(BODY, YEAR)
    ]  # fmt: skip
    package.write(report, facts, package.mentions(BODY, YEAR))
    build.refresh(settings.load())
    told = CliRunner().invoke(app, ["check", "--body", BODY, "--year", str(YEAR), "--format", "json"]).stdout
    edits = [way for group in json.loads(told)["smallest_correction"] for way in group["corrections"]]
    shown = _layout()
    assert "改为 750 件" in shown
    for edit in (edit for way in edits for edit in way):
        assert edit["message"] in shown
        assert f"#at={edit['locator']}" in shown
    assert "最小更正" not in _layout("&rule=text.rate")


def test_every_rule_tried_can_be_downloaded(snapshot: Snapshot) -> None:
    with TestClient(create_app(settings.load())) as client:
        answer = client.get(f"/api/v1/findings.csv?body={BODY}&year={YEAR}")
    rows_of_file = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    held = findings.of_report(snapshot.engine, BODY, YEAR)
    assert [(row["id"], row["verdict"]) for row in rows_of_file] == [
        (each.finding.id, each.finding.verdict) for each in held
    ]


def test_the_verdict_command_writes_what_the_page_shows(data_dir: Path, cache: Path) -> None:
    finding = next(each.id for each in audit_one(Package(data_dir), BODY, YEAR) if each.verdict is Verdict.FAILS)
    options = ["--body", BODY, "--year", str(YEAR), "--name", "李明"]
    runs = [
        CliRunner().invoke(app, ["verdict", *arguments, *options]).exit_code
        for arguments in (
            [finding, "explained", "--reason", "口径不同"], [finding, "explained"], ["0" * 16, "confirmed"],
            [finding, "doubted"],
        )
    ]  # fmt: skip
    assert runs == [0, 2, 1, 2]
    nameless = CliRunner().invoke(app, ["verdict", finding, "confirmed", *options[:-1], " "])
    assert (nameless.exit_code, "--name" in nameless.stderr) == (2, True)
    build.refresh(settings.load())
    assert "李明" in _layout()
    assert "口径不同" in _layout()


def test_the_rows_name_their_columns() -> None:
    assert columns(rows.FindingRow)[:4] == ("id", "rule", "verdict", "severity")
