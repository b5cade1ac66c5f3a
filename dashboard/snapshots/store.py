"""The snapshots folder: list, open, publish. A snapshot never changes; `live.json` says which one is shown.

Publishing replaces `live.json` in one step; who holds a `Live` notices by the file's stamp, without a restart.
"""

from __future__ import annotations

import json
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from dashboard.messages import UserError
from dashboard.snapshots.engine import Engine

LIVE = "live.json"
MANIFEST = "manifest.json"
PUBLISHED = "published"  # an empty file for each snapshot that has been live


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot was made of: `hash` follows from the inputs alone, `built` is a UTC time."""

    hash: str
    built: str
    version: str
    inputs: dict[str, str]
    reports: int
    facts: int
    mentions: int


@dataclass(frozen=True)
class Snapshot:
    name: str
    folder: Path
    manifest: Manifest
    engine: Engine


def write_manifest(folder: Path, manifest: Manifest) -> None:
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n", "utf-8")


def names(folder: Path) -> list[str]:
    """The complete snapshots, oldest first."""
    return sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.startswith("."))


def live_name(folder: Path) -> str | None:
    """The name in live.json; None where nothing has been published."""
    try:
        return str(json.loads((folder / LIVE).read_text("utf-8"))["snapshot"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise UserError("snapshot.live_broken", file=str(folder / LIVE)) from error


def open_snapshot(folder: Path, name: str) -> Snapshot:
    """Raises UserError where the snapshot is not complete."""
    try:
        manifest = Manifest(**json.loads((folder / name / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise UserError("snapshot.not_complete", snapshot=name, folder=str(folder)) from error
    return Snapshot(name, folder / name, manifest, Engine(folder / name))


def is_published(folder: Path, name: str) -> bool:
    """Whether the snapshot is or once was live: what readers may ask for by name."""
    return name in names(folder) and ((folder / PUBLISHED / name).exists() or name == live_name(folder))


def publish(folder: Path, name: str) -> None:
    """Makes `name` the live snapshot, in one step."""
    (folder / PUBLISHED).mkdir(exist_ok=True)
    (folder / PUBLISHED / name).touch()
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".live-", delete=False, encoding="utf-8") as file:
        json.dump({"snapshot": name}, file)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(folder / LIVE)


class Live:
    """The live snapshot of a folder, opened again when another one has been published."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """Raises UserError where nothing is live."""
        with self._lock:
            stamp = self._read_stamp()
            if self._snapshot is None or stamp != self._stamp:
                name = live_name(self._folder)
                if name is None:
                    raise UserError("snapshot.none", folder=str(self._folder.parent))
                # The one before is left to the requests that still use it; it closes when they let it go.
                self._snapshot = open_snapshot(self._folder, name)
                self._stamp = stamp
            return self._snapshot

    def _read_stamp(self) -> tuple[int, int] | None:
        try:
            status = (self._folder / LIVE).stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino
