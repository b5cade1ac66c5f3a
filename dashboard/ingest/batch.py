"""The story of a batch: each document looked at, read by whoever reads, decided on in a fixed order, written in groups.

What is held already is not read again; so a batch that was interrupted goes on where it stopped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from dashboard import __version__
from dashboard.documents.limits import MEGABYTE
from dashboard.ingest import refusals, sources
from dashboard.ingest.executors import Readers
from dashboard.ingest.ledger import Given, Ledger
from dashboard.ingest.outcome import Outcome, Reason, Result
from dashboard.ingest.reading import Read, Task, read_limited
from dashboard.ingest.sources import Source
from dashboard.messages import UserError
from dashboard.tables import form, writing
from dashboard.tables.package import Package

# Documents handed out ahead: enough that nobody waits for a slow one, few enough that memory is bounded.
_AHEAD = 8
_AHEAD_BYTES = 64 * MEGABYTE
_ASK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller says of the documents and wants done; `body`, `year` and `url` speak of one document only."""

    body: str = ""
    year: int | None = None
    url: str = ""
    add_body: bool = False
    dry_run: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Flight:
    """A document that is being read."""

    source: Source
    content: bytes
    answer: Future[Read | Reason]


def ingest(
    paths: Iterable[Path],
    package: Package,
    readers: Readers,
    wishes: Wishes,
    tell: Callable[[Path, Result], None] = lambda _path, _result: None,
) -> list[Result]:
    """What came of each document, in the order of `paths`; calls `tell` with each as it is done.

    Raises UserError where the folder cannot be written or the readers are lost, never for a document; what had been
    read by then is written. With `dry_run` nothing is.
    """
    if package.is_synthetic:
        raise UserError("ingest.into_synthetic", folder=str(package.folder))
    form.refuse_other(package.folder)
    with nullcontext() if wishes.dry_run else writing.sole_writer(package.folder):
        looked = [_look(path) for path in paths]
        batch = {each.sha256: each for each in reversed(looked) if isinstance(each, Source)}
        ledger = Ledger(package, batch, writes=not wishes.dry_run)
        results: dict[Path, Result] = {}
        try:
            for path, result in _results(looked, package, ledger, readers, wishes):
                results[path] = result
                tell(path, result)
        except KeyboardInterrupt:
            raise UserError("ingest.interrupted", done=len(results), total=len(looked)) from None
        finally:
            ledger.close()
        if not wishes.dry_run:
            refusals.keep(package.folder, results.values())
    return [results[_path(each)] for each in looked]


def preview(path: Path, package: Package, wishes: Wishes) -> Read:
    """What one document holds, whether its body is known or not. Raises UserError."""
    shown = replace(wishes, add_body=True)
    answer = read_limited(_task(path, sources.load(path), package.bodies_text(), shown))
    if isinstance(answer, Reason):
        raise answer.error()
    return answer


def _look(path: Path) -> Source | Result:
    try:
        return sources.look(path)
    except UserError as error:
        return Result(str(path), Outcome.REFUSED, reason=Reason.of(error, path.name))


def _path(looked: Source | Result) -> Path:
    return looked.path if isinstance(looked, Source) else Path(looked.file)


def _results(
    looked: list[Source | Result], package: Package, ledger: Ledger, readers: Readers, wishes: Wishes
) -> Iterator[tuple[Path, Result]]:
    """First what needs no reading, then the rest in order, each with its copies."""
    to_read: dict[tuple[str, str], list[Source]] = {}
    for each in looked:
        settled = each if isinstance(each, Result) else _settled(each, ledger, wishes)
        if settled:
            yield _path(each), settled
        elif isinstance(each, Source):
            to_read.setdefault((each.sha256, each.path.suffix.lower()), []).append(each)
    for source, result in _read([each[0] for each in to_read.values()], package, ledger, readers, wishes):
        yield source.path, result
        for copy in to_read[source.sha256, source.path.suffix.lower()][1:]:
            yield copy.path, _of_copy(copy, result)


