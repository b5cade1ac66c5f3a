"""What of a form a document lacks, told as shortly as a person can look for it: whole tables, rows, columns, cells."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard import definitions
from dashboard.definitions import Form, FormTable, Heading, trails

Key = tuple[str, str]


def tell(form: Form, found: set[Key]) -> list[str]:
    """The missing figures by their labels on the form; a table, row or column as one where all of it is missing."""
    return [text for table in form.tables for text in _of_table(table, found)]


def count(form: Form, found: set[Key]) -> list[str]:
    """For each table of the form how many of its figures were found: 《收到和处理政府信息公开申请情况》154/161."""
    keys = [(table.caption, [(cell.indicator, cell.applicant) for _, _, cell in table.cells]) for table in form.tables]
    return [f"《{caption}》{sum(key in found for key in of_table)}/{len(of_table)}" for caption, of_table in keys]


def name(indicator: str, applicant: str = "") -> str:
    """A figure by its Chinese name, as in 予以公开（科研机构）."""
    label = definitions.indicators()[indicator].name_zh
    return f"{label}（{_applicants()[applicant]}）" if applicant else label


def _of_table(table: FormTable, found: set[Key]) -> Iterator[str]:
    keys = [(cell.indicator, cell.applicant) for _, _, cell in table.cells]
    lacking = [key for key in keys if key not in found]
    if len(lacking) == len(keys):
        yield f"《{table.caption}》"
        return
    for code in dict.fromkeys(indicator for indicator, _ in lacking):
        absent = [applicant for indicator, applicant in lacking if indicator == code]
        is_row = len(absent) == sum(indicator == code for indicator, _ in keys)
        yield from [name(code)] if is_row else [name(code, applicant) for applicant in absent]


def _applicants() -> dict[str, str]:
    """Code of a kind of applicant -> its label on the forms."""
    return {
        heading.applicant: heading.label
        for form in definitions.forms().values()
        for table in form.tables
        for heading in _all(table.columns)
        if heading.applicant
    }


def _all(headings: tuple[Heading, ...]) -> Iterator[Heading]:
    return (trail[-1] for trail in trails(headings) if trail)
