"""A sheet's cells -> paragraphs and tables.

A sheet may hold titles, notes and several tables: where cells have borders, those tell the tables;
otherwise empty rows part them. A cell keeps the sheet's own row and column numbers, and the sheet's number
as its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dashboard.documents import limits
from dashboard.documents.assembly import Paragraph, Part, Span, Table


@dataclass(slots=True)
class Sheet:
    """Row and column numbers from 1. `bordered`: rows in which some cell has a border, to which column."""

    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    bordered: dict[int, int] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    merges: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)  # first cell -> rows, columns


def parts_of(sheet: Sheet, page: int, caption: str) -> Iterator[Part]:
    """The sheet from top to bottom: rows of a table together, any other row as paragraphs."""
    for rows in _runs(sheet):
        if rows[0] in sheet.cells and not _is_table(sheet, rows):
            for row in rows:
                for text in sheet.cells.get(row, {}).values():
                    yield Paragraph(text, page=page)
        else:
            yield _table(sheet, rows, page, caption)


def _is_table(sheet: Sheet, rows: list[int]) -> bool:
    return len(rows) > 1 or rows[0] in sheet.bordered


def _runs(sheet: Sheet) -> Iterator[list[int]]:
    """Row numbers in groups: each group is a table, or a single row that belongs to none."""
    covered = _covered_rows(sheet)
    known = sorted((set(sheet.cells) | set(sheet.bordered) | covered) - sheet.hidden_rows)
    run: list[int] = []
    for row in known:
        gap = bool(run) and any(between not in sheet.hidden_rows for between in range(run[-1] + 1, row)[:1000])
        if gap:
            yield from _split(sheet, run, covered)
            run = []
        run.append(row)
    yield from _split(sheet, run, covered)


def _covered_rows(sheet: Sheet) -> set[int]:
    """Rows below the first of a vertical merge that holds text: part of its table even when blank."""
    covered: set[int] = set()
    for (row, col), (height, _) in sheet.merges.items():
        if height > 1 and col in sheet.cells.get(row, {}):
            limits.check_cells(len(covered) + height)
            covered |= set(range(row + 1, row + height))
    return covered


def _split(sheet: Sheet, run: list[int], covered: set[int]) -> Iterator[list[int]]:
    """A run of rows without a gap: lone texts around tables (or between bordered ones) stand alone."""

    def is_part(row: int) -> bool:
        return row in sheet.bordered or row in covered or len(sheet.cells.get(row, ())) > 1

    filled = [row for row in run if row in sheet.cells]
    if not filled:
        return
    run = [row for row in run if filled[0] <= row <= filled[-1] or row in covered]
    has_borders = any(row in sheet.bordered and is_part(row) for row in filled)
    inside = [index for index, row in enumerate(run) if is_part(row)]
    if has_borders:
        inside = [index for index in inside if index >= next(i for i in inside if run[i] in sheet.bordered)]
    elif inside:
        inside = list(range(inside[0], inside[-1] + 1))
    group: list[int] = []
    for index, row in enumerate(run):
        if index in set(inside):
            group.append(row)
            continue
        if group:
            yield group
            group = []
        yield [row]
    if group:
        yield group


def _table(sheet: Sheet, rows: list[int], page: int, caption: str) -> Table:
    used = {col for row in rows for col in sheet.cells.get(row, ())}
    used |= {sheet.bordered[row] for row in rows if row in sheet.bordered}
    for (row, col), (_, width) in sheet.merges.items():
        if rows[0] <= row <= rows[-1] and col in used:
            used |= {min(col + width - 1, col + 200)}
    span = range(min(used), max(used) + 1)
    cols = [col for col in (span if len(span) <= 500 else sorted(used)) if col not in sheet.hidden_cols]
    limits.check_cells(len(rows) * len(cols))
    places = _merged_places(sheet, rows, cols)
    table = Table(caption=caption, pages=[page] * len(rows), row_numbers=rows, col_numbers=cols)
    for row in rows:
        spans = []
        for col in cols:
            place = places.get((row, col))
            if place is None:
                spans.append(_span(sheet.cells.get(row, {}).get(col, "")))
            elif place.rows:
                spans.append(place)
        table.rows.append(spans)
    return table


def _merged_places(sheet: Sheet, rows: list[int], cols: list[int]) -> dict[tuple[int, int], Span]:
    """What stands at each place of a merge: its span at the first visible one, no rows at the others."""
    places: dict[tuple[int, int], Span] = {}
    for (top, left), (height, width) in sheet.merges.items():
        inner_rows = [row for row in rows if top <= row < top + height]
        inner_cols = [col for col in cols if left <= col < left + width]
        area = [(row, col) for row in inner_rows for col in inner_cols]
        if not area or any(place in places for place in area):
            continue
        span = _span(sheet.cells.get(top, {}).get(left, ""))
        span.rows, span.cols = len(inner_rows), len(inner_cols)
        places |= dict.fromkeys(area, Span(rows=0))
        places[area[0]] = span
    return places


def _span(text: str) -> Span:
    return Span([Paragraph(text)] if text else [])
