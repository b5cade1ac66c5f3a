"""Word documents: bytes of a DOCX -> Document, as Word would show it with all tracked changes accepted.

Text boxes give their paragraphs before the paragraph they are anchored in; numbers that Word draws by
itself are put back; the table of contents, headers, footers, footnotes, comments and hidden text are left
out.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from dashboard.documents.assembly import Collector, Span, Table, assemble
from dashboard.documents.document import Document
from dashboard.documents.numbering import Numbering, W, integer, value
from dashboard.documents.ooxml import Package
from dashboard.messages import UserError

_DROPPED = {
    "del",
    "moveFrom",
    "rt",
    "instrText",
    "sdtPr",
    "pPr",
    "tblPr",
    "tblGrid",
    "sectPr",
    "tcPr",
    "trPr",
}
_OFF = {"0", "false", "off"}
_CHARACTERS = {"tab": " ", "ptab": " ", "noBreakHyphen": "-"}
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def read(content: bytes) -> Document:
    """The body's paragraphs and tables; raises UserError for damaged, too large or scanned files."""
    package = Package(content)
    main = package.main_part()
    root = package.part(main)
    body = None if root is None else root.find(f"{W}body")
    if body is None:
        raise UserError("document.damaged")
    parts = {
        kind: package.part(name) for kind, name in package.related(main).values() if kind in {"styles", "numbering"}
    }
    walk = _Walk(_styles(parts.get("styles")), Numbering(parts.get("numbering")))
    walk.through(body)
    if not walk.collector.parts and any("/media/" in name for name in package.names):
        raise UserError("document.scanned")
    return assemble(walk.collector.parts, "docx", package.title())


@dataclass(slots=True)
class _Style:
    name: str = ""
    is_heading: bool = False
    number_id: str | None = None
    depth: int | None = None


class _Walk:
    """One pass over the body, without recursion: depth is the file's choice."""

    def __init__(self, styles: dict[str, _Style], numbering: Numbering) -> None:
        self.collector = Collector()
        self._styles = styles
        self._numbering = numbering
        self._merges: list[dict[int, str]] = []  # of each open table: id(span) -> restart or continue

    def through(self, body: etree._Element) -> None:
        walker, skipped = etree.iterwalk(body, events=("start", "end")), None
        for event, element in walker:
            tag = _name(element)
            if event == "start":
                if self._is_dropped(element, tag):
                    skipped = element
                    walker.skip_subtree()
                else:
                    self._open(element, tag)
            elif element is not skipped:
                self._close(element, tag)

    def _open(self, element: etree._Element, tag: str) -> None:
        if tag == "t":
            self.collector.text(element.text or "")
        elif tag == "p":
            self.collector.text(self._number(element))
        elif tag in _CHARACTERS:
            self.collector.text(_CHARACTERS[tag])
        elif tag in {"br", "cr"}:
            self.collector.end_paragraph(self._is_heading(_paragraph_of(element)))
        elif tag == "sym":
            self.collector.text(_symbol(element))
        elif tag == "txbxContent":
            self.collector.pause_paragraph()
        elif tag == "tbl":
            self.collector.start_table()
            self._merges.append({})
        elif tag == "tr":
            self._open_row(element)
        elif tag == "tc":
            self._open_cell(element)

    def _close(self, element: etree._Element, tag: str) -> None:
        if tag == "p":
            # A deleted paragraph mark joins the paragraph to the next one.
            if element.find(f"{W}pPr/{W}rPr/{W}del") is None:
                self.collector.end_paragraph(self._is_heading(element))
        elif tag == "txbxContent":
            self.collector.resume_paragraph()
        elif tag == "tc":
            self.collector.end_cell()
        elif tag == "tbl" and self._merges:
            table, merges = self.collector.end_table(), self._merges.pop()
            if table is not None:
                _merge_down(table, merges)
                table.caption = value(element, "tblPr/tblCaption") or ""

    def _open_row(self, row: etree._Element) -> None:
        self.collector.start_row()
        before = integer(value(row, "trPr/gridBefore"))
        if before > 0:
            self.collector.start_cell(cols=before)
            self.collector.end_cell()

    def _open_cell(self, cell: etree._Element) -> None:
        span = self.collector.start_cell(cols=max(integer(value(cell, "tcPr/gridSpan"), 1), 1))
        merge = value(cell, "tcPr/vMerge")
        if span is not None and merge is not None and self._merges:
            self._merges[-1][id(span)] = merge or "continue"

    def _is_dropped(self, element: etree._Element, tag: str) -> bool:
        if tag in _DROPPED:
            return True
        if tag == "r":
            return (hidden := value(element, "rPr/vanish")) is not None and hidden not in _OFF
        if tag == "p":
            return self._style(element).name.startswith("toc ")
        if tag == "tr":
            return element.find(f"{W}trPr/{W}del") is not None
        if tag == "tc":
            return element.find(f"{W}tcPr/{W}cellDel") is not None
        if tag == "sdtContent":
            return element.getparent().find(f"{W}sdtPr/{W}showingPlcHdr") is not None  # type: ignore[union-attr]  # an element of a document has a parent
        if tag == "Fallback":  # the same content once more, for older programs
            return next(element.itersiblings(f"{_COMPATIBILITY}Choice", preceding=True), None) is not None
        return False

    def _style(self, paragraph: etree._Element | None) -> _Style:
        return self._styles.get(value(paragraph, "pPr/pStyle") or "", self._styles[""])

    def _is_heading(self, paragraph: etree._Element | None) -> bool:
        outline = value(paragraph, "pPr/outlineLvl")
        return self._style(paragraph).is_heading if outline is None else integer(outline, 9) < 9

    def _number(self, paragraph: etree._Element) -> str:
        style = self._style(paragraph)
        number_id = value(paragraph, "pPr/numPr/numId") or style.number_id
        if number_id is None or number_id == "0":
            return ""
        depth = value(paragraph, "pPr/numPr/ilvl")
        if depth is not None:
            return self._numbering.label(number_id, integer(depth))
        by_style = self._numbering.level_of_style(number_id, value(paragraph, "pPr/pStyle") or "")
        return self._numbering.label(number_id, by_style if style.depth is None else style.depth)


