"""The named reports of the tests: described in `<edition>/<name>.toml`, kept beside it in every format, with what they say.

A report's figures stand in its description as they are printed. `<name>.csv` holds what they mean; it is written from the
description, without the program's readers, and was compared with the printed tables row by row.
"""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from dashboard.schema import Absence, Body
from tests.documents import printed, templates
from tests.documents.description import Description, Dress, Figures, Style
from tests.documents.printed import Key, Meaning

HERE = Path(__file__).parent
_COLUMNS = ("indicator", "applicant", "value", "unit", "absence", "as_printed")


@dataclass(frozen=True)
class Named:
    """One report and its files, which differ in their ending only."""

    source: Path

    def __str__(self) -> str:
        return f"{self.edition}/{self.source.stem}"

    @property
    def edition(self) -> str:
        return self.source.parent.name

    def file(self, suffix: str) -> Path:
        return self.source.with_suffix(suffix)

    @cached_property
    def report(self) -> Description:
        told = tomllib.loads(self.source.read_text("utf-8"))
        return Description(
            self.edition, told["year"], told["body"], _figures(self.edition, told["figures"], told.get("requests", {})),
            prose=tuple(told["prose"]), closing=tuple(told.get("closing", ())),
            style=Style(**told.get("style", {})), dress=Dress(**told.get("dress", {})),
        )  # fmt: skip

    @property
    def body(self) -> Body:
        return Body("990100", self.report.body, "", "county")

    def expected(self) -> dict[Key, Meaning]:
        """What `<name>.csv` holds."""
        with self.file(".csv").open(encoding="utf-8", newline="") as file:
            return {
                (row["indicator"], row["applicant"]): Meaning(
                    Decimal(row["value"]) if row["value"] else None,
                    row["unit"],
                    Absence(row["absence"]) if row["absence"] else None,
                    row["as_printed"],
                )
                for row in csv.DictReader(file)
            }


def reports() -> list[Named]:
    return [Named(path) for path in sorted(HERE.glob("*/*.toml"))]


def as_csv(report: Description) -> str:
    """What the report's tables say, in the order of the form."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for (code, applicant), meaning in printed.expected(report).items():
        value = "" if meaning.value is None else f"{meaning.value.normalize():f}"
        rows.writerow([code, applicant, value, meaning.unit, meaning.absence or "", meaning.as_printed])
    return out.getvalue()


def _figures(edition: str, single: dict[str, str], requests: dict[str, list[str]]) -> Figures:
    """In the order of the form. Raises KeyError where one is not described, ValueError for one too many."""
    table = {
        (code, who): text for code, row in requests.items() for who, text in zip(templates.APPLICANTS, row, strict=True)
    }
    told = {(code, ""): text for code, text in single.items()} | table
    keys = templates.keys(edition)
    if strangers := set(told) - set(keys):
        raise ValueError(f"not on the form of {edition}: {sorted(strangers)}")
    return {key: told[key] for key in keys}
