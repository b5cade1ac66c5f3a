"""Charts as still pictures, drawn on the server: SVG for pages of other sites, SVG and PNG as files."""

from dashboard.stills.picture import NARROW, Picture, Still, shows_below, wide_width
from dashboard.stills.stills import Stills

__all__ = ["NARROW", "Picture", "Still", "Stills", "shows_below", "wide_width"]
