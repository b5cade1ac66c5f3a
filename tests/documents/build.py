"""Reports of our own making: figures and prose in, a document of any edition out, as text or as a web page.

A report is first laid out as paragraphs and tables with spans, in a style; then written in a format. Every style is
one that offices use: tables lying or standing, in one piece or several, labels numbered and spaced in any way.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.documents import templates

Figures = Mapping[tuple[str, str], str]
"""Indicator and applicant -> the figure as it is to be printed."""


@dataclass(frozen=True)
class Td:
    """A table's cell and how far it reaches."""

    text: str
    rows: int = 1
    cols: int = 1


Table = list[list[Td]]
Part = str | Table


@dataclass(frozen=True)
class Style:
    """How an office prints the form."""

    numbering: str = "printed"  # none, digits
    brackets: str = "wide"  # narrow, mixed
    is_spaced: bool = False  # a space inside words
    is_lying: bool = False  # rows as columns
    is_in_halves: bool = False  # the list of 2014 in two halves side by side
    is_in_one_table: bool = True  # section 二
    disputes: str = "row"  # blocks, tables, list
    pages: int = 1  # a table is broken so often, its header repeated
    total: str = "总计"
    money: str = "万元"  # the unit of amounts in 2019


@dataclass(frozen=True)
class Description:
    """A report: what it says and how it looks."""

    edition: str
    year: int
    body: str
    figures: Figures
    prose: Sequence[str] = ()
    style: Style = Style()


def parts(report: Description) -> list[Part]:
    """The document's paragraphs and tables in order."""
    opening = [
        f"{report.body}{report.year}年政府信息公开工作年度报告",
        f"本报告由{report.body}人民政府办公室编制，数据统计期限为{report.year}年1月1日至{report.year}年12月31日。",
    ]
    tables = _tables_2014(report) if report.edition == "2014" else _tables(report)
    return [*opening, *report.prose, *tables]


def to_txt(report: Description, *, fill: str = "") -> str:
    """Plain text, cells parted by tabs; a place that a span covers holds `fill`, or the span's text for `fill="="`."""
    lines: list[str] = []
    for part in parts(report):
        if isinstance(part, str):
            lines += [part, ""]
        else:
            lines += ["\t".join(row) for row in spread(part, fill)] + [""]
    return "\n".join(lines)


def to_html(report: Description) -> str:
    """A portal's page around the report: menu, paragraphs in spans, tables with rowspan and colspan."""
    body = "\n".join(_paragraph(part) if isinstance(part, str) else _table(part) for part in parts(report))
    menu = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in ("首页", "政务公开", "办事服务"))
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{report.body}</title></head>'
        f'<body><ul class="nav">{menu}</ul><div class="article">{body}</div></body></html>'
    )


def _paragraph(text: str) -> str:
    return f"<p>&nbsp;&nbsp;<span>{html.escape(text)}</span></p>"


