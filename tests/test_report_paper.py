"""The A4 report of a body and a year: every part of it, both languages, both inks, nothing unescaped, a PDF of whole pages."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pypdfium2
import pytest
from lxml import html as html_of
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dashboard import demo, settings
from dashboard.cli import app
from dashboard.figures import theme
from dashboard.messages import Language, both, text
from dashboard.report import ink
from dashboard.report.document import _string
from dashboard.report.ink import Ink
from dashboard.snapshots import build
from dashboard.snapshots.store import Snapshot
from dashboard.tables.package import Package
from tests.conftest import copy_data
from tests.programs import serving

EVIL = """宁夏</style><script>alert("x")</script>'\\;}@import "//evil";"""
PARTS = ["key-figures", "charts", "tables", "findings", "sources"]
A4 = (595, 842)


def page(api: TestClient, query: str = "", path: str = "/report/640000/2018") -> str:
    answer = api.get(f"{path}?{query}")
    assert answer.status_code == 200, answer.text
    return str(answer.text)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[TestClient]:
    """Over a report whose every word is hostile, one figure of which is corrected, on a server without a browser."""
    data = copy_data(tmp_path_factory.mktemp("hostile") / "data")
    package = Package(data)
    [report] = package.reports()
    report = replace(report, title=EVIL, publisher=EVIL, url=f"https://example.cn/{EVIL}")
    package.write(report, package.facts("640000", 2018), package.mentions("640000", 2018))
    bodies = data / "bodies.csv"
    named = bodies.read_text("utf-8").replace("Ningxia Hui Autonomous Region", '"' + EVIL.replace('"', '""') + '"')
    bodies.write_text(named, "utf-8")
    given = ["correct", "add", "requests.received", "--body", "640000", "--year", "2018", "--at", _place(package)]
    given += ["--value", "751", "--reason", EVIL, "--evidence", EVIL, "--by", "x"]
    result = CliRunner().invoke(app, given, env={"GONGKAI_DATA_DIR": str(data)})
    assert result.exit_code == 0, result.output
    build.refresh(replace(settings.load({}), data_dir=data))
    with serving(data, cache, browser="/nowhere") as client:
        yield client


def _place(package: Package) -> str:
    facts = package.facts("640000", 2018)
    return next(each.locator for each in facts if each.indicator == "requests.received" and "table:" in each.locator)


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[TestClient]:
    """A country that does not exist, on the form of 2021, on a server without a browser."""
    data = tmp_path_factory.mktemp("made-up") / "data"
    demo.write(data, demo.Wishes(bodies=3, first=2022, last=2022, seed=3), lambda _done, _total: None)
    build.refresh(replace(settings.load({}), data_dir=data))
    with serving(data, cache, browser="/nowhere") as client:
        yield client


@pytest.mark.parametrize("language", Language)
def test_the_page_has_every_part_in_the_language_asked_for(
    api: TestClient, snapshot: Snapshot, language: Language
) -> None:
    told = page(api, f"lang={language}")
    document = html_of.fromstring(told)
    assert document.get("lang") == language.tag
    assert [each.get("id") for each in document.iter("section") if each.get("id")] == PARTS
    assert next(each.text_content() for each in document.iter("h2")) == text("paper.contents", language)
    words = document.text_content()
    assert snapshot.name in words and snapshot.manifest.built[:10] in words
    assert "afbff28e84d0684f" in words, "the hash of the document"
    charts = document.findall(".//figure")
    assert len(charts) == 17 and all(each.find("svg[@class='chart']") is not None for each in charts)
    assert text("paper.on_line", language, places="213–282") in words
    assert len(document.findall(".//article")) == 3, "what does not add up"
    assert "12,379" in words and "52,958" in words, "both sides of it"


def test_margins_of_each_sheet_tell_report_data_and_page(api: TestClient, snapshot: Snapshot) -> None:
    sheets = re.search(r"@page\{@top-left.*", page(api, "lang=en"))
    assert sheets
    assert snapshot.name.split("-")[-1] in sheets[0]
    assert "counter(page)" in sheets[0] and "counter(pages)" in sheets[0]


def test_only_what_the_page_holds_may_run_or_dress_it(api: TestClient) -> None:
    answer = api.get("/report/640000/2018")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and policy.startswith("default-src 'none'")
    for kind in ("style", "script"):
        [content] = re.findall(rf"<{kind}>(.*?)</{kind}>", answer.text, re.DOTALL)
        assert base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() in policy
    assert not re.search(r"\s(style|on\w+)=", answer.text.partition("<body>")[2])


def test_in_black_and_white_there_are_greys_alone(api: TestClient) -> None:
    told = page(api, "ink=black")
    found = re.findall(r"#([0-9a-fA-F]{6})\b|#([0-9a-fA-F]{3})\b(?!\w)", re.sub(r'href="#[^"]*"', "", told))
    colours = {long or "".join(2 * each for each in short) for long, short in found}
    assert len(colours) > 3
    assert all(each[:2] == each[2:4] == each[4:] for each in colours), colours
    assert not re.search(r"(rgb|hsl|hwb|lab|lch)a?\((?!0, ?0, ?0)", told)


