"""Attributes and links that Dash has no names for."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component


def link(children: Any, href: str, **attributes: Any) -> Component:
    """A link within the site: an ordinary one, which the browser follows without loading the page again."""
    return html.A(children, href=href, **attributes, **data(go="1"))


def aria(**told: str) -> Any:
    """`aria(label="…")` as keyword arguments of an element."""
    return {f"aria-{name}": value for name, value in told.items()}


def data(**told: str) -> Any:
    """`data(go="1")` as keyword arguments of an element; our script reads them."""
    return {f"data-{name}": value for name, value in told.items()}


def spoken(said: str) -> str | None:
    """The language of a text that may stand in either: Chinese where it holds a Chinese character."""
    return "zh-CN" if any("\u4e00" <= character <= "\u9fff" for character in said) else None
