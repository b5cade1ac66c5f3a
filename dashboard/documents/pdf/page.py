"""One page of a PDF as pdfium gives it: glyphs with their places, ruling lines, and how much of it is
images.

Coordinates are in points with x to the right and y down, turned so that most of the text is upright.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

MAX_RULES = 20_000  # more is a map or a drawing, not a table
_MAX_DEPTH = 8  # of forms in forms
_THIN = 3.5  # a filled rectangle up to this is a line
_SHORT = 2.0
_BROKEN = "\ufffd"

# Fonts whose table maps a character to the radical of the same shape; NFKC knows those of Kangxi only.
_RADICALS = dict(
    zip(
        "⺠⺟⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰",
        "民母虎西见角贝车长门青页风飞食马鱼鸟麦黄齐齿龙",
        strict=True,
    )
)


@dataclass(slots=True)
class Glyph:
    """A character; y is its baseline, size its height."""

    text: str
    x0: float
    x1: float
    y: float
    size: float

    @property
    def middle(self) -> float:
        return self.y - 0.35 * self.size


@dataclass(slots=True)
class Rule:
    """A straight line along x or y: `at` is its fixed coordinate, `start` to `end` the other."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    number: int
    glyphs: list[Glyph] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    image_share: float = 0.0  # of the page's area
    broken: int = 0  # glyphs without a character
    visible: int = 0  # glyphs that are painted: OCR lays invisible ones over a scan


class _Turn:
    """From pdfium's coordinates (y up) to ours, turned against the text's angle."""

    def __init__(self, angle: float) -> None:
        self._cos, self._sin = round(math.cos(angle)), -round(math.sin(angle))  # pdfium turns clockwise

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        return x * self._cos + y * self._sin, x * self._sin - y * self._cos


def extract(document: Any, index: int) -> Page:
    """Page `index` (from 0). Raises pypdfium2.PdfiumError where pdfium cannot load it."""
    source = document[index]
    text = source.get_textpage()
    try:
        page = Page(index + 1)
        turn = _Turn(_angle(text.raw))
        width, height = source.get_size()
        _take_glyphs(text.raw, page, turn)
        _Paths(page, turn, width * height).take(source.raw)
        return page
    finally:
        text.close()
        source.close()


