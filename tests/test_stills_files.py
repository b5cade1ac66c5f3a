"""What becomes of plotly's SVG: small pictures that look as before, files that tell where they come from, a strict reader."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Browser, Page

from dashboard import settings
from dashboard.charts import Drawing
from dashboard.figures import theme
from dashboard.figures.framed import WIDTH, framed, width, wrapped
from dashboard.figures.theme import Look, Theme
from dashboard.messages import Language
from dashboard.stills import Picture, Stills, paths, shapes
from dashboard.stills.compact import compact
from dashboard.stills.order import Order
from dashboard.stills.shelf import Shelf
from tests.conftest import CHROMIUM, copy_data
from tests.test_stills import EVERY, drawings_of, of

Drawings = dict[tuple[str, Language], Drawing]
METADATA = {
    "Title": "申请 <b>&amp; more</b>",
    "Source": "宁夏回族自治区 2018",
    "Date": "2018",
    "Snapshot": "2018-x",
    "Copyright": "CC BY 4.0",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_data(tmp_path_factory.mktemp("files") / "data")


@pytest.fixture(scope="module")
def stills(data: Path) -> Iterator[Stills]:
    made = Stills(replace(settings.load({}), cache_dir=data.parent / "cache", browser=CHROMIUM), seconds=30)
    yield made
    made.close()


@pytest.fixture(scope="module")
def light(data: Path) -> Drawings:
    return drawings_of(data, Theme.LIGHT)


@pytest.fixture(scope="module")
def automatic(data: Path) -> Drawings:
    return drawings_of(data)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 800, "height": 1000})
    yield opened
    opened.close()


def frame_of(drawing: Drawing, look: Look) -> dict[str, Any]:
    lines = [drawing.source, "https://example.org/a/long/address/of/a/report.html · CC BY 4.0"]
    return framed(
        of(drawing), title=drawing.title, headline=drawing.headline, note=drawing.note, lines=lines, look=look
    )


def show(page: Page, svg: str, wide: int) -> None:
    page.set_content(
        f"<!doctype html><style>:root{{{theme.declarations(Theme.LIGHT)}}}body{{margin:0;font-family:{theme.SANS}}}"
        f"svg{{display:block;width:{wide}px;height:auto}}</style>{svg}"
    )


def seen(page: Page, svg: str, wide: int, high: int) -> Image.Image:
    show(page, svg, wide)
    return Image.open(io.BytesIO(page.screenshot(clip={"x": 0, "y": 0, "width": wide, "height": high}))).convert("L")


TEXTS = """() => {
  const frame = document.querySelector("svg").getBoundingClientRect();
  const boxes = [...document.querySelectorAll("svg text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
  const wrong = boxes.filter(([, box]) => box.left < -0.5 || box.right > frame.right + 0.5 || box.top < -1 || box.bottom > frame.bottom + 1)
    .map(([words]) => "cut: " + words);
  boxes.forEach(([words, box], index) => boxes.slice(index + 1).forEach(([more, other]) => {
    const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
    const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
    if (across > 2 && down > 5) wrong.push(words + " over " + more);
  }));
  return wrong;
}"""


def test_a_still_looks_as_plotly_drew_it(stills: Stills, light: Drawings, automatic: Drawings, page: Page) -> None:
    assert stills._browser
    for key in EVERY:
        still, figure = stills.still(of(automatic[key])), of(light[key])
        narrow = figure["layout"]["meta"]["narrow"]
        drawn = [
            (still.wide, {"data": figure["data"], "layout": {**figure["layout"], "meta": None}}),
            (
                still.narrow,
                {"data": narrow["data"], "layout": {**narrow["layout"], "template": figure["layout"]["template"]}},
            ),
        ]
        orders = [Order(plain, picture.width, picture.height) for picture, plain in drawn]
        for (picture, _), raw in zip(drawn, stills._browser.draw(orders, time.monotonic()), strict=True):
            size = picture.width, picture.height
            before, after = (
                seen(page, svg, *size).filter(ImageFilter.BoxBlur(3)) for svg in (raw.decode(), picture.svg)
            )
            # A line may lie a pixel higher or lower; a mark or a word that is missing stays missing when blurred.
            levels = ImageChops.difference(before, after).histogram()
            assert max(level for level, count in enumerate(levels) if count) < 40, key


def test_no_words_of_a_still_are_cut_or_lie_over_others(stills: Stills, automatic: Drawings, page: Page) -> None:
    wrong = {}
    for key in EVERY:
        still = stills.still(of(automatic[key]))
        for picture in (still.wide, still.narrow):
            show(page, picture.svg, picture.width)
            wrong[(*key, picture.width)] = page.evaluate(TEXTS)
    assert {key: told for key, told in wrong.items() if told} == {}


def test_no_words_of_a_file_are_cut_or_lie_over_others(stills: Stills, light: Drawings, page: Page) -> None:
    wrong = {}
    for key in EVERY:
        figure = frame_of(light[key], Look(Theme.LIGHT, key[1]))
        svg = stills.file(figure, "svg").decode().partition("?>")[2]
        show(page, svg, WIDTH)
        wrong[key] = page.evaluate(TEXTS)
        words = "".join("".join(etree.fromstring(svg).itertext()).split())
        for told in (light[key].title, light[key].headline, light[key].note, light[key].source, "CCBY4.0"):
            assert "".join(told.split()) in words
    assert {key: told for key, told in wrong.items() if told} == {}


def test_an_svg_file_stands_for_itself(stills: Stills, light: Drawings) -> None:
    raw = stills.file(frame_of(light["grounds", Language.ZH], Look()), "svg", METADATA)
    root = etree.fromstring(raw)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (root.get("width"), root.get("font-family")) == ("760", theme.SANS)
    assert b"var(" not in raw
    assert b"style" not in raw
    assert b"#ffffff" in raw  # the paper
    assert root.findtext("{*}title") == METADATA["Title"]
    assert root.findtext("{*}metadata/{*}rights") == "CC BY 4.0"
    assert root.findtext("{*}metadata/{*}source") == METADATA["Source"]


def test_a_png_file_is_twice_as_fine_and_tells_its_source(stills: Stills, light: Drawings) -> None:
    raw = stills.file(frame_of(light["grounds", Language.ZH], Look()), "png", METADATA)
    with Image.open(io.BytesIO(raw)) as image:
        image.load()
        assert image.width == 2 * WIDTH
        assert {name: str(value) for name, value in image.text.items()} == METADATA  # type: ignore[attr-defined]  # PNG pictures have text


def test_a_title_may_be_any_text() -> None:
    drawing = {"data": [{"type": "bar", "x": [1], "y": ["a"]}], "layout": {"height": 100}}
    made = framed(drawing, title="<img src=x>", headline="", note="a & b", lines=[], look=Look())
    texts = [note["text"] for note in made["layout"]["annotations"]]
    assert texts[:2] == ["&lt;img src=x&gt;", "a &amp; b"]
    assert "annotations" not in drawing["layout"]


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("", []),
        ("short", ["short"]),
        ("不同意公开三十一件，最多的理由", ["不同意公开三十一", "件，最多的理由"]),
        ("what a request is about", ["what a request", "is about"]),
        ("averyveryverylongword and", ["averyveryverylongword", "and"]),
        ("一二三四五六七八，九", ["一二三四五六七八，", "九"]),
    ],
)
def test_a_line_is_broken_where_its_language_breaks(words: str, lines: list[str]) -> None:
    assert wrapped(words, 80, 10) == lines


def test_chinese_is_as_wide_as_high() -> None:
    assert width("公开", 10) == 20
    assert width("ab", 10) < 12


# The strict reader


def svg(content: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50">{content}</svg>'.encode()


def written(content: str) -> str:
    return compact(shapes.read(svg(content)), str, "p")


def test_a_disc_is_written_as_a_dot_and_what_is_none_stays_an_outline() -> None:
    turns = "A5,5 0 1,1 15,15A5,5 0 0,1 20,20Z"
    assert written(f'<path d="M20,20{turns}" fill="#ff0000"/>').endswith(
        '<path stroke="#ff0000" stroke-width="10" stroke-linecap="round" d="M15 20h0"/></svg>'
    )
    assert "A5 5" in written(f'<path d="M20,20{turns}" fill="#ff0000" stroke="#00ff00"/>')
    assert "A5 5" in written(f'<path d="M21,20{turns}" fill="#ff0000"/>')


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script>",
        "<foreignObject><p>x</p></foreignObject>",
        '<image href="https://example.org/x.png"/>',
        '<path d="M0,0nonsense"/>',
        '<path d="M0,0h5v5z" transform="skewX(3)"/>',
        '<path d="M0,0h5v5z" fill="url(https://example.org/x)"/>',
        "<text>a<animate/></text>",
        "<g>",
    ],
)
def test_what_plotly_does_not_draw_is_refused(content: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (each its own)
        written(content)


@pytest.mark.parametrize(
    "content",
    [
        '<g style="opacity: 0;"><path d="M0,0h5v5z"/></g>',
        '<rect width="5" height="5" style="fill: rgb(0,0,0); fill-opacity: 0;"/>',
        '<path d="M0,0h5v5z" style="fill: none; stroke: red; stroke-width: 0px"/>',
        '<path d="M0,0"/>',
        '<g class="draglayer"><g/></g>',
        "<text>  </text>",
        '<g style="display: none"><text>a</text></g>',
    ],
)
def test_what_shows_nothing_is_left_out(content: str) -> None:
    assert written(content) == '<svg viewBox="0 0 100 50"></svg>'


def test_words_are_escaped_and_keep_their_spaces() -> None:
    assert written('<text x="1" y="2" style="fill: rgb(1,2,3)">  a &lt;b&gt; &amp; c</text>') == (
        '<svg viewBox="0 0 100 50"><text fill="#010203" x="1" y="2">\u00a0\u00a0a &lt;b&gt; &amp; c</text></svg>'
    )


def test_what_reaches_out_of_its_clip_stays_cut() -> None:
    clip = '<defs><clipPath id="c"><rect width="10" height="10"/></clipPath></defs>'
    inside = written(f'{clip}<g clip-path="url(#c)"><path d="M1,1h5v5z"/></g>')
    outside = written(f'{clip}<g clip-path="url(#c)"><path d="M1,1h50v5z"/></g>')
    assert "clip" not in inside
    assert '<clipPath id="p0"><path d="M0 0H10V10H0Z"/></clipPath>' in outside
    assert 'clip-path="url(#p0)"' in outside


def test_an_outline_is_moved_and_said_shortly() -> None:
    steps = paths.read("M-0.5,1.004L2.5,3C1,2 3,4 5,6A1,1 0 1,1 2,2l-1,0Z")
    assert paths.written(paths.moved(steps, 1, 2)) == "M.5 3L3.5 5C2 4 4 6 6 8A1 1 0 1 1 3 4l-1 0Z"


# The shelf


def test_the_disk_never_holds_more_than_allowed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, megabytes=1)
    for number in range(300):
        shelf.put(f"{number:064x}", bytes(10_000))
        if number % 40 == 0:
            assert shelf.get(f"{0:064x}") is not None  # what is used stays
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1024 * 1024
    assert shelf.get(f"{1:064x}") is None
    assert shelf.get(f"{299:064x}") == bytes(10_000)


def test_what_is_larger_than_the_shelf_is_not_kept(tmp_path: Path) -> None:
    Shelf(tmp_path, megabytes=0).put("0" * 64, b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        Shelf(tmp_path, megabytes=1).put("0" * 64, bytes(10_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_is_not_given_back_is_not_waited_for(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, megabytes=1)
    with shelf.alone("0" * 64, 1), shelf.alone("0" * 64, 0.01):
        pass


def test_a_picture_is_a_plain_record() -> None:
    assert Picture("<svg/>", 1, 2) == Picture("<svg/>", 1, 2)
