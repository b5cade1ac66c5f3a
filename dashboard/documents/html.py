"""Web pages: bytes of HTML in whatever encoding -> Document.

Navigation is left out where it shows as such (links only, <nav>, menus by name); nothing that holds a
table is. Hidden content is left out unless it holds a table: portals hide tabs that a script opens.
"""

from __future__ import annotations

import re

from lxml import etree

from dashboard.documents import limits
from dashboard.documents.assembly import Collector, assemble, tidy
from dashboard.documents.document import Document
from dashboard.documents.encoding import decode
from dashboard.documents.numerals import numeral
from dashboard.messages import UserError

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | {
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
    ),
    *(
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
    ),
    *("summary", "ul"),
}
_SKIPPED = {
    *("button", "head", "iframe", "nav", "noscript", "object", "option", "script", "select", "style", "svg"),
    *("template", "textarea", "title"),
}
_MENUS = {
    *(
        "breadcrumb",
        "breadcrumbs",
        "copyright",
        "crumbs",
        "footer",
        "foot",
        "header",
        "menu",
        "nav",
        "navbar",
    ),
    *("navigation", "pagination", "share", "sidebar"),
}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_LIST_STYLES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def read(content: bytes) -> Document:
    """The page's paragraphs and data tables; raises UserError for what is no text or nested absurdly."""
    declared = _CHARSET.search(content[:4096])
    root = _parse(decode(content, declared[1].decode() if declared else ""))
    walk = _Walk(root)
    for body in root.iterchildren("body"):
        walk.through(body)
    walk.collector.end_paragraph()
    return assemble(walk.collector.parts, "html", _title(root))


def _parse(text: str) -> etree._Element:
    limits.check_cells(text.count("<td") + text.count("<TD"))  # before a tree many times as large is built
    # huge_tree: its depth limit is 2,048; the ordinary 256 cuts off pages that leave <font> open.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    for entry in parser.error_log:  # the parser stops there, and would give half a page
        if entry.type == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError
        if entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            raise UserError("document.too_deep")
    if root is None:
        raise UserError("document.no_text")
    return root


def _title(root: etree._Element) -> str:
    """The article's title as government portals are told to state it in <meta>, else the page's."""
    for meta in root.iter("meta"):
        if meta.get("name", "").lower() == "articletitle" and meta.get("content", "").strip():
            return tidy(meta.get("content", ""))
    title = next(root.iter("title"), None)
    return "" if title is None else tidy("".join(str(text) for text in title.itertext(with_tail=False)))


class _Walk:
    """One pass over the tree, without recursion: depth is the file's choice."""

    def __init__(self, root: etree._Element) -> None:
        self.collector = Collector()
        self._links = 0
        self._items: dict[etree._Element, int] = {}
        self._holders: set[etree._Element] = set()
        for table in root.iter("table"):
            holder: etree._Element | None = table
            while holder is not None and holder not in self._holders:
                self._holders.add(holder)
                holder = holder.getparent()

    def through(self, body: etree._Element) -> None:
        walker, skipped = etree.iterwalk(body, events=("start", "end")), None
        for event, element in walker:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if element is not body and self._is_skipped(element, tag):
                    skipped = element
                    walker.skip_subtree()
                    continue
                self._open(element, tag)
                self._text(element.text, tag)
            else:
                if element is not skipped:
                    self._close(element, tag)
                self._text(element.tail if element is not body else None, "")

    def _text(self, text: str | None, tag: str) -> None:
        if text and tag == "pre":
            for line in text.splitlines():
                self.collector.text(line, self._links > 0)
                self.collector.end_paragraph()
        elif text:
            self.collector.text(text, self._links > 0)

    def _open(self, element: etree._Element, tag: str) -> None:
        if tag in _BLOCKS or tag in {"br", "caption"}:
            self.collector.end_paragraph()
            if tag == "li":
                self.collector.text(self._list_number(element))
        elif tag == "table":
            self.collector.start_table()
        elif tag == "tr":
            self.collector.start_row()
        elif tag in {"td", "th"}:
            self.collector.start_cell(_number(element.get("rowspan")), _number(element.get("colspan")) or 1)
        self._links += _is_link(element, tag)

    def _close(self, element: etree._Element, tag: str) -> None:
        self._links -= _is_link(element, tag)
        if tag in _BLOCKS:
            self.collector.end_paragraph(is_heading=tag in _HEADINGS)
        elif tag == "table":
            self.collector.end_table()
        elif tag in {"td", "th", "tr"}:
            self.collector.end_cell()
        elif tag == "caption":
            self.collector.caption()

    def _list_number(self, item: etree._Element) -> str:
        """What a browser draws before an item of an ordered list."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol" or "none" in parent.get("style", ""):
            return ""
        place = self._items.get(parent, _number(parent.get("start")))
        self._items[parent] = place + 1
        return f"{numeral(place, _LIST_STYLES.get(parent.get('type', ''), 'decimal'))}."

    def _is_skipped(self, element: etree._Element, tag: str) -> bool:
        holds_table = element in self._holders
        if element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
            return tag in {"td", "th", "tr"} or not holds_table
        if holds_table:
            return tag in _SKIPPED - {"noscript", "object"}
        names = f"{element.get('id', '')} {element.get('class', '')}".lower().split()
        if tag in _SKIPPED or tag == "footer":
            return True
        return tag != "body" and not _MENUS.isdisjoint(names) and next(element.iter("h1", "h2"), None) is None


def _is_link(element: etree._Element, tag: str) -> bool:
    return tag == "a" and element.get("href") is not None


def _number(value: str | None) -> int:
    match = re.match(r"\s*(\d{1,6})", value or "")
    return int(match[1]) if match else 1
