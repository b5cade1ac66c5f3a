"""What the figures were taken on: without it they mean little."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version

from tests.conftest import CHROMIUM

PACKAGES = ("dash", "plotly", "uvicorn", "starlette")
# Above this share of the cores, others' work shows in the times.
_BUSY = 0.3


def told() -> str:
    """Cores, memory and versions; a warning where the machine has other work."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = os.cpu_count() or 1
    browser = subprocess.run([CHROMIUM, "--version"], capture_output=True, text=True, check=True).stdout.split()
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    lines = [
        f"{cores} cores, {memory:.0f} GiB, {platform.machine()}; Python {platform.python_version()}, "
        f"{' '.join(browser[:2])}, {versions}"
    ]
    load = os.getloadavg()[0]
    if load > cores * _BUSY:
        lines.append(
            f"WARNING: the machine is busy (load {load:.1f} on {cores} cores); only the ratios mean something."
        )
    return "\n".join(lines)
