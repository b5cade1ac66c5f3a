"""The report of a body and a year as one A4 document: a page to print, a file to keep, a PDF.

`document` is the whole of it; `cover`, `key_figures`, `charts`, `tables`, `findings` and `sources` are its parts.
"""

from dashboard.report.charts import gallery
from dashboard.report.document import made
from dashboard.report.ink import Ink
from dashboard.report.paper import Paper
from dashboard.report.routes import routes

__all__ = ["Ink", "Paper", "gallery", "made", "routes"]
