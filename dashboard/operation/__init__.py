"""For those who run it: a number for each request, the log, counts for Prometheus, and how the server is."""

from dashboard.operation.health import Health
from dashboard.operation.observed import Observed

__all__ = ["Health", "Observed"]