def _table(table: Table) -> str:
    rows = []
    for row in table:
        cells = [
            f'<td rowspan="{c.rows}" colspan="{c.cols}"><p><span>{html.escape(c.text)}</span></p></td>' for c in row
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


Placed = dict[int, tuple[Td, bool, bool]]


def placed(table: Table) -> list[Placed]:
    """For each row: column -> the cell that covers it, whether in its first row, whether in its first column."""
    rows: list[Placed] = [{} for _ in table]
    for number, row in enumerate(table):
        column = 0
        for cell in row:
            while column in rows[number]:
                column += 1
            for below in range(cell.rows):
                for right in range(cell.cols):
                    rows[number + below][column + right] = (cell, below == 0, right == 0)
            column += cell.cols
    return rows


def spread(table: Table, fill: str) -> list[list[str]]:
    """Every place of a table with its text; places that a span covers hold `fill`, or the text again for `=`."""
    return [
        [
            cell.text if fill == "=" or (is_first_row and is_first_column) else fill
            for _, (cell, is_first_row, is_first_column) in sorted(row.items())
        ]
        for row in placed(table)
    ]


def _turned(table: Table) -> Table:
    """Rows as columns; each cell begins where its place in the other direction is."""
    starts: list[tuple[int, int, Td]] = []
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(table):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            taken |= {(number + below, column + right) for below in range(cell.rows) for right in range(cell.cols)}
            starts.append((column, number, Td(cell.text, cell.cols, cell.rows)))
            column += cell.cols
    height = max(start + cell.rows for start, _, cell in starts)
    rows: Table = [[] for _ in range(height)]
    for start, _, cell in sorted(starts, key=lambda each: each[:2]):
        rows[start].append(cell)
    return rows


def _dressed(label: str, style: Style) -> str:
    """A label in the office's manner: numbering, brackets, spaces."""
    if style.numbering == "none":
        label = re.sub(r"^(?:（[一二三四五六七八九]）|[一二三四五六七八九]、|\d\.)", "", label)
    elif style.numbering == "digits":
        label = re.sub(r"^（([一二三四五六七八九])）", lambda m: f"{'一二三四五六七八九'.index(m[1]) + 1}.", label)
    if style.brackets == "narrow":
        label = label.replace("（", "(").replace("）", ")")
    elif style.brackets == "mixed":
        label = label.replace("（", "(")
    if style.is_spaced:
        label = " ".join(re.findall(r"\W*\w{1,4}|\W+", label))
    return label.replace("总计", style.total)


def _tables_2014(report: Description) -> list[Part]:
    style = report.style
    header = [Td("统计指标"), Td("单位"), Td("统计数")]
    rows = [
        [Td(_dressed(label, style)), Td(unit), Td(report.figures[code, ""] if code else "")]
        for label, unit, code in templates.LIST_2014
    ]
    if style.is_in_halves:
        half = (len(rows) + 1) // 2
        right = [*rows[half:], *[[Td(""), Td(""), Td("")]] * (2 * half - len(rows))]
        table: Table = [header * 2, *[one + other for one, other in zip(rows[:half], right, strict=True)]]
    else:
        size = -(-len(rows) // style.pages)
        table = [row for start in range(0, len(rows), size) for row in [header, *rows[start : start + size]]]
    return [f"{report.body}{report.year}年度政府信息公开情况统计表", _turned(table) if style.is_lying else table]


def _tables(report: Description) -> list[Part]:
    return [
        "二、主动公开政府信息情况", *_section_two(report),
        "三、收到和处理政府信息公开申请情况", _section_three(report),
        "四、政府信息公开行政复议、行政诉讼情况", *_section_four(report),
    ]  # fmt: skip


def _section_two(report: Description) -> list[Part]:
    style, tables = report.style, []
    for title, columns, rows in templates.SECTION_TWO[report.edition]:
        width = 4 if style.is_in_one_table else 1 + len(columns)
        spare = width - 1 - len(columns)
        table = [[Td(title, cols=width)]] if style.is_in_one_table and not style.is_lying else []
        table.append(_widened([Td("信息内容"), *[Td(_column(name, style)) for name in columns]], spare))
        for label, codes in rows:
            figures = [Td(report.figures[code, ""]) for code in codes]
            table.append(_widened([Td(_dressed(label, style)), *figures], spare))
        tables.append((title, table))
    if style.is_in_one_table and not style.is_lying:
        return [[row for _, table in tables for row in table]]
    return [part for title, table in tables for part in (title, _turned(table) if style.is_lying else table)]


def _widened(row: list[Td], spare: int) -> list[Td]:
    """The last cell reaches to the table's edge."""
    return [*row[:-1], Td(row[-1].text, cols=1 + spare)]


def _column(name: str, style: Style) -> str:
    return f"{name}（{style.money}）" if name == "采购总金额" and style.money else name


def _section_three(report: Description) -> Table:
    style = report.style
    hint = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    table: Table = [
        [Td(hint, rows=3, cols=3), Td("申请人情况", cols=7)],
        [Td("自然人", rows=2), Td("法人或其他组织", cols=5), Td(style.total, rows=2)],
        [Td(label) for label in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
    ]
    rows = templates.requests(report.edition)
    for number, (labels, code) in enumerate(rows):
        cells = []
        for depth, label in enumerate(labels):
            is_last = depth == len(labels) - 1
            same = [above[: depth + 1] == labels[: depth + 1] for above, _ in rows]
            if is_last or number == same.index(True):
                text = _dressed(label, style)
                cells.append(Td(text, cols=3 - depth) if is_last else Td(text, rows=sum(same)))
        table.append(cells + [Td(report.figures[code, applicant]) for applicant in templates.APPLICANTS])
    return _turned(table) if style.is_lying else table


def _section_four(report: Description) -> list[Part]:
    style = report.style
    names = [label for label, _ in templates.RESULTS]
    values = {
        block: [report.figures[f"{block}.{code}", ""] for _, code in templates.RESULTS]
        for _, block in templates.DISPUTES
    }
    if style.disputes == "list":
        table: Table = [[Td("类别"), Td("情形"), Td("结果"), Td("件数")]]
        for labels, block in templates.DISPUTES:
            for name, value in zip(names, values[block], strict=True):
                table.append([Td(labels[0]), Td(labels[-1]), Td(_dressed(name, style)), Td(value)])
        return [table]
    if style.disputes in ("blocks", "tables"):
        blocks: list[Table] = [
            [
                *[[Td(label, cols=5)] for label in labels],
                [Td(_dressed(name, style)) for name in names],
                [Td(value) for value in values[block]],
            ]
            for labels, block in templates.DISPUTES
        ]
        return list(blocks) if style.disputes == "tables" else [[row for block in blocks for row in block]]
    table = [
        [Td("行政复议", cols=5), Td("行政诉讼", cols=10)],
        [
            *[Td(_dressed(name, style), rows=2) for name in names],
            Td("未经复议直接起诉", cols=5), Td("复议后起诉", cols=5),
        ],
        [Td(_dressed(name, style)) for name in names * 2],
        [Td(value) for _, block in templates.DISPUTES for value in values[block]],
    ]  # fmt: skip
    return [_turned(table) if style.is_lying else table]
