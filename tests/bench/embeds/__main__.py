"""`python -m tests.bench.embeds [--loads N] [PART ...]`: the embeds alone; exit code 1 where a target is missed."""

from __future__ import annotations

import argparse
import sys

from tests.bench import machine
from tests.bench.embeds.measuring import PARTS, measured

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.embeds")
    parser.add_argument("--loads", type=int, default=5, help="of each page on the slow line")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all if none is named")
    given = parser.parse_args()
    if unknown := {*given.parts} - {*PARTS}:
        parser.error(f"no part: {', '.join(sorted(unknown))}")
    print(machine.told())
    sys.exit(not measured(tuple(given.parts) or PARTS, given.loads))
