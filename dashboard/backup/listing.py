"""The list at the head of a backup: every file in it with size and SHA-256, so that whoever reads it knows what to expect.

Knows the two folders a site consists of and the form of the list; neither writes nor reads an archive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from dashboard.messages import UserError
from dashboard.settings import Settings

FILE = "gongkai-backup.json"
FORMAT = 1
# The open draft is work that several hands are at; sessions of the admin area end with a restore anyway.
_LEFT_OUT = {
    "data": ("drafts",),
    "admin": ("state.sqlite", "state.sqlite-wal", "state.sqlite-shm", "state.sqlite-journal"),
}
# A list is read whole; a country has some hundred thousand files.
LONGEST_LIST = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Listed:
    """`path` begins with the name of its folder: data/ or admin/."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds; `snapshot` was live when it was made, empty for none."""

    version: str
    made: str
    snapshot: str
    files: tuple[Listed, ...]

    def of(self, root: str) -> list[Listed]:
        return [each for each in self.files if each.path.startswith(f"{root}/")]


def folders(settings: Settings) -> dict[str, Path]:
    """The folders of a site by their names in an archive."""
    found = {"data": settings.data_dir}
    return found | ({"admin": settings.admin_dir} if settings.admin_dir else {})


def files(root: str, folder: Path) -> Iterator[Path]:
    """What belongs into a backup, sorted: no hidden file (locks, keys, what is half written), no link."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_plain = path.is_file() and not path.is_symlink()
        if is_plain and parts[0] not in _LEFT_OUT[root] and not any(part.startswith(".") for part in parts):
            yield path


def to_json(contents: Contents) -> bytes:
    return json.dumps({"format": FORMAT, **asdict(contents)}, ensure_ascii=False, indent=1).encode()


def from_json(content: bytes, archive: str) -> Contents:
    """Raises UserError where it is not a list of ours, or names a place outside the site's folders."""
    try:
        told = json.loads(content)
        if told["format"] != FORMAT:
            raise UserError("backup.other_format", file=archive, format=str(told["format"])[:20], known=FORMAT)
        listed = tuple(_listed(each) for each in told["files"])
        texts = [str(told[name]) for name in ("version", "made", "snapshot")]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError("backup.damaged", file=archive, part=FILE) from error
    if len({each.path for each in listed}) != len(listed):
        raise UserError("backup.damaged", file=archive, part=FILE)
    return Contents(texts[0], texts[1], texts[2], listed)


def _listed(told: Mapping[str, object]) -> Listed:
    path, size, sha256 = told["path"], told["size"], told["sha256"]
    if not (isinstance(path, str) and isinstance(size, int) and isinstance(sha256, str)):
        raise TypeError(path)
    if not is_inside(path) or size < 0 or not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError(path)
    return Listed(path, size, sha256)


def is_inside(path: str) -> bool:
    """Whether it is a plain path below data/ or admin/: no step up, no root, no hidden name, nothing Windows reads otherwise."""
    parts = path.split("/")
    return (
        len(parts) > 1
        and parts[0] in _LEFT_OUT
        and all(part and not part.startswith(".") for part in parts)
        and not set(path) & set("\\:\0\n\r")
        and str(PurePosixPath(path)) == path
    )
