"""The rows of some reports gathered as one table of columns: records in, what waits for a snapshot to be written out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa

from dashboard.schema import Report, columns
from dashboard.snapshots.engine_tables import TABLES, stored
from dashboard.snapshots.engine_writing import column_of
from dashboard.snapshots.waiting import Rows
from dashboard.tables.by_column import ByColumn


class Gathering:
    """The rows of one table; all of one report are added in one call."""

    def __init__(self, table: str) -> None:
        self._record = TABLES[table][0]
        self._kinds = [kind for _, kind in stored(table)[3:]]
        self._own: list[list[Any]] = [[] for _ in self._kinds]
        self.rows: list[Rows] = []
        self._count = 0

    def add(self, report: Report, *parts: Sequence[Any]) -> None:
        for part in parts:
            for column, cells in zip(self._own, _by_column(part, self._record), strict=True):
                column.extend(cells)
        count = sum(map(len, parts))
        self.rows.append(Rows(report.body, report.year, count, self._count))
        self._count += count

    def table(self) -> Any:
        """In the columns of `stored`, but for `position`."""
        counts = [each.length for each in self.rows]
        body = pa.array([each.body for each in self.rows], pa.string())
        year = np.array([each.year for each in self.rows], np.int32)
        keys = [body.take(pa.array(np.repeat(np.arange(len(counts)), counts))), pa.array(np.repeat(year, counts))]
        own = [column_of(cells, kind) for cells, kind in zip(self._own, self._kinds, strict=True)]
        return pa.table([*keys, *own], names=["body", "year", *columns(self._record)])


def _by_column(records: Sequence[Any], record: type) -> Sequence[Iterable[Any]]:
    if isinstance(records, ByColumn):
        return records.held
    return [map(attrgetter(name), records) for name in columns(record)]
