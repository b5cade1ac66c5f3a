"""What a drawing is once it is done: a figure as SVG, for a wide frame and for a narrow one; to bytes and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

# Pixels: what the narrow picture is drawn for, the wide one at least, and the least frame that shows the wide one.
NARROW, _WIDE, _BELOW = 340, 640, 520
# A frame of a page elsewhere: drawn a little wider than the narrowest that shows it, so that text is hardly enlarged.
_SPARE = 120


def shows_below(figure: Mapping[str, Any]) -> int:
    """Frames narrower than this show the narrow picture of a chart's figure."""
    return max(int(figure["layout"]["meta"]["below"]), _BELOW)


def wide_width(figure: Mapping[str, Any]) -> int:
    """What the wide picture of a chart's figure is drawn for."""
    return max(_WIDE, int(figure["layout"]["meta"]["below"]) + _SPARE)


@dataclass(frozen=True, slots=True)
class Picture:
    """`svg` is an element to stand in a page, without a size of its own; `width` and `height` are what it was drawn for.

    Its colours are the CSS variables of `figures.theme.declarations`, its font is that of the page.
    """

    svg: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Still:
    """A frame of fewer pixels than `below` shows `narrow`."""

    wide: Picture
    narrow: Picture
    below: int

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Still:
        held = json.loads(raw)
        return cls(Picture(**held["wide"]), Picture(**held["narrow"]), held["below"])
