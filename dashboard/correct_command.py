"""The commands `gongkai correct add`, `list` and `withdraw`: another value for a figure, with its reason and evidence.

Exit codes: 0 written, or listed and all in order; 1 refused, or a listed correction has lapsed; 2 wrong usage.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import orjson
import typer

from dashboard import settings
from dashboard.messages import Language, text
from dashboard.schema import Absence, Measure, Segment
from dashboard.tables import corrections, records
from dashboard.tables.corrections import Chosen, Listed, State, Wish
from dashboard.tables.package import Package

Command = Callable[..., None]
Body = Annotated[str, typer.Option(help="Division code of the body, such as 640000.")]
Year = Annotated[int, typer.Option(help="The year reported on.")]
By = Annotated[str, typer.Option("--by", help="Who does it; the system's user if not told.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is published.")]
_FORMATS = ("table", "json")
_group = typer.Typer(no_args_is_help=True, help="Corrections of single figures; the report's own stays visible.")


def register(app: typer.Typer, says_errors: Callable[[Command], Command]) -> None:
    """Adds the commands to the program's; `says_errors` turns an error a person can put right into a sentence."""
    _group.command(name="add")(says_errors(add))
    _group.command(name="list")(says_errors(listing))
    _group.command(name="withdraw")(says_errors(withdraw))
    app.add_typer(_group, name="correct")


def add(
    indicator: Annotated[str, typer.Argument(help="Indicator code, as `gongkai facts` prints it.")],
    body: Body,
    year: Year,
    evidence: Annotated[
        str, typer.Option(help="What shows it: words, an address, or sha256:HASH#PLACE; it is published.")
    ],
    reason: Reason,
    value: Annotated[str, typer.Option(help="The value in its place, in the figure's unit; a rate may be 12.5%.")] = "",
    absence: Annotated[Absence | None, typer.Option(help="Instead of a value: why there is none.")] = None,
    segment: Annotated[Segment, typer.Option(help="Who the figure speaks of.")] = Segment.ALL,
    applicant: Annotated[str, typer.Option(help="Kind of applicant, where the form has them.")] = "",
    measure: Annotated[Measure, typer.Option(help="What is measured.")] = Measure.VALUE,
    at: Annotated[str, typer.Option(help="Its place, where the report states the figure several times.")] = "",
    by: By = "",
) -> None:
    """Correct a figure; the one in force for it before is ended. Readers see it after the next refresh."""
    from dashboard.snapshots import correcting, releases

    held = settings.load()
    _require_reason(reason, held.language)
    if bool(value) == bool(absence):
        raise typer.BadParameter(text("correction.value_or_absence", held.language), param_hint="--value, --absence")
    wish = Wish(value, str(absence or ""), reason, evidence, by.strip() or releases.machine_user())
    chosen = Chosen(indicator, segment, applicant, measure, at)
    given = correcting.give(held.data_dir, held.data_dir, body, year, chosen, wish)
    typer.echo(
        text(
            "correction.written",
            held.language,
            correction=given.correction,
            indicator=given.indicator,
            printed=corrections.told(given.printed_value, given.printed_absence),
            value=corrections.told(given.value, given.absence),
            folder=held.data_dir,
        )
    )


def _require_reason(reason: str, language: Language) -> None:
    """A blank one is wrong usage, like none at all."""
    if not reason.strip():
        raise typer.BadParameter(text("correction.no_reason", language), param_hint="--reason")


def withdraw(
    correction: Annotated[str, typer.Argument(help="Its id, as `gongkai correct list` prints it.")],
    reason: Reason,
    by: By = "",
) -> None:
    """Take a correction back; it stays in the table with the reason. Readers see it after the next refresh."""
    from dashboard.snapshots import correcting, releases

    held = settings.load()
    _require_reason(reason, held.language)
    name = by.strip() or releases.machine_user()
    correcting.withdraw(held.data_dir, held.data_dir, correction, name, reason)
    typer.echo(text("correction.taken_back", held.language, correction=correction, folder=held.data_dir))


def listing(output: Annotated[str, typer.Option("--format", help="table or json.")] = "table") -> None:
    """List every correction and whether it is in force, has lapsed, or was ended; exit code 1 where one has lapsed."""
    held = settings.load()
    if output not in _FORMATS:
        raise typer.BadParameter(", ".join(_FORMATS), param_hint="--format")
    found = corrections.listed(Package(held.data_dir))
    if output == "json":
        typer.echo(orjson.dumps([_plain(each) for each in found], option=orjson.OPT_INDENT_2).decode())
    else:
        for line in [_line(each, held.language) for each in found] or [text("correction.none", held.language)]:
            typer.echo(line)
        for problem in corrections.lapsed(Package(held.data_dir)):
            typer.echo(problem.say(held.language), err=True)
    if any(each.state is State.LAPSED for each in found):
        raise typer.Exit(1)


def _line(each: Listed, language: Language) -> str:
    held = each.correction
    printed = corrections.told(held.printed_value, held.printed_absence)
    who = [str(part) for part in (held.segment, held.applicant, held.measure) if part not in ("", "all", "value")]
    named = " ".join([held.indicator, *who])
    state = text(f"correction.state_{each.state}", language)
    change = f"{printed} → {corrections.told(held.value, held.absence)}"
    return "  ".join([held.correction, state, held.given, named, change, held.name, held.reason])


def _plain(each: Listed) -> dict[str, object]:
    """All columns as the table has them, values as texts; missing ones null."""
    row: dict[str, object] = {
        name: value if isinstance(value, int) or value is None else records.written(value)
        for name, value in asdict(each.correction).items()
    }
    return row | {"state": str(each.state), "line": each.line}
