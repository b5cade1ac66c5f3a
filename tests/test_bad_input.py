"""Every kind of bad input through the command: refused in a sentence that names the file, in both languages, nothing written."""

from __future__ import annotations

import io
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.documents import legacy, limits
from dashboard.messages import Language
from dashboard.tables.package import Package
from tests.batches import bytes_of, data_folder, report
from tests.documents.writers import WRITERS
from tests.test_documents_limits import GOOD_PDF, OLE, PARAGRAPH, package, word, word_body, workbook

MEGABYTE = limits.MEGABYTE
NOT_ROOT = pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may read everything")
GOOD = report(2021)
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE d [<!ENTITY l0 "ha">{_LAUGHS}]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass(frozen=True)
class Case:
    """A file, and words of the refusal in both languages."""

    name: str
    content: Callable[[], bytes]
    zh: str
    en: str


def good(suffix: str) -> bytes:
    return WRITERS[suffix](GOOD)


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def paged(draw: Callable[[Canvas], None], encrypt: StandardEncryption | None = None) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt=encrypt)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def scan() -> bytes:
    from PIL import Image

    def draw(canvas: Canvas) -> None:
        for _ in range(2):
            canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, *A4)
            canvas.showPage()

    return paged(draw)


def locked_pdf() -> bytes:
    return paged(lambda canvas: canvas.drawString(80, 700, "1"), StandardEncryption("secret"))


def locked_office() -> bytes:
    return OLE + "EncryptedPackage".encode("utf-16-le") + bytes(400)


def old_word() -> bytes:
    return OLE + "WordDocument".encode("utf-16-le") + bytes(400)


def zipped(members: dict[str, bytes], base: bytes = b"") -> bytes:
    """The members of `base` with these instead or besides."""
    parts: dict[str, bytes] = {}
    if base:
        with zipfile.ZipFile(io.BytesIO(base)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | members).items():
            archive.writestr(name, content)
    return out.getvalue()


def one_huge_member() -> bytes:
    return package({"word/document.xml": "0" * (400 * MEGABYTE)}, "word/document.xml")


def many_large_members() -> bytes:
    inner = bytes(4 * MEGABYTE)
    return zipped({f"word/{number}.xml": inner for number in range(100)}, word_body(PARAGRAPH))


def nested_bomb() -> bytes:
    inner = zipped({"0": bytes(20 * MEGABYTE)})
    for _ in range(4):
        inner = zipped({str(number): inner for number in range(10)})
    return inner


def lying_member() -> bytes:
    """The directory tells ten bytes, the member unpacks to two hundred megabytes."""
    content = bytearray(zipped({"word/document.xml": b" " * (200 * MEGABYTE)}, word_body(PARAGRAPH)))
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"word/document.xml"))
    struct.pack_into("<I", content, at + 24, 10)
    return bytes(content)


def pdf_of(content: bytes, filters: bytes = b"", more: bytes = b"") -> bytes:
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>endobj "
        b"4 0 obj<</Length %d%s>>stream\n%s\nendstream endobj %s\ntrailer<</Root 1 0 R>>"
        % (len(content), filters, content, more)
    )


def pdf_bomb() -> bytes:
    """A page whose program unpacks twice, to eight hundred megabytes."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(800)) + packer.flush()
    return pdf_of(zlib.compress(once, 9), b"/Filter[/FlateDecode/FlateDecode]")


def pdf_in_itself() -> bytes:
    """A form that draws itself, twice."""
    form = b"5 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Length 12>>stream\n/X Do /X Do \nendstream endobj"
    return pdf_of(b"/X Do", more=form)


def word_with(dtd: str, entity: str) -> bytes:
    return word(f"{dtd}<w:document {_W}><w:body><w:p><w:r><w:t>&{entity};</w:t></w:r></w:p></w:body></w:document>")


def sheet_with(dtd: str, entity: str, part: str) -> bytes:
    base = good(".xlsx")
    with zipfile.ZipFile(io.BytesIO(base)) as archive:
        root = archive.read(part).replace(b"?>\n", f"?>\n{dtd}".encode(), 1)
    return zipped(
        {
            part: root.replace(b"</sheets>", f"&{entity};</sheets>".encode()).replace(
                b"<v>", f"<v>&{entity};".encode(), 1
            )
        },
        base,
    )


def sparse_cells() -> bytes:
    """Two thousand cells down a diagonal: four million places."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="{_letters(n)}{n}"><v>1</v></c></row>' for n in range(2, 2_002)
    )
    return workbook(rows)


