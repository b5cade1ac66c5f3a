"""The log of a server: one line each on standard error, as text or as JSON, with the request it belongs to.

No address of a reader and nothing that a reader typed: who logs a request names its route, see `observed`.
"""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

# The request that is being answered; threads that work for it know it too.
request_id: ContextVar[str] = ContextVar("request_id", default="")
_KEPT_FIELDS = ("route", "method", "status", "milliseconds")


def start(kind: str) -> None:
    """From now on this process logs in the manner of `kind`: text or json."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson() if kind == "json" else AsText())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("uvicorn", "uvicorn.error", "httpx", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class AsText(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = f"{_at(record)} {record.levelname} {record.name} [{request_id.get() or '-'}] {record.getMessage()}"
        return f"{said}\n{self.formatException(record.exc_info)}" if record.exc_info else said


class AsJson(logging.Formatter):
    """An object a line; a traceback is one text."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": _at(record),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.get() or None,
            "message": record.getMessage(),
        }
        told |= {name: getattr(record, name) for name in _KEPT_FIELDS if hasattr(record, name)}
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
