"""Bad input ends in a UserError, in bounded time and memory; a file is read as what it is."""

from __future__ import annotations

import io
import os
import struct
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.documents import docx, html, limits, markdown, ooxml, pdf, xlsx
from dashboard.documents.document import Document
from dashboard.documents.sniff import format_of
from dashboard.messages import UserError

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def package(parts: dict[str, str], main: str) -> bytes:
    out = io.BytesIO()
    link = f'<Relationship Id="r" Type="{_RELATION}/officeDocument" Target="{main}"/>'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{_PACKAGE}">{link}</Relationships>')
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def word(xml: str) -> bytes:
    return package({"word/document.xml": xml}, "word/document.xml")


def word_body(body: str) -> bytes:
    return word(f"<w:document {_W}><w:body>{body}</w:body></w:document>")


def workbook(rows: str) -> bytes:
    link = f'<Relationship Id="s1" Type="{_RELATION}/worksheet" Target="s1.xml"/>'
    sheets = f'<sheets><sheet name="a" sheetId="1" r:id="s1" xmlns:r="{_RELATION}"/></sheets>'
    parts = {
        "xl/workbook.xml": f"<workbook {_S}>{sheets}</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{link}</Relationships>',
        "xl/s1.xml": f"<worksheet {_S}><sheetData>{rows}</sheetData></worksheet>",
    }
    return package(parts, "xl/workbook.xml")


PARAGRAPH = "<w:p><w:r><w:t>文字</w:t></w:r></w:p>"
GOOD_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>endobj\ntrailer<</Root 1 0 R>>"
)


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(UserError) as caught:
        read()
    return caught.value.message_id


def test_a_file_over_the_limit_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    with path.open("wb") as file:
        file.truncate(200 * limits.MEGABYTE)
    with pytest.raises(UserError) as caught:
        limits.load(path)
    assert caught.value.message_id == "document.too_large"
    assert caught.value.values == {"size": 200, "limit": 50}


