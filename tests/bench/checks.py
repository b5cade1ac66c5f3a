"""`python -m tests.bench.checks`: errors found among 2,000 seeded reports, false alarms, and the time a report takes."""

from __future__ import annotations

import sys
import time
from collections import Counter
from random import Random

from dashboard import definitions
from tests import consistent, seeded

REPORTS = 2000
MILLISECONDS, FOUND = 50, 0.99


def main() -> int:
    """Prints a table; 1 where a target is missed: 99 % of arithmetic errors, no false alarm, 50 ms a report."""
    tried: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    alarms, audits, silent, spent = 0, 0, 0, 0.0
    editions = sorted(definitions.forms())
    for number in range(REPORTS):
        random, edition = Random(number), editions[number % len(editions)]
        first, second = consistent.following(edition, random, 2)
        begun = time.perf_counter()
        alarms += bool(seeded.failing(seeded.audit(second, first)))
        spent += time.perf_counter() - begun
        audits += 1
        for kind in seeded.KINDS:
            wrong = seeded.seed(kind, second, first, random)
            if wrong:
                tried[edition, kind] += 1
                is_found = seeded.is_found(wrong)
                found[edition, kind] += is_found
                silent += not is_found and seeded.cancels_out(wrong)
    for (edition, kind), count in sorted(tried.items()):
        print(f"{edition}  {kind:<20} {found[edition, kind]:>5} of {count:>5}  {found[edition, kind] / count:8.2%}")
    arithmetic = [key for key in tried if key[1] in seeded.ARITHMETIC]
    share = sum(found[key] for key in arithmetic) / sum(tried[key] for key in arithmetic)
    print(f"arithmetic errors found: {share:.2%}; missed because two wrong cells cancel out: {silent}")
    each = spent / audits * 1000
    print(f"false alarms: {alarms} of {audits} consistent reports")
    print(f"{each:.1f} ms a report, {each * 10:.0f} s for 10,000 on one core")
    return int(bool(alarms) or share < FOUND or each > MILLISECONDS)


if __name__ == "__main__":
    sys.exit(main())
