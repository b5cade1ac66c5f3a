"""A repair in words, in either language: what each cell would have to hold, what slip explains it, how far it is proven.

Pure: records and a language in, plain text out. Whoever shows it escapes it.
"""

from __future__ import annotations

from dashboard import definitions
from dashboard.checks import telling
from dashboard.checks.finding import Cell, Side
from dashboard.checks.interval import Interval
from dashboard.checks.repair.record import Edit, Group
from dashboard.messages import Language, plural, text


def say(edit: Edit, language: Language) -> str:
    """The sentence of one edit: the cell, what is printed there, what it would have to hold, and by which slip."""
    unit = definitions.indicators()[edit.cell.indicator].unit
    name = telling.name(Cell(Side.LEFT, edit.cell.indicator, edit.cell.applicant), language)
    printed = telling.amount(Interval.of(edit.printed), unit, language)
    if edit.suggested is None:
        room = telling.amount(Interval(edit.low, edit.high), unit, language)
        return text("repair.edit_range", language, name=name, printed=printed, room=room)
    suggested = telling.amount(Interval.of(edit.suggested), unit, language)
    if edit.slip is None:
        return text("repair.edit", language, name=name, printed=printed, suggested=suggested)
    slip = text(f"repair.slip_{edit.slip}", language)
    return text("repair.edit_slip", language, name=name, printed=printed, suggested=suggested, slip=slip)


def say_size(group: Group, language: Language) -> str:
    """How many cells must change at the least, as far as that is proven."""
    if group.size is None:
        return text("repair.none_found", language)
    return plural("repair.size" if group.is_proven else "repair.size_unproven", group.size, language)


def say_choice(group: Group, language: Language) -> str:
    """How many equally small corrections there are; nothing where there is one alone."""
    count = len(group.corrections)
    if count == 0 or (count == 1 and group.is_complete):
        return ""
    return plural("repair.choice" if group.is_complete else "repair.choice_open", count, language)
