"""Prose in its own order: chapters, sections, sentences, and paragraphs that a page break has cut."""

from dashboard.documents import txt
from dashboard.forms import sections

REPORT = """
某市 2016 年政府信息公开工作年度报告
本报告由某市人民政府办公室编制。
一、概述
全市稳步推进公开工作，全年检查 12
次，整改到位。
（一）加强领导。市政府听取汇报 2 次。
1.制度建设。印发文件 3 个。
2.2016年，培训干部 5 名，效果良好。
（二）完善平台
网站发布信息 9 条。
二、主动公开情况
全年公开信息 8 条！较为充分。
"""


def told() -> list[tuple[str, str]]:
    return [(each.section.label, each.text.strip()) for each in sections.sentences(txt.read(REPORT.encode()))]


def test_every_sentence_knows_its_chapter_section_and_point() -> None:
    assert ("一（一）", "市政府听取汇报 2 次。") in told()
    assert ("一（一）1", "印发文件 3 个。") in told()
    assert ("一（二）", "网站发布信息 9 条。") in told()
    assert ("二", "全年公开信息 8 条！") in told()


def test_a_numbered_sentence_without_a_heading_keeps_all_its_words() -> None:
    assert ("一（一）2", "2016年，培训干部 5 名，效果良好。") in told()


def test_what_stands_before_the_first_chapter_has_no_section() -> None:
    assert [text for label, text in told() if not label] == [
        "某市 2016 年政府信息公开工作年度报告", "本报告由某市人民政府办公室编制。",
    ]  # fmt: skip


def test_a_paragraph_cut_by_a_page_break_is_one_sentence_again() -> None:
    assert ("一", "全市稳步推进公开工作，全年检查 12次，整改到位。") in told()


def test_a_place_behind_a_page_break_is_told_in_its_own_line() -> None:
    [sentence] = [each for each in sections.sentences(txt.read(REPORT.encode())) if "检查" in each.text]
    start = sentence.text.index("整改")
    assert str(sentence.locate(start, start + 2)) == "line:6/chars:2-4"


def test_headings_are_remembered_without_their_numbers() -> None:
    headings = {each.section.label: each.section.headings for each in sections.sentences(txt.read(REPORT.encode()))}
    assert headings["一（一）1"] == ("概述", "加强领导", "制度建设")
    assert headings["一（二）"] == ("概述", "完善平台")


def test_a_heading_is_not_joined_with_the_paragraph_below_it() -> None:
    assert all("完善平台网站" not in text for _, text in told())


def texts(report: str) -> list[tuple[str, str]]:
    return [(each.section.label, each.text.strip()) for each in sections.sentences(txt.read(report.encode()))]


def test_a_numbered_sentence_with_a_figure_or_a_nought_is_no_heading() -> None:
    report = "一、总体情况\n（一）公开信息 9 条。\n（二）未收取费用。\n（三）收费情况：0 元。\n"
    assert texts(report) == [
        ("一（一）", "公开信息 9 条。"), ("一（二）", "未收取费用。"), ("一（三）", "收费情况：0 元。"),
    ]  # fmt: skip


def test_chapters_may_be_numbered_as_parts_or_with_a_stop() -> None:
    assert texts("第一部分 总体情况\n公开 9 条。\n二．公开情况\n公开 8 条。\n") == [
        ("一", "公开 9 条。"), ("二", "公开 8 条。"),
    ]  # fmt: skip


def test_a_sentence_of_endless_length_is_cut_at_its_clauses() -> None:
    found = texts("一、总体情况\n" + "公开信息 12 条，" * 400 + "完。\n")
    assert len(found) > 1
    assert all(len(text) <= 1500 and text.endswith(("，", "。")) for _, text in found)
    assert "".join(text for _, text in found) == "公开信息 12 条，" * 400 + "完。"
