"""Servers as processes of their own, each telling its address on its first line; the baselines serve themselves here."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from tests.conftest import ROOT


@contextmanager
def running(module: str, *arguments: Path) -> Iterator[str]:
    """The address of a server that `python -m module` starts; it ends with the block."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stderr
    try:
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address, f"{module} told no address: {process.stderr.read()}"
        yield address[0]
    finally:
        process.terminate()
        process.communicate(timeout=10)


def serve(app: Any, **options: Any) -> None:
    """One uvicorn worker on a free port, as the dashboard itself is served."""
    bound = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, log_level="error", access_log=False, server_header=False, **options)
    uvicorn.Server(config).run([bound])


def get(address: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """An answer that must be a good one."""
    return httpx.get(address, headers=headers, timeout=60).raise_for_status()


def raw(address: str, headers: dict[str, str]) -> bytes:
    """An answer's body as it came, still compressed."""
    with httpx.stream("GET", address, headers=headers, timeout=60) as answer:
        answer.raise_for_status()
        return b"".join(answer.iter_raw())
