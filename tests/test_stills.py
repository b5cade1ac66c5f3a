"""Stills: every chart drawn by a real browser, strict and small, kept on disk, whatever happens to browser or disk."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from dashboard import settings
from dashboard.charts import CHARTS, Drawing, Filters, draw
from dashboard.figures import theme
from dashboard.figures.theme import Theme
from dashboard.messages import Language, UserError
from dashboard.settings import Settings
from dashboard.snapshots import build, store
from dashboard.snapshots.store import Snapshot
from dashboard.stills import Picture, Stills, browser, memory, shapes
from tests import batches
from tests.conftest import CHROMIUM, DRAWN, ROOT, copy_data
from tests.documents import named

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes")

ALLOWED = {"svg", "g", "defs", "clipPath", "pattern", "path", "text", "tspan"}
ATTRIBUTES = {"viewBox", "id", "d", "x", "y", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity",
              "stroke-linecap", "font-size",
              "font-weight", "text-anchor", "clip-path", "width", "height", "patternUnits", "patternTransform"}  # fmt: skip
EVERY = [(chart, language) for chart in DRAWN for language in Language]


def drawings_of(data: Path, of: Theme = Theme.AUTO) -> dict[tuple[str, Language], Drawing]:
    return drawings_in(build.refresh(replace(settings.load({}), data_dir=data)), of)


def drawings_in(snapshot: Snapshot, of: Theme = Theme.AUTO) -> dict[tuple[str, Language], Drawing]:
    return {
        (chart, language): draw(snapshot, chart, Filters("640000", 2018, language, of)) for chart, language in EVERY
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_data(tmp_path_factory.mktemp("stills") / "data")


@pytest.fixture(scope="module")
def drawings(folder: Path) -> dict[tuple[str, Language], Drawing]:
    return drawings_of(folder)


@pytest.fixture(scope="module")
def stills(folder: Path) -> Iterator[Stills]:
    made = Stills(held(folder.parent / "cache"), seconds=30)
    yield made
    made.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Stills]:
    """With nothing kept and no browser started."""
    made = Stills(held(tmp_path / "cache"), seconds=30)
    yield made
    made.close()


@pytest.fixture
def figure(drawings: dict[tuple[str, Language], Drawing]) -> dict[str, Any]:
    return of(drawings["filed", Language.ZH])


def held(cache: Path, **changes: Any) -> Settings:
    return replace(settings.load({}), **{"cache_dir": cache, "browser": CHROMIUM} | changes)


def of(drawing: Drawing) -> dict[str, Any]:
    assert drawing.figure
    return drawing.figure


def other(figure: dict[str, Any], number: int) -> dict[str, Any]:
    """The same figure for all that is seen, another one for all that is kept."""
    return {**figure, "layout": {**figure["layout"], "uirevision": number}}


def drawn_by(stills: Stills) -> browser.DrawingBrowser:
    assert stills._browser
    return stills._browser


def said(picture: Picture) -> str:
    return "".join(" ".join(etree.fromstring(picture.svg).itertext()).split())


def until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_running(process: int) -> bool:
    """A process that has ended but that nobody has asked for yet does not run."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def processes_of(stills: Stills) -> list[int]:
    worker = drawn_by(stills)._worker
    assert worker
    return memory.tree(worker.process.pid)


def chromium_of(stills: Stills) -> int:
    """The browser's own process: the one of its group that has no type."""
    for process in processes_of(stills):
        command = Path(f"/proc/{process}/cmdline").read_bytes()
        if b"--remote-debugging-pipe" in command and b"python" not in command and b"--type" not in command:
            return process
    raise AssertionError("no browser runs")


# What a still is


