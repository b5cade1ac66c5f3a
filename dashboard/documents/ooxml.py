"""Office Open XML packages (DOCX, XLSX): a zip archive of XML parts, opened within limits.

Parts are parsed without DTDs, entities or network; a part that brings a DTD is refused, for Office never
writes one.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from dashboard.documents.limits import MEGABYTE
from dashboard.messages import UserError

MAX_ENTRIES = 5_000
MAX_UNPACKED = 300 * MEGABYTE
MAX_PART = 32 * MEGABYTE
MAX_SHEET = 200 * MEGABYTE  # read as a stream
MAX_RATIO = 200  # honest XML stays below 100
_SMALL = 5 * MEGABYTE  # below, no ratio does harm

# "Strict" files use other namespaces for the same elements.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


class Package:
    """The parts of one file, by name without a leading slash."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except _READ_ERRORS:
            raise UserError("document.damaged") from None
        self._entries = {entry.filename: entry for entry in self._archive.infolist()}
        _check(self._archive.infolist())

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def part(self, name: str) -> etree._Element | None:
        """The root of a part, or None where the package has no such part."""
        if name not in self._entries:
            return None
        content = self._bytes(name, MAX_PART)
        try:
            root = etree.fromstring(content, _parser())
        except etree.XMLSyntaxError as error:
            raise _syntax_error(error) from None
        _refuse_dtd(root)
        return root

    def stream(self, name: str, tags: list[str]) -> Iterator[etree._Element]:
        """Elements named `tags` (`{*}row`) one by one; each is emptied once the next is asked for."""
        content = io.BytesIO(self._bytes(name, MAX_SHEET))
        try:
            for _, element in etree.iterparse(
                content, tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            ):
                _refuse_dtd(element)
                yield element
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
        except etree.XMLSyntaxError as error:
            raise _syntax_error(error) from None

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Relationship id -> (kind, part name); kind is the last word of the relationship's type."""
        folder, file = posixpath.split(name)
        root = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        found = {}
        for link in [] if root is None else root.iterfind("{*}Relationship"):
            target = link.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            found[link.get("Id", "")] = (link.get("Type", "").rpartition("/")[2], posixpath.normpath(path))
        return found

    def main_part(self) -> str:
        """The name of the document or workbook itself."""
        for kind, name in self.related("").values():
            if kind == "officeDocument" and name in self:
                return name
        raise UserError("document.damaged")

    def title(self) -> str:
        core = next((name for kind, name in self.related("").values() if kind == "core-properties"), "")
        root = self.part(core)
        return "" if root is None else (root.findtext("{http://purl.org/dc/elements/1.1/}title") or "")

    def _bytes(self, name: str, limit: int) -> bytes:
        entry = self._entries[name]
        if entry.file_size > limit:
            raise UserError("document.unpacks_too_large", limit=limit // MEGABYTE)
        if entry.flag_bits & 1:
            raise UserError("document.password")
        try:
            content = self._archive.read(entry)
        except (*_READ_ERRORS, RuntimeError):
            raise UserError("document.damaged") from None
        for strict, usual in _STRICT:
            content = content.replace(strict, usual)
        return content


def _check(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    squeezed = any(e.file_size > _SMALL and e.file_size > MAX_RATIO * max(e.compress_size, 1) for e in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_UNPACKED or squeezed:
        raise UserError("document.unpacks_too_large", limit=MAX_UNPACKED // MEGABYTE)


def _refuse_dtd(element: etree._Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise UserError("document.unsafe_xml")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _syntax_error(error: etree.XMLSyntaxError) -> Exception:
    kind = getattr(error, "code", 0)
    if kind == etree.ErrorTypes.ERR_NO_MEMORY:
        return MemoryError()
    if "entit" in str(error).lower():  # before the next one: entities in entities are a limit too
        return UserError("document.unsafe_xml")
    if kind == etree.ErrorTypes.ERR_RESOURCE_LIMIT or "depth" in str(error).lower():
        return UserError("document.too_deep")
    return UserError("document.damaged")
