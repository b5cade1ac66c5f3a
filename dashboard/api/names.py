"""Under which name a file is kept by who takes it: one that every system takes, and one that people read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

# Not allowed in a name on one system or another, or steering how a line is read.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+')
_LONGEST = 60  # characters of a part; three bytes each, and most systems hold 255


def disposition(plain: str, readable: str, *, is_attachment: bool) -> str:
    """A Content-Disposition header: `plain` in ASCII for those who know no other, `readable` for the rest."""
    kind = "attachment" if is_attachment else "inline"
    fallback = re.sub(r"[^0-9A-Za-z._-]+", "-", plain)
    return f"{kind}; filename=\"{fallback}\"; filename*=UTF-8''{quote(readable, safe='')}"


def readable(parts: Sequence[str], ending: str) -> str:
    """`宁夏回族自治区-2018-公开渠道.csv`"""
    return "-".join(clean for part in parts if (clean := _clean(part))) + f".{ending}"


def _clean(part: str) -> str:
    return _FORBIDDEN.sub(" ", part).strip(" .")[:_LONGEST].strip(" .")
