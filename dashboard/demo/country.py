"""The bodies of a synthetic country: provinces, prefectures, counties and their departments, in the order of their codes.

No division code of GB/T 2260 begins with 9; those of this country all do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.demo import names
from dashboard.demo.names import Name
from dashboard.schema import Body

LEVELS = ("province", "prefecture", "county", "department")
MOST = 200_000


@dataclass(frozen=True, slots=True)
class _Place:
    code: str
    name: Name
    level: str
    parent: str


def bodies(count: int, seed: int) -> list[Body]:
    """So many bodies, about as many of each level as a real country has; the same for the same seed."""
    places = _places(count, seed)
    listed = [*(_body(each) for each in places), *_departments(places, count - len(places))]
    return sorted(listed, key=lambda body: body.body)


def _places(count: int, seed: int) -> list[_Place]:
    provinces = max(1, min(10, count // 320))
    prefectures = min(count - provinces, max(1, min(provinces * 99, count // 32)))
    counties = min(count - provinces - prefectures, round(count * 0.28))
    order = np.random.default_rng([seed, 0]).permutation(provinces + prefectures + counties)
    numbers = iter(order.tolist())
    listed = [
        _Place(f"9{each}0000", names.place(next(numbers), "province"), "province", "") for each in range(provinces)
    ]
    for level, width, number in (("prefecture", 2, prefectures), ("county", 4, counties)):
        above = [each for each in listed if each.level == LEVELS[LEVELS.index(level) - 1]]
        listed += _below(above, level, width, number, numbers)
    return listed


def _below(above: Sequence[_Place], level: str, width: int, number: int, numbers: Iterator[int]) -> Iterator[_Place]:
    """`number` places shared out evenly; `width` is how many digits of a code are those of the place above."""
    for each in range(number):
        parent = above[each % len(above)]
        code = f"{parent.code[:width]}{each // len(above) + 1:02d}".ljust(6, "0")
        yield _Place(code, names.place(next(numbers), level), level, parent.code)


def _departments(places: Sequence[_Place], count: int) -> Iterator[Body]:
    for each in range(count):
        above, number = places[each % len(places)], each // len(places)
        name = names.department(above.name, number % names.MOST_DEPARTMENTS)
        yield _body(_Place(f"{above.code}{number + 1:03d}", name, "department", above.code))


def _body(place: _Place) -> Body:
    alias = place.name.plain if place.level == "department" else f"{place.name.plain}人民政府"
    return Body(place.code, place.name.full, place.name.full_en, place.level, place.parent, alias)
