"""The data folder brought to the form this program reads, step by step, with a backup before the first.

A step takes the folder from one form to the next and touches tables alone: snapshots never change, they are built anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import orjson

from dashboard.backup import writing
from dashboard.messages import UserError
from dashboard.settings import Settings
from dashboard.snapshots import durable, releases
from dashboard.tables import form
from dashboard.tables import writing as tables

# By the form it starts from. A step must be able to run again where it was killed.
Steps = Mapping[int, Callable[[Path], None]]
STEPS: Steps = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Upgraded:
    """`backup` is None where there was nothing to do."""

    before: int
    after: int
    backup: Path | None


def upgrade(settings: Settings, folder: Path, steps: Steps = STEPS, target: int = form.CURRENT) -> Upgraded:
    """The backup is written into `folder`. Raises UserError where the data is of a later form, or no backup can be made."""
    before = form.of(settings.data_dir)
    if before > target:
        raise UserError("upgrade.newer", folder=str(settings.data_dir), found=before, known=target)
    if before == target:
        return Upgraded(before, before, None)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    archive = folder / f"gongkai-before-upgrade-{before}-{moment}.tar.gz"
    writing.write(settings, archive)
    with releases.alone(settings, wait=60), tables.sole_writer(settings.data_dir):
        for number in range(before, target):
            steps[number](settings.data_dir)
            _tell(settings.data_dir, number + 1)
    return Upgraded(before, target, archive)


def _tell(folder: Path, number: int) -> None:
    path = folder / "datapackage.json"
    told = orjson.loads(path.read_bytes()) if path.exists() else {}
    content = orjson.dumps(told | {form.KEY: number}, option=orjson.OPT_INDENT_2) + b"\n"
    durable.replace(path, content, ".writing-")
