"""The snapshots folder: list, open, publish. A snapshot never changes; `live.json` says which one is shown.

Publishing replaces `live.json` in one step; who holds a `Live` notices by the file's stamp, without a restart. A
snapshot that is not as it was written is never shown: the last good one is, and `Live.problem` says so.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dashboard import meters
from dashboard.messages import Language, UserError
from dashboard.snapshots import engine_tables, manifest, pointer, servers
from dashboard.snapshots.engine import Engine, FileEngine
from dashboard.snapshots.engine_compared import FILE
from dashboard.snapshots.manifest import Manifest
from dashboard.snapshots.pointer import LIVE, is_published
from dashboard.snapshots.shared_store import Follower

__all__ = [
    "LIVE",
    "Live",
    "Manifest",
    "Snapshot",
    "ToldLive",
    "is_published",
    "live_name",
    "names",
    "open_snapshot",
    "publish",
]
_log = logging.getLogger("gongkai")
# Seconds: how often a server looks by itself, and how soon a damaged snapshot is tried again.
_LOOK, _RETRY = 0.5, 10.0


@dataclass(frozen=True)
class Snapshot:
    name: str
    folder: Path
    manifest: Manifest
    engine: Engine


def names(folder: Path) -> list[str]:
    """The complete snapshots, by name. Names hold a time by the machine's clock: no order to rely on."""
    found = (path.parent.name for path in folder.glob(f"*/{manifest.FILE}"))
    return sorted(name for name in found if pointer.is_name(name))


def live_name(folder: Path) -> str | None:
    """The name in live.json; None where nothing has been published. Raises UserError where it cannot be read."""
    live = pointer.read(folder)
    return live.snapshot if live else None


def verify(folder: Path, name: str) -> Manifest:
    """The manifest of a snapshot that is whole. Raises UserError that names the file where one is not as it was written."""
    if not pointer.is_name(name):
        raise UserError("snapshot.not_complete", snapshot=name, folder=str(folder))
    held = manifest.read(folder / name)
    if held.layout != engine_tables.layout():
        raise UserError("snapshot.other_layout", snapshot=name, version=held.version)
    for file in sorted({*held.files, *(f"{table}.parquet" for table in engine_tables.TABLES), FILE}):
        try:
            found = manifest.hash_of(folder / name / file)
        except OSError as error:
            raise UserError("snapshot.file_missing", snapshot=name, file=file, folder=str(folder)) from error
        if found != held.files.get(file):
            raise UserError("snapshot.file_damaged", snapshot=name, file=file, folder=str(folder))
    return held


def open_snapshot(folder: Path, name: str, database: str = "") -> Snapshot:
    """Raises UserError where the snapshot is not there, or not as it was written.

    Its files answer, or the server at `database` does.
    """
    held = verify(folder, name)
    if database:
        return Snapshot(name, folder / name, held, servers.engine(database, name))
    try:
        return Snapshot(name, folder / name, held, FileEngine(folder / name))
    except OSError as error:
        raise UserError("snapshot.not_complete", snapshot=name, folder=str(folder)) from error


def publish(folder: Path, name: str) -> None:
    """Makes `name` the live snapshot, in one step. Neither locks nor logs: for people's commands, see `releases`."""
    pointer.finish(folder, pointer.begin(folder, name))


def last_good(folder: Path, database: str = "") -> Snapshot:
    """The one published last that is whole. Raises UserError where there is none."""
    for marker in reversed(pointer.markers(folder)):
        try:
            return open_snapshot(folder, marker.snapshot, database)
        except UserError as problem:
            _log.warning("%s", problem.say(Language.EN))
    raise UserError("snapshot.none", folder=str(folder.parent))


Stamp = tuple[int, int, int] | None


