"""Invented narratives of every edition: the program reads exactly what a person found in them, and says where."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from dashboard.documents import txt
from dashboard.forms import narrative
from dashboard.schema import Fact, Mention
from tests.documents.narrative import Report, reports
from tests.documents.narrative.__main__ import table

EDITIONS = ("2014", "2019", "2021")
every_report = pytest.mark.parametrize("report", reports(), ids=lambda report: report.name)


@every_report
@pytest.mark.parametrize("kind", ["facts", "mentions"])
def test_what_is_read_is_what_a_person_found(report: Report, kind: str) -> None:
    assert report.found(kind) == report.expected(kind)


@every_report
def test_every_place_holds_what_is_printed(report: Report) -> None:
    blocks = {str(block.locator): block.text for block in report.document().blocks}
    reading = report.read()
    for each in (*reading.mentions, *reading.facts):
        assert _at(each, blocks) == each.as_printed


@every_report
def test_every_rate_points_to_a_quantity_or_to_none(report: Report) -> None:
    mentions = report.read().mentions
    places = {mention.locator for mention in mentions}
    assert {mention.subject for mention in mentions if mention.subject} <= places


def test_each_edition_has_several_documents_rich_in_quantities() -> None:
    per_edition = Counter(report.edition for report in reports())
    assert set(per_edition) == set(EDITIONS) and min(per_edition.values()) >= 4
    assert min(len(report.expected("mentions")) for report in reports()) >= 15


def test_a_document_without_an_end_is_read_without_losing_the_rest() -> None:
    endless = "其中1件，" * 4000
    found = narrative.read(txt.read(f"一、总体情况\n{endless}公开栏 2 个。\n".encode())).mentions
    assert (len(found), found[-1].as_printed) == (4001, "2 个")


def test_the_stated_accuracy_is_the_measured_one() -> None:
    stated = Path(__file__).parents[1] / "docs" / "accuracy-narrative.md"
    assert table() in stated.read_text("utf-8")


def _at(each: Fact | Mention, blocks: dict[str, str]) -> str:
    line, _, chars = each.locator.partition("/chars:")
    start, end = (int(part) for part in chars.split("-"))
    return blocks[line][start:end]
