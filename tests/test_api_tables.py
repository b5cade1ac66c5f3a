"""The API's tables and its data package: filters, order, pages, and no cell that runs."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from frictionless import Package as DataPackage
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st
from starlette.testclient import TestClient

from dashboard.api import defused
from dashboard.api.package import Packages
from dashboard.api.tables import TABLES
from dashboard.snapshots.store import Snapshot
from dashboard.tables.package import Package
from dashboard.tables.rows import records_of
from tests.conftest import copy_data
from tests.programs import path_of, problem, republished, rows_of, serving, sheets_of


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_the_same_as_json_csv_and_workbook(api: TestClient, table: str) -> None:
    listed = api.get(f"/api/v1/{table}?limit=1000").json()
    rows = rows_of(api.get(f"/api/v1/{table}.csv").content)
    head, *lines = sheets_of(api.get(f"/api/v1/{table}.xlsx").content)[0]
    assert len(listed["items"]) == len(rows) == len(lines) == listed["total"]
    assert rows or table == "corrections", (
        "the committed data holds no correction; tests/test_corrections.py gives some"
    )
    for item, row, line in zip(listed["items"], rows, lines, strict=True):
        for place, (name, value) in enumerate(item.items()):
            assert head[place] == name
            told = "" if value is None else str(value).lower() if isinstance(value, bool) else value
            told = " ".join(map(str, told)) if isinstance(told, list) else str(told)
            assert row[name].removeprefix("'") == told.removeprefix("'")
            if line[place:] and isinstance(line[place], Decimal):
                assert line[place] == Decimal(told)
        assert row["snapshot"] == listed["snapshot"] and row["licence"] == "CC BY 4.0"


def test_a_whole_report_fits_in_one_download(api: TestClient) -> None:
    for name, count in (("facts", 115), ("mentions", 214)):
        assert len(rows_of(api.get(f"/api/v1/{name}.csv?body=640000&year=2018&theme=dark").content)) == count


def test_values_are_exact_texts_and_what_is_missing_is_null(api: TestClient, snapshot: Snapshot) -> None:
    items = api.get("/api/v1/facts?limit=1000").json()["items"]
    facts = {(row["locator"], row["indicator"]): row for row in records_of(snapshot.engine.facts("640000", [2018]))}
    for item in items:
        value = facts[item["locator"], item["indicator"]]["value"]
        assert item["value"] == (None if value is None else f"{value:f}")
        assert (item["value"] is None) == (item["absence"] is not None)


@pytest.mark.parametrize(
    ("table", "where"),
    [("facts", {"indicator": "disclosure.total"}), ("facts", {"segment": "departments"}), ("facts", {"measure": "share"}),
     ("mentions", {"measure": "yoy_rate"}), ("findings", {"verdict": "fails"}), ("findings", {"severity": "error"}),
     ("findings", {"rule": "sum.items"}), ("indicators", {"parent": "disclosure.total"}), ("bodies", {"level": "province"}),
     ("facts", {"body": "640000", "year": "2018", "segment": "own"})],
)  # fmt: skip
def test_a_filter_keeps_what_has_the_value_and_nothing_else(api: TestClient, table: str, where: dict[str, str]) -> None:
    if where.get("rule"):
        where = {"rule": api.get("/api/v1/findings?limit=1").json()["items"][0]["rule"]}
    every = api.get(f"/api/v1/{table}?limit=1000").json()["items"]
    kept = api.get(f"/api/v1/{table}", params={**where, "limit": 1000}).json()
    wanted = [item for item in every if all(str(item[name]) == value for name, value in where.items())]
    assert kept["items"] == wanted
    assert kept["total"] == len(wanted) > 0


@pytest.mark.parametrize(
    ("where", "is_any"), [({"edition": "2014"}, True), ({"edition": "2021"}, False), ({"level": "province"}, True),
                          ({"level": "county"}, False), ({"parent": "640000"}, False)]
)  # fmt: skip
def test_rows_are_filtered_by_their_report_and_its_body(api: TestClient, where: dict[str, str], is_any: bool) -> None:
    for table in ("reports", "facts", "mentions", "findings"):
        assert (api.get(f"/api/v1/{table}", params=where).json()["total"] > 0) is is_any


@bounded(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.sampled_from(["facts", "mentions", "findings", "indicators", "charts"]),
    limit=st.integers(13, 150),
    seed=st.integers(0, 5),
)
def test_pages_are_a_partition_of_the_whole(api: TestClient, table: str, limit: int, seed: int) -> None:
    names = [name for name in TABLES[table].columns if name not in TABLES[table].unsorted]
    sort = ["", names[0], f"-{names[-1]}", f"{names[1]},-{names[0]}", f"-{names[2]}", ",".join(names[:3])][seed]
    asked = {"sort": sort} if sort else {}
    whole = api.get(f"/api/v1/{table}", params={**asked, "limit": 1000}).json()
    following, pages = f"/api/v1/{table}?{urlencode({**asked, 'limit': limit})}", []
    while following:
        page = api.get(following).json()
        assert len(page["items"]) == limit or page["next"] is None
        pages += page["items"]
        following = path_of(page["next"]) if page["next"] else ""
    assert pages == whole["items"]
    assert len(pages) == whole["total"]


def test_a_walk_through_pages_stays_on_its_data(tmp_path: Path, cache: Path) -> None:
    data = copy_data(tmp_path / "data")
    with serving(data, cache) as client:
        first = client.get("/api/v1/facts?limit=100").json()
        republished(data, "https://example.org")
        second = client.get(path_of(first["next"])).json()
        assert second["snapshot"] == first["snapshot"] != client.get("/api/v1/facts").json()["snapshot"]


@pytest.mark.parametrize("sort", ["value", "-value", "indicator,-value", "-segment,indicator"])
def test_rows_come_in_the_order_asked_for(api: TestClient, sort: str) -> None:
    items = api.get("/api/v1/facts", params={"sort": sort, "limit": 1000}).json()["items"]

    def before(one: dict[str, Any], other: dict[str, Any]) -> bool:
        for name in sort.split(","):
            key = name.removeprefix("-")
            left, right = ((Decimal(each[key]) if key == "value" and each[key] else each[key]) for each in (one, other))
            if left == right:
                continue
            if left is None or right is None:
                return right is None
            return bool(left > right) if name.startswith("-") else bool(left < right)
        return True

    assert all(before(one, other) for one, other in pairwise(items))
    assert len(items) == 115


def test_the_limit_is_that_of_the_format(api: TestClient) -> None:
    assert len(api.get("/api/v1/facts").json()["items"]) == 100
    assert api.get("/api/v1/facts?limit=1001").status_code == 400
    assert api.get("/api/v1/facts.csv?limit=10000").status_code == 200
    assert api.get("/api/v1/facts.csv?limit=10001").status_code == 400
    assert api.get("/api/v1/facts?limit=10000", headers={"Accept": "text/csv"}).status_code == 200


def test_the_package_is_valid_and_holds_the_snapshot(api: TestClient, snapshot: Snapshot, tmp_path: Path) -> None:
    content = api.get("/api/v1/data.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.md", "bodies.csv", "datapackage.json", "facts", "mentions", "reports.csv",
    ]  # fmt: skip
    report = DataPackage(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["path", "message"])
    described = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert described["version"] == snapshot.name and described["licenses"][0]["name"] == "CC-BY-4.0"
    for text in (snapshot.name, snapshot.manifest.built[:10], "CC BY 4.0"):
        assert text in (tmp_path / "README.md").read_text("utf-8")
    facts = rows_of((tmp_path / "facts" / "640000-2018.csv").read_bytes())
    listed = api.get("/api/v1/facts?limit=1000").json()["items"]
    assert [row["value"] for row in facts] == [item["value"] or "" for item in listed]
    mentions = rows_of((tmp_path / "mentions" / "640000-2018.csv").read_bytes())
    assert len(mentions) == snapshot.manifest.mentions


def test_the_package_is_the_snapshots_not_the_folders(tmp_path: Path, cache: Path) -> None:
    data = copy_data(tmp_path / "data")
    with serving(data, cache) as client:
        (data / "facts" / "640000-2018.csv").write_text("spoilt", "utf-8")
        with zipfile.ZipFile(io.BytesIO(client.get("/api/v1/data.zip").content)) as archive:
            assert "disclosure.total" in archive.read("facts/640000-2018.csv").decode("utf-8")


def test_a_package_is_made_once_and_old_ones_go(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from dashboard.api import package

    made: list[str] = []
    write = package.write
    monkeypatch.setattr(package, "write", lambda file, held, base: (made.append(held.name), write(file, held, base)))
    both = [Packages(tmp_path, "https://x.cn"), Packages(tmp_path, "https://x.cn")]
    with ThreadPoolExecutor(6) as pool:
        opened = list(pool.map(lambda place: both[place % 2].open(snapshot), range(6)))
    assert made == [snapshot.name], "two servers with one folder, as two processes are"
    assert len({file.read() for _, file in opened}) == 1
    for number in range(5):
        both[0].open(replace(snapshot, name=f"2018-2026010{number}T000000Z-{'a' * 12}"))[1].close()
    assert len(list(tmp_path.glob("*.zip"))) == 3
    assert list(tmp_path.glob("*.part")) == []


def test_without_room_for_the_package_the_reason_is_told(published: Path, tmp_path: Path) -> None:
    (tmp_path / "packages").write_text("a file where a folder would be", "utf-8")
    with serving(published, tmp_path) as client:
        assert "one by one" in problem(client.get("/api/v1/data.zip?lang=en"))["detail"]


@given(st.text(max_size=30))
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    safe = defused(cell)
    assert safe[:1] not in ("=", "+", "@", "\t", "\r", "＝", "＋", "＠")
    assert safe in (cell, f"'{cell}")


@pytest.mark.parametrize(
    ("cell", "safe"),
    [("-0.05", "-0.05"), ("-1+1", "'-1+1"), ("=1", "'=1"), ("70.67 万条", "70.67 万条"), ("-7.82%", "-7.82%"), ("-", "-"),
     ("－7.82％", "－7.82％"), ("-cmd", "'-cmd"), ("＝1+1", "'＝1+1"), (" =1", "' =1"), ("－A1", "'－A1"), ("\t=1", "'\t=1")],
)  # fmt: skip
def test_numbers_stay_numbers(cell: str, safe: str) -> None:
    assert defused(cell) == safe


def test_formulas_in_a_report_are_text_in_every_format(tmp_path: Path, cache: Path) -> None:
    data = copy_data(tmp_path / "data")
    package = Package(data)
    [report] = package.reports()
    bad = '=HYPERLINK("http://x.cn","a")'
    first, *mentions = package.mentions("640000", 2018)
    package.write(
        replace(report, title=bad),
        package.facts("640000", 2018),
        [replace(first, counts=bad, section="@SUM(1)"), *mentions],
    )
    with serving(data, cache) as client:
        for path in ("mentions", "reports", "charts/channels"):
            content = client.get(f"/api/v1/{path}.csv").content
            assert not [cell for row in rows_of(content) for cell in row.values() if cell[:1] in ("=", "@")]
        figures, _ = sheets_of(client.get("/api/v1/mentions.xlsx").content)
        assert bad in figures[1]
        with zipfile.ZipFile(io.BytesIO(client.get("/api/v1/mentions.xlsx").content)) as book:
            assert not [name for name in book.namelist() if "externalLink" in name or name.endswith("sheet1.xml.rels")]
