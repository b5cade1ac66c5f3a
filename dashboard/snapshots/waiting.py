"""Rows of reports' tables that wait on the disk until they are written in the table's order, whichever came first.

Files of rows in; stretches of them out, by body and year. Of all rows few are held at a time; which report's stand where is
held for all. Knows neither what the rows mean nor how they were found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

# Rows that are written together, and a body's more.
_STRETCH = 40_960
# Files come in the order of their reports, but for some that are made last, and those of another snapshot beside them.
_OPEN = 4
# One thread: as many processes as there are processors write at a time.
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)


class Rows(NamedTuple):
    """A report's rows in one place: their number, and the number of rows before them there."""

    body: str
    year: int
    length: int
    start: int
    place: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A file of rows; `group` where it is a row group of another snapshot's table."""

    path: Path
    group: int | None = None

    def read(self) -> Any:
        if self.group is not None:
            return pq.ParquetFile(self.path).read_row_group(self.group, use_threads=False).drop_columns("position")
        with pa.OSFile(str(self.path), "rb") as file:
            return pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(use_threads=False)).read_all()


def write(path: Path, rows: Any) -> None:
    """A file that is read once and thrown away: written fast, and not as small as can be."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, rows.schema, options=_OPTIONS) as writer:
        writer.write_table(rows)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rows of one table, wherever they are."""

    _places: list[Place] = field(default_factory=list)
    _rows: list[Rows] = field(default_factory=list)

    def add(self, path: Path, rows: Sequence[Rows]) -> None:
        """Rows in a file of `write`."""
        self._add(Place(path), rows)

    def take_over(self, path: Path, reports: Collection[tuple[str, int]]) -> None:
        """These reports' rows of another snapshot's table."""
        file = pq.ParquetFile(path)
        for group in range(file.num_row_groups):
            held = _rows_of(file.read_row_group(group, columns=["body", "year"]))
            self._add(Place(path, group), [each for each in held if (each.body, each.year) in reports])

    def _add(self, place: Place, rows: Sequence[Rows]) -> None:
        self._rows.extend(each._replace(place=len(self._places)) for each in rows)
        self._places.append(place)

    def in_order(self) -> Iterator[Any]:
        """All rows by body and year, some bodies' at a time, counted in the column `position`."""
        self._rows.sort(key=lambda each: (each.body, each.year, each.place, each.start))
        read = lru_cache(_OPEN)(Place.read)
        position = 0
        for stretch in _stretches(self._rows):
            parts = [read(self._places[place]).slice(start, count) for place, start, count in _joined(stretch)]
            rows = pa.concat_tables(parts)
            numbers = pa.array(np.arange(position, position + rows.num_rows, dtype=np.int32))
            position += rows.num_rows
            yield rows.add_column(0, "position", numbers).combine_chunks()


def _rows_of(keys: Any) -> Iterator[Rows]:
    """Whose rows follow each other in a table, by its columns `body` and `year`."""
    body, year = (keys.column(name).combine_chunks() for name in ("body", "year"))
    codes = body.dictionary_encode()
    changed = (np.diff(codes.indices.to_numpy()) != 0) | (np.diff(year.to_numpy()) != 0)
    ends = [*(np.flatnonzero(changed) + 1).tolist(), keys.num_rows]
    start = 0
    for end in ends:
        if end > start:
            yield Rows(body[start].as_py(), year[start].as_py(), end - start, start)
        start = end


def _stretches(rows: Sequence[Rows]) -> Iterator[list[Rows]]:
    """Whole bodies' rows, as many as are written together."""
    stretch: list[Rows] = []
    count = 0
    for _, of_body in groupby(rows, attrgetter("body")):
        own = list(of_body)
        stretch += own
        count += sum(each.length for each in own)
        if count >= _STRETCH:
            yield stretch
            stretch, count = [], 0
    if count:
        yield stretch


def _joined(rows: Sequence[Rows]) -> Iterator[tuple[int, int, int]]:
    """(place, start, count), those that follow each other in one place as one."""
    place, start, count = rows[0].place, rows[0].start, 0
    for each in rows:
        if (each.place, each.start) == (place, start + count):
            count += each.length
        else:
            yield place, start, count
            place, start, count = each.place, each.start, each.length
    yield place, start, count
