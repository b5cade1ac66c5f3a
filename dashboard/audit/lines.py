"""An audit on a terminal: what fails first, then what cannot be assessed; what holds is counted."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.audit.account import Account, Line
from dashboard.checks import Verdict
from dashboard.messages import Language, text


def to_lines(account: Account, language: Language) -> Iterator[str]:
    yield account.title
    yield account.summary
    yield account.outcome
    for line in account.problems:
        yield ""
        yield f"{line.heading}  ({line.rule_id} · {line.id})"
        yield f"  {line.message}"
        yield from (f"  · {place}  {locator}".rstrip() for place, locator in line.places)
    yield from _proposals(account, language)
    yield from _open(account)


def _proposals(account: Account, language: Language) -> Iterator[str]:
    if account.proposals:
        yield from ("", text("repair.title", language), f"  {text('repair.note', language)}")
    for proposal in account.proposals:
        yield from (f"  {each}" for each in (proposal.size, proposal.settles_told, proposal.choice) if each)
        for way in proposal.ways:
            yield from ([f"  {way.name}"] if way.name else [])
            yield from (f"  · {sentence}  {locator}".rstrip() for sentence, locator in way.edits)


def _open(account: Account) -> Iterator[str]:
    for family, lines in account.families:
        unassessed: list[Line] = [line for line in lines if line.verdict is Verdict.NOT_ASSESSABLE]
        if unassessed:
            yield ""
            yield f"{family}: {unassessed[0].verdict_name}"
            yield from (f"  · {line.rule}  {line.message}" for line in unassessed)
