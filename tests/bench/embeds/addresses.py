"""Every embed of the committed report, by its address."""

from __future__ import annotations

from dashboard.charts import CHARTS
from dashboard.messages import Language

# The chart that is compared with others: stacked bars with hatching, a legend and figures beside them.
CHART = "channels"
EMBED = f"/embed/{CHART}?lang=zh"
EVERY = [f"/embed/{chart}?lang={language}" for language in Language for chart in CHARTS]


def figure(chart: str, language: str) -> str:
    """What a plotly chart is drawn from once it is touched."""
    return f"/api/v1/charts/{chart}.plotly.json?body=640000&year=2018&lang={language}&theme=light"
