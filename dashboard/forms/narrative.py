"""Prose into figures: every quantity is a mention; one that an indicator and a segment exist for is a fact as well.

A quantity belongs to the last term before it in its sentence, and to the last actor before it; a figure whose actor
is not told, or is several segments at once, stays a mention, and so does one of another year, a plan, a difference or
an estimate. Nothing is inferred from sums or from the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from dashboard import definitions
from dashboard.definitions import Term
from dashboard.documents.document import Document
from dashboard.forms import naming, quantities, sections, zeros
from dashboard.forms.quantities import Quantity
from dashboard.forms.sections import Section, Sentence
from dashboard.forms.wording import Actor, Relation, Setting, Wording
from dashboard.forms.zeros import Nought
from dashboard.schema import FRACTION, Fact, Measure, Mention, Segment

_AREA = re.compile(r"^(?:做好|推进|加强|深化)?(.{2,16}?)领域(?:政府)?(?:信息公开)?$")
_AREA_PLAIN = re.compile(r"^(?:做好|推进|加强|深化|规范)?(.{2,16}?)(?:领域)?(?:政府)?信息公开$")
_CLAUSES = re.compile("[；;]")


@dataclass(frozen=True, slots=True)
class Narrative:
    mentions: list[Mention]
    facts: list[Fact]


def read(document: Document, setting: Setting | None = None) -> Narrative:
    """The quantities of the numbered chapters in order, and the facts among them."""
    wording = Wording(setting or Setting())
    mentions: list[Mention] = []
    facts: list[Fact] = []
    before: _SentenceReader | None = None
    for sentence in sections.sentences(document):
        section = sentence.section
        if not section.label or wording.rules.no_mentions_in.search(section.chapter):
            continue
        before = _SentenceReader(sentence, wording, before)
        for mention, fact in before.read():
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


@dataclass(frozen=True, slots=True)
class _Figure:
    """Which figure a quantity is: the terms of a fact without its value."""

    indicator: str
    segment: Segment
    applicant: str
    measure: Measure = Measure.VALUE


@dataclass
class _Told:
    """What a sentence has told so far. `whole` is the figure whose parts may follow under short names."""

    segment: Segment | None
    is_this_year: bool = True
    topic: str = ""
    term: Term | None = None
    whole: str = ""
    figure: _Figure | None = None
    subject: str = ""
    subject_name: str = ""
    is_after_change: bool = False
    is_parted: bool = False


class _SentenceReader:
    def __init__(self, sentence: Sentence, wording: Wording, before: _SentenceReader | None) -> None:
        self._sentence = sentence
        self._wording = wording
        self._found = quantities.find(sentence.text)
        self._headings = "".join(sentence.section.headings)
        self._may_have_facts = not wording.rules.no_facts_in.search(sentence.section.chapter)
        self._default = None if wording.setting.is_compiled else Segment.ALL
        self._stated: dict[_Figure, Decimal] = {}
        self._told = self._begin(before)

    def _begin(self, before: _SentenceReader | None) -> _Told:
        """What holds before the first word: what the sentence before told, if this one goes on about it."""
        text, rules = self._sentence.text, self._wording.rules
        if before is None or before._sentence.section != self._sentence.section:
            return _Told(segment=self._default)
        is_by_kind = bool(rules.parts_by.match(text))
        if not is_by_kind and not rules.goes_on.match(text):
            return _Told(segment=self._default)
        told = before._told
        # Where the sentence before ended with the part of one segment, 其中 may go on about the part or the whole.
        segment = self._default if told.is_parted else told.segment
        whole = _root(told.whole) if is_by_kind else told.whole
        return replace(told, segment=segment, whole=whole, term=None, figure=None, subject="", is_after_change=False)

    def read(self) -> Iterator[tuple[Mention, Fact | None]]:
        """Mentions in the order of the text, each with its fact if it is one."""
        noughts = zeros.find(self._sentence.text) if self._may_have_facts else []
        position = 0
        for index, quantity in enumerate(self._found):
            while noughts and noughts[0].start < quantity.start:
                yield self._nought(noughts.pop(0))
            lead = self._sentence.text[position : quantity.start]
            position = quantity.end
            yield self._mention_and_fact(index, quantity, lead)
        for nought in noughts:
            yield self._nought(nought)

    def _mention_and_fact(self, index: int, quantity: Quantity, lead: str) -> tuple[Mention, Fact | None]:
        locator = str(self._sentence.locate(quantity.start, quantity.end))
        related = self._relation(quantity, lead)
        if related:
            if related.noun:
                self._take_in(related.noun)
                self._told.subject, self._told.subject_name, self._told.figure = "", "", self._figure_told()
            fact = self._related_fact(quantity, related, locator)
            return self._mention(index, quantity, related, fact, locator), fact
        is_beside = self._wording.is_change(lead) or self._wording.is_base(lead)
        if is_beside and quantity.unit != FRACTION:
            self._told.is_after_change = bool(self._told.subject)
            return self._mention(index, quantity, None, None, locator), None
        self._take_in(lead)
        fact = self._value_fact(quantity, locator)
        mention = self._mention(index, quantity, None, fact, locator)
        if mention.measure is Measure.VALUE:
            self._told.subject, self._told.subject_name = locator, mention.counts
            self._told.is_after_change = False
        return mention, fact

    def _relation(self, quantity: Quantity, lead: str) -> Relation | None:
        after = self._told.is_after_change
        return self._wording.relation(lead, quantity.value, quantity.unit, is_after_change=after)

    def _mention(
        self, index: int, quantity: Quantity, related: Relation | None, fact: Fact | None, locator: str
    ) -> Mention:
        measure = related.measure if related else fact.measure if fact else Measure.VALUE
        value = related.value if related and quantity.unit == FRACTION else quantity.value
        return Mention(
            value=value, unit=quantity.unit, bound=quantity.bound, counts=self._name(index, measure),
            section=self._sentence.section.label, locator=locator, indicator=fact.indicator if fact else "",
            measure=measure, as_printed=quantity.as_printed, area=area(self._sentence.section),
            subject=self._told.subject if measure is not Measure.VALUE else "",
        )  # fmt: skip

    def _related_fact(self, quantity: Quantity, related: Relation, locator: str) -> Fact | None:
        of = self._told.figure
        if of is None or quantity.bound or related.is_estimate:
            return None
        return Fact(
            indicator=of.indicator, segment=of.segment, applicant=of.applicant, measure=related.measure,
            value=related.value, unit=FRACTION, as_printed=quantity.as_printed, locator=locator,
        )  # fmt: skip

    def _take_in(self, lead: str) -> None:
        """Updates who and what is spoken of from the words between the last quantity and this one."""
        told, clause = self._told, _CLAUSES.split(lead)[-1]
        if clause != lead:
            told.segment, told.term = self._first_segment(), None
        actor = self._wording.actor(clause)
        if actor is not Actor.UNTOLD:
            told.is_parted = told.is_parted or (told.figure is not None and actor is not told.segment)
            told.segment = actor if isinstance(actor, Segment) else None
        when = self._wording.is_this_year(lead)
        told.is_this_year = told.is_this_year if when is None else when
        told.topic = self._wording.topic(lead) or told.topic
        term = self._wording.term(lead, self._headings, told.whole)
        told.term = term or (told.term if self._wording.carries_on(clause) else None)

    def _first_segment(self) -> Segment | None:
        """Behind a semicolon the sentence speaks again of the one it began with."""
        actor = self._wording.actor(self._sentence.text[: self._found[0].start])
        if actor is Actor.UNTOLD:
            return self._default
        return actor if isinstance(actor, Segment) else None

    def _value_fact(self, quantity: Quantity, locator: str) -> Fact | None:
        """The fact, unless the quantity is an estimate or the sentence has stated this figure differently before."""
        figure = self._told.figure = self._figure(quantity)
        if figure is None:
            return None
        if self._told.term and not self._told.term.after:
            self._told.whole = figure.indicator
        unit = FRACTION if figure.measure is Measure.SHARE else definitions.indicators()[figure.indicator].unit
        value = quantity.value if unit == FRACTION else definitions.convert(quantity.value, quantity.unit, unit)
        if quantity.bound or self._stated.setdefault(figure, value) != value:
            return None
        return Fact(
            indicator=figure.indicator, segment=figure.segment, applicant=figure.applicant, measure=figure.measure,
            value=value, unit=unit, as_printed=quantity.as_printed, locator=locator,
        )  # fmt: skip

    def _figure(self, quantity: Quantity) -> _Figure | None:
        """The figure a quantity states, if it is in a unit of that figure and counts nothing wider."""
        figure, term = self._figure_told(), self._told.term
        if figure is None or term is None:
            return None
        is_nothing = not quantity.value and not quantity.unit
        is_wider = self._wording.rules.narrowed.match(self._sentence.text, quantity.end)
        return None if is_wider or not (quantity.unit in term.accepts or is_nothing) else figure

    def _figure_told(self) -> _Figure | None:
        """The figure that the words up to here name, whatever number follows."""
        told, term = self._told, self._told.term
        if not (self._may_have_facts and term and told.segment and told.is_this_year):
            return None
        code = self._code(term)
        return _Figure(code, told.segment, term.applicant, term.measure) if code in definitions.indicators() else None

    def _code(self, term: Term) -> str:
        code = term.indicator.format(topic=self._told.topic)
        narrower = f"{code}.{self._told.topic}"
        return narrower if narrower in definitions.indicators() else code

    def _name(self, index: int, measure: Measure) -> str:
        subject, text = self._told.subject_name, self._sentence.text
        if measure is Measure.YOY_RATE and subject:
            return f"{subject}比上年增减"
        is_share = measure is Measure.SHARE and subject and self._found[index].unit == FRACTION
        lead = text[self._found[index - 1].end : self._found[index].start] if index else ""
        return f"{subject}占比" if is_share and "占" in lead else naming.counts(text, self._found, index)

    def _nought(self, nought: Nought) -> tuple[Mention, Fact | None]:
        """A nought in words, as a mention, and as a fact where its actor is told."""
        lead = self._sentence.text[: nought.start]
        actor = self._wording.actor(lead)
        segment = self._default if actor is Actor.UNTOLD else actor if isinstance(actor, Segment) else None
        is_ours = segment is not None and self._wording.is_this_year(lead) is not False
        unit = definitions.indicators()[nought.indicator].unit
        locator = str(self._sentence.locate(nought.start, nought.end))
        printed = self._sentence.text[nought.start : nought.end]
        mention = Mention(
            value=Decimal(0), unit=unit, counts=nought.counts, section=self._sentence.section.label, locator=locator,
            indicator=nought.indicator if is_ours else "", area=area(self._sentence.section), as_printed=printed,
        )  # fmt: skip
        if not is_ours or segment is None:
            return mention, None
        return mention, Fact(
            indicator=nought.indicator,
            segment=segment,
            value=Decimal(0),
            unit=unit,
            as_printed=printed,
            locator=locator,
        )


def _root(code: str) -> str:
    """The figure that `code` is a part of at the top: requests.received for requests.received.letter."""
    held = definitions.indicators().get(code)
    return code if held is None or not held.parent else _root(held.parent)
