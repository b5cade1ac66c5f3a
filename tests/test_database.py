"""A snapshot asked of a real PostgreSQL server answers as its files do; the server is brought in line by publishing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
import pytest

from dashboard import demo, settings
from dashboard.charts import CHARTS, Filters, draw
from dashboard.measures import findings as found
from dashboard.measures import overview
from dashboard.messages import Language, UserError
from dashboard.settings import Settings
from dashboard.site import Site
from dashboard.snapshots import build, correcting, pointer, releases, servers
from dashboard.snapshots.engine import Engine
from dashboard.snapshots.engine_server import ServerEngine
from dashboard.snapshots.engine_translation import bound, said
from dashboard.snapshots.releases import Wish
from dashboard.snapshots.store import Live, Snapshot
from dashboard.tables import corrections
from dashboard.tables.rows import records_of
from tests import database_server
from tests.conftest import copy_data
from tests.folders import change_cells

# One server and its snapshots for all that is asked of them.
WISH = Wish("somebody", "a reason")


@dataclass(frozen=True)
class Held:
    """A snapshot by its files, and the same by the server."""

    files: Snapshot
    server: Snapshot
    reports: tuple[tuple[str, int], ...]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with database_server.running() as told:
        yield told


@pytest.fixture(scope="module", params=["real", "country"])
def held(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, address: str) -> Held:
    folder = tmp_path_factory.mktemp(request.param) / "data"
    if request.param == "real":
        copy_data(folder)
        wish = corrections.Wish("677", "", "两位数字颠倒 100%", 'an "official\'s" letter', "李明")
        correcting.give(folder, folder, "640000", 2018, corrections.Chosen("disclosure.normative"), wish)
    else:
        demo.write(folder, demo.Wishes(5, 2018, 2021, seed=5, errors=0.5), lambda _done, _total: None)
    files = build.refresh(settings_of(folder, address))
    server = replace(files, engine=ServerEngine(address, files.name), folder=files.folder / "of the server")
    reports = [(str(body), int(year)) for body, year, *_ in files.engine.rows("reports")]
    return Held(files, server, tuple(reports[:4] + reports[-1:]))


def settings_of(folder: Path, address: str) -> Settings:
    return replace(settings.load({}), data_dir=folder, database=address)


Question = Callable[[Engine, str, int], Any]
# Of every kind of question at least one; what is asked without an order is sorted.
QUESTIONS: dict[str, list[Question]] = {
    "rows": [lambda e, b, y, t=t: e.rows(t) for t in ("bodies", "names", "reports", "findings", "corrections")],  # type: ignore[misc]  # mypy asks for the type of a default
    "found": [
        lambda e, b, y, w=w: [e.found(w, 12), e.found(w, 3, {"level": "province", "reports": 1})]  # type: ignore[misc]  # mypy asks for the type of a default
        for w in ("宁", "n", "nx", "sheng", "厅", "64", "%", "'")
    ],
    "told": [
        lambda e, b, y: [e.told("数", b, 5), e.told("%", b, 5)],
        lambda e, b, y: len(e.told("数", b, 5, of_others=True)),  # any of them
    ],
    "found_nearly": [
        lambda e, b, y, w=w: e.found_nearly(w, 12, {"reports": 1})  # type: ignore[misc]  # mypy asks for the type of a default
        for w in ("宁夏会族自治区", "ningxoa", "nignxia", "x", "")
    ],
    "listing_of": [lambda e, b, y: e.listing_of([b, "000000"]), lambda e, b, y: e.listing_of([])],
    "above": [lambda e, b, y: e.above([b, "", "000000"])],
    "below": [lambda e, b, y: e.below("", 5), lambda e, b, y: e.below(b, 2, 1)],
    "bodies": [lambda e, b, y: e.bodies()],
    "years": [lambda e, b, y: e.years(b)],
    "newest": [lambda e, b, y: e.newest()],
    "filed": [lambda e, b, y: e.filed().sort_values(["body", "year"])],
    "body": [lambda e, b, y: e.body(b), lambda e, b, y: e.body("000000")],
    "report": [lambda e, b, y: e.report(b, y)],
    "facts": [
        lambda e, b, y: e.facts(b, [y - 1, y]),
        lambda e, b, y: e.facts(b, [y], ["disclosure.total", "disclosure.normative"]),
    ],
    "reported": [lambda e, b, y: e.reported(b, y)],
    "corrected": [lambda e, b, y: e.corrected(b, y)],
    "mentions": [lambda e, b, y: e.mentions(b, y)],
    "findings": [lambda e, b, y: e.findings(b, y)],
    "named": [lambda e, b, y: e.named(list(e.findings(b, y)["id"])[:9])],
    "problems": [lambda e, b, y: e.problems(7)],
    "evidence": [lambda e, b, y: e.evidence(list(e.problems(7)["id"]))],
    "failing_at": [lambda e, b, y: e.failing_at(b, y).sort_values(["locator", "finding"])],
    "reports_of": [lambda e, b, y: e.reports_of([b, "000000"])],
    "figures_of": [
        lambda e, b, y: e.figures_of([b], ["requests.received", "disclosure.total"]),
        lambda e, b, y: e.figures_of([b], ["requests.received"], [y]),
        lambda e, b, y: e.figures_of([], [], [y]),
    ],
    "sums_beside": [
        lambda e, b, y, p=parts, w=base: e.sums_beside(b, y, e.report(b, y)["edition"].iloc[0], p, w)  # type: ignore[misc]  # mypy asks for the type of a default
        for parts, base in (
            (["requests.received"], []), (["review.corrected"], ["review.total"]), (["requests.carried_in", "x"], []), ([], [])
        )
    ],
    "failing_of": [lambda e, b, y: e.failing_of([b, "000000"], [y, y - 1]).sort_values(["year", "locator"])],
    "rates_of": [lambda e, b, y: e.rates_of(b)],
    "beside": [lambda e, b, y: e.beside(b, 3)],
    "parts_of": [lambda e, b, y: e.parts_of(b), lambda e, b, y: e.parts_of("000000")],
    "titles": [lambda e, b, y: e.titles([b, "000000"]).sort_values("year")],
    "whole": [lambda e, b, y, t=t: list(e.whole(t, b)) for t in ("bodies", "facts", "mentions", "evidence")],  # type: ignore[misc]  # mypy asks for the type of a default
    "listed": [
        lambda e, b, y, t=t: [  # type: ignore[misc]  # mypy asks for the type of a default
            e.listed(t, {"body": b}, [], 9, 2), e.listed(t, {}, [f"-{e.list_columns(t)[-1]}", "body"], 9, 0)
        ]
        for t in ("bodies", "reports", "facts", "mentions", "findings", "corrections")
    ] + [lambda e, b, y: e.listed("facts", {"edition": "2014", "level": "province"}, ["-value", "unit"], 20, 0)],
    "count": [
        lambda e, b, y: e.count("findings", {"verdict": "fails", "parent": ""}),
        lambda e, b, y: e.count("bodies", {"level": "province"}),
    ],
}  # fmt: skip
ANSWERED_ALIKE = {"ask", "ask_apart", "stream", "close", "list_columns"}


def same(one: Any) -> Any:
    """Values with their types, whatever holds them."""
    if isinstance(one, pd.DataFrame):
        return [list(one.columns), [same(row) for row in records_of(one)]]
    if isinstance(one, dict):
        return {key: same(value) for key, value in one.items()}
    if isinstance(one, list | tuple):
        return [same(each) for each in one]
    return type(one), str(one)


def test_there_is_an_example_of_every_question() -> None:
    asked = {name for name in dir(Engine) if not name.startswith("_")}
    assert set(QUESTIONS) == asked - ANSWERED_ALIKE


def test_every_question_has_the_same_answer_on_both(held: Held) -> None:
    for name, questions in QUESTIONS.items():
        for question in questions:
            for body, year in held.reports[-2:]:
                expected = question(held.files.engine, body, year)
                assert same(question(held.server.engine, body, year)) == same(expected), name


@pytest.mark.parametrize("chart", CHARTS)
def test_every_measure_is_equal_on_both(held: Held, chart: str) -> None:
    for body, year in held.reports:
        measured = [CHARTS[chart].measure(each.engine, body, year) for each in (held.files, held.server)]
        assert same(measured[0]) == same(measured[1])


def test_every_chart_tells_the_same_on_both(held: Held) -> None:
    body, year = held.reports[0]
    language = Language.EN if held.files.manifest.synthetic else Language.ZH
    for chart in CHARTS:
        drawn = [draw(each, chart, Filters(body, year, language=language)) for each in (held.files, held.server)]
        assert drawn[0].rows == drawn[1].rows
        assert drawn[0].headline == drawn[1].headline


def test_key_figures_and_what_the_checks_found_are_equal_on_both(held: Held) -> None:
    for body, year in held.reports:
        served, read = (overview.key_figures(each.engine, body, year) for each in (held.server, held.files))
        for table in ("values", "rates", "shares"):
            assert same(getattr(served, table)) == same(getattr(read, table))
        assert found.of_report(held.server.engine, body, year) == found.of_report(held.files.engine, body, year)


def test_values_are_bound_and_never_part_of_the_query(held: Held) -> None:
    hostile = "640000'; DROP SCHEMA public; --"
    assert held.server.engine.body(hostile).empty
    assert held.server.engine.found(hostile, 5) == []
    assert said("SELECT body FROM bodies WHERE level = ? AND list_contains(?, body) LIMIT ?", 'of "one"') == (
        'SELECT body FROM "of ""one""".bodies WHERE level = %(1)s AND body = ANY(%(2)s) LIMIT %(3)s'
    )
    assert bound([hostile, 3]) == {"1": hostile, "2": 3}


