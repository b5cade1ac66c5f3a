"""Pages that hold their own style and script: texts come in and go out small, with the hashes that a policy allows them by."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

_COMMENT = re.compile(r"/\*.*?\*/\s*|^\s+", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Made:
    """The page and its policy: nothing may run or dress it but what it holds, told by hashes."""

    html: str
    policy: str


def small(text: str) -> str:
    """A style sheet or a script without comments and indents."""
    return _COMMENT.sub("", text).strip()


def hashed(text: str) -> str:
    """The source expression of a Content-Security-Policy that allows this text alone."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
