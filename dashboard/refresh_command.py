"""The commands about published data: refresh, publish, diff, rollback, snapshots, prune, status, watch, audit.

Each reads its arguments, calls one function of `snapshots`, and prints what came of it. Exit codes: 0 fine, 1 refused
or damaged, 2 wrong usage.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard import settings
from dashboard.messages import Language, plural, text

if TYPE_CHECKING:
    from dashboard.settings import Settings
    from dashboard.snapshots.build import Prepared

Command = Callable[..., None]
By = Annotated[str, typer.Option("--by", help="Who does it, for the audit log; the system's user if not told.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, for the audit log.")]
Force = Annotated[bool, typer.Option("--force", help="Publish although figures fall beyond the limit; needs --reason.")]
Output = Annotated[str, typer.Option("--format", help="table, csv or json.")]
_audit = typer.Typer(no_args_is_help=True, help="The audit log: who published what, when and why.")


def register(app: typer.Typer, says_errors: Callable[[Command], Command]) -> None:
    """Adds the commands to the program's; `says_errors` turns an error a person can put right into a sentence."""
    for command in (refresh, publish, diff, rollback, snapshots, prune, status, watch):
        app.command(name=command.__name__)(says_errors(command))
    _audit.command(name="verify")(says_errors(verify))
    _audit.command(name="list")(says_errors(entries))
    app.add_typer(_audit, name="audit")


def refresh(
    preview: Annotated[bool, typer.Option("--preview", help="Build and compare; publish nothing.")] = False,
    force: Force = False,
    reason: Reason = "",
    by: By = "",
) -> None:
    """Build a snapshot of the data folder, tell what it changes, publish it; running servers show it within seconds."""
    from dashboard.snapshots import build, releases

    _require_reason(force, reason)
    held = settings.load()
    wish = releases.Wish(by, reason, force)
    with _progress(held.language) as tell:
        prepared = (build.preview if preview else build.run)(held, wish, tell)
    _tell_prepared(prepared, held, is_wanted=not preview)
    if not prepared.is_published and prepared.falls.count:
        raise typer.Exit(1)


def _require_reason(force: bool, reason: str) -> None:
    """Force without a reason is wrong usage."""
    if force and not reason.strip():
        raise typer.BadParameter(text("refresh.no_reason", settings.load().language), param_hint="--force")


def _tell_prepared(prepared: Prepared, held: Settings, *, is_wanted: bool) -> None:
    """What it changes, what is live and where it is shown on standard output, what speaks against it on the other."""
    from dashboard.snapshots import telling

    said, against = telling.prepared(prepared, held, is_wanted=is_wanted)
    for line in against:
        typer.echo(line, err=True)
    for line in said:
        typer.echo(line)


def publish(
    snapshot: Annotated[str, typer.Argument(help="The snapshot's name, as `gongkai snapshots` lists it.")],
    force: Force = False,
    reason: Reason = "",
    by: By = "",
) -> None:
    """Publish a snapshot that was prepared with `gongkai refresh --preview`."""
    from dashboard.snapshots import releases

    _require_reason(force, reason)
    held = settings.load()
    releases.publish(held, snapshot, releases.Wish(by, reason, force))
    typer.echo(text("cli.published", held.language, snapshot=snapshot))


def rollback(
    snapshot: Annotated[
        str | None, typer.Argument(help="The snapshot's name; the one live before if not told.")
    ] = None,
    reason: Reason = "",
    by: By = "",
) -> None:
    """Show again what was published before; the data folder stays as it is. Needs --reason."""
    from dashboard.snapshots import releases

    held = settings.load()
    if not reason.strip():
        raise typer.BadParameter(text("rollback.no_reason", held.language), param_hint="--reason")
    name = releases.rollback(held, snapshot, releases.Wish(by, reason))
    typer.echo(text("cli.rolled_back", held.language, snapshot=name))


def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="A snapshot's name, or `live`.")],
    new: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    output: Output = "table",
) -> None:
    """Tell what B changes against A: figures added, changed and gone, findings new and settled."""
    from dashboard.snapshots import diff as differences
    from dashboard.snapshots import store, telling

    held = settings.load()
    folder = held.snapshots_dir
    if output not in telling.FORMATS:
        raise typer.BadParameter(text("diff.format", held.language, known=", ".join(telling.FORMATS)))
    names = [(store.live_name(folder) or "") if each == "live" else each for each in (old, new)]
    found = differences.between(folder, names[0], names[1])
    if output == "json":
        typer.echo(telling.as_json(found))
    elif output == "csv":
        sys.stdout.write(telling.as_csv(found))
    else:
        for line in telling.lines(found, held.language, most=None):
            typer.echo(line)


def snapshots() -> None:
    """List the snapshots: the live one, those that have been live, previews."""
    from dashboard.snapshots import releases, telling

    held = settings.load()
    for line in telling.listed(releases.listing(held), held.language):
        typer.echo(line)


def prune(
    keep: Annotated[int, typer.Option(min=0, help="How many published snapshots, and how many previews, to keep.")],
    grace: Annotated[
        int, typer.Option(min=0, help="Minutes in which one that was live, or was built, is kept in any case.")
    ] = 10,
    reason: Reason = "",
    by: By = "",
) -> None:
    """Remove old snapshots; never the live one, nor the one live before it."""
    from dashboard.snapshots import releases

    held = settings.load()
    gone = releases.prune(held, keep, releases.Wish(by, reason), grace)
    for name in gone:
        typer.echo(name)
    typer.echo(plural("cli.pruned", len(gone), held.language))


def status() -> None:
    """Tell which data is live and whole, previews, whether the data folder holds something newer, which browser draws."""
    from dashboard.snapshots import build
    from dashboard.stills.browser import find

    held = settings.load()
    state = build.state(held)
    for line in build.status(held, held.language, state):
        typer.echo(line)
    browser = find(held.browser)
    language = held.language
    typer.echo(text("status.browser", language, path=browser) if browser else text("status.no_browser", language))
    if state.problem and state.problem.message_id != "snapshot.none":
        raise typer.Exit(1)


def watch(
    publish: Annotated[bool, typer.Option("--publish", help="Publish what nothing speaks against.")] = False,
    settle: Annotated[float, typer.Option(min=0.1, help="Seconds without a change before it starts.")] = 3,
    by: By = "",
) -> None:
    """Prepare a preview whenever tables of the data folder change, until interrupted."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    from dashboard.snapshots import watching
    from dashboard.snapshots.releases import Wish

    watching.follow(settings.load(), Wish(by), stop, publish=publish, settle=settle)


def verify() -> None:
    """Tell whether every line of the audit log is as it was written; exit code 1 where one is not."""
    from dashboard.snapshots import audit_log

    held = settings.load()
    found = audit_log.verify(held.data_dir)
    for line in found.torn:
        typer.echo(text("log.torn", held.language, line=line))
    if found.broken:
        typer.echo(text(f"log.broken_{found.broken.why}", held.language, line=found.broken.line), err=True)
        raise typer.Exit(1)
    typer.echo(plural("log.whole", found.lines, held.language))


def entries() -> None:
    """Print the audit log, a sentence a line, oldest first."""
    from dashboard.snapshots import audit_log, telling

    held = settings.load()
    for each in audit_log.entries(held.data_dir):
        typer.echo(telling.logged(each, held.language))


@contextmanager
def _progress(language: Language) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere; told how many reports of how many have been checked."""
    from dashboard.snapshots.assembly import untold

    if not sys.stderr.isatty():
        yield untold
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text("refresh.progress", language), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
