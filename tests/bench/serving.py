"""Servers as processes of their own, each telling its address on its first line; how the baselines do it stands in `hosting`."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.conftest import ROOT


@contextmanager
def running(module: str, *arguments: Path) -> Iterator[str]:
    """The address of a server that `python -m module` starts; it ends with the block."""
    with started([sys.executable, "-m", module, *map(str, arguments)]) as address:
        yield address


@contextmanager
def started(command: list[str]) -> Iterator[str]:
    """The address of a server that a command starts, as it prints it itself."""
    with tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        assert process.stdout
        try:
            address = next(filter(None, (re.search(r"http://[\w.:-]+", line) for line in process.stdout)), None)
            complaints.seek(0)
            assert address, f"{command}: no address told: {complaints.read()[-2000:]}"
            yield address[0]
        finally:
            process.terminate()
            process.wait(30)
            process.stdout.close()


def free_port() -> int:
    """For a server that has to be told its port."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def get(address: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """An answer that must be a good one."""
    return httpx.get(address, headers=headers, timeout=60).raise_for_status()


def raw(address: str, headers: dict[str, str]) -> bytes:
    """An answer's body as it came, still compressed."""
    with httpx.stream("GET", address, headers=headers, timeout=60) as answer:
        answer.raise_for_status()
        return b"".join(answer.iter_raw())