def _angle(text: Any) -> float:
    """The direction of most of the text, in quarter turns: wide tables stand sideways on portrait pages."""
    total = pdfium.FPDFText_CountChars(text)
    angles = (
        pdfium.FPDFText_GetCharAngle(text, index)
        for index in range(0, total, max(1, total // 200))
        if not pdfium.FPDFText_IsGenerated(text, index)
    )
    quarters = Counter(round(angle / (math.pi / 2)) % 4 for angle in angles if math.isfinite(angle))
    return (quarters.most_common(1)[0][0] if quarters else 0) * math.pi / 2


def _take_glyphs(text: Any, page: Page, turn: _Turn) -> None:
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    for index in range(pdfium.FPDFText_CountChars(text)):
        character = _character(pdfium.FPDFText_GetUnicode(text, index))
        if character.isspace() and pdfium.FPDFText_IsGenerated(text, index):
            continue  # pdfium's guess at a space or line end; ours knows about tables
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        one, other = turn(box.left, box.bottom), turn(box.right, box.top)
        left, right = sorted((one[0], other[0]))
        glyph = Glyph(character, left, right, turn(x.value, y.value)[1], abs(one[1] - other[1]))
        page.broken += character == _BROKEN
        page.visible += not _is_invisible(text, index)
        if glyph.size > 0.5 and _is_somewhere(glyph.x0, glyph.x1, glyph.y, glyph.size):
            page.glyphs.append(glyph)


def _is_somewhere(*numbers: float) -> bool:
    """A file may scale its content until places are no numbers."""
    return all(map(math.isfinite, numbers))


def _is_invisible(text: Any, index: int) -> bool:
    thing = pdfium.FPDFText_GetTextObject(text, index)
    return bool(pdfium.FPDFTextObj_GetTextRenderMode(thing) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)


def _character(code: int) -> str:
    if code in {0, 0xFFFE, 0xFFFF} or 0xE000 <= code <= 0xF8FF or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return _BROKEN
    character = chr(code)
    if "\u2e80" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufaff":
        return _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    return character if character.isprintable() or character.isspace() else " "


class _Paths:
    """Goes through a page's objects, forms inside included, and notes straight lines and images."""

    def __init__(self, page: Page, turn: _Turn, area: float) -> None:
        self._page, self._turn, self._area = page, turn, area

    def take(self, source: Any) -> None:
        for index in range(pdfium.FPDFPage_CountObjects(source)):
            self._take(pdfium.FPDFPage_GetObject(source, index), (), 0)

    def _take(self, thing: Any, matrices: tuple[pdfium.FS_MATRIX, ...], depth: int) -> None:
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_PATH and len(self._page.across) + len(self._page.down) <= MAX_RULES:
            self._path(thing, (_matrix(thing), *matrices))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self._image(_matrix(thing), matrices)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            inner = (_matrix(thing), *matrices)
            for index in range(pdfium.FPDFFormObj_CountObjects(thing)):
                self._take(pdfium.FPDFFormObj_GetObject(thing, index), inner, depth + 1)

    def _image(self, own: pdfium.FS_MATRIX, matrices: tuple[pdfium.FS_MATRIX, ...]) -> None:
        """An image fills the unit square under its matrix; skewed ones are counted by their parallelogram."""
        area = 1.0
        for matrix in (own, *matrices):
            area *= abs(matrix.a * matrix.d - matrix.b * matrix.c)
        self._page.image_share += min(area / self._area, 1.0) if self._area and not math.isnan(area) else 0.0

    def _path(self, thing: Any, matrices: tuple[pdfium.FS_MATRIX, ...]) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(thing, fill, stroke)
        if not fill.value and not stroke.value:
            return
        for points in _subpaths(thing, matrices, self._turn):
            if stroke.value:
                for (x0, y0), (x1, y1) in pairwise(points):
                    self._line(x0, y0, x1, y1, 1.0)
            elif len(points) > 1:
                xs, ys = [x for x, _ in points], [y for _, y in points]
                self._line(min(xs), min(ys), max(xs), max(ys), _THIN)

    def _line(self, x0: float, y0: float, x1: float, y1: float, thickness: float) -> None:
        if not _is_somewhere(x0, y0, x1, y1):
            return
        wide, high = abs(x1 - x0), abs(y1 - y0)
        if high <= thickness and wide > max(_SHORT, high):
            self._page.across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif wide <= thickness and high > max(_SHORT, wide):
            self._page.down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _matrix(thing: Any) -> pdfium.FS_MATRIX:
    matrix = pdfium.FS_MATRIX(1, 0, 0, 1, 0, 0)
    pdfium.FPDFPageObj_GetMatrix(thing, matrix)
    return matrix


def _subpaths(thing: Any, matrices: tuple[pdfium.FS_MATRIX, ...], turn: _Turn) -> list[list[tuple[float, float]]]:
    """Corner points of each part of a path that has straight sides only."""
    x, y = ctypes.c_float(), ctypes.c_float()
    parts: list[list[tuple[float, float]]] = []
    curved: set[int] = set()
    for index in range(min(pdfium.FPDFPath_CountSegments(thing), 4 * MAX_RULES)):
        segment = pdfium.FPDFPath_GetPathSegment(thing, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        px, py = x.value, y.value
        for m in matrices:
            px, py = m.a * px + m.c * py + m.e, m.b * px + m.d * py + m.f
        if kind == pdfium.FPDF_SEGMENT_MOVETO or not parts:
            parts.append([])
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            curved.add(len(parts) - 1)
        parts[-1].append(turn(px, py))
        if pdfium.FPDFPathSegment_GetClose(segment):
            parts[-1].append(parts[-1][0])
    return [points for number, points in enumerate(parts) if number not in curved]
