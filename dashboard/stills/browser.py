"""The browser that draws, seen from the server: started when needed, replaced when worn or broken, never waited for long.

Orders come in, files as plotly makes them go out. Knows neither charts nor what becomes of the files.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from dashboard.messages import UserError
from dashboard.stills import memory, order
from dashboard.stills.order import Order
from dashboard.worker import Broken, Ending, Worker

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
_IDLE_SECONDS = 300.0
_MOST_DRAWINGS = 2_000
_WEIGHED_EVERY = 16  # drawings; weighing all processes takes some milliseconds


def find(told: str) -> str | None:
    """The browser of the settings if it is there, or else one on the PATH; None where there is none."""
    if told:
        return told if Path(told).is_file() and os.access(told, os.X_OK) else None
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


class DrawingBrowser:
    """For any thread; drawings are made one after the other. `seconds` bounds a drawing, twice as many a start."""

    def __init__(self, path: str, script: Path, megabytes: int, seconds: float = 10.0, rest: float = 15.0) -> None:
        self.starts = 0
        self.drawings = 0
        self._path = path
        self._script = script
        self._megabytes = megabytes
        self._seconds = seconds
        self._rested = rest
        self._turn = threading.Lock()
        self._worker: Worker | None = None
        self._since_weighed = 0
        self._failed_at = 0.0
        self._idle: threading.Timer | None = None
        self._is_closed = False

    def draw(self, orders: Sequence[Order], asked_at: float) -> list[bytes]:
        """The drawings, or UserError where a fresh browser does no better either.

        `asked_at` is when the reader began to wait, by the monotonic clock.
        """
        # A browser that has just failed twice is left alone for a while: readers get their answer without it.
        if self._failed_at and time.monotonic() - self._failed_at < self._rested:
            raise UserError("still.failed")
        # Those in front may each need a second attempt; nobody waits for more than a few such.
        if not self._turn.acquire(timeout=6 * self._seconds):
            raise UserError("still.failed")
        try:
            for _ in range(2):
                # Where the browser failed somebody who waited as well, it is of no use to try again for each.
                if self._is_closed or self._failed_at > asked_at:
                    break
                drawn = self._try(orders)
                if drawn is not None:
                    return drawn
            else:
                self._failed_at = time.monotonic()
            raise UserError("still.failed")
        finally:
            self._turn.release()

    def close(self) -> None:
        """Ends the browser; one that draws too, and the drawing fails."""
        self._is_closed = True
        if self._idle:
            self._idle.cancel()
        worker = self._worker
        if worker:
            worker.end()
        with self._turn:
            self._end()

    def _try(self, orders: Sequence[Order]) -> list[bytes] | None:
        worker = self._started()
        if worker is None:
            return None
        drawn = self._call(worker, self._seconds, order.draw, list(orders))
        if not _is_right(drawn, orders):
            self._end()
            return None
        self.drawings += len(orders)
        self._care(worker)
        return list(drawn)

    def _started(self) -> Worker | None:
        """A worker with its page open."""
        if self._worker and not self._worker.is_alive:
            self._end()
        if self._worker is None:
            self.starts += 1
            try:
                self._worker = Worker()
            except OSError:  # no process to be had, or no room for its files
                return None
            # A busy machine may take seconds for it; an idle one takes one.
            if self._call(self._worker, 2 * self._seconds, order.start, self._path, str(self._script)) is not True:
                self._end()
        return self._worker

    def _call(self, worker: Worker, seconds: float, function: Callable[..., Any], *args: Any) -> Any:
        answer = worker.call(function, args, seconds, None)
        return None if isinstance(answer, (Broken, Ending, UserError)) else answer

    def _care(self, worker: Worker) -> None:
        """Ends a browser that has drawn enough or grown too large, and later one that nobody needs any more."""
        self._since_weighed += 1
        if self._since_weighed >= _WEIGHED_EVERY:
            self._since_weighed = 0
            if worker.tasks > _MOST_DRAWINGS or memory.of_tree(worker.process.pid) > self._megabytes:
                self._end()
        if self._idle:
            self._idle.cancel()
        self._idle = threading.Timer(_IDLE_SECONDS, self._rest)
        self._idle.daemon = True
        self._idle.start()

    def _rest(self) -> None:
        if self._turn.acquire(blocking=False):  # else it is at work again
            with suppress(OSError):
                self._end()
            self._turn.release()

    def _end(self) -> None:
        if self._worker:
            self._worker.close()
            self._worker = None


def _is_right(drawn: Any, orders: Sequence[Order]) -> bool:
    """A browser that has broken may answer with anything."""
    return (
        isinstance(drawn, list)
        and len(drawn) == len(orders)
        and all(order.fits(each) for order, each in zip(orders, drawn, strict=True))
    )
