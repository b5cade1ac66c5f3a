"""Draws the views that readers meet first, before they ask: after each publish, in the background, one after the other.

Readers come first: it begins when a publication has stayed for a look, and rests after each view as long as that took.
"""

from __future__ import annotations

import logging
import threading
import time

from dashboard.charts import CHARTS
from dashboard.messages import Language, UserError
from dashboard.standalone.embeds import Embeds

_log = logging.getLogger("gongkai.embeds")
# How soon a publish is noticed; a look costs one stat.
_LOOK = 1.0


class Warming:
    """Several processes may warm the same folder: what one has drawn the others find."""

    def __init__(self, embeds: Embeds) -> None:
        self._embeds = embeds
        self._seen = self._warm = ""
        self._stopped = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="warming", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK):
            try:
                name = self._embeds.site.live.snapshot().name
            except UserError:
                continue  # nothing is live yet
            if name == self._seen != self._warm:
                self._warm = name
                self.draw(name)
            self._seen = name

    def draw(self, name: str) -> None:
        """Every chart of the report shown first, in every language; gives way to a newer publish."""
        for language in Language:
            for chart in CHARTS:
                if self._stopped.is_set() or self._embeds.site.live.snapshot().name != name:
                    return
                begun = time.monotonic()
                self._embeds.answer(f"/embed/{chart}", f"lang={language}")
                self._stopped.wait(time.monotonic() - begun)
        _log.info("embeds of %s are ready", name)
