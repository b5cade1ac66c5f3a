"""A snapshot's rows, some bodies at a time: their reports read, tried against the schema and checked, here or in processes beside.

Reports in, tables of rows out. Each report's own tables are read once for everything done with them.
"""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import uuid4

from dashboard.checks import audit
from dashboard.messages import UserError
from dashboard.schema import Report
from dashboard.snapshots import inputs, waiting
from dashboard.snapshots.blocking import Problems
from dashboard.snapshots.gathering import Gathering
from dashboard.snapshots.inputs import Key
from dashboard.snapshots.waiting import Rows
from dashboard.tables.package import Package

_TABLES = ("facts", "mentions", "findings", "evidence")
# Reports in a piece; with fewer than so many in all, other processes would take longer to start than to help.
_REPORTS, _ALONE = 150, 600
_MOST_PROCESSES = 4


@dataclass(frozen=True, slots=True)
class Task:
    """Reports of some bodies, whole bodies each; which of them are read anew, and which are checked anew.

    Their rows are left in files whose names begin with `path`.
    """

    path: Path
    reports: Sequence[Report]
    to_read: Collection[Key]
    to_check: Collection[Key]


@dataclass(frozen=True, slots=True)
class Piece:
    """Files of rows by table, and whose rows stand where in them. `problems` are what keeps them from being published,
    the first of `count`."""

    tables: dict[str, tuple[Path, Sequence[Rows]]]
    problems: Sequence[tuple[str, dict[str, Any]]]
    count: int
    checked: int

    def add_problems(self, to: Problems) -> None:
        to.add(UserError(message_id, **values) for message_id, values in self.problems)
        to.count += self.count - len(self.problems)


def made(
    package: Package, reports: Sequence[Report], to_read: Collection[Key], to_check: Collection[Key], into: Path
) -> Iterator[Piece]:
    """The pieces in order, with their rows in the folder `into`.

    Reports of a body whose tables and findings are all held already are passed over. Raises UserError where a process beside is
    ended by somebody else.
    """
    tasks = list(_tasks(reports, set(to_read), set(to_check), into))
    if sum(len(task.reports) for task in tasks) < _ALONE or multiprocessing.current_process().daemon:
        folder = audit.Folder(package)
        yield from (_piece(folder, package, task) for task in tasks)
        return
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES)
    # A fresh process each: this one may have threads of a server or a database.
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(processes, context, _prepare, (str(package.folder),)) as pool:
            waiting: deque[Future[Piece]] = deque()
            for task in tasks:
                waiting.append(pool.submit(_in_process, task))
                if len(waiting) > 2 * processes:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise UserError("refresh.process_ended") from error


def _tasks(reports: Sequence[Report], to_read: set[Key], to_check: set[Key], into: Path) -> Iterator[Task]:
    held, wanted = list[Report](), to_read | to_check
    for _, of_body in groupby(reports, lambda report: report.body):
        own = list(of_body)
        keys = {(each.body, each.year) for each in own}
        if keys & wanted:
            held += own
        if len(held) >= _REPORTS:
            yield _task(held, to_read, to_check, into)
            held = []
    if held:
        yield _task(held, to_read, to_check, into)


def _task(reports: list[Report], to_read: set[Key], to_check: set[Key], into: Path) -> Task:
    keys = {(each.body, each.year) for each in reports}
    return Task(into / uuid4().hex, reports, keys & to_read, keys & to_check)


_folder: list[tuple[audit.Folder, Package]] = []
"""What a process beside has read of the data folder when it was started."""


def _prepare(folder: str) -> None:
    _watch_parent()
    package = Package(Path(folder))
    _folder[:] = [(audit.Folder(package), package)]
    gc.freeze()  # what is there for good is not looked through for garbage after each piece
    atexit.register(gc.unfreeze)  # or libraries complain of what they leave behind


def _watch_parent() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A process beside one that was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _in_process(task: Task) -> Piece:
    """Looking for garbage among hundreds of thousands of records again and again takes a tenth of the time."""
    [(folder, package)] = _folder
    gc.disable()
    piece = _piece(folder, package, task)
    gc.collect()
    return piece


def _piece(folder: audit.Folder, package: Package, task: Task) -> Piece:
    problems = Problems()
    gathered = {table: Gathering(table) for table in _TABLES}
    for _, reports in groupby(task.reports, lambda report: report.body):
        _add_body(gathered, list(reports), folder, package, task, problems)
    tables = (
        {} if problems.count else {table: _left(task, table, rows) for table, rows in gathered.items() if rows.rows}
    )
    told = [(each.message_id, dict(each.values)) for each in problems.kept]
    return Piece(tables, told, problems.count, len(task.to_check))


def _left(task: Task, table: str, rows: Gathering) -> tuple[Path, Sequence[Rows]]:
    """In a file: from there whoever writes the snapshot takes them in its order, and no process hands them to another."""
    path = task.path.with_name(f"{task.path.name}-{table}")
    waiting.write(path, rows.table())
    return path, rows.rows


def _add_body(
    gathered: dict[str, Gathering],
    reports: list[Report],
    folder: audit.Folder,
    package: Package,
    task: Task,
    problems: Problems,
) -> None:
    """From the first error on, the rest is only tried against its schema."""
    is_checked = any((each.body, each.year) in task.to_check for each in reports)
    reported = []
    for report in reports:
        if (report.body, report.year) in task.to_read:
            one = inputs.read_report(package, report, problems)
            gathered["facts"].add(report, one.facts)
            gathered["mentions"].add(report, one.mentions)
            reported.append(one)
        elif is_checked and not problems.count:
            reported.append(inputs.read_again(package, report))
    for one in reported:
        if (one.report.body, one.report.year) in task.to_check and not problems.count:
            parts = folder.rows(one, reported)
            gathered["findings"].add(one.report, *(found for found, _ in parts))
            gathered["evidence"].add(one.report, *(cells for _, cells in parts))
