"""What a drawing is, and its figure, wide and narrow, with its signs; made once for the same rows in the same look."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts.catalogue import Chart, Figure
from dashboard.charts.row import Row
from dashboard.figures.marks import CORRECTED, marked, signed
from dashboard.figures.theme import Look
from dashboard.kept import Kept
from dashboard.messages import both
from dashboard.tables.rows import records_of


@dataclass(frozen=True, slots=True)
class Drawing:
    """`figure` is a plain dict ready for the browser, None where the report holds none of the chart's figures.

    `scope` tells whose report of which year the chart is of. Of a made-up country, scope, source and figure say so in
    every language: a drawing travels to where its reader's is not known.
    """

    id: str
    scope: str
    title: str
    headline: str
    note: str
    figure: dict[str, Any] | None
    rows: tuple[Row, ...]
    source: str
    data: pd.DataFrame
    is_synthetic: bool = False


# Most figures outlive a publish.
_figures: Kept[tuple[object, ...], dict[str, Any]] = Kept(512)


@dataclass(frozen=True, slots=True)
class Signed:
    """The places whose figures get a sign: those that do not agree with others, and those that are corrected.

    A figure of a made-up country is signed as a whole.
    """

    failing: frozenset[str]
    corrected: frozenset[str]
    is_synthetic: bool


def as_made_up(told: str, *, is_synthetic: bool) -> str:
    return f"{both('synthetic.mark')} · {told}" if is_synthetic else told


def figure_of(chart: Chart, data: pd.DataFrame, look: Look, signs: Signed) -> dict[str, Any]:
    """The same rows in the same look give the same figure, whatever snapshot they are of."""
    rows = hashlib.sha256(repr(records_of(data)).encode()).digest()
    key = (chart.id, look, rows, signs)
    figure = _figures.get(key)
    if figure is None:
        figure = _figure(chart, data, look, signs)
        if signs.is_synthetic:
            figure = _with_mark(figure, look)
        _figures.put(key, figure)
    return figure


def _figure(chart: Chart, data: pd.DataFrame, look: Look, signs: Signed) -> dict[str, Any]:
    """The figure, with the one for a narrow card beside it; the browser takes the one that fits."""
    wide = _made(chart.figure, chart, data, look, signs)
    narrow_look = Look(look.theme, look.language, is_narrow=True)
    narrow = _made(chart.narrow_figure or chart.figure, chart, data, narrow_look, signs)
    narrow["layout"].pop("template")
    wide["layout"]["meta"] = {"narrow": narrow, "below": chart.narrow_below}
    return wide


def _with_mark(figure: dict[str, Any], look: Look) -> dict[str, Any]:
    """The figure, wide and narrow, with the mark of made-up data in it."""
    wide = signed(figure, both("synthetic.mark"), look)
    narrow = signed(wide["layout"]["meta"]["narrow"], both("synthetic.mark"), look)
    wide["layout"]["meta"] = wide["layout"]["meta"] | {"narrow": narrow, "synthetic": True}
    return wide


def _made(make: Figure, chart: Chart, data: pd.DataFrame, look: Look, signs: Signed) -> dict[str, Any]:
    # A copy throughout: signs are written into it, and the template is everybody's.
    plain: dict[str, Any] = json.loads(json.dumps(make(chart.shape(data, look), look).plain()))
    plain = marked(plain, signs.corrected, look, CORRECTED)
    return marked(plain, signs.failing, look)