def _merge_down(table: Table, merges: dict[int, str]) -> None:
    """Turns vertical merges, which a DOCX marks cell by cell, into spans of the first cell."""
    above: dict[int, Span] = {}
    for row in table.rows:
        col, kept, current = 0, [], {}
        for span in row:
            origin = above.get(col) if merges.get(id(span)) == "continue" else None
            if origin is not None and origin.cols == span.cols:
                origin.rows += 1
                current[col] = origin
            else:
                kept.append(span)
                if id(span) in merges:
                    current[col] = span
            col += span.cols
        row[:] = kept
        above = current


def _styles(root: etree._Element | None) -> dict[str, _Style]:
    """Paragraph styles by id with what they inherit; "" is the default style."""
    elements = {} if root is None else {e.get(f"{W}styleId", ""): e for e in root.iterfind(f"{W}style")}
    styles = {"": _Style()}
    for style_id, element in elements.items():
        chain, parent = [element], value(element, "basedOn")
        while parent in elements and len(chain) < 20:
            chain.append(elements[parent])
            parent = value(chain[-1], "basedOn")
        styles[style_id] = _inherited(chain)
        if element.get(f"{W}default") == "1" and element.get(f"{W}type") == "paragraph":
            styles[""] = styles[style_id]
    return styles


def _inherited(chain: list[etree._Element]) -> _Style:
    def first(path: str) -> str | None:
        return next((found for element in chain if (found := value(element, path)) is not None), None)

    name = (value(chain[0], "name") or "").lower()
    is_title = name.startswith(("heading", "title", "标题"))
    depth = first("pPr/numPr/ilvl")
    return _Style(
        name=name,
        is_heading=is_title or integer(first("pPr/outlineLvl"), 9) < 9,
        number_id=first("pPr/numPr/numId"),
        depth=None if depth is None else integer(depth),
    )


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _paragraph_of(element: etree._Element) -> etree._Element | None:
    return next(element.iterancestors(f"{W}p"), None)


def _symbol(element: etree._Element) -> str:
    """A character of a symbol font; those of the private area have no meaning outside it."""
    try:
        character = chr(int(element.get(f"{W}char", ""), 16))
    except (ValueError, OverflowError):
        return ""
    return "" if "\ue000" <= character <= "\uf8ff" else character
