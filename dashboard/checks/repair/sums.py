"""Sums with some cells set free: what these can hold, and which sums then cannot be kept whatever they hold.

Bounds are pushed from sum to sum until nothing moves. What that refutes is refuted; the rest may need a proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from dashboard import definitions
from dashboard.checks.identities import CellKey, Identity, Relation, identities
from dashboard.checks.repair.record import Printed

INFINITE = Decimal("Infinity")
_NOTHING = Decimal(0)
_VISITS = 12  # a sum is looked at so often; bounds may creep by one a time

Cells = frozenset[CellKey]
Bounds = dict[CellKey, tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class Domain:
    """What a cell can hold at all."""

    is_whole: bool = True
    may_be_negative: bool = False

    def holds(self, value: Decimal) -> bool:
        return (self.may_be_negative or value >= 0) and (not self.is_whole or value == value.to_integral_value())

    def within(self, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
        """The part of an interval that the cell can hold; empty where the first is above the second."""
        if not self.may_be_negative:
            low = max(low, _NOTHING)
        if self.is_whole:
            low = low.to_integral_value(ROUND_CEILING)
            high = high.to_integral_value(ROUND_FLOOR)
        return low, high


Reasons = dict[tuple[CellKey, int], frozenset[int]]
"""Which sums a bound of a free cell follows from, by its end: 0 the least, 1 the greatest. Without one, from nothing."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Sums that cannot all be kept, whatever the free cells hold; at `place` it came to light."""

    sums: frozenset[int]
    place: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What free cells can hold, which sums are broken all the same, and which are not yet refuted."""

    bounds: Bounds
    broken: tuple[Broken, ...]
    unsure: tuple[frozenset[int], ...]


@dataclass(frozen=True)
class Sums:
    """Sums that share cells, and what is printed in them. `must_change` hold what such a cell cannot hold."""

    identities: tuple[Identity, ...]
    printed: Mapping[CellKey, Decimal]
    domains: Mapping[CellKey, Domain]
    cells: tuple[CellKey, ...] = field(init=False)
    places: Mapping[CellKey, tuple[tuple[int, int], ...]] = field(init=False)
    unknown: Cells = field(init=False)
    must_change: Cells = field(init=False)
    differences: tuple[Decimal, ...] = field(init=False)

    def __post_init__(self) -> None:
        places: dict[CellKey, list[tuple[int, int]]] = {}
        for index, identity in enumerate(self.identities):
            for sign, side in ((1, identity.left), (-1, identity.right)):
                for cell in side:
                    places.setdefault(cell, []).append((index, sign))
        known = {cell: self.printed[cell] for cell in places if cell in self.printed}
        set_ = object.__setattr__
        set_(self, "cells", tuple(places))
        set_(self, "places", {cell: tuple(found) for cell, found in places.items()})
        set_(self, "unknown", frozenset(cell for cell in places if cell not in known))
        set_(self, "must_change", frozenset(cell for cell in known if not self.domains[cell].holds(known[cell])))
        set_(self, "differences", tuple(_difference(identity, known) for identity in self.identities))

    def reach(self, changed: Cells) -> Reach:
        """With `changed` cells free, and those without a value."""
        free = changed | self.unknown
        bounds: Bounds = {}
        clusters = self._clusters(free)
        touched = frozenset[int]().union(*clusters)
        broken = [
            Broken(frozenset((index,)), index)
            for index, identity in enumerate(self.identities)
            if index not in touched and not _is_kept(identity.relation, self.differences[index])
        ]
        unsure = []
        for cluster in clusters:
            refuted = self._refuted(cluster, free, bounds)
            broken += refuted
            if not refuted and not self._is_settled(cluster, free, bounds):
                unsure.append(cluster)
        return Reach(bounds, tuple(broken), tuple(unsure))

    def are_kept(self, values: Mapping[CellKey, Decimal]) -> bool:
        """Whether all sums hold with these values in the place of what is printed, or of nothing."""
        held = {**self.printed, **values}
        return self.unknown <= held.keys() and all(
            _is_kept(identity.relation, _difference(identity, held)) for identity in self.identities
        )

    def known_in(self, sums: Iterable[int]) -> Cells:
        return frozenset(cell for index in sums for cell in self.identities[index].cells if cell not in self.unknown)

    def _clusters(self, free: Cells) -> list[frozenset[int]]:
        """The sums that free cells stand in, those together that are joined by such cells."""
        found: list[set[int]] = []
        for cell in free:
            joined = {index for index, _ in self.places[cell]}
            apart = [each for each in found if not each & joined]
            found = [*apart, joined.union(*(each for each in found if each & joined))]
        return [frozenset(each) for each in found]

    def _refuted(self, cluster: frozenset[int], free: Cells, bounds: Bounds) -> list[Broken]:
        """Sums of the cluster that are broken each by itself; else what comes to light as its bounds are narrowed."""
        terms = self._terms(cluster, free, bounds)
        alone = [
            index
            for index in sorted(cluster)
            if not _can_be_kept(self.identities[index].relation, *terms[index], bounds)
        ]
        if alone:
            return [Broken(frozenset((index,)), index) for index in alone]
        left, waiting, reasons = dict.fromkeys(cluster, _VISITS), sorted(cluster), Reasons()
        while waiting:
            index = waiting.pop(0)
            left[index] -= 1
            sum_ = _Sum(index, self.identities[index].relation, *terms[index])
            moved = sum_.narrow(bounds, reasons, self.domains)
            if isinstance(moved, frozenset):
                return [Broken(moved, index)]
            again = {place for cell in moved for place, _ in self.places[cell] if place != index and left[place] > 0}
            waiting.extend(sorted(again.difference(waiting)))
        return []

    def _terms(
        self, cluster: frozenset[int], free: Cells, bounds: Bounds
    ) -> dict[int, tuple[Decimal, list[tuple[CellKey, int]]]]:
        """For each sum what its fixed cells come to, and its free cells; opens the bounds of these."""
        fixed = {index: self.differences[index] for index in cluster}
        terms: dict[int, list[tuple[CellKey, int]]] = {index: [] for index in cluster}
        for cell in sorted(free):
            for index, sign in self.places[cell]:
                if index in cluster:
                    bounds.setdefault(cell, self.domains[cell].within(-INFINITE, INFINITE))
                    terms[index].append((cell, sign))
                    fixed[index] -= sign * self.printed.get(cell, _NOTHING)
        return {index: (fixed[index], terms[index]) for index in cluster}

    def _is_settled(self, cluster: frozenset[int], free: Cells, bounds: Bounds) -> bool:
        """Whether the cluster is seen to be kept, with all its free cells at their least."""
        cells = [cell for cell in free if any(index in cluster for index, _ in self.places[cell])]
        least = {cell: bounds[cell][0] for cell in cells if bounds[cell][0].is_finite()}
        values = {**self.printed, **least}
        return len(least) == len(cells) and all(
            _is_kept(self.identities[index].relation, _difference(self.identities[index], values)) for index in cluster
        )


def broken_sums(edition: str, cells: Printed) -> list[Sums]:
    """The groups of the edition's sums that the table breaks, each with everything it hangs together with."""
    printed = {cell: value for cell, value in cells.items() if value is not None}
    groups = [Sums(group, printed, domains(group)) for group in _joined(identities(edition))]
    return [group for group in groups if group.reach(frozenset()).broken]


