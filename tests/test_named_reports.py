"""The named reports: the same content in every format gives the same facts, those that its CSV tells."""

from __future__ import annotations

import pytest

from dashboard import documents, forms
from dashboard.documents.document import Locator
from dashboard.forms import Reading
from tests.documents import named
from tests.documents.named import Named
from tests.documents.printed import Meaning
from tests.documents.writers import WRITERS

REPORTS = named.reports()


def reading(each: Named, suffix: str) -> Reading:
    return forms.read(documents.parse(each.file(suffix).read_bytes(), suffix), [each.body])


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("each", REPORTS, ids=str)
def test_a_report_gives_the_same_facts_in_every_format(each: Named, suffix: str) -> None:
    read = reading(each, suffix)
    facts = [fact for fact in read.facts if Locator.parse(fact.locator).table]
    found = {(f.indicator, f.applicant): Meaning(f.value, f.unit, f.absence, f.as_printed) for f in facts}
    assert (found, len(facts)) == (each.expected(), len(found))
    assert (read.unmapped, read.ambiguous) == ([], [])


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("each", REPORTS, ids=str)
def test_a_report_tells_who_when_and_which_form_in_every_format(each: Named, suffix: str) -> None:
    told = reading(each, suffix).recognition
    report = each.report
    assert (told.body, told.year, told.form.edition) == ("990100", report.year, report.edition)
    assert (told.title, told.period_end, told.contradictions) == (report.title, f"{report.year}-12-31", ())


@pytest.mark.parametrize("each", REPORTS, ids=str)
def test_the_prose_is_the_same_in_every_format(each: Named) -> None:
    told = {
        suffix: sorted((mention.value, mention.unit, mention.counts) for mention in reading(each, suffix).mentions)
        for suffix in WRITERS
    }
    assert told[".txt"]
    assert [suffix for suffix in WRITERS if told[suffix] != told[".txt"]] == []


@pytest.mark.parametrize("each", REPORTS, ids=str)
def test_the_kept_files_are_those_that_the_description_gives(each: Named) -> None:
    assert each.file(".csv").read_text("utf-8") == named.as_csv(each.report)
    for suffix in (".txt", ".md", ".html"):
        assert each.file(suffix).read_bytes() == WRITERS[suffix](each.report)


def test_each_edition_has_four_reports_and_each_report_every_format() -> None:
    editions = [each.edition for each in REPORTS]
    assert min(editions.count(edition) for edition in ("2014", "2019", "2021")) >= 4
    assert [each for each in REPORTS for suffix in WRITERS if not each.file(suffix).is_file()] == []
