"""Where a figure of a chart is printed: a locator in the report of the view, or one in another report, which it names.

`990100/2019@table:1/row:3/col:2` is a place in another report; without the part before the @ it is the view's own.
"""

from __future__ import annotations

import re

_OTHER = re.compile(r"([0-9A-Za-z_.-]{1,40})/([0-9]{4})@(.+)", re.DOTALL)


def told(locator: str | None, report: tuple[str, int], own: tuple[str, int]) -> str:
    """The place as a view of the report `own` names it; empty where nothing is printed."""
    if not locator:
        return ""
    return locator if report == own else f"{report[0]}/{report[1]}@{locator}"


def read(place: str) -> tuple[tuple[str, int] | None, str]:
    """The other report that a place names, None for the view's own, and the locator."""
    match = _OTHER.fullmatch(place)
    return ((match[1], int(match[2])), match[3]) if match else (None, place)