def test_a_file_within_the_limit_is_loaded_whole(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc")
    assert limits.load(tmp_path / "a.txt") == b"abc"


@pytest.mark.parametrize("read", [html.read, docx.read, xlsx.read, pdf.read, markdown.read])
@pytest.mark.parametrize("content", [b"", b" \n", b"\0" * 100, bytes(range(256)) * 9])
def test_rubbish_ends_in_a_refusal(read: Callable[[bytes], Document], content: bytes) -> None:
    assert refusal(lambda: read(content)).startswith("document.")


@pytest.mark.parametrize("read", [docx.read, xlsx.read, pdf.read])
@pytest.mark.parametrize("content", [b"PK\x03\x04", b"%PDF-1.7\n", b"PK\x05\x06" + bytes(18), b"words"])
def test_a_mere_beginning_ends_in_a_refusal(read: Callable[[bytes], Document], content: bytes) -> None:
    assert refusal(lambda: read(content)) == "document.damaged"


def test_truncated_files_are_called_damaged() -> None:
    good = word_body(PARAGRAPH)
    assert docx.read(good).blocks[0].text == "文字"
    assert refusal(lambda: docx.read(good[: len(good) // 2])) == "document.damaged"
    assert refusal(lambda: pdf.read(GOOD_PDF[:40])) == "document.damaged"


def test_a_damaged_part_inside_a_whole_archive_is_called_damaged() -> None:
    assert refusal(lambda: docx.read(word(f"<w:document {_W}><w:body>"))) == "document.damaged"


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    bomb = package({"word/document.xml": "0" * (20 * limits.MEGABYTE)}, "word/document.xml")
    assert len(bomb) < limits.MEGABYTE
    assert refusal(lambda: docx.read(bomb)) == "document.unpacks_too_large"


def test_an_archive_of_too_many_entries_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(ooxml.MAX_ENTRIES + 1):
            archive.writestr(f"word/{number}", b"")
    assert refusal(lambda: docx.read(out.getvalue())) == "document.unpacks_too_large"


def test_an_archive_that_lies_about_its_sizes_is_called_damaged() -> None:
    content = bytearray(word_body(PARAGRAPH * 1000))
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 10)
    assert refusal(lambda: docx.read(bytes(content))) == "document.damaged"


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE d SYSTEM "http://example.org/d.dtd">',
    ],
)
def test_xml_that_brings_a_dtd_is_refused(declaration: str) -> None:
    entity = "&x;" if "ENTITY" in declaration else "文"
    body = f"<w:body><w:p><w:r><w:t>{entity}</w:t></w:r></w:p></w:body>"
    content = word(f"{declaration}<w:document {_W}>{body}</w:document>")
    assert refusal(lambda: docx.read(content)) == "document.unsafe_xml"


def test_a_sheet_that_brings_a_dtd_is_refused() -> None:
    content = workbook("<row/>")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            dtd = b'<!DOCTYPE w [<!ENTITY x "y">]>' if name.endswith("s1.xml") else b""
            new.writestr(name, dtd + old.read(name))
    assert refusal(lambda: xlsx.read(out.getvalue())) == "document.unsafe_xml"


def test_html_nested_a_hundred_thousand_deep_is_refused_at_once() -> None:
    content = b"<div>" * 100_000 + "文".encode() + b"</div>" * 100_000
    start = time.monotonic()
    assert refusal(lambda: html.read(content)) == "document.too_deep"
    assert time.monotonic() - start < 2


def test_html_nested_as_deep_as_careless_editors_do_is_read() -> None:
    assert html.read(b"<font>" * 500 + "文".encode()).blocks[0].text == "文"


def test_tables_nested_in_tables_without_end_are_refused() -> None:
    content = b"<table><tr><td>" * 100 + "文".encode()
    assert refusal(lambda: html.read(content)) == "document.too_deep"


def test_xml_nested_deep_is_refused() -> None:
    content = word_body("<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000)
    assert refusal(lambda: docx.read(content)) == "document.too_deep"


def test_a_table_of_ten_million_cells_is_refused_in_every_format() -> None:
    spans = "<table>" + "<tr><td rowspan=65000 colspan=1000>甲</td><td>1</td></tr>" * 60_000 + "</table>"
    assert refusal(lambda: html.read(spans.encode())) == "document.too_many_cells"
    cells = "<row>" + "<c><v>1</v></c>" * 250 + "</row>"
    assert refusal(lambda: xlsx.read(workbook(cells * 1_000))) == "document.too_many_cells"
    assert (
        refusal(lambda: markdown.read(("|a|b|\n|-|-|\n" + "|1|2|\n" * 200_000).encode())) == "document.too_many_cells"
    )


def test_a_large_merge_in_a_small_sheet_costs_nothing() -> None:
    content = workbook('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row></sheetData>'
                       '<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells><sheetData>')  # fmt: skip
    assert refusal(lambda: xlsx.read(content)) in {"document.too_many_cells"}


def test_nul_bytes_in_a_page_are_refused() -> None:
    assert refusal(lambda: html.read("<p>文\0字</p>".encode())) == "document.not_text"


def test_a_password_protected_office_file_is_recognised() -> None:
    content = OLE + "EncryptedPackage".encode("utf-16-le")
    for suffix in (".docx", ".xlsx", ".doc"):
        assert refusal(lambda suffix=suffix: format_of(content, suffix)) == "document.password"  # type: ignore[misc]  # mypy asks for the type of a default


@pytest.mark.parametrize(
    ("content", "suffix", "actual"),
    [
        (b"<!DOCTYPE html><html>", ".doc", ".html"),
        (b"\xef\xbb\xbf\r\n<HTML><body>", ".xls", ".html"),
        (word_body(PARAGRAPH), ".wps", ".docx"),
        (workbook(""), ".et", ".xlsx"),
        (b"{\\rtf1", ".doc", ".rtf"),
        (OLE + "WordDocument".encode("utf-16-le"), ".wps", ".doc"),
        (OLE + "Workbook".encode("utf-16-le"), ".et", ".xls"),
        (b"<html>", ".htm", ".html"),
        ("纯文字".encode(), ".txt", ".txt"),
        ("<p>文</p> 行".encode("gb18030"), ".html", ".html"),
        (b"just words", ".html", ".html"),
        ("# 报告".encode(), ".markdown", ".md"),
        (b"\r\n%PDF-1.4", ".pdf", ".pdf"),
    ],
)
def test_a_file_is_read_as_what_it_is(content: bytes, suffix: str, actual: str) -> None:
    assert format_of(content, suffix) == actual


@pytest.mark.parametrize(
    ("content", "suffix", "actual"),
    [
        (b"<html><body>404</body>", ".pdf", "html"),
        (GOOD_PDF, ".docx", "pdf"),
        (word_body(PARAGRAPH), ".xlsx", "docx"),
        (b"<html>", ".txt", "html"),
        (b"words", ".docx", "txt"),
        (OLE, ".docx", "doc"),
    ],
)
def test_a_wrong_ending_is_refused_with_what_the_file_is(content: bytes, suffix: str, actual: str) -> None:
    with pytest.raises(UserError) as caught:
        format_of(content, suffix)
    assert caught.value.message_id == "document.wrong_extension"
    assert caught.value.values == {"extension": suffix, "actual": actual}


def test_a_picture_with_a_documents_ending_is_called_scanned() -> None:
    assert refusal(lambda: format_of(b"\xff\xd8\xff\xe0 JFIF", ".pdf")) == "document.scanned"


# What the worker runs must stand in a module.
def double(number: int) -> int:
    return 2 * number


def identify(_: int) -> int:
    return os.getpid()


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def spin() -> None:
    while True:
        pass


def fill(megabytes: int) -> int:
    return len(bytearray(megabytes * limits.MEGABYTE))


def refuse() -> None:
    raise UserError("document.scanned", page=3)


def stumble() -> None:
    raise IndexError("a bug")


def recurse() -> None:
    recurse()


def die() -> None:
    os.abort()


def chat() -> int:
    print("noise")
    os.write(1, b"noise")
    return 1


def test_a_call_in_a_worker_gives_its_result() -> None:
    assert limits.run_limited(double, 21) == 42


def test_a_document_comes_back_from_a_worker_as_it_is() -> None:
    content = "<h1>题</h1><table><tr><td>甲</td><td>1</td></tr></table>".encode()
    assert limits.run_limited(html.read, content) == html.read(content)


def test_a_worker_is_used_again_and_calls_are_cheap() -> None:
    first = limits.run_limited(identify, 0)
    start = time.monotonic()
    assert all(limits.run_limited(identify, n) == first for n in range(100))
    assert time.monotonic() - start < 1


@pytest.mark.parametrize(("function", "args"), [(spin, ()), (sleep, (60,))])
def test_a_call_that_takes_too_long_is_ended(function: Callable[..., None], args: tuple[int, ...]) -> None:
    start = time.monotonic()
    assert refusal(lambda: limits.run_limited(function, *args, seconds=0.5)) == "document.too_slow"
    assert time.monotonic() - start < 5


def test_a_call_that_needs_too_much_memory_is_ended_and_the_next_one_works() -> None:
    assert limits.run_limited(fill, 50, megabytes=200) == 50 * limits.MEGABYTE
    assert refusal(lambda: limits.run_limited(fill, 500, megabytes=200)) == "document.too_heavy"
    assert limits.run_limited(double, 1) == 2


def test_a_refusal_in_a_worker_is_the_same_refusal_outside() -> None:
    with pytest.raises(UserError) as caught:
        limits.run_limited(refuse)
    assert (caught.value.message_id, caught.value.values) == ("document.scanned", {"page": 3})


def test_an_unforeseen_error_is_a_refusal_that_keeps_its_cause() -> None:
    with pytest.raises(UserError) as caught:
        limits.run_limited(stumble)
    assert caught.value.message_id == "document.not_parsable"
    assert "IndexError: a bug" in str(caught.value.__cause__)


def test_endless_recursion_is_a_refusal() -> None:
    assert refusal(lambda: limits.run_limited(recurse)) == "document.too_deep"


def test_a_crash_of_native_code_is_a_refusal_and_the_next_call_works() -> None:
    assert refusal(lambda: limits.run_limited(die)) == "document.broke_off"
    assert limits.run_limited(double, 2) == 4


def test_what_a_library_prints_does_not_disturb_the_answers() -> None:
    assert limits.run_limited(chat) == 1


def test_calls_from_several_threads_do_not_mix() -> None:
    results: dict[int, int] = {}

    def work(number: int) -> None:
        results[number] = limits.run_limited(double, number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: 2 * number for number in range(8)}


def test_reading_a_heavy_page_stays_within_the_workers_memory() -> None:
    content = b"<p>1</p>" * 2_000_000
    assert refusal(lambda: limits.run_limited(html.read, content, megabytes=150)) == "document.too_heavy"
