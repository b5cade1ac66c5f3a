"""What is counted while serving: answers, looks into memories, drawings, snapshots taken up. Nobody is counted.

Nothing is counted until `start`, so that commands pay nothing. Every worker writes to files that the process which shows
the counts adds up; labels are of closed sets, so that no request makes another series.
"""

from __future__ import annotations

from typing import Literal, get_args

Memory = Literal["embed", "page", "layout", "api", "picture"]
Trouble = Literal["not_shown", "damaged"]
_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Counts:
    """Counts nothing: what holds before `start`."""

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        pass

    def looked_up(self, memory: Memory, is_there: bool) -> None:
        pass

    def drawn(self, seconds: float, is_good: bool) -> None:
        pass

    def opened(self, seconds: float, is_good: bool) -> None:
        pass

    def troubled(self, trouble: Trouble, is_so: bool) -> None:
        pass


class _Prometheus(Counts):
    """The library decides at its import whether processes share their counts, so it is imported here and not before."""

    def __init__(self) -> None:
        from prometheus_client import Counter, Gauge, Histogram

        self._answers = Counter("gongkai_requests", "Requests answered.", ["route", "method", "status"])
        self._seconds = Histogram(
            "gongkai_request_seconds", "Time to the end of an answer.", ["route"], buckets=_SECONDS
        )
        self._looks = Counter("gongkai_memory_looks", "Looks into what is kept ready.", ["memory", "result"])
        self._drawings = Counter("gongkai_drawings", "Charts drawn by the server's browser.", ["result"])
        self._drawing = Histogram("gongkai_drawing_seconds", "Time of a drawing, with the wait.", buckets=_SECONDS)
        self._opened = Counter("gongkai_snapshots_opened", "Snapshots a worker took up to show.", ["result"])
        self._opening = Histogram("gongkai_snapshot_opening_seconds", "Time to take one up.", buckets=_SECONDS)
        about = "1 where a worker shows other data than what was published, or data that is damaged on disk."
        self._trouble = Gauge("gongkai_trouble", about, ["trouble"], multiprocess_mode="livemax")
        self._show_noughts()

    def _show_noughts(self) -> None:
        """What has not happened yet is told as 0, so that a change from it shows."""
        for result in ("good", "failed"):
            self._drawings.labels(result)
            self._opened.labels(result)
        for memory in get_args(Memory):
            for result in ("there", "made"):
                self._looks.labels(memory, result)
        for trouble in get_args(Trouble):
            self._trouble.labels(trouble)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        self._answers.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def looked_up(self, memory: Memory, is_there: bool) -> None:
        self._looks.labels(memory, "there" if is_there else "made").inc()

    def drawn(self, seconds: float, is_good: bool) -> None:
        self._drawings.labels(_result(is_good)).inc()
        self._drawing.observe(seconds)

    def opened(self, seconds: float, is_good: bool) -> None:
        self._opened.labels(_result(is_good)).inc()
        self._opening.observe(seconds)

    def troubled(self, trouble: Trouble, is_so: bool) -> None:
        self._trouble.labels(trouble).set(int(is_so))


def _result(is_good: bool) -> str:
    return "good" if is_good else "failed"


counts = Counts()


def start() -> None:
    """Counts from now on, in this process."""
    global counts
    if not isinstance(counts, _Prometheus):
        counts = _Prometheus()
