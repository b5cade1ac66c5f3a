"""A chart on somebody else's page: its address, the height it needs there, and the code to copy. Pure text and numbers.

The measures are those of the embed page's style sheet; a browser test holds them against what is really drawn.
"""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from dashboard.charts.catalogue import of_chart
from dashboard.charts.drawn import Drawing
from dashboard.charts.filters import Filters
from dashboard.figures import lettering
from dashboard.stills import NARROW, shows_below, wide_width

# How far a picture may be blown up; the widest that the page becomes, and its padding, in pixels.
GROWTH, WIDEST, PADDING = 1.25, 880, 16
# Font size and line height of each kind of line, and all the space between them.
_OVER, _HEADLINE, _NOTE, _SMALL = (12.5, 20), (16, 24), (13, 20), (12, 20)
_SPACE = 52
# Characters that stand behind the source, in the longer language.
_TAIL = 52
_SCRIPT = "/embed.js"
# The width that most frames have, and those of a phone and of a page that gives all its room.
_USUAL, _PHONE = 640, 320


def query(filters: Filters, theme: str) -> str:
    """What an embed's address says, whole: the defaults of a server may change, an address stays."""
    pairs: dict[str, object] = {"body": filters.body, "year": filters.year, "lang": filters.language, "theme": theme}
    return urlencode(pairs | dict(filters.more))


def embed_address(base: str, chart_id: str, filters: Filters, *, snapshot: str = "") -> str:
    """The embed of a chart; with `snapshot` the one that never changes. `base` is the site's address or nothing."""
    frozen = f"/snapshot/{snapshot}" if snapshot else ""
    return f"{base}{frozen}/embed/{chart_id}?{query(of_chart(chart_id, filters), filters.theme)}"


def embed_code(
    base: str,
    drawing: Drawing,
    filters: Filters,
    *,
    snapshot: str = "",
    has_script: bool = True,
    size: tuple[int, int] | None = None,
) -> str:
    """HTML for a page of any site: a frame that keeps its shape by itself, and a script that fits its height exactly.

    `size`: the width and height that the other site gives the frame at most.
    """
    address = embed_address(base, drawing.id, filters, snapshot=snapshot)
    return frame_code(address, f"{base}{_SCRIPT}" if has_script else "", drawing, size)


def frame_code(address: str, script: str, drawing: Drawing, size: tuple[int, int] | None = None) -> str:
    """A frame that shows the page at `address`, and the script at `script` where there is one."""
    frame = (
        f'<iframe src="{escape(address)}" title="{escape(embed_title(drawing))}" loading="lazy" '
        f"{_sized(drawing, size)} data-gongkai></iframe>"
    )
    return f'{frame}\n<script async src="{escape(script)}"></script>' if script else frame


def _sized(drawing: Drawing, size: tuple[int, int] | None) -> str:
    if size:
        return f'width="{size[0]}" height="{size[1]}" style="border:0;max-width:100%"'
    usual, phone, most = embed_height(drawing, _USUAL), tallest(drawing), embed_height(drawing, WIDEST)
    style = (
        f"width:100%;border:0;height:auto;aspect-ratio:{_USUAL}/{usual};"
        f"min-height:{min(phone, most)}px;max-height:{max(phone, most)}px"
    )
    return f'width="100%" height="{usual}" style="{style}"'


def embed_title(drawing: Drawing) -> str:
    """What a frame is called by those who hear the page."""
    return f"{drawing.scope} · {drawing.title}"


def tallest(drawing: Drawing) -> int:
    """The height that no width of a phone exceeds."""
    widest = shows_below(drawing.figure) - 1 if drawing.figure else _PHONE
    return max(embed_height(drawing, width) for width in (_PHONE, widest))


def embed_height(drawing: Drawing, width: int) -> int:
    """Pixels that the embed needs at a frame of this width, before anything is unfolded."""
    room = min(width, WIDEST) - 2 * PADDING
    # The source is followed by the day of the data and the way to the dashboard.
    words = (
        (f"{drawing.scope} · {drawing.title}", _OVER),
        (drawing.headline, _HEADLINE),
        (drawing.note, _NOTE),
        (drawing.source + "-" * _TAIL, _SMALL),
    )
    text = sum(lettering.lines(each, size, room) * line for each, (size, line) in words)
    text += _SMALL[1] * any(row.is_marked for row in drawing.rows)
    return round(text + _picture(drawing, width, room) + _SMALL[1] + _SPACE)


def _picture(drawing: Drawing, width: int, room: float) -> float:
    if drawing.figure is None:
        return _NOTE[1] * 3
    is_narrow = width < shows_below(drawing.figure)
    layout = drawing.figure["layout"]["meta"]["narrow"]["layout"] if is_narrow else drawing.figure["layout"]
    drawn = NARROW if is_narrow else wide_width(drawing.figure)
    return float(layout["height"]) * min(room / drawn, GROWTH)


def oembed_address(base: str, address: str) -> str:
    """Where programs of other sites ask how to frame the embed or page at `address`."""
    return f"{base}/oembed?{urlencode({'url': address, 'format': 'json'})}"
