"""How a server is: alive, which data it shows, and whether the files of that data are still as they were written."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from dashboard import __version__, meters
from dashboard.messages import Language, UserError
from dashboard.site import Site
from dashboard.snapshots import store
from dashboard.snapshots.store import Snapshot

# Seconds for which files that were found good are taken for good: reading a whole country takes a while.
_GOOD_FOR = 300.0


@dataclass(frozen=True, slots=True)
class _Verified:
    snapshot: str
    since: float
    at: datetime
    problem: UserError | None


class Health:
    """`seconds` is how long a look at the files holds; whoever asks, they are read no more often than that."""

    def __init__(self, site: Site, seconds: float = _GOOD_FOR) -> None:
        self._site, self._seconds = site, seconds
        self._reading = threading.Lock()
        self._verified: _Verified | None = None

    def told(self) -> tuple[int, dict[str, str]]:
        """HTTP status and what is said. 503 alone where there is no data: who is degraded answers readers all the same."""
        try:
            snapshot = self._site.live.snapshot()
        except UserError as problem:
            return 503, {"status": "no data", "reason": problem.say(Language.EN), "version": __version__}
        verified = self._of(snapshot)
        told = {"status": "ok", "snapshot": snapshot.name, "hash": snapshot.manifest.hash}
        told |= {"verified": verified.at.isoformat(timespec="seconds"), "version": __version__}
        if snapshot.manifest.synthetic:
            told["data"] = "synthetic"
        meters.counts.troubled("damaged", verified.problem is not None)
        problem_told = self._site.live.trouble or verified.problem
        if problem_told:
            told |= {"status": "degraded", "reason": problem_told.say(Language.EN)}
        return 200, told

    def _of(self, snapshot: Snapshot) -> _Verified:
        """While one request reads the files, others are told what was found before."""
        held = self._verified
        if held is None or held.snapshot != snapshot.name:
            # Opening it has just read every file.
            held = self._verified = _Verified(snapshot.name, time.monotonic(), datetime.now(UTC), None)
        if time.monotonic() - held.since >= self._seconds and self._reading.acquire(blocking=False):
            try:
                held = self._verified = self._read(snapshot)
            finally:
                self._reading.release()
        return held

    def _read(self, snapshot: Snapshot) -> _Verified:
        problem = None
        try:
            store.verify(snapshot.folder.parent, snapshot.name)
        except UserError as found:
            problem = found
        return _Verified(snapshot.name, time.monotonic(), datetime.now(UTC), problem)
