"""An audit as one page to print and hand over: no script, nothing from another host, every word of a document escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from dashboard.audit.account import Account, Line
from dashboard.checks.repair.proposals import Way
from dashboard.messages import Language, text

_STYLE = """
:root { color-scheme: light; }
body { font: 11pt/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; color: #1b1b1b; background: #fff;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5em; } h2 { font-size: 1.2em; margin-top: 2em; } h3 { font-size: 1em; margin: 1.5em 0 .3em; }
.source, .made, .basis, code { color: #555; font-size: .85em; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .85em; }
th, td { border: 1px solid #ccc; padding: .3em .5em; text-align: left; vertical-align: top; }
thead { display: table-header-group; } tr { break-inside: avoid; }
section.problem { border-left: 4px solid #b3261e; padding: .1em 1em; margin: 1em 0; break-inside: avoid; }
section.proposal { border-left: 4px solid #57606a; padding: .1em 1em; margin: 1em 0; break-inside: avoid; }
section.warning { border-color: #9a6700; } section.note { border-color: #57606a; }
td:first-child, td code { white-space: nowrap; }
td.fails { color: #b3261e; font-weight: bold; } td.not_assessable { color: #57606a; }
@media print { body { margin: 0; max-width: none; font-size: 9.5pt; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def to_html(accounts: Sequence[Account], language: Language) -> str:
    """One page; several reports one after the other."""
    title = escape(" · ".join(account.title for account in accounts))
    body = "\n".join(part for account in accounts for part in _account(account, language))
    return (
        f'<!doctype html>\n<html lang="{language.tag}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _account(account: Account, language: Language) -> Iterator[str]:
    yield f"<article>\n<h1>{escape(account.title)}</h1>"
    yield f'<p class="source">{escape(account.source)}</p>'
    yield f"<p>{escape(account.summary)}</p>"
    yield f"<h2>{escape(account.outcome)}</h2>"
    for line in account.problems:
        yield _problem(line, language)
    yield from _proposals(account, language)
    yield f"<h2>{escape(text('audit.all_rules', language))}</h2>"
    for family, lines in account.families:
        yield f"<h3>{escape(family)}</h3>"
        yield _table(lines, language)
    yield f'<p class="made">{escape(account.made)}</p>\n</article>'


def _problem(line: Line, language: Language) -> str:
    return (
        f'<section class="problem {line.severity_id}">\n<h3>{escape(line.heading)}</h3>\n'
        f"<p>{escape(line.message)}</p>\n{_listed(line.places)}\n"
        f'<p class="basis">{escape(text("audit.basis", language))}: {escape(line.basis)}</p>\n</section>'
    )


def _proposals(account: Account, language: Language) -> Iterator[str]:
    """The smallest correction of the table, apart from what was found: it is a suggestion."""
    if account.proposals:
        yield f"<h2>{escape(text('repair.title', language))}</h2>\n<p>{escape(text('repair.note', language))}</p>"
    for proposal in account.proposals:
        told = "<br>".join(escape(each) for each in (proposal.size, proposal.settles_told, proposal.choice) if each)
        ways = "\n".join(f"{_way_name(way)}{_listed(way.edits)}" for way in proposal.ways)
        yield f'<section class="proposal">\n<p>{told}</p>\n{ways}\n</section>'


def _way_name(way: Way) -> str:
    return f"<h3>{escape(way.name)}</h3>\n" if way.name else ""


def _listed(places: Sequence[tuple[str, str]]) -> str:
    items = "".join(
        f"<li>{escape(place)}{f' <code>{escape(locator)}</code>' if locator else ''}</li>" for place, locator in places
    )
    return f"<ul>{items}</ul>" if items else ""


def _table(lines: Sequence[Line], language: Language) -> str:
    heads = "".join(
        f"<th>{escape(text(f'audit.{name}', language))}</th>" for name in ("verdict", "rule", "message", "cells")
    )
    rows = "\n".join(_row(line) for line in lines)
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _row(line: Line) -> str:
    places = "<br>".join(f"<code>{escape(locator)}</code>" for _, locator in line.places if locator)
    return (
        f'<tr><td class="{line.verdict}">{escape(line.verdict_name)}</td><td>{escape(line.rule)}</td>'
        f"<td>{escape(line.message)}</td><td>{places}</td></tr>"
    )