@pytest.mark.parametrize(("chart", "language"), EVERY)
def test_a_chart_is_drawn_for_both_widths_and_strictly(
    stills: Stills, drawings: dict[tuple[str, Language], Drawing], chart: str, language: Language
) -> None:
    still = stills.still(of(drawings[chart, language]))
    assert (still.wide.width, still.narrow.width, still.below) == (
        (below + 120, 340, below) if (below := CHARTS[chart].narrow_below) > 520 else (640, 340, 520)
    )
    declared = {f"var({each.partition(':')[0]})" for each in theme.declarations(Theme.LIGHT).split(";") if each}
    ids = []
    for picture in (still.wide, still.narrow):
        root = etree.fromstring(picture.svg)
        assert root.attrib == {"viewBox": f"0 0 {picture.width} {picture.height}"}
        for element in root.iter():
            assert element.tag in ALLOWED
            assert set(element.attrib) <= ATTRIBUTES
            for paint in ("fill", "stroke"):
                colour = element.get(paint, "none")
                assert colour == "none" or colour in declared or colour.startswith("url(#")
        named = {element.get("id") for element in root.iter() if element.get("id")}
        assert set(re.findall(r"url\(#([^)]+)\)", picture.svg)) == named
        ids.append(named)
        assert not re.search(r"#fe..01|254, ?\d|NaN|undefined|style|script|href", picture.svg)
    assert not ids[0] & ids[1]


def test_words_that_are_drawn_smaller_to_fit_their_area_are_so_in_the_picture() -> None:
    text = '<text x="0" y="10" font-size="12px" fill="red" transform="translate(5,6)scale(0.5)">a</text>'
    [words] = shapes.read(f'<svg width="20" height="20">{text}</svg>'.encode()).shapes
    assert isinstance(words, shapes.Words)
    assert (words.x, words.y, words.paint["font-size"]) == (5, 11, "6")
    with pytest.raises(ValueError, match="unknown transform"):
        shapes.read(b'<svg width="9" height="9"><g transform="scale(0.5)"><rect width="2" height="2"/></g></svg>')


# Of several bodies or years: values are read from axes and colours, and are shares.
BY_AXES = ("ranked", "dots", "matrix")


@pytest.mark.parametrize(("chart", "language"), EVERY)
def test_what_the_figure_says_is_text_of_both_pictures(
    stills: Stills, drawings: dict[tuple[str, Language], Drawing], chart: str, language: Language
) -> None:
    drawing = drawings[chart, language]
    still = stills.still(of(drawing))
    narrow = of(drawing)["layout"]["meta"]["narrow"]
    for picture, drawn in ((still.wide, of(drawing)), (still.narrow, narrow)):
        told = [text for trace in drawn["data"] for text in trace.get("text") or ()]
        told += [note["text"] for note in drawn["layout"].get("annotations", ())]
        assert told or chart in BY_AXES
        for text in told:
            assert "".join(re.sub(r"<[^>]*>", "", text).split()) in said(picture)
    printed = {row.value for row in drawing.rows if not row.note and re.fullmatch(r"[\d,]+", row.value)}
    if chart not in ("channels", "disclosed", "receivers", "results", "budget", "growth", "staff", *BY_AXES):
        assert printed
        assert all(value in said(picture) for value in printed for picture in (still.wide, still.narrow))


def test_a_still_is_small(stills: Stills, drawings: dict[tuple[str, Language], Drawing]) -> None:
    made = [stills.still(of(drawing)) for drawing in drawings.values()]
    sizes = [len(gzip.compress((still.wide.svg + still.narrow.svg).encode())) for still in made]
    assert statistics.median(sizes) < 1_500
    assert max(sizes) < 4_000


def test_a_theme_declares_a_colour_for_each_name() -> None:
    assert theme.declarations(Theme.LIGHT).startswith("--departments:#1f6fb5;")
    names = [re.findall(r"--([\w-]+):#[0-9a-f]{6};", theme.declarations(each)) for each in Theme]
    assert names[0] == names[1] == names[2]
    assert len(theme.names()) == len(names[0])


