"""An audit as a workbook: one sheet, one row a finding. Every cell is text: nothing in it is a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from dashboard.audit.account import Account, Line
from dashboard.audit.record import defused
from dashboard.messages import Language, text

_COLUMNS = (
    ("report", 28), ("verdict", 12), ("severity", 9), ("rule", 36), ("message", 80), ("left", 22), ("right", 22),
    ("inferred", 12), ("cells", 60), ("basis", 40), ("id", 18),
)  # fmt: skip
_NO_DATE = datetime(2000, 1, 1)  # the same audit gives the same bytes
_LONGEST = 32_767  # characters that a cell of a workbook holds


def to_xlsx(accounts: Sequence[Account], language: Language) -> bytes:
    """The bytes of the workbook; the same audit gives the same rows, problems first within each family."""
    import xlsxwriter  # only who asks for a workbook pays for it

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _NO_DATE})
        sheet = book.add_worksheet(text("audit.report", language))
        head = book.add_format({"bold": True, "bottom": 1})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        for column, (name, width) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width, cell)
            sheet.write_string(0, column, text(f"audit.{name}", language), head)
        rows = [(account, line) for account in accounts for _, lines in account.families for line in lines]
        for number, (account, line) in enumerate(rows, 1):
            for column, words in enumerate(_cells(account, line)):
                sheet.write_string(number, column, defused(words)[:_LONGEST])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(_COLUMNS) - 1)
    return out.getvalue()


def _cells(account: Account, line: Line) -> tuple[str, ...]:
    places = "\n".join(f"{place} ({locator})" if locator else place for place, locator in line.places)
    return (
        account.title, line.verdict_name, line.severity, line.rule, line.message, line.left, line.right, line.inferred,
        places, line.basis, line.id,
    )  # fmt: skip
