"""An environment for what the tests do not need: Streamlit, pinned, installed once below build/."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

_PINNED = ROOT / "deploy" / "requirements-bench.txt"
_FOLDER = ROOT / "build" / "bench-venv"
_LONGEST = 900


def python() -> Path | None:
    """Its interpreter; None, and a line that says why, where it cannot be installed here."""
    found, note = _FOLDER / "bin" / "python", _FOLDER / ".installed"
    wanted = hashlib.sha256(_PINNED.read_bytes()).hexdigest()
    if note.exists() and note.read_text() == wanted:
        return found
    print("Installing Streamlit (once) ...", file=sys.stderr)
    pip = [found, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--require-hashes"]
    try:
        _run([sys.executable, "-m", "venv", "--clear", _FOLDER])
        _run([*pip, "--requirement", _PINNED])
    except (subprocess.SubprocessError, OSError) as error:
        told = str(getattr(error, "stderr", None) or error).strip().splitlines()
        print(f"Streamlit is not installed: {told[-1] if told else error}", file=sys.stderr)
        return None
    note.write_text(wanted)
    return found


def _run(command: list[str | Path]) -> None:
    subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True, timeout=_LONGEST)
