"""A page as a PDF, by a browser of its own that is gone when it is done.

A self-contained page comes in, a file goes out: the same for the same page and day, as far as the browser draws the same.
Knows neither what the page says nor what becomes of the file.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from dashboard.messages import UserError
from dashboard.stills.launch import ALONE, NOWHERE, has_sandbox

_QUIET = ("--headless", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-extensions", "--mute-audio")
# What the browser writes as the time of making: 14 digits, and the offset.
_MADE = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}([^)]*\))")
_START, _END = b"%PDF-", b"%%EOF"


def to_pdf(browser: str, page: str, built: str, seconds: float) -> bytes:
    """`built` is the moment that the file tells as its own, ISO 8601 in UTC: that of its data, not of its making.

    Raises UserError where the browser gives no whole file in `seconds`.
    """
    with tempfile.TemporaryDirectory(prefix="gongkai-print-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, "utf-8")
        _run([browser, *_QUIET, *ALONE, *_told(folder), f"--print-to-pdf={target}", source.as_uri()], folder, seconds)
        try:
            raw = target.read_bytes()
        except OSError as error:
            raise UserError("print.failed") from error
    if not (raw.startswith(_START) and raw.rstrip().endswith(_END)):
        raise UserError("print.failed")
    return _dated(raw, built)


def _told(folder: str) -> list[str]:
    sandbox = [] if has_sandbox() else ["--no-sandbox"]
    return [*sandbox, f"--proxy-server={NOWHERE}", f"--user-data-dir={folder}/profile", "--no-pdf-header-footer"]


def _run(command: list[str], folder: str, seconds: float) -> None:
    """Until it ends by itself or has to be ended, and with it whatever it has started."""
    environment = os.environ | {"TMPDIR": folder, "XDG_CONFIG_HOME": folder, "GSETTINGS_BACKEND": "memory"}
    nowhere = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603  (the browser of the settings, with our own words)
            command, env=environment, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
    except OSError as error:
        raise UserError("print.failed") from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise UserError("print.failed") from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _dated(raw: bytes, built: str) -> bytes:
    """As long as before, so that every place in the file stays where the file says it is."""
    digits = re.sub(r"\D", "", built)[:14].ljust(14, "0").encode()
    return _MADE.sub(lambda found: found[1] + digits + found[2], raw)
