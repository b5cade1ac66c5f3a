"""The rows and headers of a grid as text: labels beside and above, spans that a plain text has lost, rows it has split.

Knows where text stands, not what it means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from dashboard.documents.document import Cell
from dashboard.forms import labels
from dashboard.forms.cells import is_figure

Rows = list[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row as meant: its labels from the outermost to its own, the cell of its own, and its cells by column."""

    printed: tuple[str, ...]
    label: Cell
    cells: dict[int, Cell]
    has_figures: bool


def above(header: Rows, column: int) -> list[str]:
    """The texts above a column. An empty place with a heading below it belongs to the span on its left."""
    texts: list[str] = []
    for number, row in enumerate(header):
        below = header[number + 1][column].text.strip() if number + 1 < len(header) else ""
        place = column
        while below and place > 0 and not row[place].text.strip():
            place -= 1
        texts.append(row[place].text)
    return _distinct(texts)


def nearest_run(columns: set[int], column: int) -> tuple[int, ...]:
    """The run of neighbouring `columns` that is nearest on the left of `column`; else on its right."""
    left = [number for number in columns if number < column]
    start = max(left, default=min(columns, default=None))
    if start is None:
        return ()
    run = {start}
    while min(run) - 1 in columns:
        run.add(min(run) - 1)
    while not left and max(run) + 1 in columns:
        run.add(max(run) + 1)
    return tuple(sorted(run))


@dataclass(frozen=True, slots=True)
class Known:
    """What the form knows of labels: whether one names a row, and whether it does so word for word."""

    is_row: Callable[[str], bool]
    is_wording: Callable[[str], bool]


def read(body: Rows, beside: tuple[int, ...], values: list[int], known: Known) -> Iterator[Line]:
    """The rows below a header. A label that runs over several rows is joined where the form knows the whole."""
    rows = [line for number in range(len(body)) if (line := _line(body, number, beside, values))]
    number = 0
    while number < len(rows):
        taken = _taken(rows[number : number + 3], known)
        yield _joined(rows[number : number + taken])
        number += taken


def _line(body: Rows, number: int, beside: tuple[int, ...], values: list[int]) -> Line | None:
    """None for a row that says nothing: no label, and no figure where the form has no labels."""
    row = body[number]
    printed = [row[column].text for column in values if row[column].is_origin and row[column].text.strip()]
    if not beside:
        is_note = bool(printed) and not any(is_figure(text) for text in printed)
        is_blank = not printed and (number > 0 or len(body) > 1)
        return None if is_note or is_blank else Line((), row[values[0]], dict(enumerate(row)), bool(printed))
    own = next((row[column] for column in reversed(beside) if row[column].text.strip()), None)
    if own is None:
        return None
    has_figures = any(is_figure(text) or (text != own.text and re.search(r"\d", text)) for text in printed)
    return Line(tuple(_beside(body, number, beside)), own, dict(enumerate(row)), has_figures)


def _beside(body: Rows, number: int, beside: tuple[int, ...]) -> list[str]:
    """The labels of a row. An empty place with a label on its right belongs to the span above it."""
    texts = []
    for position, column in enumerate(beside):
        is_spanned = any(body[number][right].text.strip() for right in beside[position + 1 :])
        row = number
        while is_spanned and row > 0 and not body[row][column].text.strip():
            row -= 1
        texts.append(body[row][column].text)
    return _distinct(texts)


def _taken(rows: list[Line], known: Known) -> int:
    """How many rows from the first on are one: a note below its label, or words that are a label only together."""
    if not rows[0].printed:
        return 1
    own, *below = [row.printed[-1] if row.printed else "" for row in rows]
    if known.is_row(own):
        return 2 if below and _goes_on(rows, own, below[0], known) else 1
    for taken in (2, 3):
        words = [own, *below][:taken]
        together = known.is_row("".join(words)) and not any(map(known.is_row, words))
        if together and len(words) == taken and sum(row.has_figures for row in rows[:taken]) < 2:
            return taken
    return 1


def _goes_on(rows: list[Line], own: str, below: str, known: Known) -> bool:
    """True for a note below a known label, and for the last words of one that has no figure of its own: 查阅点 and 数."""
    if known.is_row(below) or (rows[0].has_figures and rows[1].has_figures):
        return False
    return labels.is_note(below) or (rows[1].has_figures and known.is_wording(own + below))


def _joined(rows: list[Line]) -> Line:
    if len(rows) == 1:
        return rows[0]
    filled = next((row for row in rows if row.has_figures), rows[0])
    label = "".join(row.printed[-1] for row in rows)
    return replace(filled, printed=(*rows[0].printed[:-1], label), label=rows[0].label)


def _distinct(texts: Iterable[str]) -> list[str]:
    """Without empty ones, and a spanned text once."""
    kept: list[str] = []
    for text in texts:
        if text.strip() and (not kept or kept[-1] != text):
            kept.append(text)
    return kept
