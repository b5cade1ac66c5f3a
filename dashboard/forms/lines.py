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
_LONGEST = 8  # rows that one label takes in a narrow column


@dataclass(frozen=True, slots=True)
class Line:
    """A row as meant: its labels from the outermost to its own, the cell of its own, and its cells by column.

    `is_torn`: blank, under words that may be half a label, and the next row brings figures for words that nobody knows.
    """

    printed: tuple[str, ...]
    label: Cell
    cells: dict[int, Cell]
    has_figures: bool
    is_filled: bool
    is_torn: bool = False


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
        taken = _taken(rows[number : number + _LONGEST], known)
        line = _joined(rows[number : number + taken])
        number += taken
        yield replace(line, is_torn=_is_torn(line, rows[number : number + 1], known))


def _line(body: Rows, number: int, beside: tuple[int, ...], values: list[int]) -> Line | None:
    """None for a row that says nothing: no label, and no figure where the form has no labels."""
    row = body[number]
    printed = [row[column].text for column in values if row[column].is_origin and row[column].text.strip()]
    if not beside:
        is_note = bool(printed) and not any(is_figure(text) for text in printed)
        is_blank = not printed and (number > 0 or len(body) > 1)
        return (
            None
            if is_note or is_blank
            else Line((), row[values[0]], dict(enumerate(row)), bool(printed), bool(printed))
        )
    own = next((row[column] for column in reversed(beside) if row[column].text.strip()), None)
    if own is None:
        return None
    has_figures = any(is_figure(text) or (text != own.text and re.search(r"\d", text)) for text in printed)
    return Line(tuple(_beside(body, number, beside)), own, dict(enumerate(row)), has_figures, bool(printed))


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
    words = [row.printed[-1] if row.printed else "" for row in rows]
    whole = [taken for taken in range(2, len(rows) + 1) if _is_whole(rows[:taken], words[:taken], known)]
    if whole:
        return next((taken for taken in whole if any(row.is_filled for row in rows[:taken])), whole[0])
    is_noted = len(rows) > 1 and labels.is_note(words[1]) and known.is_row(words[0]) and not known.is_row(words[1])
    return 2 if is_noted and sum(row.has_figures for row in rows[:2]) < 2 else 1


def _is_whole(rows: list[Line], words: list[str], known: Known) -> bool:
    """True for words that are a label together, with one row of figures at most.

    A part that the form knows as well is not taken for a row of its own where it has no figure and the last words bring
    one (查阅点 and 数); this for whole wordings only, since `*` would take any words for more of a label.
    """
    label = "".join(words)
    if sum(row.has_figures for row in rows) > 1 or not known.is_row(label):
        return False
    if not any(map(known.is_row, words)):
        return True
    is_last = not known.is_row(words[0]) or (rows[-1].is_filled and not rows[0].is_filled)
    return known.is_wording(label) and is_last and not any(map(known.is_wording, words[1:]))


def _is_torn(line: Line, below: list[Line], known: Known) -> bool:
    if line.is_filled or not line.printed or known.is_wording(line.printed[-1]) or not known.is_row(line.printed[-1]):
        return False
    return any(row.is_filled and row.printed and not known.is_row(row.printed[-1]) for row in below)


def _joined(rows: list[Line]) -> Line:
    if len(rows) == 1:
        return rows[0]
    filled = max(rows, key=lambda row: (row.has_figures, row.is_filled))
    label = "".join(row.printed[-1] for row in rows)
    return replace(filled, printed=(*rows[0].printed[:-1], label), label=rows[0].label)


def _distinct(texts: Iterable[str]) -> list[str]:
    """Without empty ones, and a spanned text once."""
    kept: list[str] = []
    for text in texts:
        if text.strip() and (not kept or kept[-1] != text):
            kept.append(text)
    return kept
