"""How to cite: links that always lead to the same, lines as GB/T 7714-2015 and English readers have them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts import Filters, citation
from dashboard.charts.citation import ACCESSED, Cited, line, permanent_link
from dashboard.figures.theme import Theme
from dashboard.messages import Language

NAME = "2018-20260801T080000Z-0123456789ab"
LINK = f"https://data.example.cn/snapshot/{NAME}/embed/channels"
DAY = date(2026, 8, 2)


def test_a_link_names_all_that_it_depends_on() -> None:
    view = Filters("640000", 2018, Language.EN, Theme.DARK, (("q", "a b"),))
    assert permanent_link("https://x.cn", "/data", view, NAME, "top") == (
        f"https://x.cn/data?body=640000&year=2018&lang=en&q=a+b&snapshot={NAME}#top"
    )
    assert permanent_link("", "/", Filters("640000", 2018), NAME) == f"/?body=640000&year=2018&lang=zh&snapshot={NAME}"


def test_a_line_in_chinese_follows_the_standard_for_electronic_resources() -> None:
    cited = Cited("宁夏回族自治区 2018 年度 · 公开渠道", LINK, "2026-08-01")
    assert line(cited, Language.ZH, DAY) == (
        f"公开 Gongkai. 宁夏回族自治区 2018 年度 · 公开渠道[DS/OL]. (2026-08-01)[2026-08-02]. {LINK}."
    )


def test_a_line_in_english_is_that_of_a_data_set() -> None:
    cited = Cited("Ningxia 2018 · Disclosure channels.", LINK, "2026-08-01")
    assert line(cited, Language.EN, DAY) == (
        f"Gongkai. (2026-08-01). Ningxia 2018 · Disclosure channels [Data set]. Retrieved 2026-08-02, from {LINK}"
    )


def test_a_report_is_by_the_office_that_compiled_it() -> None:
    cited = citation.report("2018年年度报告", "自治区人民政府办公厅", "", LINK)
    assert line(cited, Language.ZH, DAY) == f"自治区人民政府办公厅. 2018年年度报告[DS/OL]. [2026-08-02]. {LINK}."
    assert "(n.d.)" in line(cited, Language.EN, DAY)


@pytest.mark.parametrize("language", list(Language))
@given(title=st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(lambda each: ACCESSED not in each))
def test_a_day_that_is_not_known_has_one_place_to_stand(language: Language, title: str) -> None:
    cited = citation.page(title, LINK, "2026-08-01T08:00:00+00:00")
    open_line = line(cited, language)
    assert open_line.count(ACCESSED) == 1
    assert open_line.replace(ACCESSED, DAY.isoformat()) == line(cited, language, DAY)
