"""Batches of documents: how many a second one core reads, by format; what a second process brings; what memory they take.

The documents are made here, of invented bodies. Beside each format stands what opening the file alone costs with the
same library (lxml, zip and lxml, the text of the pages): the ratio tells what reading and understanding add.
`python -m tests.bench.ingest`
"""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import lxml.etree
import lxml.html
import pypdfium2

from dashboard.ingest import batch, executors
from dashboard.tables.package import Package
from tests.documents import templates
from tests.documents.description import Description
from tests.documents.writers import WRITERS

ROOT = Path(__file__).parents[2]
YEARS = {"2014": 2016, "2019": 2020, "2021": 2022}
PER_SECOND = {".html": 25.0, ".docx": 12.0, ".pdf": 1.5}
COUNTS = {".html": 150, ".docx": 120, ".pdf": 9}
MIXED = [".html", ".docx", ".html", ".xlsx", ".html", ".txt", ".html", ".docx", ".html", ".pdf"]
MIXED_COUNT = 1000
MOST_MEGABYTES = 600.0
LEAST_GAIN = 1.7
PAGES = 10
PARAGRAPH = (
    "全市各级行政机关认真落实公开要求，全年主动公开信息{}条，办理申请{}件，举办发布会{}次，"
    "发布解读材料{}篇，按时办结率{}%，比上年增长{}%，公众满意程度稳步提高。"
)


def measured() -> bool:
    """Prints the tables; False where a target is missed."""
    print("\nReading: documents a second of one core's time")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        missed = [_speed(folder / f"one{ending}", ending) for ending in PER_SECOND]
        made = _made(folder / "mixed", MIXED_COUNT, MIXED)
        print(f"\n{MIXED_COUNT} mixed documents (5 HTML, 2 DOCX, XLSX, TXT, PDF in 10)")
        runs = [_run(made, folder / f"data-{jobs}", jobs) for jobs in (1, 2)]
    gain = runs[0][0] / runs[1][0]
    for jobs, (seconds, peak) in zip((1, 2), runs, strict=True):
        is_missed = peak > MOST_MEGABYTES
        missed.append(is_missed)
        print(
            f"--jobs {jobs}: {MIXED_COUNT / seconds:6.1f} a second, together at most {peak:4.0f} MB "
            f"(<= {MOST_MEGABYTES:.0f}) {'MISSED' if is_missed else ''}"
        )
    missed.append(gain < LEAST_GAIN)
    print(f"two processes over one: {gain:.2f} (>= {LEAST_GAIN}) {'MISSED' if missed[-1] else ''}")
    return not any(missed)


def _speed(folder: Path, ending: str) -> bool:
    """One core over one format, and the file alone opened with the same library; whether the target is missed."""
    pages = PAGES if ending == ".pdf" else 0
    made = _made(folder, COUNTS[ending], [ending], pages)
    paths = sorted(path for path in made.iterdir() if path.suffix == ending)
    data = _data(made, folder / "data")
    with executors.local(1) as readers:
        batch.ingest(paths[:3], Package(data), readers, batch.Wishes(dry_run=True))  # the child is there, and warm
        start = _core_seconds()
        results = batch.ingest(paths, Package(data), readers, batch.Wishes())
        ours = len(paths) / (_core_seconds() - start)
    assert all(result.outcome == "read" for result in results), [each.reason for each in results]
    contents = [path.read_bytes() for path in paths]
    start = time.process_time()
    for content in contents:
        OPENED[ending](content)
    alone = len(paths) / (time.process_time() - start)
    is_missed = ours < PER_SECOND[ending]
    print(
        f"{ending:6} {ours:7.1f} a second (>= {PER_SECOND[ending]}), opened alone {alone:8.1f}, "
        f"ratio {ours / alone:.3f} {'MISSED' if is_missed else ''}"
    )
    return is_missed


def _core_seconds() -> float:
    """What this process and its children have had of a core so far; others' work on the machine does not count."""
    ticks = 0
    for process in _family(os.getpid()):
        ticks += sum(int(each) for each in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def _html(content: bytes) -> None:
    lxml.html.fromstring(content)


def _docx(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        lxml.etree.fromstring(archive.read("word/document.xml"))


def _pdf(content: bytes) -> None:
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            page.get_textpage().get_text_range()


OPENED: dict[str, Callable[[bytes], None]] = {".html": _html, ".docx": _docx, ".pdf": _pdf}


def _made(folder: Path, count: int, endings: Sequence[str], pages: int = 0) -> Path:
    """Reports of every edition, each of a body and year of its own; bodies.csv lies beside them."""
    folder.mkdir(parents=True)
    rows = ["body,name,name_en,level,parent,aliases"]
    for number in range(count):
        place, edition = number // 3, list(YEARS)[number % 3]
        name = f"云{chr(0x4E00 + place)}岭市"
        if number % 3 == 0:
            rows.append(f"{990000 + place},{name},,prefecture,,")
        chance, ending = random.Random(number), endings[number % len(endings)]
        figures = {key: str(chance.randrange(10**5)) for key in templates.keys(edition)}
        report = Description(edition, YEARS[edition], name, figures, tuple(_prose(chance, pages)))
        (folder / f"{number:04}{ending}").write_bytes(WRITERS[ending](report))
    (folder / "bodies").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def _prose(chance: random.Random, pages: int) -> Iterator[str]:
    """Paragraphs with figures that fill so many pages and some."""
    if pages:
        yield "一、概述"
    for _ in range(pages * 22):
        yield PARAGRAPH.format(
            *(chance.randrange(1, 1000) for _ in range(4)), chance.randrange(100), chance.randrange(9)
        )


def _data(made: Path, folder: Path) -> Path:
    folder.mkdir()
    (folder / "bodies.csv").write_bytes((made / "bodies").read_bytes())
    return folder


def _run(made: Path, data: Path, jobs: int) -> tuple[float, float]:
    """Seconds of a whole `gongkai ingest`, and the most megabytes that it and its children held at once."""
    environment = os.environ | {"GONGKAI_DATA_DIR": str(_data(made, data))}
    command = [sys.executable, "-m", "dashboard", "ingest", str(made), "--jobs", str(jobs), "--format", "json"]
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(_megabytes(each) for each in _family(process.pid)))
        time.sleep(0.05)
    seconds = time.perf_counter() - start
    assert process.returncode == 0, process.returncode
    return seconds, peak


def _family(process: int) -> Iterator[int]:
    """The process and all that it started, while they live."""
    yield process
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = listed.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _megabytes(process: int) -> float:
    """What it holds in memory; pages that several processes share count for each."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (OSError, IndexError):
        return 0.0


if __name__ == "__main__":
    sys.exit(not measured())
