"""Batches for the tests of ingest: an empty data folder that knows one body, and reports of it as files."""

from __future__ import annotations

import json
import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from dashboard.cli import app
from tests.documents import templates
from tests.documents.description import Description
from tests.documents.writers import WRITERS

EDITIONS = {**dict.fromkeys(range(2014, 2019), "2014"), 2019: "2019", 2020: "2019"}
BODIES = "body,name,name_en,level,parent,aliases\n990100,云岭市,Yunling,prefecture,,\n"


def report(year: int, *, body: str = "云岭市", seed: int = 1, prose: tuple[str, ...] = ()) -> Description:
    """A report whose figures follow from `seed`."""
    edition, chance = EDITIONS.get(year, "2021"), random.Random(seed * 10000 + year)
    figures = {key: str(chance.randrange(10**5)) for key in templates.keys(edition)}
    return Description(edition, year, body, figures, prose)


def written(folder: Path, name: str, described: Description, modified: int = 1) -> Path:
    """The report as a file, in the format of the name's ending; `modified` in seconds."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(WRITERS[path.suffix](described))
    os.utime(path, (modified, modified))
    return path


def data_folder(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "bodies.csv").write_text(BODIES, "utf-8")
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a data folder with its content, but for the note of what was refused."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "refused.jsonl")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@dataclass(frozen=True)
class Done:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def documents(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(self.out)["documents"]
        return listed

    @property
    def outcomes(self) -> dict[str, str]:
        """By the file's name."""
        return {Path(each["file"]).name: each["outcome"] for each in self.documents}


def ingest(*arguments: str | Path, form: str = "json") -> Done:
    result = CliRunner().invoke(app, ["ingest", *map(str, arguments), "--format", form])
    return Done(result.exit_code, result.stdout, result.stderr)
