"""What programs read in a page's head: the card of a link that was sent to somebody, its other language, its one address.

A view comes in, HTML goes out. Every address is the site's own as the settings tell it; the picture is the page's first
chart as the page shows it now, from its snapshot, so a link that was sent stays true.
"""

from __future__ import annotations

from html import escape

from dashboard.charts import draw, of_chart
from dashboard.charts.embedding import embed_address, oembed_address
from dashboard.figures.theme import Theme
from dashboard.messages import Language
from dashboard.parts import View
from dashboard.parts.view import FIRST_CHARTS

_LOCALES = {Language.ZH: "zh_CN", Language.EN: "en_US"}


def page_head(view: View, base: str, title: str, description: str) -> str:
    """The elements for one of the site's own pages; a preview has no address that programs may know."""
    if view.preview:
        return '<meta name="robots" content="noindex, nofollow">'
    here = base + _address(view, view.filters.language)
    other = Language.EN if view.filters.language is Language.ZH else Language.ZH
    chart = FIRST_CHARTS[view.path]
    drawing = draw(view.snapshot, chart, view.filters)
    picture = _picture(view, base, chart) if view.draws and drawing.figure else {}
    card = {
        "og:type": "website",
        "og:site_name": view.text("site.name"),
        "og:title": title,
        "og:description": description,
        "og:url": here,
        "og:locale": _LOCALES[view.filters.language],
        "og:locale:alternate": _LOCALES[other],
        **picture,
    }
    if picture:
        card["og:image:alt"] = f"{drawing.title} · {drawing.headline}"
    lines = [f'<meta property="{name}" content="{escape(told)}">' for name, told in card.items()]
    lines.append(f'<meta name="twitter:card" content="{"summary_large_image" if picture else "summary"}">')
    return "\n".join([*_links(view, base, here, chart), *lines])


def _address(view: View, language: Language) -> str:
    """The page without what a reader may set for the eyes alone, or has searched for."""
    chosen = of_chart(FIRST_CHARTS[view.path], view.filters).more
    return view.href(language=language, theme=Theme.LIGHT, more=chosen)


def _picture(view: View, base: str, chart: str) -> dict[str, str]:
    chosen = of_chart(chart, view.filters).more
    query = view.filters.query(theme=Theme.LIGHT, snapshot=view.snapshot.name, more=chosen)
    return {"og:image": f"{base}/api/v1/charts/{chart}.png{query}", "og:image:type": "image/png"}


def _links(view: View, base: str, here: str, chart: str) -> list[str]:
    others = [
        f'<link rel="alternate" hreflang="{language.tag}" href="{escape(base + _address(view, language))}">'
        for language in Language
    ]
    embedded = embed_address(base, chart, view.filters, snapshot=view.filters.snapshot)
    oembed = escape(oembed_address(base, embedded))
    title = escape(view.text(f"chart.{chart}.title"))
    return [
        f'<link rel="canonical" href="{escape(here)}">',
        *others,
        f'<link rel="alternate" type="application/json+oembed" href="{oembed}" title="{title}">',
    ]
