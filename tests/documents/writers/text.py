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
            pages = _pages(part, fill) if report.dress.has_running_heads else [spread(part, fill)]
            for number, rows in enumerate(pages, start=3):
                lines += ["", f"— {number} —", report.title, ""] if rows is not pages[0] else []
                lines += ["\t".join(row) for row in rows]
            lines.append("")
    return "\n".join(lines)


def _pages(table: Table, fill: str) -> list[list[list[str]]]:
    """The rows of each page; no page ends with a header."""
    rows, pages = list(zip(table, spread(table, fill), strict=True)), []
    while rows:
        end = len(rows[:_LINES_OF_A_PAGE])
        while not any(cell.is_figure for cell in rows[end - 1][0]):
            end -= 1
        pages.append([texts for _, texts in rows[:end]])
        rows = rows[end:]
    return pages


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
