"""Saved portal pages, and Markdown, as Documents."""

from __future__ import annotations

import pytest

from dashboard.documents import html, markdown
from dashboard.documents.document import BlockKind, Document, Grid
from dashboard.messages import UserError


def page(body: str, encoding: str = "utf-8", head: str = "") -> Document:
    return html.read(f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding))


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def origins(grid: Grid) -> list[list[bool]]:
    return [[cell.is_origin for cell in row] for row in grid.rows]


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


TABLE = "<table><tr><td>规章</td><td>3</td></tr><tr><td>规范性文件</td><td>24</td></tr></table>"


def test_a_cell_keeps_its_text_through_nested_paragraphs_spans_and_nbsp() -> None:
    cell = "<td><p class=MsoNormal><span>&nbsp;规<span>章</span>&nbsp;</span></p></td>"
    (grid,) = page(f"<table><tr>{cell}<td><p><b> 3\n</b></p></td></tr></table>").grids
    assert texts(grid) == [["规章", "3"]]


def test_lines_of_one_cell_run_on_in_chinese_and_stay_apart_between_numbers() -> None:
    (grid,) = page("<table><tr><td><p>本年新</p><p>公开数量</p></td><td>12<br>34</td></tr></table>").grids
    assert texts(grid) == [["本年新公开数量", "12 34"]]


def test_colspan_and_rowspan_are_repeated_and_the_first_cell_is_the_origin() -> None:
    (grid,) = page(
        "<table><tr><td rowspan=2>申请人</td><td colspan=2>法人</td></tr><tr><td>企业</td><td>其他</td></tr></table>"
    ).grids
    assert texts(grid) == [["申请人", "法人", "法人"], ["申请人", "企业", "其他"]]
    assert origins(grid) == [[True, True, False], [False, True, True]]


def test_a_rowspan_of_zero_reaches_to_the_end_and_one_too_large_is_cut() -> None:
    rows = "<tr><td rowspan={}>甲</td><td>1</td></tr><tr><td>2</td></tr><tr><td>3</td></tr>"
    for span in ("0", "99"):
        (grid,) = page(f"<table>{rows.format(span)}</table>").grids
        assert texts(grid) == [["甲", "1"], ["甲", "2"], ["甲", "3"]]


def test_columns_in_which_no_cell_begins_are_left_out() -> None:
    (grid,) = page(
        "<table><tr><td colspan=3>甲</td><td>1</td></tr><tr><td colspan=3>乙</td><td>2</td></tr></table>"
    ).grids
    assert texts(grid) == [["甲", "1"], ["乙", "2"]]


def test_a_blank_cell_stays_blank_and_a_short_row_is_filled_up() -> None:
    (grid,) = page("<table><tr><td>甲</td><td>&nbsp;</td><td>1</td></tr><tr><td>乙</td></tr></table>").grids
    assert texts(grid) == [["甲", "", "1"], ["乙", "", ""]]


def test_a_cell_is_located_by_table_row_and_column() -> None:
    document = page(f"{TABLE}<p>说明文字</p>{TABLE}")
    assert str(document.grids[1].rows[1][0].locator) == "table:2/row:2/col:1"


def test_paragraphs_and_tables_come_in_reading_order_with_paragraphs_counted() -> None:
    document = page(f"<h2>一、概述</h2><p>第一段。</p>{TABLE}<p>第二段。</p>")
    assert [type(part).__name__ for part in document.content] == ["Block", "Block", "Grid", "Block"]
    assert [str(block.locator) for block in document.blocks] == ["para:1", "para:2", "para:3"]
    assert [block.kind for block in document.blocks] == [BlockKind.HEADING, BlockKind.TEXT, BlockKind.TEXT]


