"""Every sentence a person reads, by id and language. Knows catalogs only; who says what stands elsewhere.

The catalogs are gettext files under `definitions/translations/`, read as they are: a wording is edited in one place
and needs no compiling. A message that a catalog lacks is an error, never an empty string or another language.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

_UNSPEAKABLE = {"Cc", "Cf", "Cs"}  # controls, invisible format marks, halves of characters
TRANSLATIONS = Path(__file__).parent / "definitions" / "translations"


class Language(StrEnum):
    """The interface's languages; the first is the default."""

    ZH = "zh"
    EN = "en"

    @property
    def tag(self) -> str:
        """As HTML wants it in `lang`."""
        return {"zh": "zh-CN", "en": "en"}[self.value]


@cache
def catalog(language: Language) -> dict[str, str]:
    """Message id -> sentence."""
    with (TRANSLATIONS / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def text(message_id: str, language: Language, **values: object) -> str:
    """The sentence with its values filled in. Raises KeyError for an id that the language's catalog lacks."""
    return catalog(language)[message_id].format(**values)


def both(message_id: str) -> str:
    """The sentence in every language, for what travels where its reader's is not known."""
    return " · ".join(text(message_id, language) for language in Language)


def plural(message_id: str, count: int, language: Language, **values: object) -> str:
    """As `text`, choosing `<id>.one` for one in a language that tells one from many."""
    one = f"{message_id}.one"
    chosen = one if count == 1 and one in catalog(language) else message_id
    return text(chosen, language, count=number(count), **values)


def number(value: Decimal | int | float) -> str:
    """All digits with separators, no tail of zeros: 706,668; 2,602.76."""
    plain = f"{Decimal(str(value)):,f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def brief(value: Decimal | int | float, language: Language, digits: int = 2) -> str:
    """A large number as its readers say it: 70.67 万 in Chinese, 706.7 thousand is not said in English, so 706,668."""
    exact = Decimal(str(value))
    if language is Language.ZH:
        for size, word in ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")):
            if abs(exact) >= size:
                return f"{number(round(exact / size, digits))} {word}"
    return number(exact)


def quantity(value: Decimal, unit: str, language: Language) -> tuple[str, str]:
    """Digits and unit as the language says them: 2,602.76 万元 is 26,027,600 yuan in English, which has no 万."""
    if language is Language.EN and unit == "万元":
        value, unit = value * 10000, "元"
    return number(value), text(f"unit.{unit}", language) if f"unit.{unit}" in catalog(language) else unit


def shown_large(value: Decimal, unit: str, language: Language) -> tuple[str, str]:
    """What stands large and what small of a key figure: 70.67 and 万条."""
    digits, word = quantity(value, unit, language)
    if language is Language.ZH and unit != "万元":
        digits, _, size = brief(value, language).partition(" ")
        return digits, f"{size}{word}"
    return digits, word


def percent(fraction: Decimal | float, digits: int = 1) -> str:
    """A computed fraction as a percentage with `digits` decimals: 0.05 is 5.0%."""
    return f"{round(Decimal(str(fraction)) * 100, digits):,.{digits}f}%"


def percent_as_stated(fraction: Decimal | float) -> str:
    """A fraction that a report states, with the digits that it states: 0.5 is 50%, 0.0782 is 7.82%."""
    return f"{number(Decimal(str(fraction)) * 100)}%"


def tellable(words: str, longest: int = 1000) -> str:
    """Foreign words fit for a sentence: cut to `longest` characters, and none that steers a terminal or hides text."""
    cut = words if len(words) <= longest else f"{words[: longest - 1]}…"
    return "".join("\ufffd" if unicodedata.category(each) in _UNSPEAKABLE else each for each in cut)


class UserError(Exception):
    """Something a person can put right. Carries the id and the values, so that it can be said in any language."""

    def __init__(self, message_id: str, **values: object) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.values = {name: tellable(value) if isinstance(value, str) else value for name, value in values.items()}

    def say(self, language: Language) -> str:
        """The sentence: what happened, where, what to do; after the name of the file it is about, if it is about one."""
        comma = ", " if language is Language.EN else "、"
        values = {
            name: comma.join(map(str, each)) if isinstance(each, tuple) else each for name, each in self.values.items()
        }
        said = text(self.message_id, language, **values)
        if "file" not in self.values or "{file}" in catalog(language)[self.message_id]:
            return said
        return text("document.in_file", language, file=self.values["file"], said=said)

    def __str__(self) -> str:
        return self.say(Language.EN)
