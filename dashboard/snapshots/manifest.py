"""A snapshot's manifest: what it was made of, and the hash of every file in it, so that damage shows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from dashboard.messages import UserError
from dashboard.snapshots import durable

FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`hash` follows from the inputs and the program alone; `built` is a UTC time by the machine's clock.

    `inputs` and `files` tell the SHA-256 of each table of the data folder and each file of the snapshot; `program` that
    of what makes one of the other; `layout` which columns the files have. `synthetic`: of a made-up country.
    """

    hash: str
    built: str
    version: str
    program: str
    layout: str
    inputs: dict[str, str]
    files: dict[str, str]
    reports: int
    facts: int
    mentions: int
    findings: int
    synthetic: bool = False


def write(folder: Path, manifest: Manifest) -> None:
    path = folder / FILE
    path.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n", "utf-8")
    durable.keep(path)


def read(folder: Path) -> Manifest:
    """Raises UserError where the manifest is not there, or not one that this version of the program writes."""
    try:
        return Manifest(**json.loads((folder / FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise UserError("snapshot.not_complete", snapshot=folder.name, folder=str(folder.parent)) from error


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
