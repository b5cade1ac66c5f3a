"""Gongkai: reads disclosure reports, checks their figures, shows them. See README.md for the way the data takes."""

import os

__version__ = "0.1.0"

# Read when Arrow is loaded. Its own pool keeps what is freed: a fifth of the memory that a refresh takes at most.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
