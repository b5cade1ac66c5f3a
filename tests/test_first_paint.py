"""The page before any script: the same elements as plain HTML, still pictures where they are drawn, nothing that can run."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from dash import dcc, html
from fastapi.testclient import TestClient
from lxml import html as read

from dashboard.parts import PAGES
from dashboard.parts.elements import aria, data, link
from dashboard.parts.written import written


def plain(made: object) -> str:
    return written(made, lambda graph: f"<chart {vars(graph)['id']}>")  # type: ignore[arg-type]  # whatever a test makes


def test_elements_are_written_as_the_browser_makes_them() -> None:
    made = html.Div(
        [
            link("甲 & <乙>", href='/?a=1&b="2"', className="one two"),
            html.Option("丙", value="3", selected=True),
            html.Button("丁", hidden=False, tabIndex=-1, **aria(label="戊")),
            html.Label(7, htmlFor="x", **data(go="1")),
            html.Br(),
            None,
        ],
        style={"height": "3px", "--room": "2", "minWidth": 0},
    )
    assert plain(made) == (
        '<div style="height:3px;--room:2;min-width:0">'
        '<a class="one two" href="/?a=1&amp;b=&quot;2&quot;" data-go="1">甲 &amp; &lt;乙&gt;</a>'
        '<option selected value="3">丙</option><button tabindex="-1" aria-label="戊">丁</button>'
        '<label for="x" data-go="1">7</label><br></div>'
    )


def test_charts_and_fields_have_their_own_writing_and_other_components_none() -> None:
    assert plain(dcc.Graph(id="chart-flow")) == "<chart chart-flow>"
    field = plain(dcc.Input(id="f", type="hidden", value='">', spellCheck=False))
    assert 'class="dash-input-container dash-input dash-input-hidden"' in field
    assert 'value="&quot;&gt;"' in field
    assert 'spellcheck="false"' in field
    with pytest.raises(TypeError, match="Dropdown"):
        plain(dcc.Dropdown())


def text_of(element: Any) -> str:
    return "".join(element.xpath(".//text()[not(ancestor::style or ancestor::svg)]"))


def told(layout: Any) -> Iterator[str]:
    """Every text of a layout, in order."""
    if isinstance(layout, dict):
        yield from told(layout["props"].get("children"))
    elif isinstance(layout, list):
        for each in layout:
            yield from told(each)
    elif layout is not None and layout != "":
        yield str(layout)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_all_there_without_a_script(api: TestClient, path: str) -> None:
    """Every text that the living page has stands in the first answer; nothing in it runs."""
    document = read.fromstring(api.get(path).text)
    [first] = document.xpath("//div[@id='first']")
    layout = api.get("/_dash-layout", headers={"Referer": f"http://testserver{path}"}).json()
    [page] = [each for each in layout["props"]["children"] if each["props"].get("id") == "page"]
    assert text_of(first) == "".join(told(page["props"]["children"]))
    assert not first.xpath(".//script | .//@onclick | .//@onload | .//iframe")


def test_the_overview_comes_with_its_pictures_once_they_are_drawn(api: TestClient) -> None:
    for _ in range(300):
        text = api.get("/").text
        if text.count('class="n"') == 4:
            break
        time.sleep(0.1)
    assert text.count('class="w"') == text.count('class="n"') == 4
    assert re.search(r"@container\(max-width:\d+px\)\{#first-flow\{height:\d+px\}", text)
    answer = api.get("/")
    again = api.get("/", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.text) == (304, "")


def test_both_themes_have_the_pictures_in_their_own_colours(api: TestClient) -> None:
    light, dark = (
        re.search(r'<div id="first" style="([^"]*)"', api.get(f"/?theme={each}").text) for each in ("light", "dark")
    )
    assert light
    assert dark
    assert light[1] != dark[1]
