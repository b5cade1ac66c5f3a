"""The document whole: its parts in their order, the style of its sheets, and a policy that lets nothing else in.

A paper and its charts come in, one HTML page goes out that asks for nothing: it is the same on a server and as a file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path

from dashboard.delivery.inlined import Made, hashed, small
from dashboard.figures.theme import SANS
from dashboard.messages import Language
from dashboard.parts.report_link import report_address
from dashboard.report import charts, cover, findings, key_figures, sources, tables
from dashboard.report.charts import Gallery
from dashboard.report.ink import Ink, colours
from dashboard.report.paper import Paper

FOLDER = "report"


def made(paper: Paper, shown: Gallery, assets: Path, *, is_file: bool = False) -> Made:
    """`is_file`: the page holds its policy itself, and no tools that need a server."""
    parts: list[tuple[str, str, Callable[[], str]]] = [
        ("key-figures", "kpi.label", lambda: key_figures.key_figures(paper)),
        ("charts", "paper.charts", lambda: charts.charts(paper, shown)),
        ("tables", "paper.tables", lambda: tables.tables(paper)),
        ("findings", "nav.findings", lambda: findings.findings(paper)),
        ("sources", "paper.sources", lambda: sources.sources(paper)),
    ]
    first = cover.cover(paper, [(id_, paper.say(title)) for id_, title, _ in parts])
    chapters = "".join(
        f'<section class="chapter" id="{id_}"><h2>{paper.say(title)}</h2>{make()}</section>'
        for id_, title, make in parts
    )
    style = f":root{{{colours(paper.ink)}}}{read(assets, 'report.css')}{_sheets(paper)}"
    script = "" if is_file else read(assets, "report.js")
    tools = "" if is_file else _tools(paper)
    return _page(paper, f"{tools}<main>{first}{chapters}</main>", style, script, is_file=is_file)


@cache
def read(assets: Path, name: str) -> str:
    """A style sheet or a script, made small."""
    return small((assets / FOLDER / name).read_text("utf-8"))


def _page(paper: Paper, body: str, style: str, script: str, *, is_file: bool) -> Made:
    policy = policy_of(style, script)
    held = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">' if is_file else ""
    title = f"{paper.heading} · {paper.view.text('paper.kind')}"
    marked = f"{paper.mark} · {title}" if paper.mark else title
    robots = '<meta name="robots" content="noindex, nofollow">' if paper.view.preview else ""
    run = f"<script>{script}</script>" if script else ""
    return Made(
        f'<!DOCTYPE html>\n<html lang="{paper.language.tag}" data-ink="{paper.ink}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">{held}{robots}<title>{escape(marked)}</title>'
        f'<link rel="icon" href="data:,"><style>{style}</style></head><body>{body}{run}</body></html>\n',
        policy,
    )


def policy_of(style: str, script: str) -> str:
    allowed = f"script-src {hashed(script)}" if script else "script-src 'none'"
    return "; ".join(
        ["default-src 'none'", allowed, f"style-src {hashed(style)}", "img-src data:", "base-uri 'none'",
         "form-action 'none'"]
    )  # fmt: skip


def _sheets(paper: Paper) -> str:
    """What stands in the margins of every sheet but the first: whose report, which data, which page of how many."""
    view = paper.view
    counted = view.text("paper.page", page="\0", pages="\1")
    before, _, rest = counted.partition("\0")
    between, _, after = rest.partition("\1")
    numbers = f"{_string(before)} counter(page) {_string(between)} counter(pages) {_string(after)}"
    data = view.text("paper.foot", snapshot=view.snapshot.name, built=paper.built)
    told = {
        "top-left": _string(paper.heading),
        "top-right": _string(view.text("preview.banner") if view.preview else paper.mark),
        "bottom-left": _string(data),
        "bottom-right": numbers,
    }
    font = f"font:8pt {SANS};color:#3d3d3d"
    boxes = "".join(f"@{place}{{content:{content};{font}}}" for place, content in told.items())
    none = "".join(f"@{place}{{content:none}}" for place in told if place != "bottom-left")
    return f"@page{{{boxes}}}@page:first{{{none}}}"


def _string(words: str) -> str:
    """A CSS string that holds these words and nothing that could end it."""
    return '"' + "".join(each if each.isalnum() else f"\\{ord(each):06x}" for each in words) + '"'


def _tools(paper: Paper) -> str:
    """What helps on a screen and is not printed."""
    filters = paper.view.filters
    other = Language.EN if paper.language is Language.ZH else Language.ZH
    ink = Ink.COLOUR if paper.ink is Ink.BLACK else Ink.BLACK
    back = f"/{filters.query()}"
    links = [
        (report_address(filters, ink=ink.told), paper.say(f"paper.ink_{ink}"), ""),
        (
            report_address(replace(filters, language=other), ink=paper.ink.told),
            paper.say("pick.language"),
            f' lang="{other.tag}"',
        ),
        (back, paper.say("paper.back"), ""),
    ]
    if paper.view.draws:
        file = report_address(filters, ink=paper.ink.told, ending=".pdf")
        links.insert(0, (file, paper.say("paper.take_pdf"), " download"))
    told = "".join(f'<a href="{escape(href)}"{more}>{words}</a>' for href, words, more in links)
    return (
        f'<header class="tools"><button type="button" id="print" hidden>{paper.say("paper.print")}</button>{told}'
        f"<p>{paper.say('paper.print_hint')}</p></header>"
    )
