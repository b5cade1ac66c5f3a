"""How the baselines serve themselves; it imports nothing but what serves."""

from __future__ import annotations

import socket
from typing import Any

import uvicorn


def serve(app: Any, **options: Any) -> None:
    """One uvicorn worker on a free port, as the dashboard itself is served."""
    bound = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, log_level="error", access_log=False, server_header=False, **options)
    uvicorn.Server(config).run([bound])
