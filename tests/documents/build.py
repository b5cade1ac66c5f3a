"""A described report laid out: paragraphs and tables with spans, in the order of the page, whatever the format.

Every style is one that offices use: tables lying or standing, in one piece or several, labels numbered and spaced in any way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tests.documents import templates
from tests.documents.description import Description, Style
from tests.documents.tables import Table, Td, turned

Part = str | Table


def parts(report: Description) -> list[Part]:
    """The document's paragraphs and tables in order."""
    period = f"{report.year}年1月1日至{report.year}年12月31日"
    opening = [report.title, f"本报告由{report.body}人民政府办公室编制，数据统计期限为{period}。"]
    tables = _annex(report) if report.edition == "2014" else _sections(report)
    return [*opening, *report.prose, *tables, *report.closing]


def _figure(report: Description, code: str, applicant: str = "") -> Td:
    return Td(report.figures[code, applicant], is_figure=True)


def _dressed(label: str, style: Style) -> str:
    """A label in the office's manner: numbering, brackets, spaces, and 行政 before 规范性文件 or not."""
    if style.numbering == "none":
        label = re.sub(r"^(?:（[一二三四五六七八九]）|[一二三四五六七八九]、|\d\.)", "", label)
    elif style.numbering == "digits":
        label = re.sub(r"^（([一二三四五六七八九])）", lambda m: f"{'一二三四五六七八九'.index(m[1]) + 1}.", label)
    elif style.numbering == "circled":
        label = re.sub(r"^(\d)\.", lambda m: "①②③④⑤⑥⑦⑧⑨"[int(m[1]) - 1], label)
    if style.brackets == "narrow":
        label = label.replace("（", "(").replace("）", ")")
    elif style.brackets == "mixed":
        label = label.replace("（", "(")
    if style.normative and label in ("规范性文件", "行政规范性文件"):
        label = style.normative
    if style.is_spaced:
        label = " ".join(re.findall(r"\W*\w{1,4}|\W+", label))
    return label.replace("总计", style.total)


def _annex(report: Description) -> list[Part]:
    """The list of 2014, with its caption."""
    style = report.style
    rows = [
        [
            Td(_dressed(label, style)),
            Td(style.money if unit == "万元" else unit),
            _figure(report, code) if code else Td(""),
        ]
        for label, unit, code in templates.LIST_2014
    ]
    header = [Td("统计指标"), Td("单位"), Td("统计数")]
    if style.is_grouped:
        table = [[Td("统计指标", cols=2), *header[1:]], *_grouped(rows)]
    elif style.is_in_halves:
        half = (len(rows) + 1) // 2
        right = [*rows[half:], *[[Td("")] * 3] * (2 * half - len(rows))]
        table = [header * 2, *[one + other for one, other in zip(rows[:half], right, strict=True)]]
    else:
        table = [row for some in _pages(rows, style.pages) for row in [header, *some]]
    return [f"{report.body}{report.year}年度政府信息公开情况统计表", turned(table) if style.is_lying else table]


