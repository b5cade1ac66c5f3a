"""Workers: what they answer, what they leave behind, and that they end, whatever happens to them or to their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard import worker
from dashboard.documents import limits
from dashboard.messages import UserError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="process groups")
ROOT = Path(__file__).parents[1]


# What the worker runs must stand in a module.
def folder() -> str:
    return tempfile.gettempdir()


def leave_files(name: str) -> None:
    Path(tempfile.mkdtemp(), name).write_text("left")
    time.sleep(60)


def start_another(note: str) -> None:
    """Starts a program in a group of its own, as for LibreOffice, and notes its id."""
    other = subprocess.Popen(["sleep", "60"], start_new_session=True)
    with worker.owned(other.pid):
        Path(note).write_text(str(other.pid))
        other.wait()


def give_foreign() -> object:
    return subprocess.PIPE, subprocess.Popen


def give_command() -> object:
    return _Command()


class _Command:
    """Unpickled by a careless reader, it would run a program."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("touch /tmp/never",)


def trip() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def hoard(megabytes: int) -> int:
    _hoard.append(bytearray(os.urandom(1)) * (megabytes * limits.MEGABYTE))
    return os.getpid()


_hoard: list[bytearray] = []


def until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


def is_gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def read_pid(note: Path) -> int:
    assert until(lambda: note.is_file() and note.read_text() != "")
    return int(note.read_text())


def test_a_workers_temporary_files_end_with_it(tmp_path: Path) -> None:
    own = Path(limits.run_limited(folder))
    assert own.is_dir()
    with pytest.raises(UserError) as caught:
        limits.run_limited(leave_files, "a", seconds=1)
    assert caught.value.message_id == "document.too_slow"
    assert not own.exists()


def test_what_a_call_has_started_ends_with_its_time(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        limits.run_limited(start_another, str(tmp_path / "id"), seconds=2)
    assert until(lambda: is_gone(read_pid(tmp_path / "id")))


def test_a_worker_and_all_it_has_started_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "from dashboard.documents import limits; from tests import test_documents_worker as here; import pathlib;"
        f"pathlib.Path({str(tmp_path / 'folder')!r}).write_text(limits.run_limited(here.folder));"
        f"limits.run_limited(here.start_another, {str(tmp_path / 'id')!r})"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    started = read_pid(tmp_path / "id")
    parent.kill()
    parent.wait()
    assert until(lambda: is_gone(started))
    assert until(lambda: not Path((tmp_path / "folder").read_text()).exists())


@pytest.mark.parametrize("function", [give_foreign, give_command])
def test_an_answer_that_names_more_than_records_is_not_taken(function: Callable[[], object]) -> None:
    with pytest.raises(UserError) as caught:
        limits.run_limited(function)
    assert caught.value.message_id == "document.broke_off"
    assert not Path("/tmp/never").exists()


def test_native_code_that_trips_is_told_as_what_it_may_be() -> None:
    with pytest.raises(UserError) as caught:
        limits.run_limited(trip)
    assert caught.value.message_id == "document.broke_off"


def test_a_worker_that_keeps_too_much_is_not_used_again() -> None:
    first = limits.run_limited(hoard, 1)
    assert limits.run_limited(hoard, 300) == first
    assert limits.run_limited(hoard, 1) != first
