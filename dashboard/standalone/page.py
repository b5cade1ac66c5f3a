"""An embed as HTML: a drawing, its still picture and its addresses come in, one page goes out that asks for nothing.

Nothing here knows where the addresses come from, so that a server and a folder of files use the same page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from dashboard.charts import Drawing
from dashboard.charts.embedding import GROWTH
from dashboard.charts.row import Row
from dashboard.delivery.inlined import Made, hashed, small
from dashboard.figures.marks import CORRECTED, SIGN
from dashboard.figures.theme import Look, Theme, declarations
from dashboard.stills import NARROW, Picture, Still, shows_below, wide_width

FOLDER = "embed"
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")


@dataclass(frozen=True, slots=True)
class Inlined:
    """The style sheet and the script that stand in every embed, made small."""

    style: str
    script: str

    @classmethod
    def of(cls, assets: Path) -> Inlined:
        style, script = ((assets / FOLDER / name).read_text("utf-8") for name in ("page.css", "page.js"))
        return cls(small(style).replace("\n", ""), small(script))


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where an embed's links lead. `figure` has `{theme}` where light or dark stands; those of the head are absolute.

    `evidence` is where a figure's place follows as `#at=…`; empty where nothing can show it.
    """

    itself: str
    dashboard: str
    evidence: str
    figure: str
    script: str
    picture: str = ""
    oembed: str = ""


@dataclass(frozen=True, slots=True)
class Embed:
    """What an embed shows. Without a `still` the reader's browser draws. `built` is the day the data was published.

    `follows`: the page itself reads its theme from its address, where no server does.
    """

    drawing: Drawing
    still: Still | None
    theme: Theme
    look: Look
    addresses: Addresses
    built: str
    follows: bool = False


def render(embed: Embed, inlined: Inlined) -> Made:
    body = _body(embed)
    style = _style(embed, inlined, body)
    allowed = policy(style, inlined.script)
    return Made(_document(embed, body, style, inlined.script, allowed), allowed)


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy of a page with this one style and this one script, but for who may frame it."""
    return "; ".join(
        [
            "default-src 'none'",
            # What the page's own script asks for may run too: the bundle, once the chart is touched.
            f"script-src {hashed(script)} 'strict-dynamic'",
            # plotly.js makes a style element without a word in it and adds its rules by itself.
            f"style-src {hashed(style)} {hashed('')}",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _document(embed: Embed, body: str, style: str, script: str, allowed: str) -> str:
    """Where no server sends the policy, the page holds it."""
    follows = " data-follows=1" if embed.follows else ""
    held = f'<meta http-equiv="Content-Security-Policy" content="{escape(allowed)}">' if embed.follows else ""
    return (
        f'<!DOCTYPE html><html lang="{embed.look.language.tag}" data-theme="{embed.theme}"{follows}><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"{held}{_head(embed)}<style>{style}</style></head>"
        f"<body>{body}<script>{script}</script></body></html>"
    )


def _head(embed: Embed) -> str:
    drawing, at = embed.drawing, embed.addresses
    title = escape(f"{drawing.headline} · {drawing.scope}")
    described = escape(drawing.note)
    site = escape(embed.look.text("site.name"))
    parts = [
        f'<title>{title}</title><meta name="description" content="{described}">',
        '<link rel="icon" href="data:,">',
        f'<meta property="og:title" content="{title}"><meta property="og:description" content="{described}">',
        f'<meta property="og:type" content="article"><meta property="og:site_name" content="{site}">',
    ]
    if at.itself:
        parts.append(
            f'<link rel="canonical" href="{escape(at.itself)}"><meta property="og:url" content="{escape(at.itself)}">'
        )
    if at.picture:
        parts.append(
            f'<meta property="og:image" content="{escape(at.picture)}"><meta name="twitter:card" content="summary_large_image">'
        )
    if at.oembed:
        parts.append(
            f'<link rel="alternate" type="application/json+oembed" title="{title}" href="{escape(at.oembed)}">'
        )
    return "".join(parts)


def _body(embed: Embed) -> str:
    drawing, look = embed.drawing, embed.look
    opens = look.text("embed.open" if embed.addresses.evidence else "embed.all")
    return (
        f'<main><p class="o">{escape(drawing.scope)} · {escape(drawing.title)}</p><h1>{escape(drawing.headline)}</h1>'
        f'<p class="t">{escape(drawing.note)}</p>{_chart(embed)}</main>'
        f"<footer><p>{escape(drawing.source)} · {escape(look.text('embed.data', built=embed.built))} · "
        f'<a href="{escape(embed.addresses.dashboard)}" target="_blank" rel="noopener">{escape(opens)}</a></p>'
        f"{_signed(embed)}{_table(embed)}</footer>"
    )


def _signed(embed: Embed) -> str:
    """What the signs at figures mean, where there are any."""
    rows, look = embed.drawing.rows, embed.look
    told = [(SIGN, "x", "finding.mark")] if any(row.is_marked for row in rows) else []
    told += [(CORRECTED, "d", "correction.mark")] if any(row.is_corrected for row in rows) else []
    return "".join(f'<p><b class="{kind}">{sign}</b> {escape(look.text(words))}</p>' for sign, kind, words in told)


def _chart(embed: Embed) -> str:
    drawing, at = embed.drawing, embed.addresses
    if drawing.figure is None:
        return f'<p class="c">{escape(embed.look.text("card.empty"))}</p>'
    label = escape(
        f"{drawing.title}：{drawing.headline}"
        if embed.look.language == "zh"
        else f"{drawing.title}: {drawing.headline}"
    )
    now = "" if embed.still else ' data-now="1"'
    pictures = "".join(_picture(each, name) for each, name in zip(_pictures(embed), "wn", strict=True))
    without = "" if embed.still else f"<noscript><p>{escape(embed.look.text('embed.noscript'))}</p></noscript>"
    return (
        f'<figure class="c" tabindex="0" role="img" aria-label="{label}" data-figure="{escape(at.figure)}" '
        f'data-script="{escape(at.script)}" data-view="{escape(at.evidence)}"{now}>{pictures}</figure>{without}'
    )


def _pictures(embed: Embed) -> tuple[Picture, Picture]:
    if embed.still:
        return embed.still.wide, embed.still.narrow
    figure = embed.drawing.figure or {}
    narrow = figure["layout"]["meta"]["narrow"]
    return (
        Picture("", wide_width(figure), figure["layout"]["height"]),
        Picture("", NARROW, narrow["layout"]["height"]),
    )


def _picture(picture: Picture, name: str) -> str:
    """The picture for one kind of frame; where there is none, the room for it."""
    size = f'class="{name}" data-width="{picture.width}" data-height="{picture.height}"'
    return picture.svg.replace("<svg ", f"<svg {size} aria-hidden=true ", 1) if picture.svg else f"<div {size}></div>"


def _style(embed: Embed, inlined: Inlined, body: str) -> str:
    """Colours that the page uses, the page's style, and which picture fits which frame."""
    used = set(_VARIABLE.findall(body)) | set(_VARIABLE.findall(inlined.style))
    light, dark = (_declared(theme, used) for theme in (Theme.LIGHT, Theme.DARK))
    colours = f":root{{{light}}}"
    if embed.follows:
        colours += f"[data-theme=dark]{{{dark}}}"
    if embed.follows or embed.theme is Theme.AUTO:
        colours += f"@media(prefers-color-scheme:dark){{[data-theme=auto]{{{dark}}}}}"
    elif embed.theme is Theme.DARK:
        colours = f":root{{{dark}}}"
    paper = "" if embed.theme is Theme.LIGHT and not embed.follows else f"@media print{{:root[data-theme]{{{light}}}}}"
    return colours + inlined.style + paper + _fitting(embed)


