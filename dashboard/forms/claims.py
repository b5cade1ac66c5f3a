"""What prose claims beyond its quantities: 均获维持 and the like in words, and which quantities are parts of another.

The quantities of a narrative in, the same with the claims among them, in the order of the text. A claim in words is a
mention whose `as_printed` holds no digit; a part is one whose `subject` is the place of its whole. What is not told
plainly (其中, or a list in brackets) is not claimed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from dashboard import definitions
from dashboard.documents.document import Document
from dashboard.forms import sections
from dashboard.forms.sections import Sentence
from dashboard.forms.wording import Actor, Setting, Wording
from dashboard.schema import FRACTION, Measure, Mention, Segment

_FILE = Path(definitions.__file__).parent / "claims.toml"
_CLAUSE = re.compile(r"[^，。；,;！？!?]+")
_AMONG = re.compile(r"其中\s*[:：，]?")
_EXCEPT = re.compile("(?<![解清消扣免])除")  # 除 2 件外，均按时办结 claims less than all
_STOP = re.compile(r"[；;]|其中")
_CHANGE = re.compile("较|比|新增|净增|增加|减少|下降|上升")  # what follows is a difference, not a part
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_SMALL = 2  # fewer quantities in brackets explain, they do not list
# Measure words that count the same kind of thing.
_ALIKE = (
    frozenset(["条", "件", "个", "项", "份", "起", "宗", "篇"]),
    frozenset(["人", "名", "位", "人次"]),
    frozenset(["次", "场", "场次", "期"]),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One wording of `claims.toml`."""

    pattern: re.Pattern[str]
    about: re.Pattern[str]
    unless: re.Pattern[str]
    indicator: str
    is_share: bool


@dataclass(frozen=True, slots=True)
class _Placed:
    """A quantity and where it stands in its sentence."""

    mention: Mention
    start: int
    end: int


def read(document: Document, setting: Setting, mentions: Sequence[Mention]) -> list[Mention]:
    """`mentions` with those that are parts marked, and the claims in words put in where they stand."""
    wording = Wording(setting)
    held = {mention.locator: mention for mention in mentions}
    lines = _by_line(mentions)
    order: dict[str, Mention] = {}
    before: list[_Placed] = []
    for sentence in sections.sentences(document):
        placed = list(_placed(sentence, lines))
        whole_of = _parts(sentence.text, placed, before)
        here = [(each.start, _as_part(each.mention, whole_of)) for each in placed]
        here += [(start, claim) for start, claim in _claims(sentence, wording) if claim.locator not in held]
        order |= {mention.locator: mention for _, mention in sorted(here, key=lambda each: each[0])}
        before = placed
    return list((order | {key: mention for key, mention in held.items() if key not in order}).values())


@cache
def claims() -> tuple[Claim, ...]:
    data = tomllib.loads(_FILE.read_text("utf-8"))
    return tuple(
        Claim(
            pattern=re.compile(each["pattern"]), about=re.compile(each["about"]),
            unless=re.compile("|".join(filter(None, (data["unless"], each.get("unless", ""))))),
            indicator=each["indicator"], is_share=each["kind"] == "share",
        )
        for each in data["claim"]
    )  # fmt: skip


def _by_line(mentions: Sequence[Mention]) -> dict[str, list[tuple[int, Mention]]]:
    """The mentions of each line or paragraph with the offset at which they begin in it."""
    lines: dict[str, list[tuple[int, Mention]]] = {}
    for mention in mentions:
        line, _, chars = mention.locator.partition("/chars:")
        lines.setdefault(line, []).append((int(chars.partition("-")[0] or 0), mention))
    return lines


def _placed(sentence: Sentence, lines: dict[str, list[tuple[int, Mention]]]) -> Iterator[_Placed]:
    """The sentence's mentions with their offsets in it."""
    paragraph = sentence.paragraph
    for piece, base in zip(paragraph.pieces, paragraph.starts, strict=True):
        for offset, mention in lines.get(str(piece.locator), []):
            start = base + offset - sentence.offset
            if 0 <= start < len(sentence.text):
                yield _Placed(mention, start, start + len(mention.as_printed))


