"""Labels of a form compare by meaning."""

import pytest

from dashboard.forms.labels import normalise, unit_in


@pytest.mark.parametrize(
    "printed",
    [
        "（一）主动公开政府信息数（不同渠道和方式公开相同信息计 1 条）", "(一) 主动公开政府信息数", "1.主动公开政府信息数",
        "１．主动公开政府信息数", "一、主动公开政府信息数", "主动公开政府信息数", "主 动 公 开 政府\u3000信息数：",
        "其中：主动公开政府信息数", "(1)主动公开政府信息数",
    ],
)  # fmt: skip
def test_spaces_numbering_brackets_and_notes_do_not_count(printed: str) -> None:
    assert normalise(printed) == normalise("主动公开政府信息数")


def test_labels_of_different_meaning_stay_different() -> None:
    labels = ["按时办结数", "延期办结数", "同意公开答复数", "同意部分公开答复数", "不同意公开答复数", "涉及国家秘密"]
    assert len({normalise(label) for label in labels}) == len(labels)


def test_a_label_that_is_nothing_but_a_note_keeps_its_words() -> None:
    assert normalise("（单位：件）") != ""


def test_an_empty_cell_has_no_label() -> None:
    assert normalise(" \u3000") == ""


@pytest.mark.parametrize("printed", ["本年收费金额（单 位：元）", "采购总金额（ 元 ）", "采购总金额(元)", "单位：元"])
def test_a_unit_is_found_however_a_narrow_cell_breaks_its_words(printed: str) -> None:
    assert unit_in(printed) == "元"
