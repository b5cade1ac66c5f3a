"""The dialog that tells how to cite a chart or a page: a link that always shows the same, and a line in either language.

The day of access comes with the question, from the reader's own clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dashboard.charts import citation, draw
from dashboard.figures.theme import Theme
from dashboard.parts.dialog import Dialog, copied, heading, said
from dashboard.parts.view import PAGES, View

PAGE = "page"


def cite(view: View, asked: Mapping[str, str], base: str) -> Dialog:
    """`asked["cite"]` is a chart's id, or `page`. Raises UserError for a chart that is not in the catalogue."""
    chart = "" if asked["cite"] == PAGE else asked["cite"]
    accessed = _day(asked.get("today", ""))
    return Dialog(
        "cite",
        [
            heading(view, view.text("cite.title"), _about(view, chart)),
            copied(
                view,
                "link",
                view.text("cite.link"),
                _permanent(view, chart, base),
                rows=2,
                note=view.text("cite.link_note", snapshot=view.snapshot.name),
            ),
            copied(
                view,
                "chinese",
                view.text("cite.chinese"),
                citation.chinese(_about(view, chart), _permanent(view, chart, base), accessed),
                rows=3,
                lang="zh-CN",
            ),
            copied(
                view,
                "english",
                view.text("cite.english"),
                citation.english(_about(view, chart), _permanent(view, chart, base), accessed),
                rows=3,
                lang="en",
            ),
            said(),
        ],
    )


def _about(view: View, chart: str) -> str:
    """What is cited, by its name."""
    if chart:
        return draw(view.snapshot, chart, view.filters).title
    return view.text(f"nav.{PAGES[view.path]}")


def _permanent(view: View, chart: str, base: str) -> str:
    """The same page from the same snapshot, whatever will be published later; a chart by its card."""
    card = f"#{chart}-headline" if chart else ""
    query = view.filters.query(snapshot=view.snapshot.name, theme=Theme.LIGHT, more=() if chart else view.filters.more)
    return f"{base}{view.path}{query}{card}"


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return date.today()
