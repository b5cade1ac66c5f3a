"""Colours of charts stand out from their ground, and words on them are readable, in each theme."""

from __future__ import annotations

import pytest

from dashboard.figures.theme import Look, Theme

MARKS = ("departments", "localities", "own", "rest", "accent", "good", "good2", "mid", "bad", "grey", "seal")
WORDS = ("ink", "ink2", "seal", "link")


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_a_mark_has_three_to_one_against_its_ground_and_its_words_more(theme: Theme) -> None:
    look = Look(theme)
    assert not [each for each in MARKS if contrast(look.colour(each), look.colour("paper")) < 3]
    assert not [each for each in MARKS[:-1] if contrast(look.colour(each), look.on(each)) < 4.5]
    assert not [each for each in WORDS if contrast(look.colour(each), look.colour("paper")) < 4.5]
