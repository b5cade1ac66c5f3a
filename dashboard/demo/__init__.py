"""A synthetic country: made-up bodies with plausible reports, as a data folder that says in every table what it is.

A size, years and a seed come in, a folder goes out that is read as real ones are. Knows nothing of snapshots or pages.
"""

from dashboard.demo import country
from dashboard.demo.folder import Wishes, Written, write

__all__ = ["Wishes", "Written", "country", "write"]
