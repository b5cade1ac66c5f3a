"""`python -m tests.bench`: every measurement, one table each; exit code 1 where a target is missed."""

from __future__ import annotations

import sys

from tests.bench import ingest, overview

if __name__ == "__main__":
    sys.exit(max([overview.main(), ingest.main()]))
