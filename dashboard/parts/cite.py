"""The dialog that tells how to cite a chart or a page: a link that always shows the same, and a line in either language.

The day of access comes with the question, from the reader's own clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from dashboard.charts import citation, draw, of_chart
from dashboard.charts.citation import Cited, permanent_link
from dashboard.messages import Language, both
from dashboard.parts.dialog import Dialog, copied, heading, said
from dashboard.parts.view import PAGES, View

PAGE = "page"


def cite(view: View, asked: Mapping[str, str], base: str) -> Dialog:
    """`asked["cite"]` is a chart's id, or `page`. Raises UserError for a chart that is not in the catalogue."""
    chart = "" if asked["cite"] == PAGE else asked["cite"]
    cited = {language: _cited(_in(view, language), chart, base) for language in Language}
    here, accessed = cited[view.filters.language], _day(asked.get("today", ""))
    note = view.text("cite.link_note", snapshot=view.snapshot.name)
    lines = [
        copied(
            view,
            f"line-{language}",
            view.text(f"cite.line_{language}"),
            citation.line(each, language, accessed),
            rows=4,
            lang=language.tag,
        )
        for language, each in cited.items()
    ]
    return Dialog(
        "cite",
        [
            heading(view, view.text("cite.title"), here.title),
            copied(view, "permanent", view.text("cite.link"), here.link, rows=2, note=note),
            *lines,
            said(),
        ],
    )


def _in(view: View, language: Language) -> View:
    return replace(view, filters=replace(view.filters, language=language))


def _cited(view: View, chart: str, base: str) -> Cited:
    """The chart or the page as the snapshot shows it; a chart is where its card is."""
    snapshot, filters = view.snapshot, view.filters
    if chart:
        drawing = draw(snapshot, chart, filters)
        link = permanent_link(base, view.path, of_chart(chart, filters), snapshot.name, f"{chart}-headline")
        return citation.chart(drawing, link, snapshot.manifest.built)
    report = view.text("title.report", name=view.name, year=filters.year)
    link = permanent_link(base, view.path, filters, snapshot.name)
    title = f"{report} · {view.text(f'nav.{PAGES[view.path]}')}"
    if snapshot.manifest.synthetic:
        title = f"{both('synthetic.mark')} · {title}"
    return citation.page(title, link, snapshot.manifest.built)


def _day(told: str) -> date | None:
    """None where the browser told none that is one."""
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None
