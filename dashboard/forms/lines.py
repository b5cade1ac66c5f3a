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


def read(body: Rows, beside: tuple[int, ...], values: list[int], is_row: Callable[[str], bool]) -> Iterator[Line]:
    """The rows below a header. A label that runs over several rows is joined where only the whole is known."""
    rows = [line for number in range(len(body)) if (line := _line(body, number, beside, values))]
    number = 0
    while number < len(rows):
        taken = _taken(rows[number:], is_row)
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


def _taken(rows: list[Line], is_row: Callable[[str], bool]) -> int:
    """How many rows from the first on are one: a note below its label, or words that are a label only together."""
    if not rows[0].printed:
        return 1
    own = rows[0].printed[-1]
    if is_row(own):
        is_noted = len(rows) > 1 and labels.is_note(rows[1].printed[-1]) and not is_row(rows[1].printed[-1])
        return 2 if is_noted and sum(row.has_figures for row in rows[:2]) < 2 else 1
    for taken in (2, 3):
        words = [row.printed[-1] for row in rows[:taken]]
        together = is_row("".join(words)) and not any(map(is_row, words))
        if together and len(words) == taken and sum(row.has_figures for row in rows[:taken]) < 2:
            return taken
    return 1


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
