"""What an address may ask for: each parameter with its form, read strictly, and described from the same record.

A query string comes in, texts and numbers by name go out; nothing is mended, nothing that is not known is let pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from dashboard.charts.filters import LONGEST, OPTIONS
from dashboard.figures.theme import Theme
from dashboard.messages import Language, UserError, text

Given = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One of `choices`, a text of a pattern, or a whole number from `least` to `most`.

    `api.parameter_<name>` tells what it is for. A pattern is anchored, and means the same in JSON Schema and here.
    """

    name: str
    choices: tuple[str, ...] = ()
    pattern: str = ""
    longest: int = 40
    least: int = 0
    most: int = 0
    default: str | int | None = None

    def read(self, raw: str) -> str | int:
        """Raises UserError for a value of another form."""
        if self.choices:
            if raw not in self.choices:
                raise UserError("query.not_one_of", name=self.name, value=raw[:40], known=", ".join(self.choices))
            return raw
        if self.pattern:
            if len(raw) > self.longest or not re.fullmatch(self.pattern, raw):
                raise UserError("query.malformed", name=self.name, value=raw[:40], pattern=self.pattern)
            return raw
        if not re.fullmatch("[0-9]{1,9}", raw) or not self.least <= int(raw) <= self.most:
            raise UserError("query.not_in_range", name=self.name, value=raw[:40], least=self.least, most=self.most)
        return int(raw)

    def schema(self) -> dict[str, Any]:
        """As JSON Schema has it."""
        default = {} if self.default is None else {"default": self.default}
        if self.choices:
            return {"type": "string", "enum": list(self.choices)} | default
        if self.pattern:
            return {"type": "string", "pattern": self.pattern, "maxLength": self.longest} | default
        return {"type": "integer", "minimum": self.least, "maximum": self.most} | default

    def described(self, language: Language) -> dict[str, Any]:
        about = text(f"api.parameter_{self.name}", language)
        return {"name": self.name, "in": "query", "required": False, "description": about, "schema": self.schema()}


BODY = Parameter("body", pattern="^[0-9A-Za-z_.-]{0,40}$")
YEAR = Parameter("year", pattern="^([0-9]{4})?$", longest=4)
# What is not published yet has its pass behind its name.
SNAPSHOT = Parameter(
    "snapshot",
    pattern="^([0-9]{1,4}-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}(~[0-9]{1,12}~[0-9a-f]{32})?)?$",
    longest=100,
)
LANGUAGE = Parameter("lang", choices=tuple(str(each) for each in Language))
# Of charts of several reports; other charts leave them aside.
BODIES = Parameter("bodies", pattern=f"^({OPTIONS['bodies']})?$", longest=400)
INDICATOR = Parameter("indicator", pattern=f"^({OPTIONS['indicator']})?$", longest=80)
SCALE = Parameter("scale", choices=("absolute", "indexed"))
THEME = Parameter("theme", choices=(str(Theme.LIGHT), str(Theme.DARK)), default=str(Theme.LIGHT))


def read(query: str, known: Iterable[Parameter]) -> Given:
    """The parameters of a query string by name; one that was given empty is not given.

    Raises UserError `query.…` for a query that is too long, or names a parameter that is not known, twice, or with a
    value of another form.
    """
    if len(query) > LONGEST:
        raise UserError("query.too_long", most=LONGEST)
    by_name = {each.name: each for each in known}
    given: Given = {}
    for name, raw in parse_qsl(query, keep_blank_values=True):
        if name not in by_name:
            raise UserError("query.unknown", name=name[:40], known=", ".join(by_name))
        if name in given:
            raise UserError("query.repeated", name=name)
        given[name] = by_name[name].read(raw)
    return {name: value for name, value in given.items() if value != ""}


def language(given: Given, default: Language) -> Language:
    return Language(str(given.get("lang", default)))
