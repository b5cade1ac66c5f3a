"""Snapshots by way of an S3-compatible store: who publishes brings them there, servers without tables of their own follow.

Files come first and what is live last, so nobody finds a part; what is fetched is held against the manifest before it
is shown. Nothing is asked of another host than the one that the settings name.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.messages import Language, UserError
from dashboard.settings import Settings
from dashboard.snapshots import durable, manifest, pointer

if TYPE_CHECKING:
    from obstore.store import S3Store

_log = logging.getLogger("gongkai")
# Seconds between two looks at what is live, and after a failure.
_LOOK, _RETRY = 3.0, 30.0
_FETCHING, _LOCK, _GONE = ".fetching-", ".following.lock", ".pruned-"
_FILE = re.compile(r"[a-z_]+\.parquet")


def follows(settings: Settings) -> bool:
    """Whether this server shows what others publish: it is told a store and has no tables of its own."""
    return bool(settings.snapshot_store) and not (settings.data_dir / "reports.csv").exists()


def require_own(settings: Settings) -> None:
    """Raises UserError where what is published is decided elsewhere."""
    if follows(settings):
        raise UserError("store.follows", store=settings.snapshot_store)


def push(settings: Settings, name: str) -> None:
    """Brings a snapshot's files, its manifest last; nothing where no store is told or it is there. Raises UserError."""
    if not settings.snapshot_store:
        return
    folder = settings.snapshots_dir / name
    with _reached(settings) as store:
        if _content(store, f"{name}/{manifest.FILE}") is None:
            for file in manifest.read(folder).files:
                store.put(f"{name}/{file}", folder / file)
            store.put(f"{name}/{manifest.FILE}", folder / manifest.FILE)


def point(settings: Settings, live: pointer.Live) -> None:
    """Tells those who follow what is live. Raises UserError."""
    if settings.snapshot_store:
        told = json.dumps(asdict(live)).encode()
        with _reached(settings) as store:
            store.put(f"{pointer.MARKERS}/{live.snapshot}", told)
            store.put(pointer.LIVE, told)


def drop(settings: Settings, names: Collection[str]) -> None:
    """Takes snapshots away; first what names them. Raises UserError."""
    if settings.snapshot_store and names:
        with _reached(settings) as store:
            for name in names:
                found = [each["path"] for part in store.list(prefix=name) for each in part]
                markers = [f"{pointer.MARKERS}/{name}"] if _content(store, f"{pointer.MARKERS}/{name}") else []
                for path in [*markers, *found]:
                    store.delete(path)


def follow(settings: Settings) -> Follower | None:
    """From now on a thread of its own fetches what is published; None where this server publishes itself."""
    if not follows(settings):
        return None
    follower = Follower(settings)
    threading.Thread(target=follower.keep_looking, name="store", daemon=True).start()
    return follower


