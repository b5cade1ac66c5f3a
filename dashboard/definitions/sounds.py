"""How the characters of the program's own names sound: `sounds.csv` comes in, syllables go out.

The names of bodies are many and are sounded once, when a snapshot is built; these are few and known beforehand, and a
server that answers readers need not hold a dictionary of the language for them.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "sounds.csv"


def readings(words: str) -> list[list[str]]:
    """The ways to say these words, each as one syllable a character; letters and digits stay, others have no sound."""
    held = _sounds()
    most = max((len(held[each]) for each in words if each in held), default=1)
    return [[_said(each, held, way) for each in words] for way in range(most)]


def _said(character: str, held: dict[str, list[str]], way: int) -> str:
    if character in held:
        return held[character][min(way, len(held[character]) - 1)]
    return character if character.isascii() else ""


@cache
def _sounds() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for character in row["characters"]:
                found.setdefault(character, []).append(row["syllable"])
    return found
