"""The same work on a Dask cluster: a real scheduler and two worker processes, on this machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import distributed
import pytest

from dashboard.tables.package import Package
from tests.batches import bytes_of, data_folder, ingest, report, written
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler with two worker processes of one thread each."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    for year, name in [(2016, "a.html"), (2019, "b.docx"), (2020, "c.xlsx"), (2021, "d.pdf"), (2022, "e.html")]:
        written(folder, name, report(year))
    written(folder, "f.html", report(2016, seed=2), modified=2)
    (folder / "damaged.docx").write_bytes(b"PK\x03\x04 no archive")
    return folder


def test_a_cluster_gives_the_bytes_that_this_machine_gives(
    data: Path, papers: Path, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = ingest(papers, "--scheduler", scheduler)
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(data_folder(tmp_path / "near")))
    near = ingest(papers)
    assert far == near
    assert far.code == 1
    assert far.outcomes["damaged.docx"] == "refused"
    assert bytes_of(data) == bytes_of(tmp_path / "near")
    assert len(Package(data).reports()) == 5


def test_a_cluster_reads_nothing_again(data: Path, papers: Path, scheduler: str) -> None:
    ingest(papers, "--scheduler", scheduler)
    before = bytes_of(data)
    assert set(ingest(papers, "--scheduler", scheduler).outcomes.values()) == {"unchanged", "older", "refused"}
    assert bytes_of(data) == before


def test_a_worker_needs_no_file(data: Path, papers: Path, scheduler: str) -> None:
    """Only bytes travel: no worker holds a path of the batch."""
    from dashboard.ingest.batch import Wishes, _task

    task = _task(papers / "a.html", b"bytes", "bodies", Wishes())
    assert str(papers) not in repr(task)
    assert ingest(papers / "a.html", "--scheduler", scheduler).outcomes == {"a.html": "read"}


def test_a_scheduler_that_does_not_answer_is_told(data: Path, papers: Path, unused_port: int) -> None:
    done = ingest(papers, "--scheduler", f"tcp://127.0.0.1:{unused_port}")
    assert done.code == 1
    assert f"127.0.0.1:{unused_port}" in done.err
    assert not (data / "reports.csv").exists()


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_scheduler_without_workers_is_told(data: Path, papers: Path) -> None:
    with distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as cluster:
        done = ingest(papers, "--scheduler", cluster.scheduler_address)
    assert done.code == 1
    assert "dask worker" in done.err


WITHOUT_DASK = """
import sys
sys.modules["distributed"] = None  # as where the extra is not installed
from dashboard.cli import main
main()
"""


def test_without_dask_it_is_told_how_to_get_it(data: Path, papers: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_DASK, "ingest", str(papers), "--scheduler", "tcp://127.0.0.1:1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "gongkai[cluster]" in done.stderr
    assert "Traceback" not in done.stderr


def test_dask_is_imported_only_for_a_cluster(data: Path, papers: Path) -> None:
    code = "import sys\nfrom dashboard.cli import app\ntry: app()\nexcept SystemExit: pass\nassert 'distributed' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, "ingest", str(papers)], cwd=ROOT, check=True, capture_output=True)