def _pages(rows: Sequence[list[Td]], count: int) -> Iterator[list[list[Td]]]:
    size = -(-len(rows) // count)
    return (list(rows[start : start + size]) for start in range(0, len(rows), size))


def _grouped(rows: Table) -> Table:
    """Parts without a figure of their own in a first column, merged down over their rows."""
    starts = [n for n, (_, label) in enumerate(zip(rows, templates.LIST_2014, strict=True)) if label[0][1] == "、"]
    table: Table = []
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        group = rows[start:end]
        if group[0][1].text:
            table += [[Td(label.text, cols=2), *rest] for label, *rest in group]
        else:
            first, *others = group[1:]
            table += [[Td(group[0][0].text, rows=len(group) - 1), *first], *others]
    return table


def _sections(report: Description) -> list[Part]:
    """Sections 二, 三 and 四 of the editions from 2019."""
    return [
        "二、主动公开政府信息情况", *_section_two(report),
        "三、收到和处理政府信息公开申请情况", _section_three(report),
        "四、政府信息公开行政复议、行政诉讼情况", *_section_four(report),
    ]  # fmt: skip


def _section_two(report: Description) -> list[Part]:
    style = report.style
    is_whole = style.is_in_one_table and not style.is_lying
    tables: list[tuple[str, Table]] = []
    for title, columns, rows in templates.SECTION_TWO[report.edition]:
        width = 4 if is_whole else 1 + len(columns)
        spare = width - 1 - len(columns)
        table = [[Td(title, cols=width)]] if is_whole else []
        table.append(_widened([Td("信息内容"), *[Td(_column(name, style)) for name in columns]], spare))
        for label, codes in rows:
            table.append(_widened([Td(_dressed(label, style)), *[_figure(report, code) for code in codes]], spare))
        tables.append((title, table))
    if is_whole:
        return [[row for _, table in tables for row in table]]
    return [part for title, table in tables for part in (title, turned(table) if style.is_lying else table)]


def _widened(row: list[Td], spare: int) -> list[Td]:
    """The last cell reaches to the table's edge."""
    last = row[-1]
    return [*row[:-1], Td(last.text, cols=1 + spare, is_figure=last.is_figure)]


def _column(name: str, style: Style) -> str:
    """A column's heading with the unit of amounts, where one is printed."""
    unit = f"（单位：{style.money}）" if style.money else ""
    if name == "采购总金额":
        return f"{name}（{style.money}）" if style.money else name
    return name.replace("（单位：万元）", unit)


def _section_three(report: Description) -> Table:
    style = report.style
    hint = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    header: Table = [
        [Td(hint, rows=3, cols=3), Td("申请人情况", cols=7)],
        [Td("自然人", rows=2), Td("法人或其他组织", cols=5), Td(style.total, rows=2)],
        [Td(label) for label in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
    ]
    rows = templates.requests(report.edition)
    size = -(-len(rows) // style.pages)
    table: Table = []
    for start in range(0, len(rows), size):
        table += [*header, *_requests(report, rows[start : start + size])]
    return turned(table) if style.is_lying else table


def _requests(report: Description, rows: templates.Requests) -> Iterator[list[Td]]:
    """Rows of section 三 that stand below one header: labels in three columns, a heading merged over what it heads."""
    for number, (labels, code) in enumerate(rows):
        cells = []
        for depth, label in enumerate(labels):
            is_last = depth == len(labels) - 1
            same = [above[: depth + 1] == labels[: depth + 1] for above, _ in rows]
            if is_last or number == same.index(True):
                text = _dressed(label, report.style)
                cells.append(Td(text, cols=3 - depth) if is_last else Td(text, rows=sum(same)))
        yield cells + [_figure(report, code, applicant) for applicant in templates.APPLICANTS]


def _section_four(report: Description) -> list[Part]:
    style = report.style
    if style.disputes == "list":
        return [_disputes_listed(report)]
    if style.disputes in ("blocks", "tables"):
        blocks = list(_disputes_in_blocks(report))
        return list(blocks) if style.disputes == "tables" else [[row for block in blocks for row in block]]
    names = [_dressed(label, style) for label, _ in templates.RESULTS]
    table: Table = [
        [Td("行政复议", cols=5), Td("行政诉讼", cols=10)],
        [*[Td(name, rows=2) for name in names], Td("未经复议直接起诉", cols=5), Td("复议后起诉", cols=5)],
        [Td(name) for name in names * 2],
        [figure for _, block in templates.DISPUTES for figure in _results(report, block)],
    ]
    return [turned(table) if style.is_lying else table]


def _results(report: Description, block: str) -> list[Td]:
    return [_figure(report, f"{block}.{code}") for _, code in templates.RESULTS]


def _disputes_listed(report: Description) -> Table:
    table: Table = [[Td("类别"), Td("情形"), Td("结果"), Td("件数")]]
    for labels, block in templates.DISPUTES:
        for (name, _), figure in zip(templates.RESULTS, _results(report, block), strict=True):
            table.append([Td(labels[0]), Td(labels[-1]), Td(_dressed(name, report.style)), figure])
    return table


def _disputes_in_blocks(report: Description) -> Iterator[Table]:
    for labels, block in templates.DISPUTES:
        names = [Td(_dressed(name, report.style)) for name, _ in templates.RESULTS]
        yield [*[[Td(label, cols=5)] for label in labels], names, _results(report, block)]
