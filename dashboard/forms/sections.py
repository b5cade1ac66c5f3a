"""A document's prose in its own order: chapters, sections, sentences, each still knowing where it was printed.

A page break cuts paragraphs in two; they are joined again here. Knows headings, not what they are about.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.documents.document import Block, Document, Locator
from dashboard.forms import quantities

_NUMERAL = "[一二三四五六七八九十]+"
_CHAPTER = re.compile(rf"^\s*(?:第(?=[一二三四五六七八九十]+部分))?({_NUMERAL})(?:\s*[、.．]|部分[、：:]?)\s*(.+)$")
_SECTION = re.compile(rf"^\s*[（(]\s*({_NUMERAL})\s*[)）]\s*(.+)$")
_POINT = re.compile(r"^\s*(\d{1,2})\s*[.．、]\s*(?!\d(?!\d{3}\s*年))(.+)$")
_ENDED = re.compile(r"[。！？!?：:；;]\s*$")
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]?")
_CLAUSE_END = re.compile("[；;，、]")
_HEADING_LENGTH = 40
_SENTENCE_LENGTH = 1500  # none of an office's is as long; reading one takes time by the square of its length


@dataclass(frozen=True, slots=True)
class Section:
    """Where a sentence stands: `一（二）3`, and the headings above it from the chapter downwards."""

    label: str
    headings: tuple[str, ...]

    @property
    def chapter(self) -> str:
        return self.headings[0] if self.headings else ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Joined text; `starts[i]` is the offset at which `pieces[i]` begins."""

    text: str
    pieces: tuple[Block, ...]
    starts: tuple[int, ...]

    def locate(self, start: int, end: int) -> Locator:
        """The place of text[start:end] in the file; where a page break cuts it, that of its first part."""
        index = bisect_right(self.starts, start) - 1
        piece, offset = self.pieces[index], self.starts[index]
        return piece.locator.chars(start - offset, min(end - offset, len(piece.text)))


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    offset: int
    paragraph: Paragraph
    section: Section

    def locate(self, start: int, end: int) -> Locator:
        return self.paragraph.locate(self.offset + start, self.offset + end)


def sentences(document: Document) -> Iterator[Sentence]:
    """Every sentence of the prose with its section. A heading that ends in a full stop is not a sentence of its own."""
    outline = _Outline()
    for paragraph in paragraphs(document):
        heading_end = outline.enter(paragraph.text)
        for start, end in _spans(paragraph.text, heading_end):
            yield Sentence(paragraph.text[start:end], start, paragraph, outline.section())


def _spans(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Where the sentences of `text` stand. One of endless length is cut at a clause; without clauses it is no prose."""
    for match in _SENTENCE.finditer(text, start):
        begin, end = match.span()
        while end - begin > _SENTENCE_LENGTH:
            cut = max(text.rfind(mark, begin, begin + _SENTENCE_LENGTH) for mark in "；;，、") + 1
            if cut <= begin:
                following = _CLAUSE_END.search(text, begin, end)
                begin = following.end() if following else end
                continue
            yield begin, cut
            begin = cut
        if text[begin:end].strip():
            yield begin, end


def paragraphs(document: Document) -> Iterator[Paragraph]:
    """The blocks of the document, those that a page break has cut joined again."""
    pending: list[Block] = []
    for block in document.blocks:
        if pending and not _goes_on(pending[-1].text, block.text):
            yield _join(pending)
            pending = []
        pending.append(block)
    if pending:
        yield _join(pending)


def _goes_on(text: str, following: str) -> bool:
    if _ENDED.search(text) or _CHAPTER.match(following) or _SECTION.match(following):
        return False
    is_heading = len(text.strip()) <= _HEADING_LENGTH and not re.search("[，。；]", text)
    return not is_heading


def _join(blocks: list[Block]) -> Paragraph:
    starts, length = [], 0
    for block in blocks:
        starts.append(length)
        length += len(block.text)
    return Paragraph("".join(block.text for block in blocks), tuple(blocks), tuple(starts))


class _Outline:
    """The headings in force while the document is read from top to bottom."""

    def __init__(self) -> None:
        self._levels: list[tuple[str, str]] = []

    def enter(self, text: str) -> int:
        """Takes in the heading that `text` may begin with; returns the offset at which its sentences begin."""
        for level, pattern in enumerate((_CHAPTER, _SECTION, _POINT)):
            match = pattern.match(text)
            if match and (level == 0 or self._levels):
                title = re.split("[。：:]", match[2], maxsplit=1)[0]
                if level == 0 and len(title) > _HEADING_LENGTH:
                    continue
                self._levels = [*self._levels[:level], (match[1], title.strip())]
                return self._heading_end(match.start(2), title, text)
        return 0

    @staticmethod
    def _heading_end(start: int, title: str, text: str) -> int:
        # 1.2018年，…… and （一）公开信息 9 条。 are numbered sentences, not headings; 收费情况：0 元。 needs its first words.
        end = start + len(title)
        is_sentence = len(title) > _HEADING_LENGTH or "，" in title or bool(quantities.find(title))
        return start if is_sentence or text[end : end + 1] in ("：", ":") else end + 1

    def section(self) -> Section:
        marks = [mark for mark, _ in self._levels]
        label = "".join(mark if level != 1 else f"（{mark}）" for level, mark in enumerate(marks))
        return Section(label, tuple(title for _, title in self._levels))
