"""Charts on pages of other sites: each as a page of its own that needs nothing else, oEmbed, and what serves them fast."""

from dashboard.standalone.embeds import Embeds
from dashboard.standalone.front import Front
from dashboard.standalone.warming import Warming

__all__ = ["Embeds", "Front", "Warming"]
