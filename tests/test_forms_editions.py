"""Reports of every edition and style, written out and read back: the same figures, whatever the shape of the tables."""

from __future__ import annotations

import random
import re
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import documents, forms
from dashboard.documents.document import Document
from dashboard.schema import Absence, Body
from tests.documents import formats, templates
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


MARKS = ["/", "-", "—", "——", "无", "不适用"]


def described(edition: str, style: Style) -> Description:
    chance = random.Random(1)  # the same figures each time
    figures = {key: str(chance.randrange(10**5)) for key in templates.keys(edition)}
    return Description(edition, YEARS[edition], BODY.name, figures, style=style)


def expected(report: Description) -> dict[tuple[str, str], tuple[Decimal | None, Absence | None]]:
    return {key: meant(printed) for key, printed in report.figures.items()}


def meant(printed: str) -> tuple[Decimal | None, Absence | None]:
    """What a printed figure says, told without the program's help."""
    if not printed.strip():
        return None, Absence.BLANK
    if printed in MARKS:
        return None, Absence.NOT_APPLICABLE
    plain = unicodedata.normalize("NFKC", printed).replace(",", "").replace(" ", "")
    return (Decimal(plain), None) if re.fullmatch(r"\d+(\.\d+)?", plain) else (None, Absence.UNREADABLE)


def read(document: Document) -> dict[tuple[str, str], tuple[Decimal | None, Absence | None]]:
    facts = [fact for fact in forms.read(document, [BODY]).facts if "table:" in fact.locator]
    found = {(fact.indicator, fact.applicant): (fact.value, fact.absence) for fact in facts}
    assert len(found) == len(facts)
    return found


@pytest.mark.parametrize("suffix", formats.WRITERS)
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("edition", YEARS)
def test_a_report_in_any_style_and_format_reads_back_exactly(edition: str, style: Style, suffix: str) -> None:
    if (edition, style.is_lying, suffix) == ("2014", True, ".pdf"):
        pytest.skip("66 columns do not fit a page")
    report = described(edition, style)
    assert read(documents.parse(formats.WRITERS[suffix](report), suffix)) == expected(report)


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("edition", YEARS)
def test_a_text_that_repeats_what_spans_cover_reads_back_exactly(edition: str, style: Style) -> None:
    report = described(edition, style)
    assert read(documents.parse(formats.to_gb18030(report), ".txt")) == expected(report)


spelled = st.one_of(
    st.integers(0, 10**7).map(str),
    st.integers(0, 10**7).map("{:,}".format),
    st.integers(0, 10**5).map(
        lambda number: str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    ),
    st.integers(1000, 10**6).map(lambda number: f"{number:,}".replace(",", " ")),
    st.sampled_from(["", "", "0", *MARKS, "若干", "见附表"]),
)
styles = st.builds(
    Style,
    numbering=st.sampled_from(["printed", "none", "digits"]),
    brackets=st.sampled_from(["wide", "narrow", "mixed"]),
    is_spaced=st.booleans(),
    is_lying=st.booleans(),
    is_in_halves=st.booleans(),
    is_in_one_table=st.booleans(),
    disputes=st.sampled_from(["row", "blocks", "tables", "list"]),
    pages=st.integers(1, 4),
    total=st.sampled_from(["总计", "合计"]),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data(), st.sampled_from(sorted(YEARS)), styles, st.sampled_from([".txt", ".md", ".html", ".docx", ".xlsx"]))
def test_any_figures_blanks_and_spellings_read_back_exactly(
    data: st.DataObject, edition: str, style: Style, suffix: str
) -> None:
    keys = templates.keys(edition)
    few = data.draw(st.lists(spelled, min_size=12, max_size=12))
    turn = data.draw(st.permutations(range(12)))
    figures = {key: few[turn[(number * 7 + number // 12) % 12]] for number, key in enumerate(keys)}
    if suffix == ".xlsx":  # in a sheet an empty last cell or row leaves no trace of having been a cell
        figures |= {key: "/" for key in keys if not figures[key] and not key[0].startswith("requests")}
    report = Description(edition, YEARS[edition], BODY.name, figures, style=style)
    assert read(documents.parse(formats.WRITERS[suffix](report), suffix)) == expected(report)
