"""Rows as CSV that opens right in Excel and WPS: UTF-8 with a byte order mark, no cell that runs as a formula."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from dashboard.tables.records import written

MARK = "\ufeff"
# What a spreadsheet takes for a formula; the full-width ones too, in a Chinese Excel.
_FORMULA = ("=", "+", "@", "-")
_BREAKS = ("\t", "\r", "\n")
_PLAIN = re.compile(r"[-－][0-9][0-9,]*(\.[0-9]+)?[%％‰]?|[-－]+")


def to_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Lines end as the format's own standard has it; values are exact, what is missing is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([cell(value) for value in row] for row in rows)
    return (MARK + out.getvalue()).encode()


def cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    return defused(written(value))


def defused(cell: str) -> str:
    """A text that a spreadsheet would run as a formula, made plain; a negative number stays a number."""
    if cell.startswith(_BREAKS):
        return f"'{cell}"
    first = unicodedata.normalize("NFKC", cell.lstrip()[:1])
    if first in _FORMULA and not _PLAIN.fullmatch(cell):
        return f"'{cell}"
    return cell
