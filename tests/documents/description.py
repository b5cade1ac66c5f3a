"""What a report of our own making says, how an office prints its tables, and what is awkward about its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Figures = Mapping[tuple[str, str], str]
"""Indicator and applicant -> the figure as it is to be printed."""


@dataclass(frozen=True)
class Style:
    """How an office prints the form, in whatever format."""

    numbering: str = "printed"  # none, digits, circled
    brackets: str = "wide"  # narrow, mixed
    is_spaced: bool = False  # a space inside words
    is_lying: bool = False  # rows as columns
    is_in_halves: bool = False  # the list of 2014 in two halves side by side
    is_grouped: bool = False  # the parts of 2014 in a column of their own
    is_in_one_table: bool = True  # section 二
    disputes: str = "row"  # blocks, tables, list
    pages: int = 1  # a table is broken so often, its header repeated
    total: str = "总计"
    normative: str = ""  # 规范性文件 or 行政规范性文件, whichever the form does not say
    money: str = "万元"  # the unit printed for amounts; empty: none is printed where the form prescribes one


@dataclass(frozen=True)
class Dress:
    """What is awkward about the files themselves; a format takes what it knows."""

    encoding: str = "utf-8"  # of the text, the Markdown and the page
    claimed: str = "utf-8"  # what the page says of itself
    are_spans_repeated: bool = False  # text: the words of a span stand at each place it covers
    is_portal: bool = False  # page: menus and lists of links around the article, all in tables
    is_nested: bool = False  # page: paragraphs and spans in spans, hard spaces
    is_framed: bool = False  # page and Word: tables stand in cells of another table
    has_changes: bool = False  # Word: tracked changes, to be read as accepted
    has_text_box: bool = False  # Word: the statistical period in a text box
    is_unruled: bool = False  # PDF: no lines around the cells
    has_running_heads: bool = False  # PDF and text: the title and the page's number on each page
    has_sheets: bool = False  # XLSX: a sheet for each chapter
    label_width: int = 0  # labels go on in a new line of the cell after so many characters


@dataclass(frozen=True)
class Description:
    """A report: what it says and how it looks."""

    edition: str
    year: int
    body: str
    figures: Figures
    prose: Sequence[str] = ()
    style: Style = Style()
    closing: Sequence[str] = ()  # what comes after the tables
    dress: Dress = Dress()

    @property
    def title(self) -> str:
        return f"{self.body}{self.year}年政府信息公开工作年度报告"


def is_heading(paragraph: str) -> bool:
    """True for `二、主动公开政府信息情况`."""
    return paragraph[1:2] == "、" and paragraph[0] in "一二三四五六七八九十" and not paragraph.endswith("。")