def _parts(text: str, placed: list[_Placed], before: list[_Placed]) -> dict[str, str]:
    """Place of a part -> place of its whole: what stands behind 其中, and what is listed in brackets."""
    counts = [each for each in placed if _is_count(each.mention)]
    found: dict[str, str] = {}
    brackets = [match.span() for match in _BRACKETS.finditer(text)]
    outside = [each for each in counts if not any(start < each.start < end for start, end in brackets)]
    for match in _AMONG.finditer(text):
        ahead = [each for each in outside if each.end <= match.start()]
        earlier = [each for each in before if _is_count(each.mention)] if not text[: match.start()].strip() else []
        if ahead or earlier:
            stop = _STOP.search(text, match.end())
            end = stop.start() if stop else len(text)
            behind = [each for each in outside if match.end() <= each.start < end]
            found |= _chain(text, match.end(), behind, (ahead or earlier)[-1].mention)
    for start, end in brackets:
        inside = [each for each in counts if start < each.start < end]
        wholes = [each for each in counts if each.end == start]
        if len(inside) >= _SMALL and wholes:
            found |= _chain(text, start + 1, inside, wholes[0].mention)
    return found


def _chain(text: str, start: int, listed: list[_Placed], whole: Mention) -> dict[str, str]:
    """The parts listed one after another. What is more than the whole ends the list where it may be another subject:

    behind a comma, or with another measure word.
    """
    found: dict[str, str] = {}
    reached = start
    for each in listed:
        between = text[reached : each.start]
        if _CHANGE.search(between):
            break
        is_certain = each.mention.unit == whole.unit and not re.search("[，,]", between)
        if not _are_alike(each.mention, whole) or not (is_certain or each.mention.value <= whole.value):
            break
        found[each.mention.locator] = whole.locator
        reached = each.end
    return found


def _is_count(mention: Mention) -> bool:
    """A quantity of its own; what an indicator exists for is held against its table."""
    return mention.measure is Measure.VALUE and mention.unit != FRACTION and not mention.indicator


def _are_alike(part: Mention, whole: Mention) -> bool:
    return part.unit == whole.unit or any(part.unit in kind and whole.unit in kind for kind in _ALIKE)


def _as_part(mention: Mention, whole_of: dict[str, str]) -> Mention:
    return replace(mention, subject=whole_of[mention.locator]) if mention.locator in whole_of else mention


def _claims(sentence: Sentence, wording: Wording) -> Iterator[tuple[int, Mention]]:
    """The claims in words of a sentence that speaks of everyone in the year reported on, with their offsets."""
    section, text = sentence.section, sentence.text
    chapters = (wording.rules.no_mentions_in, wording.rules.no_facts_in)
    if not section.label or any(pattern.search(section.chapter) for pattern in chapters):
        return
    about = "".join(section.headings) + text
    for clause in _CLAUSE.finditer(text):
        for claim in claims():
            match = claim.pattern.search(clause[0])
            lead = text[: clause.start() + match.start()] if match else ""
            is_meant = claim.about.search(about) and not claim.unless.search(clause[0]) and not _EXCEPT.search(lead)
            if match and is_meant and _is_ours(lead, wording):
                start = clause.start() + match.start()
                yield start, _mention(sentence, claim, start, clause.start() + match.end())
                break


def _is_ours(lead: str, wording: Wording) -> bool:
    actor = wording.actor(lead)
    is_all = actor is Segment.ALL or (actor is Actor.UNTOLD and not wording.setting.is_compiled)
    return is_all and wording.is_this_year(lead) is not False


def _mention(sentence: Sentence, claim: Claim, start: int, end: int) -> Mention:
    unit = FRACTION if claim.is_share else definitions.indicators()[claim.indicator].unit
    return Mention(
        value=Decimal(1 if claim.is_share else 0), unit=unit, counts=definitions.indicators()[claim.indicator].name_zh,
        section=sentence.section.label, locator=str(sentence.locate(start, end)), indicator=claim.indicator,
        measure=Measure.SHARE if claim.is_share else Measure.VALUE, as_printed=sentence.text[start:end],
    )  # fmt: skip
