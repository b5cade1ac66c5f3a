"""What is live and what ever was: `live.json`, and a marker file in `published/` for each snapshot that has been live.

The order of publications is counted, never taken from a clock. Who writes holds the refresh lock.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from dashboard.messages import UserError
from dashboard.snapshots import durable, manifest

LIVE = "live.json"
MARKERS = "published"
UNFINISHED = ".live-"


@dataclass(frozen=True, slots=True)
class Live:
    """`live.json`: the snapshot shown, the one before it, and the how manieth publication it is (0: not counted)."""

    snapshot: str
    before: str = ""
    number: int = 0
    at: str = ""


@dataclass(frozen=True, slots=True)
class Marker:
    """A snapshot that has been live: its last publication's number and time."""

    snapshot: str
    number: int
    at: str


def read(folder: Path) -> Live | None:
    """None where nothing has been published. Raises UserError where the file cannot be read."""
    path = folder / LIVE
    try:
        return parsed(path.read_bytes(), path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserError("snapshot.live_broken", file=str(path)) from error


def parsed(content: bytes, path: Path) -> Live:
    """What `live.json` holds, here or elsewhere. Raises UserError, which names `path`."""
    try:
        told = json.loads(content)
        live = Live(
            str(told["snapshot"]), str(told.get("before", "")), int(told.get("number", 0)), str(told.get("at", ""))
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError("snapshot.live_broken", file=str(path)) from error
    if not is_name(live.snapshot):
        raise UserError("snapshot.live_broken", file=str(path))
    return live


def is_name(name: str) -> bool:
    """Whether it can name a snapshot: a folder directly below the snapshots', never one elsewhere."""
    return bool(name) and not name.startswith(".") and not set(name) & set("/\\\0") and name != MARKERS


def next_number(folder: Path) -> int:
    """The number of the next publication: one more than any that was ever begun."""
    live = read_or_none(folder)
    return 1 + max([live.number if live else 0, *(each.number for each in markers(folder))])


def read_or_none(folder: Path) -> Live | None:
    """As `read`; None too where the file cannot be read."""
    try:
        return read(folder)
    except UserError:
        return None


def is_published(folder: Path, name: str) -> bool:
    """Whether the snapshot is there and is live or has ever been; the live one counts without a marker."""
    if not is_name(name) or not (folder / name / manifest.FILE).exists():
        return False
    if (folder / MARKERS / name).exists():
        return True
    live = read_or_none(folder)
    return live is not None and live.snapshot == name


def markers(folder: Path) -> list[Marker]:
    """What has been live, in the order of the last publication of each, oldest first."""
    return sorted(_markers(folder), key=lambda each: each.number)


def _markers(folder: Path) -> Iterator[Marker]:
    for path in (folder / MARKERS).glob("*"):
        if is_name(path.name):
            try:
                told = json.loads(path.read_text("utf-8"))
                yield Marker(path.name, int(told["number"]), str(told["at"]))
            except (ValueError, KeyError, TypeError, OSError):
                yield Marker(path.name, 0, "")  # it has been live; when, is no longer known


def begin(folder: Path, name: str) -> Live:
    """Writes the marker of a publication; it comes into effect with `finish`."""
    live = read_or_none(folder)
    if live and live.number == 0 and live.snapshot != name:  # published by a version that wrote no markers
        mark(folder, live)
    before = live.before if live and live.snapshot == name else live.snapshot if live else _last(folder, name)
    begun = Live(name, before, next_number(folder), datetime.now(UTC).isoformat(timespec="seconds"))
    mark(folder, begun)
    return begun


def _last(folder: Path, name: str) -> str:
    others = [each.snapshot for each in markers(folder) if each.snapshot != name]
    return others[-1] if others else ""


def finish(folder: Path, begun: Live) -> None:
    """Makes the snapshot live, in one step."""
    durable.replace(folder / LIVE, json.dumps(asdict(begun)).encode(), UNFINISHED)


def adopt(folder: Path, live: Live) -> None:
    """Makes live what has been published elsewhere, by its number there."""
    mark(folder, live)
    finish(folder, live)


def drop(folder: Path, marker: Marker) -> None:
    """Takes back a publication that was begun and did not come into effect; one that was live before stays marked."""
    path = folder / MARKERS / marker.snapshot
    earlier = json.loads(path.read_text("utf-8")).get("earlier")
    if earlier:
        durable.replace(path, json.dumps(earlier).encode(), UNFINISHED)
    else:
        path.unlink()


def unfinished(folder: Path) -> list[Marker]:
    """Publications that were begun and never came into effect; none where live.json does not tell how many there were."""
    live = read_or_none(folder)
    return [each for each in markers(folder) if each.number > live.number] if live and live.number else []


def mark(folder: Path, live: Live) -> None:
    """Writes down that it is or has been live."""
    (folder / MARKERS).mkdir(exist_ok=True)
    path = folder / MARKERS / live.snapshot
    held = next((each for each in _markers(folder) if each.snapshot == live.snapshot), None)
    earlier = {"number": held.number, "at": held.at} if held else None
    told = json.dumps({"number": live.number, "at": live.at, "earlier": earlier}).encode()
    durable.replace(path, told, UNFINISHED)
