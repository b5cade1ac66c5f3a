"""The commands `gongkai backup`, `restore` and `upgrade`: a site into one file, out of it, and on to a newer program.

Exit codes: 0 done, 1 refused or damaged, 2 wrong usage.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from dashboard import settings
from dashboard.messages import number, text

Command = Callable[..., None]


def register(app: typer.Typer, says_errors: Callable[[Command], Command]) -> None:
    """Adds the commands to the program's; `says_errors` turns an error a person can put right into a sentence."""
    app.command(name="backup")(says_errors(backup))
    app.command(name="restore")(says_errors(restore))
    app.command(name="upgrade")(says_errors(upgrade))


def backup(
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="The archive to write, such as gongkai.tar.gz.")],
) -> None:
    """Write the data folder with its documents and snapshots, and the accounts, into one archive; servers go on."""
    from dashboard import backup as archives

    held = settings.load()
    written = archives.write(held, archive.absolute())
    megabytes = number(round(written.size / 1_000_000, 1))
    told = {
        "file": archive,
        "files": number(written.files),
        "megabytes": megabytes,
        "snapshot": written.snapshot or "–",
    }
    typer.echo(text("backup.done", held.language, **told))


def restore(
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="An archive that `gongkai backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Where a site stands already: move it aside and take its place.")
    ] = False,
    by: Annotated[
        str, typer.Option("--by", help="Who does it, for the audit log; the system's user if not told.")
    ] = "",
) -> None:
    """Make the site of a backup, to the byte; a damaged archive is refused whole."""
    from dashboard import backup as archives

    held = settings.load()
    restored = archives.restore(held, archive.absolute(), by, may_replace=replace)
    contents = restored.contents
    told = {"made": contents.made, "files": number(len(contents.files)), "snapshot": contents.snapshot or "–"}
    typer.echo(text("restore.done", held.language, **told))
    for path in restored.aside:
        typer.echo(text("restore.aside", held.language, folder=path))
    if restored.is_without_admin:
        typer.echo(text("restore.without_admin", held.language), err=True)


def upgrade(
    backups: Annotated[
        Path | None,
        typer.Option("--backups", help="Where the backup is put that is made first; beside data/ if not told."),
    ] = None,
) -> None:
    """Bring the data folder to the form this program reads; a backup is made first and the way back is told."""
    from dashboard import backup as archives

    held = settings.load()
    done = archives.upgrade(held, (backups or held.data_dir.parent).absolute())
    told = {"before": done.before, "after": done.after, "folder": held.data_dir}
    if done.backup is None:
        typer.echo(text("upgrade.nothing", held.language, **told))
    else:
        typer.echo(text("upgrade.done", held.language, **told))
        typer.echo(text("upgrade.way_back", held.language, file=done.backup))
