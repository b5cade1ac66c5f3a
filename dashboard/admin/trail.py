"""The log of who came in, who was turned away, and which accounts changed: the one place that writes it.

It is in the admin folder and not beside the data, for it names people and the addresses of their computers.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

FILE = "access.jsonl"


class Trail:
    """`actor` is the name of an account; empty where nobody known acted. Never given a password, a code or a token."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def record(self, actor: str, action: str, **details: object) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "by": actor, "action": action, **details}, ensure_ascii=False) + "\n"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
