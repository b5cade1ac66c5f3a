"""The tables: what a row is made of, in which type and unit. Everything below reads and writes these records.

A record's fields are its columns, in order; a field's metadata says what stands in it. `data/datapackage.json`
and the Parquet files of a snapshot are made from the same fields, so that there is one place to change.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Absence(StrEnum):
    """Why a figure has no value. None of them is ever turned into zero or into another."""

    BLANK = "blank"
    NOT_APPLICABLE = "not_applicable"
    NOT_ON_FORM = "not_on_form"
    UNREADABLE = "unreadable"


class Segment(StrEnum):
    """Who a figure speaks of in a compiled report."""

    ALL = "all"
    DEPARTMENTS = "departments"
    LOCALITIES = "localities"
    OWN = "own"


class Ruling(StrEnum):
    """What an officer says of a finding: it is so, or there is a reason for it."""

    CONFIRMED = "confirmed"
    EXPLAINED = "explained"


class Measure(StrEnum):
    """What is measured: the quantity itself, its growth on the year before, or its part of a whole (fractions)."""

    VALUE = "value"
    YOY_RATE = "yoy_rate"
    SHARE = "share"


FRACTION = "fraction"
# The format of a report that no document stands behind: it belongs to a made-up country.
SYNTHETIC = "synthetic"
DIGITS, DECIMALS = 28, 8  # of a value in a snapshot


def is_held(value: Decimal) -> bool:
    """True where a snapshot has room for the value; what is larger was never a figure."""
    return value.adjusted() < DIGITS - DECIMALS


class Holds(StrEnum):
    """What a column of text holds that spreadsheet programs like to rewrite."""

    TEXT = "text"
    DATE = "date"
    CODE = "code"


def column(about: str, default: Any = "", holds: Holds = Holds.TEXT, **constraints: Any) -> Any:
    """A field with its sentence for the data package; `constraints` as Frictionless names them."""
    return field(default=default, metadata={"about": about, "holds": holds, "constraints": constraints})


@dataclass(frozen=True, slots=True)
class Body:
    """Who reports."""

    body: str = column("Division code (GB/T 2260)", holds=Holds.CODE, required=True, unique=True)
    name: str = column("Name in Chinese", required=True)
    name_en: str = column("Name in English")
    level: str = column("province, prefecture, county or department", required=True)
    parent: str = column("Code of the body above it; empty at the top", holds=Holds.CODE)
    aliases: str = column("Other names in documents, separated by |")


@dataclass(frozen=True, slots=True)
class BodyName:
    """One way to find a body; made with a snapshot, never written by hand."""

    body: str = column("Division code (GB/T 2260)", holds=Holds.CODE, required=True)
    kind: str = column("name, alias, code, pinyin or initials", required=True)
    key: str = column("What is looked for: small letters, no spaces and marks", required=True)
    place: int = column("The smaller, the sooner it is shown: large bodies and short names first", default=0)
    reports: int = column("How many reports there are of the body", default=0)


@dataclass(frozen=True, slots=True)
class Report:
    """One annual report. `year` is the year it reports on."""

    body: str = column("Code of the reporting body", holds=Holds.CODE, required=True)
    year: int = column("The year reported on", default=0, required=True, minimum=2008)
    edition: str = column("Edition of the statutory form: 2014, 2019, 2021")
    title: str = column("Title as printed", required=True)
    publisher: str = column("The office that compiled it, as printed")
    published: str = column("Date of publication, ISO 8601, where the document or its page tells it", holds=Holds.DATE)
    period_start: str = column("First day of the stated period, ISO 8601", holds=Holds.DATE)
    period_end: str = column("Last day of the stated period, ISO 8601", holds=Holds.DATE)
    localities: int | None = column("How many localities the report says it compiles", default=None)
    departments: int | None = column("How many departments the report says it compiles", default=None)
    url: str = column("Where the document was published")
    format: str = column("Format of the document", required=True)
    sha256: str = column("SHA-256 of the document", required=True, pattern="[0-9a-f]{64}")
    tool_version: str = column("Version of Gongkai that read it", required=True)


class Because(StrEnum):
    """Why a document that was read is not the one held for its body and year."""

    NEWER = "newer"
    SAME_FIGURES = "same_figures"


@dataclass(frozen=True, slots=True)
class Superseded:
    """A document that was read, and that another one of the same body and year stands for."""

    body: str = column("Code of the reporting body", holds=Holds.CODE, required=True)
    year: int = column("The year reported on", default=0, required=True, minimum=2008)
    sha256: str = column("SHA-256 of this document", required=True, pattern="[0-9a-f]{64}")
    because: Because = column(
        "newer: the other is newer; same_figures: the other was there first and holds the same figures",
        default=Because.NEWER,
        required=True,
    )
    by: str = column("SHA-256 of the document that stood for it then", required=True, pattern="[0-9a-f]{64}")
    title: str = column("Title as printed", required=True)
    published: str = column("Date of publication, ISO 8601, where the document or its page tells it", holds=Holds.DATE)
    url: str = column("Where the document was published")
    format: str = column("Format of the document", required=True)
    tool_version: str = column("Version of Gongkai that read it", required=True)


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of one indicator. Exactly one of `value` and `absence` is set."""

    indicator: str = column("Indicator code; see the indicator dictionary", required=True)
    segment: Segment = column("all, departments, localities or own", default=Segment.ALL, required=True)
    applicant: str = column("Kind of applicant (editions 2019 and 2021, requests only); else empty")
    measure: Measure = column("value, yoy_rate or share", default=Measure.VALUE, required=True)
    value: Decimal | None = column("Exact value in `unit`; fractions for rates and shares", default=None)
    unit: str = column("Unit of `value`", required=True)
    absence: Absence | None = column("Why there is no value", default=None)
    as_printed: str = column("The figure as it stands in the document")
    locator: str = column("Where it stands in the document", required=True)


