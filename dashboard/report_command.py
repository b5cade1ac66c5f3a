"""The command `gongkai report`: the report of a body and a year as one A4 document, a PDF or a page.

Exit codes: 0 written, 1 refused, 2 wrong usage.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard import settings
from dashboard.messages import Language, UserError, text

if TYPE_CHECKING:
    from dashboard.parts import View
    from dashboard.report import Ink
    from dashboard.settings import Settings

Command = Callable[..., None]
_PDF, _PAGES = ".pdf", (".html", ".htm")


def register(app: typer.Typer, says_errors: Callable[[Command], Command]) -> None:
    """Adds the command to the program's; `says_errors` turns an error a person can put right into a sentence."""
    app.command(name="report")(says_errors(report))


def report(
    body: Annotated[str, typer.Argument(help="Code, name or alias of the body.", show_default=False)],
    year: Annotated[int, typer.Argument(help="The year reported on.", show_default=False)],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write: .pdf or .html.", show_default=False)],
    lang: Annotated[Language | None, typer.Option(help="Language of the document; the site's if not told.")] = None,
    black_and_white: Annotated[bool, typer.Option("--black-and-white", help="Greys and hatches, no colours.")] = False,
    snapshot: Annotated[str, typer.Option(help="A published snapshot; the live one if not told.")] = "",
) -> None:
    """Write the report of a body and a year as one A4 document: key figures, charts, tables, findings, sources."""
    from dashboard.report import Ink

    held = settings.load()
    if out.suffix.lower() not in (_PDF, *_PAGES):
        raise typer.BadParameter(text("report.no_format", held.language, file=out.name))
    view = _view(held, body, year, lang or held.language, snapshot)
    content, notes = _written(held, view, Ink.BLACK if black_and_white else Ink.COLOUR, out.suffix.lower())
    _put(out, content)
    for note in notes:
        typer.echo(text(note, held.language), err=True)
    typer.echo(text("audit.written", held.language, file=str(out)))


def _view(held: Settings, body: str, year: int, language: Language, snapshot: str) -> View:
    from urllib.parse import urlencode

    from dashboard.report.naming import body_of
    from dashboard.site import Site

    site = Site(held)
    code = body_of(site.snapshot(snapshot).engine, body)
    told = {"body": code, "year": f"{year:04}", "lang": language, "snapshot": snapshot}
    return site.view("/", "?" + urlencode({name: value for name, value in told.items() if value}))


def _written(held: Settings, view: View, ink: Ink, ending: str) -> tuple[bytes, list[str]]:
    """The file, and what a person should know of it."""
    from dashboard.report import Paper, gallery, made
    from dashboard.stills import Stills

    stills = Stills(held)
    try:
        if ending == _PDF and not stills.is_available:
            raise UserError("print.no_browser")
        shown = gallery(view, stills)
        page = made(Paper(view, ink, held.address), shown, held.assets_dir, is_file=True).html
        notes = [] if shown.is_drawn else ["paper.not_drawn"]
        content = stills.pdf(page, view.snapshot.manifest.built) if ending == _PDF else page.encode()
        return content, notes
    finally:
        stills.close()


def _put(target: Path, content: bytes) -> None:
    """A reader sees the file of before or the new one, whole."""
    from dashboard.snapshots import durable

    try:
        durable.replace(target, content, ".writing-")
    except OSError as error:
        raise UserError("audit.not_writable", file=str(target), reason=error.strerror or str(error)) from error
