"""The command `gongkai export`: everything public as static files.

Exit codes: 0 written, 1 refused, 2 wrong usage.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from dashboard import settings
from dashboard.messages import text

Command = Callable[..., None]


def register(app: typer.Typer, says_errors: Callable[[Command], Command]) -> None:
    """Adds the command to the program's; `says_errors` turns an error a person can put right into a sentence."""
    app.command(name="export")(says_errors(export))


def export(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="An empty folder, or one of an earlier export.")],
    base_url: Annotated[
        str, typer.Option(help="Where the folder will be reached, such as https://cdn.example.cn/gk.")
    ] = "",
    snapshot: Annotated[str, typer.Option(help="A published snapshot; the live one if not told.")] = "",
    without: Annotated[
        list[str] | None,
        typer.Option(help="Leave out a format: png, svg, xlsx, csv, json, plotly.json. May be repeated."),
    ] = None,
) -> None:
    """Write everything public as static files: charts to embed, pictures, data, an index; only what has changed."""
    from dashboard.export import Wishes
    from dashboard.export import export as write
    from dashboard.export.report_files import ALL

    held = settings.load()
    known = {each.ending for each in ALL}
    unknown = sorted(set(without or []) - known)
    if unknown:
        raise typer.BadParameter(
            text("export.unknown_format", held.language, format=unknown[0], known=" ".join(sorted(known)))
        )
    try:
        base = settings.web_address(base_url)
    except ValueError as error:
        raise typer.BadParameter(text("export.no_address", held.language, address=base_url)) from error
    outcome = write(held, target, Wishes(base, snapshot, frozenset(without or [])))
    for note in outcome.notes:
        typer.echo(text(note, held.language), err=True)
    counts = {"written": outcome.written, "unchanged": outcome.unchanged, "removed": outcome.removed}
    typer.echo(text("export.done", held.language, folder=target, **counts))
