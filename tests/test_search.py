"""Search from one box: by name, sound, initials, code and with slips of the hand; as JSON and as a page without script."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from pypinyin import lazy_pinyin
from starlette.testclient import TestClient

from dashboard import definitions
from dashboard.charts import CHARTS
from dashboard.definitions.sounds import readings
from dashboard.messages import Language, text
from dashboard.parts import PAGES, PAGES_OF_CHARTS
from dashboard.search.near import NEAR, Names, fit, fit_nearly, slips_allowed
from dashboard.search.things import Kind, found, things
from dashboard.tables.finding import plain

VIEW = "/requests?body=640000&year=2018&lang=en&theme=dark"


def asked(api: TestClient, words: str, here: str = "/") -> dict[str, list[dict[str, str]]]:
    answer = api.get("/search.json", params={"q": words, "from": here})
    assert answer.status_code == 200
    return {group["kind"]: group["hits"] for group in answer.json()["groups"]}


def first(words: str) -> set[str]:
    return {listed[0].code for listed in found(words).values()}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("行政复议", "review"),
        ("xingzhengfuyi", "review"),
        ("xing zheng fu yi", "review"),
        ("xzfy", "review"),
        ("xinzhenfuyi", "review"),  # n for ng, twice
        ("行政夏议", "review"),
        ("litigaton", "litigation"),
        ("requests.received", "requests.received"),
        ("requests.recieved", "requests.received"),
        ("chongfushenqing", "requests.outcome.not_processed.repeated"),
        ("zhongdayuqing", "response.events"),
        ("复议 纠正", "litigation.after_review.corrected"),
        ("red tape 红头文件", ""),
        ("红头文件", "normative_document"),
        ("ＸＺＦＹ", "review"),
    ],
)
def test_a_term_or_indicator_is_found_by_name_sound_initials_code_and_with_slips(words: str, code: str) -> None:
    assert code in first(words) if code else first(words) == set()


@pytest.mark.parametrize(
    ("words", "name"), [("budegt", "budget"), ("wiebo", "weibo"), ("reveiw", "review"), ("ab", "ba")]
)
def test_two_letters_swapped_are_one_slip(words: str, name: str) -> None:
    rank = fit_nearly([words], Names.of([name], []))
    assert (rank is None) if len(words) < 4 else (rank == (NEAR, 1, len(name)))


def test_every_thing_is_found_by_each_of_its_names_among_the_first() -> None:
    for thing in things():
        if thing.kind is Kind.CHART:
            names = [text(f"chart.{thing.code}.title", language) for language in Language]
        else:
            names = [definitions.glossary()[thing.code].name(language) for language in Language]
        for name in names:
            # Litigation has parts of the same names as those of reviews.
            assert thing.code in [each.code for each in found(name)[thing.kind][:8]], name


def test_what_fits_as_it_is_keeps_what_is_only_near_away() -> None:
    names = Names.of(["requests", "request"], ["xzfy"])
    assert fit(["request"], names) < fit(["requ"], names) < fit(["xz"], names) < fit(["quest"], names)  # type: ignore[operator]  # all of them fit
    assert fit(["requsts"], names) is None
    assert fit_nearly(["requsts"], names) is not None
    assert fit_nearly(["reqxyzs"], names) is None
    assert fit_nearly(["requsts" * 4], Names.of(["requests" * 4], [])) is None, "nothing so long is gone through"
    assert [slips_allowed(each) for each in ("abc", "abcd", "abcdefgh", "复议", "行政复", "行政复议诉讼")] == [
        0,
        1,
        2,
        0,
        1,
        2,
    ]


def test_the_sounds_are_those_of_the_language() -> None:
    words = [name for each in definitions.glossary().values() for name in (each.name_zh, *each.also)]
    words += [text(f"chart.{chart}.title", Language.ZH) for chart in CHARTS]
    chinese = {word for word in words if re.search(r"[\u4e00-\u9fff]", word)}
    silent = {char for word in chinese for char in re.findall(r"[\u4e00-\u9fff]", word) if not readings(char)[0][0]}
    assert silent == set(), "add these characters to definitions/sounds.csv"
    # 重 alone is said in two ways among our names.
    for word in sorted(chinese):
        said = plain("".join(lazy_pinyin(word, errors=lambda rest: rest)))
        assert said in {plain("".join(way)) for way in readings(word)} or "行" in word or "的" in word, word


def test_every_chart_is_on_the_page_to_which_the_search_leads() -> None:
    assert set(PAGES_OF_CHARTS) == set(CHARTS)
    assert set(PAGES_OF_CHARTS.values()) <= set(PAGES)


def test_hits_come_in_groups_and_keep_the_readers_report_language_and_theme(api: TestClient) -> None:
    groups = asked(api, "requests", VIEW)
    assert list(groups) == ["indicator", "term", "chart"]
    for hit in (hit for hits in groups.values() for hit in hits):
        parts = urlsplit(hit["href"])
        told = parse_qs(parts.query)
        assert (told["body"], told["year"], told["lang"], told["theme"]) == (["640000"], ["2018"], ["en"], ["dark"])
        assert parts.fragment
    [anchor] = [urlsplit(hit["href"]).fragment for hit in groups["indicator"] if hit["name"] == "Requests received"]
    assert anchor == "requests.received"


def test_a_language_and_a_theme_of_its_own_go_before_those_of_the_page(api: TestClient) -> None:
    page = html.fromstring(api.get("/search", params={"q": "复议", "from": VIEW, "lang": "zh", "theme": "light"}).text)
    assert (page.get("lang"), page.get("data-bs-theme")) == ("zh-CN", "light")
    assert page.xpath('//h2[@class="kind"]/text()')[:2] == ["指标", "名词"]
    told = parse_qs(urlsplit(page.xpath('//ul[@class="hits"]//a/@href')[0]).query)
    assert (told["body"], "lang" in told, "theme" in told) == (["640000"], False, False)
    assert html.fromstring(api.get("/search", params={"lang": "en"}).text).get("lang") == "en"


@pytest.mark.parametrize("words", ["宁夏", "ningxia", "nx", "Ningxia", "640000"])
def test_a_body_is_found_as_its_chooser_finds_it(api: TestClient, words: str) -> None:
    [hit] = asked(api, words, "/requests?lang=en")["body"]
    assert urlsplit(hit["href"]).path == "/requests"
    assert asked(api, words, "/glossary")["body"][0]["href"].startswith("/?"), "a glossary is of no body"


@pytest.mark.parametrize("words", ["宁夏会族自治区", "宁夏回族自冶区", "ningxoa", "ningxai"])
def test_a_body_is_found_with_a_slip(api: TestClient, words: str) -> None:
    assert asked(api, words)["body"][0]["name"] == "宁夏回族自治区"


def test_a_figure_of_the_text_is_found_and_opens_its_sentence(api: TestClient) -> None:
    [row, *_] = api.get("/api/v1/mentions", params={"limit": 1}).json()["items"]
    hits = asked(api, row["counts"])["mention"]
    assert f"#at={row['locator']}" in {"#" + urlsplit(hit["href"]).fragment for hit in hits}
    assert all(hit["href"].startswith("/data?body=640000&year=2018") for hit in hits)
    english = asked(api, row["counts"], "/?lang=en")["mention"]
    assert {hit["lang"] for hit in english} == {"zh-CN"}


def test_hits_are_counted_in_words_and_bounded(api: TestClient) -> None:
    answer = api.get("/search.json", params={"q": "公开"})
    told = answer.json()
    sizes = [len(group["hits"]) for group in told["groups"]]
    assert max(sizes) == 5
    assert told["said"] == f"列出 {sum(sizes)} 项，可能还有更多"
    assert answer.headers["cache-control"] == "no-cache"
    none = api.get("/search.json", params={"q": "qqqqqqqqq", "from": "/?lang=en"}).json()
    assert none["groups"] == []
    assert none["said"].startswith("Nothing found")
    assert api.get("/search.json").json()["groups"] == []


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\x00公开\x00", "%", "' OR 1=1 --", "a" * 5000, "公" * 200,
     "ab" * 40, "\u202e公开", "review " * 40],
)  # fmt: skip
def test_hostile_words_stay_words(api: TestClient, words: str) -> None:
    answer = api.get("/search", params={"q": words, "from": "//evil.example/?body=640000"})
    assert api.get("/search.json", params={"q": words}).status_code == 200
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "evil.example" not in answer.text


def test_what_is_not_there_is_told_as_everywhere(api: TestClient) -> None:
    for path in ("/search", "/search.json"):
        assert api.get(path, params={"q": "x", "from": "/?body=nowhere"}).status_code == 404
        assert api.get(path, params={"q": "x", "from": "/?snapshot=nowhere"}).status_code == 404
        assert api.get(path, params={"q": "x", "from": "//["}).status_code == 200, "no address at all"


def test_the_page_without_script_shows_the_same_groups(api: TestClient) -> None:
    page = html.fromstring(api.get("/search", params={"q": "复议", "from": VIEW.replace("lang=en&", "")}).text)
    headings = page.xpath('//h2[@class="kind"]/text()')
    assert headings[:2] == ["指标", "名词"]
    links = page.xpath('//ul[@class="hits"]//a/@href')
    groups = asked(api, "复议", VIEW.replace("lang=en&", ""))
    assert {hit["href"] for hits in groups.values() for hit in hits} < set(links), "and more than the dialog"
    [form] = page.forms
    assert form.action == "/search"
    assert form.fields["q"] == "复议"
    assert form.fields["from"].startswith("/requests?")