def test_an_address_knows_light_and_dark_only(folder: Path) -> None:
    snapshot = build.refresh(replace(settings.load({}), data_dir=folder))
    assert Filters.from_query("?theme=auto", snapshot.engine).theme is Theme.LIGHT
    assert "theme" not in Filters("640000", 2018, theme=Theme.AUTO).query()


# Kept on disk


def test_what_was_drawn_is_kept_and_not_drawn_again(stills: Stills, figure: dict[str, Any]) -> None:
    first = stills.still(other(figure, 1))
    before = drawn_by(stills).drawings
    assert stills.still(other(figure, 1)) == first
    again = Stills(replace(held(stills._shelf._folder.parent), browser=""))
    again._browser = None
    assert again.still(other(figure, 1)) == first
    assert drawn_by(stills).drawings == before


def test_many_who_ask_at_once_are_answered_by_one_drawing(stills: Stills, figure: dict[str, Any]) -> None:
    before = drawn_by(stills).drawings
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(stills.still, [other(figure, 2)] * 32))
    assert drawn_by(stills).drawings - before == 2
    assert len(set(answers)) == 1


def draw_and_count(data: str, cache: str) -> None:
    """Run by processes of their own: draws every chart in Chinese, and tells how many pictures it drew."""
    drawings = drawings_in(store.Live(Path(data) / "snapshots").snapshot())
    stills = Stills(held(Path(cache)), seconds=30)
    print("ready", flush=True)
    sys.stdin.readline()
    for chart in DRAWN:
        stills.still(of(drawings[chart, Language.ZH]))
    print(drawn_by(stills).drawings, flush=True)
    stills.close()


