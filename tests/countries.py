"""Small made-up countries with known holes and faults, for tests of series and of comparison."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dashboard import demo, settings
from dashboard.snapshots import build
from dashboard.snapshots.store import Snapshot


def country(folder: Path, bodies: int, first: int, last: int) -> Snapshot:
    """A published snapshot of a country with the holes of `taken_away`."""
    data = folder / "data"
    demo.write(data, demo.Wishes(bodies=bodies, first=first, last=last, seed=3), lambda _done, _total: None)
    taken_away(data)
    return build.refresh(replace(settings.load({}), data_dir=data))


def taken_away(data: Path) -> None:
    """The county 900101 has no report of 2017, an empty ground of refusal in 2020, and carries 7 too many into 2022.

    The county 900102 states a growth of requests in 2020 that its reports do not have.
    """
    for name in ("facts", "mentions"):
        (data / name / "900101-2017.csv").unlink()
    reports = data / "reports.csv"
    lines = reports.read_text("utf-8").splitlines(keepends=True)
    reports.write_text("".join(line for line in lines if not line.startswith("900101,2017,")), "utf-8")
    change(data, "900101-2020", _is("requests.outcome.refused.privacy", "requests.outcome.refused.third_party"), _blank)
    change(data, "900101-2022", _is("requests.carried_in"), _more(7))
    change(
        data, "900102-2020", lambda row: row["indicator"] == "requests.received" and row["measure"] == "yoy_rate", _rate
    )


def change(
    data: Path, name: str, is_meant: Callable[[dict[str, str]], bool], make: Callable[[dict[str, str]], None]
) -> None:
    path = data / "facts" / f"{name}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    meant = [row for row in rows if is_meant(row)]
    assert meant, f"{name} holds nothing of the kind"
    for row in meant:
        make(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _is(*codes: str) -> Callable[[dict[str, str]], bool]:
    return lambda row: row["indicator"] in codes and row["applicant"] in ("", "total") and row["measure"] == "value"


def _blank(row: dict[str, str]) -> None:
    row |= {"value": "", "absence": "blank", "as_printed": ""}


def _more(by: int) -> Callable[[dict[str, str]], None]:
    def make(row: dict[str, str]) -> None:
        value = str(int(row["value"]) + by)
        row |= {"value": value, "as_printed": value}

    return make


def _rate(row: dict[str, str]) -> None:
    printed = re.sub(r"[\d.]+%", "77.7%", row["as_printed"])
    row |= {"value": "0.777", "as_printed": printed}
