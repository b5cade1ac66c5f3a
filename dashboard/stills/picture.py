"""What a drawing is once it is done: a figure as SVG, for a wide frame and for a narrow one; to bytes and back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


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
