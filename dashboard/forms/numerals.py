"""Numbers written in Chinese characters: 二十四, 一千二百, 三万五千, 九十八点五, 三成半, 四分之三.

Words in, exact values out, None where the words are no number or could be two: 两三 is two or three, 三万五 is 35000
in speech and 30005 to a careless reader, 三分之一 has no exact decimal.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

_D = "[一二两三四五六七八九]"
_TENS = f"(?:{_D}?十{_D}?)"
_HUNDREDS = f"(?:{_D}?百(?:零(?:{_D}?十{_D}|{_D})|{_D}十{_D}?|十{_D}?)?)"
_THOUSANDS = f"(?:{_D}?千(?:零(?:{_TENS}|{_D})|{_HUNDREDS})?)"
_SMALL = f"(?:{_HUNDREDS}|{_TENS}|{_D})"
_UNDER_WAN = f"(?:{_THOUSANDS}|{_SMALL})"
_UNDER_YI = f"(?:{_UNDER_WAN}?万(?:零{_SMALL}|{_THOUSANDS})?|{_UNDER_WAN})"
_NUMBER = re.compile(f"(?:{_UNDER_WAN}亿(?:零{_UNDER_YI}|{_UNDER_WAN}万(?:零{_SMALL}|{_THOUSANDS})?)?|{_UNDER_YI}|零)")
_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"两": 2}
_SIZES = {"十": 10, "百": 100, "千": 1000}


def number(words: str) -> Decimal | None:
    """二十四 is 24, 一百零三 is 103, 三万五千 is 35000; None where the words are no number or more than one."""
    plain = words.replace("〇", "零").replace("○", "零")
    return Decimal(_count(plain)) if _NUMBER.fullmatch(plain) else None


def _count(words: str) -> int:
    for word, size in (("亿", 10**8), ("万", 10**4)):
        above, found, below = words.partition(word)
        if found:
            return (_count(above) if above else 1) * size + _count(below)
    total, digit = 0, 0
    for word in words:
        if word in _SIZES:
            total += (digit or 1) * _SIZES[word]
            digit = 0
        else:
            digit = _DIGITS[word]
    return total + digit


def decimal(words: str) -> Decimal | None:
    """九十八点五 is 98.5; without 点 as `number`."""
    whole, _, decimals = words.partition("点")
    value = number(whole)
    if value is None:
        return None
    digits = "".join(str(_DIGITS["零" if word in "〇○" else word]) for word in decimals)
    return value + Decimal(f"0.{digits or 0}")


def part(of: str, parts: str) -> Decimal | None:
    """四分之三 is 0.75; None where it is no finite decimal (三分之一) or more than the whole."""
    whole, share = number_or_digits(of), number_or_digits(parts)
    if not whole or share is None or share > whole:
        return None
    fraction = Fraction(int(share), int(whole))
    rest = fraction.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return Decimal(fraction.numerator) / Decimal(fraction.denominator) if rest == 1 else None


def number_or_digits(words: str) -> Decimal | None:
    return Decimal(words) if words.isdecimal() else number(words)


def year(words: str) -> int | None:
    """二〇二一 is 2021; None unless every character is a digit."""
    plain = words.replace("〇", "零").replace("○", "零")
    if not all(word in _DIGITS and word != "两" for word in plain):
        return None
    return int("".join(str(_DIGITS[word]) for word in plain))
