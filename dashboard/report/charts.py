"""The charts of one report as still drawings, by subject; where none can be drawn, their figures as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from dashboard.charts import Drawing, draw
from dashboard.charts.row import Row
from dashboard.figures.marks import CORRECTED, SIGN
from dashboard.figures.theme import Theme
from dashboard.messages import UserError
from dashboard.parts import View
from dashboard.report.ink import inked
from dashboard.report.paper import Paper, table
from dashboard.stills import Stills

# In the order of the menu; each chart once.
SUBJECTS = {
    "disclosure": ("channels", "disclosed", "normative", "responses", "principals"),
    "requests": ("flow", "filed", "receivers", "outcomes", "grounds"),
    "disputes": ("results", "complaints"),
    "capacity": ("budget", "staff", "places", "training"),
    "growth": ("growth",),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with its drawing; `svg` is empty where it could not be made, `height` by `width` are what it was made for."""

    drawing: Drawing
    svg: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Gallery:
    """The charts by subject. `is_final` is False where a browser that is there has failed, which may pass."""

    subjects: tuple[tuple[str, tuple[Drawn, ...]], ...]
    is_final: bool
    is_drawn: bool


def gallery(view: View, stills: Stills) -> Gallery:
    """Every chart that the report has figures for, drawn in colours that are told later."""
    filters = replace(view.filters, theme=Theme.AUTO, more=())
    is_final, subjects = True, []
    for subject, ids in SUBJECTS.items():
        drawings = [draw(view.snapshot, each, filters) for each in ids]
        made = [_drawn(each, stills) for each in drawings if each.figure is not None]
        is_final = is_final and (not stills.is_available or all(each.svg for each in made))
        if made:
            subjects.append((subject, tuple(made)))
    return Gallery(tuple(subjects), is_final, stills.is_available and is_final)


def _drawn(drawing: Drawing, stills: Stills) -> Drawn:
    if not stills.is_available or drawing.figure is None:
        return Drawn(drawing)
    try:
        picture = stills.still(drawing.figure).wide
    except UserError:  # said where the chart would be
        return Drawn(drawing)
    return Drawn(drawing, picture.svg, picture.width, picture.height)


def charts(paper: Paper, shown: Gallery) -> str:
    number, parts = 0, []
    for subject, drawn in shown.subjects:
        figures = []
        for each in drawn:
            number += 1
            figures.append(_figure(paper, each, number))
        parts.append(f"<h3>{paper.say(f'nav.{subject}')}</h3>{''.join(figures)}")
    if not parts:
        return f"<p>{paper.say('paper.no_charts')}</p>"
    return ("" if shown.is_drawn else f'<p class="note">{paper.say("paper.not_drawn")}</p>') + "".join(parts)


def _figure(paper: Paper, drawn: Drawn, number: int) -> str:
    drawing = drawn.drawing
    named = paper.say("paper.figure", number=number, title=drawing.title)
    return (
        f'<figure id="figure-{drawing.id}"><figcaption><h4>{named}</h4><p class="headline">{escape(drawing.headline)}</p>'
        f'<p class="note">{escape(drawing.note)}</p></figcaption>{_picture(paper, drawn)}'
        f'<p class="source">{escape(drawing.source)}{_signed(paper, drawing.rows)}</p></figure>'
    )


def _picture(paper: Paper, drawn: Drawn) -> str:
    if not drawn.svg:
        return figures_of(paper, drawn.drawing.rows)
    label = escape(f"{drawn.drawing.title}: {drawn.drawing.headline}")
    svg = inked(drawn.svg, drawn.drawing.id, paper.ink)
    return svg.replace("<svg ", f'<svg class="chart" role="img" aria-label="{label}" ', 1)


def figures_of(paper: Paper, rows: Sequence[Row]) -> str:
    """A chart's figures, for a reader who has no drawing of them."""
    heads = [("", paper.say("table.label")), ("number", paper.say("table.value")), ("", paper.say("table.unit"))]
    lines = "".join(
        f'<tr><th scope="row">{escape(row.label)}{_note(row)}{paper.signs(row.locator)}</th>'
        f'<td class="number">{escape(row.value)}</td><td>{escape(row.unit)}</td></tr>'
        for row in rows
    )
    return table(heads, [f"<tbody>{lines}</tbody>"])


def _note(row: Row) -> str:
    return f" <small>{escape(row.note)}</small>" if row.note else ""


def _signed(paper: Paper, rows: Sequence[Row]) -> str:
    """What the signs in the drawing mean, where there are any."""
    told = [(SIGN, "finding.mark")] if any(row.is_marked for row in rows) else []
    told += [(CORRECTED, "correction.mark")] if any(row.is_corrected for row in rows) else []
    return "".join(f' · <b class="sign">{sign}</b> {paper.say(words)}' for sign, words in told)
