"""Numbers that Word draws by itself: the counters of numbering.xml, run in document order.

Comes in: the numbering and style parts of a DOCX. Goes out: the text before each numbered paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from dashboard.documents.numerals import numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def value(parent: etree._Element | None, path: str) -> str | None:
    """`w:val` of the element at `path` (names joined by /) below `parent`."""
    if parent is None:
        return None
    element = parent.find("/".join(W + name for name in path.split("/")))
    return None if element is None else element.get(f"{W}val", "")


def integer(text: str | None, default: int = 0) -> int:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,6}", text) else default


@dataclass(slots=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = ""
    restart: int | None = None  # the level whose step starts this one anew; None: any higher one; 0: none
    is_legal: bool = False  # all numbers in plain digits
    separator: str = ""
    paragraph_style: str | None = None


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts through a document; `label` must be asked for every numbered paragraph, in order."""

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._overrides: dict[str, dict[int, int]] = {}
        if root is None:
            return
        abstract = {
            element.get(f"{W}abstractNumId", ""): _List(_levels(element))
            for element in root.iterfind(f"{W}abstractNum")
        }
        for number in root.iterfind(f"{W}num"):
            shared = abstract.get(value(number, "abstractNumId") or "")
            if shared is not None:
                self._add(number.get(f"{W}numId", ""), number, shared)

    def _add(self, number_id: str, number: etree._Element, shared: _List) -> None:
        levels = _levels(number, f"{W}lvlOverride/{W}lvl")
        self._lists[number_id] = shared if not levels else _List(shared.levels | levels, shared.counts)
        self._overrides[number_id] = {
            integer(override.get(f"{W}ilvl")): integer(start)
            for override in number.iterfind(f"{W}lvlOverride")
            if (start := value(override, "startOverride")) is not None
        }

    def level_of_style(self, number_id: str, style: str) -> int:
        """The level that names a paragraph style as its own; the first where none does."""
        found = self._lists.get(number_id)
        levels = found.levels.items() if found else ()
        return next((depth for depth, level in levels if level.paragraph_style == style), 0)

    def label(self, number_id: str, depth: int) -> str:
        """The next number of this list at this depth as printed, empty for bullets and unknown lists."""
        found = self._lists.get(number_id)
        if found is None or depth not in found.levels:
            return ""
        self._step(found, depth, self._overrides[number_id].pop(depth, None))
        level = found.levels[depth]
        if level.style == "bullet":
            return ""
        text = re.sub(r"%(\d)", lambda match: _shown(found, int(match[1]) - 1, level.is_legal), level.text)
        return text + level.separator if text[-1:].isalnum() else text

    @staticmethod
    def _step(found: _List, depth: int, restart_at: int | None) -> None:
        start = found.levels[depth].start if restart_at is None else restart_at
        is_new = depth not in found.counts or restart_at is not None
        found.counts[depth] = start if is_new else found.counts[depth] + 1
        for deeper in [d for d in found.counts if d > depth]:
            restart = found.levels[deeper].restart if deeper in found.levels else None
            if restart is None or restart > depth:
                del found.counts[deeper]


def _shown(found: _List, depth: int, is_legal: bool) -> str:
    level = found.levels.get(depth, _Level())
    return numeral(found.counts.get(depth, level.start), "decimal" if is_legal else level.style)


def _levels(parent: etree._Element, path: str = f"{W}lvl") -> dict[int, _Level]:
    levels = {}
    for element in parent.iterfind(path):
        restart = value(element, "lvlRestart")
        levels[integer(element.get(f"{W}ilvl"))] = _Level(
            start=integer(value(element, "start"), 1),
            style=value(element, "numFmt") or "decimal",
            text=value(element, "lvlText") or "",
            restart=None if restart is None else integer(restart),
            is_legal=element.find(f"{W}isLgl") is not None,
            separator="" if value(element, "suff") == "nothing" else " ",
            paragraph_style=value(element, "pStyle"),
        )
    return levels
