"""What the tests of the API share: the application over a folder, and its answers read back."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from starlette.testclient import TestClient

from dashboard import settings
from dashboard.api.docs_page import PROBLEMS
from dashboard.app import create_app
from dashboard.snapshots import build
from dashboard.tables.package import Package

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@contextmanager
def serving(data: Path, cache: Path, **more: object) -> Iterator[TestClient]:
    """A client of the whole application over a data folder; `more` are settings."""
    chosen = replace(settings.load({}), data_dir=data, cache_dir=cache, **({"api_limit": 0} | more))  # type: ignore[arg-type]  # settings by their names
    build.ensure(chosen)
    with TestClient(create_app(chosen), raise_server_exceptions=False) as client:
        yield client


def republished(data: Path, url: str) -> str:
    """The name of the snapshot of the same figures with another address of the document."""
    package = Package(data)
    [report] = package.reports()
    package.write(replace(report, url=url), package.facts("640000", 2018), package.mentions("640000", 2018))
    return build.refresh(replace(settings.load({}), data_dir=data)).name


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "Excel takes a CSV without a mark for the machine's own encoding"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheets_of(content: bytes) -> list[list[list[Any]]]:
    """Of each sheet the rows: numbers as Decimal, texts as str, as the workbook types them."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = ["".join(each.itertext()) for each in etree.fromstring(book.read("xl/sharedStrings.xml"))]
        sheets = sorted(name for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d\.xml", name))
        return [
            [_cells(row, shared) for row in etree.fromstring(book.read(name)).iter(f"{SHEET}row")] for name in sheets
        ]


def _cells(row: Any, shared: list[str]) -> list[Any]:
    cells: dict[int, Any] = {}
    for cell in row:
        assert cell.find(f"{SHEET}f") is None, "a formula"
        letters = re.match("[A-Z]+", cell.get("r"))
        assert letters
        place = 0
        for letter in letters[0]:
            place = place * 26 + ord(letter) - 64
        value = cell.findtext(f"{SHEET}v")
        # A spreadsheet reads fifteen digits of a number.
        cells[place - 1] = shared[int(value)] if cell.get("t") == "s" else Decimal(f"{float(value):.15g}")
    return [cells.get(place) for place in range(max(cells) + 1)] if cells else []


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def problem(answer: Any) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    told: dict[str, Any] = answer.json()
    assert set(told) == {"type", "title", "status", "detail"}
    assert told["status"] == answer.status_code
    assert told["title"] and told["detail"]
    assert told["type"].rpartition("#")[2] in PROBLEMS
    return told
