"""The dialog that an address asks for: a figure's evidence, the code of a chart for another site, how to cite.

The address comes as the browser has it, with what stands after #; whatever is wrong with it is said in the dialog.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from dash import html

from dashboard import document_page
from dashboard.charts import places
from dashboard.messages import UserError
from dashboard.parts import PAGES, View
from dashboard.parts.cite import cite
from dashboard.parts.dialog import CLOSED, Dialog, heading
from dashboard.parts.embed import embed
from dashboard.parts.evidence import evidence
from dashboard.settings import Settings
from dashboard.site import Site

_LONGEST = 2000


def dialog(site: Site, asked: str | None) -> Dialog:
    """What the dialog says; closed where the address asks for none."""
    address, _, fragment = (asked or "")[:_LONGEST].partition("#")
    path, _, query = address.partition("?")
    wanted = dict(parse_qsl(fragment))
    make = next((make for name, make in _DIALOGS.items() if name in wanted), None)
    if make is None:
        return CLOSED
    look = site.look(f"?{query}")
    try:
        view = site.view(path if path in PAGES else "/", f"?{query}")
        return make(view, wanted, site.settings)
    except UserError as problem:
        title = "preview.not_yet" if problem.message_id == "preview.not_for_others" else "error.title"
        return Dialog("cite", [heading(look, look.text(title)), html.P(problem.say(look.language))])


def _evidence(view: View, wanted: Mapping[str, str], settings: Settings) -> Dialog:
    report, locator = places.read(wanted["at"][:200])
    within = ""
    if report:
        view, within = _of_report(view, report), wanted["at"].partition("@")[0] + "@"
    has_document = document_page.has_document(view, settings)
    return Dialog("evidence", evidence(view, locator, has_document=has_document, within=within))


def _of_report(view: View, report: tuple[str, int]) -> View:
    """The view of another report that a chart's figure stands in. Raises UserError where there is none."""
    if report[1] not in view.snapshot.engine.years(report[0]):
        raise UserError("view.body_unknown", body=report[0])
    return replace(view, filters=replace(view.filters, body=report[0], year=report[1]))


def _embed(view: View, wanted: Mapping[str, str], settings: Settings) -> Dialog:
    _require_published(view)
    return embed(view, wanted, settings.address)


def _cite(view: View, wanted: Mapping[str, str], settings: Settings) -> Dialog:
    _require_published(view)
    return cite(view, wanted, settings.address)


def _require_published(view: View) -> None:
    """What others link to must be there for them. Raises UserError for a preview."""
    if view.preview:
        raise UserError("preview.not_for_others")


_DIALOGS: dict[str, Callable[[View, Mapping[str, str], Settings], Dialog]] = {
    "at": _evidence,
    "embed": _embed,
    "cite": _cite,
}
