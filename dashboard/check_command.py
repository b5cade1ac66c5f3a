"""The command `gongkai check`: holds reports against every rule and prints what came of it. Writes no data.

Exit codes: 0 no error stands, 1 one does or a file was refused, 2 wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard import settings
from dashboard.messages import Language, UserError, text
from dashboard.tables.package import Package

if TYPE_CHECKING:
    from dashboard.audit.audited import Audited

Command = Callable[..., None]


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    XLSX = "xlsx"
    MARKDOWN = "markdown"


def register(app: typer.Typer, says_errors: Callable[[Command], Command]) -> None:
    """Adds the command to the program's; `says_errors` turns an error a person can put right into a sentence."""
    app.command(name="check")(says_errors(check))


def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Reports as published.", show_default=False)] = None,
    body: Annotated[str, typer.Option(help="Division code of a body of the data folder.")] = "",
    year: Annotated[int | None, typer.Option(help="The year reported on.")] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    target: Annotated[Path | None, typer.Option("--output", help="Write to this file instead of printing.")] = None,
) -> None:
    """Check a report: do its figures agree with each other, its text, its earlier reports and those below?"""
    # The readers of reports are loaded by who needs them: every start of the server passes this file.
    from dashboard.checks import has_error

    language = settings.load().language
    paths = files or []
    _require_usage(paths, body, year, output, target, language)
    done, has_refused = _audit(paths, body, year, language)
    if done:
        _give(_rendered(done, output, language), target, language)
    if has_refused or any(has_error(each.findings) for each in done):
        raise typer.Exit(1)


def _require_usage(
    files: Sequence[Path], body: str, year: int | None, output: Format, target: Path | None, language: Language
) -> None:
    if not files and not (body and year is not None):
        raise typer.BadParameter(text("audit.no_file", language))
    if len(files) > 1 and (body or year is not None):
        raise typer.BadParameter(text("audit.one_file", language))
    if output is Format.XLSX and target is None:
        raise typer.BadParameter(text("audit.needs_output", language))


def _audit(files: Sequence[Path], body: str, year: int | None, language: Language) -> tuple[list[Audited], bool]:
    """The audits, and whether a file was refused; of several files one that is no report does not stop the others."""
    from dashboard.audit import audited as audits

    package = Package(settings.load().data_dir)
    if not files:
        return [audits.held(package, body, year or 0)], False
    done, has_refused = [], False
    for file in files:
        try:
            done.append(audits.document(package, file, body=body, year=year))
        except UserError as error:
            has_refused = True
            reason = error.say(language)
            typer.echo(text("audit.refused", language, file=file.name, reason=reason), err=True)
    return done, has_refused


def _rendered(done: Sequence[Audited], output: Format, language: Language) -> str | bytes:
    from dashboard.audit import lines, markdown, page, record, sheet
    from dashboard.audit.account import account

    if output is Format.JSON:
        return record.to_json(done, language) + "\n"
    if output is Format.CSV:
        return record.to_csv(done, language)
    accounts = [account(each, language) for each in done]
    if output is Format.HTML:
        return page.to_html(accounts, language)
    if output is Format.XLSX:
        return sheet.to_xlsx(accounts, language)
    if output is Format.MARKDOWN:
        return "\n".join(markdown.to_markdown(each, language) for each in accounts)
    return "\n\n".join("\n".join(lines.to_lines(each, language)) for each in accounts) + "\n"


def _give(content: str | bytes, target: Path | None, language: Language) -> None:
    if target is None:
        sys.stdout.write(content if isinstance(content, str) else content.decode())
        return
    try:
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise UserError("audit.not_writable", file=str(target), reason=error.strerror or str(error)) from error
    typer.echo(text("audit.written", language, file=str(target)), err=True)
