"""By what a body is found: its names, aliases and code, and how the Chinese ones sound, in full and by initials.

Bodies in, keys out. What a reader types is made plain in the same way, so that the two meet.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from dashboard.schema import Body, BodyName, Report

NAME, ALIAS, CODE, PINYIN, INITIALS = "name", "alias", "code", "pinyin", "initials"
_LONGEST_SLIP = 40
_LEVELS = {"province": 0, "prefecture": 1, "county": 2, "department": 3}
# Keyboards have no ü: some type v for it, others u.
_UMLAUT = str.maketrans("v", "u")


def plain(words: str) -> str:
    """What is compared: letters and digits alone, small, of usual width."""
    return "".join(each for each in unicodedata.normalize("NFKC", words).casefold() if each.isalnum())


def may_slip(key: str) -> bool:
    """Whether it is long enough to tell what was meant; a code tells nothing with another digit."""
    return (4 if key.isascii() else 3) <= len(key) <= _LONGEST_SLIP and not key.isdigit()


def keys(bodies: Iterable[Body], reports: Iterable[Report]) -> Iterator[BodyName]:
    """Every way to find these bodies, each once; one that only repeats the beginning of another is left out."""
    counts = Counter(report.body for report in reports)
    for body in bodies:
        aliases = [alias for alias in body.aliases.split("|") if alias]
        told = [(NAME, plain(body.name)), (NAME, plain(body.name_en)), (CODE, plain(body.body))]
        told += [(ALIAS, plain(alias)) for alias in aliases]
        told += _sounds(body.name)
        for alias in aliases:
            told += [each for each in _sounds(alias) if not any(key.startswith(each[1]) for _, key in told)]
        place = _LEVELS.get(body.level, len(_LEVELS)) * 1000 + min(len(body.name), 999)
        for kind, key in dict.fromkeys(told):
            if key:
                yield BodyName(body.body, kind, key, place, counts[body.body])


def _sounds(name: str) -> Iterator[tuple[str, str]]:
    from pypinyin import lazy_pinyin  # only a build needs it; its dictionary takes half a second and 40 MB

    syllables = [plain(each) for each in lazy_pinyin(name)]
    full = "".join(syllables)
    yield PINYIN, full
    yield PINYIN, full.translate(_UMLAUT)
    yield INITIALS, "".join(each[:1] for each in syllables)
