"""A data folder's tables beside the live ones: links to the same files, since whoever writes a table replaces it.

A stamp of each table is kept, so that a change of either side is seen without reading everything again, also one by a
program that writes into a file where it lies.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from dashboard.tables import writing

STAMPS = "stamps.json"
TABLES = "tables"
_KINDS = ("*.csv", "refused.jsonl", "datapackage.json", "facts/*.csv", "mentions/*.csv")
Stamp = tuple[int, int, int]


def make(data: Path, place: Path, alter: Callable[[Path], None]) -> None:
    """The copy `place/tables`, in the place of any before it, which `alter` may change before it counts as made.

    Raises UserError where somebody is writing the tables.
    """
    copy = place / TABLES
    forget(place)
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    stamps: dict[str, tuple[Stamp, Stamp]] = {}
    with writing.sole_writer(data):
        for path in tables(data):
            _copy(data / path, copy / path)
            stamps[path] = stamp(data / path), stamp(copy / path)
    alter(copy)
    unfinished = place / f".{STAMPS}"
    unfinished.write_text(json.dumps(stamps), "utf-8")
    unfinished.replace(place / STAMPS)


def is_made(place: Path) -> bool:
    return (place / STAMPS).exists()


def forget(place: Path) -> None:
    """From now on there is no copy, whatever may lie there."""
    (place / STAMPS).unlink(missing_ok=True)


def tables(folder: Path) -> Iterator[str]:
    """The paths of all tables, and of the file that describes them."""
    for kind in _KINDS:
        for path in sorted(folder.glob(kind)):
            if not path.name.startswith((".", "~")):
                yield path.relative_to(folder).as_posix()


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    try:
        os.link(path, target)
    except OSError:  # a file system without links
        shutil.copy2(path, target)


def stamp(path: Path) -> Stamp:
    """Another one for another content. Raises OSError."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def _stamps(place: Path) -> Mapping[str, tuple[Stamp, Stamp]]:
    told = json.loads((place / STAMPS).read_text("utf-8"))
    return {path: (tuple(live), tuple(own)) for path, (live, own) in told.items()}


def is_current(data: Path, place: Path) -> bool:
    """Whether the live tables are those that the copy was made of."""
    try:
        held = {path: live for path, (live, _) in _stamps(place).items()}
        return held == {path: stamp(data / path) for path in tables(data)}
    except (OSError, ValueError):
        return False


def changed(place: Path) -> list[str]:
    """The tables of the copy that are not those it was made of."""
    held, copy = _stamps(place), place / TABLES
    return [path for path in tables(copy) if path not in held or stamp(copy / path) != held[path][1]]


def gone(place: Path) -> list[str]:
    """The tables that it was made of and has no more."""
    return [path for path in _stamps(place) if not (place / TABLES / path).exists()]
