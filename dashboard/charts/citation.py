"""How to cite a chart, a page or a report: a link that always shows the same, and a line in either language.

Pure text: names and addresses come in, sentences go out. The Chinese line follows GB/T 7714-2015 for an electronic
resource; the English one is that of APA for a data set. Dates are ISO 8601; the day of access is the reader's, so it
is an argument, and a place for it where it is not known yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from dashboard.charts.drawn import Drawing
from dashboard.charts.filters import Filters
from dashboard.messages import Language, text

# Stands once in a line for the day of access; no title or address of ours holds it.
ACCESSED = "YYYY-MM-DD"
_FULL_STOPS = ".。 "


@dataclass(frozen=True, slots=True)
class Cited:
    """`issued` is the day it was published, empty where it is not known; without an author it is this site."""

    title: str
    link: str
    issued: str = ""
    author: str = ""


def permanent_link(base: str, path: str, filters: Filters, snapshot: str, anchor: str = "") -> str:
    """The same from the same snapshot, whatever is published later. `base` is the site's address.

    Body, year and language are told although they may be the defaults: a server's defaults may change.
    """
    pairs: dict[str, str | int] = {"body": filters.body, "year": filters.year, "lang": filters.language}
    query = urlencode(pairs | dict(filters.more) | {"snapshot": snapshot})
    return f"{base}{path}?{query}{f'#{anchor}' if anchor else ''}"


def chart(drawing: Drawing, link: str, issued: str) -> Cited:
    """`issued`: when the snapshot was built."""
    return Cited(f"{drawing.scope} · {drawing.title}", link, _day(issued))


def page(title: str, link: str, issued: str) -> Cited:
    return Cited(title, link, _day(issued))


def report(title: str, publisher: str, published: str, link: str) -> Cited:
    """The report itself: its own title, by the office that compiled it."""
    return Cited(title, link, _day(published), publisher)


def line(cited: Cited, language: Language, accessed: date | None = None) -> str:
    """One line to cite it; `ACCESSED` stands for a day of access that is not known."""
    day = accessed.isoformat() if accessed else ACCESSED
    return _chinese(cited, f"[{day}]") if language is Language.ZH else _english(cited, f"{day}, ")


def lasting(cited: Cited, language: Language) -> str:
    """As `line` without a day of access: what the link shows does not change, and who reads it on paper has no such day."""
    return _chinese(cited, "") if language is Language.ZH else _english(cited, "")


def _chinese(cited: Cited, accessed: str) -> str:
    author = _closed(cited.author or text("cite.site", Language.ZH))
    issued = f"({cited.issued})" if cited.issued else ""
    return f"{author} {cited.title.rstrip(_FULL_STOPS)}[DS/OL]. {issued}{accessed}. {cited.link}."


def _english(cited: Cited, accessed: str) -> str:
    author = _closed(cited.author or text("cite.site", Language.EN))
    issued = cited.issued or "n.d."
    title = cited.title.rstrip(_FULL_STOPS)
    # Without a full stop at the end: it would be taken for a part of the address.
    return f"{author} ({issued}). {title} [Data set]. Retrieved {accessed}from {cited.link}"


def _closed(author: str) -> str:
    return f"{author.rstrip(_FULL_STOPS)}."


def _day(moment: str) -> str:
    return moment[:10]
