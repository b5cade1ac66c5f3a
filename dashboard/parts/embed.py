"""The dialog that gives the code of a chart for another site: what is chosen, how it looks there, the code to copy.

What is chosen stands in the address after #, such as `embed=channels&theme=dark&lang=en&frozen=1`. Knows the site's own
address as it is told, never from a request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from dashboard.charts import Drawing, Filters, draw, of_chart
from dashboard.charts.embedding import embed_address, embed_code, embed_height, oembed_address
from dashboard.figures.theme import Theme
from dashboard.messages import Language
from dashboard.parts.dialog import Dialog, choice, copied, heading, said, tick
from dashboard.parts.view import View

# Widths of a frame in pixels: a phone, a tablet, a wide page.
WIDTHS = (320, 768, 1200)
# The first to be shown: the phone's to a reader whose page is not wider than this, else the tablet's.
_PHONE = 600


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address chooses; what it leaves open follows the page that the dialog opened on."""

    chart: str
    theme: Theme
    language: Language
    is_frozen: bool
    has_script: bool
    width: int

    @classmethod
    def of(cls, asked: Mapping[str, str], view: View) -> Chosen:
        theme, language, width = asked.get("theme"), asked.get("lang"), asked.get("width")
        return cls(
            chart=asked["embed"],
            theme=Theme(theme) if theme in tuple(Theme) else view.filters.theme,
            language=Language(language) if language in tuple(Language) else view.filters.language,
            is_frozen=asked.get("frozen", "1" if view.filters.snapshot else "0") == "1",
            has_script=asked.get("script") != "0",
            width=next((each for each in WIDTHS if str(each) == width), _fitting(asked.get("room", ""))),
        )

    def address(self, **changes: object) -> str:
        """The part of an address that makes this choice, or the one with `changes`."""
        new = replace(self, **changes)  # type: ignore[arg-type]  # each by its name
        pairs: dict[str, object] = {"embed": new.chart, "theme": new.theme, "lang": new.language}
        pairs["frozen"] = int(new.is_frozen)
        if not new.has_script:
            pairs["script"] = 0
        return "#" + urlencode(pairs | {"width": new.width})


def _fitting(room: str) -> int:
    """The width that is previewed to a reader whose page is `room` pixels wide."""
    return WIDTHS[0] if room.isascii() and room.isdecimal() and int(room[:6]) <= _PHONE else WIDTHS[1]


def embed(view: View, asked: Mapping[str, str], base: str) -> Dialog:
    """Raises UserError for a chart that is not in the catalogue. `base` is the site's address for others."""
    chosen = Chosen.of(asked, view)
    filters = replace(view.filters, theme=chosen.theme, language=chosen.language, snapshot="")
    filters = of_chart(chosen.chart, filters)
    # The words and measures of a drawing are the same in every theme, and this one has been drawn for the page.
    drawing = draw(view.snapshot, chosen.chart, replace(filters, theme=view.filters.theme))
    return Dialog(
        "embed",
        [
            heading(view, view.text("embedding.title"), view.text(f"chart.{chosen.chart}.title")),
            html.Div(
                [
                    _choices(view, chosen),
                    _preview(view, chosen, drawing, filters),
                    _code(view, chosen, drawing, filters, base),
                ],
                className="parts",
            ),
            said(),
        ],
    )


def _frozen_to(view: View, chosen: Chosen) -> str:
    return view.snapshot.name if chosen.is_frozen else ""


def _choices(view: View, chosen: Chosen) -> Component:
    note = "embedding.frozen_note" if chosen.is_frozen else "embedding.live_note"
    frozen = [("embedding.live", False), ("embedding.frozen", True)]
    return html.Div(
        [
            choice(
                view.text("embedding.data"),
                [(view.text(each), chosen.address(is_frozen=to), to is chosen.is_frozen) for each, to in frozen],
                view.text(note, snapshot=view.snapshot.name),
            ),
            choice(
                view.text("embedding.theme"),
                [
                    (view.text(f"theme.{each}"), chosen.address(theme=each), each is chosen.theme)
                    for each in (Theme.LIGHT, Theme.DARK, Theme.AUTO)
                ],
            ),
            choice(
                view.text("embedding.language"),
                [
                    (view.text(f"language.{each}"), chosen.address(language=each), each is chosen.language)
                    for each in Language
                ],
            ),
        ],
        className="choices",
    )


def _preview(view: View, chosen: Chosen, drawing: Drawing, filters: Filters) -> Component:
    """The embed itself at the width of a phone, a tablet or a wide page; made smaller where the dialog is less wide."""
    widths = [
        (view.text("embedding.width", width=each), chosen.address(width=each), each == chosen.width) for each in WIDTHS
    ]
    height = embed_height(drawing, chosen.width)
    frame = html.Iframe(
        src=embed_address("", chosen.chart, filters, snapshot=_frozen_to(view, chosen)),
        title=view.text("embedding.preview_of", title=drawing.title),
        width=str(chosen.width),
        height=str(height),
    )
    stage = html.Div(html.Div(frame, style={"--width": chosen.width, "--height": height}), className="stage")
    return html.Div([choice(view.text("embedding.preview"), widths), stage], className="preview")


def _code(view: View, chosen: Chosen, drawing: Drawing, filters: Filters, base: str) -> Component:
    snapshot = _frozen_to(view, chosen)
    address = embed_address(base, chosen.chart, filters, snapshot=snapshot)
    code = embed_code(base, drawing, filters, snapshot=snapshot, has_script=chosen.has_script)
    ticked = chosen.has_script
    return html.Div(
        [
            copied(view, "code", view.text("embedding.code"), code, rows=9),
            tick(view.text("embedding.script"), chosen.address(has_script=not ticked), is_ticked=ticked),
            copied(view, "link", view.text("embedding.link"), address),
            copied(view, "oembed", view.text("embedding.oembed"), oembed_address(base, address)),
        ],
        className="code",
    )