def _declared(theme: Theme, used: set[str]) -> str:
    kept = [each for each in declarations(theme).split(";") if each.partition(":")[0].removeprefix("--") in used]
    return ";".join(kept)


def _fitting(embed: Embed) -> str:
    if embed.drawing.figure is None:
        return ""
    wide, narrow = _pictures(embed)
    below = shows_below(embed.drawing.figure)
    room = (
        ""
        if embed.still
        else f".w{{aspect-ratio:{wide.width}/{wide.height}}}.n{{aspect-ratio:{narrow.width}/{narrow.height}}}"
    )
    return (
        f".c .w{{display:none;max-width:{round(wide.width * GROWTH)}px}}.c .n{{max-width:{round(narrow.width * GROWTH)}px}}{room}"
        f"@media(min-width:{below}px){{.c .n{{display:none}}.c .w{{display:block}}}}"
    )


def _table(embed: Embed) -> str:
    look = embed.look
    rows = "".join(_line(row, embed) for row in embed.drawing.rows)
    caption = escape(embed.drawing.title)
    return (
        f"<details><summary>{escape(look.text('card.table'))}</summary>"
        f'<div class="s" tabindex="0" role="region" aria-label="{caption}"><table aria-label="{caption}">{rows}</table></div></details>'
    )


def _line(row: Row, embed: Embed) -> str:
    note = f" ({escape(row.note)})" if row.note else ""
    signs = [(SIGN, "", "finding.mark")] if row.is_marked else []
    signs += [(CORRECTED, " class=d", "correction.mark")] if row.is_corrected else []
    sign = "".join(f' <i{kind} title="{escape(embed.look.text(words))}">{each}</i>' for each, kind, words in signs)
    value = escape(f"{row.value} {row.unit}".strip())
    if row.locator and embed.addresses.evidence:
        href = escape(f"{embed.addresses.evidence}#at={row.locator}")
        value = f'<a href="{href}" target="_blank" rel="noopener">{value}</a>'
    return f'<tr><th scope="row">{escape(row.label)}{note}{sign}<td>{value}'
