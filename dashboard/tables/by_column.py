"""Records held by column: a table's values as its columns have them, and each record made when it is asked for.

Of a report's hundred figures the checks look at some ten as records; making all of them would take longer than the checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

from dashboard.schema import columns

Record = TypeVar("Record")


class ByColumn(Sequence[Record], Generic[Record]):
    """As a list of records is, and its columns beside; `held` are the columns in the order of the record's fields."""

    def __init__(self, record: type[Record], held: Sequence[Sequence[Any]]) -> None:
        self._record = record
        self.held = tuple(held)

    def column(self, name: str) -> Sequence[Any]:
        return self.held[columns(self._record).index(name)]

    def __len__(self) -> int:
        return len(self.held[0])

    def __iter__(self) -> Iterator[Record]:
        return map(self._record, *self.held)

    @overload
    def __getitem__(self, place: int) -> Record: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Record]: ...

    def __getitem__(self, place: int | slice) -> Record | Sequence[Record]:
        if isinstance(place, slice):
            return ByColumn(self._record, [column[place] for column in self.held])
        return self._record(*[column[place] for column in self.held])
