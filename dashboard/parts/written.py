"""Components as plain HTML, the same elements that Dash makes of them in the browser; nothing of it can run.

What the pages are made of is known here: elements, fields and charts. Any other component is a TypeError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

Children = Component | str | int | float | Iterable["Children"] | None
_NAMES = {"className": "class", "htmlFor": "for"}
_EMPTY = {"input", "br", "hr", "img", "col"}
# Of Dash's own: what only the browser's side is told, and what is told as a style.
_UNTOLD = {"children", "key", "n_clicks", "disable_n_clicks", "style"}


def written(made: Children, chart: Callable[[dcc.Graph], str]) -> str:
    """`chart` tells what stands in a chart's place, as trusted HTML."""
    if made is None:
        return ""
    if isinstance(made, str | int | float):
        return escape(str(made))
    if isinstance(made, dcc.Graph):
        return chart(made)
    if isinstance(made, dcc.Input):
        return _field(made)
    if isinstance(made, Component):
        return _element(made, chart)
    return "".join(written(each, chart) for each in made)


def _element(made: Component, chart: Callable[[dcc.Graph], str]) -> str:
    if made._namespace != html.Div._namespace:
        raise TypeError(f"{made._namespace}.{made._type} has no plain HTML")
    name, told = made._type.lower(), _props(made)
    start = f"<{name}{_attributes(told)}{_style(told.get('style'))}>"
    return start if name in _EMPTY else f"{start}{written(told.get('children'), chart)}</{name}>"


def _field(made: dcc.Input) -> str:
    """As Dash's field is: the input in a box that bears its class."""
    told = _props(made)
    hidden = "dash-input-hidden" if told.get("type") == "hidden" else ""
    classes = " ".join(filter(None, ("dash-input-container dash-input", hidden, told.pop("className", ""))))
    return f'<div class="{escape(classes)}"><input{_attributes(told | {"className": "dash-input-element"})}></div>'


def _props(made: Component) -> dict[str, Any]:
    props: dict[str, Any] = made.to_plotly_json()["props"]  # type: ignore[no-untyped-call]  # Dash tells no types
    return props


def _attributes(told: dict[str, Any]) -> str:
    return "".join(_attribute(name, value) for name, value in told.items() if name not in _UNTOLD)


def _attribute(name: str, value: Any) -> str:
    name = _NAMES.get(name, name if "-" in name else name.lower())
    if value is None or (value is False and name != "spellcheck"):
        return ""
    if value is True:
        return f" {name}"
    return f' {name}="{escape(str(value).lower() if value is False else str(value))}"'


def _style(told: dict[str, Any] | None) -> str:
    if not told:
        return ""
    return f' style="{escape(";".join(f"{_dashed(name)}:{value}" for name, value in told.items()))}"'


def _dashed(name: str) -> str:
    return name if name.startswith("--") else "".join(f"-{each.lower()}" if each.isupper() else each for each in name)
