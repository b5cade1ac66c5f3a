"""Writes a synthetic country as a data folder, a block of bodies at a time, so that memory does not grow with the country.

Every report says in its row that no document stands behind it; the description of the folder says so too. Only an empty
folder is written to, or one that holds such a country already; never the data of the project, nor beside real reports.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dashboard import definitions
from dashboard.demo import country, mistakes, prose, sheets
from dashboard.demo.figures import Column, Figures, Values
from dashboard.demo.mistakes import Kind, Mistake
from dashboard.demo.prose import Statement
from dashboard.demo.sheets import Sheet
from dashboard.messages import UserError
from dashboard.schema import SYNTHETIC, Absence, Body, Report, columns
from dashboard.settings import ROOT
from dashboard.tables import records, writing
from dashboard.tables.package import Package

SEEDED = "seeded.csv"
_BLOCK = 800
_VERSION = "synthetic"
_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Wishes:
    """`errors` is the share of reports that get a mistake, from 0 to 1."""

    bodies: int
    first: int
    last: int
    seed: int
    errors: float = 0.0


@dataclass
class Written:
    """How much was written."""

    bodies: int = 0
    reports: int = 0
    facts: int = 0
    mentions: int = 0
    errors: int = 0


def write(target: Path, wishes: Wishes, tell: Callable[[int, int], None]) -> Written:
    """Raises UserError where the folder is not one for a synthetic country, or cannot be written; `tell` hears how far it is."""
    _refuse(target)
    with writing.sole_writer(target):
        for old in ("facts", "mentions"):
            shutil.rmtree(target / old, ignore_errors=True)
        try:
            for new in ("facts", "mentions"):
                (target / new).mkdir()
            return _Country(target, wishes).write(tell)
        except OSError as error:
            reason = str(error.strerror)
            raise UserError("table.not_writable", file="reports.csv", folder=str(target), reason=reason) from error


def _refuse(target: Path) -> None:
    """Raises UserError where real reports are, or could be meant to be."""
    resolved = target.resolve()
    if (ROOT / "data") in (resolved, *resolved.parents):
        raise UserError("demo.real_folder", folder=str(target))
    for above in resolved.parents:
        if (above / "reports.csv").exists():
            raise UserError("demo.real_folder", folder=str(above))
    if not resolved.exists():
        return
    package = Package(target)
    if any(path.name != writing.LOCK for path in resolved.iterdir()) and not package.is_synthetic:
        raise UserError("demo.folder_not_empty", folder=str(target))
    if any(report.format != SYNTHETIC for report in package.reports()):
        raise UserError("demo.real_folder", folder=str(target))


class _Country:
    """One country being written."""

    def __init__(self, target: Path, wishes: Wishes) -> None:
        self._target, self._wishes = target, wishes
        self._written = Written()

    def write(self, tell: Callable[[int, int], None]) -> Written:
        package, wishes = Package(self._target), self._wishes
        # From now on the folder says what it is, also when this run is cut short.
        (self._target / "reports.csv").write_text(self._head(), "utf-8")
        package.mark_synthetic()
        listed = country.bodies(wishes.bodies, wishes.seed)
        self._written.bodies = len(listed)
        (self._target / "bodies.csv").write_text(records.to_csv(listed, columns(Body)), "utf-8")
        with (
            (self._target / "reports.csv").open("w", encoding="utf-8") as reports,
            (self._target / SEEDED).open("w", encoding="utf-8") as seeded,
        ):
            reports.write(self._head())
            seeded.write(Mistake.header())
            for number, bodies in enumerate(_blocks(listed)):
                block = _Block(self._target, bodies, wishes, number, self._written)
                reports.writelines(block.write())
                seeded.writelines(each.line() for each in block.mistakes)
                tell(min((number + 1) * _BLOCK, len(listed)), len(listed))
        package.write_description()
        return self._written

    def _head(self) -> str:
        return ",".join(columns(Report)) + "\n"


@dataclass
class _Block:
    """Some bodies with all their years. What chance decides follows from seed and block alone."""

    target: Path
    bodies: Sequence[Body]
    wishes: Wishes
    number: int
    written: Written
    mistakes: list[Mistake] = field(default_factory=list)

    def write(self) -> Iterator[str]:
        """The lines of `reports.csv`, by body and year."""
        random = np.random.default_rng([self.wishes.seed, self.number + 1])
        figures = Figures([body.level for body in self.bodies], random)
        compiles = np.array([body.level != "department" for body in self.bodies])
        lines: list[list[str]] = [[] for _ in self.bodies]
        last: Values = {}
        found: list[list[Mistake]] = [[] for _ in self.bodies]
        for year in range(self.wishes.first, self.wishes.last + 1):
            edition = edition_of(year)
            possible = mistakes.kinds(edition, has_last=bool(last))
            kinds = mistakes.drawn(len(self.bodies), self.wishes.errors, possible, random)
            moved = mistakes.moved(kinds, random)
            values = figures.report(edition, year, moved)
            told = prose.statements(edition, values, last, compiles, random)
            more = random.integers(2, 40, (len(self.bodies), 3)).tolist()
            made = _Year(edition, year, sheets.sheet(edition), values, told, moved, random)
            for place, body in enumerate(self.bodies):
                facts, mentions, mistake = made.tables(place, body, more[place], kinds[place])
                self._put(body, year, facts, mentions)
                lines[place].append(_row(body, year, edition, self.wishes.seed))
                found[place] += [mistake] if mistake else []
            last = values
        self.mistakes = [each for of_body in found for each in of_body]
        self.written.errors += len(self.mistakes)
        for of_body in lines:
            yield from of_body

    def _put(self, body: Body, year: int, facts: str, mentions: str) -> None:
        name = f"{body.body}-{year}.csv"
        (self.target / "facts" / name).write_bytes(facts.encode())
        (self.target / "mentions" / name).write_bytes(mentions.encode())
        self.written.reports += 1
        self.written.facts += facts.count("\n") - 1
        self.written.mentions += mentions.count("\n") - 1


class _Year:
    """The reports of some bodies on one year."""

    def __init__(
        self,
        edition: str,
        year: int,
        sheet: Sheet,
        values: Values,
        told: list[Statement],
        moved: Column,
        random: np.random.Generator,
    ) -> None:
        self._edition, self._year, self._sheet, self._told, self._random = edition, year, sheet, told, random
        self._moved = moved
        self._columns = [[sheets.figure(key, value) for value in values[key].tolist()] for key in sheet.keys]
        self._numbers = [values[key] for key in sheet.keys]
        self._said = [
            [
                value if is_told else None
                for value, is_told in zip(each.values.tolist(), each.is_told.tolist(), strict=True)
            ]
            for each in told
        ]

    def tables(self, place: int, body: Body, more: Sequence[int], kind: Kind | None) -> tuple[str, str, Mistake | None]:
        """The facts and the mentions of one report as CSV, and what is wrong with them on purpose."""
        figures = [column[place] for column in self._columns]
        stated = [column[place] for column in self._said]
        mistake = None
        if kind in (Kind.CELL, Kind.BLANK):
            table, mistake = self._wrong_cell(place, body, figures, kind)
        else:
            table = self._sheet.text(figures)
        if kind in (Kind.TEXT, Kind.GROWTH):
            mistake = self._wrong_statement(body, stated, kind)
        if kind is Kind.CARRIED:
            mistake = self._carried(place, body)
        listed = sheets.said(self._told, stated)
        return sheets.facts(table, listed), sheets.mentions(listed, more), mistake

    def _wrong_cell(self, place: int, body: Body, figures: list[str], kind: Kind) -> tuple[str, Mistake]:
        which = mistakes.cell(self._edition, self._random)
        key, right = self._sheet.keys[which], figures[which]
        lines = [self._sheet.line(number, figure) for number, figure in enumerate(figures)]
        printed, rules = "", "completeness.blank"
        if kind is Kind.CELL:
            value = mistakes.slipped(int(self._numbers[which][place]), self._random)
            printed, rules = sheets.figure(key, value), mistakes.rules_of(self._edition, key)
            lines[which] = self._sheet.line(which, printed)
        else:
            lines[which] = self._sheet.line(which, "", Absence.BLANK)
        return "".join(lines), Mistake(
            body.body, self._year, kind, rules, key.indicator, "all", key.applicant, "value",
            self._sheet.places[which], printed, right,
        )  # fmt: skip

    def _wrong_statement(self, body: Body, stated: list[int | None], kind: Kind) -> Mistake | None:
        """Changes `stated`; None where the report states nothing of the kind."""
        which = mistakes.statement_of(kind, self._told, stated)
        value = stated[which] if which >= 0 else None
        if value is None:
            return None
        [right] = [each for each in sheets.said(self._told, stated)[which : which + 1] if each]
        stated[which] = mistakes.restated(kind, value, self._random)
        [wrong] = [each for each in sheets.said(self._told, stated)[which : which + 1] if each]
        told = self._told[which]
        rule = "series.growth" if kind is Kind.GROWTH else "text.table"
        return Mistake(
            body.body, self._year, kind, rule, told.indicator, told.segment, "", told.measure, wrong.locator,
            wrong.as_printed, right.as_printed,
        )  # fmt: skip

    def _carried(self, place: int, body: Body) -> Mistake:
        which = next(
            number for number, key in enumerate(self._sheet.keys)
            if (key.indicator, key.applicant) == ("requests.carried_in", "natural_person")
        )  # fmt: skip
        right = str(int(self._numbers[which][place]) - int(self._moved[place]))
        return Mistake(
            body.body, self._year, Kind.CARRIED, "series.carried", "requests.carried_in", "all", "natural_person",
            "value", self._sheet.places[which], self._columns[which][place], right,
        )  # fmt: skip


def edition_of(year: int) -> str:
    """The edition in force; empty for the years before there was a form."""
    found = [each.edition for each in definitions.forms().values() if each.first_year <= year <= each.last_year]
    return found[0] if found else ""


def _blocks(bodies: Sequence[Body]) -> Iterator[Sequence[Body]]:
    for start in range(0, len(bodies), _BLOCK):
        yield bodies[start : start + _BLOCK]


def _row(body: Body, year: int, edition: str, seed: int) -> str:
    digest = hashlib.sha256(f"synthetic {seed} {body.body} {year}".encode()).hexdigest()
    # By the date the law sets: departments by the end of January since the report on 2019, the others by March.
    day = f"{year + 1}-01-{10 + int(digest[:2], 16) % 20}"
    name = body.name
    return (
        f"{body.body},{year},{edition},{name}{year}年政府信息公开工作年度报告（合成数据 synthetic data）,"
        f"{name}政务公开办公室,{day},{year}-01-01,{year}-12-31,,,,{SYNTHETIC},{digest},{_VERSION}\n"
    )
