"""An audit as Markdown: what was found, then every rule tried with its figures and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dashboard.audit.account import Account, Line
from dashboard.messages import Language, text

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#])")


def to_markdown(account: Account, language: Language) -> str:
    return "\n".join(_lines(account, language)) + "\n"


def _lines(account: Account, language: Language) -> Iterator[str]:
    yield f"# {_plain(account.title)}"
    yield from ("", _plain(account.source), "", _plain(account.summary), "")
    yield f"## {_plain(account.outcome)}"
    yield ""
    for line in account.problems:
        yield from _problem(line, language)
    yield from _proposals(account, language)
    yield f"## {text('audit.all_rules', language)}"
    for family, lines in account.families:
        yield from ("", f"### {family}", "")
        yield from _table(lines, language)
    yield from ("", _plain(account.made))


def _problem(line: Line, language: Language) -> Iterator[str]:
    yield f"### {_plain(line.heading)} (`{line.rule_id}`)"
    yield from ("", _plain(line.message), "")
    for place, locator in line.places:
        yield f"- {_plain(place)}" + (f" — `{locator}`" if locator else "")
    yield from ("", f"{text('audit.basis', language)}: {_plain(line.basis)}", "")


def _proposals(account: Account, language: Language) -> Iterator[str]:
    if account.proposals:
        yield from (f"## {text('repair.title', language)}", "", text("repair.note", language), "")
    for proposal in account.proposals:
        yield from (
            " ".join(_plain(each) for each in (proposal.size, proposal.settles_told, proposal.choice) if each),
            "",
        )
        for way in proposal.ways:
            yield from ([f"{_plain(way.name)}", ""] if way.name else [])
            yield from (f"- {_plain(said)}" + (f" — `{locator}`" if locator else "") for said, locator in way.edits)
            yield ""


def _table(lines: tuple[Line, ...], language: Language) -> Iterator[str]:
    names = ("verdict", "rule", "message", "cells")
    yield _row([text(f"audit.{name}", language) for name in names])
    yield _row(["---"] * len(names))
    for line in lines:
        places = "<br>".join(f"`{locator}`" for _, locator in line.places if locator)
        yield _row([_plain(line.verdict_name), f"`{line.rule_id}`", _plain(line.message), places])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(words: str) -> str:
    """Words of a document as words: nothing in them is markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))
