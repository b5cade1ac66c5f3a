"""Printed labels against a form's headings: which heading a row's or a column's labels lead to.

Labels in, a trail of headings out. Knows neither cells nor values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from dashboard.definitions import Heading, Trail, trails
from dashboard.forms import labels


class AmbiguousLabel(Exception):
    """More than one heading fits, and nothing around the label tells which."""


class Matcher:
    """The headings of one direction of a table, found by their wordings."""

    def __init__(self, headings: tuple[Heading, ...]) -> None:
        self.headings = headings
        self._exact: dict[str, list[Trail]] = {}
        self._loose: list[tuple[re.Pattern[str], Trail]] = []
        self._known: dict[str, list[Trail]] = {}
        for trail in filter(None, trails(headings)):
            for wording in trail[-1].labels:
                if "*" in wording:
                    self._loose.append((labels.pattern(wording), trail))
                elif trail not in (same := self._exact.setdefault(labels.normalise(wording), [])):
                    same.append(trail)

    def knows(self, printed: str) -> bool:
        return bool(self._named(labels.normalise(printed)))

    def has_wording(self, printed: str) -> bool:
        """True where a heading is worded just so: `*` in a wording would take any words for more of the label."""
        return labels.normalise(printed) in self._exact

    def find(self, printed: Sequence[str], here: Trail = ()) -> Trail | None:
        """The trail that the last of `printed` names; those before it, then the trail we stand on, settle doubts.

        None where the form has no such heading. Raises AmbiguousLabel where several fit equally well.
        """
        if not self.headings:
            return ()
        if not printed:
            return None
        *outer, own = [labels.normalise(label) for label in printed]
        found = self._named(own)
        if len(found) > 1:
            found = _best(found, [_agreement(trail[:-1], outer) for trail in found])
        if len(found) > 1:
            found = _best(found, [_shared(trail[:-1], here) for trail in found])
        if len(found) > 1:
            raise AmbiguousLabel
        return found[0] if found else None

    def spoken_of(self, title: str) -> list[str]:
        """The outer headings that a title above a table names: 行政诉讼 in `（二）行政诉讼情况`."""
        plain = labels.normalise(title)
        outer = [trail[-1] for trail in trails(self.headings) if trail and trail[-1].parts]
        return [each.label for each in outer if any(labels.normalise(label) in plain for label in each.labels)]

    def _named(self, label: str) -> list[Trail]:
        """All trails whose heading has this wording; one of plain wording goes before one with `*`."""
        if label and label not in self._known:
            loose = [trail for pattern, trail in self._loose if pattern.fullmatch(label)]
            self._known[label] = self._exact.get(label) or list(dict.fromkeys(loose))
        return self._known.get(label, [])


@cache
def matcher(headings: tuple[Heading, ...]) -> Matcher:
    return Matcher(headings)


def _agreement(above: Trail, printed: Sequence[str]) -> int:
    """How many of the printed outer labels name a heading above."""
    wordings = {labels.normalise(word) for heading in above for word in heading.labels}
    return sum(label in wordings for label in printed)


def _shared(above: Trail, here: Trail) -> int:
    """How many of the outermost headings two trails share."""
    depth = 0
    for one, other in zip(above, here, strict=False):
        if one is not other:
            break
        depth += 1
    return depth


def _best(found: list[Trail], scores: list[int]) -> list[Trail]:
    highest = max(scores)
    return [trail for trail, score in zip(found, scores, strict=True) if score == highest]
