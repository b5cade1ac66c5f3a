"""The rows of some reports gathered as one table of columns: records in, what waits for a snapshot to be written out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa

from dashboard.schema import Report, columns
from dashboard.snapshots.engine_tables import TABLES, stored
from dashboard.snapshots.engine_writing import ARROW, column_of
from dashboard.snapshots.waiting import Rows
from dashboard.tables.by_column import ByColumn, Common

# Columns that many tables have in common, known at a time.
_KNOWN = 16_384


class Gathering:
    """The rows of one table; all of one report are added in one call."""

    def __init__(self, table: str) -> None:
        self._record = TABLES[table][0]
        self._own = [_Column(kind) for _, kind in stored(table)[3:]]
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
        counts = [each.count for each in self.rows]
        body = pa.array([each.body for each in self.rows], pa.string())
        year = np.array([each.year for each in self.rows], np.int32)
        keys = [body.take(pa.array(np.repeat(np.arange(len(counts)), counts))), pa.array(np.repeat(year, counts))]
        own = [column.array() for column in self._own]
        return pa.table([*keys, *own], names=["body", "year", *columns(self._record)])


class _Column:
    """The cells of a column: some as they came, some made into an array already."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._arrays: list[Any] = []
        self._cells: list[Any] = []

    def extend(self, cells: Iterable[Any]) -> None:
        if isinstance(cells, Common):
            self._close()
            self._arrays.append(_common(cells, self._kind))
        else:
            self._cells.extend(cells)

    def _close(self) -> None:
        if self._cells:
            self._arrays.append(column_of(self._cells, self._kind))
            self._cells = []

    def array(self) -> Any:
        self._close()
        return pa.concat_arrays(self._arrays) if self._arrays else pa.array([], ARROW[self._kind])


@lru_cache(_KNOWN)
def _common(cells: Common, kind: str) -> Any:
    return column_of(cells, kind)


def _by_column(records: Sequence[Any], record: type) -> Sequence[Iterable[Any]]:
    if isinstance(records, ByColumn):
        return records.held
    return [map(attrgetter(name), records) for name in columns(record)]
