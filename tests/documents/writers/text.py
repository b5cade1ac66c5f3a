"""Reports as plain text, cells parted by tabs, and as Markdown."""

from __future__ import annotations

from tests.documents import build
from tests.documents.description import Description, is_heading
from tests.documents.tables import Table, Td, placed, spread

_LINES_OF_A_PAGE = 24


def to_txt(report: Description) -> bytes:
    fill = "=" if report.dress.are_spans_repeated else ""
    return tabbed(report, fill=fill).encode(report.dress.encoding)


def tabbed(report: Description, *, fill: str = "") -> str:
    """Cells parted by tabs; a place that a span covers holds `fill`, or the span's text for `fill="="`."""
    lines: list[str] = []
    for part in build.parts(report):
        if isinstance(part, str):
            lines += [part, ""]
        else:
            lines += [*_paged(["\t".join(row) for row in spread(part, fill)], report), ""]
    return "\n".join(lines)


def _paged(rows: list[str], report: Description) -> list[str]:
    """A table's lines with the running head and foot between the pages, as text taken out of a PDF has them."""
    if not report.dress.has_running_heads:
        return rows
    pages = [rows[start : start + _LINES_OF_A_PAGE] for start in range(0, len(rows), _LINES_OF_A_PAGE)]
    lines = list(pages[0])
    for number, page in enumerate(pages[1:], start=4):
        lines += ["", f"— {number} —", report.title, "", *page]
    return lines


def to_md(report: Description) -> bytes:
    lines: list[str] = []
    for part in build.parts(report):
        if not isinstance(part, str):
            lines += [*_pipes(part, report.dress.label_width), ""]
        elif part == report.title:
            lines += [f"# {part}", ""]
        else:
            lines += [f"## {part}" if is_heading(part) else part, ""]
    return "\n".join(lines).encode(report.dress.encoding)


def _pipes(table: Table, width: int) -> list[str]:
    """A pipe table: what a span covers repeats its words, since Markdown knows no spans."""
    rows = [[_escaped(place.cell, width) for place in row.values()] for row in placed(table)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]


def _escaped(cell: Td, width: int) -> str:
    return "<br>".join(label_lines(cell, width)).replace("|", r"\|")


def label_lines(cell: Td, width: int) -> list[str]:
    """A label as the lines it takes in a narrow cell; figures stay in one."""
    if not width or cell.is_figure:
        return [cell.text]
    return [cell.text[start : start + width] for start in range(0, len(cell.text), width)] or [""]
