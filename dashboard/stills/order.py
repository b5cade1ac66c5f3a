"""What the server asks of the drawing process: known to both sides, so it names the library only when it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["svg", "png"]
# How a whole file begins and ends.
_WHOLE: dict[Kind, tuple[bytes, bytes]] = {
    "svg": (b"<svg ", b"</svg>"),
    "png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """A figure to draw, as wide and high as told; `scale` is for png."""

    figure: dict[str, Any]
    width: int
    height: int
    kind: Kind = "svg"
    scale: int = 1

    def fits(self, drawn: object) -> bool:
        """Whether this may be what was asked for, and not the words of a browser that has broken."""
        start, end = _WHOLE[self.kind]
        return isinstance(drawn, bytes) and drawn.startswith(start) and drawn.endswith(end)


def start(browser: str, script: str) -> bool:
    from dashboard.stills import drawing

    drawing.start(browser, script)
    return True


def draw(orders: Sequence[Order]) -> list[bytes]:
    from dashboard.stills import drawing

    return drawing.draw(orders)
