"""Whole documents to begin with: reports by chance, some with figures and prose that no office would print."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from random import Random

from tests.documents import chance as reports
from tests.documents.writers import WRITERS
from tests.fuzz import hostile

_PRINTABLE = str.maketrans(dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127]))


@lru_cache(maxsize=64)
def sample(suffix: str, seed: int) -> bytes:
    """A file of this format; the same one for the same seed."""
    chance = Random(seed)
    edition = chance.choice(list(reports.YEARS))
    report = reports.report(chance, edition)
    figures = dict(report.figures)
    for key in chance.sample(sorted(figures), chance.choice((0, 0, 1, 3, 20))):
        figures[key] = hostile.figure(chance)
    prose = ["一、总体情况", *(hostile.sentence(chance) for _ in range(chance.choice((0, 5, 40))))]
    style = replace(report.style, is_lying=False) if suffix == ".pdf" else report.style
    dress = report.dress
    if suffix == ".pdf":  # a cell must not be taller than a page
        figures = {key: words[:40].translate(_PRINTABLE) for key, words in figures.items()}
        prose = [words[:800].translate(_PRINTABLE) for words in prose]
    return WRITERS[suffix](replace(report, figures=figures, prose=prose, style=style, dress=dress))
