"""Noughts in words: 未收到政府信息公开申请, 未发生行政复议、行政诉讼, 行政复议：无.

A sentence's text in, the indicators there was nothing of out, each with the words that say so. An object that is only
the cause of another (因政府信息公开申请被提起行政复议) or anything but the plain object is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dashboard import definitions
from dashboard.definitions import NarrativeRules

_LINK = re.compile(r"案件|[、和及与\s]")
_CLAUSE = re.compile(r"[^，。；,;！？!?]+")


@dataclass(frozen=True, slots=True)
class Nought:
    """There was nothing of `indicator`, say the words at `start`..`end`; `counts` names it as printed."""

    indicator: str
    counts: str
    start: int
    end: int


def find(text: str) -> list[Nought]:
    """The noughts of `text` in order, each indicator once."""
    rules = definitions.narrative_rules()
    found: dict[str, Nought] = {}
    for clause in _CLAUSE.finditer(text):
        for nought in _in_clause(clause[0], clause.start(), rules):
            found.setdefault(nought.indicator, nought)
    return list(found.values())


def _in_clause(clause: str, offset: int, rules: NarrativeRules) -> Iterator[Nought]:
    plain = rules.zero.cause.sub(lambda match: "因" * len(match[0]), clause)
    claim = rules.zero.claim.search(plain)
    if claim:
        yield from _denied(plain, claim, offset, rules)
    for stated in rules.zero.stated.finditer(plain):
        yield from _stated(plain, stated, offset, rules)


def _stated(plain: str, stated: re.Match[str], offset: int, rules: NarrativeRules) -> Iterator[Nought]:
    """The objects right before 均为零, one or several in a row."""
    row: list[Nought] = []
    reached = stated.start()
    for match, indicator in reversed(_objects(plain[: stated.start()], 0, rules)):
        if _LINK.sub("", plain[match.end() : reached]):
            break
        row.append(Nought(indicator, match[0], offset + match.start(), offset + stated.end()))
        reached = match.start()
    yield from reversed(row)


def _denied(plain: str, claim: re.Match[str], offset: int, rules: NarrativeRules) -> Iterator[Nought]:
    """The objects behind 未收到, as long as nothing but filling words stands between them."""
    reached = claim.end()
    for match, indicator in _objects(plain, claim.end(), rules):
        between = rules.zero.filler.sub("", plain[reached : match.start()]).replace("因", "")
        if between or not rules.zero.tail.match(plain[match.end() :]):
            return
        yield Nought(indicator, match[0], offset + claim.start(), offset + match.end())
        reached = match.end()


def _objects(text: str, start: int, rules: NarrativeRules) -> list[tuple[re.Match[str], str]]:
    """The objects from `start` on in order; of those that overlap the one that begins first."""
    found = [(m, code) for pattern, code in rules.zero.objects for m in pattern.finditer(text, start)]
    kept: list[tuple[re.Match[str], str]] = []
    for match, code in sorted(found, key=lambda each: (each[0].start(), -each[0].end())):
        if not kept or match.start() >= kept[-1][0].end():
            kept.append((match, code))
    return kept
