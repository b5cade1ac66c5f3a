"""Which report a document is: by evidence, never by guessing."""

from __future__ import annotations

import pytest

from dashboard.documents import html, txt
from dashboard.documents.document import Document
from dashboard.forms.recognise import Recognition, recognise
from dashboard.messages import UserError
from dashboard.schema import Body
from tests.documents import templates
from tests.documents.description import Description
from tests.documents.writers.page import shown
from tests.documents.writers.text import tabbed

CITY = Body("990100", "云岭市", "Yunling", "prefecture", "990000", "云岭|云市")
COUNTY = Body("990121", "青禾县", "Qinghe", "county", "990100")
BODIES = [CITY, COUNTY]
TITLE = "云岭市2016年政府信息公开工作年度报告"


def document(edition: str = "2014", year: int = 2016, **changed: str) -> Document:
    """A report whose opening lines are changed: line=new."""
    figures = dict.fromkeys(templates.keys(edition), "1")
    text = tabbed(Description(edition, year, "云岭市", figures))
    for old, new in changed.items():
        text = text.replace({"title": f"云岭市{year}年政府信息公开工作年度报告", "caption": f"云岭市{year}年度政府信息公开情况统计表",
                             "opening": f"本报告由云岭市人民政府办公室编制，数据统计期限为{year}年1月1日至{year}年12月31日。"}[old], new)  # fmt: skip
    return txt.read(text.encode())


def told(found: Recognition) -> tuple[str, int, str]:
    return found.body, found.year, found.form.edition


def refused(document: Document, **given: object) -> UserError:
    with pytest.raises(UserError) as caught:
        recognise(document, BODIES, **given)  # type: ignore[arg-type]  # what a person may tell, by its name
    return caught.value


@pytest.mark.parametrize(("edition", "year"), [("2014", 2016), ("2019", 2020), ("2021", 2022)])
def test_body_year_and_edition_are_told_by_the_document(edition: str, year: int) -> None:
    assert told(recognise(document(edition, year), BODIES)) == ("990100", year, edition)


def test_each_of_them_has_evidence_with_its_place() -> None:
    found = recognise(document(), BODIES)
    assert {each.about for each in found.evidence} == {"body", "year", "edition", "publisher"}
    [title] = [each for each in found.evidence if each.about == "body" and each.place]
    assert (title.value, title.as_printed, title.place) == ("990100", TITLE, "line:1")
    assert found.contradictions == ()


@pytest.mark.parametrize(
    "title",
    [
        "云岭市人民政府2016年政府信息公开工作年度报告", "2016年云岭市政府信息公开工作年度报告", "云岭市 2016 年政府信息公开工作年度报告",
        "云岭市人民政府关于2016年度政府信息公开工作的年度报告", "云市2016年度政府信息公开年报", "云岭市政府信息公开工作年度报告（2016年）",
    ],
)  # fmt: skip
def test_a_body_is_known_by_name_alias_and_its_government(title: str) -> None:
    assert told(recognise(document(title=title), BODIES))[:2] == ("990100", 2016)


def test_a_title_over_two_lines_is_one() -> None:
    found = recognise(document(title="云岭市人民政府\n2016年政府信息公开工作年度报告"), BODIES)
    assert (found.body, found.title) == ("990100", "云岭市人民政府2016年政府信息公开工作年度报告")


@pytest.mark.parametrize("name", ["云岭市财政局", "云岭市政务公开办公室", "云岭市云东区", "新云岭市"])
def test_a_department_is_never_taken_for_its_city(name: str) -> None:
    changed = document(title=f"{name}2016年政府信息公开工作年度报告", opening="本报告所列数据为全年数据。")
    assert refused(changed).message_id == "recognise.body"


def test_an_unknown_body_is_proposed_where_that_is_wanted() -> None:
    changed = document(title="云岭市财政局2016年政府信息公开工作年度报告", opening="")
    proposed = recognise(changed, BODIES, new_body=True).proposed
    assert proposed == Body("", "云岭市财政局", "", "department", "990100")


def test_a_code_given_for_an_unknown_body_is_proposed_with_its_name() -> None:
    changed = document(title="云东区2016年政府信息公开工作年度报告", opening="")
    found = recognise(changed, BODIES, body="990102", new_body=True)
    assert found.proposed == Body("990102", "云东区", "", "county", "990100")
    assert found.contradictions == ()


@pytest.mark.parametrize("given", ["990100", "云岭市", "云市", "云岭市人民政府"])
def test_a_body_that_is_not_told_is_settled_by_the_caller(given: str) -> None:
    changed = document(title="2016年政府信息公开工作年度报告", opening="")
    assert refused(changed).message_id == "recognise.body"
    assert recognise(changed, BODIES, body=given).body == "990100"


def test_a_body_is_told_by_its_publisher_where_the_title_is_silent() -> None:
    assert recognise(document(title="2016年政府信息公开工作年度报告"), BODIES).body == "990100"


