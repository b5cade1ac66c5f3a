"""What the words around a quantity say: who acts, which figure it is, growth or share, this year or another.

Text in, meanings out, by the rules of `definitions/narrative.toml`. Remembers nothing and makes no facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from dashboard import definitions
from dashboard.definitions import NarrativeRules, Term
from dashboard.forms import numerals
from dashboard.schema import FRACTION, Measure, Segment

_QUOTED_NAME = re.compile(r"“[^”]*”(?!微博|微信)")
_TITLE = re.compile(r"《[^》]*》|[〔(（]\s*(?:19|20)\d{2}\s*[〕)）]")
_YEAR = re.compile(r"((?:19|20)\d{2}|[一二][一二三四五六七八九〇○零]{3})\s*年")
_COMMA = re.compile(r"[，,。：:；;]")
_MOST_DOUBLINGS = 20  # a million times as many; more is a slip, and could not be written out


class Actor(Enum):
    """Who a clause speaks of where it is no single segment."""

    UNTOLD = "untold"
    NO_SEGMENT = "no segment"  # two segments at once, or a single office


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for a whole document: the year reported on, its body's name, whether it compiles other bodies' figures.

    A report of a single body speaks of that body where it names nobody; a compiled one does not.
    """

    year: int | None = None
    name: str = ""
    is_compiled: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A term and where it stands in its text."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Relation:
    """A rate or share and its value as a fraction. It is one of the figure before it, unless `noun` names another."""

    measure: Measure
    value: Decimal
    noun: str = ""
    is_estimate: bool = False


