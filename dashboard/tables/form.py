"""Which form the data folder has, as a number: raised by a version of the program whose tables an earlier one cannot read.

The number stands in datapackage.json; a folder that tells none is of the first form.
"""

from __future__ import annotations

from pathlib import Path

import orjson

from dashboard.messages import UserError

KEY = "format"
CURRENT = 1


def of(folder: Path) -> int:
    """Raises UserError where datapackage.json is there and no description."""
    path = folder / "datapackage.json"
    try:
        told = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return 1
    except (OSError, orjson.JSONDecodeError) as error:
        raise UserError("table.not_readable", file=path.name, folder=str(folder), reason=str(error)) from error
    found = told.get(KEY, 1) if isinstance(told, dict) else 1
    if not isinstance(found, int) or found < 1:
        raise UserError("table.not_readable", file=path.name, folder=str(folder), reason=f"{KEY}: {found!r}"[:80])
    return found


def refuse_other(folder: Path) -> None:
    """Raises UserError where the folder is of another form than this program's."""
    found = of(folder)
    if found > CURRENT:
        raise UserError("upgrade.newer", folder=str(folder), found=found, known=CURRENT)
    if found < CURRENT:
        raise UserError("upgrade.needed", folder=str(folder), found=found, known=CURRENT)
