"""The command `gongkai`: each command reads its arguments, calls one function below, and prints what came of it.

Exit codes: 0 fine, 1 findings or refused input, 2 wrong usage.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec

import typer

from dashboard import (
    __version__,
    admin_command,
    backup_command,
    check_command,
    correct_command,
    demo_command,
    export_command,
    refresh_command,
    report_command,
    settings,
    verdict_command,
)
from dashboard.messages import Language, UserError, plural, text
from dashboard.schema import Fact, columns
from dashboard.tables import records
from dashboard.tables.package import Package

if TYPE_CHECKING:
    from dashboard.ingest.outcome import Result

app = typer.Typer(
    name="gongkai",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Arguments = ParamSpec("Arguments")

MENTION_COLUMNS = ("value", "unit", "bound", "counts", "section", "locator", "indicator")


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"


Body = Annotated[str, typer.Option(help="Division code of the body, such as 640000.")]
Year = Annotated[int, typer.Option(help="The year reported on.")]
Output = Annotated[Format, typer.Option("--format", help="How to print.")]


def main() -> None:
    """The entry point: an error a person can put right is one sentence and exit code 1, never a traceback."""
    app()


def _says_errors(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    @wraps(command)
    def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except UserError as error:
            typer.echo(error.say(_language()), err=True)
            raise typer.Exit(1) from error

    return wrapped


def _language() -> Language:
    try:
        return settings.load().language
    except UserError:
        return Language.ZH


@app.command()
@_says_errors
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(help="Server processes.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Prepare a preview when the data folder changes.")] = False,
    publish: Annotated[bool, typer.Option("--publish", help="With --watch: publish it, too.")] = False,
) -> None:
    """Serve the dashboard; builds the snapshot first if nothing has been published."""
    gc.disable()  # looking through all that is loaded, while it is loaded, is a sixth of the start
    from dashboard import server

    gc.freeze()
    gc.enable()
    if publish and not watch:
        raise typer.BadParameter(text("watch.publish_alone", _language()))
    with server.watching(settings.load(), publish=publish) if watch else nullcontext():
        server.run(settings.load(), host=host, port=port, workers=workers)


@app.command()
@_says_errors
def ingest(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Reports as published: files, folders.", show_default=False)
    ],
    body: Annotated[str, typer.Option(help="Division code, where one document does not tell its body.")] = "",
    year: Annotated[int | None, typer.Option(help="The year reported on, where one document does not tell it.")] = None,
    url: Annotated[str, typer.Option(help="Where the one document was published.")] = "",
    add_body: Annotated[bool, typer.Option("--add-body", help="Add a body that bodies.csv does not hold.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what is read; write nothing.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Read anew what was read before.")] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes that read; one a core if not told, at most four.")
    ] = None,
    scheduler: Annotated[str, typer.Option(help="Dask scheduler to read on, such as tcp://10.0.0.5:8786.")] = "",
    output: Output = Format.TABLE,
) -> None:
    """Read reports into the data folder: tables, narrative, every figure with its place."""
    from dashboard.ingest import batch, executors, sources

    found, passed = sources.find(paths)
    wishes = batch.Wishes(body, year, url, add_body, dry_run, again)
    if scheduler and jobs:
        raise typer.BadParameter(text("ingest.jobs_or_scheduler", _language()))
    if len(found) > 1 and (body or year is not None or url):
        raise typer.BadParameter(text("ingest.one_only", _language()))
    package = Package(settings.load().data_dir)
    is_one = [*paths] == found
    if is_one and dry_run:
        read = batch.preview(paths[0], package, wishes)
        _print(records.from_csv(read.facts, Fact, paths[0].name), columns(Fact), output)
        return
    with executors.chosen(1 if is_one and not scheduler else jobs, scheduler) as readers, _progress(len(found)) as tell:
        results = batch.ingest(found, package, readers, wishes, lambda _path, _result: tell())
    if is_one and output is Format.TABLE:
        _tell_one(results[0], package.folder)
    else:
        _tell_all([*results, *passed], output)


def _tell_one(result: Result, folder: Path) -> None:
    """One document is told in sentences."""
    from dashboard.ingest.outcome import Outcome

    if result.outcome is Outcome.REFUSED and result.reason:
        raise result.reason.error()
    if result.facts is not None and result.outcome in (Outcome.READ, Outcome.REPLACED):
        facts = plural("count.indicator_figures", result.facts, _language())
        mentions = plural("count.quantities", result.mentions or 0, _language())
        values = {"title": result.title, "edition": result.edition, "facts": facts, "mentions": mentions}
        typer.echo(text("cli.ingested", _language(), folder=folder, **values))
    if result.outcome is Outcome.UNCHANGED:
        typer.echo(text("ingest.unchanged", _language(), title=result.title, body=result.body, year=result.year))
    if result.reason:
        typer.echo(result.reason.say(_language()))
    for finding in result.findings:
        typer.echo(finding.say(_language()), err=True)


def _tell_all(results: list[Result], output: Format) -> None:
    """Many are told as a table; ends with 1 where one was refused."""
    from dashboard.ingest import telling
    from dashboard.ingest.outcome import Outcome

    if output is Format.JSON:
        typer.echo(telling.as_json(results, _language()))
    elif output is Format.CSV:
        sys.stdout.write(telling.as_csv(results, _language()))
    else:
        _table(telling.headings(_language()), telling.rows(results, _language()))
        typer.echo(telling.summary(results, _language()))
        for line in telling.findings(results, _language()):
            typer.echo(line, err=True)
    if any(result.outcome is Outcome.REFUSED for result in results):
        raise typer.Exit(1)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing elsewhere; to be called as each document is done."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text("ingest.progress", _language()), total=total)
        yield lambda: bar.advance(task)


@app.command()
@_says_errors
def facts(body: Body, year: Year, output: Output = Format.TABLE) -> None:
    """Print every figure of a report with its place."""
    package = Package(settings.load().data_dir)
    _require_report(package, body, year)
    _print(package.facts(body, year), columns(Fact), output)


@app.command()
@_says_errors
def mentions(body: Body, year: Year, output: Output = Format.TABLE) -> None:
    """Print every quantity of a report's narrative with its place."""
    package = Package(settings.load().data_dir)
    _require_report(package, body, year)
    _print(package.mentions(body, year), MENTION_COLUMNS, output)


