"""A site's folders into one archive: its list first, then the files, exactly as listed. Readable by its owner alone.

While it is written nobody else publishes or writes tables; readers are served as ever.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from dashboard import __version__
from dashboard.backup import listing
from dashboard.backup.listing import Contents, Listed
from dashboard.messages import UserError
from dashboard.settings import Settings
from dashboard.snapshots import durable, releases
from dashboard.tables import writing as tables

_WAIT = 60.0
_BLOCK = 1024 * 1024
# Most of it is compressed already: documents, Parquet.
_GZIP = 3


@dataclass(frozen=True, slots=True)
class Written:
    files: int
    size: int
    snapshot: str


def write(settings: Settings, archive: Path) -> Written:
    """Raises UserError where the archive is there already, cannot be written, or something else is being written."""
    folders = listing.folders(settings)
    if not (settings.data_dir / "bodies.csv").is_file():
        raise UserError("table.not_found", file="bodies.csv", folder=str(settings.data_dir))
    if archive.exists():
        raise UserError("backup.exists", file=str(archive))
    if any(archive.resolve().is_relative_to(each.resolve()) for each in folders.values()):
        raise UserError("backup.inside", file=str(archive))
    with releases.alone(settings, wait=_WAIT), tables.sole_writer(settings.data_dir), _new(archive) as file:
        live = releases.live_now(settings.snapshots_dir)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        contents = Contents(__version__, now, live, tuple(_listed(folders)))
        _write(file, contents, folders)
    return Written(len(contents.files), archive.stat().st_size, contents.snapshot)


@contextmanager
def _new(archive: Path) -> Iterator[IO[bytes]]:
    """A file that has its name once it is whole."""
    try:
        descriptor, name = tempfile.mkstemp(dir=archive.parent, prefix=".backup-")  # nobody else may read it
        with os.fdopen(descriptor, "wb") as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                Path(name).replace(archive)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        durable.keep_names(archive.parent)
    except OSError as error:
        raise durable.not_writable(archive, error) from error


def _listed(folders: Mapping[str, Path]) -> Iterator[Listed]:
    for root, folder in folders.items():
        for path in listing.files(root, folder):
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                digest = hashlib.sha256()
                for block in _blocks(file, size):
                    digest.update(block)
            yield Listed(f"{root}/{path.relative_to(folder).as_posix()}", size, digest.hexdigest())


def _blocks(file: IO[bytes], size: int) -> Iterator[bytes]:
    """The first `size` bytes: logs may grow meanwhile, by whole lines."""
    while size > 0 and (block := file.read(min(size, _BLOCK))):
        size -= len(block)
        yield block


def _write(file: IO[bytes], contents: Contents, folders: Mapping[str, Path]) -> None:
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_GZIP, format=tarfile.PAX_FORMAT) as archive:
        told = listing.to_json(contents)
        archive.addfile(_member(listing.FILE, len(told), 0), io.BytesIO(told))
        for each in contents.files:
            root, _, inner = each.path.partition("/")
            with (folders[root] / inner).open("rb") as source:
                modified = int(os.fstat(source.fileno()).st_mtime)
                hashed = _Hashed(source, each.size)
                try:
                    archive.addfile(_member(each.path, each.size, modified), hashed)
                except OSError as error:
                    with suppress(OSError):
                        if os.fstat(source.fileno()).st_size < each.size:
                            raise UserError("backup.changed", path=each.path) from error
                    raise
            if hashed.digest.hexdigest() != each.sha256:
                raise UserError("backup.changed", path=each.path)


def _member(path: str, size: int, modified: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(path)
    member.size, member.mtime, member.mode = size, modified, 0o600
    return member


class _Hashed(io.RawIOBase):
    """A file that is hashed while it is copied."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left = file, size
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(block)
        self.digest.update(block)
        return block
