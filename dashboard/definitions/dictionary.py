"""The indicator dictionary: `indicators.csv` comes in, typed records go out. Adding an indicator is adding a row there."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dashboard.messages import Language

_FILE = Path(__file__).parent / "indicators.csv"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One code, one meaning. `relation` to its parent: item (adds up), of_which (part), channel (counted once above)."""

    code: str
    parent: str
    relation: str
    unit: str
    tone: str
    name_zh: str
    name_en: str
    clause: str
    places: dict[str, str]

    def name(self, language: Language) -> str:
        return self.name_zh if language is Language.ZH else self.name_en


@cache
def indicators() -> dict[str, Indicator]:
    """The dictionary by code, in the order of the form."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["indicator"]: _indicator(row) for row in csv.DictReader(file)}


def _indicator(row: dict[str, str]) -> Indicator:
    places = {key.removeprefix("place_"): place for key, place in row.items() if key.startswith("place_") and place}
    return Indicator(
        row["indicator"], row["parent"], row["relation"], row["unit"], row["tone"],
        row["name_zh"], row["name_en"], row["clause"], places,
    )  # fmt: skip
