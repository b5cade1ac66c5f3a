"""Who reads the documents: child processes of this machine, or the workers of a Dask cluster.

Both are a `concurrent.futures.Executor`; whoever hands out the work sees no difference.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from dashboard import __version__
from dashboard.documents import limits
from dashboard.messages import UserError

_CONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Readers:
    """An executor and how many documents it reads at once.

    `deadly` is what it raises for a document that ended its worker; `require` raises UserError where it is lost, since
    not every executor then ends what it was asked for.
    """

    executor: Executor
    width: int
    deadly: tuple[type[Exception], ...] = ()
    require: Callable[[], None] = lambda: None


def chosen(jobs: int | None, scheduler: str) -> AbstractContextManager[Readers]:
    """The cluster where one is named, else this machine with `jobs` processes (default: one a core, at most four)."""
    return cluster(scheduler) if scheduler else local(jobs or min(4, os.cpu_count() or 1))


@contextmanager
def local(jobs: int) -> Iterator[Readers]:
    """Threads that each wait for a child process of their own, where all the work is done."""
    executor = ThreadPoolExecutor(jobs)
    try:
        yield Readers(executor, jobs)
    except BaseException:
        limits.stop()  # what the children still read is of no use
        raise
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[Readers]:
    """The workers of the Dask scheduler at `address`; each reads in limited child processes as this machine would.

    Raises UserError where Dask is not installed, nobody answers, or the workers do not run this version of Gongkai.
    """
    try:
        import distributed
    except ImportError as error:
        raise UserError("ingest.no_dask") from error
    warnings.filterwarnings("ignore", message="Sending large graph")  # a document is as large as it is
    for name in ("distributed.client", "distributed.core"):  # what goes wrong is told in our own words
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise UserError("ingest.no_scheduler", address=address) from error
    with client:
        _require_version(client, address)
        threads = sum(client.nthreads().values())

        def require() -> None:
            if client.status in ("closing", "closed"):
                raise UserError("ingest.scheduler_lost", address=address)

        try:
            yield Readers(client.get_executor(pure=False), threads, (distributed.KilledWorker,), require)
        except (CancelledError, distributed.comm.CommClosedError) as error:
            raise UserError("ingest.scheduler_lost", address=address) from error


def _require_version(client: Any, address: str) -> None:
    """Figures read by another version would be told to be of this one."""
    try:
        client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        versions = client.run(version)
    except ModuleNotFoundError as error:
        raise UserError("ingest.worker_version", address=address, here=__version__, there="–") from error
    except TimeoutError as error:
        raise UserError("ingest.no_workers", address=address) from error
    others = sorted(set(versions.values()) - {__version__})
    if others:
        raise UserError("ingest.worker_version", address=address, here=__version__, there=", ".join(others))


def version() -> str:
    """Asked of each worker."""
    return __version__