def _letters(number: int) -> str:
    return "" if number == 0 else _letters((number - 1) // 26) + chr(65 + (number - 1) % 26)


def merged_cells() -> bytes:
    first = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    return workbook(f'{first}</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells><sheetData>')


PLAIN_CELL = f"<w:tc>{PARAGRAPH}</w:tc>"


def wide_word_table() -> bytes:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="65535"/></w:tcPr>{PARAGRAPH}</w:tc>'
    return word_body(f"<w:tbl>{f'<w:tr>{PLAIN_CELL}{cell}{PLAIN_CELL}</w:tr>' * 2_000}</w:tbl>")


def disagreeing() -> bytes:
    """A report with its table of requests twice, one figure changed."""
    key = ("requests.received", "natural_person")
    other = replace(GOOD, figures={**GOOD.figures, key: "77777"})
    once, again = (WRITERS[".html"](each).decode() for each in (GOOD, other))
    table = again[again.index("<table", again.index("三、收到和处理")) : again.index("四、政府信息公开行政复议")]
    return once.replace("</body>", f"{table}</body>").encode()


def without_a_row() -> bytes:
    lines = good(".txt").decode().splitlines()
    return "\n".join(line for line in lines if "商业秘密" not in line and "结转下年度" not in line).encode()


PDF_NAMED_OTHERWISE = [
    Case(
        f"年报{suffix}",
        lambda: good(".pdf"),
        f"扩展名是 {suffix}，内容却是 pdf",
        f"ends in {suffix}, but the content is pdf",
    )
    for suffix in (".docx", ".xlsx", ".html", ".txt")
]
CASES = [
    Case("empty.html", lambda: b"", "文件是空的", "is empty"),
    Case("blank.txt", lambda: b" \r\n\t \n", "文件是空的", "is empty"),
    *PDF_NAMED_OTHERWISE,
    Case("text.pdf", lambda: "一封信".encode(), "内容却是 txt", "the content is txt"),
    Case("text.doc", lambda: "一封信".encode(), "内容却是 txt", "the content is txt"),
    Case("page.pdf", lambda: good(".html"), "内容却是 html", "the content is html"),
    Case("sheet.docx", lambda: good(".xlsx"), "内容却是 xlsx", "the content is xlsx"),
    Case("archive.docx", lambda: zipped({"a.txt": b"a"}), "内容却是 zip", "the content is zip"),
    Case("noise.docx", lambda: bytes(range(256)) * 20, "内容却认不出", "of no known format"),
    Case("program.exe", lambda: b"MZ", "不支持这种文件格式", "this file format is not read"),
    Case("photo.pdf", lambda: b"\xff\xd8\xff\xe0 JFIF", "扫描件", "scanned"),
    Case("half.docx", lambda: half(good(".docx")), "已损坏", "damaged"),
    Case("half.xlsx", lambda: half(good(".xlsx")), "已损坏", "damaged"),
    Case("half.pdf", lambda: GOOD_PDF[:40], "已损坏", "damaged"),
    Case("beginning.pdf", lambda: b"%PDF-1.7\n", "已损坏", "damaged"),
    Case("broken-part.docx", lambda: word(f"<w:document {_W}><w:body>"), "已损坏", "damaged"),
    Case("locked.docx", locked_office, "密码", "password"),
    Case("locked.xlsx", locked_office, "密码", "password"),
    Case("locked.doc", locked_office, "密码", "password"),
    Case("locked.pdf", locked_pdf, "密码", "password"),
    Case("bomb.docx", one_huge_member, "展开后超过 300 MB", "unpacks to more than 300 MB"),
    Case("bombs.docx", many_large_members, "展开后超过 300 MB", "unpacks to more than 300 MB"),
    Case("nested.docx", nested_bomb, "内容却是 zip", "the content is zip"),
    Case("nested-inside.docx", lambda: zipped({"word/media/a.zip": nested_bomb()}, word_body(PARAGRAPH)), "标题", "title"),
    Case("bomb.pdf", pdf_bomb, "内存超过 600 MB", "more than 600 MB of memory"),
    Case("in-itself.pdf", pdf_in_itself, "没有写入", "Nothing was written"),
    Case("liar.docx", lying_member, "已损坏", "damaged"),
    Case("laughs.docx", lambda: word_with(LAUGHS, "l9"), "实体定义", "entity definitions"),
    Case("outside.docx", lambda: word_with(OUTSIDE, "x"), "外部引用", "external references"),
    Case("laughs.xlsx", lambda: sheet_with(LAUGHS, "l9", "xl/worksheets/sheet1.xml"), "实体定义", "entity definitions"),
    Case("outside.xlsx", lambda: sheet_with(OUTSIDE, "x", "xl/workbook.xml"), "外部引用", "external references"),
    Case("laughs.html", lambda: f"{LAUGHS}<html><body><p>&l9;</p></body></html>".encode(), "标题", "title"),
    Case("drawing.html", lambda: f"{LAUGHS}<html><body><svg><text>&l9;</text></svg></body></html>".encode(), "标题", "title"),
    Case("drawing.svg", lambda: f"{LAUGHS}<svg><text>&l9;</text></svg>".encode(), "不支持这种文件格式", "this file format is not read"),
    Case("deep.html", lambda: b"<div>" * 100_000 + b"1" + b"</div>" * 100_000, "嵌套过深", "nested too deeply"),
    Case("tables.html", lambda: b"<table><tr><td>" * 5_000 + b"1", "嵌套过深", "nested too deeply"),
    Case("deep.docx", lambda: word_body("<w:sdt><w:sdtContent>" * 5_000 + "</w:sdtContent></w:sdt>" * 5_000), "嵌套过深", "nested too deeply"),
    Case("cells.xlsx", sparse_cells, "表格超过 200000 格", "more than 200000 cells"),
    Case("merged.xlsx", merged_cells, "表格超过 200000 格", "more than 200000 cells"),
    Case("cells.docx", wide_word_table, "表格超过 200000 格", "more than 200000 cells"),
    Case("cells.html", lambda: b"<table>" + b"<tr><td rowspan=65535 colspan=65535>1</td><td>2</td></tr>" * 2_000, "表格超过 200000 格", "more than 200000 cells"),
    Case("cells.txt", lambda: ("\t" * 4_000 + "\n").encode() * 100 + "甲\t1\n".encode(), "表格超过 200000 格", "more than 200000 cells"),
    Case("cells.md", lambda: b"|a|b|\n|-|-|\n" + b"|1|2|\n" * 150_000, "表格超过 200000 格", "more than 200000 cells"),
    Case("nul.html", lambda: good(".html").replace(b"<p>", b"<p>\0", 1), "不是文本", "not text"),
    Case("nul.txt", lambda: good(".txt") + b"\0", "不是文本", "not text"),
    Case("nul.md", lambda: b"# 1\0", "不是文本", "not text"),
    Case("zeros.pdf", lambda: bytes(1_000), "内容却认不出", "of no known format"),
    Case("letter.txt", lambda: "张三同志：您好。".encode(), "标题", "title"),
    Case("notice.html", lambda: "<html><body><h1>关于放假的通知</h1><p>各单位：</p></body></html>".encode(), "标题", "title"),
    Case("no-tables.txt", lambda: good(".txt").split("二、主动公开".encode())[0], "统计表", "No annex table"),
    Case("row-missing.txt", without_a_row, "缺少必填的数据", "lacks"),
    Case("disagreeing.html", disagreeing, "77777", "77777"),
    Case("scan.pdf", scan, "扫描件", "scanned"),
]  # fmt: skip


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = data_folder(tmp_path / "data")
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(folder))
    monkeypatch.setenv("GONGKAI_CACHE_DIR", str(tmp_path / "cache"))
    return folder


