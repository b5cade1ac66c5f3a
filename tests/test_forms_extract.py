"""Tables into facts: what is read, what is reported, what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from dashboard import definitions
from dashboard.documents import txt
from dashboard.forms import extract
from dashboard.forms.extract import Extraction
from dashboard.messages import UserError
from dashboard.schema import Absence, Fact
from tests.documents import templates
from tests.documents.description import Description, Style
from tests.documents.writers.text import tabbed

YEARS = {"2014": 2016, "2019": 2020, "2021": 2022}


def described(edition: str, **changed: str) -> Description:
    """A report in which every figure is 1, but those named (dots as underscores, the applicant behind a double one)."""
    figures = dict.fromkeys(templates.keys(edition), "1")
    for name, printed in changed.items():
        code, _, applicant = name.partition("__")
        [key] = [k for k in figures if k[0].replace(".", "_") == code and (not applicant or k[1] == applicant)]
        figures[key] = printed
    return Description(edition, YEARS[edition], "云岭市", figures)


def read(report: Description, **replaced: str) -> Extraction:
    return read_text(tabbed(report), report.edition, replaced)


def read_text(text: str, edition: str, replaced: dict[str, str] | None = None) -> Extraction:
    for old, new in (replaced or {}).items():
        assert old in text
        text = text.replace(old, new)
    return extract.read(txt.read(text.encode()), definitions.forms()[edition])


def fact(found: Extraction, code: str, applicant: str = "") -> Fact:
    [one] = [each for each in found.facts if (each.indicator, each.applicant) == (code, applicant)]
    return one


def refused(text: str, edition: str) -> UserError:
    with pytest.raises(UserError) as caught:
        read_text(text, edition)
    return caught.value


@pytest.mark.parametrize("edition", YEARS)
def test_the_definitions_and_the_ruled_tables_hold_the_same_figures(edition: str) -> None:
    form = definitions.forms()[edition]
    assert {(cell.indicator, cell.applicant) for cell in form.cells} == set(templates.keys(edition))


@pytest.mark.parametrize("edition", YEARS)
def test_every_figure_of_a_form_is_in_the_dictionary_with_its_place(edition: str) -> None:
    dictionary = definitions.indicators()
    on_form = set(definitions.forms()[edition].indicators)
    assert on_form == {code for code, each in dictionary.items() if edition in each.places}


@pytest.mark.parametrize("edition", YEARS)
def test_facts_come_in_printed_order_with_their_cells(edition: str) -> None:
    found = read(described(edition))
    assert [(each.indicator, each.applicant) for each in found.facts] == templates.keys(edition)
    assert all("table:" in each.locator for each in found.facts)


@pytest.mark.parametrize(
    ("printed", "absence"),
    [("", Absence.BLANK), ("/", Absence.NOT_APPLICABLE), ("-", Absence.NOT_APPLICABLE), ("—", Absence.NOT_APPLICABLE),
     ("无", Absence.NOT_APPLICABLE), ("不适用", Absence.NOT_APPLICABLE), ("若干", Absence.UNREADABLE)],
)  # fmt: skip
def test_a_cell_without_a_figure_keeps_its_reason_and_its_words(printed: str, absence: Absence) -> None:
    found = fact(read(described("2021", requests_carried_in__research=printed)), "requests.carried_in", "research")
    assert (found.value, found.absence, found.as_printed) == (None, absence, printed)


def test_a_whole_blank_row_is_blank_and_not_missing() -> None:
    report = described("2021")
    blank = {key: "" for key in report.figures if key[0].startswith(("review", "litigation"))}
    found = read(replace(report, figures={**report.figures, **blank}))
    assert {each.absence for each in found.facts if each.indicator.startswith("litigation")} == {Absence.BLANK}


def test_equal_labels_belong_to_the_part_they_stand_in() -> None:
    found = read(described("2014", review_corrected="3", litigation_corrected="4"))
    assert [fact(found, code).value for code in ("review.corrected", "litigation.corrected")] == [3, 4]


def test_the_last_other_row_is_not_the_column_of_other_applicants() -> None:
    found = read(described("2021", requests_outcome_other_other__other_org="7"))
    assert fact(found, "requests.outcome.other.other", "other_org").value == 7


@pytest.mark.parametrize(
    ("unit", "printed", "amount"),
    [("万元", "1234.5", "1234.5"), ("元", "12345000", "1234.5"), ("亿元", "0.12345", "1234.5"), ("", "1234.5万元", "1234.5"),
     ("", "12345000元", "1234.5"), ("元", "1234.5万元", "1234.5")],
)  # fmt: skip
def test_amounts_are_converted_from_the_unit_in_header_or_cell(unit: str, printed: str, amount: str) -> None:
    report = replace(described("2019", procurement_amount=printed), style=Style(money=unit))
    found = fact(read(report), "procurement.amount")
    assert (found.value, found.unit, found.as_printed) == (Decimal(amount), "万元", printed)


def test_an_amount_without_a_unit_is_not_guessed_where_the_form_prescribes_none() -> None:
    report = replace(described("2019", procurement_amount="1234.5"), style=Style(money=""))
    assert fact(read(report), "procurement.amount").absence is Absence.UNREADABLE


def test_a_nought_needs_no_unit() -> None:
    report = replace(described("2019", procurement_amount="0"), style=Style(money=""))
    assert fact(read(report), "procurement.amount").value == 0


def test_the_prescribed_unit_holds_where_none_is_printed() -> None:
    found = read(described("2021", charges_amount="12.5"), **{"本年收费金额（单位：万元）": "本年收费金额"})
    assert fact(found, "charges.amount").value == Decimal("12.5")


@pytest.mark.parametrize(
    ("edition", "printed", "varied"),
    [
        ("2021", "行政规范性文件", "规范性文件"), ("2019", "规范性文件", "行政规范性文件"), ("2021", "（七）总计", "（七）合计"),
        ("2021", "（七）总计", "7.总计"), ("2021", "一、本年新收政府信息公开申请数量", "本年新收政府信息公开申请"),
        ("2021", "3.危及“三安全一稳定”", "3.危及三安全一稳定"), ("2021", "（六）其他处理", "(六) 其他处理"),
        ("2019", "本年增/减", "本年增／减"), ("2021", "四、结转下年度继续办理", "四、结转下一年度继续办理"),
        ("2021", "2.其他法律行政法规禁止公开", "②其他法律、行政法规禁止公开"),
    ],
)  # fmt: skip
def test_wordings_that_offices_vary_mean_the_same(edition: str, printed: str, varied: str) -> None:
    report = described(edition)
    assert len(read(report, **{printed: varied}).facts) == len(report.figures)


def test_a_label_split_over_two_rows_is_one() -> None:
    whole, split = (
        "危及国家安全、公共安全、经济安全和社会稳定\t件\t1",
        "危及国家安全、公共安全、\t\t\n经济安全和社会稳定\t件\t1",
    )
    found = read(described("2014"), **{whole: split})
    assert fact(found, "requests.outcome.refused.security_stability").value == 1


@pytest.mark.parametrize(
    ("code", "first", "rest"),
    [
        ("capacity.reading_points", "（二）设置政府信息公开查阅点", "数"),
        ("litigation.upheld", "（一）维持具体行政行为", "或者驳回原告诉讼请求数"),
    ],
)
def test_the_last_words_of_a_label_in_a_row_of_their_own_bring_its_figure(code: str, first: str, rest: str) -> None:
    text = tabbed(described("2014", **{code.replace(".", "_"): "7"}))
    [row] = [line for line in text.splitlines() if line.startswith(first + rest)]
    split = f"{first}\t\t\n{row.removeprefix(first)}"
    found = read_text(text, "2014", {row: split})
    assert (fact(found, code).value, found.unmapped) == (7, [])


def test_a_label_over_three_rows_is_one_though_a_part_of_it_would_do() -> None:
    whole = "5.要求行政机关确认或重新出具已获取信息"
    blank = "\t" * 7
    split = f"5.要求行政机关{blank}\n\t\t确认或重新出具{blank}\n\t\t已获取信息"
    found = read(described("2021", requests_outcome_not_processed_reissue__total="7"), **{whole: split})
    assert fact(found, "requests.outcome.not_processed.reissue", "total").value == 7


def test_a_torn_label_whose_figures_stand_beside_unknown_words_is_refused_and_not_blank() -> None:
    whole = "5.要求行政机关确认或重新出具已获取信息"
    torn = f"5.要求行政机关确认或重新出具{chr(9) * 7}\n\t\t（五）不予处理已获取信息"
    error = refused(tabbed(described("2021")).replace(whole, torn), "2021")
    assert error.values["missing"] == "要求行政机关确认或重新出具已获取信息"
    assert str(error.values["ambiguous"]).startswith("5.要求行政机关确认或重新出具 (line:")
    assert str(error.values["unmapped"]).startswith("（五）不予处理已获取信息 (line:")


def test_words_for_a_figure_beside_the_last_row_of_a_label_are_its_own() -> None:
    whole = "其中：主要负责同志参加政府网站在线访谈次数\t次\t1"
    split = "其中：主要负责同志参加政府网\t\t\n站在线访谈次数\t次\t见附表"
    found = fact(read(described("2014"), **{whole: split}), "response.interviews.principal")
    assert (found.absence, found.as_printed) == (Absence.UNREADABLE, "见附表")


def test_words_for_a_figure_beside_the_last_words_of_a_known_label_are_its_own() -> None:
    whole = "（二）设置政府信息公开查阅点数\t个\t1"
    found = read(described("2014"), **{whole: "（二）设置政府信息公开查阅点\t\t\n数\t个\t见附表"})
    assert fact(found, "capacity.reading_points").absence is Absence.UNREADABLE


def test_a_figure_below_a_blank_one_is_not_taken_for_it() -> None:
    row = "一、本年新收政府信息公开申请数量"
    blank = {f"requests_received__{applicant}": "" for applicant in templates.APPLICANTS}
    text = tabbed(described("2021", **blank))
    found = read_text(text, "2021", {f"{row}\t\t\t": f"{row}\t\t\t\t\t\t\t\t\t\n网上申请\t\t\t5\t5\t5\t5\t5\t5\t5\n"})
    assert fact(found, "requests.received", "total").absence is Absence.BLANK
    assert [cell.text for cell in found.unmapped] == ["网上申请"]


def test_a_note_in_a_row_of_its_own_belongs_to_the_label_above() -> None:
    whole, split = (
        "1.专职人员数（不包括政府公报及政府网站工作人员数）\t人\t1",
        "1.专职人员数\t\t\n（不包括政府公报及政府网站工作人员数）\t人\t1",
    )
    assert fact(read(described("2014"), **{whole: split}), "capacity.staff.full_time").value == 1


def test_a_table_cut_in_two_goes_on_without_its_header() -> None:
    cut = "5.不属于本行政机关公开数\t件\t1"
    found = read(described("2014"), **{cut: f"（续表）\n{cut}"})
    assert len(found.facts) == 58


def test_a_row_the_form_does_not_know_is_reported_with_its_cell() -> None:
    found = read(described("2014"), **{"六、举报投诉数量\t件\t1": "六、举报投诉数量\t件\t1\n六之一、表扬数量\t件\t5"})
    assert [extract.told(cell) for cell in found.unmapped] == ["六之一、表扬数量 (line:61/table:1/row:55/col:1)"]


def test_a_column_the_form_does_not_know_changes_nothing() -> None:
    found = read(
        described("2014"),
        **{"统计数\n": "统计数\t备注\n", "接受培训人员数\t人次\t1": "接受培训人员数\t人次\t1\t含视频"},
    )
    assert len(found.facts) == 58


def test_missing_rows_are_refused_with_what_was_found_and_what_not() -> None:
    text = (
        tabbed(described("2014")).replace("六、举报投诉数量\t件\t1\n", "").replace("（三）接受培训人员数", "（三）学员")
    )
    error = refused(text, "2014")
    assert error.message_id == "form.rows_missing"
    assert (error.values["found"], error.values["required"]) == (56, 58)
    assert error.values["tables"] == "《政府信息公开情况统计表》56/58"
    assert error.values["missing"] == "举报投诉、接受培训人员"
    assert str(error.values["unmapped"]).startswith("（三）学员 (line:")


def test_a_missing_row_of_a_matrix_is_told_as_one_and_a_missing_table_by_its_name() -> None:
    lines = tabbed(described("2021")).splitlines()
    kept = [line for line in lines if "公开出版物" not in line]
    end = next(number for number, line in enumerate(kept) if line.startswith("四、政府信息公开行政复议"))
    error = refused("\n".join(kept[:end]), "2021")
    assert error.values["missing"] == "要求提供公开出版物、《政府信息公开行政复议、行政诉讼情况》"


def test_a_missing_column_of_a_matrix_is_told_by_its_cells() -> None:
    text = tabbed(described("2021")).replace("科研机构", "科学院")
    missing = str(refused(text, "2021").values["missing"]).split("、")
    assert (len(missing), missing[0]) == (25, "收到申请数（科研机构）")


def test_a_table_printed_twice_with_the_same_figures_is_read_once() -> None:
    report = described("2014")
    text = tabbed(report)
    table = text[text.index("统计指标") :]
    assert len(read_text(f"{text}\n再次列出如下\n{table}", "2014").facts) == 58


def test_two_tables_that_disagree_are_refused_with_both_places() -> None:
    text = tabbed(described("2014"))
    other = tabbed(described("2014", complaints_total="2"))
    error = refused(f"{text}\n另表\n{other[other.index('统计指标') :]}", "2014")
    assert (error.message_id, error.values["label"]) == ("form.row_twice", "举报投诉")
    assert str(error.values["first"]).startswith("1 (line:")
    assert str(error.values["second"]).startswith("2 (line:")


def test_a_row_that_stands_twice_in_a_table_with_another_figure_is_refused() -> None:
    text = tabbed(described("2014")).replace(
        "六、举报投诉数量\t件\t1", "六、举报投诉数量\t件\t1\n六、举报投诉数量\t件\t2"
    )
    assert refused(text, "2014").message_id == "form.row_twice"


def test_two_figures_for_one_place_are_ambiguous_and_not_chosen_from() -> None:
    text = tabbed(described("2014")).replace("统计数\n", "统计数\t统计数\n")
    text = text.replace("举报投诉数量\t件\t1", "举报投诉数量\t件\t1\t2")
    error = refused(text, "2014")
    assert (error.message_id, error.values["missing"]) == ("form.rows_missing", "举报投诉")
    assert re.fullmatch(r"1 \(line:\d+/table:1/row:54/col:3\)", str(error.values["ambiguous"]))


def test_a_label_that_fits_several_places_is_reported_with_its_cell() -> None:
    stray = "统计指标\t单位\t统计数\n（三）其他情形数\t件\t5\n"
    found = read(described("2014"), **{"统计指标\t单位\t统计数\n": stray})
    assert [extract.told(cell) for cell in found.ambiguous] == ["（三）其他情形数 (line:8/table:1/row:2/col:1)"]
    assert (len(found.facts), fact(found, "review.other").value) == (58, 1)


def test_a_refusal_tells_for_each_table_how_much_of_it_was_found() -> None:
    text = tabbed(described("2021")).replace("复议后起诉", "其后")
    tables = str(refused(text, "2021").values["tables"]).split("、《")
    assert tables[0] == "《主动公开政府信息情况：第二十条第（一）项》6/6"
    assert tables[-1] == "政府信息公开行政复议、行政诉讼情况》10/15"


def test_other_tables_of_a_report_are_left_alone() -> None:
    report = described("2021")
    other = "各部门公开情况如下：\n部门\t公开条数\n财政局\t12\n教育局\t15\n\n"
    found = read_text(tabbed(report).replace("三、收到", f"{other}三、收到"), "2021")
    assert (len(found.facts), found.unmapped, found.ambiguous) == (200, [], [])


def test_a_table_wider_than_any_form_is_left_aside() -> None:
    report = described("2021")
    wide = "\t".join(["统计指标"] * 9_000) + "\n" + "\t".join(["1"] * 9_000)
    found = read_text(f"{tabbed(report)}\n此后为附表。\n{wide}", "2021")
    assert len(found.facts) == len(report.figures)
