"""A snapshot that is not published yet, shown to whoever has its address: whole, told apart, and to nobody else."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dashboard import dialogs, settings
from dashboard.cli import app as program
from dashboard.messages import Language, text
from dashboard.parts import PAGES
from dashboard.preview_guard import HEADERS
from dashboard.settings import Settings
from dashboard.site import Site
from dashboard.snapshots import build, previews, releases, store
from dashboard.snapshots.releases import Wish
from dashboard.tables.package import Package
from tests.conftest import copy_data
from tests.programs import rows_of, serving

FORGED = [
    "~",
    "~~",
    "~9999999999~",
    "~9999999999~{}".format("0" * 32),
    "~1~zz",
    "~99999999999999999999~x",
    "~-1~{}".format("a" * 32),
]
VIEW = "body=640000&year=2018"
NEW_URL = "https://example.org/new"


def prepared(held: Settings, url: str) -> str:
    """A preview of the same figures with another address of the document."""
    package = Package(held.data_dir)
    [report] = package.reports()
    package.write(replace(report, url=url), package.facts("640000", 2018), package.mentions("640000", 2018))
    return build.preview(held, Wish("王芳")).name


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = copy_data(tmp_path_factory.mktemp("previews") / "data")
    held = replace(settings.load({}), data_dir=folder)
    build.refresh(held)
    return held


@pytest.fixture(scope="module")
def name(held: Settings) -> str:
    return prepared(held, NEW_URL)


@pytest.fixture(scope="module")
def client(held: Settings, name: str, cache: Path) -> Iterator[TestClient]:
    with serving(held.data_dir, cache) as client:
        yield client


@pytest.fixture(scope="module")
def shown(held: Settings, name: str) -> str:
    """The part of the address that shows it."""
    return urlsplit(previews.address(held, name)).query


def layout(client: TestClient, address: str) -> str:
    """A page as the browser gets it; the referrer is what its script tells later where no referrer goes."""
    told = client.get("/_dash-layout", headers={"Referer": f"http://testserver{address}"}).text
    return told.replace(r"\u002f", "/").replace(r"\u0026", "&")


def pass_of(shown: str) -> str:
    return parse_qs(shown)["snapshot"][0]


def test_a_pass_is_written_in_one_way_only(held: Settings, shown: str) -> None:
    given = pass_of(shown)
    assert previews.read(held.snapshots_dir, given)
    assert previews.read(held.snapshots_dir, given.replace("~", "~0", 1)) is None


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", list(Language))
def test_every_page_shows_it_with_the_banner(
    client: TestClient, name: str, shown: str, path: str, language: Language
) -> None:
    page = client.get(f"{path}?{shown}&lang={language}")
    assert page.status_code == 200
    for header, value in HEADERS.items():
        assert page.headers[header] == value
    assert not {"etag", "link", "set-cookie"} & set(page.headers)
    assert '<meta name="robots" content="noindex, nofollow">' in page.text
    assert pass_of(shown) not in page.text, "programs that read the head learn no address of it"
    told = layout(client, f"{path}?{shown}&lang={language}")
    for sentence in (text("preview.banner", language), text("preview.to_live", language), "王芳", name):
        assert sentence in told
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC[+-]\d\d", told)
    links = [each for each in re.findall(r'"(/[^"]*)"', told) if "body=" in each]
    assert links
    assert all(pass_of(shown) in each for each in links), "every way on stays in it"


def test_what_it_holds_is_shown_and_what_is_live_stays(client: TestClient, shown: str) -> None:
    assert NEW_URL in layout(client, f"/data?{shown}") + client.get(f"/api/v1/reports.csv?{shown}").text
    assert NEW_URL not in client.get("/api/v1/reports.csv").text


def test_files_are_of_it_and_nobody_keeps_them(client: TestClient, name: str, shown: str) -> None:
    for address in (
        f"/api/v1/charts/channels.csv?{VIEW}&lang=zh&{shown}", f"/api/v1/facts.csv?{VIEW}&{shown}", f"/api/v1/data.zip?{shown}",
        f"/api/v1/facts?limit=5&{shown}", f"/document?{VIEW}&{shown}",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == (404 if "document" in address else 200), address
        for header, value in HEADERS.items():
            assert answer.headers[header] == value
        assert not {"etag", "link"} & set(answer.headers)
    rows = rows_of(client.get(f"/api/v1/facts.csv?{VIEW}&{shown}").content)
    assert {row["snapshot"] for row in rows} == {name}
    following = client.get(f"/api/v1/facts?limit=5&{shown}").json()["next"]
    assert client.get(urlsplit(following)._replace(scheme="", netloc="").geturl()).json()["snapshot"] == name


def test_an_error_on_the_way_leads_back_into_it(client: TestClient, shown: str) -> None:
    address = f"/?{shown}&year=1999"
    assert f"/?snapshot={pass_of(shown)}" in layout(client, address)


def test_the_document_has_the_banner(client: TestClient, held: Settings, shown: str) -> None:
    sha256 = Package(held.data_dir).reports()[0].sha256
    held.sources_dir.mkdir(exist_ok=True)
    (held.sources_dir / f"{sha256}.txt").write_text("一、概述\n主动公开 12 件。\n", "utf-8")
    page = client.get(f"/document?{VIEW}&{shown}").text
    assert text("preview.banner", Language.ZH) in page
    assert "王芳" in page
    assert text("preview.banner", Language.ZH) not in client.get(f"/document?{VIEW}").text


@pytest.mark.parametrize("address", ["/?{}", "/data?{}", "/document?{}", "/api/v1/facts?{}", "/api/v1/charts/channels?{}",
                                     "/api/v1/data.zip?{}"])  # fmt: skip
def test_a_wrong_pass_is_answered_as_a_snapshot_that_never_was(
    client: TestClient, name: str, shown: str, address: str
) -> None:
    unknown = client.get(address.format("snapshot=2018-20260101T000000Z-aaaaaaaaaaaa"))
    right = pass_of(shown)
    until = right.split("~")[1]
    others = [right[:-1] + ("0" if right[-1] != "0" else "1"), right.replace(until, str(int(until) + 1)),
              right.replace(name, "2018-20260101T000000Z-aaaaaaaaaaaa"), *(name + each for each in FORGED)]  # fmt: skip
    for asked in (name, *others):
        answer = client.get(address.format(f"snapshot={asked}"))
        malformed = answer.status_code == 400 and "/api/" in address and asked not in (name, *others[:3])
        assert answer.status_code == unknown.status_code == 404 or malformed, asked
        if not malformed:
            assert answer.text.replace(asked[:60], "X") == unknown.text.replace(
                "2018-20260101T000000Z-aaaaaaaaaaaa", "X"
            )
    assert client.get(f"/?snapshot={name}").status_code == 404, "also after it has been opened by its pass"


def test_when_its_time_is_over_a_sentence_says_so(
    client: TestClient, held: Settings, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "HOURS", -1)
    over = urlsplit(previews.address(held, name)).query
    assert client.get(f"/?{over}").status_code == 404
    assert "已过期" in layout(client, f"/?{over}")
    assert "已过期" in client.get(f"/api/v1/facts?{over}").json()["detail"]


def test_other_sites_are_given_nothing_of_it(client: TestClient, held: Settings, name: str, shown: str) -> None:
    asked = pass_of(shown)
    for address in (f"/snapshot/{asked}/embed/channels?{VIEW}&lang=zh", f"/embed/channels?{VIEW}&lang=zh&{shown}"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    embed = f"{held.address}/snapshot/{asked}/embed/channels?{VIEW}"
    described = client.get("/oembed", params={"url": embed})
    assert (described.status_code, described.headers["cache-control"]) == (404, "no-store")
    site = Site(held)
    for wanted in ("embed=channels", "cite=channels", "cite=page"):
        told = str(dialogs.dialog(site, f"/?{shown}#{wanted}").children)
        assert text("preview.not_for_others", Language.ZH) in told
        assert name not in told
    assert "at=" not in str(dialogs.dialog(site, f"/?{shown}#at=line:213").kind)


def test_no_public_answer_leads_to_it(client: TestClient, shown: str) -> None:
    for path in PAGES:
        for answer in (layout(client, f"{path}?{VIEW}"), client.get(path).text):
            assert "~" not in "".join(re.findall(r"snapshot=[^\"&]*", answer))
            assert pass_of(shown) not in answer


def test_the_key_is_for_its_owner_alone_and_served_nowhere(client: TestClient, held: Settings, shown: str) -> None:
    key = held.snapshots_dir / previews.KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    for path in (f"/data/snapshots/{key.name}", f"/snapshots/{key.name}", f"/assets/../data/snapshots/{key.name}"):
        assert client.get(path).status_code == 404


def test_whoever_comes_first_makes_the_key_and_all_use_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        passes = list(pool.map(lambda _: previews.given(tmp_path, "2018-x"), range(40)))
    assert all(previews.read(tmp_path, each) for each in passes)
    assert previews.read(tmp_path / "other", passes[0]) is None
    (tmp_path / previews.KEY).write_bytes(b"half")
    assert previews.read(tmp_path, passes[0]) is None
    assert previews.read(tmp_path, previews.given(tmp_path, "2018-x"))


def test_once_published_its_address_shows_the_published_page(held: Settings, cache: Path, tmp_path: Path) -> None:
    own = replace(held, data_dir=copy_data(tmp_path / "data"))
    build.refresh(own)
    name = prepared(own, "https://example.org/later")
    shown = urlsplit(previews.address(own, name)).query
    with serving(own.data_dir, cache) as client:
        assert text("preview.banner", Language.ZH) in layout(client, f"/?{shown}")
        releases.publish(own, name, Wish())
        told = layout(client, f"/?{shown}")
        assert text("preview.banner", Language.ZH) not in told
        assert f"snapshot={name}" in told
        assert not [each for each in re.findall(r'"(/[^"]*)"', told) if "~" in each]
        assert client.get(f"/?{shown}").headers["cache-control"] == "no-store"


def test_what_was_discarded_is_unknown_to_its_pass_too(held: Settings, cache: Path, tmp_path: Path) -> None:
    own = replace(held, data_dir=copy_data(tmp_path / "data"))
    build.refresh(own)
    name = prepared(own, "https://example.org/never")
    shown = urlsplit(previews.address(own, name)).query
    with serving(own.data_dir, cache) as client:
        assert client.get(f"/?{shown}").status_code == 200
        shutil.rmtree(own.snapshots_dir / name)
        assert client.get(f"/?{shown}").status_code == 404
    assert name not in store.names(own.snapshots_dir)


def test_the_command_line_tells_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copy_data(tmp_path / "data")
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(folder))
    monkeypatch.setenv("GONGKAI_PUBLIC_URL", "https://gongkai.example")
    told = CliRunner().invoke(program, ["refresh", "--preview"]).stdout
    found = re.search(r"https://gongkai\.example/\?snapshot=(\S+)", told)
    assert found
    assert previews.read(folder / "snapshots", found[1])
    assert "~" not in CliRunner().invoke(program, ["refresh"]).stdout
    assert "~" not in CliRunner().invoke(program, ["refresh", "--preview"]).stdout, "what is live needs no preview"
