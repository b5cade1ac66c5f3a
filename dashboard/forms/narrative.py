"""Prose into figures: every quantity is a mention; one that an indicator and a segment exist for is a fact as well.

A quantity belongs to the last term before it in its sentence, and to the last actor before it; a figure whose actor
is not told, or is several segments at once, stays a mention. Nothing is inferred from sums or from the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dashboard import definitions
from dashboard.definitions import Term
from dashboard.documents.document import Document
from dashboard.forms import naming, quantities, sections
from dashboard.forms.quantities import Quantity
from dashboard.forms.sections import Section, Sentence
from dashboard.schema import FRACTION, Fact, Measure, Mention, Segment

_QUOTED_NAME = re.compile(r"“[^”]*”(?!微博|微信)")
_AREA = re.compile(r"^(?:做好|推进|加强|深化)?(.{2,16}?)领域(?:政府)?(?:信息公开)?$")
_AREA_PLAIN = re.compile(r"^(?:做好|推进|加强|深化|规范)?(.{2,16}?)(?:领域)?(?:政府)?信息公开$")


@dataclass(frozen=True, slots=True)
class Narrative:
    mentions: list[Mention]
    facts: list[Fact]


def read(document: Document) -> Narrative:
    """The quantities of the numbered chapters in order, and the facts among them."""
    mentions: list[Mention] = []
    facts: list[Fact] = []
    no_mentions = definitions.narrative_rules().no_mentions_in
    for sentence in sections.sentences(document):
        if sentence.section.label and not no_mentions.search(sentence.section.chapter):
            for mention, fact in _SentenceReader(sentence).read():
                mentions.append(mention)
                if fact:
                    facts.append(fact)
    return Narrative(mentions, facts)


def area(section: Section) -> str:
    """The area a section is about (住房保障, 政府采购), from the nearest heading that names one; else empty."""
    for heading in reversed(section.headings):
        for pattern in (_AREA, _AREA_PLAIN):
            match = pattern.match(heading)
            if match:
                return match[1]
    return ""


@dataclass
class _Reading:
    """What a sentence has told so far."""

    segment: Segment | None
    topic: str = ""
    term: Term | None = None
    fact: Fact | None = None
    subject: str = ""
    subject_name: str = ""


class _SentenceReader:
    def __init__(self, sentence: Sentence) -> None:
        self._sentence = sentence
        self._rules = definitions.narrative_rules()
        self._found = quantities.find(sentence.text)
        self._headings = "".join(sentence.section.headings)
        self._may_have_facts = not self._rules.no_facts_in.search(sentence.section.chapter)
        self._state = _Reading(segment=None)

    def read(self) -> Iterator[tuple[Mention, Fact | None]]:
        position = 0
        for index, quantity in enumerate(self._found):
            lead = self._sentence.text[position : quantity.start]
            position = quantity.end
            yield self._mention_and_fact(index, quantity, lead)

    def _mention_and_fact(self, index: int, quantity: Quantity, lead: str) -> tuple[Mention, Fact | None]:
        locator = str(self._sentence.locate(quantity.start, quantity.end))
        measure, sign = self._measure(quantity, lead)
        fact = self._related_fact(quantity, measure, sign, locator) if measure is not Measure.VALUE else None
        if measure is Measure.VALUE:
            self._take_in(lead)
            fact = self._value_fact(quantity, locator)
            if fact and fact.measure is Measure.SHARE:
                measure = Measure.SHARE
        name = self._name(index, measure)
        mention = Mention(
            value=quantity.value * sign, unit=quantity.unit, bound=quantity.bound, counts=name,
            section=self._sentence.section.label, locator=locator, indicator=fact.indicator if fact else "",
            measure=measure, as_printed=quantity.as_printed, area=area(self._sentence.section),
            subject=self._state.subject if measure is not Measure.VALUE else "",
        )  # fmt: skip
        if measure is Measure.VALUE:
            self._state.fact, self._state.subject, self._state.subject_name = fact, locator, name
        return mention, fact

    def _measure(self, quantity: Quantity, lead: str) -> tuple[Measure, int]:
        """What a percentage says of the quantity before it; anything else is a quantity of its own."""
        if quantity.unit != FRACTION or not self._state.subject:
            return Measure.VALUE, 1
        if self._rules.rise.search(lead):
            return Measure.YOY_RATE, 1
        if self._rules.fall.search(lead):
            return Measure.YOY_RATE, -1
        return (Measure.SHARE, 1) if self._rules.share.search(lead) else (Measure.VALUE, 1)

    def _related_fact(self, quantity: Quantity, measure: Measure, sign: int, locator: str) -> Fact | None:
        of = self._state.fact
        if of is None:
            return None
        return Fact(
            indicator=of.indicator, segment=of.segment, measure=measure, value=quantity.value * sign,
            unit=FRACTION, as_printed=quantity.as_printed, locator=locator,
        )  # fmt: skip

    def _take_in(self, lead: str) -> None:
        """Updates who and what is spoken of from the words between the last quantity and this one."""
        clause = lead
        if "；" in lead or ";" in lead:
            self._state.segment, self._state.term = self._first_segment(), None
            clause = re.split("[；;]", lead)[-1]
        told = self._segment_in(clause)
        if told is not _UNTOLD:
            self._state.segment = told
        self._state.topic = self._topic_in(lead) or self._state.topic
        self._state.term = self._term_in(lead) or (self._state.term if self._carries_on(clause) else None)

    def _first_segment(self) -> Segment | None:
        """Behind a semicolon the sentence speaks again of the one it began with."""
        first = self._sentence.text[: self._found[0].start]
        told = self._segment_in(first)
        return told if told is not _UNTOLD else None

    def _segment_in(self, text: str) -> Segment | None:
        """The actor named last in `text`; None where two are named together; _UNTOLD where none is."""
        plain = _QUOTED_NAME.sub(lambda match: "□" * len(match[0]), text)
        last = {
            segment: max((match.end() for match in pattern.finditer(plain)), default=-1)
            for segment, pattern in self._rules.segments.items()
        }
        named, end = max(last.items(), key=lambda item: item[1])
        if end < 0:
            return _UNTOLD
        if named in ("departments", "localities") and min(last["departments"], last["localities"]) >= 0:
            return None
        return Segment(named)

    def _term_in(self, text: str) -> Term | None:
        """The term that ends last in `text`; of several that end there, the longest, then the later in the file."""
        best: tuple[int, int, int] | None = None
        chosen: Term | None = None
        for order, term in enumerate(self._rules.terms):
            if not term.within.search(self._headings):
                continue
            for match in term.pattern.finditer(text):
                rank = (match.end(), match.end() - match.start(), order)
                if best is None or rank >= best:
                    best, chosen = rank, term
        return chosen

    def _topic_in(self, text: str) -> str:
        last = {
            topic: max((match.end() for match in pattern.finditer(text)), default=-1)
            for topic, pattern in self._rules.topics.items()
        }
        topic, end = max(last.items(), key=lambda item: item[1])
        return topic if end >= 0 else ""

    def _carries_on(self, clause: str) -> bool:
        """Whether the clause tells nothing but another actor: 市、县（区）380 件."""
        if self._segment_in(clause) is _UNTOLD:
            return False
        for pattern in (*self._rules.segments.values(), self._rules.carry):
            clause = pattern.sub("", clause)
        return not clause

    def _value_fact(self, quantity: Quantity, locator: str) -> Fact | None:
        term, segment = self._state.term, self._state.segment
        if not self._may_have_facts or term is None or segment is None or quantity.unit not in term.accepts:
            return None
        code = self._code(term)
        if code not in definitions.indicators():
            return None
        unit = definitions.indicators()[code].unit
        is_share = term.measure is Measure.SHARE
        return Fact(
            indicator=code, segment=segment, measure=term.measure, as_printed=quantity.as_printed, locator=locator,
            value=quantity.value if is_share else definitions.convert(quantity.value, quantity.unit, unit),
            unit=FRACTION if is_share else unit,
        )  # fmt: skip

    def _code(self, term: Term) -> str:
        code = term.indicator.format(topic=self._state.topic)
        narrower = f"{code}.{self._state.topic}"
        return narrower if narrower in definitions.indicators() else code

    def _name(self, index: int, measure: Measure) -> str:
        if measure is Measure.YOY_RATE:
            return f"{self._state.subject_name}比上年增减"
        if measure is Measure.SHARE and self._state.subject_name and self._found[index].unit == FRACTION:
            lead = self._sentence.text[self._found[index - 1].end : self._found[index].start] if index else ""
            return (
                f"{self._state.subject_name}占比"
                if "占" in lead
                else naming.counts(self._sentence.text, self._found, index)
            )
        return naming.counts(self._sentence.text, self._found, index)


# A clause without an actor goes on speaking of the one before; this is not the same as one that names two at once.
_UNTOLD: Segment = object()  # type: ignore[assignment]
