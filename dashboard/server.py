"""The production server: data made ready once, then as many workers as asked for on one port."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from dashboard import admin, meters
from dashboard import settings as settings_module
from dashboard.app import create_app, ensure_data
from dashboard.messages import UserError, text
from dashboard.operation import log, shown_meters
from dashboard.settings import Settings
from dashboard.snapshots import shared_store
from dashboard.snapshots.watching import beside
from dashboard.standalone import Warming


def run(settings: Settings, *, host: str | None, port: int | None, workers: int | None) -> None:
    """Serves until interrupted. Raises UserError where the address cannot be used."""
    host, port, workers = (
        host or settings.host,
        settings.port if port is None else port,
        workers or settings.workers,
    )
    log.start(settings.log)
    admin.is_on(settings)  # says what is wrong before a worker would
    problem = ensure_data(settings)
    if problem:
        reason = problem.say(settings.language)
        sys.stderr.write(text("server.no_data", settings.language, reason=reason) + "\n")
    bound = _bind(host, port)
    port = bound.getsockname()[1]
    settings_module.hand_on(host=host, port=port, workers=workers)
    shown = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    sys.stdout.write(text("server.address", settings.language, address=shown) + "\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        "dashboard.server:create_server",
        factory=True,
        workers=workers,
        # On a busy machine a worker needs long to start; one that is taken for dead is killed with its requests.
        timeout_worker_healthcheck=60,
        log_config=None,  # ours
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.proxies,
        fd=None,
    )
    with shown_meters.shown(settings):
        if workers == 1:
            uvicorn.Server(config).run([bound])
        else:
            from uvicorn.supervisors import Multiprocess

            Multiprocess(config, sockets=[bound]).run()


@contextmanager
def watching(settings: Settings, *, publish: bool) -> Iterator[None]:
    """A process beside the server prepares a preview whenever the data folder changes, or publishes it."""
    process = multiprocessing.get_context("spawn").Process(
        target=beside, args=(settings,), kwargs={"publish": publish}, daemon=True
    )
    at_interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends it, not the terminal
    process.start()
    signal.signal(signal.SIGINT, at_interrupt)
    try:
        yield
    finally:
        process.terminate()
        process.join()


def create_server() -> FastAPI:
    """What each worker runs; for `uvicorn --factory dashboard.server:create_server` as well."""
    settings = settings_module.load()
    log.start(settings.log)
    if settings_module.is_counting():
        meters.start()
    app = create_app(settings)
    app.state.live.follower = shared_store.follow(settings)
    app.state.live.watch(app.state.make_ready)
    Warming(app.state.embeds).start()
    gc.freeze()  # the program itself stays as long as the process; no reader waits for a look through it
    return app


def _bind(host: str, port: int) -> socket.socket:
    """The socket is taken before the address is told, so that what is told is true."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        # Who follows the address at once waits for the first worker instead of being refused.
        bound.listen(2048)
    except (OSError, OverflowError) as error:
        bound.close()
        raise UserError("server.port_in_use", host=host, port=port, reason=str(error)) from error
    bound.set_inheritable(True)
    return bound
