"""PDF files with text as Documents; scans and locked files refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from dashboard.documents import pdf
from dashboard.documents.document import Document, Grid
from dashboard.messages import UserError

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
BODY = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=18, firstLineIndent=24, wordWrap="CJK")
CELL = ParagraphStyle("cell", fontName=FONT, fontSize=10, leading=12, wordWrap="CJK")
GRID = ("GRID", (0, 0), (-1, -1), 0.5, "black")


def flowing(*flowables: Flowable, on_page: Callable[[Canvas, object], None] | None = None) -> bytes:
    out = io.BytesIO()
    nothing: Callable[[Canvas, object], None] = lambda canvas, _: None  # noqa: E731  # it has a type this way
    draw = on_page or nothing
    SimpleDocTemplate(out, pagesize=A4).build(list(flowables), onFirstPage=draw, onLaterPages=draw)
    return out.getvalue()


def drawn(draw: Callable[[Canvas], object], encrypt: StandardEncryption | None = None) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt=encrypt)
    canvas.setFont(FONT, 12)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def table(rows: list[list[str]], *style: tuple[object, ...], widths: list[int] | None = None, repeat: int = 0) -> Table:
    cells = [[Paragraph(text, CELL) for text in row] for row in rows]
    return Table(cells, colWidths=widths, repeatRows=repeat, style=TableStyle(list(style) or [GRID]))


def p(text: str) -> Paragraph:
    return Paragraph(text, BODY)


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


PROSE = "全区各级行政机关主动回应公众关注的政务舆情，平台累计受理各类诉求，其中有效诉求、回复办结均有增长。"


def test_lines_of_a_paragraph_are_put_together_and_paragraphs_kept_apart() -> None:
    first, second = PROSE * 3, "收到申请二十四件。" * 12
    assert paragraphs(pdf.read(flowing(p(first), p(second)))) == [first, second]


def test_a_paragraph_goes_on_over_a_page_break() -> None:
    filler = [p(PROSE) for _ in range(18)]
    document = pdf.read(flowing(*filler, p(PROSE * 12), p("末段。")))
    long = next(block for block in document.blocks if len(block.text) > 2 * len(PROSE))
    assert long.text == PROSE * 12
    assert paragraphs(document)[-1] == "末段。"


def test_a_ruled_table_keeps_its_cells_and_blanks() -> None:
    rows = [["规章", "3", ""], ["行政规范性文件", "", "1,212"]]
    document = pdf.read(flowing(p("一、概述"), table(rows), p("二、公开")))
    assert [type(part).__name__ for part in document.content] == ["Block", "Grid", "Block"]
    assert texts(document.grids[0]) == rows


def test_merged_cells_are_repeated_with_the_first_as_origin() -> None:
    rows = [["申请人", "法人", ""], ["", "企业", "其他"], ["新收", "1", "2"]]
    (grid,) = pdf.read(flowing(table(rows, GRID, ("SPAN", (0, 0), (0, 1)), ("SPAN", (1, 0), (2, 0))))).grids
    assert texts(grid) == [["申请人", "法人", "法人"], ["申请人", "企业", "其他"], ["新收", "1", "2"]]
    assert [[cell.is_origin for cell in row] for row in grid.rows][:2] == [
        [True, True, False],
        [False, True, True],
    ]


def test_a_cells_text_over_several_lines_is_joined() -> None:
    label = "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
    (grid,) = pdf.read(flowing(table([[label, "12"], ["其他", "0"]], widths=[120, 60]))).grids
    assert texts(grid) == [[label, "12"], ["其他", "0"]]


def test_a_number_broken_in_a_narrow_cell_is_whole_again() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([100, 200, 232], [600, 640])
        canvas.drawString(104, 615, "总数")
        canvas.drawString(202, 622, "7066")
        canvas.drawString(202, 606, "68")

    (grid,) = pdf.read(drawn(draw)).grids
    assert texts(grid) == [["总数", "706668"]]


def test_two_numbers_in_one_wide_cell_stay_two() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([100, 200, 300], [600, 640])
        canvas.drawString(104, 615, "总数")
        canvas.drawString(202, 622, "12")
        canvas.drawString(202, 606, "34")

    (grid,) = pdf.read(drawn(draw)).grids
    assert texts(grid) == [["总数", "12 34"]]


def test_a_table_over_page_breaks_is_one_grid_with_its_repeated_headers_as_rows() -> None:
    rows = [["统计指标", "单位", "统计数"]] + [[f"第{n}项指标", "件", str(n)] for n in range(60)]
    (grid,) = pdf.read(flowing(table(rows, widths=[200, 80, 80], repeat=1))).grids
    shown = texts(grid)
    assert [row for row in shown if row != rows[0]] == rows[1:]
    assert shown.count(rows[0]) == len({row[0].locator.page for row in grid.rows}) > 1


def test_a_tall_cell_cut_by_a_page_break_goes_on() -> None:
    def draw(canvas: Canvas) -> None:
        for top, first in ((150, 1), (800, 3)):
            canvas.setFont(FONT, 10)
            canvas.rect(100, top - 40, 100, 40)
            for n in (0, 1):
                canvas.rect(200, top - 20 * (n + 1), 100, 20)
                canvas.rect(300, top - 20 * (n + 1), 50, 20)
                canvas.drawString(204, top - 20 * n - 14, f"{first + n}.事项")
                canvas.drawString(304, top - 20 * n - 14, str(first + n))
            if first == 1:
                canvas.drawString(104, top - 24, "（三）不予公开")
                canvas.showPage()

    (grid,) = pdf.read(drawn(draw)).grids
    assert texts(grid) == [["（三）不予公开", f"{n}.事项", str(n)] for n in range(1, 5)]
    assert [row[0].is_origin for row in grid.rows] == [True, False, False, False]


def test_a_blank_figure_below_a_tall_heading_at_a_page_break_stays_blank() -> None:
    head = table([["情形", "法人", "总计"], ["", "企业", ""]], GRID, ("SPAN", (0, 0), (0, 1)), ("SPAN", (2, 0), (2, 1)))
    (grid,) = pdf.read(flowing(head, PageBreak(), table([["重复申请", "3", ""]]))).grids
    assert texts(grid)[-1] == ["重复申请", "3", ""]


def test_a_row_cut_by_a_page_break_is_put_together() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 10)
        for bottom, label, number in ((60, "（二）部分公开（区分处理的，只计", "3"), (780, "这一情形）", "")):
            canvas.grid([100, 280, 340], [bottom, bottom + 20])
            canvas.drawString(104, bottom + 6, label)
            canvas.drawString(284, bottom + 6, number)
            if number:
                canvas.showPage()
                canvas.setFont(FONT, 10)
        canvas.grid([100, 280, 340], [760, 780])
        canvas.drawString(104, 766, "（三）不予公开")
        canvas.drawString(284, 766, "4")

    (grid,) = pdf.read(drawn(draw)).grids
    assert texts(grid) == [["（二）部分公开（区分处理的，只计这一情形）", "3"], ["（三）不予公开", "4"]]


def test_two_tables_on_one_page_stay_two() -> None:
    one, two = [["甲", "1"], ["乙", "2"]], [["丙", "3"], ["丁", "4"]]
    document = pdf.read(flowing(table(one), p("四、行政复议"), table(two)))
    assert [texts(grid) for grid in document.grids] == [one, two]


def test_a_table_without_outer_verticals_keeps_its_first_and_last_column() -> None:
    rows = [["指标", "单位", "数"], ["规章", "件", "3"]]
    rules = [("LINEABOVE", (0, 0), (-1, -1), 0.5, "black"), ("LINEBELOW", (0, -1), (-1, -1), 0.5, "black")]
    inner = ("LINEBEFORE", (1, 0), (-1, -1), 0.5, "black")
    (grid,) = pdf.read(flowing(table(rows, *rules, inner, widths=[150, 100, 100]))).grids
    assert texts(grid) == rows


def columns(
    canvas: Canvas, rows: Sequence[tuple[str, ...]], xs: tuple[int, ...], step: float = 24, top: float = 700
) -> None:
    for number, row in enumerate(rows):
        for x, text in zip(xs, row, strict=False):
            canvas.drawString(x, top - number * step, text)


def test_an_unruled_table_is_told_by_its_columns() -> None:
    rows = [
        ("统计指标", "单位", "统计数"),
        ("（一）主动公开", "条", "706668"),
        ("（二）规范性文件", "件", "1212"),
        ("1.公报", "条", ""),
    ]
    (grid,) = pdf.read(drawn(lambda canvas: columns(canvas, rows, (80, 300, 400)))).grids
    assert texts(grid) == [list(row) for row in rows]


def test_a_header_over_two_columns_of_an_unruled_table_spans_them() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 724, "指标")
        canvas.drawString(220, 724, "行政诉讼案件全部结果")
        columns(canvas, [("", "维持", "纠正"), ("本级", "12", "3"), ("下级", "5", "0")], (80, 220, 300))

    (grid,) = pdf.read(drawn(draw)).grids
    assert texts(grid)[0] == ["指标", "行政诉讼案件全部结果", "行政诉讼案件全部结果"]
    assert texts(grid)[2] == ["本级", "12", "3"]


def test_a_label_over_two_lines_beside_a_centred_number_is_one_row() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(3):
            top = 700 - 40 * number
            canvas.drawString(80, top, "申请人无正当理由逾期")
            canvas.drawString(80, top - 14, "不补正的")
            canvas.drawString(300, top - 7, "件")
            canvas.drawString(400, top - 7, str(number))

    (grid,) = pdf.read(drawn(draw)).grids
    assert texts(grid) == [["申请人无正当理由逾期不补正的", "件", str(number)] for number in range(3)]


def test_prose_is_not_taken_for_a_table() -> None:
    assert pdf.read(flowing(*(p(PROSE * 2) for _ in range(10)))).grids == ()


def test_page_numbers_and_running_headers_are_dropped() -> None:
    def frame(canvas: Canvas, _: object) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawString(250, 815, "某某市人民政府办公室")
        canvas.drawString(290, 20, f"— {canvas.getPageNumber()} —")

    document = pdf.read(flowing(*(p(PROSE * 3) for _ in range(30)), on_page=frame))
    assert paragraphs(document) == [PROSE * 3] * 30


def test_a_bare_page_number_on_a_single_page_is_kept_rather_than_guessed_at() -> None:
    document = pdf.read(
        drawn(lambda canvas: (canvas.drawString(80, 700, "收到申请"), canvas.drawString(290, 400, "24")))
    )
    assert paragraphs(document) == ["收到申请", "24"]


def test_text_and_cells_are_located_by_page() -> None:
    rows = [["指标", "数"]] + [[f"第{n}项", str(n)] for n in range(60)]
    document = pdf.read(flowing(p("一、概述"), table(rows, widths=[200, 80])))
    assert str(document.blocks[0].locator) == "page:1/para:1"
    assert str(document.grids[0].rows[60][1].locator) == "page:2/table:1/row:61/col:2"


def test_a_table_printed_sideways_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 200)
        canvas.rotate(90)
        canvas.grid([0, 100, 200], [0, 20, 40])
        for number, (label, value) in enumerate((("规章", "3"), ("文件", "24"))):
            canvas.drawString(4, 26 - 20 * number, label)
            canvas.drawString(104, 26 - 20 * number, value)

    (grid,) = pdf.read(drawn(draw)).grids
    assert texts(grid) == [["规章", "3"], ["文件", "24"]]


def test_text_printed_twice_to_look_bold_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        for shift in (0, 0.3):
            canvas.drawString(80 + shift, 700, "年度报告")

    assert paragraphs(pdf.read(drawn(draw))) == ["年度报告"]


def picture() -> ImageReader:
    return ImageReader(Image.new("L", (60, 80), 200))


def test_a_scan_is_recognised_even_with_page_numbers_on_it() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(3):
            canvas.drawImage(picture(), 0, 0, *A4)
            canvas.drawString(300, 20, str(number))
            canvas.showPage()

    with pytest.raises(UserError) as caught:
        pdf.read(drawn(draw))
    assert caught.value.message_id == "document.scanned"


def test_invisible_text_over_a_scan_does_not_pass_for_text() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(picture(), 0, 0, *A4)
        text = canvas.beginText(80, 700)
        text.setTextRenderMode(3)
        for _ in range(20):
            text.textLine(PROSE)
        canvas.drawText(text)

    with pytest.raises(UserError) as caught:
        pdf.read(drawn(draw))
    assert caught.value.message_id == "document.scanned"


def test_a_cover_picture_does_not_make_a_report_a_scan() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(picture(), 0, 0, *A4)
        canvas.showPage()
        canvas.setFont(FONT, 12)
        canvas.drawString(80, 700, "某某市政府信息公开工作年度报告，二〇二二年一月编印成册")

    assert len(pdf.read(drawn(draw)).blocks) == 1


def test_a_file_that_asks_for_a_password_is_refused() -> None:
    content = drawn(lambda canvas: canvas.drawString(80, 700, "文"), StandardEncryption("secret"))
    with pytest.raises(UserError) as caught:
        pdf.read(content)
    assert caught.value.message_id == "document.password"


def test_a_file_that_only_forbids_printing_is_read() -> None:
    locked = StandardEncryption("", ownerPassword="owner", canPrint=0)
    assert paragraphs(pdf.read(drawn(lambda canvas: canvas.drawString(80, 700, "文字"), locked))) == ["文字"]


def test_a_file_without_text_or_pictures_says_so() -> None:
    with pytest.raises(UserError) as caught:
        pdf.read(drawn(lambda canvas: canvas.rect(10, 10, 10, 10)))
    assert caught.value.message_id == "document.no_text"


def test_a_label_over_two_lines_with_its_number_on_the_first_is_one_row() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(3):
            top = 700 - 40 * number
            columns(canvas, [("申请人无正当理由逾期", "件", str(number)), ("不补正的",)], (80, 300, 400), 14, top)

    (grid,) = pdf.read(drawn(draw)).grids
    assert texts(grid) == [["申请人无正当理由逾期不补正的", "件", str(number)] for number in range(3)]


def test_lines_of_the_text_that_are_the_same_on_two_pages_are_kept() -> None:
    document = pdf.read(flowing(*(p(PROSE * 3) for _ in range(40))))
    assert paragraphs(document) == [PROSE * 3] * 40


def test_paragraphs_without_indent_are_told_by_the_space_between_them() -> None:
    def draw(canvas: Canvas) -> None:
        for number, text in enumerate(("甲" * 36, "乙" * 36, "丙" * 36, "丁" * 10)):
            canvas.drawString(80, 700 - 18 * number - 7 * (number > 1), text)

    assert paragraphs(pdf.read(drawn(draw))) == ["甲" * 36 + "乙" * 36, "丙" * 36 + "丁" * 10]


def test_the_blank_rest_of_a_row_at_a_page_break_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        for bottoms, label in (((60, 80), "规章"), ((760, 780), "文件")):
            canvas.setFont(FONT, 10)
            canvas.grid([100, 280, 340], [bottoms[0] - 20, *bottoms])
            canvas.drawString(104, bottoms[0] + 6, label)
            canvas.drawString(284, bottoms[0] + 6, "3")
            canvas.showPage()

    assert texts(pdf.read(drawn(draw)).grids[0]) == [["规章", "3"], ["文件", "3"], ["", ""]]


def without_lines(rows: Sequence[Sequence[tuple[int, str]]]) -> bytes:
    """Rows of texts, each at its x."""

    def draw(canvas: Canvas) -> None:
        for number, row in enumerate(rows):
            for x, text in row:
                canvas.drawString(x, 700 - 24 * number, text)

    return drawn(draw)


def test_indented_labels_without_lines_are_one_column() -> None:
    items = [[(124, f"{n}.渠道申请数"), (400, "1")] for n in range(1, 10)]
    rows = [[(100, "收到申请数"), (400, "9")], *items, [(100, "办结数"), (400, "9")]]
    (grid,) = pdf.read(without_lines(rows)).grids
    assert texts(grid) == [[text for _, text in row] for row in rows]


def test_labels_beside_a_heading_without_lines_are_a_column_of_their_own() -> None:
    items = [[(180, f"{n}.处理情形"), (400, "1")] for n in range(1, 10)]
    items[4].insert(0, (100, "不予公开"))
    (grid,) = pdf.read(without_lines([[(100, "一、本年新收申请数量"), (400, "9")], *items])).grids
    assert texts(grid)[5] == ["不予公开", "5.处理情形", "1"]
    assert texts(grid)[0] == ["一、本年新收申请数量", "一、本年新收申请数量", "9"]


@pytest.mark.parametrize("drawing", ["BT /F 12 Tf 10 10 Td (lost) Tj ET", "10 10 m 20 10 l S", "10 10 20 1 re f"])
def test_what_is_drawn_at_no_place_at_all_is_left_out(drawing: str) -> None:
    far = f"1{'0' * 38}.0"  # the greatest a place can be; its square is none
    stream = (
        f"BT /F 12 Tf 80 700 Td (Words) Tj ET {far} 0 0 {far} 0 0 cm {far} {far} {far} {far} 0 0 cm {drawing}".encode()
    )
    content = (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>endobj "
        b"4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj "
        b"5 0 obj<</Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>" % (len(stream), stream)
    )
    assert paragraphs(pdf.read(content)) == ["Words"]
