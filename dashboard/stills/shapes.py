"""The SVG that plotly draws, as what of it is seen: outlines and lines of text, each with its place and its paint.

Takes a drawing apart strictly: what is known is read, what shows nothing is left out, anything else is a ValueError.
Knows neither charts nor where the drawing goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from dashboard.stills import paths
from dashboard.stills.paths import Box, Step

# What a group passes on to what it holds.
_INHERITED = {"fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap",
              "font-size", "font-weight", "font-style", "text-anchor", "visibility"}  # fmt: skip
_KNOWN = _INHERITED | {"opacity", "display"}
_TRANSFORM = re.compile(r"(translate|rotate|scale|matrix)\(([^)]*)\)\s*")
_SMALLER = re.compile(r"scale\(([\d.]+)\)\s*$")
_REFERENCE = re.compile(r"""url\(\s*["']?#([^"')\s]+)["']?\s*\)""")
_NOTHING = {"fill": "none", "stroke": "none"}

Paint = dict[str, str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A hatching: its tile, and how it is laid out."""

    outlines: tuple[Outline, ...]
    width: float
    height: float
    dx: float
    dy: float
    transform: str


@dataclass(frozen=True, slots=True)
class Outline:
    steps: list[Step]
    paint: Paint
    clip: Box | None = None
    pattern: Pattern | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; a run is words with what differs in their paint."""

    x: float
    y: float
    runs: tuple[tuple[str, Paint], ...]
    paint: Paint


Shape = Outline | Words


@dataclass(frozen=True, slots=True)
class _State:
    """What holds where the reading has come to."""

    dx: float = 0.0
    dy: float = 0.0
    opacity: float = 1.0
    paint: Paint = field(default_factory=dict)
    clip: Box | None = None
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Drawn:
    width: int
    height: int
    shapes: tuple[Shape, ...]


def read(svg: bytes) -> Drawn:
    """Raises ValueError for what is no drawing of plotly's."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, huge_tree=False)
    try:
        root = etree.fromstring(svg, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("not well-formed") from error
    if _tag(root) != "svg":
        raise ValueError("no svg")
    reader = _Reader(root)
    shapes = tuple(shape for child in root for shape in reader.shapes(child, _State()))
    return Drawn(int(float(root.get("width", "0"))), int(float(root.get("height", "0"))), shapes)


class _Reader:
    def __init__(self, root: etree._Element) -> None:
        self._named = {element.get("id", ""): element for element in root.iter() if element.get("id")}

    def shapes(self, element: etree._Element, state: _State) -> Iterator[Shape]:
        tag = _tag(element)
        if tag in ("defs", "clipPath", "title", "desc"):
            return
        state = self._within(element, state)
        if state.opacity == 0 or state.paint.get("visibility") == "hidden" or _style(element).get("display") == "none":
            return
        if tag in ("g", "svg", "a"):
            for child in element:
                yield from self.shapes(child, state)
        elif tag in ("path", "rect"):
            yield from self._outline(element, state)
        elif tag == "text":
            yield from _text(element, state)
        else:
            raise ValueError(f"unknown element {tag}")

    def _within(self, element: etree._Element, state: _State) -> _State:
        style = _style(element)
        transform = element.get("transform", "")
        # Words that are wider than their area are drawn smaller.
        scaled = _SMALLER.search(transform) if _tag(element) == "text" else None
        dx, dy = _offset(transform[: scaled.start()] if scaled else transform)
        inherited = {name: value for name, value in style.items() if name in _INHERITED}
        moved = replace(
            state,
            dx=state.dx + dx,
            dy=state.dy + dy,
            opacity=state.opacity * float(style.get("opacity", "1")),
            paint=state.paint | inherited,
            scale=float(scaled[1]) if scaled else 1.0,
        )
        return replace(moved, clip=self._clip(element, moved))

    def _clip(self, element: etree._Element, state: _State) -> Box | None:
        """The rectangle that an element is cut to, in the drawing's own coordinates."""
        named = _REFERENCE.search(element.get("clip-path", ""))
        if not named:
            return state.clip
        cut = [child for child in self._named[named[1]] if _tag(child) == "rect"]
        if len(cut) != 1:
            raise ValueError("a clip that is no rectangle")
        steps = paths.moved(_rectangle(cut[0]), state.dx, state.dy)
        left, top, right, bottom = paths.box(steps)
        if state.clip:
            inner = state.clip
            return max(left, inner[0]), max(top, inner[1]), min(right, inner[2]), min(bottom, inner[3])
        return left, top, right, bottom

    def _outline(self, element: etree._Element, state: _State) -> Iterator[Outline]:
        steps = paths.read(element.get("d", "")) if _tag(element) == "path" else _rectangle(element)
        if len(steps) < 2:
            return
        pattern = self._pattern(state)
        paint = _seen(state.paint, state.opacity, has_area=paths.has_area(steps))
        if paint["fill"] == "none" and paint["stroke"] == "none":
            return
        steps = paths.moved(steps, state.dx, state.dy)
        clip = state.clip if state.clip and not _is_within(paths.box(steps), state.clip) else None
        yield Outline(steps, paint, clip, pattern)

    def _pattern(self, state: _State) -> Pattern | None:
        named = _REFERENCE.search(state.paint.get("fill", ""))
        if not named:
            return None
        element = self._named[named[1]]
        tile = [shape for child in element for shape in self.shapes(child, _State())]
        scaled = element.get("patternTransform", "")
        if scaled and not re.fullmatch(r"scale\([\d.]+\)", scaled):
            raise ValueError(f"unknown pattern {scaled}")
        return Pattern(
            tuple(shape for shape in tile if isinstance(shape, Outline)),
            _number(element.get("width")),
            _number(element.get("height")),
            state.dx,
            state.dy,
            scaled,
        )


def _text(element: etree._Element, state: _State) -> Iterator[Words]:
    """One line for each line: plotly writes the lines of a label as tspans placed below each other."""
    paint = _seen(state.paint, state.opacity, has_area=True)
    if paint["fill"] == "none":
        return
    if state.scale != 1:
        paint |= {"font-size": f"{_number(paint.get('font-size', '16')) * state.scale:.3g}"}
    x, y = _number(element.get("x")), _number(element.get("y"))
    lines = [child for child in element if child.get("class") == "line"]
    for line in lines or [element]:
        size = _number(state.paint.get("font-size", "16"))
        own_x = _number(line.get("x"), x)
        own_y = _number(line.get("y"), y) + _drop(line.get("dy", "0"), size)
        runs = tuple(_runs(line, {}, state.opacity))
        if "".join(words for words, _ in runs).strip():
            yield Words(own_x * state.scale + state.dx, own_y * state.scale + state.dy, runs, paint)


def _runs(element: etree._Element, paint: Paint, opacity: float) -> Iterator[tuple[str, Paint]]:
    if element.text:
        yield element.text, paint
    for child in element:
        if _tag(child) not in ("tspan", "a"):
            raise ValueError(f"unknown element {_tag(child)} in text")
        own = {name: value for name, value in _style(child).items() if name in _INHERITED}
        yield from _runs(child, paint | _plain(own), opacity)
        if child.tail:
            yield child.tail, paint


def _style(element: etree._Element) -> Paint:
    """Presentation attributes and style together; the style wins, as in a browser."""
    told = {name: value for name, value in element.attrib.items() if name in _KNOWN}
    for declaration in element.get("style", "").split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() in _KNOWN:
            told[name.strip()] = value.strip()
    return {str(name): str(value) for name, value in told.items()}


def _seen(paint: Paint, opacity: float, *, has_area: bool) -> Paint:
    """Only what makes a difference to the eye; fill and stroke are always told."""
    fill, stroke = paint.get("fill", "rgb(0, 0, 0)"), paint.get("stroke", "none")
    fill_opacity = float(paint.get("fill-opacity", "1")) * opacity
    stroke_opacity = float(paint.get("stroke-opacity", "1")) * opacity
    width = _number(paint.get("stroke-width", "1"))
    is_filled = has_area and fill != "none" and fill_opacity > 0
    is_stroked = stroke != "none" and stroke_opacity > 0 and width > 0
    seen = dict(_NOTHING)
    if is_filled:
        seen["fill"] = fill
        seen |= {"fill-opacity": f"{fill_opacity:g}"} if fill_opacity < 1 else {}
    if is_stroked:
        seen |= {"stroke": stroke, "stroke-width": f"{width:g}"}
        seen |= {"stroke-opacity": f"{stroke_opacity:g}"} if stroke_opacity < 1 else {}
        seen |= {name: paint[name] for name in ("stroke-dasharray", "stroke-linecap") if name in paint}
    return seen | _plain({name: value for name, value in paint.items() if name.startswith(("font-", "text-"))})


def _plain(paint: Paint) -> Paint:
    """Sizes without a unit, and nothing that is so anyway."""
    without = {name: value.removesuffix("px") if name == "font-size" else value for name, value in paint.items()}
    defaults = {"text-anchor": "start", "font-weight": "normal", "font-style": "normal", "fill-opacity": "1"}
    return {name: value for name, value in without.items() if defaults.get(name) != value}


def _offset(transform: str) -> tuple[float, float]:
    """Plotly's transforms move; a turn by nothing and a matrix of ones do nothing."""
    dx = dy = 0.0
    if _TRANSFORM.sub("", transform).strip():
        raise ValueError(f"unknown transform {transform}")
    for name, told in _TRANSFORM.findall(transform):
        numbers = [float(each) for each in re.split(r"[\s,]+", told.strip())]
        if name == "translate":
            dx, dy = dx + numbers[0], dy + (numbers[1] if len(numbers) > 1 else 0)
        elif name == "matrix" and numbers[:4] == [1, 0, 0, 1]:
            dx, dy = dx + numbers[4], dy + numbers[5]
        elif not (name == "rotate" and numbers[0] == 0) and not (name == "scale" and set(numbers) == {1.0}):
            raise ValueError(f"unknown transform {transform}")
    return dx, dy


def _rectangle(element: etree._Element) -> list[Step]:
    x, y = _number(element.get("x")), _number(element.get("y"))
    width, height = _number(element.get("width")), _number(element.get("height"))
    return paths.rectangle(x, y, width, height) if width > 0 and height > 0 else []


def _is_within(inner: Box, outer: Box) -> bool:
    slack = 0.05
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def _number(told: str | None, default: float = 0.0) -> float:
    return default if told is None else float(told.removesuffix("px"))


def _drop(dy: str, size: float) -> float:
    return float(dy.removesuffix("em")) * size if dy.endswith("em") else _number(dy)


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname
