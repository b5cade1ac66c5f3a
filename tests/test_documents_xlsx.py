"""Spreadsheets as Documents."""

from __future__ import annotations

import io
import zipfile

import pytest

from dashboard.documents import xlsx
from dashboard.documents.document import Document, Grid
from dashboard.documents.number_format import shown

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_STYLES = (
    '<numFmts><numFmt numFmtId="176" formatCode="0.0%"/>'
    '<numFmt numFmtId="177" formatCode="#,##0&quot;件&quot;"/></numFmts>'
    '<borders><border><left/></border><border><left style="thin"/></border></borders>'
    '<cellXfs><xf numFmtId="0" borderId="0"/><xf numFmtId="0" borderId="1"/><xf numFmtId="176" borderId="0"/>'
    '<xf numFmtId="177" borderId="0"/></cellXfs>'
)
BORDER, PERCENT, COUNT = 1, 2, 3


def cell(place: str, value: str | float, style: int = 0) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


def row(number: int, *values: str | float | None, style: int = 0, more: str = "") -> str:
    cells = "".join(
        f'<c r="{chr(65 + index)}{number}" s="{style}"/>'
        if value is None
        else cell(f"{chr(65 + index)}{number}", value, style)
        for index, value in enumerate(values)
    )
    return f'<row r="{number}" {more}>{cells}</row>'


def book(*sheets: str, states: tuple[str, ...] = (), shared: str = "") -> bytes:
    """An XLSX; a sheet is the inside of <worksheet>."""
    names = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="表{n}" sheetId="{n}" r:id="s{n}" state="{states[n - 1] if states else "visible"}"/>'
        for n in names
    )
    links = "".join(f'<Relationship Id="s{n}" Type="{_RELATION}/worksheet" Target="s{n}.xml"/>' for n in names)
    links += "".join(
        f'<Relationship Id="{kind}" Type="{_RELATION}/{kind}" Target="{kind}.xml"/>'
        for kind in ("styles", "sharedStrings")
    )
    main = f'<Relationship Id="r" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/>'
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">{main}</Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>{listed}</sheets></workbook>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{_STYLES}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{shared}</sst>',
    } | {f"xl/s{n}.xml": f'<worksheet xmlns="{_MAIN}">{sheets[n - 1]}</worksheet>' for n in names}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def sheet(*rows: str, merges: tuple[str, ...] = (), cols: str = "") -> str:
    merged = "".join(f'<mergeCell ref="{reference}"/>' for reference in merges)
    return f"{cols}<sheetData>{''.join(rows)}</sheetData><mergeCells>{merged}</mergeCells>"


def read(*rows: str, merges: tuple[str, ...] = (), cols: str = "") -> Document:
    return xlsx.read(book(sheet(*rows, merges=merges, cols=cols)))


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def test_a_whole_number_is_shown_without_decimals() -> None:
    (grid,) = read(row(1, "甲", 1234.0), row(2, "乙", 0.0)).grids
    assert texts(grid) == [["甲", "1234"], ["乙", "0"]]


def test_number_formats_give_the_text_that_the_sheet_shows() -> None:
    (grid,) = read(
        f'<row r="1">{cell("A1", "占比")}{cell("B1", 0.5, PERCENT)}</row>',
        f'<row r="2">{cell("A2", "件数")}{cell("B2", 12345, COUNT)}</row>',
    ).grids
    assert texts(grid) == [["占比", "50.0%"], ["件数", "12,345件"]]


@pytest.mark.parametrize(
    ("raw", "code", "text"),
    [
        ("1234.0", "", "1234"),
        ("0.30000000000000004", "", "0.3"),
        ("1.5E-2", "", "0.015"),
        ("5600000", "0,", "5600"),
        ("5600000", "#,##0.0,,", "5.6"),
        ("706668", "#,##0", "706,668"),
        ("12.345", "0.00", "12.35"),
        ("12", "0.##", "12"),
        ("0.0782", "0.00%", "7.82%"),
        ("-5", "0;[Red](0)", "(5)"),
        ("-5", "0", "-5"),
        ("0", '#,##0;-#,##0;"-"', "0"),
        ("1234", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "1,234"),
        ("26027600", "0.00,", "26027.60"),
        ("3", '"第"0"期"', "第3期"),
        ("44561", "yyyy-m-d", "2021-12-31"),
        ("44561", 'yyyy"年"m"月"d"日"', "2021年12月31日"),
        ("44561", 'yyyy"年"m"月"', "2021年12月"),
        ("5", "General", "5"),
        ("5", "0.0E+00", "5"),
        ("NaN", "0", "NaN"),
        ("9e999999", "0", "9e999999"),
    ],
)
def test_a_number_is_shown_as_its_format_says(raw: str, code: str, text: str) -> None:
    assert shown(raw, code) == text


