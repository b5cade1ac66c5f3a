"""The first sheet: whose report of which year, on which form, from which data; and what stands on the sheets after it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dashboard.messages import Language, text
from dashboard.parts.frame import preview_told
from dashboard.report.paper import Paper, facts, foreign


def cover(paper: Paper, chapters: Sequence[tuple[str, str]]) -> str:
    """`chapters` are ids and titles, the latter ready for HTML."""
    view = paper.view
    items = "".join(f'<li><a href="#{id_}">{title}</a></li>' for id_, title in chapters)
    return (
        '<section class="cover"><p class="brand"><b class="seal" lang="zh-CN">公开</b>'
        f"<span>{paper.say('site.name')}</span></p>"
        f'<h1><span>{escape(view.name)}</span> <span class="year">{paper.say("paper.of_year", year=view.filters.year)}'
        f'</span></h1><p class="kind">{paper.say("paper.kind")}</p>{made_up(paper)}{_unpublished(paper)}'
        f"{_about(paper)}"
        f'<nav aria-label="{paper.say("paper.contents")}"><h2>{paper.say("paper.contents")}</h2><ol>{items}</ol></nav>'
        f'<p class="foot">{paper.say("site.footer")}</p></section>'
    )


def _about(paper: Paper) -> str:
    view, report = paper.view, paper.view.report
    period = report["period_start"] and paper.say(
        "title.period", start=report["period_start"], end=report["period_end"]
    )
    return facts(
        [
            (paper.say("paper.title"), foreign(report["title"])),
            (paper.say("evidence.publisher"), foreign(report["publisher"])),
            (paper.say("paper.period"), period),
            (paper.say("paper.published"), escape(report["published"])),
            (paper.say("paper.edition"), paper.say("paper.edition_told", edition=report["edition"])),
            (paper.say("paper.snapshot"), f"<code>{escape(view.snapshot.name)}</code>"),
            (paper.say("paper.built"), escape(paper.built)),
        ]
    )


def made_up(paper: Paper) -> str:
    """That the country does not exist, in every language; nothing of one that does."""
    if not paper.mark:
        return ""
    told = "".join(f'<p lang="{each.tag}">{escape(text("synthetic.banner", each))}</p>' for each in Language)
    return f'<div class="synthetic" role="note"><strong>{escape(paper.mark)}</strong>{told}</div>'


def _unpublished(paper: Paper) -> str:
    preview = paper.view.preview
    if preview is None:
        return ""
    told = escape("".join(preview_told(paper.view, preview)))
    return f'<div class="synthetic" role="note"><strong>{paper.say("preview.banner")}</strong><p>{told}</p></div>'
