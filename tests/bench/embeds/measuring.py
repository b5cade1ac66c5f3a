"""Every measurement of the embeds in turn, over the committed tables; whether every target is held."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench.embeds import drawing, rates, sizes, visible, worn
from tests.bench.embeds.addresses import EVERY
from tests.bench.serving import get
from tests.bench.slow import browsing
from tests.conftest import copy_data, served

PARTS = ("sizes", "visible", "rates", "drawing", "worn")


def measured(parts: tuple[str, ...] = PARTS, loads: int = 5) -> bool:
    """Prints tables and verdicts; whether every target is held. `loads`: of each page on the slow line."""
    are_held: list[bool] = []
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        data = copy_data(folder / "data")
        if {"sizes", "visible"} & {*parts}:
            with served(data, folder / "cache") as ours, browsing() as browser:
                _warm(ours)
                are_held += [sizes.measured(ours, browser)] if "sizes" in parts else []
                are_held += [visible.measured(ours, browser, folder, loads)] if "visible" in parts else []
        if "rates" in parts:
            are_held += [rates.measured(data, folder)]
        if "drawing" in parts:
            are_held += [drawing.measured(data, folder)]
        if "worn" in parts:
            are_held += [worn.measured(data, folder)]
    return all(are_held)


def _warm(ours: str) -> None:
    """As a server is once it has drawn what it draws by itself."""
    for path in EVERY:
        get(ours + path)
