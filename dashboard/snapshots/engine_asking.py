"""How questions are put: one query with its values in, a small DataFrame out. What is asked stands in its neighbours.

Queries are written once, in DuckDB's SQL, with `?` for each value and tables by their own names. A value that is
missing comes as None, a number as Decimal or int, exact; a list stays a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd


class Asking:
    """What every engine answers in its own way."""

    def ask(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        raise NotImplementedError

    def ask_apart(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """As `ask`; a long question does not keep the others waiting."""
        raise NotImplementedError

    def stream(self, query: str, parameters: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows one by one, however many there are."""
        raise NotImplementedError


def frame(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """Cells as they are, whatever their kinds."""
    held = [[plain(value) for value in row] for row in rows]
    return pd.DataFrame(held, columns=list(names), dtype=object) if held else pd.DataFrame(columns=list(names))


def plain(value: Any) -> Any:
    """706668.00000000 as 706668: the column's scale is the database's, not the report's."""
    if isinstance(value, Decimal):
        return Decimal(f"{value.normalize():f}")
    return value
