"""What the pages share: the frame, the chart card, tables, the evidence of a figure, states without data."""

from dashboard.parts.card import card, corrected_mark, figure_table, mark
from dashboard.parts.choices import choices
from dashboard.parts.frame import frame
from dashboard.parts.states import error, notice
from dashboard.parts.view import PAGES, PAGES_OF_CHARTS, View

__all__ = [
    "PAGES",
    "PAGES_OF_CHARTS",
    "View",
    "card",
    "choices",
    "corrected_mark",
    "error",
    "figure_table",
    "frame",
    "mark",
    "notice",
]
