"""The same chart as others show it: as a picture, as plotly's page, by Dash, by Streamlit. Each a server of its own."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import plotly.graph_objects as go

from dashboard.figures.theme import Theme, declarations
from tests.bench.embeds import environment
from tests.bench.embeds.addresses import CHART, EMBED, figure
from tests.bench.serving import free_port, get, running, started

STATIC, PAGE, DASH, STREAMLIT = "SVG, static file", "plotly write_html", "Dash, one graph", "Streamlit"
_QUIET = ["--server.headless=true", "--server.address=127.0.0.1", "--server.fileWatcherType=none",
          "--browser.gatherUsageStats=false"]  # fmt: skip


@contextmanager
def served(ours: str, folder: Path) -> Iterator[dict[str, str | None]]:
    """The address of each page by its name; None for what cannot be installed here."""
    files = [_picture(ours, folder), *_page(ours, folder)]
    drawn = folder / "figure.json"
    with ExitStack() as stack:
        ready = stack.enter_context(running("tests.bench.ready", *files))
        dash = stack.enter_context(running("tests.bench.embeds.one_graph", drawn))
        yield {
            STATIC: f"{ready}/chart.svg",
            PAGE: f"{ready}/page.html",
            DASH: f"{dash}/",
            STREAMLIT: stack.enter_context(_streamlit(drawn)),
        }


def _picture(ours: str, folder: Path) -> Path:
    """The picture of the embed itself, as a file that stands alone."""
    page = get(ours + EMBED).text
    picture = re.search(
        r'<svg class="w" data-width="(\d+)" data-height="(\d+)" aria-hidden=true(.*?</svg>)', page, re.S
    )
    assert picture, "the embed holds no picture"
    width, height, rest = picture.groups()
    values = dict(each.split(":", 1) for each in declarations(Theme.LIGHT).split(";"))
    coloured = re.sub(r"var\((--[\w-]+)\)", lambda name: values[name[1]], rest)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif"{coloured}'
    )
    return _gzip(folder / "chart.svg", svg.encode())


def _page(ours: str, folder: Path) -> list[Path]:
    """Plotly's page of the same figure with its script beside it; leaves the figure as JSON for the others."""
    made = get(ours + figure(CHART, "zh")).json()
    made["layout"].pop("meta", None)  # the figure for narrow frames, which only we draw
    bare = {"data": made["data"], "layout": made["layout"]}
    (folder / "figure.json").write_text(json.dumps(bare), "utf-8")
    plain = folder / "page.html"
    go.Figure(bare).write_html(plain, include_plotlyjs="directory")
    return [_gzip(each, each.read_bytes()) for each in (plain, folder / "plotly.min.js")]


def _gzip(file: Path, raw: bytes) -> Path:
    packed = file.with_name(f"{file.name}.gz")
    packed.write_bytes(gzip.compress(raw, 9, mtime=0))
    return packed


@contextmanager
def _streamlit(drawn: Path) -> Iterator[str | None]:
    python = environment.python()
    if python is None:
        yield None
        return
    script = Path(__file__).with_name("streamlit_page.py")
    command = [
        str(python),
        "-m",
        "streamlit",
        "run",
        str(script),
        *_QUIET,
        f"--server.port={free_port()}",
        "--",
        str(drawn),
    ]
    with started(command) as address:
        yield f"{address}/"
