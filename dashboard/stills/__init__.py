"""Charts as still pictures, drawn on the server: SVG for pages of other sites, SVG and PNG as files."""

from dashboard.stills.picture import Picture, Still
from dashboard.stills.stills import Stills

__all__ = ["Picture", "Still", "Stills"]
