"""A real PostgreSQL server from the system's package, on a socket of its own, in a folder that goes with the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "gongkai"
_QUICK = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c listen_addresses="


@contextmanager
def running() -> Iterator[str]:
    """The address of its database; sockets have short paths only, so the folder is the system's."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="gongkai-database-") as name:
        folder = Path(name)
        as_owner = _as_owner(folder)
        data = folder / "data"
        made = [programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        subprocess.run([*as_owner, *made], check=True, capture_output=True)
        control = [*as_owner, programs / "pg_ctl", "-D", data, "-w"]
        options = f"-k {folder} {_QUICK}"
        subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], check=True, stdout=subprocess.DEVNULL)
        try:
            yield f"postgresql://{USER}@/postgres?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL)


def _programs() -> Path:
    """The newest installed; Debian keeps them off the PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    assert versions or found, "no PostgreSQL server: run deploy/install-test-system"
    return versions[-1] if versions else Path(str(found)).parent


def _as_owner(folder: Path) -> list[str]:
    """The server refuses to run as root."""
    if os.getuid() != 0:
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
