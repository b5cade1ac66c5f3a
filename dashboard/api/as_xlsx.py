"""Rows as a workbook of two sheets: the figures, and where they come from. Numbers are numbers, all else is plain text.

Nothing in it is a formula or a link, whatever a document said; the same rows give the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from dashboard.tables.records import written

_NO_DATE = datetime(2000, 1, 1)
_LONGEST = 32_767  # characters that a cell holds
_EXACT = 15  # digits that a spreadsheet's number holds
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_WIDEST = 48
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def to_xlsx(
    sheet: str, names: Sequence[str], rows: Iterable[Sequence[Any]], about: str, told: Sequence[tuple[str, str]]
) -> bytes:
    """`about` is the second sheet's name, `told` what stands in it."""
    import xlsxwriter  # only who asks for a workbook pays for it

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"created": _NO_DATE, "title": told[0][1] if told else ""})
        head = book.add_format({"bold": True, "bottom": 1})
        _figures(book.add_worksheet(_sheet_name(sheet)), head, names, [list(row) for row in rows])
        origin = book.add_worksheet(_sheet_name(about))
        origin.set_column(0, 0, 18)
        origin.set_column(1, 1, 100)
        for line, (name, value) in enumerate(told):
            origin.write_string(line, 0, name, head)
            origin.write_string(line, 1, value[:_LONGEST])
    return out.getvalue()


def _figures(sheet: Any, head: Any, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    for place, name in enumerate(names):
        sheet.write_string(0, place, name, head)
        sheet.set_column(place, place, _width([name, *(row[place] for row in rows[:200])]))
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            _write(sheet, line, place, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(names) - 1)


def _write(sheet: Any, line: int, place: int, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, (int, Decimal)) and _is_exact(Decimal(value)):
        sheet.write_number(line, place, float(value))
    elif isinstance(value, list):
        sheet.write_string(line, place, " ".join(str(each) for each in value)[:_LONGEST])
    else:
        sheet.write_string(line, place, written(value)[:_LONGEST])


def _is_exact(value: Decimal) -> bool:
    """Whether a spreadsheet's number tells the same; what has more digits stays text."""
    return len(value.normalize().as_tuple().digits) <= _EXACT and Decimal(repr(float(value))) == value


def _sheet_name(name: str) -> str:
    return _NOT_IN_NAMES.sub(" ", name).strip()[:31] or "1"


def _width(values: Sequence[Any]) -> int:
    """In characters; a Chinese one takes the room of two."""
    longest = max(sum(2 if ord(each) > 0x2E80 else 1 for each in written(value)) for value in values)
    return min(max(longest + 2, 8), _WIDEST)
