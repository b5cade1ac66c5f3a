"""What was done to the data, by whom, when and why; and, for publishers, who came in. To read, to filter, to take away.

Lines of a log come in, a page or a file goes out; nothing here writes one.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.responses import Response

from dashboard.admin.area import Area
from dashboard.admin.paging import paged
from dashboard.admin.roles import Role, require
from dashboard.admin.visit import HOME, Visit
from dashboard.audit.record import defused
from dashboard.snapshots import audit_log
from dashboard.snapshots.audit_log import Entry

PATH = f"{HOME}/log"
ENTRY_PATH = f"{PATH}/access"
_SIZE = 50
CSV_COLUMNS = ("number", "at", "by", "action", "origin", "target", "reason", "is_forced", "told")
_MARK = "\ufeff"  # Excel takes a CSV without it for the machine's own encoding
Line = tuple[Entry, bytes]


def routes(area: Area) -> None:
    """The log of the data is in the data folder, that of who came in beside the accounts: see `Trail`."""
    _log(area, PATH, Role.VIEWER, area.settings.data_dir, "admin.menu_log")
    if area.settings.admin_dir:
        _log(area, ENTRY_PATH, Role.PUBLISHER, area.settings.admin_dir, "")


def _log(area: Area, path: str, role: Role, folder: Path, menu: str) -> None:
    @area.route(path, require(role), menu=menu)
    def show(visit: Visit) -> Response:
        lines = audit_log.written(folder)
        asked = visit.request.query_params
        found = list(reversed(_chosen(lines, visit)))
        return visit.page(
            "log.html",
            path=path,
            page=paged([entry for entry, _ in found], asked.get("page", ""), _SIZE),
            people=sorted({entry.by for entry, _ in lines}),
            actions=sorted({str(entry.action) for entry, _ in lines}, key=lambda each: visit.text(f"log.name_{each}")),
            by=asked.get("by", ""),
            action=asked.get("action", ""),
            verified=audit_log.verify(folder),
            others=[each for each in (PATH, ENTRY_PATH) if visit.actor.role.may(Role.PUBLISHER)],
        )

    for ending, (media_type, write) in _FORMATS.items():
        _file(area, f"{path}.{ending}", role, folder, media_type, write)


def _file(
    area: Area, path: str, role: Role, folder: Path, media_type: str, write: Callable[[Sequence[Line]], bytes]
) -> None:
    @area.route(path, require(role))
    def take(visit: Visit) -> Response:
        """All that the filter chooses, oldest first, as the file has it."""
        name = path.removeprefix(f"{HOME}/").replace("/", "-")
        headers = {"Content-Disposition": f'attachment; filename="gongkai-{name}"'}
        return Response(write(_chosen(audit_log.written(folder), visit)), media_type=media_type, headers=headers)


def _chosen(lines: Sequence[Line], visit: Visit) -> list[Line]:
    by, action = (visit.request.query_params.get(name, "") for name in ("by", "action"))
    return [each for each in lines if by in ("", each[0].by) and action in ("", each[0].action)]


def _as_csv(lines: Sequence[Line]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for entry, _ in lines:
        told = json.dumps(dict(entry.told), ensure_ascii=False) if entry.told else ""
        cells = (entry.by, str(entry.action), entry.origin, entry.target, entry.reason)
        writer.writerow([entry.number, entry.at, *map(defused, cells), str(entry.is_forced).lower(), defused(told)])
    return (_MARK + out.getvalue()).encode()


def _as_lines(lines: Sequence[Line]) -> bytes:
    return b"".join(line + b"\n" for _, line in lines)


_FORMATS: dict[str, tuple[str, Callable[[Sequence[Line]], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", _as_csv),
    "jsonl": ("application/jsonl; charset=utf-8", _as_lines),
}