def _of_copy(copy: Source, result: Result) -> Result:
    is_in = result.outcome in (Outcome.READ, Outcome.REPLACED)
    return replace(
        result,
        file=str(copy.path),
        outcome=Outcome.UNCHANGED if is_in else result.outcome,
        reason=None if is_in else result.reason,
    )


def _read(
    waiting: list[Source], package: Package, ledger: Ledger, readers: Readers, wishes: Wishes
) -> Iterator[tuple[Source, Result]]:
    """The documents in order; those of a body without a code last, since one of the others may tell it."""
    late: list[tuple[Source, Read]] = []
    for flight in _flights(waiting, package, readers, wishes):
        answer = _answer(flight, readers)
        if isinstance(answer, Reason):
            yield flight.source, _refused(flight.source, answer)
        elif ledger.is_nameless(answer):
            late.append((flight.source, answer))
        else:
            yield flight.source, ledger.take(Given(flight.source, flight.content, answer), wishes.url)
    for source, read in late:
        try:
            content = sources.load(source.path)
        except UserError as error:
            yield source, _refused(source, Reason.of(error, source.path.name))
            continue
        yield source, ledger.take(Given(source, content, read), wishes.url)


def _settled(source: Source, ledger: Ledger, wishes: Wishes) -> Result | None:
    """The result for a document that is held as it is, or that the history lists; None where it is to be read."""
    if wishes.again:
        return None
    file, held, aside = str(source.path), ledger.held(source.sha256), ledger.set_aside(source.sha256)
    if held and held.tool_version == __version__ and _is_as_wished(held.body, held.year, held.url, wishes):
        return Result(
            file, Outcome.UNCHANGED, held.body, held.year, held.edition, held.title, sha256=held.sha256,
        )  # fmt: skip
    if aside and not held:
        outcome = Outcome.SAME_FIGURES if aside.because == "same_figures" else Outcome.OLDER
        values = {"file": source.path.name, "body": aside.body, "year": aside.year}
        reason = Reason(f"ingest.{outcome}", values)
        return Result(file, outcome, aside.body, aside.year, title=aside.title, sha256=aside.sha256, reason=reason)
    return None


def _is_as_wished(body: str, year: int, url: str, wishes: Wishes) -> bool:
    return wishes.body in ("", body) and wishes.year in (None, year) and wishes.url in ("", url)


def _flights(waiting: list[Source], package: Package, readers: Readers, wishes: Wishes) -> Iterator[_Flight]:
    """Documents in order, so many being read at once that memory stays bounded."""
    bodies = package.bodies_text() if waiting else ""
    under_way: deque[_Flight] = deque()
    size = 0
    try:
        for source in waiting:
            flight = _started(source, bodies, readers, wishes)
            under_way.append(flight)
            size += len(flight.content)
            while len(under_way) > readers.width * _AHEAD or (len(under_way) > 1 and size > _AHEAD_BYTES):
                size -= len(under_way[0].content)
                yield under_way.popleft()
        while under_way:
            yield under_way.popleft()
    finally:
        for flight in under_way:
            flight.answer.cancel()


def _started(source: Source, bodies: str, readers: Readers, wishes: Wishes) -> _Flight:
    try:
        content = sources.load(source.path)
    except UserError as error:  # it went away since it was looked at
        answer: Future[Read | Reason] = Future()
        answer.set_result(Reason.of(error, source.path.name))
        return _Flight(source, b"", answer)
    task = _task(source.path, content, bodies, wishes)
    return _Flight(source, content, readers.executor.submit(read_limited, task))


def _task(path: Path, content: bytes, bodies: str, wishes: Wishes) -> Task:
    return Task(path.name, content, path.suffix, bodies, wishes.body, wishes.year, wishes.add_body)


def _answer(flight: _Flight, readers: Readers) -> Read | Reason:
    try:
        while not wait([flight.answer], timeout=_ASK_SECONDS).done:
            readers.require()
        return flight.answer.result()
    except readers.deadly:
        return Reason("ingest.worker_ended", {"file": flight.source.path.name})


def _refused(source: Source, reason: Reason) -> Result:
    return Result(str(source.path), Outcome.REFUSED, sha256=source.sha256, reason=reason)