def domains(sums: Iterable[Identity]) -> dict[CellKey, Domain]:
    """What the cells of these sums can hold, from what the indicator dictionary says of them."""
    return {cell: _domain(cell) for identity in sums for cell in identity.cells}


def _domain(cell: CellKey) -> Domain:
    is_money = definitions.is_money(definitions.indicators()[cell.indicator].unit)
    return Domain(is_whole=not is_money, may_be_negative=cell.indicator.endswith(".items_change"))


def _joined(sums: tuple[Identity, ...]) -> list[tuple[Identity, ...]]:
    """The sums parted into groups that share no cell."""
    groups: list[list[Identity]] = []
    for identity in sums:
        near = [group for group in groups if any(set(each.cells) & set(identity.cells) for each in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(each for group in near for each in group), identity])
    return [tuple(group) for group in groups]


def _difference(identity: Identity, values: Mapping[CellKey, Decimal]) -> Decimal:
    left, right = (sum((values.get(cell, _NOTHING) for cell in side), _NOTHING) for side in _sides(identity))
    return left - right


def _sides(identity: Identity) -> tuple[tuple[CellKey, ...], tuple[CellKey, ...]]:
    return identity.left, identity.right


def _is_kept(relation: Relation, difference: Decimal) -> bool:
    return difference <= 0 if relation is Relation.AT_MOST else difference == 0