@pytest.fixture(scope="module")
def named_reports(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Every named report of the tests, of all editions, with the gaps that real ones have."""
    data = tmp_path_factory.mktemp("named") / "data"
    data.mkdir()
    listed = [f"{990101 + place},{each.report.body},,county,,\n" for place, each in enumerate(named.reports())]
    (data / "bodies.csv").write_text("body,name,name_en,level,parent,aliases\n" + "".join(listed), "utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GONGKAI_DATA_DIR", str(data))
        assert batches.ingest(*(each.file(".html") for each in named.reports())).code == 0
    return build.refresh(replace(settings.load({}), data_dir=data))


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_of_every_named_report_can_be_drawn(named_reports: Snapshot, stills: Stills, chart: str) -> None:
    failed = []
    for place, each in enumerate(named.reports()):
        figure = draw(named_reports, chart, Filters(f"{990101 + place}", each.report.year)).figure
        try:
            assert figure is None or stills.still(figure)
        except UserError as problem:
            failed.append((str(each), problem.message_id))
    assert failed == []


def test_two_processes_draw_each_chart_once_together(folder: Path, tmp_path: Path) -> None:
    build.refresh(replace(settings.load({}), data_dir=folder))
    code = f"from tests.test_stills import draw_and_count; draw_and_count({str(folder)!r}, {str(tmp_path)!r})"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    counts = [int(process.communicate("go\n", timeout=120)[0]) for process in running]
    assert sum(counts) == 2 * len(DRAWN)


@pytest.mark.parametrize("damage", [b"", b"x" * 40, None])
def test_a_broken_file_is_drawn_again(fresh: Stills, figure: dict[str, Any], damage: bytes | None) -> None:
    first = fresh.still(figure)
    [path] = fresh._shelf._folder.glob("*.still")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b" " if damage is None else damage)
    before = drawn_by(fresh).drawings
    assert fresh.still(figure) == first
    assert drawn_by(fresh).drawings == before + 2
    assert path.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_no_answer(tmp_path: Path, figure: dict[str, Any]) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be")
    stills = Stills(held(tmp_path / "cache"), seconds=30)
    assert "473" in said(stills.still(figure).wide)
    stills.close()


# When things break


def test_without_a_browser_one_is_told_so(tmp_path: Path, figure: dict[str, Any]) -> None:
    stills = Stills(held(tmp_path, browser="/nowhere/chromium"))
    assert not stills.is_available
    for ask in (lambda: stills.still(figure), lambda: stills.file(figure, "png")):
        with pytest.raises(UserError) as told:
            ask()
        assert told.value.message_id == "still.no_browser"
    stills.close()


def test_a_browser_is_found_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.find("") is None
    (tmp_path / "google-chrome").write_text("#!/bin/sh\n")
    (tmp_path / "google-chrome").chmod(0o755)
    assert browser.find("") == str(tmp_path / "google-chrome")


def test_a_browser_that_was_killed_is_replaced(fresh: Stills, figure: dict[str, Any]) -> None:
    fresh.still(figure)
    os.kill(chromium_of(fresh), signal.SIGKILL)
    assert fresh.still(other(figure, 1)).wide.svg
    os.kill(processes_of(fresh)[0], signal.SIGKILL)
    assert fresh.still(other(figure, 2)).wide.svg
    assert drawn_by(fresh).starts == 3


@pytest.mark.parametrize("end", [signal.SIGKILL, None])
def test_a_browser_that_breaks_or_hangs_while_it_draws_costs_a_second_attempt(
    fresh: Stills, figure: dict[str, Any], end: signal.Signals | None
) -> None:
    fresh.still(figure)
    drawing = drawn_by(fresh)
    chromium = chromium_of(fresh)
    os.kill(chromium, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        if end is None:
            drawing._seconds = 1.0  # of the drawing that hangs; the fresh browser has its time
            answer = pool.submit(fresh.still, other(figure, 1))
            until(lambda: not is_running(chromium) or drawing._turn.locked())
            drawing._seconds = 30.0
        else:
            answer = pool.submit(fresh.still, other(figure, 1))
            until(drawing._turn.locked)
            os.kill(chromium, end)
        assert answer.result(60).wide.svg
    assert drawing.starts == 2
    assert not is_running(chromium)


def pretend(folder: Path, script: str) -> Path:
    """A program that is asked to be the browser."""
    path = folder / "chromium"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    "script",
    [
        "trap '' TERM; sleep 1000",
        "head -c 100000 /dev/urandom >&4; sleep 1000",
        """printf '{"id":0,"result":{}}\\0{"id":1,"error":{"code":1,"message":"no"}}\\0' >&4; sleep 1000""",
        "exit 1",
    ],
    ids=["hangs", "talks nonsense", "says no", "ends"],
)
def test_a_browser_of_no_use_ends_in_an_error_and_the_next_one_draws(
    tmp_path: Path, figure: dict[str, Any], script: str
) -> None:
    path = pretend(tmp_path, f"echo $$ >> {tmp_path}/started; {script}")
    stills = Stills(held(tmp_path / "cache", browser=str(path)), seconds=1, rest=0)
    with pytest.raises(UserError) as told:
        stills.still(figure)
    assert told.value.message_id == "still.failed"
    assert drawn_by(stills).starts == 2
    started = [int(each) for each in (tmp_path / "started").read_text().split()]
    until(lambda: not any(is_running(process) for process in started))
    pretend(tmp_path, f'exec {CHROMIUM} "$@"')
    drawn_by(stills)._seconds = 30
    assert "473" in said(stills.still(figure).wide)
    stills.close()


def test_who_waits_for_a_browser_of_no_use_does_not_try_it_again(tmp_path: Path, figure: dict[str, Any]) -> None:
    path = pretend(tmp_path, "sleep 1000")
    stills = Stills(held(tmp_path / "cache", browser=str(path)), seconds=0.5)

    def ask(number: int) -> str:
        with pytest.raises(UserError) as told:
            stills.still(other(figure, number))
        return told.value.message_id

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(ask, range(12))) == {"still.failed"}
    assert drawn_by(stills).starts <= 4
    stills.close()


@pytest.mark.parametrize("rest", [0.0, 60.0])
def test_those_who_wait_for_the_same_picture_fail_together(tmp_path: Path, figure: dict[str, Any], rest: float) -> None:
    path = pretend(tmp_path, "sleep 1000")
    stills = Stills(held(tmp_path / "cache", browser=str(path)), seconds=0.5, rest=rest)

    def ask(_: int) -> str:
        with pytest.raises(UserError) as told:
            stills.still(figure)
        return told.value.message_id

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(6))) == {"still.failed"}
    assert drawn_by(stills).starts == 2
    if rest:
        assert ask(0) == "still.failed"
        assert drawn_by(stills).starts == 2, "a browser that has just failed is left alone"
    stills.close()


def test_a_control_character_in_a_name_spoils_no_picture(stills: Stills, figure: dict[str, Any]) -> None:
    spoiled = json.loads(json.dumps(figure))
    told = {"text": "a\u0007b", "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
    spoiled["layout"]["annotations"] = [told]
    assert "ab" in said(stills.still(spoiled).wide)


# What is left behind


def test_nothing_is_left_after_close(tmp_path: Path, figure: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path := Path(tempfile.mkdtemp())))  # a browser wants short paths
    home = set(Path.home().rglob("*hromium*"))
    stills = Stills(held(tmp_path / "cache"), seconds=30)
    stills.still(figure)
    running = processes_of(stills)
    assert len(running) > 3
    stills.close()
    until(lambda: not any(is_running(process) for process in running))
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    shutil.rmtree(tmp_path)
    assert set(Path.home().rglob("*hromium*")) == home
    with pytest.raises(UserError):
        stills.still(other(figure, 1))


def draw_and_wait(data: str, cache: str) -> None:
    """Run by a process of its own: tells its browser's processes, and waits to be killed."""
    stills = Stills(held(Path(cache)), seconds=30)
    stills.still(of(drawings_of(Path(data))["filed", Language.ZH]))
    worker = drawn_by(stills)._worker
    assert worker
    print(worker._folder, *processes_of(stills), flush=True)
    time.sleep(600)


def test_nothing_is_left_when_the_server_is_killed(folder: Path, tmp_path: Path) -> None:
    code = f"from tests.test_stills import draw_and_wait; draw_and_wait({str(folder)!r}, {str(tmp_path)!r})"
    server = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    files, *running = server.stdout.readline().split()
    assert len(running) > 3
    server.kill()
    server.wait()
    until(lambda: not any(is_running(int(process)) for process in running) and not Path(files).exists())


def test_a_browser_that_takes_too_much_memory_is_replaced(
    fresh: Stills, figure: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "_WEIGHED_EVERY", 1)
    drawn_by(fresh)._megabytes = 10_000
    fresh.still(figure)
    fresh.still(other(figure, 1))
    assert drawn_by(fresh).starts == 1
    drawn_by(fresh)._megabytes = 20
    fresh.still(other(figure, 2))
    assert drawn_by(fresh)._worker is None
    assert fresh.still(other(figure, 3)).wide.svg
    assert drawn_by(fresh).starts == 2


def test_a_browser_nobody_needs_ends(fresh: Stills, figure: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_IDLE_SECONDS", 0.05)
    fresh.still(figure)
    until(lambda: drawn_by(fresh)._worker is None)
    assert fresh.still(other(figure, 1)).wide.svg


def test_the_server_itself_does_not_load_the_drawing_library() -> None:
    code = "import sys, dashboard.stills; sys.exit(any(each in sys.modules for each in ('kaleido', 'choreographer', 'dash')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


@pytest.mark.parametrize(("told", "shown"), [(CHROMIUM, CHROMIUM), ("/nowhere/chromium", "GONGKAI_BROWSER")])
def test_the_status_tells_which_browser_draws(folder: Path, told: str, shown: str) -> None:
    environment = os.environ | {"GONGKAI_DATA_DIR": str(folder), "GONGKAI_BROWSER": told}
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "status"], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert shown in done.stdout
