"""Templates into pages: Jinja with escaping on, and an error for every name that a template uses and nobody gave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER = Path(__file__).parent / "templates"


class Templates:
    """`asset` turns the name of a file under assets/ into its address."""

    def __init__(self, asset: Callable[[str], str], version: str) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(asset=asset, version=version)
        # Known to every template, also to the blocks of one that extends another.
        self._environment.globals["parts"] = self._environment.get_template("parts.html").module

    def render(self, name: str, /, **values: Any) -> str:
        return self._environment.get_template(name).render(**values)