def test_a_line_break_outside_tables_ends_a_paragraph() -> None:
    assert paragraphs(page("　　第一段。<br/>　　第二段。<div>第三段。</div>尾")) == [
        "第一段。",
        "第二段。",
        "第三段。",
        "尾",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("declared", ["gb2312", "utf-8", "iso-8859-1"])
def test_the_encoding_is_taken_from_the_bytes_whatever_the_page_says(encoding: str, declared: str) -> None:
    document = page("<p>政府信息公开㐀</p>", encoding, f'<meta charset="{declared}">')
    assert paragraphs(document) == ["政府信息公开㐀"]


def test_big5_is_read_where_the_page_declares_it() -> None:
    assert paragraphs(page("<p>政府資訊公開</p>", "big5", '<meta charset="big5">')) == ["政府資訊公開"]


def test_a_page_with_a_few_broken_bytes_is_still_read() -> None:
    content = "<p>政府信息公开工作年度报告</p>".encode() * 20
    document = html.read(content[:-5])
    assert paragraphs(document)[0] == "政府信息公开工作年度报告"


def test_navigation_around_the_article_is_left_out() -> None:
    links = "".join(f'<li><a href="/{n}">栏目{n}</a></li>' for n in range(5))
    document = page(
        f'<nav>导航</nav><div class="nav">菜单</div><ul>{links}</ul>'
        '<div>当前位置：<a href="/">首页</a> &gt; <a href="/zfxxgk">政务公开</a></div>'
        f"<script>var a = '文';</script><article><p>正文。</p>{TABLE}</article><footer>版权所有</footer>"
    )
    assert paragraphs(document) == ["正文。"]
    assert len(document.grids) == 1


def test_a_link_inside_a_data_table_is_kept() -> None:
    (grid,) = page('<table><tr><td><a href="/gz">规章</a></td><td>3</td></tr></table>').grids
    assert texts(grid) == [["规章", "3"]]


def test_a_table_that_only_lays_out_the_page_is_no_grid() -> None:
    document = page(
        f"<table><tr><td>左栏</td><td><h1>年度报告</h1><p>第一段。</p>{TABLE}<p>第二段。</p></td></tr></table>"
    )
    assert len(document.grids) == 1
    assert paragraphs(document) == ["左栏", "年度报告", "第一段。", "第二段。"]


def test_a_table_inside_a_cell_of_a_larger_table_follows_it_as_its_own_grid() -> None:
    inner = "<table><tr><td>子</td><td>9</td></tr></table>"
    rows = "".join(f"<tr><td>行{n}</td><td>{n}</td></tr>" for n in range(4))
    outer, nested = page(f"<table>{rows}<tr><td>备注</td><td>见{inner}</td></tr></table>").grids
    assert texts(outer)[-1] == ["备注", "见"]
    assert texts(nested) == [["子", "9"]]


def test_hidden_text_is_left_out_but_a_hidden_table_is_kept() -> None:
    document = page(f'<p style="display: none">旧文</p><div style="DISPLAY:none">{TABLE}</div><p hidden>旧</p>')
    assert paragraphs(document) == []
    assert len(document.grids) == 1


def test_a_hidden_cell_of_a_table_is_left_out() -> None:
    (grid,) = page("<table><tr><td>甲</td><td style='display:none'>旧</td><td>1</td></tr></table>").grids
    assert texts(grid) == [["甲", "1"]]


def test_items_of_an_ordered_list_get_the_numbers_that_a_browser_draws() -> None:
    document = page("<ol start=3><li>政府公报</li><li>政府网站</li></ol><ol type=a><li>其他</li></ol>")
    assert paragraphs(document) == ["3.政府公报", "4.政府网站", "a.其他"]


def test_the_title_is_the_articles_where_the_page_states_it() -> None:
    assert page("<p>文</p>", head="<title>某市 - 首页</title>").title == "某市 - 首页"
    meta = '<meta name="ArticleTitle" content="年度报告"><title>某市</title>'
    assert page("<p>文</p>", head=meta).title == "年度报告"


def test_unclosed_tags_do_not_lose_cells() -> None:
    (grid,) = page("<table><tr><td>甲<td>1<tr><td>乙<td><font><b>2</table>").grids
    assert texts(grid) == [["甲", "1"], ["乙", "2"]]


def test_invisible_characters_are_dropped() -> None:
    assert paragraphs(page("<p>\u200b收到\u00ad申请\ufeff 3\u3000件</p>")) == ["收到申请 3 件"]


def test_the_caption_of_a_table_is_kept() -> None:
    (grid,) = page(f"<table><caption>统计表</caption>{TABLE[7:]}").grids
    assert grid.caption == "统计表"


def test_a_page_without_text_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        page("<img src=a.png>")
    assert caught.value.message_id == "document.no_text"


MARKDOWN = """# 年度报告

第一段，
接着写 **12** 件。

| 统计指标 | 单位 | 统计数 |
|:---|:-:|---:|
| （一）主动公开 | 条 | 1,234 |
| a \\| b | `件` |

第二段[链接](http://example.org)。
"""


def test_markdown_gives_headings_paragraphs_and_tables() -> None:
    document = markdown.read(MARKDOWN.encode())
    assert paragraphs(document) == ["年度报告", "第一段，接着写 12 件。", "第二段链接。"]
    assert document.blocks[0].kind is BlockKind.HEADING
    assert texts(document.grids[0]) == [
        ["统计指标", "单位", "统计数"],
        ["（一）主动公开", "条", "1,234"],
        ["a | b", "件", ""],
    ]


def test_markdown_is_located_by_line() -> None:
    document = markdown.read(MARKDOWN.encode())
    assert [block.locator.line for block in document.blocks] == [1, 3, 11]
    assert str(document.grids[0].rows[1][2].locator) == "line:8/table:1/row:2/col:3"


def test_pipes_without_a_rule_of_dashes_are_text_in_markdown() -> None:
    assert markdown.read("甲|乙\n丙|丁".encode()).grids == ()
