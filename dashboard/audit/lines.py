"""An audit on a terminal: what fails first, then what cannot be assessed; what holds is counted."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.audit.account import Account, Line
from dashboard.checks import Verdict


def to_lines(account: Account) -> Iterator[str]:
    yield account.title
    yield account.summary
    yield account.outcome
    for line in account.problems:
        yield ""
        yield f"{line.heading}  ({line.rule_id})"
        yield f"  {line.message}"
        yield from (f"  · {place}  {locator}".rstrip() for place, locator in line.places)
    yield from _open(account)


def _open(account: Account) -> Iterator[str]:
    for family, lines in account.families:
        unassessed: list[Line] = [line for line in lines if line.verdict is Verdict.NOT_ASSESSABLE]
        if unassessed:
            yield ""
            yield f"{family}: {unassessed[0].verdict_name}"
            yield from (f"  · {line.rule}  {line.message}" for line in unassessed)
