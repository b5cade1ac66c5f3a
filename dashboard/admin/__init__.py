"""The admin area at /admin: who may come in, and the pages for those who keep the data. Off unless configured.

This module loads nothing of it until it is switched on, so that a public server does not pay for it, nor holds it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dashboard.messages import UserError
from dashboard.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI


def is_on(settings: Settings) -> bool:
    """Whether there is an admin area. Raises UserError where its settings contradict each other."""
    if settings.admin_dir is None:
        if settings.oidc_issuer:
            raise UserError("admin.no_folder")
        return False
    for public in (settings.data_dir, settings.assets_dir):
        if settings.admin_dir.resolve().is_relative_to(public.resolve()):
            raise UserError("admin.folder_public", folder=str(settings.admin_dir), public=str(public))
    if settings.oidc_issuer and not (settings.oidc_client_id and settings.oidc_client_secret_file):
        raise UserError("admin.oidc_incomplete")
    return True


def routes(server: FastAPI, settings: Settings, asset: Callable[[str], str]) -> None:
    """Adds /admin and everything below it where it is switched on; `asset` tells the address of a file under assets/."""
    if not is_on(settings):
        return
    try:
        from dashboard.admin.assembly import area_of
    except ImportError as error:
        raise UserError("admin.not_installed", reason=str(error)) from error
    server.router.routes.append(area_of(settings, asset))
