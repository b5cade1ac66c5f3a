"""The commands `gongkai admin …`: who has a local account of the admin area. Passwords are typed, or come through a pipe.

Exit codes: 0 done, 1 refused, 2 wrong usage.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard import admin, settings
from dashboard.admin.roles import Role
from dashboard.messages import UserError, tellable, text

if TYPE_CHECKING:
    from dashboard.admin.desk import Desk

Command = Callable[..., None]
Name = Annotated[str, typer.Argument(help="The name of the account.")]
_ROLES = "|".join(Role)


def _as_role(told: str) -> Role:
    """Raises BadParameter for a word that is none."""
    try:
        return Role(told.strip().lower())
    except ValueError as error:
        known = ", ".join(Role)
        raise typer.BadParameter(_words("admin.role_unknown", role=tellable(told, 60), known=known)) from error


def register(app: typer.Typer, says_errors: Callable[[Command], Command]) -> None:
    """Adds the commands to the program's; `says_errors` turns an error a person can put right into a sentence."""
    group = typer.Typer(no_args_is_help=True, help="Local accounts of the admin area at /admin.")
    totp = typer.Typer(no_args_is_help=True, help="The second factor of an account.")
    for name, command in (
        ("add", add),
        ("list", list_accounts),
        ("role", role),
        ("password", password),
        ("remove", remove),
    ):
        group.command(name=name)(says_errors(command))
    for name, command in (("status", totp_status), ("reset", totp_reset)):
        totp.command(name=name)(says_errors(command))
    group.add_typer(totp, name="totp")
    group.command(name="sign-out")(says_errors(sign_out))
    group.command(name="log")(says_errors(log))
    app.add_typer(group, name="admin")


def add(
    name: Name,
    role: Annotated[Role, typer.Option(parser=_as_role, metavar=_ROLES, help="What the account may do.")] = Role.VIEWER,
) -> None:
    """Add an account; asks for its password. The second factor is set up at the first sign-in."""
    desk = _desk()
    desk.add(name, role, lambda: _new_password(name))
    _say("admin.added", name=name, role=role)


def list_accounts() -> None:
    """List the accounts: name, role, second factor, since when."""
    for account in _desk().accounts.all():
        factor = _words("admin.factor_set" if account.is_enrolled else "admin.factor_missing")
        typer.echo("\t".join([account.name, account.role, factor, account.added[:10]]))


def role(
    name: Name,
    role: Annotated[
        Role, typer.Argument(parser=_as_role, metavar="role", help=f"What the account may do from now on: {_ROLES}.")
    ],
) -> None:
    """Give an account another role; open sessions have it at once."""
    _desk().change_role(name, role)
    _say("admin.role_changed", name=name, role=role)


def password(name: Name) -> None:
    """Give an account another password; its sessions end, and failed tries are forgotten."""
    desk = _desk()
    desk.change_password(name, lambda: _new_password(name))
    _say("admin.password_changed", name=name)


def remove(name: Name) -> None:
    """Remove an account; its sessions end."""
    _desk().remove(name)
    _say("admin.removed", name=name)


def sign_out(name: Annotated[str, typer.Argument(help="An account, or a person as the log names them.")]) -> None:
    """End every session of a person, also of one who came by a provider."""
    _say("admin.signed_out", name=name, sessions=_desk().sign_out(name))


def log() -> None:
    """Print who came in, who was turned away, which accounts changed; exit code 1 where a line was changed later."""
    from dashboard.snapshots import audit_log, telling

    held = settings.load()
    if not admin.is_on(held) or held.admin_dir is None:
        raise UserError("admin.off")
    for each in audit_log.entries(held.admin_dir):
        details = " ".join(f"{name}={value}" for name, value in each.told.items())
        typer.echo(f"{telling.logged(each, held.language)}  {details}".rstrip())
    broken = audit_log.verify(held.admin_dir).broken
    if broken:
        typer.echo(text(f"log.broken_{broken.why}", held.language, line=broken.line), err=True)
        raise typer.Exit(1)


def totp_status(name: Name) -> None:
    """Tell whether an account has its second factor, and how many recovery codes are left."""
    account = _desk().require(name)
    if account.is_enrolled:
        _say("admin.factor_told", name=name, codes=len(account.recovery))
    else:
        _say("admin.factor_none", name=name)


def totp_reset(name: Name) -> None:
    """Take an account's second factor away; it is set up anew at the next sign-in. Its sessions end."""
    _desk().reset_second_factor(name)
    _say("admin.factor_reset", name=name)


def _desk() -> Desk:
    held = settings.load()
    if not admin.is_on(held):
        raise UserError("admin.off")
    try:
        from dashboard.admin.desk import Desk
    except ImportError as error:
        raise UserError("admin.not_installed", reason=str(error)) from error
    return Desk(held)


def _new_password(name: str) -> str:
    """From the terminal twice, unseen; without one, the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(_words("admin.ask_password", name=name))
    if getpass.getpass(_words("admin.ask_again")) != first:
        raise UserError("admin.passwords_differ")
    return first


def _words(message_id: str, **values: object) -> str:
    return text(message_id, settings.load().language, **values)


def _say(message_id: str, **values: object) -> None:
    typer.echo(_words(message_id, **values))
