"""What the bodies of a synthetic country report: every cell of an edition's form, for many bodies at a time.

Levels, growth and chance in, whole numbers out that keep every sum the form promises and go on from year to year.
Amounts of money are in hundredths of their unit. Missing figures there are none: who wants some takes them away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dashboard import definitions
from dashboard.checks.identities import TOTAL, CellKey
from dashboard.demo.country import LEVELS

Column = np.ndarray[Any, Any]
Values = dict[CellKey, Column]
APPLICANTS = {"natural_person": 0.72, "business": 0.19, "research": 0.01, "social": 0.02, "legal_service": 0.03,
              "other_org": 0.03}  # fmt: skip
MONEY = frozenset(["fees.collected", "capacity.budget", "charges.amount", "procurement.amount"])
_SIZES = {"province": 30.0, "prefecture": 8.0, "county": 2.5, "department": 1.0}
_REQUESTS, _FIRST_YEAR = 6.0, 2008
# How much a department of usual size reports of each kind in a year; larger bodies in proportion.
_USUAL = {
    "disclosure.channel.gazette": 15, "disclosure.channel.website": 900, "disclosure.channel.weibo": 160,
    "disclosure.channel.wechat": 240, "disclosure.channel.other": 200, "normative.issued": 4, "normative.made": 4,
    "response.press_conferences": 0.8, "response.interviews": 0.6, "response.interpretations": 9,
    "response.social_media": 20, "response.other": 2, "complaints.total": 0.3, "fees.collected": 4,
    "capacity.offices": 1, "capacity.reading_points": 3, "capacity.staff.full_time": 2, "capacity.staff.part_time": 5,
    "capacity.budget": 900, "meetings.held": 3, "training.sessions": 2, "licensing.decisions": 900,
    "other_services.decisions": 1200, "penalties.decisions": 300, "coercion.decisions": 25, "charges.amount": 9000,
    "procurement.projects": 6, "procurement.amount": 40_000, "regulations.made": 0.1, "regulations.issued": 0.1,
    "review.total": 0.8, "litigation.total": 0.5, "litigation.direct.total": 0.5, "litigation.after_review.total": 0.2,
}  # fmt: skip
_ITEMS = {"licensing": 120, "other_services": 150, "penalties": 300, "coercion": 40, "charges": 12}
_OUTCOMES = {"requests.outcome.granted": 40, "requests.outcome.already_public": 22, "requests.outcome.partial": 6,
             "requests.outcome.not_this_body": 9, "requests.outcome.nonexistent": 8,
             "requests.outcome.unable.not_held": 18}  # fmt: skip
_RESULTS = {"upheld": 0.62, "corrected": 0.12, "other": 0.16, "pending": 0.1}
_WAYS = {"in_person": 0.16, "fax": 0.03, "online": 0.52, "letter": 0.29}


class Figures:
    """The reports of some bodies, to be asked for year by year in order."""

    def __init__(self, levels: Sequence[str], random: np.random.Generator) -> None:
        self._random, self._count = random, len(levels)
        self._is_of_government = np.array([level in LEVELS[:2] for level in levels])
        self._size = np.array([_SIZES[level] for level in levels]) * random.lognormal(0, 0.35, self._count)
        self._growth = random.normal(0.03, 0.02, self._count)
        self._levels: dict[str, Column] = {}
        self._carried: Column | None = None
        self._last: Values = {}
        self._year = 0

    def report(self, edition: str, year: int, moved: Column) -> Values:
        """Every cell of the form; for a year without one, what its prose tells.

        `moved` is by how many requests of natural persons this year's beginning differs from last year's end.
        """
        self._year = year
        make = {"": self._prose, "2014": self._of_2014, "2019": self._of_2019, "2021": self._of_2021}[edition]
        values = make(moved)
        self._last = values
        return values

    def _prose(self, _moved: Column) -> Values:
        return self._channels() | {CellKey("requests.received"): self._received()}

    def _of_2014(self, _moved: Column) -> Values:
        values = self._channels() | self._responses()
        for code in ("normative.issued", "complaints.total", "fees.collected", "capacity.offices",
                     "capacity.reading_points", "capacity.staff.full_time", "capacity.staff.part_time",
                     "capacity.budget", "meetings.held", "training.sessions"):  # fmt: skip
            values[CellKey(code)] = self._usual(code)
        disclosed = self._part(values[CellKey("normative.issued")], 0.96)
        values[CellKey("disclosure.normative")] = np.minimum(disclosed, values[CellKey("disclosure.total")])
        values[CellKey("capacity.staff")] = _sum(values, "capacity.staff.full_time", "capacity.staff.part_time")
        values[CellKey("training.participants")] = values[CellKey("training.sessions")] * 38
        values |= self._requests_of_2014() | self._disputes("review") | self._disputes("litigation")
        return values

    def _channels(self) -> Values:
        codes = [each.code for each in definitions.parts("disclosure.total", "channel")]
        values = {CellKey(code): self._usual(code) for code in codes}
        columns = np.stack(list(values.values()))
        largest, together = columns.max(axis=0), columns.sum(axis=0)
        # What stands in several channels counts once.
        values[CellKey("disclosure.total")] = largest + (together - largest) * 3 // 5
        return values

    def _responses(self) -> Values:
        parts = definitions.parts("response.events", "channel")
        values = {CellKey(each.code): self._usual(each.code) for each in parts}
        columns = np.stack([values[CellKey(each.code)] for each in parts if each.unit == "次"])
        largest, together = columns.max(axis=0), columns.sum(axis=0)
        values[CellKey("response.events")] = largest + (together - largest) // 2
        for code in ("response.press_conferences", "response.interviews"):
            values[CellKey(f"{code}.principal")] = self._part(values[CellKey(code)], 0.5)
        return values

    def _requests_of_2014(self) -> Values:
        received = self._received()
        closed, answered = received, received
        on_time = self._part(closed, 0.95)
        values = {CellKey("requests.received"): received, CellKey("requests.closed"): closed,
                  CellKey("requests.answered"): answered, CellKey("requests.closed.on_time"): on_time,
                  CellKey("requests.closed.extended"): closed - on_time}  # fmt: skip
        for way, column in self._split(received, _WAYS).items():
            values[CellKey(f"requests.received.{way}")] = column
        codes = [each.code for each in definitions.parts("requests.answered", edition="2014")]
        grounds = [each.code for each in definitions.parts("requests.outcome.refused", edition="2014")]
        leaves = [code for code in codes if code != "requests.outcome.refused"] + grounds
        split = self._split(answered, {code: _OUTCOMES.get(code, 2.0) for code in leaves})
        values |= {CellKey(code): column for code, column in split.items()}
        values[CellKey("requests.outcome.refused")] = _sum(values, *grounds)
        return values

    def _of_2019(self, moved: Column) -> Values:
        values: Values = {}
        for kind in ("regulations", "normative"):
            made = self._documents(f"{kind}.made")
            published = self._part(made, 0.98)
            before = self._held(f"{kind}.published_total", made * 12)
            values |= {CellKey(f"{kind}.made"): made, CellKey(f"{kind}.published"): published,
                       CellKey(f"{kind}.published_total"): before + published}  # fmt: skip
        for kind, usual in _ITEMS.items():
            begun = self._level(f"{kind}.items", usual * np.sqrt(self._size)).astype(np.int64)
            last = self._held(f"{kind}.items_last_year", begun) + self._held(f"{kind}.items_change", begun * 0)
            change = np.maximum(self._random.integers(-3, 6, self._count), -last)
            values |= {CellKey(f"{kind}.items_last_year"): last, CellKey(f"{kind}.items_change"): change}
        for code in ("licensing.decisions", "other_services.decisions", "penalties.decisions", "coercion.decisions",
                     "procurement.projects", "procurement.amount"):  # fmt: skip
            values[CellKey(code)] = self._usual(code)
        return values | self._by_applicant("2019", moved) | self._disputes_since_2019()

    def _of_2021(self, moved: Column) -> Values:
        values: Values = {}
        for kind in ("regulations", "normative"):
            issued = self._documents(f"{kind}.issued")
            before = self._held(f"{kind}.in_force", issued * 14)
            repealed = self._part(before, 0.05)
            values |= {CellKey(f"{kind}.issued"): issued, CellKey(f"{kind}.repealed"): repealed,
                       CellKey(f"{kind}.in_force"): before + issued - repealed}  # fmt: skip
        for code in ("licensing.decisions", "penalties.decisions", "coercion.decisions", "charges.amount"):
            values[CellKey(code)] = self._usual(code)
        return values | self._by_applicant("2021", moved) | self._disputes_since_2019()

    def _by_applicant(self, edition: str, moved: Column) -> Values:
        """Section 三: what came in is closed or carried out, for each kind of applicant and in all."""
        received = np.stack(list(self._split(self._received(), APPLICANTS).values()))
        begun = self._random.binomial(received, 0.05) if self._carried is None else self._carried.copy()
        begun[0] += moved
        carried_out = self._random.binomial(received + begun, 0.05)
        closed = received + begun - carried_out
        form = definitions.forms()[edition]
        leaves = [code for code in form.indicators if code.startswith("requests.outcome.")]
        shares = np.array([_OUTCOMES.get(code, 1.5) for code in leaves])
        outcomes = self._random.multinomial(closed, shares / shares.sum())
        self._carried = carried_out
        rows = {"requests.received": received, "requests.carried_in": begun, "requests.closed": closed,
                "requests.carried_out": carried_out}  # fmt: skip
        rows |= {code: outcomes[:, :, place] for place, code in enumerate(leaves)}
        values = {CellKey(code, who): row[place] for code, row in rows.items() for place, who in enumerate(APPLICANTS)}
        return values | {CellKey(code, TOTAL): row.sum(axis=0) for code, row in rows.items()}

    def _disputes_since_2019(self) -> Values:
        kinds = ("review", "litigation.direct", "litigation.after_review")
        return {key: column for kind in kinds for key, column in self._disputes(kind, has_pending=True).items()}

    def _disputes(self, kind: str, *, has_pending: bool = False) -> Values:
        total = self._usual(f"{kind}.total")
        results = _RESULTS if has_pending else {name: share for name, share in _RESULTS.items() if name != "pending"}
        values = {CellKey(f"{kind}.{name}"): column for name, column in self._split(total, results).items()}
        return values | {CellKey(f"{kind}.total"): total}

    def _documents(self, code: str) -> Column:
        """Regulations are made by provinces and large cities alone."""
        return self._usual(code) * (self._is_of_government if code.startswith("regulations.") else 1)

    def _received(self) -> Column:
        return self._drawn("requests.received", _REQUESTS)

    def _usual(self, code: str) -> Column:
        return self._drawn(code, _USUAL[code])

    def _drawn(self, code: str, usual: float) -> Column:
        """About the body's own level, which grows a little every year."""
        grown = np.exp(self._growth * (self._year - _FIRST_YEAR))
        expected = self._level(code, usual * self._size) * grown * self._random.lognormal(0, 0.06, self._count)
        column: Column = np.floor(expected + self._random.random(self._count)).astype(np.int64)
        return column

    def _level(self, code: str, usual: Column) -> Column:
        if code not in self._levels:
            self._levels[code] = usual * self._random.lognormal(0, 0.3, self._count)
        return self._levels[code]

    def _held(self, code: str, otherwise: Column) -> Column:
        return self._last.get(CellKey(code), otherwise)

    def _part(self, whole: Column, share: float) -> Column:
        return self._random.binomial(whole, share)

    def _split(self, whole: Column, shares: Mapping[str, float]) -> dict[str, Column]:
        told = np.array(list(shares.values()))
        columns = self._random.multinomial(whole, told / told.sum())
        return {name: columns[:, place] for place, name in enumerate(shares)}


def _sum(values: Values, *codes: str) -> Column:
    column: Column = np.sum([values[CellKey(code)] for code in codes], axis=0)
    return column
