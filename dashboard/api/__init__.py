"""The figures for programs and for taking away: every chart and table under /api/v1, from the same snapshots as the pages.

`application` puts it together; `charts`, `tables` and `package` make what is asked for; `description` tells it all.
"""

from dashboard.api.application import create_api
from dashboard.api.as_csv import defused

__all__ = ["create_api", "defused"]
