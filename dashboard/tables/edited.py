"""What a spreadsheet program makes of a table that a person opens and saves in it, undone where one reading is possible.

Bytes and cells in, text and values out. What could mean two things is never guessed: the error says which.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal

from dashboard.messages import UserError

_DELIMITERS = (",", ";", "\t")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SPACED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_SHORTENED = re.compile(r"([+-]?\d)(?:\.(\d+))?[eE]([+-]?\d+)")
_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]+0{1,2}:00(?::00)?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: +0{1,2}:00(?::00)?)?")
_SERIAL = re.compile(r"[3-7]\d{4}(?:\.0+)?")
# Day 0 of the serial numbers that spreadsheets keep dates as.
_EPOCH = date(1899, 12, 30)


def decoded(content: bytes, file: str) -> str:
    """The text of a table in UTF-8, UTF-16 or GB18030. Raises UserError where it is none of them, or damaged UTF-8."""
    if content.startswith(_UTF_16):
        return _as("utf-16", content, file)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(content):
            line = content.count(b"\n", 0, error.start) + 1
            raise UserError("table.damaged_text", file=file, line=line) from error
        return _as("gb18030", content, file)


def _as(encoding: str, content: bytes, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UserError("table.not_utf8", file=file) from error


def _is_damaged_utf8(content: bytes) -> bool:
    """Text in GB18030 read as UTF-8 is hardly ever right; text in UTF-8 with a spoilt byte nearly always."""
    read = content.decode("utf-8", "replace")
    beyond = sum(character > "\x7f" for character in read)
    spoilt = read.count("\ufffd")
    return beyond - spoilt > spoilt


def delimiter(text: str, names: Collection[str]) -> str:
    """The delimiter under which the header tells most of the columns."""
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]

    def told(mark: str) -> int:
        try:
            found = next(csv.reader(io.StringIO(first), delimiter=mark), [])
        except csv.Error:
            return 0
        return len({heading(cell) for cell in found} & {*names})

    return max(_DELIMITERS, key=told)


def heading(cell: str) -> str:
    """A column's name without what surrounds it."""
    return cell.strip().strip("\ufeff").lower()


def number(cell: str, mark: str = ",") -> Decimal | None:
    """The exact number a cell holds, with or without separators of thousands; None where it is no number.

    Raises UserError where a spreadsheet has shortened it (6.4E+05), or where a comma may be a decimal one.
    """
    plain = unicodedata.normalize("NFKC", cell).strip().replace("−", "-")
    if _PLAIN.fullmatch(plain):
        return Decimal(plain)
    if _SHORTENED.fullmatch(plain):
        raise UserError("cell.shortened")
    if "," in plain and mark == ";" and re.fullmatch(r"[+-]?\d+(?:[.]\d{3})*,\d+", plain):
        raise UserError("cell.comma")
    if _GROUPED.fullmatch(plain) or _SPACED.fullmatch(plain):
        return Decimal(plain.replace(",", "").replace(" ", ""))
    return None


def whole(cell: str, mark: str = ",") -> int | None:
    """As `number`, where it is whole: 2018, 2018.0, 2,018."""
    found = number(cell, mark)
    return int(found) if found is not None and found == found.to_integral_value() else None


def day(cell: str, year: int | None = None) -> str:
    """A date as ISO 8601 has it; a cell that is none comes back as it is, for whoever checks it.

    `year` is the year a report reports on: a bare serial number (43101) is believed where it falls into that year or
    the two after it, for there are two ways of counting. Raises UserError where day and month may be either way round.
    """
    plain = unicodedata.normalize("NFKC", cell).strip()
    if _ISO.fullmatch(plain) or not plain:
        return plain
    if found := _YEAR_FIRST.fullmatch(plain):
        return _date(found[1], found[2], found[3]) or cell
    if found := _YEAR_LAST.fullmatch(plain):
        both = {_date(found[3], found[1], found[2]), _date(found[3], found[2], found[1])} - {""}
        if len(both) > 1:
            raise UserError("cell.day_or_month")
        return both.pop() if both else cell
    if _SERIAL.fullmatch(plain):
        meant = _EPOCH + timedelta(days=int(float(plain)))
        if year is None or not 0 <= meant.year - year <= 2:
            raise UserError("cell.serial", date=meant.isoformat())
        return meant.isoformat()
    return cell


def is_day(cell: str) -> bool:
    """Whether it is a date, or the beginning of one, as ISO 8601 has it."""
    if not _ISO.fullmatch(cell):
        return False
    return bool(_date(*[*cell.split("-"), "01", "01"][:3]))


def _date(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def code(cell: str, known: Collection[str]) -> str:
    """A division code as it is known: 640000.0, 64,0000 and 6.4E+05 are 640000, 101 is 00101 where that alone is known.

    A code that nothing known resembles comes back as it is. Raises UserError where it may be several.
    """
    plain = unicodedata.normalize("NFKC", cell).strip().removeprefix("'")
    if plain in known or not plain:
        return plain
    found = sorted(each for each in known if _is_same_code(plain, each))
    if len(found) > 1:
        raise UserError("cell.code_lost", codes="、".join(found[:5]))
    if not found and _SHORTENED.fullmatch(plain):
        raise UserError("cell.shortened")
    return found[0] if found else plain.removesuffix(".0")


def _is_same_code(cell: str, code: str) -> bool:
    if not (code.isascii() and code.isdigit()):
        return False
    if found := _SHORTENED.fullmatch(cell):
        digits = len(found[2] or "")
        return Decimal(f"{Decimal(code):.{digits}E}") == Decimal(cell)
    bare = cell.replace(",", "").removesuffix(".0")
    return bare.isdigit() and bare.lstrip("0") == code.lstrip("0")


def surplus(row: Sequence[str], width: int) -> str:
    """What stands in a row beyond its columns; spreadsheets leave empty cells there, which do not count."""
    return next((cell for cell in row[width:] if cell.strip()), "")
