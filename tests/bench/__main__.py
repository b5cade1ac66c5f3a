"""`python -m tests.bench`: every measurement, one table each; exit code 1 where a target is missed."""

from __future__ import annotations

import sys
import time

from tests.bench import checks, embeds, ingest, machine, overview, refresh, repair, scale, service

if __name__ == "__main__":
    start = time.monotonic()
    print(machine.told())
    are_held = [
        overview.measured(), service.measured(), ingest.measured(), not checks.main(), not repair.main(),
        refresh.measured(), scale.measured(), embeds.measured(),
    ]  # fmt: skip
    print(f"\n{time.monotonic() - start:.0f} seconds in all.", "" if all(are_held) else "A target is missed.")
    sys.exit(not all(are_held))