@pytest.mark.parametrize(
    ("raw", "code", "text"),
    [
        ("9" * 40, "#,##0.00", f"9{',999' * 13}.00"),
        ("1e300", "0.00", f"1{'0' * 300}.00"),
        ("1", f"0.{'0' * 200}", f"1.{'0' * 30}"),  # no sheet shows more than thirty
        ("5", f"0{',' * 200}", "0"),
        ("5", f"0.{'0' * 5_000}", "5"),  # no sheet holds such a format
        ("5", "0;" * 5_000, "5"),
    ],
)
def test_numbers_and_formats_beyond_all_measure_are_shown_all_the_same(raw: str, code: str, text: str) -> None:
    assert shown(raw, code) == text


def test_merged_cells_are_repeated_with_the_first_as_origin() -> None:
    (grid,) = read(row(1, "申请人", "法人", None), row(2, None, "企业", "其他"), merges=("A1:A2", "B1:C1")).grids
    assert texts(grid) == [["申请人", "法人", "法人"], ["申请人", "企业", "其他"]]
    assert [[c.is_origin for c in r] for r in grid.rows] == [[True, True, False], [False, True, True]]


def test_hidden_rows_columns_and_sheets_are_left_out() -> None:
    shown_sheet = sheet(
        row(1, "甲", "旧", 1.0),
        row(2, "乙", "旧", 2.0, more='hidden="1"'),
        row(3, "丙", "旧", 3.0),
        cols='<cols><col min="2" max="2" hidden="1"/></cols>',
    )
    document = xlsx.read(
        book(shown_sheet, sheet(row(1, "草稿", 9.0), row(2, "草稿", 9.0)), states=("visible", "hidden"))
    )
    assert [texts(grid) for grid in document.grids] == [[["甲", "1"], ["丙", "3"]]]


def test_a_cell_keeps_the_sheets_own_row_and_column() -> None:
    document = xlsx.read(
        book(
            sheet(row(1, "甲", 1.0), row(2, "甲", 1.0)),
            sheet(row(4, None, "乙", 2.0), row(5, None, "丙", 3.0)),
        )
    )
    assert str(document.grids[1].rows[1][1].locator) == "page:2/table:2/row:5/col:3"


def test_a_title_above_and_a_note_below_are_paragraphs() -> None:
    document = read(row(1, "年度报告"), row(2, "指标", "数量"), row(3, "规章", 3.0), row(4, "注：含修订"))
    assert [block.text for block in document.blocks] == ["年度报告", "注：含修订"]
    assert [texts(grid) for grid in document.grids] == [[["指标", "数量"], ["规章", "3"]]]


def test_an_empty_row_parts_two_tables_of_an_unbordered_sheet() -> None:
    document = read(row(1, "甲", 1.0), row(2, "乙", 2.0), row(4, "丙", 3.0), row(5, "丁", 4.0))
    assert [texts(grid) for grid in document.grids] == [
        [["甲", "1"], ["乙", "2"]],
        [["丙", "3"], ["丁", "4"]],
    ]


def test_borders_keep_a_heading_row_inside_and_a_title_outside_of_a_table() -> None:
    document = read(
        row(1, "二、主动公开"),
        row(2, "第二十条第（一）项", None, style=BORDER),
        row(3, "规章", 3.0, style=BORDER),
        row(4, None, None, style=BORDER),
        row(5, "规范性文件", 4.0, style=BORDER),
        merges=("A2:B2",),
    )
    assert [block.text for block in document.blocks] == ["二、主动公开"]
    (grid,) = document.grids
    assert texts(grid) == [["第二十条第（一）项"] * 2, ["规章", "3"], ["", ""], ["规范性文件", "4"]]


def test_a_section_row_inside_an_unbordered_table_stays_a_row() -> None:
    (grid,) = read(row(1, "指标", "数"), row(2, "一、公开"), row(3, "规章", 3.0)).grids
    assert texts(grid)[1] == ["一、公开", ""]


def test_shared_texts_are_read_without_their_phonetic_hints() -> None:
    shared = "<si><r><t>规</t></r><r><t>章</t></r><rPh><t>guizhang</t></rPh></si>"
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>3</v></c></row>'
    (grid,) = xlsx.read(book(sheet(rows, row(2, "甲", 1.0)), shared=shared)).grids
    assert texts(grid)[0] == ["规章", "3"]


def test_a_formula_without_a_stored_result_is_not_blank() -> None:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>合计</t></is></c><c r="B1"><f>SUM(B2:B3)</f></c></row>'
    (grid,) = read(rows, row(2, "甲", 1.0)).grids
    assert texts(grid)[0] == ["合计", "=SUM(B2:B3)"]


def test_a_sheets_own_name_is_the_caption() -> None:
    assert read(row(1, "甲", 1.0), row(2, "乙", 1.0)).grids[0].caption == "表1"


def test_a_cell_far_away_does_not_make_a_huge_grid() -> None:
    document = read(row(1, "甲", 1.0), row(2, "乙", 2.0), f'<row r="1048576">{cell("XFD1048576", 3.0)}</row>')
    assert sum(len(line) for grid in document.grids for line in grid.rows) < 100
