"""The export as files: complete, hashed, linked without a break, written again only where something changed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from lxml import html
from typer.testing import CliRunner

from dashboard import settings
from dashboard.charts import CHARTS
from dashboard.cli import app
from dashboard.export import Outcome, Wishes, export, report_files
from dashboard.export.folder import opened
from dashboard.messages import Language, UserError
from dashboard.schema import Fact
from dashboard.snapshots import build
from dashboard.snapshots.releases import Wish
from dashboard.tables.package import Package
from tests.conftest import DRAWN, copy_data

QUICK = Wishes(without=frozenset({"png", "svg"}))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """Everything there is, of the committed data."""
    folder = tmp_path_factory.mktemp("export")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GONGKAI_DATA_DIR", str(copy_data(folder / "data")))
        environment.setenv("GONGKAI_CACHE_DIR", str(cache))
        build.refresh(settings.load())
        export(settings.load(), folder / "out", Wishes())
    return folder / "out"


@pytest.fixture
def quick(data_dir: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, published; the folder beside it is for the export. A few charts, which the reader draws, stand for all."""
    few = ("channels", "flow", "budget", "filed", "series")
    monkeypatch.setattr(report_files, "CHARTS", {each: CHARTS[each] for each in few})
    monkeypatch.setenv("GONGKAI_CACHE_DIR", str(cache))
    monkeypatch.setenv("GONGKAI_BROWSER", "/nowhere/chromium")
    build.refresh(settings.load())
    return data_dir.parent / "out"