class Live:
    """The live snapshot of a folder, opened again when another one has been published; a server answers for it if one is told.

    `problem` is why the one that ought to be live is not shown, but the last good one; None where all is well.
    """

    def __init__(self, folder: Path, database: str = "") -> None:
        self._folder, self._database = folder, database
        self._opening = threading.Lock()
        self._shown: tuple[Stamp, Snapshot] | None = None
        self._before: Snapshot | None = None
        self._tried = 0.0
        self._watcher: threading.Thread | None = None
        self._prepare: Callable[[Snapshot], None] | None = None
        self.problem: UserError | None = None
        self.follower: Follower | None = None

    @property
    def trouble(self) -> UserError | None:
        """Why what is shown may not be what ought to be."""
        return self.problem or (self.follower.problem if self.follower else None)

    def snapshot(self) -> Snapshot:
        """Costs a look at one file. While another snapshot is being opened, the one before still answers.

        Raises UserError where nothing is live.
        """
        shown = self._shown
        if shown is None:
            with self._opening:
                return self._look()
        if self._is_due(shown[0]) and self._watcher is None and self._opening.acquire(blocking=False):
            try:
                return self._look()
            finally:
                self._opening.release()
        return shown[1]

    def watch(self, prepare: Callable[[Snapshot], None]) -> None:
        """From now on a thread of its own opens what is published, so that no request waits for it.

        `prepare` is called with it before it is shown; what goes wrong there keeps nothing from being shown.
        """
        self._prepare = prepare
        self._watcher = threading.Thread(target=self._keep_looking, name="live", daemon=True)
        self._watcher.start()

    def _keep_looking(self) -> None:
        while True:
            shown = self._shown
            if shown is not None and self._is_due(shown[0]):
                try:
                    with self._opening:
                        self._look()
                except Exception:  # noqa: BLE001  # the next look may do better; the log has the traceback
                    _log.exception("looking for what is live")
            time.sleep(_LOOK)

    def _is_due(self, known: Stamp) -> bool:
        return self._stamp() != known or (self.problem is not None and time.monotonic() - self._tried > _RETRY)

    def _look(self) -> Snapshot:
        """Opens what is live now, unless it is open already; the caller holds `_opening`."""
        stamp = self._stamp()
        if self._shown and not self._is_due(self._shown[0]):
            return self._shown[1]
        self._tried = time.monotonic()
        try:
            snapshot = self._wanted()
            self.problem = None
        except UserError as problem:
            snapshot = self._shown[1] if self._shown else self._good_instead(problem)
            self.problem = problem
            _log.error("%s shown is %s", problem.say(Language.EN), snapshot.name)
        self._make_ready(snapshot)
        meters.counts.opened(time.monotonic() - self._tried, self.problem is None)
        meters.counts.troubled("not_shown", self.problem is not None)
        if self._shown and self._shown[1] is not snapshot:
            # Ready to be shown again at once, should the new one be taken back. Those before it close when no request holds them.
            self._before = self._shown[1]
        self._shown = stamp, snapshot
        return snapshot

    def _make_ready(self, snapshot: Snapshot) -> None:
        if self._prepare is None or self._shown is None or self._shown[1] is snapshot:
            return
        try:
            self._prepare(snapshot)
        except Exception:  # noqa: BLE001  # readers get it made when they ask; the log has the traceback
            _log.exception("making ready what has been published")

    def _wanted(self) -> Snapshot:
        name = live_name(self._folder)
        if name is None:
            raise UserError("snapshot.none", folder=str(self._folder.parent))
        if self._shown and self._shown[1].name == name and self.problem is None:
            return self._shown[1]
        if self._before and self._before.name == name and not self._database:
            verify(self._folder, name)
            return self._before
        return open_snapshot(self._folder, name, self._database)

    def _good_instead(self, problem: UserError) -> Snapshot:
        """Raises the problem itself where no published snapshot is whole."""
        try:
            return last_good(self._folder, self._database)
        except UserError:
            raise problem from None

    def _stamp(self) -> Stamp:
        try:
            status = (self._folder / LIVE).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino, status.st_size


class ToldLive(Live):
    """In the place of `Live` where it is told which snapshot is live, whatever the folder says."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot.folder.parent)
        self._told = snapshot

    def snapshot(self) -> Snapshot:
        return self._told
