"""Word documents as Documents; old binary ones through a converter."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from dashboard.documents import docx, legacy
from dashboard.documents.document import BlockKind, Document, Grid
from dashboard.messages import UserError

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def document_bytes(body: str, styles: str = "", numbering: str = "", **more: bytes) -> bytes:
    """A DOCX of just these parts; `more` are further files by path with __ for /."""

    def root(name: str, inner: str) -> str:
        return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {_NAMESPACES}>{inner}</w:{name}>'

    links = "".join(
        f'<Relationship Id="{kind}" Type="{_RELATION}/{kind}" Target="{kind}.xml"/>' for kind in ("styles", "numbering")
    )
    main = f'<Relationship Id="r" Type="{_RELATION}/officeDocument" Target="word/document.xml"/>'
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">{main}</Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>',
        "word/document.xml": root("document", f"<w:body>{body}</w:body>"),
        "word/styles.xml": root("styles", styles),
        "word/numbering.xml": root("numbering", numbering),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def read(body: str, styles: str = "", numbering: str = "") -> Document:
    return docx.read(document_bytes(body, styles, numbering))


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tbl(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def test_runs_of_one_paragraph_are_one_text() -> None:
    runs = ("<w:t>收到申请</w:t>", "<w:tab/><w:t>24</w:t>", "<w:t>件</w:t>")
    body = "".join(f"<w:hyperlink><w:r>{run}</w:r></w:hyperlink>" for run in runs)
    assert paragraphs(read(f"<w:p>{body}</w:p>")) == ["收到申请 24件"]


def test_merged_cells_are_repeated_with_the_first_as_origin() -> None:
    (grid,) = read(
        tbl(
            tc("申请人", '<w:vMerge w:val="restart"/>') + tc("法人", '<w:gridSpan w:val="2"/>'),
            tc("", "<w:vMerge/>") + tc("企业") + tc("其他"),
            tc("", '<w:vMerge w:val="continue"/>') + tc("1") + tc("2"),
        )
    ).grids
    assert texts(grid) == [["申请人", "法人", "法人"], ["申请人", "企业", "其他"], ["申请人", "1", "2"]]
    assert [row[0].is_origin for row in grid.rows] == [True, False, False]


def test_two_merges_that_follow_each_other_in_a_column_stay_two() -> None:
    start, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    (grid,) = read(
        tbl(
            tc("甲", start) + tc("1"),
            tc("", more) + tc("2"),
            tc("乙", start) + tc("3"),
            tc("", more) + tc("4"),
        )
    ).grids
    assert [row[0].text for row in grid.rows] == ["甲", "甲", "乙", "乙"]


def test_cells_left_out_at_the_beginning_of_a_row_leave_a_blank() -> None:
    first = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("1")
    (grid,) = read(tbl(tc("甲") + tc("乙"), first)).grids
    assert texts(grid) == [["甲", "乙"], ["", "1"]]


def test_a_table_inside_a_cell_is_a_grid_of_its_own() -> None:
    nested = f"<w:tc>{p('见')}{tbl(tc('子') + tc('9'))}{p('')}</w:tc>"
    outer, inner = read(tbl(tc("甲") + tc("1"), tc("乙") + tc("2"), tc("备注") + nested)).grids
    assert texts(outer)[-1] == ["备注", "见"]
    assert texts(inner) == [["子", "9"]]


def test_a_table_that_frames_the_whole_text_is_no_grid() -> None:
    document = read(tbl(f"<w:tc>{p('第一段')}{tbl(tc('甲') + tc('1'))}{p('第二段')}</w:tc>"))
    assert paragraphs(document) == ["第一段", "第二段"]
    assert len(document.grids) == 1


def test_text_boxes_are_read_once_although_word_stores_them_twice() -> None:
    box = f"<w:txbxContent>{p('框内文字')}</w:txbxContent>"
    shape = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    body = f"<w:p><w:r><w:t>前</w:t></w:r>{shape}<w:r><w:t>后</w:t></w:r></w:p>"
    assert paragraphs(read(body)) == ["框内文字", "前后"]


def test_tracked_changes_are_taken_as_accepted() -> None:
    def run(text: str, tag: str = "t") -> str:
        return f"<w:r><w:{tag}>{text}</w:{tag}></w:r>"

    body = (
        f"<w:p>{run('收到')}<w:del>{run('12', 'delText')}</w:del><w:ins>{run('24')}</w:ins>"
        f"<w:moveFrom>{run('旧处')}</w:moveFrom>{run('件')}</w:p><w:p><w:moveTo>{run('新处')}</w:moveTo></w:p>"
    )
    assert paragraphs(read(body)) == ["收到24件", "新处"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    body = p("前半", "<w:rPr><w:del/></w:rPr>") + p("后半")
    assert paragraphs(read(body)) == ["前半后半"]


def test_a_deleted_table_row_is_gone() -> None:
    (grid,) = read(tbl(tc("甲") + tc("1"), "<w:trPr><w:del/></w:trPr>" + tc("乙") + tc("2"))).grids
    assert texts(grid) == [["甲", "1"]]


def test_headings_are_told_by_style_by_inherited_style_and_by_outline_level() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="x"><w:name w:val="公文标题"/><w:basedOn w:val="o"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="o"><w:name w:val="o"/>'
        '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    )
    body = (
        p("一", '<w:pStyle w:val="1"/>')
        + p("二", '<w:pStyle w:val="x"/>')
        + p("三", '<w:outlineLvl w:val="0"/>')
        + p("四")
    )
    kinds = [block.kind for block in read(body, styles).blocks]
    assert kinds == [BlockKind.HEADING] * 3 + [BlockKind.TEXT]


def level(depth: int, style: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def numbered(text: str, depth: int, number: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCountingThousand", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def test_numbers_that_word_draws_by_itself_are_put_back() -> None:
    body = (
        numbered("概述", 0) + numbered("渠道", 1) + numbered("公报", 2) + numbered("网站", 2) + numbered("回应", 1)
    ) + numbered("公报", 2)
    assert paragraphs(read(body, numbering=NUMBERING)) == [
        "一、概述", "（一）渠道", "1.公报", "2.网站", "（二）回应", "1.公报"
    ]  # fmt: skip


def test_the_tenth_and_eleventh_chinese_number_are_written_as_usual() -> None:
    shown = paragraphs(read("".join(numbered("项", 0) for _ in range(21)), numbering=NUMBERING))
    assert [shown[index] for index in (9, 10, 19, 20)] == ["十、项", "十一、项", "二十、项", "二十一、项"]


def test_numbers_run_on_through_table_cells_in_document_order() -> None:
    cells = "".join(f"<w:tc>{numbered(text, 2)}</w:tc>" for text in ("甲", "乙"))
    (grid,) = read(tbl(cells), numbering=NUMBERING).grids
    assert texts(grid) == [["1.甲", "2.乙"]]


def test_a_second_list_with_a_start_of_its_own_begins_anew() -> None:
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = numbered("甲", 0) + numbered("乙", 0) + numbered("丙", 0, 2) + numbered("丁", 0, 2)
    assert paragraphs(read(body, numbering=NUMBERING + again)) == ["一、甲", "二、乙", "一、丙", "二、丁"]


def test_a_number_may_come_from_the_paragraphs_style() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="t2"><w:name w:val="二级"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    linked = NUMBERING.replace('（%2）"/>', '（%2）"/><w:pStyle w:val="t2"/>')
    assert paragraphs(read(p("渠道", '<w:pStyle w:val="t2"/>'), styles, linked)) == ["（一）渠道"]


def test_bullets_give_no_number() -> None:
    bullets = NUMBERING.replace("chineseCountingThousand", "bullet")
    assert paragraphs(read(numbered("项", 0), numbering=bullets)) == ["项"]


def test_hidden_text_and_the_table_of_contents_are_left_out() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r><w:r><w:t>明</w:t></w:r></w:p>"
    assert paragraphs(read(p("一、概述 1", '<w:pStyle w:val="T"/>') + hidden, styles)) == ["明"]


def test_content_controls_are_read_and_their_placeholders_are_not() -> None:
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = control.format("", p("内容")) + control.format("<w:showingPlcHdr/>", p("单击输入"))
    assert paragraphs(read(body)) == ["内容"]


def test_strict_open_xml_is_read_like_the_usual_kind() -> None:
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = tbl(tc("甲") + tc("1"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document_bytes(body))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(W.encode(), strict))
    assert texts(docx.read(out.getvalue()).grids[0]) == [["甲", "1"]]


def test_a_document_of_pictures_only_is_called_scanned() -> None:
    with pytest.raises(UserError) as caught:
        docx.read(document_bytes(p(""), word__media__image1=b"x"))
    assert caught.value.message_id == "document.scanned"


def test_paragraphs_and_tables_are_located() -> None:
    document = read(p("一") + p("") + p("二") + tbl(tc("甲") + tc("1")))
    assert [str(block.locator) for block in document.blocks] == ["para:1", "para:2"]
    assert str(document.grids[0].rows[0][1].locator) == "table:1/row:1/col:2"


def _converter(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_an_old_file_is_read_through_the_converter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ready.docx").write_bytes(document_bytes(tbl(tc("甲") + tc("1"))))
    _converter(tmp_path, f'for last; do :; done; cp {tmp_path}/ready.docx "${{last%.doc}}.docx"', monkeypatch)
    document = legacy.reader(".doc")(b"\xd0\xcf\x11\xe0")
    assert document.format == "doc"
    assert texts(document.grids[0]) == [["甲", "1"]]


def test_a_converter_that_gives_nothing_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _converter(tmp_path, "exit 0", monkeypatch)
    with pytest.raises(UserError) as caught:
        legacy.reader(".wps")(b"\xd0\xcf\x11\xe0")
    assert caught.value.message_id == "document.not_convertible"


def test_a_converter_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _converter(tmp_path, "sleep 60", monkeypatch)
    with pytest.raises(UserError) as caught:
        legacy.convert(b"x", ".doc", ".docx", seconds=0.3)
    assert caught.value.message_id == "document.too_slow"


def test_an_old_file_without_a_converter_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(UserError) as caught:
        legacy.reader(".doc")(b"\xd0\xcf\x11\xe0")
    assert caught.value.message_id == "document.needs_libreoffice"
