"""A small table as plain rows, for code that reads it line by line."""

from __future__ import annotations

from typing import Any

import pandas as pd


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts by column name, in order; missing values as they are in the frame."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
