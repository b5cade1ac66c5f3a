"""Old binary office files (DOC, WPS, XLS, ET, RTF): converted by LibreOffice where it is installed, then
read.

LibreOffice runs without a window, in a folder and with a profile of its own that are gone afterwards.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from dashboard import worker
from dashboard.documents import docx, limits, xlsx
from dashboard.documents.document import Document
from dashboard.messages import UserError

SECONDS = 50.0  # of LibreOffice; a report takes two to five
_MEMORY = 4096 * limits.MEGABYTE
_READERS: dict[str, Callable[[bytes], Document]] = {".docx": docx.read, ".xlsx": xlsx.read}


def reader(suffix: str) -> Callable[[bytes], Document]:
    """A reader for files that are `suffix` (.doc, .wps, .xls, .et, .rtf) inside; it may be sent to a worker."""
    return partial(_read, suffix)


def _read(suffix: str, content: bytes) -> Document:
    target = ".xlsx" if suffix in {".xls", ".et"} else ".docx"
    document = _READERS[target](convert(content, suffix, target))
    return replace(document, format=suffix.lstrip("."))


def convert(content: bytes, suffix: str, target: str, seconds: float = SECONDS) -> bytes:
    """The file as LibreOffice saves it in the `target` format, or UserError."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UserError("document.needs_libreoffice", extension=suffix)
    with tempfile.TemporaryDirectory(prefix="convert-") as folder:
        source = Path(folder, f"in{suffix}")
        source.write_bytes(content)
        _run(program, source, target, seconds)
        converted = source.with_suffix(target)
        if not converted.is_file():
            raise UserError("document.not_convertible", extension=suffix)
        return limits.load(converted)


def _run(program: str, source: Path, target: str, seconds: float) -> None:
    command = [
        program,
        "--headless",
        "--norestore",
        "--nolockcheck",
        f"-env:UserInstallation={(source.parent / 'profile').as_uri()}",
        "--convert-to",
        target.lstrip("."),
        "--outdir",
        str(source.parent),
        str(source),
    ]
    process = subprocess.Popen(  # noqa: S603  (found on PATH by name)
        command,
        cwd=source.parent,
        env=os.environ | {"TMPDIR": str(source.parent)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that its own children end with it
        preexec_fn=_own_limits if os.name == "posix" else None,
    )
    try:
        with worker.owned(process.pid):
            process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise UserError("document.too_slow", seconds=f"{seconds:g}") from None
    finally:
        _end(process)


def _own_limits() -> None:
    """LibreOffice needs more memory than a parser may have, and must end if its parent is killed."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard), hard))
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS) + 10, int(SECONDS) + 10))


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError, AttributeError):  # gone already, or no groups (Windows)
        process.kill()
    process.wait()