class Follower:
    """Keeps the snapshots folder as the store has it. `problem` is why it cannot; None where all is well."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: str | None = None
        self.problem: UserError | None = None

    def keep_looking(self) -> None:
        while True:
            try:
                self.look()
            except UserError as problem:
                _log.error("%s", problem.say(Language.EN))
            except Exception:  # noqa: BLE001  # the next look may do better; the log has the traceback
                _log.exception("looking for what the store holds")
            time.sleep(_RETRY if self.problem else _LOOK)

    def look(self) -> None:
        """Fetches what is live in the store, then the others that have been. Raises UserError; what was shown stays."""
        folder = self._settings.snapshots_dir
        try:
            with durable.locked(folder / _LOCK, wait=60), _reached(self._settings) as store:
                self._known = _follow(store, folder, self._known)
        except UserError as problem:
            self.problem = problem
            raise
        self.problem = None


def _follow(store: S3Store, folder: Path, known: str | None) -> str | None:
    """The mark of what was live at this look."""
    from obstore.exceptions import NotModifiedError

    try:
        answer = store.get(pointer.LIVE, options={"if_none_match": known} if known else None)
    except NotModifiedError:
        return known
    except FileNotFoundError:
        return None
    for left in folder.glob(f"{_FETCHING}*"):  # by one that was killed
        shutil.rmtree(left, ignore_errors=True)
    live = pointer.parsed(bytes(answer.bytes()), folder / pointer.LIVE)
    _fetch(store, folder, live.snapshot)
    pointer.adopt(folder, live)
    told = [Path(each["path"]).name for part in store.list(prefix=pointer.MARKERS) for each in part]
    held = {name for name in told if pointer.is_name(name)}
    for name in sorted(held - {live.snapshot}):
        _fetch(store, folder, name)
        if not pointer.is_published(folder, name):
            marker = _content(store, f"{pointer.MARKERS}/{name}")
            pointer.mark(folder, pointer.parsed(marker or b"", folder / pointer.MARKERS / name))
    for marker_held in pointer.markers(folder):
        if marker_held.snapshot not in held | {live.snapshot}:
            _remove(folder, marker_held.snapshot)
    return answer.meta["e_tag"]


def _fetch(store: S3Store, folder: Path, name: str) -> None:
    """Brings the snapshot here; it is nowhere to be seen until every file is as its manifest tells."""
    if (folder / name / manifest.FILE).exists():
        return
    unfinished = Path(tempfile.mkdtemp(dir=folder, prefix=_FETCHING))
    try:
        (unfinished / manifest.FILE).write_bytes(_content(store, f"{name}/{manifest.FILE}") or b"")
        for file, digest in manifest.read(unfinished).files.items():
            if not _FILE.fullmatch(file):
                raise UserError("store.damaged", snapshot=name, file=file[:60])
            with (unfinished / file).open("wb") as copy:
                for part in store.get(f"{name}/{file}").stream():
                    copy.write(part)
            durable.keep(unfinished / file)
            if manifest.hash_of(unfinished / file) != digest:
                raise UserError("store.damaged", snapshot=name, file=file)
        durable.keep(unfinished / manifest.FILE)
        unfinished.chmod(0o755)
        unfinished.replace(folder / name)
        durable.keep_names(folder)
    except OSError as error:
        if isinstance(error, FileNotFoundError) and error.filename is None:  # the store's, not the disk's
            raise UserError("store.damaged", snapshot=name, file=str(error)[:60]) from error
        raise durable.not_writable(folder / name, error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _remove(folder: Path, name: str) -> None:
    """Out of sight in one step, then gone: the store holds it no more."""
    if (folder / name).exists():
        (folder / name).replace(folder / f"{_GONE}{name}")
        shutil.rmtree(folder / f"{_GONE}{name}")
    (folder / pointer.MARKERS / name).unlink(missing_ok=True)


def _content(store: S3Store, path: str) -> bytes | None:
    """None where nothing is there."""
    try:
        return bytes(store.get(path).bytes())
    except FileNotFoundError:
        return None


@contextmanager
def _reached(settings: Settings) -> Iterator[S3Store]:
    """Raises UserError where the store does not answer or refuses."""
    try:
        from obstore.exceptions import BaseError
    except ImportError as error:
        raise UserError("store.not_installed", module=error.name or "obstore") from error
    try:
        yield _opened(settings)
    except BaseError as error:
        reason = " ".join(str(error).split())[:300]
        raise UserError("store.unreachable", store=settings.snapshot_store, reason=reason) from error


def _opened(settings: Settings) -> S3Store:
    """Never a host by default: without an address of its own, the library would ask Amazon's."""
    from obstore.store import S3Store

    if not settings.snapshot_store_endpoint:
        raise UserError("store.no_endpoint", store=settings.snapshot_store)
    bucket, _, prefix = settings.snapshot_store.removeprefix("s3://").partition("/")
    key, secret = _keys(settings)
    return S3Store(
        bucket, prefix=prefix.strip("/") or None, endpoint=settings.snapshot_store_endpoint,
        region=settings.snapshot_store_region, access_key_id=key, secret_access_key=secret, skip_signature=not key,
        virtual_hosted_style_request=False, retry_config={"max_retries": 2},
        client_options={"allow_http": True, "connect_timeout": "5s", "timeout": "600s"},
    )  # fmt: skip


def _keys(settings: Settings) -> tuple[str, str]:
    """Access key and secret; both empty where the store asks for none. Raises UserError where the file holds no two lines."""
    path = settings.snapshot_store_keys_file
    if path is None:
        return "", ""
    try:
        key, secret = path.read_text("utf-8").split()
    except (OSError, ValueError) as error:
        raise UserError("store.no_keys", file=str(path)) from error
    return key, secret
