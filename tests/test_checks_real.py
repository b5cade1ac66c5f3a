"""A real report under audit: which of its figures contradict each other, each followed up by hand, and no false alarm."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from dashboard.audit import audited
from dashboard.checks import Finding, Verdict
from dashboard.cli import app
from dashboard.tables.package import Package
from tests.conftest import ROOT

# Rule, place of its first cell: why the report is wrong there and not the rule.
CONTRADICTIONS = {
    # 52,958 events against 12,379 answers to them (154 + 126 + 2,268 + 3,162 + 6,669): the form counts an event once,
    # however often it was answered, so there cannot be four times as many events as answers.
    ("arithmetic.counted_once", "line:223/table:1/row:13/col:3"): "error",
    # 82.27 万 closed of 86.83 万 valid is 94.75 %, of 94.05 万 received 87.47 %; the report says 95.9 %.
    ("text.rate", "line:85/chars:393-398"): "error",
    # The localities' 57.83 万 counts an item once, yet their channels add up to 53.78 万 (21.76 万 + 37,581 + 7.27 万
    # + 20.99 万), and even with every gazette of the region (2,220) to 54.00 万.
    ("text.sum", "line:155/chars:106-114"): "warning",
}


def findings() -> tuple[Finding, ...]:
    return audited.held(Package(ROOT / "data"), "640000", 2018).findings


def test_what_fails_is_what_the_report_has_wrong() -> None:
    failing = {
        (each.rule, each.cells[0].locator): each.severity for each in findings() if each.verdict is Verdict.FAILS
    }
    assert failing == CONTRADICTIONS


def test_what_one_office_says_of_itself_is_told_as_scope() -> None:
    scope = [each for each in findings() if each.rule == "text.scope"]
    assert {(each.cells[0].as_printed, each.cells[1].as_printed) for each in scope} >= {
        ("295 条", "2220"),
        ("29件", "670"),
    }
    assert {each.verdict for each in scope} == {Verdict.HOLDS}


@pytest.mark.parametrize(
    ("rule", "place", "verdict"),
    [
        ("text.table", "line:155/chars:24-32", Verdict.HOLDS_WITHIN_ROUNDING),  # 70.67 万 for 706,668
        ("text.segments", "line:155/chars:68-76", Verdict.HOLDS_WITHIN_ROUNDING),  # 12.83 万 + 57.83 万 for 70.67 万
        ("text.segments", "line:161/chars:66-72", Verdict.HOLDS),  # 4,269 + 5,474 + 37,581 = 47,324
        ("text.share", "line:169/chars:41-46", Verdict.HOLDS_WITHIN_ROUNDING),  # 740 of 750 is 98.67 %
        ("text.part_share", "line:69/chars:315-321", Verdict.HOLDS_WITHIN_ROUNDING),  # 387 of 567 is 68.254 %
        ("text.parts", "line:115/chars:156-162", Verdict.HOLDS),  # 24,053 + 15,437 = 39,490
        ("text.parts", "line:85/chars:366-374", Verdict.NOT_ASSESSABLE),  # closed ones are among the valid ones
        ("text.zero", "line:173/chars:7-13", Verdict.HOLDS),  # all free of charge: fees of 0
        ("series.growth", "line:155/chars:39-44", Verdict.NOT_ASSESSABLE),  # the report on 2017 is not there
    ],
)
def test_what_only_looks_wrong_is_understood(rule: str, place: str, verdict: Verdict) -> None:
    [found] = [each for each in findings() if each.rule == rule and each.cells and each.cells[0].locator == place]
    assert found.verdict is verdict


def test_the_published_audit_is_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_LANGUAGE", "en")
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(ROOT / "data"))
    arguments = ["check", "--body", "640000", "--year", "2018", "--format", "markdown"]
    printed = CliRunner().invoke(app, arguments).stdout
    assert (ROOT / "docs" / "audit-ningxia-2018.md").read_text("utf-8") == printed