def test_in_black_and_white_no_two_stretches_of_a_bar_look_the_same(api: TestClient) -> None:
    """Each colour of a stacked chart's legend has a look of its own: a grey of its own, or a hatch."""
    document = html_of.fromstring(page(api, "ink=black"))
    for chart in ("channels", "disclosed", "receivers", "results", "budget", "staff"):
        svg = document.find(f".//figure[@id='figure-{chart}']/svg")
        looks = [_look(each) for each in svg.findall("path") if "V" in each.get("d", "") and each.get("fill") != "none"]
        assert len(set(looks)) >= 2, chart
    assert not document.findall(".//pattern"), "Chromium would print a large bitmap of it"


@pytest.mark.parametrize(("asked", "edged"), [("ink=black", True), ("", False)])
def test_in_black_and_white_words_on_a_bar_have_an_edge(api: TestClient, asked: str, edged: bool) -> None:
    document = html_of.fromstring(page(api, asked))
    words = document.xpath(
        '//figure[@id="figure-budget"]/svg/text[text()="16.9%" or text()="16.89%" or text()="83.1%"]'
    )
    assert len(words) == 3
    assert {(each.get("paint-order"), each.get("stroke")) == ("stroke", "var(--paper)") for each in words} == {edged}


def _look(shape: html_of.HtmlElement) -> tuple[str, str]:
    """The grey that fills a shape and how the lines over it run."""
    after = list(shape.itersiblings())[:2]
    is_hatched = len(after) == 2 and after[0].tag.lower() == "clippath"
    over = after[1].get("d", "") if is_hatched else ""
    return shape.get("fill", ""), "dots" if "h0" in over else re.sub(r"[-\d. M]+", " ", over)[:8]


def test_every_colour_of_the_figures_has_a_grey() -> None:
    named = set(re.findall(r"--([\w-]+):", theme.declarations(theme.Theme.LIGHT)))
    assert set(re.findall(r"--([\w-]+):", ink.colours(Ink.BLACK))) == named


@pytest.mark.parametrize("hatch", ["rising", "falling", "level", "dots"])
def test_a_hatch_covers_its_box_and_little_more(hatch: str) -> None:
    numbers = re.findall(r"M(-?\d+) (-?\d+)", ink.lines(hatch, (10.4, 20.2, 70, 40.7)))
    assert len(numbers) >= 3
    assert all(10 - 21 <= int(x) <= 70 + 21 and 20 <= int(y) <= 41 for x, y in numbers)


def test_hostile_words_stay_words(foreign: TestClient) -> None:
    told = page(foreign, "lang=en")
    assert "<script>alert" not in told and "@import" not in told.partition("</style>")[0].partition("@page{@")[2]
    assert told.count("</style>") == 1 and told.count("<script>") == 1, "the page's own"
    assert unescape(told).count(EVIL) >= 5


def test_a_string_of_css_ends_where_it_shall() -> None:
    assert _string('a"b') == '"a\\000022b"'
    assert not set(_string(EVIL)[1:-1]) & set("\"'<>;{}@\n")


def test_without_a_browser_the_figures_of_each_chart_stand_in_a_table(foreign: TestClient) -> None:
    document = html_of.fromstring(page(foreign))
    assert text("paper.not_drawn", Language.ZH) in document.text_content()
    assert all(each.find("table") is not None for each in document.findall(".//figure"))
    assert ".pdf" not in str(html_of.tostring(document.find(".//header"))), "nothing is offered that cannot be made"


def test_the_tables_keep_what_is_printed_and_the_correction_stands_beside_it(foreign: TestClient) -> None:
    document = html_of.fromstring(page(foreign))
    lines = [each for each in document.findall(".//table[@class='listed']//tr") if "†" in each.text_content()]
    assert lines and "750" in lines[0].text_content() and "751" not in lines[0].text_content()
    findings = document.find(".//section[@id='findings']").text_content()
    assert "751" in findings and text("correction.title", Language.ZH) in findings


def test_made_up_figures_are_marked_on_every_sheet_in_every_language(made_up: TestClient) -> None:
    told = page(made_up, "lang=en", "/report/900000/2022")
    document = html_of.fromstring(told)
    mark = both("synthetic.mark")
    assert mark in document.find(".//title").text
    cover = document.find(".//section[@class='cover']").text_content()
    assert all(text("synthetic.banner", each) in cover for each in Language)
    assert f"@top-right{{content:{_string(mark)};" in told


def test_a_form_with_applicants_is_set_as_it_is_printed(made_up: TestClient) -> None:
    document = html_of.fromstring(page(made_up, "", "/report/900000/2022"))
    kinds = [each.get("class") for each in document.findall(".//section[@id='tables']/table")]
    assert kinds[:3] == ["listed", "crossed", "listed"], "in the order of the form"
    heads = [each.text_content() for each in document.findall(".//table[@class='crossed']/thead//th")]
    assert heads[1:] == [text(f"applicant.{each}", Language.ZH) for each in (
        "natural_person", "business", "research", "social", "legal_service", "other_org", "total")]  # fmt: skip


