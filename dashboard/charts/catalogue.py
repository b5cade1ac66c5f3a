"""Every chart: its measure, its figure, how its rows are named. Adding a chart is an entry here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import headlines, shaping
from dashboard.figures import composition, flow, ranking, trend
from dashboard.figures.theme import Look
from dashboard.measures import capacity, disclosure, disputes, growth, requests
from dashboard.snapshots.engine import Engine

Measure = Callable[[Engine, str, int], pd.DataFrame]
Figure = Callable[[pd.DataFrame, Look], go.Figure]
Shape = Callable[[pd.DataFrame, Look], pd.DataFrame]
Headline = Callable[[pd.DataFrame, Look], str]


@dataclass(frozen=True, slots=True)
class Chart:
    """`chart.<id>.title` and `.note` in the catalogs name it and tell its unit, its scope and what could be misread.

    A card of fewer pixels than `narrow_below` gets the narrow figure: another one, or the same in a narrow look.
    """

    id: str
    measure: Measure
    shape: Shape
    figure: Figure
    headline: Headline
    narrow_figure: Figure | None = None
    narrow_below: int = 420


CHARTS = {
    chart.id: chart
    for chart in (
        Chart("channels", disclosure.channels, shaping.by_segment, composition.stacked, headlines.channels),
        Chart("flow", requests.flow, shaping.stages, flow.sankey, headlines.flow, flow.steps, flow.SANKEY_WIDTH),
        Chart("budget", capacity.budget_shares, shaping.regions, composition.shares, headlines.budget),
        Chart("growth", growth.stated, shaping.rates, trend.growth, headlines.growth),
        Chart("disclosed", disclosure.by_segment, shaping.by_segment, composition.stacked, headlines.disclosed),
        Chart("normative", disclosure.normative, shaping.plain, ranking.bars, headlines.normative),
        Chart("responses", disclosure.responses, shaping.plain, ranking.bars, headlines.responses),
        Chart("principals", disclosure.principals, shaping.plain, ranking.bars, headlines.principals),
        Chart("filed", requests.filed, shaping.plain, ranking.bars, headlines.filed),
        Chart("receivers", requests.receivers, shaping.by_segment, composition.stacked, headlines.receivers),
        Chart("outcomes", requests.outcomes, shaping.plain, ranking.bars, headlines.outcomes),
        Chart("grounds", requests.grounds, shaping.plain, ranking.bars, headlines.grounds),
        Chart("results", disputes.results, shaping.procedures, composition.stacked, headlines.results),
        Chart("complaints", disputes.complaints, shaping.plain, ranking.bars, headlines.complaints),
        Chart("staff", capacity.staff, shaping.whole, composition.stacked, headlines.staff),
        Chart("places", capacity.places, shaping.plain, ranking.bars, headlines.places),
        Chart("training", capacity.training, shaping.plain, ranking.bars, headlines.training),
    )
}
