"""Invented reports that are narrative only, each with the facts and mentions a person found in it.

`<edition>-<name>.txt` is the document, `.facts.csv` and `.mentions.csv` what is to be read from it, in its order.
The columns are those a reader can check against the sentence; places are held against the text by the tests.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dashboard.documents import txt
from dashboard.documents.document import Document
from dashboard.forms import narrative, titles
from dashboard.forms.narrative import Narrative
from dashboard.forms.wording import Setting

FOLDER = Path(__file__).parent
FACT = ("indicator", "segment", "applicant", "measure", "value", "unit")
MENTION = ("value", "unit", "bound", "measure", "indicator")

Row = tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """One document and what is expected of it."""

    name: str

    @property
    def edition(self) -> str:
        return self.name.partition("-")[0]

    def document(self) -> Document:
        return txt.read((FOLDER / f"{self.name}.txt").read_bytes())

    def expected(self, kind: str) -> list[Row]:
        """The rows of `facts` or `mentions` as a person wrote them."""
        with (FOLDER / f"{self.name}.{kind}.csv").open(encoding="utf-8", newline="") as file:
            return [tuple(row) for row in csv.reader(file)][1:]

    def read(self) -> Narrative:
        return narrative.read(self.document(), self._setting())

    def found(self, kind: str) -> list[Row]:
        """The rows of `facts` or `mentions` as the program reads them."""
        reading = self.read()
        if kind == "facts":
            return [tuple(_printed(getattr(fact, column)) for column in FACT) for fact in reading.facts]
        return [tuple(_printed(getattr(mention, column)) for column in MENTION) for mention in reading.mentions]

    def _setting(self) -> Setting:
        document = self.document()
        title = titles.title(document)
        if title is None:
            raise ValueError(f"{self.name} has no title")
        year = int(titles.YEAR.findall(title.text)[0])
        is_compiled = "汇总" in titles.preamble(document)
        return Setting(year=year, name=titles.body_words(title.text), is_compiled=is_compiled)


@cache
def reports() -> tuple[Report, ...]:
    return tuple(Report(path.stem) for path in sorted(FOLDER.glob("*.txt")))


def _printed(value: object) -> str:
    return f"{value:f}" if hasattr(value, "as_tuple") else str(value)
