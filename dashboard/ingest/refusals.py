"""The documents that could not be taken in, and why: kept beside the tables until one of them can, or another stands there.

Results come in, rows come out; the only reader and writer of `refused.jsonl`. Files are named as they were given, and
never looked for by that name.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.ingest.outcome import Outcome, Reason, Result
from dashboard.messages import Language, UserError

FILE = "refused.jsonl"
_MOST = 2000  # a folder of photographs must not fill the disk


@dataclass(frozen=True, slots=True)
class Refusal:
    """`body` and `year` are empty and 0 where the document does not tell them."""

    file: str
    sha256: str
    body: str
    year: int
    reason: Reason


def held(folder: Path) -> list[Refusal]:
    """Sorted by body, year and file; a line that this version cannot tell is left out."""
    return sorted(_lines(folder), key=_order)


def keep(folder: Path, results: Iterable[Result]) -> None:
    """Adds what was refused now, and lets go of what has been read since. The caller is the folder's only writer."""
    _bring(folder, folder, list(results))


def renew(folder: Path, results: Iterable[Result], base: Path) -> None:
    """As `keep`, but what `folder` held counts for nothing: it becomes what `base` holds, with these results."""
    _bring(folder, base, list(results))


def _bring(folder: Path, base: Path, results: list[Result]) -> None:
    before = list(_lines(base))
    refused = [_refusal(each) for each in results if each.outcome is Outcome.REFUSED and each.reason and each.sha256]
    read = [each for each in results if each.outcome not in (Outcome.REFUSED, Outcome.SKIPPED)]
    gone = {each.sha256 for each in read} | {each.sha256 for each in refused}
    filled = {(each.body, each.year) for each in read}
    kept = [each for each in before if each.sha256 not in gone and (each.body, each.year) not in filled]
    now = sorted([*kept, *{each.sha256: each for each in refused}.values()], key=_order)[:_MOST]
    if not now and not (base / FILE).exists():
        (folder / FILE).unlink(missing_ok=True)
    elif now != list(_lines(folder)):
        _write(folder / FILE, now)


def _refusal(result: Result) -> Refusal:
    reason = result.reason or Reason("ingest.nothing")
    values = {
        name: value if isinstance(value, str | int | tuple) else str(value) for name, value in reason.values.items()
    }
    body = result.body or str(values.get("body", ""))
    year = result.year or reason.values.get("year")
    told = year if isinstance(year, int) else 0
    return Refusal(Path(result.file).name, result.sha256, body, told, Reason(reason.message_id, values))


def _order(one: Refusal) -> tuple[str, int, str, str]:
    return one.body, one.year, one.file, one.sha256


def _lines(folder: Path) -> Iterator[Refusal]:
    path = folder / FILE
    if not path.exists():
        return
    for line in path.read_text("utf-8").splitlines():
        try:
            told: dict[str, Any] = json.loads(line)
            values = {name: tuple(each) if isinstance(each, list) else each for name, each in told["values"].items()}
            reason = Reason(str(told["reason"]), values)
            reason.error().say(Language.EN)  # another version's words may be gone
            yield Refusal(str(told["file"]), str(told["sha256"]), str(told["body"]), int(told["year"]), reason)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue


def _write(path: Path, rows: Iterable[Refusal]) -> None:
    told = [
        {
            "file": each.file, "sha256": each.sha256, "body": each.body, "year": each.year,
            "reason": each.reason.message_id, "values": each.reason.values,
        }
        for each in rows
    ]  # fmt: skip
    content = "".join(json.dumps(each, ensure_ascii=False, sort_keys=True) + "\n" for each in told)
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=".writing-", delete=False, encoding="utf-8"
        ) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("table.not_writable", file=path.name, folder=str(path.parent), reason=reason) from error