def test_a_body_is_told_by_a_stated_code() -> None:
    changed = document(title="2016年政府信息公开工作年度报告", opening="行政区划代码：990121。")
    assert recognise(changed, BODIES).body == "990121"


def test_two_bodies_are_refused_until_the_caller_settles_it() -> None:
    changed = document(opening="本报告由青禾县人民政府办公室编制。")
    assert refused(changed).message_id == "recognise.bodies"
    found = recognise(changed, BODIES, body="990100")
    assert [(each.value, each.as_printed) for each in found.contradictions] == [("990121", "青禾县人民政府办公室")]


def test_a_body_given_against_what_the_document_says_is_refused() -> None:
    error = refused(document(), body="990121")
    assert (error.message_id, error.values["told"]) == ("recognise.body_given", "990100")


@pytest.mark.parametrize(
    "changed",
    [{"caption": "云岭市2015年度政府信息公开情况统计表"}, {"opening": "数据统计期限为2015年1月1日至12月31日。"}],
)
def test_a_title_that_contradicts_caption_or_period_is_refused_until_the_caller_settles_it(
    changed: dict[str, str],
) -> None:
    error = refused(document(**changed))
    assert (error.message_id, error.values["told"]) == ("recognise.year", "2015、2016")
    found = recognise(document(**changed), BODIES, year=2016)
    assert found.year == 2016
    assert [each.value for each in found.contradictions] == ["2015"]


def test_a_year_given_against_what_the_document_says_is_refused() -> None:
    assert refused(document(), year=2017).message_id == "recognise.year_given"


def test_a_year_that_is_not_told_is_settled_by_the_caller() -> None:
    changed = document(title="云岭市政府信息公开工作年度报告", opening="", caption="政府信息公开情况统计表")
    assert refused(changed).message_id == "recognise.year"
    assert recognise(changed, BODIES, year=2016).year == 2016


def test_the_stated_period_is_read_with_or_without_its_second_year() -> None:
    found = recognise(document(opening="本报告统计期限自2016年1月1日起至12月31日止。"), BODIES)
    assert (found.period_start, found.period_end) == ("2016-01-01", "2016-12-31")


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("发布时间：2017-03-02 10:22　来源：市政府办公室", "2017-03-02"), ("发布日期: 2017年3月2日", "2017-03-02"),
        ("发布时间：2017-13-02", ""), ("打印时间：2017-03-02", ""), ("2017-03-02", ""),
    ],
)  # fmt: skip
def test_the_date_of_publication_is_read_where_a_line_near_the_title_tells_it(line: str, date: str) -> None:
    assert recognise(document(title=f"{TITLE}\n\n{line}\n"), BODIES).published == date


def test_a_name_and_a_code_that_are_both_new_are_one_body() -> None:
    new = document(title="望江市2016年政府信息公开工作年度报告", opening="本机关行政区划代码：990200。")
    proposed = recognise(new, BODIES, new_body=True).proposed
    assert proposed
    assert (proposed.body, proposed.name) == ("990200", "望江市")
    assert refused(new).message_id == "recognise.body"


def test_a_form_that_was_not_in_force_that_year_is_refused() -> None:
    assert refused(document("2021", 2020)).message_id == "recognise.edition_year"


def test_a_document_without_a_title_is_no_report() -> None:
    assert refused(txt.read("关于开展检查的通知\n请各单位做好准备。\n".encode())).message_id == "recognise.no_title"


def test_a_report_without_a_form_is_refused() -> None:
    assert refused(txt.read(f"{TITLE}\n一、概述\n全年情况良好。\n".encode())).message_id == "recognise.no_form"


def test_labels_of_two_editions_in_equal_number_are_refused() -> None:
    mixed = f"{TITLE}\n接受培训人员数\t1\n现行有效件数\t2\n"
    assert refused(txt.read(mixed.encode())).message_id == "recognise.two_forms"


def test_a_page_title_serves_where_the_page_prints_none() -> None:
    page = shown(Description("2021", 2022, "云岭市", dict.fromkeys(templates.keys("2021"), "1")))
    head, body = page.split("</head>")
    assert "<title>云岭市2022年政府信息公开工作年度报告_云岭市人民政府</title>" in head
    page = f"{head}</head>{body.replace('云岭市2022年政府信息公开工作年度报告', '年报全文')}"
    found = recognise(html.read(page.encode()), BODIES)
    assert (found.body, found.title) == ("990100", "云岭市2022年政府信息公开工作年度报告")


def test_a_number_of_bodies_that_cannot_be_one_is_not_told() -> None:
    opening = (
        "本报告由云岭市人民政府办公室编制，汇总{}个县、3个部门的情况，数据统计期限为2016年1月1日至2016年12月31日。"
    )
    assert recognise(document(opening=opening.format(12)), BODIES).localities == 12
    found = recognise(document(opening=opening.format("9" * 5_000)), BODIES)
    assert (found.localities, found.departments) == (None, 3)