@app.command(name="settings")
@_says_errors
def list_settings() -> None:
    """List what the environment may set, with the value that holds here."""
    rows = settings.table(settings.load())
    _table(("setting", "value", "about"), rows)


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", help="Tell the version.", is_eager=True, callback=_tell_version)
    ] = False,
) -> None:
    """Gongkai 公开: the figures of government information disclosure reports."""


def _require_report(package: Package, body: str, year: int) -> None:
    held = [(report.body, report.year) for report in package.reports()]
    if (body, year) not in held:
        known = "、".join(f"{code}-{when}" for code, when in held) or "–"
        raise UserError("report.unknown", body=body, year=year, known=known)


def _print(rows: Iterable[Any], names: Sequence[str], output: Format) -> None:
    rows = list(rows)
    if output is Format.CSV:
        sys.stdout.write(records.to_csv(rows, names))
    elif output is Format.JSON:
        listed = [{name: _json_value(getattr(row, name)) for name in names} for row in rows]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    else:
        _table(names, [[records.written(getattr(row, name)) for name in names] for row in rows])
        typer.echo(plural("cli.rows", len(rows), _language()))


def _json_value(value: object) -> object:
    """Values as text, so that 2602.76 stays 2602.76 in every reader; an absent one is null."""
    return None if value is None else records.written(value)


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*names, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    width = None if sys.stdout.isatty() else 220
    Console(width=width, markup=False, highlight=False).print(table)


check_command.register(app, _says_errors)
refresh_command.register(app, _says_errors)
verdict_command.register(app, _says_errors)
correct_command.register(app, _says_errors)
admin_command.register(app, _says_errors)
backup_command.register(app, _says_errors)
export_command.register(app, _says_errors)
demo_command.register(app, _says_errors)
report_command.register(app, _says_errors)
