"""Prepares a preview whenever tables of the data folder change, once they have been left alone for a while.

Publishes only where it is told to. An error is told, and the next change tried again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import Change, watch

from dashboard.messages import UserError
from dashboard.settings import Settings
from dashboard.snapshots import build
from dashboard.snapshots.build import Prepared
from dashboard.snapshots.releases import Wish

Told = Callable[[Prepared | UserError], None]
# Seconds after which changes that never stop are prepared all the same.
_LONGEST = 60


def follow(settings: Settings, wish: Wish, told: Told, stop: threading.Event, *, publish: bool, settle: float) -> None:
    """Until `stop` is set; the folder as it stands counts as the first change."""
    _once(settings, wish, told, publish=publish)
    changes = watch(
        settings.data_dir, watch_filter=_is_table, step=int(settle * 1000), debounce=_LONGEST * 1000,
        rust_timeout=500, yield_on_timeout=False, stop_event=stop, raise_interrupt=False,
    )  # fmt: skip
    for _ in changes:
        _once(settings, wish, told, publish=publish)


def _once(settings: Settings, wish: Wish, told: Told, *, publish: bool) -> None:
    try:
        told((build.run if publish else build.preview)(settings, wish))
    except UserError as problem:
        told(problem)


def _is_table(_: Change, path: str) -> bool:
    """Tables alone: neither what is built from them, nor what a program keeps beside a file that it has open."""
    file = Path(path)
    return file.suffix == ".csv" and not file.name.startswith((".", "~")) and "snapshots" not in file.parts[-3:-1]
