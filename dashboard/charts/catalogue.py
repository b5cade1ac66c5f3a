"""Every chart: its measure, its figure, how its rows are named. Adding a chart is an entry here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from dashboard.charts import headlines, shaping, spanning
from dashboard.charts import spanning_headlines as told
from dashboard.charts.filters import Filters
from dashboard.charts.row import Row
from dashboard.figures import comparison, composition, flow, parts, ranking, trend, years
from dashboard.figures.sheet import Sheet
from dashboard.figures.theme import Look
from dashboard.measures import capacity, disclosure, disputes, growth, parts_of, requests, series, standing

# A chart of several reports is asked with its options by name as well.
Measure = Callable[..., pd.DataFrame]
Table = Callable[[pd.DataFrame, Look], list[Row]]
Figure = Callable[[pd.DataFrame, Look], Sheet]
Shape = Callable[[pd.DataFrame, Look], pd.DataFrame]
Headline = Callable[[pd.DataFrame, Look], str]


@dataclass(frozen=True, slots=True)
class Chart:
    """`chart.<id>.title` and `.note` in the catalogs name it and tell its unit, its scope and what could be misread.

    A card of fewer pixels than `narrow_below` gets the narrow figure: another one, or the same in a narrow look.
    A chart of several reports has a `table` of its own; its rows tell body and year. `options` are the filters of
    `filters.OPTIONS` that it takes.
    """

    id: str
    measure: Measure
    shape: Shape
    figure: Figure
    headline: Headline
    narrow_figure: Figure | None = None
    narrow_below: int = 420
    table: Table | None = None
    options: tuple[str, ...] = ()


_WHO, _WHAT = ("bodies", "indicator"), ("indicator",)
_OF_SEVERAL_REPORTS = (
    Chart("series", series.series, spanning.by_indicator, years.series, told.series,
          table=spanning.series_rows, options=("indicator", "scale")),
    Chart("rates", series.growth_of, spanning.by_indicator, years.growth, told.rates,
          table=spanning.growth_rows, options=_WHAT),
    Chart("many", series.many, spanning.by_indicator, years.many, told.many,
          table=spanning.series_rows, options=("scale",), narrow_below=620),
    Chart("carried", series.carried, spanning.by_indicator, years.carried, told.carried, table=spanning.carried_rows),
    Chart("ranked", standing.ranked, spanning.by_body, comparison.ranked, told.ranked,
          table=spanning.standing_rows, options=_WHO),
    Chart("spread", standing.spread, spanning.by_body, comparison.spread, told.spread,
          table=spanning.standing_rows, options=_WHO),
    Chart("dots", standing.over_years, spanning.by_body, comparison.dots, told.over_years,
          table=spanning.standing_rows, options=_WHO),
    Chart("matrix", standing.over_years, spanning.by_body, comparison.matrix, told.matrix,
          table=spanning.standing_rows, options=_WHO, narrow_below=620),
    Chart("shares", parts_of.shares, spanning.by_body, parts.bars, told.shares,
          table=spanning.share_rows, options=_WHAT),
    Chart("areas", parts_of.shares, spanning.by_body, parts.areas, told.areas,
          table=spanning.share_rows, options=_WHAT),
    Chart("shares_years", parts_of.over_years, spanning.by_body, parts.over_years, told.shares_over_years,
          table=spanning.share_rows, options=_WHAT),
)  # fmt: skip
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
        *_OF_SEVERAL_REPORTS,
    )
}


def of_chart(chart_id: str, filters: Filters) -> Filters:
    """The view as one chart sees it: without the filters that are not its own."""
    return filters.only(CHARTS[chart_id].options) if chart_id in CHARTS else filters.only(())
