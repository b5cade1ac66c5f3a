"""The look of every figure, in one place: colours with one meaning each, type, axes in the reader's manner."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from dashboard.figures.sheet import Sheet
from dashboard.messages import Language, number, quantity, text

SANS = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",system-ui,sans-serif'
FONT_SIZE = 13


class Theme(StrEnum):
    """`AUTO` is for drawings whose reader decides: each of its colours is no colour but stands for a name."""

    LIGHT = "light"
    DARK = "dark"
    AUTO = "auto"


# Each at least 3:1 against its paper, and the ink on it 4.5:1 against it. Departments blue, localities orange, an
# office's own account purple, not broken down grey; granted green, already
# public light green, partly yellow, refused red, the rest grey. Told apart by those who see no red or green as well.
_COLOURS = {
    Theme.LIGHT: {
        "departments": "#1f6fb5",
        "localities": "#c27417",
        "own": "#7d4fa8",
        "rest": "#8a95a3",
        "accent": "#1f6fb5",
        "good": "#198363",
        "good2": "#4fa38a",
        "mid": "#b08d1c",
        "bad": "#c0442f",
        "grey": "#8a95a3",
        "ink": "#16202e",
        "ink2": "#5b6776",
        "line": "#e3e7ec",
        "paper": "#ffffff",
        "on": "#ffffff",
        "on-pale": "#16202e",
        "seal": "#b3261e",
        "link": "#1a64a6",
    },
    Theme.DARK: {
        "departments": "#5aa2e0",
        "localities": "#e9a24a",
        "own": "#b48ad6",
        "rest": "#7b8796",
        "accent": "#5aa2e0",
        "good": "#3fb28f",
        "good2": "#7fd0b6",
        "mid": "#d8c15a",
        "bad": "#e5735f",
        "grey": "#7b8796",
        "ink": "#e8ecf2",
        "ink2": "#a8b3c2",
        "line": "#2c3644",
        "paper": "#161d27",
        "on": "#10151c",
        "on-pale": "#10151d",
        "seal": "#f08a7c",
        "link": "#6db0ea",
    },
}
# Colours nobody would choose, one a name, so that a drawing made with them can be told by name again.
_COLOURS[Theme.AUTO] = {name: f"#fe{place:02x}01" for place, name in enumerate(_COLOURS[Theme.LIGHT])}
# Marks pale enough on white to want dark ink.
_PALE = ("localities", "good2", "mid", "rest", "grey")


@dataclass(frozen=True, slots=True)
class Look:
    """How a figure is drawn: theme, language, and whether for the width of a phone."""

    theme: Theme = Theme.LIGHT
    language: Language = Language.ZH
    is_narrow: bool = False

    def colour(self, name: str) -> str:
        return _COLOURS[self.theme][name or "accent"]

    def faded(self, name: str, opacity: float) -> str:
        """The colour over paper, for links and for what is derived."""
        red, green, blue = (int(self.colour(name)[place : place + 2], 16) for place in (1, 3, 5))
        return f"rgba({red},{green},{blue},{opacity})"

    def on(self, name: str) -> str:
        """The ink that reads on a mark of this colour."""
        return self.colour("on-pale" if name in _PALE else "on")

    def text(self, message_id: str, **values: object) -> str:
        return text(message_id, self.language, **values)

    def amount(self, value: Decimal | None, unit: str, absence: str | None = None) -> str:
        """A value with its unit, in full digits; an absence in words."""
        if value is None:
            return self.text(f"absence.{absence or 'blank'}")
        return " ".join(quantity(value, unit, self.language)).strip()


def declarations(theme: Theme) -> str:
    """The colours of a theme as CSS: --departments:#1f6fb5;--localities:#c27417;… for drawings made with `AUTO`."""
    return "".join(f"--{name}:{colour};" for name, colour in _COLOURS[theme].items())


@cache
def names() -> dict[str, str]:
    """Colour of `AUTO` -> the name it stands for."""
    return {colour: name for name, colour in _COLOURS[Theme.AUTO].items()}


@cache
def template(theme: Theme) -> dict[str, Any]:
    """The plotly template of a theme; nobody changes it."""
    look = Look(theme)
    axis = {
        "gridcolor": look.colour("line"),
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": 12, "color": look.colour("ink2")},
        "automargin": True,
        "fixedrange": True,
    }
    return {
        "layout": {
            "font": {"family": SANS, "size": FONT_SIZE, "color": look.colour("ink2")},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 4, "r": 8, "t": 8, "b": 8},
            "xaxis": axis,
            "yaxis": axis | {"showgrid": False, "tickfont": {"size": FONT_SIZE, "color": look.colour("ink")}},
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": -0.16,
                "yanchor": "top",
                "font": {"size": 12},
                "itemclick": False,
                "itemdoubleclick": False,
                "traceorder": "normal",
            },
            "hoverlabel": {"font": {"family": SANS, "size": FONT_SIZE}, "align": "left"},
            "bargap": 0.42,
            "dragmode": False,
            "separators": ".,",
        }
    }


def figure(look: Look, height: int, **layout: Any) -> Sheet:
    """An empty figure in the theme's template; drawn as wide as its card."""
    return Sheet(**{"template": template(look.theme), "height": height, "autosize": True} | layout)


def axis(highest: Decimal | float, look: Look, steps: int = 4) -> dict[str, Any]:
    """Ticks at round numbers up to `highest`, written 10万 in Chinese and 100,000 in English, from zero."""
    top = float(highest) or 1.0
    raw = top / steps
    size = 10 ** math.floor(math.log10(raw))
    step = next(size * each for each in (1, 2, 2.5, 5, 10) if size * each >= raw)
    step = max(step, 1.0) if top >= 1 else step
    ticks = [step * index for index in range(int(top / step) + 1)]
    return {
        "tickvals": ticks,
        "ticktext": [_tick(tick, look.language) for tick in ticks],
        "range": [0, top * 1.02],
    }


def _tick(value: float, language: Language) -> str:
    if language is Language.ZH and value >= 10000:
        return f"{number(Decimal(str(value)) / 10000)}万"
    return number(Decimal(str(value)))


def drawn(value: object) -> float | None:
    """A value for the drawing; None stays a gap. Text and tables always use the exact value."""
    return None if value is None else float(value)  # type: ignore[arg-type]  # a cell of a frame, an exact number


def wrapped(label: str, look: Look, longest: int = 8) -> str:
    """A label for an axis: on a phone over several lines, in either language."""
    if not look.is_narrow or len(label) <= longest:
        return label
    if label.isascii() and " " not in label:
        return label  # a word is not broken
    if " " not in label:
        # Lines of about one length: a last one of a single character reads as a slip.
        even = math.ceil(len(label) / math.ceil(len(label) / longest))
        return "<br>".join(label[start : start + even] for start in range(0, len(label), even))
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + len(word) >= longest * 1.8:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