def test_the_server_is_only_ever_read(held: Held) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        held.server.engine.ask("CREATE TABLE held.more AS SELECT 1 AS one")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, address: str) -> Settings:
    """Two publications of a folder without and then with the server."""
    return settings_of(copy_data(tmp_path_factory.mktemp("published") / "data"), address)


def schemas(address: str) -> set[str]:
    with closing(psycopg.connect(address)) as connection:
        rows = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'gongkai%'").fetchall()
    return {str(row[0]) for row in rows}


def test_publishing_loads_first_and_pruning_takes_away(published: Settings) -> None:
    folder, address = published.snapshots_dir, published.database
    first = build.refresh(replace(published, database="")).name
    with pytest.raises(UserError) as refused:
        Live(folder, address).snapshot()
    assert refused.value.message_id == "database.not_loaded"
    build.ensure(published)  # what a server does before it serves
    live = Live(folder, address)
    assert isinstance(live.snapshot().engine, ServerEngine)
    change_cells(published.data_dir / "bodies.csv", 2, {"name_en": "Ningxia, renamed"})
    second = build.refresh(published, WISH).name
    assert live.snapshot().name == second != first
    assert live.snapshot().engine.body("640000")["name_en"].iloc[0] == "Ningxia, renamed"
    assert {f"gongkai_{first}", f"gongkai_{second}"} <= schemas(address)
    releases.rollback(published, None, WISH)
    assert live.snapshot().engine.body("640000")["name_en"].iloc[0] != "Ningxia, renamed"
    change_cells(published.data_dir / "bodies.csv", 2, {"name_en": "Ningxia, once more"})
    third = build.refresh(published, WISH).name
    assert releases.prune(published, 1, WISH, grace=0) == [second]
    assert schemas(address) & {f"gongkai_{each}" for each in (first, second, third)} == {
        f"gongkai_{first}", f"gongkai_{third}",
    }  # fmt: skip