def made(target: Path, wishes: Wishes = QUICK) -> Outcome:
    return export(settings.load(), target, wishes)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def manifest(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return told


def test_every_chart_is_there_in_every_language_and_format(whole: Path) -> None:
    for language in Language:
        for chart in DRAWN:
            for ending in ("html", "svg", "png", "csv", "xlsx", "json", "light.json", "dark.json"):
                assert (whole / "640000" / "2018" / language / f"{chart}.{ending}").stat().st_size > 100


def test_the_manifests_tell_every_file_with_its_hash(whole: Path) -> None:
    told = manifest(whole)
    listed = {"manifest.json": b""} | dict.fromkeys(told["files"], b"")
    hashes = {name: entry["sha256"] for name, entry in told["files"].items()}
    for part, digest in told["parts"].items():
        raw = (whole / part / "manifest.json").read_bytes()
        assert hashlib.sha256(raw).hexdigest() == digest
        hashes |= {f"{part}/{name}": entry["sha256"] for name, entry in json.loads(raw)["files"].items()}
        listed |= {f"{part}/manifest.json": b""}
    held = files(whole)
    assert set(held) == set(listed) | set(hashes)
    assert {name: hashlib.sha256(held[name]).hexdigest() for name in hashes} == hashes


def links(page: str, content: bytes) -> Iterator[str]:
    root = html.fromstring(content)
    addresses = root.xpath("//@href | //@src | //@data-script")
    addresses += [
        each.replace("{theme}", theme) for each in root.xpath("//@data-figure") for theme in ("light", "dark")
    ]
    for address in addresses:
        if not address.startswith(("data:", "https://creativecommons.org/")):
            yield urldefrag(urljoin(f"/some/where/{page}", address))[0].partition("?")[0]


def test_no_link_is_broken_and_none_leads_out_of_the_folder(whole: Path) -> None:
    held = files(whole)
    checked = 0
    for page, content in held.items():
        if page.endswith(".html"):
            for address in links(page, content):
                assert address.startswith("/some/where/"), (page, address)
                name = unquote(address.removeprefix("/some/where/"))
                assert name in held or f"{name}index.html" in held, (page, name)
                checked += 1
    assert checked > 300


def test_the_data_package_of_an_export_is_whole(whole: Path) -> None:
    with zipfile.ZipFile(whole / "data" / "gongkai-data.zip") as archive:
        assert archive.testzip() is None
        assert "facts/640000-2018.csv" in archive.namelist()


def test_no_file_names_the_machine_it_was_made_on(whole: Path) -> None:
    for name, content in files(whole).items():
        assert b"127.0.0.1" not in content, name


def test_what_has_not_changed_is_not_written_again(quick: Path) -> None:
    first = made(quick)
    stamps = {path: path.stat().st_mtime_ns for path in quick.rglob("*") if path.is_file()}
    again = made(quick)
    assert (again.written, again.removed, again.unchanged) == (0, 0, first.written)
    assert {path: path.stat().st_mtime_ns for path in quick.rglob("*") if path.is_file()} == stamps


def with_another_report(data_dir: Path) -> None:
    package = Package(data_dir)
    [report] = package.reports()
    package.write(replace(report, year=2017, title="二〇一七年报告"), package.facts("640000", 2018), [])
    build.refresh(settings.load())


def test_a_new_report_leaves_the_files_of_the_others_alone(quick: Path, data_dir: Path) -> None:
    package = Package(data_dir)
    [report] = package.reports()
    package.write(replace(report, year=2014), package.facts("640000", 2018), [])
    build.refresh(settings.load())
    made(quick)
    before = {name: content for name, content in files(quick).items() if name.startswith("640000/2014/")}
    package.write(replace(report, year=2018, url="https://example.org/x"), package.facts("640000", 2018), [])
    build.refresh(settings.load())
    outcome = made(quick)
    after = files(quick)
    assert before
    assert {name: after[name] for name in before} == before
    assert outcome.written > 0


def test_a_figure_of_another_year_changes_the_charts_that_show_it_and_no_others(
    quick: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two charts stand for all."""
    monkeypatch.setattr("dashboard.stills.stills.find", lambda _: None)
    monkeypatch.setattr(report_files, "CHARTS", {each: CHARTS[each] for each in ("series", "filed")})
    wishes = Wishes(without=frozenset({"csv", "xlsx"}))
    package = Package(data_dir)
    [report] = package.reports()
    facts = package.facts("640000", 2018)
    package.write(replace(report, year=2016), facts, [])
    build.refresh(settings.load())
    made(quick, wishes)
    before = {name: json.loads(files(quick)[f"640000/2018/zh/{name}.json"]) for name in ("series", "filed")}
    more = [replace(each, value=each.value + 1) if is_received(each) and each.value else each for each in facts]
    package.write(replace(report, year=2016), more, [])
    build.refresh(settings.load(), Wish(force=True, reason="the figure was read anew"))
    made(quick, wishes)
    after = {name: json.loads(files(quick)[f"640000/2018/zh/{name}.json"]) for name in before}
    told = [[(row["year"], row["value"]) for row in each["series"]["data"] if row["value"]] for each in (before, after)]
    assert told == [[("2016", "750"), ("2018", "750")], [("2016", "751"), ("2018", "750")]]
    assert after["filed"]["data"] == before["filed"]["data"]


def is_received(fact: Fact) -> bool:
    return fact.indicator == "requests.received" and fact.measure == "value"


def test_a_report_that_is_taken_back_is_taken_away(quick: Path, data_dir: Path) -> None:
    with_another_report(data_dir)
    made(quick)
    (quick / "640000" / "2017" / "notes.txt").write_text("somebody else's")
    kept = [line for line in (data_dir / "reports.csv").read_text("utf-8").splitlines() if ",2017," not in line]
    (data_dir / "reports.csv").write_text("\n".join(kept) + "\n", "utf-8")
    for kind in ("facts", "mentions"):
        (data_dir / kind / "640000-2017.csv").unlink()
    build.refresh(settings.load(), Wish(reason="the report was withdrawn", force=True))
    outcome = made(quick)
    assert outcome.removed > 40
    assert [name for name in files(quick) if "/2017/" in name] == ["640000/2017/notes.txt"]
    assert "2017" not in (quick / "index.html").read_text("utf-8")


def test_a_file_that_was_damaged_is_written_again(quick: Path) -> None:
    made(quick)
    whole = files(quick)
    (quick / "640000" / "2018" / "zh" / "flow.html").write_text("cut")
    (quick / "index.html").unlink()
    made(quick)
    assert files(quick) == whole


def test_an_export_that_was_cut_short_goes_on(quick: Path, monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> None:
    with_another_report(data_dir)
    files_of_report = report_files.files

    def cut(exporter: Any, report: dict[str, Any]) -> dict[str, bytes]:
        if report["year"] == 2018:
            raise UserError("still.failed")
        return files_of_report(exporter, report)

    monkeypatch.setattr(report_files, "files", cut)
    with pytest.raises(UserError):
        made(quick)
    (quick / "640000" / "2017" / "zh" / ".writing-x").write_text("half")
    monkeypatch.setattr(report_files, "files", files_of_report)
    outcome = made(quick)
    assert outcome.unchanged > 50, "the report that was done is not made again"
    assert not list(quick.rglob(".writing-*"))
    assert (quick / "640000" / "2018" / "zh" / "index.html").exists()


def test_two_exports_do_not_write_into_one_folder(quick: Path) -> None:
    with opened(quick):
        with pytest.raises(UserError) as told:
            made(quick)
        assert told.value.message_id == "export.at_work"
    assert made(quick).written


def test_a_folder_of_somebody_else_is_left_alone(quick: Path) -> None:
    quick.mkdir()
    (quick / "thesis.docx").write_text("years of work")
    for held in ("", '{"name": "x"}'):
        if held:
            (quick / "manifest.json").write_text(held)
        before = files(quick)
        with pytest.raises(UserError) as told:
            made(quick)
        assert told.value.message_id == "export.foreign_folder"
        assert files(quick) == before


def test_a_manifest_that_was_edited_removes_nothing_outside(quick: Path) -> None:
    made(quick)
    outside = quick.parent / "precious.txt"
    outside.write_text("mine")
    told = manifest(quick)
    told["files"]["../precious.txt"] = {"sha256": "", "bytes": 0}
    told["parts"]["../.."] = "x"
    (quick / "manifest.json").write_text(json.dumps(told))
    made(quick)
    assert outside.read_text() == "mine"


def test_with_a_base_every_address_for_others_is_whole(quick: Path) -> None:
    base = "https://cdn.example.cn/gk"
    made(quick, replace(QUICK, base_url=base))
    page = (quick / "640000" / "2018" / "zh" / "flow.html").read_text("utf-8")
    assert f'rel="canonical" href="{base}/640000/2018/zh/flow.html"' in page
    report = (quick / "640000" / "2018" / "zh" / "index.html").read_text("utf-8")
    assert f"&lt;iframe src=&quot;{base}/640000/2018/zh/flow.html" in report
    told = json.loads((quick / "640000" / "2018" / "zh" / "flow.json").read_text("utf-8"))
    assert told["link"] == f"{base}/640000/2018/zh/flow.html"


def test_without_a_browser_the_embeds_are_drawn_by_the_reader(quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.stills.stills.find", lambda _: None)
    outcome = made(quick, Wishes())
    assert outcome.notes == ["export.no_browser"]
    assert not list(quick.rglob("*.png"))
    assert 'data-now="1"' in (quick / "640000" / "2018" / "zh" / "flow.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--without", "gif"], 2),
        (["--base-url", "ftp://x"], 2),
        (["--base-url", "https://x.cn/?a"], 2),
        ([], 2),
        (["--snapshot", "none"], 1),
    ],
)
def test_a_wrong_command_says_what_is_wrong(quick: Path, arguments: list[str], code: int) -> None:
    target = [str(quick)] if arguments else []
    done = CliRunner().invoke(app, ["export", *target, *arguments])
    assert done.exit_code == code
    assert not quick.exists() or not any(quick.iterdir())