def told(path: Path, language: Language, monkeypatch: pytest.MonkeyPatch, *options: str) -> tuple[int, str]:
    """Exit code and all that the command prints."""
    monkeypatch.setenv("GONGKAI_LANGUAGE", language.value)
    result = CliRunner().invoke(app, ["ingest", str(path), *options])
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result.exit_code, result.output


def refused(path: Path, data: Path, words: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    before = bytes_of(data)
    runs = [(Language.ZH, words[0], ()), (Language.EN, words[1], ()), (Language.EN, words[1], ("--dry-run",))]
    for language, word_of_it, options in runs:
        code, said = told(path, language, monkeypatch, *options)
        assert (code, path.name in said, word_of_it in said) == (1, True, True), said
        assert "Traceback" not in said
        assert len(said) < 4_000
    assert bytes_of(data) == before


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_bad_input_is_refused_and_nothing_is_written(
    case: Case, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / case.name
    path.write_bytes(case.content())
    refused(path, data, (case.zh, case.en), monkeypatch)


@pytest.mark.parametrize("suffix", [".doc", ".xls", ".wps", ".et"])
@pytest.mark.parametrize("actual", [".html", ".docx", ".xlsx", ".pdf"])
def test_a_report_that_only_bears_an_old_ending_is_read_as_what_it_is(
    actual: str, suffix: str, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"report{suffix}"
    path.write_bytes(good(actual))
    assert told(path, Language.EN, monkeypatch)[0] == 0


def test_a_file_of_two_hundred_megabytes_is_refused_unread(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.truncate(200 * MEGABYTE)
    refused(path, data, ("文件有 200 MB，超过上限 50 MB", "has 200 MB, more than the limit of 50 MB"), monkeypatch)


def test_a_missing_file_is_told(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(tmp_path / "nowhere.html", data, ("无法打开", "cannot be opened"), monkeypatch)


def test_a_link_to_nothing_is_told(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link.html").symlink_to(tmp_path / "nowhere.html")
    refused(tmp_path / "link.html", data, ("无法打开", "cannot be opened"), monkeypatch)


@NOT_ROOT
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.html"
    path.write_bytes(good(".html"))
    path.chmod(0)
    refused(path, data, ("无法打开", "cannot be opened"), monkeypatch)


OLD = ["old.doc", "old.wps", "old.rtf"]


def old(name: str) -> bytes:
    return b"{\\rtf1 words}" if name.endswith(".rtf") else old_word()


@pytest.fixture
def only_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path | str], None]]:
    """Programs are found in this folder only; workers, which keep what was true when they began, begin anew."""

    def use(folder: Path | str) -> None:
        monkeypatch.setenv("PATH", str(folder))
        limits.stop()

    yield use
    limits.stop()


@pytest.mark.parametrize("name", OLD)
def test_an_old_office_file_without_libreoffice_is_refused_with_the_remedy(
    name: str, tmp_path: Path, data: Path, only_path: Callable[[Path | str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    only_path("/nonexistent")
    (tmp_path / name).write_bytes(old(name))
    refused(tmp_path / name, data, ("需要安装 LibreOffice", "needs LibreOffice to be installed"), monkeypatch)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(
    ("suffix", "as_"), [(".docx", ".doc"), (".docx", ".wps"), (".docx", ".rtf"), (".xlsx", ".xls"), (".xlsx", ".et")]
)
def test_an_old_office_file_is_read_with_libreoffice(
    suffix: str, as_: str, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = {".wps": ".doc", ".et": ".xls"}.get(as_, as_)
    path = tmp_path / f"report{as_}"
    path.write_bytes(legacy.convert(good(suffix), suffix, target))
    code, said = told(path, Language.EN, monkeypatch)
    assert code == 0, said
    [kept] = Package(data).reports()
    table = {(each.indicator, each.applicant): each.as_printed for each in Package(data).facts(kept.body, kept.year)}
    assert (kept.format, table) == (target.lstrip("."), dict(GOOD.figures))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_old_office_file_that_is_damaged_is_refused_with_libreoffice(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "half.doc"
    path.write_bytes(legacy.convert(good(".docx"), ".docx", ".doc")[:6000])
    refused(path, data, ("LibreOffice 无法转换", "LibreOffice cannot convert"), monkeypatch)


def test_a_pipe_is_refused_without_waiting_for_its_writer(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    refused(tmp_path / "pipe.html", data, ("不是普通文件", "no ordinary file"), monkeypatch)


def test_a_device_is_refused_without_being_read(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(Path("/dev/zero"), data, ("不是普通文件", "no ordinary file"), monkeypatch)


def test_a_folder_named_like_a_document_is_read_as_a_folder(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reports.html").mkdir()
    before = bytes_of(data)
    assert told(tmp_path / "reports.html", Language.EN, monkeypatch)[0] == 0
    assert bytes_of(data) == before


def test_words_of_a_document_do_not_steer_the_terminal(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a\x1b[2J.txt"
    path.write_bytes("\x1b]0;x\x07青禾\u202e县2021年政府信息公开工作年度报告\n".encode() + good(".txt"))
    code, said = told(path, Language.EN, monkeypatch)
    assert (code, "青禾" in said) == (1, True)
    assert not {"\x1b", "\x07", "\u202e"} & set(said)


def test_a_figure_beyond_all_measure_does_not_keep_the_others_from_being_published(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = {**GOOD.figures, ("requests.received", "natural_person"): "9" * 400}
    path = tmp_path / "report.html"
    path.write_bytes(WRITERS[".html"](replace(GOOD, figures=figures)))
    assert told(path, Language.EN, monkeypatch)[0] == 0
    assert CliRunner().invoke(app, ["refresh"]).exit_code == 0
