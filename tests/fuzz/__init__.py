"""Documents broken at random and read as any other: `python -m tests.fuzz`; what it holds against them is in `judge`."""
