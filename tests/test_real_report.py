"""A real report in the 2014 edition, text taken out of a PDF: what is read is what is published under data/."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from dashboard import forms
from dashboard.documents import txt
from dashboard.forms import Reading
from dashboard.schema import Body, Fact, Mention, columns
from dashboard.tables import records

ROOT = Path(__file__).parents[1]
REPORT = ROOT.parent / "shared" / "reports" / "ningxia-2018.txt"
BODY = Body("640000", "宁夏回族自治区", "Ningxia", "province")

pytestmark = pytest.mark.skipif(not REPORT.exists(), reason=f"the document is not beside the repository: {REPORT}")


def read() -> Reading:
    return forms.read(txt.read(REPORT.read_bytes()), [BODY])


@cache
def reading() -> Reading:
    return read()


def value(code: str, segment: str = "all", measure: str = "value", *, place: str = "line:") -> str:
    """The one figure of this code that stands in the table (place `table:`) or in the prose (`chars:`)."""
    [found] = [
        fact
        for fact in reading().facts
        if (fact.indicator, fact.segment, fact.measure) == (code, segment, measure) and place in fact.locator
    ]
    return f"{found.value:f}"


def test_it_is_recognised_without_help() -> None:
    told = reading().recognition
    assert (told.body, told.year, told.form.edition) == ("640000", 2018, "2014")
    assert (told.period_start, told.period_end) == ("2018-01-01", "2018-12-31")
    assert (told.publisher, told.localities, told.departments) == ("宁夏回族自治区人民政府办公厅", 5, 47)


def test_every_cell_figure_and_quantity_is_found() -> None:
    table = [fact for fact in reading().facts if "table:" in fact.locator]
    assert (len(table), len(reading().facts) - len(table), len(reading().mentions)) == (58, 57, 214)
    assert reading().unmapped == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("disclosure.total", "706668"), ("disclosure.channel.other", "234683"), ("response.events", "52958"),
        ("response.press_conferences.principal", "88"), ("requests.received", "750"),
        ("requests.outcome.already_public", "179"), ("requests.outcome.refused.not_government_information", "11"),
        ("requests.outcome.other_procedure", "31"), ("review.other", "8"), ("litigation.upheld", "9"),
        ("fees.collected", "0"), ("capacity.budget", "2602.76"), ("training.participants", "19871"),
    ],
)  # fmt: skip
def test_cells_of_the_table_are_right(code: str, expected: str) -> None:
    assert value(code, place="table:") == expected


@pytest.mark.parametrize(
    ("code", "segment", "measure", "expected"),
    [
        ("disclosure.total", "all", "value", "706700"), ("disclosure.total", "all", "yoy_rate", "0.0782"),
        ("disclosure.total", "departments", "value", "128300"), ("disclosure.normative", "localities", "value", "312"),
        ("disclosure.channel.gazette", "own", "value", "295"), ("disclosure.channel.weibo", "own", "value", "4269"),
        ("disclosure.channel.wechat", "all", "yoy_rate", "0.168"),
        ("disclosure.channel.other", "localities", "value", "209900"),
        ("requests.received", "localities", "value", "380"), ("requests.closed.on_time", "all", "share", "0.987"),
        ("litigation.corrected", "all", "value", "1"), ("complaints.total", "all", "value", "1"),
        ("response.press_conferences.principal", "own", "value", "1"),
        ("capacity.budget", "departments", "share", "0.169"), ("capacity.budget", "localities", "value", "2163.26"),
    ],
)  # fmt: skip
def test_figures_of_the_prose_are_right(code: str, segment: str, measure: str, expected: str) -> None:
    assert value(code, segment, measure, place="chars:") == expected


@pytest.mark.parametrize(
    ("printed", "number", "unit", "bound", "section"),
    [
        ("4分", "4", "分", "", "一（一）4"), ("不低于 30%", "0.3", "fraction", "不低于", "一（二）1"),
        ("170余万字", "1700000", "字", "余", "一（二）3"), ("近 300 万条", "3000000", "条", "近", "一（四）2"),
        ("34 万余条", "340000", "条", "余", "一（四）3"), ("15项", "15", "项", "", "一（四）5"),
        ("10个工作日", "10", "工作日", "", "一（四）5"), ("3.2万余户", "32000", "户", "余", "二（三）1"),
        ("24.94 万个", "249400", "个", "", "二（五）3"),
    ],
)  # fmt: skip
def test_quantities_of_the_prose_keep_bound_unit_and_section(
    printed: str, number: str, unit: str, bound: str, section: str
) -> None:
    found = [each for each in reading().mentions if each.as_printed == printed]
    assert (Decimal(number), unit, bound, section) in [(m.value, m.unit, m.bound, m.section) for m in found]


def test_every_place_holds_what_is_printed() -> None:
    lines = REPORT.read_text("utf-8").splitlines()
    for each in reading().mentions:
        line, chars = each.locator.removeprefix("line:").split("/chars:")
        start, end = (int(part) for part in chars.split("-"))
        assert lines[int(line) - 1][start:end] == each.as_printed


def test_a_second_run_gives_the_same_bytes() -> None:
    again = read()
    assert records.to_csv(again.facts, columns(Fact)) == records.to_csv(reading().facts, columns(Fact))
    assert records.to_csv(again.mentions, columns(Mention)) == records.to_csv(reading().mentions, columns(Mention))


def test_what_is_published_is_what_is_read() -> None:
    data = ROOT / "data"
    assert (data / "facts/640000-2018.csv").read_text("utf-8") == records.to_csv(reading().facts, columns(Fact))
    published = (data / "mentions/640000-2018.csv").read_text("utf-8")
    assert published == records.to_csv(reading().mentions, columns(Mention))
