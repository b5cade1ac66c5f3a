"""Where all of it comes from: the document with its hash, the data that was read from it, and how to cite the sheet."""

from __future__ import annotations

from html import escape

from dashboard import __version__
from dashboard.charts import citation
from dashboard.report.paper import Paper, facts, foreign


def sources(paper: Paper) -> str:
    return (
        f"<h3>{paper.say('paper.the_document')}</h3>{_document(paper)}"
        f"<h3>{paper.say('paper.the_data')}</h3>{_data(paper)}{_cited(paper)}{_method(paper)}"
    )


def _document(paper: Paper) -> str:
    report = paper.view.report
    return facts(
        [
            (paper.say("paper.title"), foreign(report["title"])),
            (paper.say("evidence.publisher"), foreign(report["publisher"])),
            (paper.say("paper.published"), escape(report["published"])),
            (paper.say("paper.format"), escape(report["format"].upper())),
            (paper.say("paper.address"), f"<code>{escape(report['url'])}</code>" if report["url"] else ""),
            ("SHA-256", f"<code>{escape(report['sha256'])}</code>"),
        ]
    )


def _data(paper: Paper) -> str:
    snapshot = paper.view.snapshot
    return facts(
        [
            (paper.say("paper.snapshot"), f"<code>{escape(snapshot.name)}</code>"),
            (paper.say("paper.built"), escape(snapshot.manifest.built)),
            (paper.say("paper.read_by"), f"Gongkai {escape(paper.view.report['tool_version'])}"),
            (paper.say("paper.made_by"), f"Gongkai {escape(__version__)}"),
            (paper.say("paper.synthetic"), escape(paper.mark)),
        ]
    )


def _cited(paper: Paper) -> str:
    """What is not published yet has no lasting link."""
    if paper.view.preview:
        return f"<p>{paper.say('preview.not_for_others')}</p>"
    title = f"{paper.mark} · {paper.heading}" if paper.mark else paper.heading
    cited = citation.page(f"{title} · {paper.view.text('paper.kind')}", paper.link, paper.built)
    return f'<h3>{paper.say("paper.cite")}</h3><p class="cite">{escape(citation.lasting(cited, paper.language))}</p>'


def _method(paper: Paper) -> str:
    items = "".join(
        f"<li>{paper.say(f'data.method_{each}')}</li>"
        for each in ("source", "choice", "missing", "derived", "rounding", "corrected")
    )
    return f"<h3>{paper.say('data.method')}</h3><ul>{items}</ul>"