def test_what_the_server_does_not_take_is_not_published_and_what_was_live_stays(
    published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.snapshots import engine_loading

    build.ensure(published)
    before, there = pointer.read(published.snapshots_dir), schemas(published.database)
    change_cells(published.data_dir / "bodies.csv", 2, {"name_en": "Ningxia, not taken"})
    monkeypatch.setitem(engine_loading._INDEXES, "evidence", ("no_such_column",))
    with pytest.raises(UserError) as refused:
        build.refresh(published, WISH)
    assert refused.value.message_id == "database.not_taken"
    assert pointer.read(published.snapshots_dir) == before
    assert schemas(published.database) == there


@pytest.mark.parametrize("language", list(Language))
def test_a_server_that_cannot_be_reached_is_told_without_the_password(
    published: Settings, language: Language, caplog: pytest.LogCaptureFixture
) -> None:
    away = "postgresql://gongkai:opensesame@127.0.0.1:1/gongkai"
    before = pointer.read(published.snapshots_dir)
    with caplog.at_level(logging.DEBUG), pytest.raises(UserError) as refused:
        servers.load(away, published.snapshots_dir, before.snapshot if before else "")
    told = refused.value.say(language)
    assert "127.0.0.1:1/gongkai" in told
    assert "opensesame" not in told + caplog.text
    assert pointer.read(published.snapshots_dir) == before


def test_no_setting_shows_a_password() -> None:
    address = "postgresql://gongkai:opensesame@db.example.cn/gongkai?sslpassword=opensesame"
    assert "opensesame" not in str(settings.table(settings.load({"GONGKAI_DATABASE": address})))
    with pytest.raises(UserError) as refused:
        settings.load({"GONGKAI_DATABASE": f"mysql{address[10:]}"})
    assert "opensesame" not in refused.value.say(Language.EN)


def test_what_the_server_no_longer_holds_is_told_to_readers_without_its_name(published: Settings) -> None:
    build.ensure(published)
    site = Site(published)
    assert site.view("/", "?body=640000&year=2018").filters.year == 2018
    servers.drop(published.database, [site.snapshot().name])
    with pytest.raises(UserError) as refused:
        site.view("/", "?body=640000&year=2018&lang=en")
    assert refused.value.message_id == "database.no_answer"
    assert "gongkai" not in refused.value.say(Language.EN)
