"""A site made of a backup: all of it as it was, to the byte, or nothing of it.

The archive is read into folders beside the site's own and takes their place once every file has proved to be the listed
one. What stands in the archive besides, links, or paths that lead elsewhere are refused.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from dashboard.backup import listing
from dashboard.backup.listing import Contents, Listed
from dashboard.messages import UserError
from dashboard.settings import Settings
from dashboard.snapshots import audit_log, durable, releases, store
from dashboard.snapshots.audit_log import Action, Entry

_BLOCK = 1024 * 1024
_MODES = {"data": 0o644, "admin": 0o600}


@dataclass(frozen=True, slots=True)
class Restored:
    """`aside` are the folders in which what stood there before is kept; `is_without_admin`: accounts were left out."""

    contents: Contents
    aside: tuple[Path, ...]
    is_without_admin: bool


def restore(settings: Settings, archive: Path, by: str, *, may_replace: bool) -> Restored:
    """Raises UserError where the archive is damaged or a site stands there that may not be replaced."""
    folders = listing.folders(settings)
    if not may_replace:
        for folder in folders.values():
            if folder.is_dir() and any(not path.name.startswith(".") for path in folder.iterdir()):
                raise UserError("backup.in_the_way", folder=str(folder))
    with _opened(archive) as (contents, members):
        wanted = {root: folder for root, folder in folders.items() if contents.of(root)}
        with _staged(wanted) as stages:
            _read(archive, contents, members, stages)
            if contents.snapshot:
                store.verify(stages["data"] / "snapshots", contents.snapshot)
            aside = tuple(_put_in_place(stages, wanted))
    wish = releases.Wish(by).checked()
    told = {"made": contents.made, "archive": archive.name, "aside": [path.name for path in aside]}
    audit_log.append(settings.data_dir, Entry(Action.RESTORE, wish.by, target=contents.snapshot, told=told))
    return Restored(contents, aside, bool(contents.of("admin")) and "admin" not in folders)


@contextmanager
def _opened(archive: Path) -> Iterator[tuple[Contents, tarfile.TarFile]]:
    """The archive behind its list. Whatever in it cannot be read is one sentence."""
    try:
        with tarfile.open(archive, mode="r|gz") as opened:
            head = opened.next()
            if head is None or head.name != listing.FILE or not head.isreg() or head.size > listing.LONGEST_LIST:
                raise UserError("backup.damaged", file=str(archive), part=listing.FILE)
            yield listing.from_json(_opened_member(opened, head).read(), str(archive)), opened
    except FileNotFoundError as error:
        raise UserError("backup.not_found", file=str(archive)) from error
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise UserError("backup.damaged", file=str(archive), part=str(error)) from error


def _opened_member(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    found = archive.extractfile(member)
    if found is None:
        raise tarfile.ReadError(member.name)  # a folder or a device
    return found


@contextmanager
def _staged(folders: dict[str, Path]) -> Iterator[dict[str, Path]]:
    """An empty folder beside each, on the same disk; gone when the block ends, unless it has been put in place."""
    stages: dict[str, Path] = {}
    try:
        for root, folder in folders.items():
            folder.parent.mkdir(parents=True, exist_ok=True)
            stages[root] = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".restoring-"))
        yield stages
    except OSError as error:
        raise durable.not_writable(Path(error.filename or next(iter(folders.values()))), error) from error
    finally:
        for stage in stages.values():
            shutil.rmtree(stage, ignore_errors=True)


def _read(archive: Path, contents: Contents, members: tarfile.TarFile, stages: dict[str, Path]) -> None:
    expected = {each.path: each for each in contents.files}
    while (member := members.next()) is not None:
        listed = expected.pop(member.name, None)
        if listed is None or not member.isreg() or member.size != listed.size:
            raise UserError("backup.damaged", file=str(archive), part=member.name[:200])
        source = _opened_member(members, member)
        root, _, inner = listed.path.partition("/")
        if root in stages and not _copied(source, stages[root] / inner, listed, _MODES[root], int(member.mtime)):
            raise UserError("backup.damaged", file=str(archive), part=listed.path)
    if expected:
        raise UserError("backup.damaged", file=str(archive), part=min(expected))


def _copied(source: IO[bytes], target: Path, listed: Listed, mode: int, modified: int) -> bool:
    """Whether it is the listed file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as file:
        while block := source.read(_BLOCK):
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    target.chmod(mode)
    os.utime(target, (modified, modified))
    return digest.hexdigest() == listed.sha256


def _put_in_place(stages: dict[str, Path], folders: dict[str, Path]) -> Iterator[Path]:
    """What stood there is moved aside, never removed."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for root, folder in folders.items():
        if folder.is_dir() and any(folder.iterdir()):
            aside = folder.with_name(f"{folder.name}.before-{moment}")
            folder.rename(aside)
            yield aside
        stages[root].chmod(0o700 if root == "admin" else 0o755)
        stages[root].rename(folder)
        durable.keep_names(folder.parent)