@pytest.mark.parametrize(
    "path", ["/report/000000/2018", "/report/640000/1999", "/report/640000/<b>", "/report/640000/1999.pdf"]
)
def test_what_is_not_there_is_said_and_is_no_page(api: TestClient, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 404
    assert "<b>" not in answer.text and "<h1>" in answer.text


def test_pages_of_a_report_lead_to_its_document(api: TestClient) -> None:
    layout = api.get("/_dash-layout", headers={"referer": "http://testserver/data?body=640000&year=2018"}).text
    layout = layout.replace(r"\u002f", "/")
    assert "/report/640000/2018?lang=zh" in layout and "/report/640000/2018.pdf?lang=zh" in layout


def test_a_client_that_asks_for_many_pdfs_is_told_to_wait(published: Path, cache: Path) -> None:
    with serving(published, cache, api_limit=50, browser="/nowhere") as client:
        answers = [client.get("/report/640000/2018.pdf?lang=en") for _ in range(2)]
    assert [each.status_code for each in answers] == [503, 429]
    assert int(answers[1].headers["Retry-After"]) > 0 and "print the A4 page" in answers[1].text


def run(data: Path, cache: Path, *arguments: str, **more: str) -> tuple[int, str, str]:
    environment = {"GONGKAI_DATA_DIR": str(data), "GONGKAI_CACHE_DIR": str(cache), "GONGKAI_LANGUAGE": "en"} | more
    result = CliRunner().invoke(app, ["report", *arguments], env=environment)
    return result.exit_code, result.stdout, result.stderr


def test_the_pdf_is_of_numbered_a4_pages_with_the_words_in_it(
    api: TestClient, published: Path, cache: Path, tmp_path: Path
) -> None:
    file = tmp_path / "ningxia.pdf"
    code, out, err = run(published, cache, "宁夏", "2018", "--out", str(file), "--lang", "zh", "--black-and-white")
    assert (code, err) == (0, "") and str(file) in out
    pages = list(pypdfium2.PdfDocument(file))
    assert {tuple(round(each) for each in page.get_size()) for page in pages} == {A4}
    words = [page.get_textpage().get_text_range() for page in pages]
    assert "宁夏回族自治区" in words[0] and "第 1 页" not in words[0], "the cover has no number"
    for number, said in enumerate(words[1:], 2):
        assert text("paper.page", Language.ZH, page=number, pages=len(pages)) in said
    assert "政府信息公开情况统计表" in "".join(words)
    assert api.get("/report/640000/2018.pdf?lang=zh&ink=black").content[:5] == b"%PDF-"
    assert list(tmp_path.iterdir()) == [file], "nothing else is left"


def test_the_same_report_gives_the_same_page(published: Path, cache: Path, tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        code, _, err = run(published, cache, "640000", "2018", "--out", str(tmp_path / name))
        assert (code, err) == (0, "")
    first, second = ((tmp_path / name).read_bytes() for name in ("a.html", "b.html"))
    assert first == second and b'http-equiv="Content-Security-Policy"' in first
    assert b"<script" not in first and b"<button" not in first


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["640000", "2018"], 2, "--out"),
        (["640000", "2018", "--out", "x.doc"], 2, "x.doc"),
        (["640000", "twenty", "--out", "x.html"], 2, "year"),
        (["640000", "2018", "--out", "x.html", "--lang", "fr"], 2, "fr"),
        (["nowhere", "2018", "--out", "x.html"], 1, "宁夏回族自治区 (640000)"),
        (["ningxia", "1999", "--out", "x.html"], 1, "2018"),
        (["640000", "2018", "--out", "nowhere/x.html"], 1, "nowhere/x.html"),
        (["640000", "2018", "--out", "x.html", "--snapshot", "none"], 1, "none"),
    ],
)
def test_what_is_asked_wrongly_is_said_with_its_exit_code(
    published: Path,
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended, _, err = run(published, cache, *arguments, GONGKAI_BROWSER="/nowhere")
    assert ended == code and said in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("browser", "said"), [("/nowhere", "Install Chromium"), ("/bin/true", "Nothing was written")])
def test_without_a_browser_that_prints_the_file_of_before_stays(
    published: Path, cache: Path, tmp_path: Path, browser: str, said: str
) -> None:
    file = tmp_path / "before.pdf"
    file.write_bytes(b"before")
    code, _, err = run(published, cache, "640000", "2018", "--lang", "en", "--out", str(file), GONGKAI_BROWSER=browser)
    assert code == 1 and said in err
    assert file.read_bytes() == b"before" and list(tmp_path.iterdir()) == [file]


def test_without_a_browser_the_page_is_written_with_tables_and_says_so(
    foreign: TestClient, tmp_path: Path, cache: Path
) -> None:
    data = foreign.app.state.live._folder.parent  # type: ignore[attr-defined]  # the application's own
    file = tmp_path / "plain.html"
    code, _, err = run(data, cache, "640000", "2018", "--out", str(file), GONGKAI_BROWSER="/nowhere")
    assert code == 0 and text("paper.not_drawn", Language.EN) in err
    assert b"<figure" in file.read_bytes()
