"""Prepares a preview whenever tables of the data folder change, once they have been left alone for a while.

Publishes only where it is told to. An error is told, and the next change tried again.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from watchfiles import Change, watch

from dashboard.messages import UserError, text
from dashboard.settings import Settings
from dashboard.snapshots import build, telling
from dashboard.snapshots.releases import BY_MACHINE, Wish

# Seconds without a change before it starts, and after which changes that never stop are prepared all the same.
SETTLE, _LONGEST = 3.0, 60
# Seconds between two looks at the files.
_LOOK = 2


def follow(settings: Settings, wish: Wish, stop: threading.Event, *, publish: bool, settle: float = SETTLE) -> None:
    """Until `stop` is set; the folder as it stands counts as the first change. What comes of each is printed."""
    _print([text("watch.started", settings.language, folder=settings.data_dir)], [])
    for _ in _changes(settings.data_dir, stop, settle):
        _once(settings, wish, publish=publish)


def _changes(folder: Path, stop: threading.Event, settle: float) -> Iterator[None]:
    """Once at the beginning, and each time that tables have changed since the last time and been left alone.

    Files are looked at as well: a change may come before the system tells of any, and network drives tell of none.
    """
    handled = last = _stamps(folder)
    yield
    told = watch(
        folder, watch_filter=_is_table, step=int(settle * 1000), debounce=_LONGEST * 1000, rust_timeout=_LOOK * 1000,
        yield_on_timeout=True, stop_event=stop, raise_interrupt=False,
    )  # fmt: skip
    for changes in told:
        now = _stamps(folder)
        if now != handled and (changes or now == last):
            handled = now
            yield
        last = now


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Every table's time and size."""
    found = {}
    for path in [*folder.glob("*.csv"), *folder.glob("facts/*.csv"), *folder.glob("mentions/*.csv")]:
        with suppress(OSError):
            status = path.stat()
            found[str(path)] = status.st_mtime_ns, status.st_size
    return found


def beside(settings: Settings, *, publish: bool) -> None:
    """As `follow`, in a process of its own beside a server; ends with the process that started it, however that ends."""
    stop = threading.Event()
    started_by = multiprocessing.parent_process()

    def end() -> None:
        if started_by:
            started_by.join()
            stop.set()

    threading.Thread(target=end, daemon=True).start()
    follow(settings, BY_MACHINE, stop, publish=publish)


def _once(settings: Settings, wish: Wish, *, publish: bool) -> None:
    try:
        prepared = (build.run if publish else build.preview)(settings, wish)
        told = telling.prepared(prepared, settings, is_wanted=publish)
    except UserError as problem:
        _print([], [problem.say(settings.language)])
    else:
        _print(*told)


def _print(said: list[str], against: list[str]) -> None:
    for stream, lines in ((sys.stderr, against), (sys.stdout, said)):
        stream.writelines(f"{line}\n" for line in lines)
        stream.flush()


def _is_table(_: Change, path: str) -> bool:
    """Tables alone: neither what is built from them, nor what a program keeps beside a file that it has open."""
    file = Path(path)
    return file.suffix == ".csv" and not file.name.startswith((".", "~")) and "snapshots" not in file.parts[-3:-1]
