"""The counts of all workers added up, and what the data folder tells of the live data, for Prometheus at a port of its own.

Stands in the process that starts the workers, so that what readers reach never shows it.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard import __version__
from dashboard import settings as settings_module
from dashboard.messages import UserError
from dashboard.settings import Settings
from dashboard.snapshots import manifest, pointer

if TYPE_CHECKING:
    from prometheus_client.core import Metric

_OF_PROCESS = re.compile(r"gauge_live\w+_(\d+)\.db")


@contextmanager
def shown(settings: Settings) -> Iterator[None]:
    """Shows the counts of this process and those it starts until the block ends; nothing where no port is set."""
    if not settings.metrics_port:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="gongkai-meters-"))
    settings_module.count_in(folder)
    try:
        close = _serve(settings, folder)
        try:
            yield
        finally:
            close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(settings: Settings, folder: Path) -> Callable[[], None]:
    """What ends it."""
    # The library must not be imported before the folder is told.
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    registry.register(OfData(settings, folder))
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]  # the library tells no types
    try:
        server, _ = start_http_server(settings.metrics_port, settings.metrics_host, registry)
    except (OSError, OverflowError) as error:
        told = {"host": settings.metrics_host, "port": settings.metrics_port, "reason": str(error)}
        raise UserError("server.metrics_port_in_use", **told) from error

    def close() -> None:
        server.shutdown()
        server.server_close()

    return close


class OfData:
    """What is live, since when, and how many publications there have been; read at each look."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings, self._folder = settings, folder

    def describe(self) -> list[Metric]:
        """Nothing beforehand: asking would read the data folder while the server starts."""
        return []

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        _forget_the_dead(self._folder)
        live = pointer.read_or_none(self._settings.snapshots_dir)
        yield GaugeMetricFamily("gongkai_data_there", "1 where something is published.", value=int(live is not None))
        if live is None:
            return
        yield CounterMetricFamily("gongkai_publications", "Publications there have been.", value=live.number)
        if live.at:
            moment = datetime.fromisoformat(live.at).timestamp()
            yield GaugeMetricFamily("gongkai_data_published_timestamp_seconds", "When it was published.", value=moment)
        try:
            held = manifest.read(self._settings.snapshots_dir / live.snapshot)
        except UserError:
            return  # the workers say so: gongkai_trouble
        info = GaugeMetricFamily("gongkai_data", "What is live.", labels=["snapshot", "hash", "version", "synthetic"])
        info.add_metric([live.snapshot, held.hash, __version__, str(held.synthetic).lower()], 1)
        yield info
        built = datetime.fromisoformat(held.built).timestamp()
        yield GaugeMetricFamily("gongkai_data_age_seconds", "Time since it was built.", value=time.time() - built)
        for name in ("reports", "facts", "mentions", "findings"):
            yield GaugeMetricFamily(f"gongkai_data_{name}", f"How many {name} it holds.", value=getattr(held, name))


def _forget_the_dead(folder: Path) -> None:
    """A worker that ended no longer has a say in what holds now; what it counted stays."""
    for path in folder.glob("gauge_live*.db"):
        found = _OF_PROCESS.fullmatch(path.name)
        if found and not _is_running(int(found[1])):
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
