"""Misprints put into a table that keeps every sum, one of each kind a hand makes, and which cell alone could undo one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random

from dashboard.checks.identities import CellKey, Relation, identities
from dashboard.checks.repair.grid import grid
from tests import consistent

Table = dict[CellKey, Decimal | None]
Misprint = Callable[[str, Table, Random], Table | None]


def misprint(kind: str, edition: str, random: Random) -> tuple[Table, Table] | None:
    """A table before and after; None where the kind finds nothing to change, or what it changes breaks no sum."""
    table: Table = dict(consistent.solve(edition, random))
    if kind.endswith("blanks"):
        table = _BLANKS[kind](table, random)
    after = KINDS[kind](edition, dict(table), random)
    return (table, after) if after and not _holds(edition, after) else None


def cells(edition: str) -> list[CellKey]:
    """The cells that stand in a sum."""
    return sorted({cell for each in identities(edition) for cell in each.cells})


def changes(before: Table, after: Table) -> dict[CellKey, Decimal | None]:
    """What the cells that differ held."""
    return {cell: before[cell] for cell in before if before[cell] != after[cell]}


def alone(edition: str, table: Table) -> list[CellKey]:
    """The cells of a table without blanks that could make every sum hold alone, told without what is under test."""
    return [cell for cell in cells(edition) if any(True for _ in _undoing(edition, table, cell))]


def _undoing(edition: str, table: Table, cell: CellKey) -> Iterator[Decimal]:
    """Values of one cell with which all sums hold; at an equality only one can do, else any end of an inequality."""
    for identity in identities(edition):
        if cell in identity.cells:
            rest = sum(_signed(identity, each) * (table[each] or 0) for each in identity.cells if each != cell)
            value = Decimal(-rest if cell in identity.left else rest)
            if value >= 0 and _holds(edition, {**table, cell: value}):
                yield value


def _signed(identity: consistent.Identity, cell: CellKey) -> int:
    return 1 if cell in identity.left else -1


def _holds(edition: str, table: Table) -> bool:
    """Whether every sum can be kept; one with blanks only tells what its printed cells exceed."""
    return all(_is_kept(identity, table) for identity in identities(edition))


def _is_kept(identity: consistent.Identity, table: Table) -> bool:
    left, right = (sum((table[cell] or Decimal(0) for cell in side), Decimal(0)) for side in _sides(identity))
    is_left_open, is_right_open = (any(table[cell] is None for cell in side) for side in _sides(identity))
    can_be_at_most = left <= right or is_right_open
    return can_be_at_most and (identity.relation is Relation.AT_MOST or left >= right or is_left_open)


def _sides(identity: consistent.Identity) -> tuple[tuple[CellKey, ...], tuple[CellKey, ...]]:
    return identity.left, identity.right


def _digits(slip: Callable[[str, Random], str]) -> Misprint:
    """One printed cell with other digits, where the slip makes another number of them."""

    def change(edition: str, table: Table, random: Random) -> Table | None:
        listed = [cell for cell in cells(edition) if table[cell]]
        for cell in random.sample(listed, len(listed)):
            slipped = Decimal(slip(f"{table[cell]}", random) or "0")
            if slipped != table[cell]:
                return {**table, cell: slipped}
        return None

    return change


def _left_out(digits: str, random: Random) -> str:
    place = random.randrange(len(digits))
    return digits[:place] + digits[place + 1 :] if len(digits) > 1 else digits


def _added(digits: str, random: Random) -> str:
    place = random.randint(1, len(digits))
    return digits[:place] + random.choice("0123456789") + digits[place:]


def _doubled(digits: str, random: Random) -> str:
    place = random.randrange(len(digits))
    return digits[: place + 1] + digits[place:]


def _swapped(digits: str, random: Random) -> str:
    place = random.randrange(len(digits) - 1) if len(digits) > 1 else 0
    return digits[:place] + digits[place + 1 : place + 2] + digits[place] + digits[place + 2 :]


def _mistyped(digits: str, random: Random) -> str:
    place = random.randrange(len(digits))
    return digits[:place] + random.choice("123456789") + digits[place + 1 :]


def _any_value(edition: str, table: Table, random: Random) -> Table | None:
    cell = random.choice([cell for cell in cells(edition) if table[cell] is not None])
    return {**table, cell: (table[cell] or Decimal(0)) + random.randint(1, 300)}


def _copied(edition: str, table: Table, random: Random) -> Table | None:
    near, listed = grid(edition).neighbours, cells(edition)
    pairs = [(cell, other) for cell in listed for other in near[cell] if table[other] not in (table[cell], 0)]
    cell, other = random.choice(pairs)
    return {**table, cell: table[other]}


def _moved(edition: str, table: Table, random: Random) -> Table | None:
    """A value in the next cell of its row or column, which held nothing."""
    near, listed = grid(edition).neighbours, cells(edition)
    pairs = [
        (cell, other) for cell in listed for other in near[cell] if other in listed and table[cell] and not table[other]
    ]
    if not pairs:
        return None
    cell, other = random.choice(pairs)
    return {**table, cell: Decimal(0), other: table[cell]}


def _row_shifted(edition: str, table: Table, random: Random) -> Table | None:
    lines = [line for line in grid(edition).lines if len(line) == 7 and all(cell.applicant for cell in line)]
    if not lines:
        return None
    line = random.choice(lines)
    return {**table, **dict(zip(line, [Decimal(0), *(table[cell] for cell in line[:-1])], strict=True))}


def _two_cells(edition: str, table: Table, random: Random) -> Table | None:
    one, other = random.sample([cell for cell in cells(edition) if table[cell] is not None], 2)
    return {**table, **{cell: (table[cell] or Decimal(0)) + random.randint(1, 300) for cell in (one, other)}}


def _blank(is_blank: Callable[[Decimal | None, Random], bool]) -> Callable[[Table, Random], Table]:
    return lambda table, random: {cell: None if is_blank(value, random) else value for cell, value in table.items()}


SINGLE: dict[str, Misprint] = {
    "digit left out": _digits(_left_out),
    "digit added": _digits(_added),
    "digit doubled": _digits(_doubled),
    "digits swapped": _digits(_swapped),
    "digit mistyped": _digits(_mistyped),
    "any other value": _any_value,
    "neighbour's value": _copied,
}
KINDS: dict[str, Misprint] = {
    **SINGLE,
    "value moved": _moved,
    "row shifted": _row_shifted,
    "two cells": _two_cells,
    "one cell, zeros are blanks": _any_value,
    "one cell, a tenth are blanks": _any_value,
    "two cells, a tenth are blanks": _two_cells,
}
_BLANKS: dict[str, Callable[[Table, Random], Table]] = {
    "one cell, zeros are blanks": _blank(lambda value, _: not value),
    "one cell, a tenth are blanks": _blank(lambda _, random: random.random() < 0.1),
    "two cells, a tenth are blanks": _blank(lambda _, random: random.random() < 0.1),
}
