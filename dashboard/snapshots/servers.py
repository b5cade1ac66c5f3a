"""The database server that answers for what is live, where one is told: the files stay what is published.

Knows what is done when; the modules `engine*` know how. They and what they need are imported where a server is told.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from dashboard.messages import UserError
from dashboard.snapshots.engine import Engine


def engine(address: str, snapshot: str) -> Engine:
    """Raises UserError where the server cannot be reached, or does not hold the snapshot."""
    try:
        from dashboard.snapshots.engine_server import ServerEngine
    except ImportError as error:
        raise _not_installed(error) from error
    return ServerEngine(address, snapshot)


def load(address: str, folder: Path, snapshot: str) -> None:
    """Brings the server a snapshot of the folder, unless it holds it; no address, no server. Raises UserError."""
    if not address:
        return
    try:
        from dashboard.snapshots import engine_loading
    except ImportError as error:
        raise _not_installed(error) from error
    engine_loading.load(address, folder / snapshot, snapshot)


def drop(address: str, snapshots: Collection[str]) -> None:
    """Takes snapshots away from the server; no address, no server. Raises UserError."""
    if not address or not snapshots:
        return
    try:
        from dashboard.snapshots import engine_loading
    except ImportError as error:
        raise _not_installed(error) from error
    engine_loading.drop(address, snapshots)


def _not_installed(error: ImportError) -> UserError:
    return UserError("database.not_installed", module=error.name or "psycopg")
