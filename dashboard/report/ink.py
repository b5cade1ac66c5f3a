"""What a document is printed with: colours, or black alone, where greys and hatches tell apart what colours did.

Drawings whose colours are CSS variables come in, the same with hatches go out. Knows no chart and no page.
"""

from __future__ import annotations

import math
import re
from enum import StrEnum

from lxml import etree

from dashboard.figures.theme import Theme, declarations
from dashboard.stills import paths


class Ink(StrEnum):
    COLOUR = "colour"
    BLACK = "black"

    @property
    def told(self) -> str:
        """As an address has it; nothing where it is what addresses mean without a word."""
        return "" if self is Ink.COLOUR else self.value


# Of shapes that stand side by side none has the grey of its neighbour; where greys are not enough there are hatches.
_GREYS = {
    "departments": "#4a4a4a", "localities": "#8c8c8c", "own": "#6b6b6b", "rest": "#6b6b6b", "accent": "#4a4a4a",
    "good": "#6b6b6b", "good2": "#9a9a9a", "mid": "#8c8c8c", "bad": "#333333", "grey": "#c4c4c4",
    "ink": "#000000", "ink2": "#3d3d3d", "line": "#cccccc", "paper": "#ffffff", "on": "#000000", "on-pale": "#000000",
    "seal": "#000000", "link": "#000000",
}  # fmt: skip
_HATCHED = {"localities": "dots", "own": "level", "good": "falling", "good2": "dots", "mid": "level"}
_RIMMED = ("departments", "rest", "bad", "grey", *_HATCHED)
_ON_SHAPES = ("on", "on-pale")
# Lines that are cut to a shape, drawn rather than a fill that repeats: of such a fill, Chromium makes a large bitmap.
_WIDTHS = {"rising": "1.3", "falling": "1.1", "level": "1", "dots": "2"}
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")
_OWN_PATTERN = re.compile(r"url\(#([\w-]+)\)")


def colours(ink: Ink) -> str:
    """The CSS variables that drawings are made with."""
    if ink is Ink.COLOUR:
        return declarations(Theme.LIGHT)
    return "".join(f"--{name}:{grey};" for name, grey in _GREYS.items())


def inked(svg: str, name: str, ink: Ink) -> str:
    """A drawing as this ink has it: what repeats in it becomes lines, and in black what colours told apart.

    `name` is the drawing's alone in its document.
    """
    root = etree.fromstring(svg)
    patterns = {each.get("id", ""): each for each in root.iter("pattern")}
    for place, shape in enumerate([each for each in root if each.tag in ("path", "g", "text") and each.get("fill")]):
        _ink(shape, f"cut-{name}-{place}", patterns, ink)
    for pattern in patterns.values():
        _remove(pattern)
    return str(etree.tostring(root, encoding="unicode"))


def _ink(shape: etree._Element, id_: str, patterns: dict[str, etree._Element], ink: Ink) -> None:
    fill = shape.get("fill", "")
    repeated = _OWN_PATTERN.fullmatch(fill)
    if repeated and repeated[1] in patterns:
        stroke = next((each.get("stroke", "") for each in patterns[repeated[1]] if each.get("stroke")), "var(--ink2)")
        _hatch(shape, id_, "rising", stroke)
    named = _VARIABLE.fullmatch(fill)
    if ink is Ink.COLOUR or named is None:
        return
    if shape.get("font-size"):
        if named[1] in _ON_SHAPES or (named[1] == "ink" and shape.get("text-anchor") == "middle"):
            _edge(shape)
        return
    if named[1] not in _RIMMED:
        return
    is_faint = shape.get("fill-opacity") is not None
    if is_faint and not shape.get("stroke"):
        return  # a stream between two places that have names
    if not shape.get("stroke"):
        shape.set("stroke", "var(--ink)")
        shape.set("stroke-width", "0.7")
    if named[1] in _HATCHED:
        _hatch(shape, id_, _HATCHED[named[1]], "var(--ink2)" if is_faint else "var(--ink)")


def _edge(words: etree._Element) -> None:
    """Words on a shape, whatever it is filled with, have an edge of the paper's colour."""
    for name, value in (
        ("stroke", "var(--paper)"),
        ("stroke-width", "5"),
        ("stroke-linejoin", "round"),
        ("paint-order", "stroke"),
    ):
        words.set(name, value)


def _hatch(shape: etree._Element, id_: str, hatch: str, stroke: str) -> None:
    """The shape on white, and over it lines that are cut to it."""
    outlines = [each.get("d", "") for each in ([shape] if shape.tag == "path" else shape)]
    cut = etree.Element("clipPath", id=id_)
    for outline in outlines:
        etree.SubElement(cut, "path", d=outline)
    drawn = "".join(lines(hatch, paths.box(paths.read(each))) for each in outlines)
    over = etree.Element("path", fill="none", stroke=stroke, d=drawn)
    over.set("stroke-width", _WIDTHS[hatch])
    over.set("clip-path", f"url(#{id_})")
    if hatch == "dots":
        over.set("stroke-linecap", "round")
    shape.set("fill", "var(--paper)")
    if "fill-opacity" in shape.attrib:
        del shape.attrib["fill-opacity"]
    shape.addnext(over)
    shape.addnext(cut)


def lines(hatch: str, box: paths.Box) -> str:
    """A path that fills the box, and little more, with lines; the same field whatever box looks upon it."""
    left, top, right, bottom = math.floor(box[0]), math.floor(box[1]), math.ceil(box[2]), math.ceil(box[3])
    width, height = right - left, bottom - top
    if hatch == "level":
        return "".join(f"M{left} {y}h{width}" for y in _steps(top, bottom, 6))
    if hatch == "dots":
        rows = enumerate(_steps(top, bottom, 6), top // 6)
        return "".join(f"M{x} {y}h0" for row, y in rows for x in _steps(left, right, 6, row % 2 * 3))
    if hatch == "falling":
        starts = _steps(left - height, right, 8, top)
        return "".join(f"M{x} {top}l{height} {height}" for x in starts)
    return "".join(f"M{x} {top}l-{height} {height}" for x in _steps(left, right + height, 8, -top))


def _steps(low: int, high: int, step: int, phase: int = 0) -> range:
    """From the first multiple at or above `low`, with its `phase`, up to `high`."""
    return range(low + (phase - low) % step, high + 1, step)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
