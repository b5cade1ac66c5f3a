"""A figure held against what it should be: one line each, and whether all of them hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """`bound` is the most the value may be, or the least where `is_least`."""

    label: str
    value: float
    bound: float
    is_least: bool = False

    @property
    def is_held(self) -> bool:
        return self.value >= self.bound if self.is_least else self.value <= self.bound


def tell(targets: Iterable[Target]) -> bool:
    """Prints the verdicts; whether every target is held."""
    told = list(targets)
    for each in told:
        sign = ">=" if each.is_least else "<="
        verdict = "held" if each.is_held else "MISSED"
        print(f"{each.label:52}{each.value:>10.5g}   target {sign} {each.bound:<7g}{verdict}")
    return all(each.is_held for each in told)