def _can_be_kept(relation: Relation, fixed: Decimal, terms: list[tuple[CellKey, int]], bounds: Bounds) -> bool:
    """Whether one sum can be kept by itself."""
    ranges = [_signed(bounds[cell], sign) for cell, sign in terms]
    least, most = (fixed + sum((each[end] for each in ranges), _NOTHING) for end in (0, 1))
    return least <= 0 and (relation is Relation.AT_MOST or most >= 0)


@dataclass(frozen=True, slots=True)
class _Sum:
    """One sum: what its fixed cells come to, and its free cells with the sign of their side."""

    index: int
    relation: Relation
    fixed: Decimal
    terms: list[tuple[CellKey, int]]

    def narrow(
        self, bounds: Bounds, reasons: Reasons, domains: Mapping[CellKey, Domain]
    ) -> list[CellKey] | frozenset[int]:
        """Narrows what the free cells can hold. The cells that moved; or the sums that cannot all be kept."""
        ranges = [_signed(bounds[cell], sign) for cell, sign in self.terms]
        least, most = (_Total.of(each[end] for each in ranges) for end in (0, 1))
        moved = []
        for (cell, sign), (low, high) in zip(self.terms, ranges, strict=True):
            upper = -self.fixed - least.without(low)
            lower = -self.fixed - most.without(high) if self.relation is Relation.EQUAL else -INFINITE
            own = domains[cell].within(*_signed((max(low, lower), min(high, upper)), sign))
            if own == bounds[cell]:
                continue
            self._give_reasons(cell, sign, own, bounds, reasons)
            if own[0] > own[1]:
                return frozenset((self.index,)).union(*(reasons.get((cell, end), ()) for end in (0, 1)))
            bounds[cell] = own
            moved.append(cell)
        return moved

    def _give_reasons(
        self, cell: CellKey, sign: int, own: tuple[Decimal, Decimal], bounds: Bounds, reasons: Reasons
    ) -> None:
        """A bound that moved follows from this sum and from the opposite bounds of its other cells."""
        for end in (0, 1):
            if own[end] != bounds[cell][end]:
                side = end if sign > 0 else 1 - end
                others = [
                    reasons.get((other, 1 - side if other_sign > 0 else side), frozenset())
                    for other, other_sign in self.terms
                    if other != cell
                ]
                reasons[cell, end] = frozenset((self.index,)).union(*others)


def _signed(bounds: tuple[Decimal, Decimal], sign: int) -> tuple[Decimal, Decimal]:
    return bounds if sign > 0 else (-bounds[1], -bounds[0])


@dataclass(frozen=True, slots=True)
class _Total:
    """A sum that one of its terms can be taken out of again, endless ones too; all endless ones have one sign."""

    finite: Decimal
    endless: int
    end: Decimal

    @classmethod
    def of(cls, values: Iterable[Decimal]) -> _Total:
        listed = list(values)
        endless = [value for value in listed if not value.is_finite()]
        finite = sum((value for value in listed if value.is_finite()), _NOTHING)
        return cls(finite, len(endless), endless[0] if endless else _NOTHING)

    def without(self, value: Decimal) -> Decimal:
        if value.is_finite():
            return self.end if self.endless else self.finite - value
        return self.end if self.endless > 1 else self.finite
