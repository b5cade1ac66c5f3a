"""How prose names what the form's tables name: the wordings of `narrative.toml`, compiled.

A word LAST_YEAR in a pattern stands for the year before the one reported on.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.schema import Measure

_FILE = Path(__file__).parent / "narrative.toml"
_NEVER = "(?!)"

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Term:
    """A wording of the narrative and the indicator it names; `{topic}` in the code is filled from the sentence.

    `within` are headings it counts under, `unless` words of its clause that make it something else. With `after` it is
    a short name that counts only as a part of that figure and where nothing else stands in its clause.
    """

    pattern: Pattern
    indicator: str
    within: Pattern
    measure: Measure
    accepts: frozenset[str]
    unless: Pattern
    after: str
    applicant: str


@dataclass(frozen=True, slots=True)
class Growth:
    """Words before a rate or a difference. The short ones count only behind a stated difference or last year's figure."""

    rise: Pattern
    fall: Pattern
    short_rise: Pattern
    short_fall: Pattern
    multiple: Pattern
    share: Pattern
    change: Pattern
    short_multiple: Pattern
    double: Pattern
    base: Pattern
    estimate: Pattern


@dataclass(frozen=True, slots=True)
class Zero:
    """Words that say there was nothing, and what there was none of."""

    claim: Pattern
    stated: Pattern
    cause: Pattern
    filler: Pattern
    tail: Pattern
    objects: tuple[tuple[Pattern, str], ...]


@dataclass(frozen=True, slots=True)
class NarrativeRules:
    terms: tuple[Term, ...]
    any_term: Pattern
    segments: dict[str, Pattern]
    single_office: Pattern
    single_site: Pattern
    topics: dict[str, Pattern]
    carry: Pattern
    filler: Pattern
    joint: Pattern
    gap: Pattern
    narrowed: Pattern
    own_rate: Pattern
    goes_on: Pattern
    parts_by: Pattern
    growth: Growth
    zero: Zero
    time_other: Pattern
    part_of_year: Pattern
    this_year: Pattern
    no_facts_in: Pattern
    no_mentions_in: Pattern


@cache
def narrative_rules(year: int | None = None) -> NarrativeRules:
    """The rules for a report on `year`."""
    last_year = f"(?:{year - 1}|{_in_words(year - 1)})" if year else _NEVER
    data = tomllib.loads(_FILE.read_text("utf-8").replace("LAST_YEAR", last_year))
    clause, zero = data["clause"], data["zero"]
    return NarrativeRules(
        terms=tuple(_term(term) for term in data["term"]),
        any_term=re.compile("|".join(f"(?:{term['pattern']})" for term in data["term"])),
        segments={name: re.compile(pattern) for name, pattern in data["segments"].items()},
        single_site=re.compile(data["actors"]["single_site"]),
        single_office=re.compile(data["actors"]["single_office"]),
        topics={topic: re.compile(pattern) for topic, pattern in data["topics"].items()},
        carry=re.compile(clause["carry"]),
        filler=re.compile(clause["filler"]),
        joint=re.compile(clause["joint"]),
        gap=re.compile(clause["gap"]),
        narrowed=re.compile(clause["narrowed"]),
        own_rate=re.compile(clause["own_rate"]),
        goes_on=re.compile(clause["goes_on"]),
        parts_by=re.compile(clause["parts_by"]),
        growth=Growth(**{name: re.compile(pattern) for name, pattern in data["growth"].items()}),
        zero=Zero(
            **{name: re.compile(zero[name]) for name in ("claim", "stated", "cause", "filler", "tail")},
            objects=tuple((re.compile(each["pattern"]), each["indicator"]) for each in zero["object"]),
        ),
        time_other=re.compile(data["time"]["other"]),
        part_of_year=re.compile(data["time"]["part_of_year"]),
        this_year=re.compile(data["time"]["this_year"]),
        no_facts_in=re.compile("|".join(data["no_facts_in"])),
        no_mentions_in=re.compile("|".join(data["no_mentions_in"])),
    )


def _in_words(year: int) -> str:
    """A year as characters, its noughts of any kind: 二[〇○零]一九."""
    return "".join("[〇○零]" if digit == "0" else "零一二三四五六七八九"[int(digit)] for digit in str(year))


def _term(term: dict[str, Any]) -> Term:
    return Term(
        pattern=re.compile(term["pattern"]),
        indicator=term["indicator"],
        within=re.compile(term.get("within", "")),
        measure=Measure(term.get("measure", "value")),
        accepts=frozenset(term["accepts"]),
        unless=re.compile(term.get("unless", _NEVER)),
        after=term.get("after", ""),
        applicant=term.get("applicant", ""),
    )
