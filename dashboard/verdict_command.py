"""The command `gongkai verdict`: writes down what an officer says of a finding, beside the figures it was said of.

Exit codes: 0 written or listed, 1 refused, 2 wrong usage.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

import typer

from dashboard import settings
from dashboard.checks import officer
from dashboard.messages import text
from dashboard.schema import Ruling
from dashboard.tables.package import Package

Command = Callable[..., None]


def register(app: typer.Typer, says_errors: Callable[[Command], Command]) -> None:
    """Adds the command to the program's; `says_errors` turns an error a person can put right into a sentence."""
    app.command(name="verdict")(says_errors(verdict))


def verdict(
    finding: Annotated[str, typer.Argument(help="Id of the finding, as `gongkai check --format json` prints it.")],
    ruling: Annotated[Ruling, typer.Argument(help="confirmed: the report is wrong; explained: there is a reason.")],
    body: Annotated[str, typer.Option(help="Division code of the body, such as 640000.")],
    year: Annotated[int, typer.Option(help="The year reported on.")],
    name: Annotated[str, typer.Option(help="Who says so.")],
    reason: Annotated[str, typer.Option(help="Why; an explanation needs one.")] = "",
) -> None:
    """Say of a finding that it is confirmed or explained; the findings page shows it after the next refresh."""
    held = settings.load()
    if not name.strip():
        raise typer.BadParameter(text("officer.no_name", held.language), param_hint="--name")
    if ruling is Ruling.EXPLAINED and not reason.strip():
        raise typer.BadParameter(text("officer.no_reason", held.language, finding=finding), param_hint="--reason")
    given = officer.give(
        Package(held.data_dir), body, year, finding, ruling, reason=reason, name=name, given=date.today()
    )
    typer.echo(text("officer.written", held.language, finding=given.finding, folder=held.data_dir))
