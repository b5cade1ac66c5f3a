"""Reports of every edition, style and format, written out and read back: the same figures, whatever the tables look like."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import documents, forms
from dashboard.schema import Body
from tests.documents import chance, printed, templates
from tests.documents.chance import YEARS
from tests.documents.description import Description, Dress, Style
from tests.documents.printed import Key, Meaning
from tests.documents.writers import WRITERS

BODY = Body("990100", "云岭市", "Yunling", "prefecture")
AS_RULED, PLAIN = Style(), Dress()
STYLES = {
    "as ruled": AS_RULED,
    "without numbers": Style(numbering="none"),
    "numbered by digits": Style(numbering="digits", brackets="narrow"),
    "circled numbers": Style(numbering="circled"),
    "mixed brackets": Style(brackets="mixed"),
    "spaced": Style(is_spaced=True),
    "lying": Style(is_lying=True),
    "in halves": Style(is_in_halves=True),
    "parts in a column": Style(is_grouped=True),
    "several small tables": Style(is_in_one_table=False),
    "disputes in blocks": Style(disputes="blocks"),
    "disputes in three tables": Style(disputes="tables"),
    "disputes as a list": Style(disputes="list"),
    "over three pages": Style(pages=3),
    "合计": Style(total="合计"),
    "规范性文件": Style(normative="规范性文件"),
    "行政规范性文件": Style(normative="行政规范性文件"),
    "amounts in 元": Style(money="元"),
}
DRESSES = {
    ".txt": {
        "GB18030": Dress(encoding="gb18030"),
        "spans repeated": Dress(are_spans_repeated=True),
        "running heads": Dress(has_running_heads=True),
    },
    ".md": {"labels in lines": Dress(label_width=8)},
    ".html": {
        "GB18030 that claims to be UTF-8": Dress(encoding="gb18030"),
        "portal": Dress(is_portal=True),
        "nested": Dress(is_nested=True),
        "framed portal": Dress(is_portal=True, is_framed=True, is_nested=True),
        "labels in lines": Dress(label_width=8),
    },
    ".docx": {
        "changes": Dress(has_changes=True),
        "text box": Dress(has_text_box=True),
        "framed": Dress(is_framed=True),
        "labels in lines": Dress(label_width=8),
    },
    ".pdf": {"running heads": Dress(has_running_heads=True), "no lines": Dress(is_unruled=True)},
    ".xlsx": {"sheets": Dress(has_sheets=True), "labels in lines": Dress(label_width=8)},
}


def distinct(edition: str, style: Style = AS_RULED, dress: Dress = PLAIN) -> Description:
    """A report in which hardly two figures are equal: one that lands in another's place shows."""
    draw = random.Random(1)  # the same figures each time
    figures = {key: str(draw.randrange(10**5)) for key in templates.keys(edition)}
    return Description(edition, YEARS[edition], BODY.name, figures, style=style, dress=dress)


def written_and_read(report: Description, suffix: str) -> dict[Key, Meaning]:
    reading = forms.read(documents.parse(WRITERS[suffix](report), suffix), [BODY])
    facts = [fact for fact in reading.facts if "table:" in fact.locator]
    found = {
        (fact.indicator, fact.applicant): Meaning(fact.value, fact.unit, fact.absence, fact.as_printed)
        for fact in facts
    }
    assert len(found) == len(facts)
    return unspaced(found) if suffix == ".pdf" else found


def expected(report: Description, suffix: str) -> dict[Key, Meaning]:
    meanings = printed.expected(report)
    return unspaced(meanings) if suffix == ".pdf" else meanings


def unspaced(meanings: dict[Key, Meaning]) -> dict[Key, Meaning]:
    """A PDF does not tell a space from a line's end within a cell."""
    return {key: replace(each, as_printed=each.as_printed.replace(" ", "")) for key, each in meanings.items()}


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("edition", YEARS)
def test_a_report_in_any_style_and_format_reads_back_exactly(edition: str, style: Style, suffix: str) -> None:
    report = distinct(edition, style)
    assert written_and_read(report, suffix) == expected(report, suffix)


@pytest.mark.parametrize(
    ("suffix", "dress"),
    [
        pytest.param(suffix, dress, id=f"{suffix}-{name}")
        for suffix, some in DRESSES.items()
        for name, dress in some.items()
    ],
)
@pytest.mark.parametrize("edition", YEARS)
def test_what_is_awkward_about_a_file_changes_no_figure(edition: str, suffix: str, dress: Dress) -> None:
    report = distinct(edition, dress=dress)
    assert written_and_read(report, suffix) == expected(report, suffix)


def test_a_block_without_a_readable_figure_does_not_turn_its_table_on_its_side() -> None:
    report = distinct("2019")
    words = {key: "若干" for key in report.figures if key[0].startswith("review.")}
    report = replace(report, figures={**report.figures, **words, ("review.corrected", ""): ""})
    assert written_and_read(report, ".html") == expected(report, ".html")


def drawn(seed: int, edition: str) -> Description:
    return chance.report(random.Random(seed), edition)


@settings(max_examples=120, deadline=None)
@given(
    st.integers(0, 10**9), st.sampled_from(list(YEARS)), st.sampled_from([each for each in WRITERS if each != ".pdf"])
)
def test_any_figures_blanks_and_spellings_read_back_exactly(seed: int, edition: str, suffix: str) -> None:
    report = drawn(seed, edition)
    assert written_and_read(report, suffix) == expected(report, suffix)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(list(YEARS)))
def test_any_figures_blanks_and_spellings_read_back_exactly_from_a_pdf(seed: int, edition: str) -> None:
    report = drawn(seed, edition)
    assert written_and_read(report, ".pdf") == expected(report, ".pdf")
