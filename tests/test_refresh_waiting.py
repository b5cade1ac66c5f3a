"""Rows that wait for a snapshot's table are written by body and year, whichever came first and wherever they waited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.snapshots import waiting
from dashboard.snapshots.waiting import Rows, Waiting

Reports = dict[tuple[str, int], tuple[int, int]]
"""How many rows each has, and in which file they are."""
REPORTS: st.SearchStrategy[Reports] = st.dictionaries(
    st.tuples(st.sampled_from("abcde"), st.integers(2008, 2012)),
    st.tuples(st.integers(0, 150), st.integers(0, 3)),
    max_size=12,
)


@pytest.fixture(autouse=True, scope="module")
def few_rows_at_a_time() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(waiting, "_STRETCH", 100)
        yield


@given(REPORTS)
def test_rows_come_by_body_and_year_some_bodies_at_a_time(reports: Reports) -> None:
    with TemporaryDirectory() as folder:
        written = list(_waiting(Path(folder), reports).in_order())
    told = [row for rows in written for row in zip(*(rows.column(name).to_pylist() for name in _NAMES), strict=True)]
    wanted = [(body, year, line) for (body, year), (count, _) in sorted(reports.items()) for line in range(count)]
    assert told == [(place, *row) for place, row in enumerate(wanted)]
    bodies = [rows.column("body").unique().to_pylist() for rows in written]
    assert len({body for some in bodies for body in some}) == sum(map(len, bodies))  # none is cut in two
    assert all(rows.num_rows >= waiting._STRETCH for rows in written[:-1])


_NAMES = ("position", "body", "year", "line")


def _waiting(folder: Path, reports: Reports) -> Waiting:
    """The last file is another snapshot's table, which holds a report more that is not taken over."""
    found = Waiting()
    for number in range(3):
        held = [(key, count) for key, (count, file) in sorted(reports.items()) if file == number]
        start, rows = 0, []
        for (body, year), count in held:
            rows.append(Rows(body, year, count, start))
            start += count
        waiting.write(folder / str(number), _table(held))
        found.add(folder / str(number), rows)
    taken = {key: count for key, (count, file) in reports.items() if file == 3}
    old = _table(sorted({**taken, ("ab", 2009): 3}.items()))
    numbers = pa.array(range(old.num_rows), pa.int32())
    pq.write_table(old.add_column(0, "position", numbers), folder / "old.parquet", row_group_size=90)
    found.take_over(folder / "old.parquet", taken)
    return found


def _table(held: list[tuple[tuple[str, int], int]]) -> pa.Table:
    return pa.table(
        {
            "body": pa.array([body for (body, _), count in held for _ in range(count)], pa.string()),
            "year": pa.array([year for (_, year), count in held for _ in range(count)], pa.int32()),
            "line": pa.array([line for _, count in held for line in range(count)], pa.int64()),
        }
    )
