"""Embeds by address: which chart of which data a URL asks for, drawn once and held ready to send.

Knows no routes and no Dash; `front` answers requests with it, the static export writes it to files.
"""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from dashboard.charts import CHARTS, Drawing, Filters, draw, of_chart
from dashboard.charts.embedding import embed_address, query
from dashboard.charts.filters import language_of, strict_pairs
from dashboard.delivery import Cache, Delivery, Stored
from dashboard.delivery.inlined import Made
from dashboard.delivery.stored import FOREVER
from dashboard.figures.theme import Look, Theme
from dashboard.kept import Kept
from dashboard.messages import Language, UserError
from dashboard.site import Site, status_of
from dashboard.snapshots.store import Snapshot
from dashboard.standalone import error_page
from dashboard.standalone.page import Addresses, Embed, Inlined, render
from dashboard.stills import Still, Stills

_log = logging.getLogger("gongkai.embeds")
_PATH = re.compile(r"(?:/snapshot/([^/]{1,80}))?/embed/([^/]{1,40})")
_KEPT = 1024
# Fresh at every look, but a copy may be kept and asked about; what names its snapshot is the same for ever.
LIVE = "public, no-cache"
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_SCRIPT, _HTML = "vendor/plotly.min.js", "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a chart of a view on a snapshot; `is_frozen` where nothing it shows can ever change."""

    chart: str
    filters: Filters
    snapshot: Snapshot
    is_frozen: bool


class Embeds:
    """For any thread. What is drawn is kept for as long as its snapshot is live or it is asked for."""

    def __init__(self, site: Site, stills: Stills, delivery: Delivery) -> None:
        self.site, self.stills = site, stills
        self._settings = site.settings
        self._bundle = delivery.assets.url(_SCRIPT)
        self._inlined = Inlined.of(site.settings.assets_dir)
        self._kept: Kept[tuple[object, ...], Stored] = Kept(_KEPT)
        self._turns: Kept[tuple[object, ...], threading.Lock] = Kept(_KEPT)
        self._lock = threading.Lock()

    def asked(self, path: str, search: str) -> Asked:
        """Raises UserError where the address names something that is not there, or is none of ours."""
        match = _PATH.fullmatch(path)
        given = strict_pairs(search)
        if match is None:
            raise UserError("view.no_embed", url=path[:80])
        if match[2] not in CHARTS:
            raise UserError("chart.unknown", chart=match[2], known=" ".join(CHARTS))
        name = match[1] or given.get("snapshot", "")
        if given.get("snapshot", name) != name:
            raise UserError("query.repeated", name="snapshot")
        snapshot = self.site.snapshot(name)
        read = self.site.filters(search, snapshot, is_strict=True)
        filters = replace(of_chart(match[2], read), snapshot=name)
        # What an address leaves to the server's settings may change with them.
        return Asked(
            match[2], filters, snapshot, bool(name) and all(given.get(each) for each in ("body", "year", "lang"))
        )

    def answer(self, path: str, search: str) -> tuple[str, Stored]:
        """The page at an address with the snapshot it shows; without one, a page that says why in the reader's language."""
        try:
            asked = self.asked(path, search)
            key = (asked.snapshot.name, asked.chart, asked.filters, asked.is_frozen)
            found = self._kept.get(key)
            return asked.snapshot.name, found or self._made_once(key, asked)
        except UserError as problem:
            return "", self._refused(problem, search)

    def _made_once(self, key: tuple[object, ...], asked: Asked) -> Stored:
        """Who asks while another thread makes the same page waits for it."""
        with self._lock:
            turn = self._turns.get(key) or threading.Lock()
            self._turns.put(key, turn)
        with turn:
            found = self._kept.get(key)
            if found is None:
                found = self._made(asked)
                if found.cache_control != "no-store":
                    self._kept.put(key, found)
            return found

    def _made(self, asked: Asked) -> Stored:
        drawing = draw(asked.snapshot, asked.chart, replace(asked.filters, theme=Theme.AUTO))
        still, is_final = self._still(drawing)
        # A page that waits for a browser of the server's is not the last word.
        is_whole = still is not None or drawing.figure is None
        cache_control = (FOREVER if asked.is_frozen and is_whole else LIVE) if is_final else "no-store"
        return self._answered(200, self.made(asked, drawing, still), cache_control)

    def made(self, asked: Asked, drawing: Drawing, still: Still | None) -> Made:
        filters = asked.filters
        look = Look(Theme.AUTO, filters.language)
        embed = Embed(drawing, still, filters.theme, look, self._addresses(asked), asked.snapshot.manifest.built[:10])
        return render(embed, self._inlined)

    def _still(self, drawing: Drawing) -> tuple[Still | None, bool]:
        """The picture, and whether the page without it is as good as it gets: a passing failure is not kept."""
        if drawing.figure is None or not self.stills.is_available:
            return None, True
        try:
            return self.stills.still(drawing.figure), True
        except UserError as problem:
            _log.warning("chart %s: %s", drawing.id, problem)
            return None, False

    def _addresses(self, asked: Asked) -> Addresses:
        base, filters, chart = self._settings.address, asked.filters, asked.chart
        # What the page asks for later is of the same data, whatever is live by then.
        same = replace(filters, snapshot=asked.snapshot.name)
        figure = f"/api/v1/charts/{chart}.plotly.json?{query(same, '')}".replace("theme=", "theme={theme}")
        picture = f"{base}/api/v1/charts/{chart}.png?{query(same, 'dark' if filters.theme == Theme.DARK else 'light')}"
        itself = embed_address(base, chart, filters, snapshot=filters.snapshot)
        pinned = f"&snapshot={asked.snapshot.name}"
        return Addresses(
            itself=itself,
            dashboard=(view := f"/{_view_query(filters)}"),
            evidence=view,
            figure=figure + pinned,
            script=self._bundle,
            picture=picture + pinned if self.stills.is_available else "",
            oembed=f"{base}/oembed?{urlencode({'url': itself, 'format': 'json'})}",
        )

    def language(self, search: str) -> Language:
        return language_of(search[:2000], self._settings.language)

    def busy(self, search: str) -> Stored:
        """For a reader who finds too many others waiting."""
        return self._refused(UserError("embed.busy"), search)

    def _refused(self, problem: UserError, search: str) -> Stored:
        language = self.language(search)
        made = error_page.render(problem.say(language), Look(Theme.AUTO, language), self._inlined)
        return self._answered(status_of(problem), made, "no-store")

    def _answered(self, status: int, made: Made, cache_control: str) -> Stored:
        policy = f"{made.policy}; frame-ancestors {self._framers()}"
        headers = GUARDS | {"Content-Security-Policy": policy}
        return Stored.of(made.html.encode(), _HTML, Cache(None), cache_control, status, headers)

    def _framers(self) -> str:
        """The dashboard itself shows embeds too, before they are copied."""
        hosts = self._settings.embed_hosts
        return hosts if "*" in hosts.split() else f"'self' {hosts}"


def _view_query(filters: Filters) -> str:
    """The dashboard's page of the same report; its own language is always told."""
    theme = Theme.DARK if filters.theme is Theme.DARK else Theme.LIGHT
    told = replace(filters, theme=theme).query(more=filters.more)
    return told if filters.language is not Language.ZH else f"{told}&lang=zh"