class Wording:
    """The rules, applied in one setting."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.rules: NarrativeRules = definitions.narrative_rules(setting.year)

    def actor(self, text: str) -> Segment | Actor:
        """The actor named last in `text`; NO_SEGMENT where two are named together, or one that is no segment."""
        plain = _QUOTED_NAME.sub(lambda match: "□" * len(match[0]), text)
        last = {name: _last_end(pattern, plain) for name, pattern in self.rules.segments.items()}
        named, end = max(last.items(), key=lambda item: item[1])
        if self._last_office(plain) > end:
            return Actor.NO_SEGMENT
        if end < 0:
            return Actor.UNTOLD
        if named in ("departments", "localities") and min(last["departments"], last["localities"]) >= 0:
            return Actor.NO_SEGMENT
        return Segment(named)

    def _last_office(self, text: str) -> int:
        """Where the last single office is named that is not the reporting body itself."""
        name = self.setting.name
        plain = text.replace(name, "，" * len(name)) if name else text
        site = _last_end(self.rules.single_site, text) if self.setting.is_compiled else -1
        return max(_last_end(self.rules.single_office, plain), site)

    def terms(self, text: str, headings: str, whole: str) -> list[Found]:
        """The terms of `text` in order; of several that end together the longest. `whole` is the figure spoken of."""
        if not self.rules.any_term.search(text):
            return []
        best: dict[int, Found] = {}
        for term in self.rules.terms:
            if not term.within.search(headings) or not _may_follow(term, whole):
                continue
            for match in term.pattern.finditer(text):
                held = best.get(match.end())
                is_longer = held is None or match.start() <= held.start
                if is_longer and (not term.after or self._is_alone(text, match)):
                    best[match.end()] = Found(term, match.start(), match.end())
        return [best[end] for end in sorted(best)]

    def term(self, text: str, headings: str, whole: str) -> Term | None:
        """The term that a number behind `text` belongs to; None where it is unclear or the words make it another thing."""
        found = self.terms(text, headings, whole)
        if not found or self._share_a_number(text, found):
            return None
        last = found[-1]
        gap = text[last.end :].rstrip("，：:, ")
        clause = text[_clause_start(text, last.start) :]
        # The whole clause of a part's short name has been looked at already.
        is_apart = _COMMA.search(gap) or (not last.term.after and self.rules.gap.sub("", gap))
        if is_apart or last.term.unless.search(clause):
            return None
        return None if self.rules.time_other.search(clause) else last.term

    def _share_a_number(self, text: str, found: list[Found]) -> bool:
        """True where the last two terms have one number: 行政复议、行政诉讼案件 5 件."""
        if len(found) < 2 or found[-1].term.indicator == found[-2].term.indicator:
            return False
        return bool(self.rules.joint.fullmatch(text[found[-2].end : found[-1].start])) or "分别" in text

    def _is_alone(self, text: str, match: re.Match[str]) -> bool:
        """Whether a part's short name makes up its clause: 网络 in `其中网络 80 件`, not in `网络安全检查 80 件`."""
        rest = text[_clause_start(text, match.start()) : match.start()] + text[match.end() :]
        return not self.rules.filler.sub("", rest)

    def topic(self, text: str) -> str:
        last = {topic: _last_end(pattern, text) for topic, pattern in self.rules.topics.items()}
        topic, end = max(last.items(), key=lambda item: item[1])
        return topic if end >= 0 else ""

    def carries_on(self, clause: str) -> bool:
        """Whether the clause tells nothing but another actor: 市、县（区）380 件."""
        if self.actor(clause) is Actor.UNTOLD:
            return False
        for pattern in (*self.rules.segments.values(), self.rules.carry):
            clause = pattern.sub("", clause)
        return not clause

    def is_this_year(self, text: str) -> bool | None:
        """Whether the year or part of it named last in `text` is the whole year reported on; None where none is named."""
        plain = _TITLE.sub("", text)
        if self.rules.part_of_year.search(plain):
            return False
        years = [int(year) if year.isdecimal() else numerals.year(year) for year in _YEAR.findall(plain)]
        if years and self.setting.year:
            return years[-1] == self.setting.year
        return True if self.rules.this_year.search(plain) else None

    def is_change(self, lead: str) -> bool:
        """True before `12 件` in `比上年增加 12 件`: the difference, not the figure."""
        return bool(self.rules.growth.change.search(lead))

    def is_base(self, lead: str) -> bool:
        """True before last year's figure, which this year's is held against: 较2020年的 386 条."""
        return bool(self.rules.growth.base.search(lead))

    def relation(self, lead: str, value: Decimal, unit: str, *, is_after_change: bool) -> Relation | None:
        """What a percentage or a multiple says of a figure; None where it says nothing of one."""
        growth = self.rules.growth
        if unit in (FRACTION, "倍"):
            short_rise = growth.short_rise.fullmatch(lead) if is_after_change else None
            short_fall = growth.short_fall.fullmatch(lead) if is_after_change else None
            short_multiple = growth.short_multiple.fullmatch(lead) if is_after_change else None
            if unit == "倍" and (match := growth.multiple.search(lead) or short_multiple):
                return self._related(Measure.YOY_RATE, value - 1, lead, match)
            if match := growth.rise.search(lead) or short_rise:
                return self._related(Measure.YOY_RATE, value, lead, match)
            if match := growth.fall.search(lead) or short_fall:
                return self._related(Measure.YOY_RATE, -value, lead, match)
        if unit == "番" and 0 <= value < _MOST_DOUBLINGS and value % 1 == 0 and (match := growth.double.search(lead)):
            return self._related(Measure.YOY_RATE, Decimal(2 ** int(value) - 1), lead, match)
        if unit == FRACTION and (match := growth.share.search(lead)):
            return self._related(Measure.SHARE, value, lead, match)
        return None

    def _related(self, measure: Measure, value: Decimal, lead: str, match: re.Match[str]) -> Relation:
        noun = lead[: match.start()] if self.rules.own_rate.sub("", lead[: match.start()]) else ""
        return Relation(measure, value, noun, is_estimate=bool(self.rules.growth.estimate.search(lead)))


def _may_follow(term: Term, whole: str) -> bool:
    """Whether a short name is one of a part of `whole`. Applicants are parts of the requests, not of those by letter."""
    if term.applicant and term.after:
        return whole == term.after
    return whole.startswith(term.after)


def _clause_start(text: str, position: int) -> int:
    return max(text.rfind(mark, 0, position) for mark in "，。；、：,;:（(") + 1


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=-1)
