"""Reports by chance: any figures, blanks, marks and spellings, in any style and dress; the same for the same seed."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.documents import printed, templates
from tests.documents.description import Description, Dress, Style

YEARS = {"2014": 2016, "2019": 2020, "2021": 2022}
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def report(chance: Random, edition: str) -> Description:
    """A report with figures, style and dress drawn by `chance`."""
    drawn = Description(edition, YEARS[edition], "云岭市", {}, style=style(chance), dress=dress(chance))
    return replace(drawn, figures=figures(chance, edition, drawn.style))


def style(chance: Random) -> Style:
    return Style(
        numbering=chance.choice(["printed", "none", "digits", "circled"]),
        brackets=chance.choice(["wide", "narrow", "mixed"]),
        is_spaced=chance.random() < 0.3,
        is_lying=chance.random() < 0.2,
        is_in_halves=chance.random() < 0.2,
        is_grouped=chance.random() < 0.2,
        is_in_one_table=chance.random() < 0.6,
        disputes=chance.choice(["row", "blocks", "tables", "list"]),
        pages=chance.choice([1, 1, 2, 3]),
        total=chance.choice(["总计", "合计"]),
        normative=chance.choice(["", "规范性文件", "行政规范性文件"]),
        money=chance.choice(["万元", "元", "亿元"]),
    )


def dress(chance: Random) -> Dress:
    return Dress(
        encoding=chance.choice(["utf-8", "gb18030"]),
        claimed=chance.choice(["utf-8", "gb2312"]),
        are_spans_repeated=chance.random() < 0.5,
        is_portal=chance.random() < 0.5,
        is_nested=chance.random() < 0.5,
        is_framed=chance.random() < 0.3,
        has_changes=chance.random() < 0.3,
        has_text_box=chance.random() < 0.3,
        has_running_heads=chance.random() < 0.5,
        has_sheets=chance.random() < 0.5,
        label_width=chance.choice([0, 0, 8, 12]),
    )


def figures(chance: Random, edition: str, style: Style) -> dict[tuple[str, str], str]:
    return {key: _spelled(chance, printed.unit_of(key[0], edition), key[0]) for key in templates.keys(edition)}


def _spelled(chance: Random, unit: str, code: str) -> str:
    """A figure as somebody may have typed it."""
    if chance.random() < 0.25:
        return chance.choice(["", "", "0", "0", *printed.NOT_APPLICABLE, *printed.UNREADABLE])
    if unit == "万元":
        amount = f"{chance.randrange(10**7)}.{chance.randrange(1, 100):02d}"
        return chance.choice([amount, f"{amount}{chance.choice(['元', '万元', '亿元'])}"])
    number = chance.randrange(10 ** chance.randrange(1, 8))
    spellings = [str(number), str(number), f"{number:,}", f"{number:,}".replace(",", " "), str(number).translate(_WIDE)]
    if unit in ("件", "条", "项"):
        spellings += [f"{number}{unit}", f"{number} {unit}"]
    if unit in ("件", "条"):
        spellings.append(f"{number / 100:.2f}万{unit}")
    if code.endswith(".items_change"):
        spellings += [f"-{number}", f"+{number}", f"减少{number}", f"增加{number}"]
    return chance.choice(spellings)
