"""The catalogue of charts, and the one call that draws them for a page, a download or another site."""

from dashboard.charts.catalogue import CHARTS, Chart, of_chart
from dashboard.charts.drawing import basis, draw
from dashboard.charts.drawn import Drawing
from dashboard.charts.filters import Filters

__all__ = ["CHARTS", "Chart", "Drawing", "Filters", "basis", "draw", "of_chart"]