@dataclass(frozen=True, slots=True)
class Mention:
    """One quantity of the narrative."""

    value: Decimal = column("Exact value in `unit`", default=Decimal(0), required=True)
    unit: str = column("Measure word as printed; `fraction` for percentages", required=True)
    bound: str = column("The word that makes it a bound or an estimate, as printed; else empty")
    counts: str = column("What it counts, in a few words", required=True)
    section: str = column("Chapter and sections, such as 二（三）2", required=True)
    locator: str = column("Where it stands in the document", required=True)
    indicator: str = column("Indicator, where the quantity is a fact as well, an estimate of one, or a claim in words")
    area: str = column("The area the section is about, where its heading names one")
    measure: Measure = column("value, yoy_rate or share", default=Measure.VALUE, required=True)
    as_printed: str = column("The quantity as it stands in the document", required=True)
    subject: str = column("For a rate, share or part: locator of the quantity it speaks of, where it is stated")


@dataclass(frozen=True, slots=True)
class OfficerVerdict:
    """What an officer said of a finding. It holds for the figures it was given on and lapses when they change."""

    finding: str = column("Id of the finding", required=True, unique=True)
    body: str = column("Code of the reporting body", holds=Holds.CODE, required=True)
    year: int = column("The year reported on", default=0, required=True)
    ruling: Ruling = column("confirmed or explained", default=Ruling.CONFIRMED, required=True)
    reason: str = column("Why, in the officer's words")
    name: str = column("Who says so", required=True)
    given: str = column("Date, ISO 8601", holds=Holds.DATE, required=True)
    figures: str = column("The finding's figures as printed when it was given, separated by |", required=True)


@dataclass(frozen=True, slots=True)
class Correction:
    """Another value for one figure of a report, beside what is printed there. Rows are ended, never taken away.

    It holds for the figure as it was read when it was given, and lapses where the report is read anew with another.
    Exactly one of `value` and `absence` is set.
    """

    correction: str = column("Id: body, year, and a number", required=True, unique=True)
    body: str = column("Code of the reporting body", holds=Holds.CODE, required=True)
    year: int = column("The year reported on", default=0, required=True, minimum=2008)
    indicator: str = column("Indicator code; see the indicator dictionary", required=True)
    segment: Segment = column("all, departments, localities or own", default=Segment.ALL, required=True)
    applicant: str = column("Kind of applicant (editions 2019 and 2021, requests only); else empty")
    measure: Measure = column("value, yoy_rate or share", default=Measure.VALUE, required=True)
    locator: str = column("Where the figure stands in the document", required=True)
    as_printed: str = column("The figure as it stands in the document")
    printed_value: Decimal | None = column("The value as it was read, in `unit`", default=None)
    printed_absence: Absence | None = column("Why there was none", default=None)
    value: Decimal | None = column("The value in its place, in `unit`", default=None)
    absence: Absence | None = column("Why there is none", default=None)
    unit: str = column("Unit of both values", required=True)
    reason: str = column("Why the figure is not right as printed or read", required=True)
    evidence: str = column("What shows it: words, an address, or the hash of a document with a place", required=True)
    name: str = column("Who says so", required=True)
    given: str = column("Date, ISO 8601", holds=Holds.DATE, required=True)
    ended: str = column("Date of its end, ISO 8601; empty while it is in force", holds=Holds.DATE)
    ended_by: str = column("Who ended it")
    ended_reason: str = column("Why it was ended")


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One rule tried on one report, as a snapshot holds it. Its cells are the rows of the table `evidence`."""

    id: str = column("The same as long as body, year, rule and cells are", required=True)
    rule: str = column("Id of the rule", required=True)
    verdict: str = column("holds, holds_within_rounding, fails or not_assessable", required=True)
    severity: str = column("error, warning or note", required=True)
    left_low: Decimal | None = column("Least that the left side can be, in `unit`; empty where open", default=None)
    left_high: Decimal | None = column("Most that the left side can be", default=None)
    relation: str = column("equal or at_most")
    right_low: Decimal | None = column("Least that the right side can be", default=None)
    right_high: Decimal | None = column("Most that the right side can be", default=None)
    unit: str = column("Unit of both sides")
    why: str = column("Why it could not be assessed")
    inferred: Decimal | None = column(
        "What an empty cell must hold for the rule to hold; no value of the report", default=None
    )
    message: str = column("Id of the sentence, where it is not the rule's own")
    told: str = column("What the sentence names, as JSON")
    figures: str = column("Its figures as printed, separated by |")


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One cell that a finding rests on."""

    finding: str = column("Id of the finding", required=True)
    side: str = column("left or right", required=True)
    operator: str = column("How it joins its side: + or -")
    indicator: str = column("Indicator code; empty for other quantities of the narrative")
    applicant: str = column("Kind of applicant; else empty")
    segment: str = column("all, departments, localities or own")
    measure: str = column("value, yoy_rate or share")
    counts: str = column("What a quantity of the narrative counts")
    as_printed: str = column("The figure as it stands in the document")
    locator: str = column("Where it stands in the document")
    source_body: str = column("Body of the report it stands in, where that is another")
    source_year: int = column("Year of the report it stands in, where that is another; else 0", default=0)


_COLUMNS: dict[type, tuple[str, ...]] = {}


def columns(record: type) -> tuple[str, ...]:
    """The column names of a table, in order; found out once, for every row is written by them."""
    if record not in _COLUMNS:
        _COLUMNS[record] = tuple(part.name for part in fields(record))
    return _COLUMNS[record]
