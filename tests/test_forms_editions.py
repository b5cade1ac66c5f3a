"""Reports of every edition and style, written out and read back: the same figures, whatever the shape of the tables."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from dashboard import forms
from dashboard.documents import html, txt
from dashboard.schema import Absence, Body
from tests.documents import build, templates
from tests.documents.build import Description, Style

BODY = Body("990100", "云岭市", "Yunling", "prefecture")
YEARS = {"2014": 2016, "2019": 2020, "2021": 2022}
STYLES = {
    "as ruled": Style(),
    "without numbers": Style(numbering="none"),
    "numbered by digits": Style(numbering="digits", brackets="narrow"),
    "mixed brackets": Style(brackets="mixed"),
    "spaced": Style(is_spaced=True),
    "lying": Style(is_lying=True),
    "in halves": Style(is_in_halves=True),
    "several small tables": Style(is_in_one_table=False),
    "disputes in blocks": Style(disputes="blocks"),
    "disputes in three tables": Style(disputes="tables"),
    "disputes as a list": Style(disputes="list"),
    "over three pages": Style(pages=3),
    "合计": Style(total="合计"),
}


def described(edition: str, style: Style, seed: int = 1, choices: tuple[str, ...] = ()) -> Description:
    chance = random.Random(seed)
    figures = {
        key: chance.choice(choices) if choices and chance.random() < 0.3 else str(chance.randrange(10**5))
        for key in templates.keys(edition)
    }
    return Description(edition, YEARS[edition], BODY.name, figures, style=style)


def expected(report: Description) -> dict[tuple[str, str], tuple[Decimal | None, Absence | None]]:
    marks = {
        "": Absence.BLANK,
        "/": Absence.NOT_APPLICABLE,
        "—": Absence.NOT_APPLICABLE,
        "不适用": Absence.NOT_APPLICABLE,
    }
    return {
        key: (None, marks[printed]) if printed in marks else (Decimal(printed), None)
        for key, printed in report.figures.items()
    }


def read(document: txt.Document) -> dict[tuple[str, str], tuple[Decimal | None, Absence | None]]:
    facts = [fact for fact in forms.read(document, [BODY]).facts if "table:" in fact.locator]
    found = {(fact.indicator, fact.applicant): (fact.value, fact.absence) for fact in facts}
    assert len(found) == len(facts)
    return found


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("edition", YEARS)
def test_a_web_page_in_any_style_reads_back_exactly(edition: str, style: Style) -> None:
    report = described(edition, style)
    assert read(html.read(build.to_html(report).encode())) == expected(report)


@pytest.mark.parametrize("fill", ["", "="], ids=["spans lost", "spans repeated"])
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("edition", YEARS)
def test_a_text_in_any_style_reads_back_exactly(edition: str, style: Style, fill: str) -> None:
    report = described(edition, style)
    assert read(txt.read(build.to_txt(report, fill=fill).encode())) == expected(report)
