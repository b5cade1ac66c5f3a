"""The command `gongkai demo`: a synthetic country as a data folder.

Exit codes: 0 written, 1 refused, 2 wrong usage.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from dashboard import settings
from dashboard.messages import Language, number, text

Command = Callable[..., None]
_FIRST, _LAST, _MOST = 2008, 2099, 200_000


def register(app: typer.Typer, says_errors: Callable[[Command], Command]) -> None:
    """Adds the command to the program's; `says_errors` turns an error a person can put right into a sentence."""
    app.command(name="demo")(says_errors(demo))


def demo(
    out: Annotated[
        Path, typer.Option(help="An empty folder, or one of an earlier synthetic country.", show_default=False)
    ],
    seed: Annotated[int, typer.Option(min=0, help="The same number gives the same country, byte for byte.")] = 1,
    bodies: Annotated[int, typer.Option(min=1, max=_MOST, help="How many bodies report.")] = 3200,
    years: Annotated[str, typer.Option(help="First and last year reported on, such as 2008:2025.")] = "2008:2025",
    errors: Annotated[
        float, typer.Option(min=0, max=1, help="Share of reports with an error, which seeded.csv then lists.")
    ] = 0.0,
) -> None:
    """Write a made-up country, marked as synthetic everywhere, to try and measure the program with."""
    from dashboard import demo as country

    language = settings.load().language
    first, last = _years(years, language)
    with _progress(language) as tell:
        written = country.write(out, country.Wishes(bodies, first, last, seed, errors), tell)
    counts = {name: number(getattr(written, name)) for name in ("bodies", "reports", "facts", "mentions", "errors")}
    typer.echo(text("demo.done", language, folder=out, **counts))


def _years(told: str, language: Language) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{4})(?::(\d{4}))?", told)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not _FIRST <= first <= last <= _LAST:
        raise typer.BadParameter(text("demo.years", language, years=told, first=_FIRST))
    return first, last


@contextmanager
def _progress(language: Language) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text("demo.progress", language), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
