"""nginx with one worker, a folder and a configuration of its own: what it takes to send a file from disk, already gzip."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.bench.serving import free_port

ABSENT = "nginx is not installed (Debian: apt-get install nginx-light)"

_CONFIGURATION = """daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  types {{ text/html html; }}
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  gzip_static on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/root;
  }}
}}
"""


def found() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def serving(packed: bytes, folder: Path) -> Iterator[str]:
    """The address of a page whose file is `packed`; ends with the block."""
    program = found()
    assert program
    (folder / "root").mkdir(parents=True)
    (folder / "root" / "page.html.gz").write_bytes(packed)
    (folder / "root" / "page.html").write_text("for a client without gzip")
    # The worker must read what belongs to whoever runs this.
    user = "user root;" if os.geteuid() == 0 else ""
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port, user=user))
    process = subprocess.Popen([program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(configuration)])
    try:
        address = f"http://127.0.0.1:{port}/page.html"
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            httpx.get(address).raise_for_status()
            return
        except httpx.TransportError:
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.05)
