"""A report's title and the paragraphs before its first chapter: which words tell the body, the year, the period.

A document in, printed words with their places out. Knows no list of bodies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dashboard.documents.document import Block, Document
from dashboard.forms import sections

_TITLE = re.compile(
    r"(?=.*(?:信息|政务)\s*公开).{0,60}(?:年度\s*报告|年\s*报|工作\s*报告|情况\s*报告)\s*(?:[（(][^（）()]{0,12}[）)])?\s*[。]?"
)
_PAGE_TITLE_ENDS = re.compile(r"\s*[_|｜]\s*|\s+[-–—]\s+")
YEAR = re.compile(r"((?:19|20)\d{2})\s*年")
_PERIOD = re.compile(
    r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*起?\s*[至到—–~-]+\s*"
    r"(?:(\d{4})\s*年\s*|同年\s*|当年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*日"
)
_PUBLISHER = re.compile(r"本(?:年度)?报告(?:是)?由(.{4,40}?)(?:负责|汇总|编制|编写|根据|依据|按照|组织|[，。])")
_ABOUT = re.compile(r"关于|(?:(?:19|20)\d{2})年?度?|[（(].*?[）)]|《|》|^附件\d*[:：]?")
# 政务公开 may also stand in the name of an office: 云岭市政务公开办公室.
_OF_THE_REPORT = re.compile(r"(?:(?:政府|政务)?信息公开|政务公开)(?:工作|情况|年度|年报|报告|[年度的])*$")
_GOVERNMENT = re.compile(r"(?:人民政府|人民|政府)$")
_PUBLISHED = re.compile(
    r"(?:发布|公布|公开|发文|成文|印发)(?:时间|日期)\s*[:：]\s*(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})(?!\d)"
)
_PUBLISHED_LENGTH = 120  # of the line around it on a portal's page: date, source, size of letters
_TITLE_LINES = 40


@dataclass(frozen=True, slots=True)
class Printed:
    """Words of the document and where they stand."""

    text: str
    place: str


def title(document: Document) -> Printed | None:
    """The line that names the report, with the line above it where that holds the body's name; None where none does.

    Of several, the first that tells most: body and year, then one of them.
    """
    candidates = list(_candidates(document))
    told = [bool(body_words(each.text)) + bool(YEAR.search(each.text)) for each in candidates]
    return candidates[told.index(max(told))] if candidates else None


def _candidates(document: Document) -> Iterator[Printed]:
    blocks = document.blocks[:_TITLE_LINES]
    for number, block in enumerate(blocks):
        if _TITLE.fullmatch(block.text.strip()):
            above = blocks[number - 1] if number else None
            if above and not body_words(block.text) and _is_name(above):
                yield Printed(above.text.strip() + block.text.strip(), str(above.locator))
            yield Printed(block.text.strip(), str(block.locator))
    for part in _PAGE_TITLE_ENDS.split(document.title):
        if _TITLE.fullmatch(part):
            yield Printed(part, "title")


def _is_name(block: Block) -> bool:
    text = block.text.strip()
    return 2 < len(text) <= 30 and not re.search(r"[，。：:；、>/]|\d{1,2}日", text)


def body_words(text: str) -> str:
    """The name of the body in a title: 云岭市 in `云岭市人民政府2021年政府信息公开工作年度报告`; empty where none is."""
    plain = _OF_THE_REPORT.sub("", _ABOUT.sub("", re.sub(r"\s+", "", text)))
    return bare_name(plain.strip("的年"))


def bare_name(name: str) -> str:
    """A government by its place: 云岭市 for 云岭市人民政府. Offices and departments keep their names."""
    plain = re.sub(r"\s+", "", name)
    return _GOVERNMENT.sub("", plain) or plain


def preamble(document: Document) -> str:
    """The paragraphs before the first chapter: who compiled it, for which period, out of how many bodies."""
    return "".join(_until_chapter(document))


def _until_chapter(document: Document) -> Iterator[str]:
    for paragraph in sections.paragraphs(document):
        if re.match(r"\s*一\s*、", paragraph.text):
            return
        yield paragraph.text


def period(text: str) -> tuple[str, str]:
    """First and last day of the stated period, ISO 8601; empty where none is stated or it is no date."""
    match = _PERIOD.search(text)
    if match is None:
        return "", ""
    year, month, day, last_year, last_month, last_day = match.groups()
    try:
        start = date(int(year), int(month), int(day))
        end = date(int(last_year or year), int(last_month), int(last_day))
    except ValueError:
        return "", ""
    return start.isoformat(), end.isoformat()


def publisher(text: str) -> str:
    """Who compiled it, as printed; empty where it is not told."""
    match = _PUBLISHER.search(text)
    return match[1].strip() if match else ""


def published(document: Document) -> str:
    """The date of publication that a line near the title tells, ISO 8601; empty where none does or it is no date."""
    for block in document.blocks[:_TITLE_LINES]:
        match = _PUBLISHED.search(block.text) if len(block.text) <= _PUBLISHED_LENGTH else None
        if match:
            try:
                return date(*(int(part) for part in match.groups())).isoformat()
            except ValueError:
                return ""
    return ""
