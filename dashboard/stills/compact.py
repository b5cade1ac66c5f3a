"""The shapes of a drawing written as a small, strict SVG: presentation attributes only, no style, no script, no link.

What has the same paint stands in one group, and outlines of the same paint in one path. How a colour is told, and what
stands on the root, is the caller's; so the same writes the still of a page and the file of a download.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from dashboard.stills import paths
from dashboard.stills.paths import Box
from dashboard.stills.shapes import Drawn, Outline, Paint, Pattern, Shape, Words

Colour = Callable[[str], str]  # "#1f6fb5" -> how it is written

_RGB = re.compile(r"rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*([\d.]+)\s*)?\)")
_HEX = re.compile(r"#[0-9a-f]{6}")
_NO_BREAK = "\u00a0"
_SPACES = re.compile(r"^ +| +$| {2,}")


def compact(drawn: Drawn, colour: Colour, prefix: str, root: str = "", head: str = "") -> str:
    """`prefix` begins every id; `root` are more attributes of the svg element, `head` what stands first in it."""
    return _Writer(colour, prefix).svg(drawn, root, head)


def _as_dot(shape: Shape) -> Shape:
    """A disc without a rim is a line of no length with round ends: the same picture in a quarter of the letters."""
    if not isinstance(shape, Outline) or shape.pattern or shape.paint["stroke"] != "none":
        return shape
    found = paths.disc(shape.steps)
    if found is None or shape.paint["fill"] == "none":
        return shape
    x, y, radius = found
    # In the order in which other lines tell theirs.
    paint = {"fill": "none", "stroke": shape.paint["fill"], "stroke-width": paths.shortest(2 * radius)}
    if "fill-opacity" in shape.paint:
        paint["stroke-opacity"] = shape.paint["fill-opacity"]
    others = {name: value for name, value in shape.paint.items() if not name.startswith(("fill", "stroke"))}
    return replace(shape, steps=[("M", (x, y)), ("h", (0.0,))], paint=paint | {"stroke-linecap": "round"} | others)


class _Writer:
    def __init__(self, colour: Colour, prefix: str) -> None:
        self._colour = colour
        self._prefix = prefix
        self._ids: dict[str, str] = {}  # a definition -> its id

    def svg(self, drawn: Drawn, root: str, head: str) -> str:
        body = "".join(self._groups(tuple(map(_as_dot, drawn.shapes))))
        defined = "".join(f"{start} id={quoteattr(name)}{end}" for (start, end), name in self._definitions())
        defs = f"<defs>{defined}</defs>" if defined else ""
        return f'<svg viewBox="0 0 {drawn.width} {drawn.height}"{root}>{head}{defs}{body}</svg>'

    def _definitions(self) -> Iterator[tuple[tuple[str, str], str]]:
        for definition, name in self._ids.items():
            start, space, rest = definition.partition("\0")
            yield (start, rest if space else ""), name

    def _groups(self, shapes: tuple[Shape, ...]) -> Iterator[str]:
        for attributes, group in groupby(shapes, key=self._attributes):
            same = list(group)
            elements = list(self._elements(same, attributes))
            if len(elements) == 1:
                yield elements[0].replace("\0", attributes, 1)
            else:
                yield f"<g{attributes}>{''.join(each.replace(chr(0), '', 1) for each in elements)}</g>"

    def _elements(self, shapes: list[Shape], attributes: str) -> Iterator[str]:
        """With a zero where the attributes would go, should the element stand alone."""
        together: list[str] = []
        for shape in shapes:
            if isinstance(shape, Words):
                yield self._words(shape)
            elif "opacity" in attributes:  # what lies over each other would not add up in one path
                yield f'<path\0 d="{paths.written(shape.steps)}"/>'
            else:
                together.append(paths.written(shape.steps))
        if together:
            yield f'<path\0 d="{"".join(together)}"/>'

    def _words(self, words: Words) -> str:
        said = "".join(self._run(run, paint) for run, paint in words.runs)
        return f'<text\0 x="{paths.shortest(words.x)}" y="{paths.shortest(words.y)}">{said}</text>'

    def _run(self, run: str, paint: Paint) -> str:
        said = escape(_SPACES.sub(lambda found: _NO_BREAK * len(found[0]), run))
        return f"<tspan{self._paint(paint)}>{said}</tspan>" if paint else said

    def _attributes(self, shape: Shape) -> str:
        paint = dict(shape.paint)
        if isinstance(shape, Words):
            del paint["stroke"]
            return self._paint(paint)
        if shape.pattern and paint["fill"] != "none":
            paint["fill"] = f"url(#{self._pattern(shape.pattern)})"
        elif paint["fill"] == "none" and not paths.has_area(shape.steps):
            del paint["fill"]  # there is nothing to fill
        if paint["stroke"] == "none":
            del paint["stroke"]
        clip = f' clip-path="url(#{self._clip(shape.clip)})"' if shape.clip else ""
        return self._paint(paint) + clip

    def _paint(self, paint: Paint) -> str:
        told = dict[str, str]()
        for name, value in paint.items():
            if name not in ("fill", "stroke"):
                told[name] = value
                continue
            told[name], opacity = self._coloured(value)
            if opacity < 1:
                told[f"{name}-opacity"] = f"{opacity * float(paint.get(f'{name}-opacity', '1')):g}"
        return "".join(f" {name}={quoteattr(value)}" for name, value in told.items())

    def _coloured(self, value: str) -> tuple[str, float]:
        if value == "none" or value.startswith("url(#"):
            return value, 1.0
        rgb = _RGB.fullmatch(value)
        if rgb:
            red, green, blue = (int(rgb[place]) for place in (1, 2, 3))
            return self._colour(f"#{red:02x}{green:02x}{blue:02x}"), float(rgb[4] or 1)
        if not _HEX.fullmatch(value.lower()):
            raise ValueError(f"unknown colour {value}")
        return self._colour(value.lower()), 1.0

    def _clip(self, clip: Box) -> str:
        left, top, right, bottom = clip
        outline = paths.written(paths.rectangle(left, top, right - left, bottom - top))
        return self._id(f'<clipPath\0><path d="{outline}"/></clipPath>')

    def _pattern(self, pattern: Pattern) -> str:
        tile = "".join(self._groups(pattern.outlines))
        layout = f"translate({paths.shortest(pattern.dx)} {paths.shortest(pattern.dy)}){pattern.transform}"
        size = f'width="{pattern.width:.2f}" height="{pattern.height:.2f}"'
        start = f'<pattern {size} patternUnits="userSpaceOnUse" patternTransform="{layout}"'
        return self._id(f"{start}\0>{tile}</pattern>")

    def _id(self, definition: str) -> str:
        return self._ids.setdefault(definition, f"{self._prefix}{len(self._ids)}")
